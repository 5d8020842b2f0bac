import assert from 'node:assert/strict';
import { msToNextDay, msToNextLook } from '../../../src/ledger/turns';
import { endsTask, mayBeCommit } from '../../../src/ledger/taskEnd';

const hourMs = 3_600_000;
const minuteMs = 60_000;

describe('when the day turns', () => {
  it('at midnight of the zone', () => {
    assert.equal(msToNextDay(Date.UTC(2026, 10, 24, 22, 59), 'Europe/Berlin'), minuteMs);
    assert.equal(msToNextDay(Date.UTC(2026, 10, 24, 23), 'Europe/Berlin'), 24 * hourMs);
    assert.equal(msToNextDay(Date.UTC(2026, 10, 24, 23), 'UTC'), hourMs);
  });

  it('on days of 23 and of 25 hours', () => {
    assert.equal(msToNextDay(Date.UTC(2026, 2, 28, 23), 'Europe/Berlin'), 23 * hourMs);
    assert.equal(msToNextDay(Date.UTC(2026, 9, 24, 22), 'Europe/Berlin'), 25 * hourMs);
  });
});

describe('when to look again', () => {
  const at = { nowMs: Date.UTC(2026, 10, 24, 12), timeZone: 'UTC', isFocused: true, missesEvents: false };

  it('seldom in the background, often where no events come from', () => {
    const focused = msToNextLook(at);
    assert.ok(msToNextLook({ ...at, isFocused: false }) > focused);
    assert.ok(msToNextLook({ ...at, missesEvents: true }) < focused);
  });

  it('at midnight, in the background too, and never in no time', () => {
    const midnight = Date.UTC(2026, 10, 25);
    assert.equal(msToNextLook({ ...at, nowMs: midnight - 700, isFocused: false }), 700);
    assert.ok(msToNextLook({ ...at, nowMs: midnight }) > minuteMs / 10);
    assert.ok(msToNextLook({ ...at, nowMs: midnight - 0.2 }) >= 1);
  });
});

describe('the end of a task', () => {
  it('is a commit on the branch, made since it began', () => {
    assert.ok(mayBeCommit({ branch: 'main', commit: 'a' }, { branch: 'main', commit: 'b' }));
    assert.ok(!mayBeCommit({ branch: 'main', commit: 'a' }, { branch: 'main', commit: 'a' }));
    assert.ok(!mayBeCommit({ branch: 'main', commit: 'a' }, { branch: 'topic', commit: 'b' }));
    assert.ok(!mayBeCommit({ branch: 'main', commit: 'a' }, { branch: 'main' }));
    assert.ok(endsTask(10_500, 10_000), 'the same second');
    assert.ok(endsTask(10_500, 60_000));
    assert.ok(!endsTask(10_500, 9000), 'a commit of before, fetched now');
  });
});
