import assert from 'node:assert/strict';
import { backTestRunaway, runaway, usualSpeed, type SessionHappening } from '../../../src/ledger/runaway.js';
import { loopKinds, ordinarySession, runawaySession } from '../../bench/generatedUse.js';

type Tool = Extract<SessionHappening, { kind: 'tool' }>;
const tool = (at: number, name: string, argumentsHash: string, more: Partial<Tool> = {}): Tool => ({
  kind: 'tool',
  key: `k${at}`,
  atMs: at * 1000,
  sessionId: 's',
  name,
  argumentsHash,
  ...more,
});
const times = (count: number, make: (at: number) => SessionHappening): SessionHappening[] =>
  Array.from({ length: count }, (_, at) => make(at));
const prompt: SessionHappening = { kind: 'prompt', atMs: 0, sessionId: 's' };

const ordinary = Array.from({ length: 400 }, (_, seed) => ordinarySession(seed + 1));
const usual = usualSpeed(ordinary);

describe('runaway', () => {
  for (const kind of loopKinds) {
    it(`catches within ten calls: ${kind}`, () => {
      for (let seed = 1; seed <= 25; seed++) {
        const { before, loop } = runawaySession(kind, seed * 31);
        const found = loop.some((_, at) => runaway([...before, ...loop.slice(0, at + 1)], usual) !== undefined);
        assert.ok(found, `seed ${seed}`);
      }
    });
  }

  it('at most one false alarm in 200 ordinary sessions', () => {
    const { sessions, alarms } = backTestRunaway(ordinary, usual);
    assert.equal(sessions, 400);
    assert.ok(alarms.length <= 2, JSON.stringify(alarms.map(({ kind, sessionId }) => [kind, sessionId])));
  });

  it('says what it saw, and where', () => {
    const found = runaway([prompt, ...times(6, (at) => tool(at, 'Bash', 'x', { resultCharacters: 9 }))]);
    assert.deepEqual(found, {
      kind: 'same-call',
      sessionId: 's',
      sinceMs: 0,
      untilMs: 5000,
      times: 6,
      among: 6,
      tool: 'Bash',
      keys: ['k0', 'k1', 'k2', 'k3', 'k4', 'k5'],
    });
    assert.equal(runaway(times(5, (at) => tool(at, 'Bash', 'x')))?.kind, undefined);
  });

  it("a changed file, another result or a person's prompt makes it no circle", () => {
    const same = (at: number): Tool => tool(at, 'Bash', 'x', { resultCharacters: 9 });
    const changed = [...times(3, same), tool(3, 'Edit', 'y', { changedFile: 'f' }), ...times(3, (at) => same(at + 4))];
    assert.equal(runaway(changed), undefined);
    assert.equal(runaway(times(7, (at) => tool(at, 'Bash', 'x', { resultCharacters: at }))), undefined);
    assert.equal(runaway(times(8, (at) => tool(at, 'Bash', 'x', { resultCharacters: at })))?.kind, 'same-call');
    assert.equal(runaway([...times(5, same), prompt, ...times(5, (at) => same(at + 6))]), undefined);
  });

  it('waiting is not circling', () => {
    for (const name of ['BashOutput', 'write_stdin', 'TodoWrite', 'wait', 'TaskOutput']) {
      assert.equal(runaway(times(30, (at) => tool(at, name, 'x', { resultCharacters: 9 }))), undefined, name);
    }
  });

  it('the same error five times of ten, also between edits, while it is the last thing', () => {
    const failing = times(9, (at) =>
      at % 2 === 0
        ? tool(at, 'Bash', `${at}`, { isError: true, errorHash: 'e' })
        : tool(at, 'Edit', `${at}`, { changedFile: 'f' }),
    );
    assert.equal(runaway(failing)?.kind, 'same-error');
    assert.equal(runaway([...failing, tool(9, 'Bash', 'ok')]), undefined);
    const passed = times(8, (at) => {
      if (at === 3) return tool(at, 'Edit', 'y', { changedFile: 'f' });
      return tool(at, 'Bash', 'test', at === 4 ? {} : { isError: true, errorHash: 'e' });
    });
    assert.equal(runaway(passed), undefined);
    assert.equal(
      runaway(times(9, (at) => tool(at, 'Bash', `${at}`, { isError: true, errorHash: `e${at}` }))),
      undefined,
    );
  });

  it('reading the same files over and over, but not many different ones', () => {
    assert.equal(
      runaway(times(10, (at) => tool(at, 'Read', `f${at % 4}`, { resultCharacters: at })))?.kind,
      'repeated-reads',
    );
    assert.equal(runaway(times(40, (at) => tool(at, 'Read', `f${at}`))), undefined);
  });

  it('three compactions in ten calls, not three in a day', () => {
    const call = (at: number): SessionHappening => ({
      kind: 'call',
      atMs: at,
      sessionId: 's',
      inputTokens: 1,
      cacheWrite5mTokens: 0,
      cacheWrite1hTokens: 0,
      outputTokens: 1,
    });
    const every = (gap: number): SessionHappening[] =>
      times(3 * gap, call).flatMap((event, at) =>
        at % gap === gap - 1 ? [event, { kind: 'compaction', atMs: at, sessionId: 's' } as const] : [event],
      );
    assert.equal(runaway(every(3))?.kind, 'compactions');
    assert.equal(runaway(every(12)), undefined);
  });

  it('speed is judged against this user alone, and only once they are known', () => {
    const fast = runawaySession('speed', 7);
    const all = [...fast.before, ...fast.loop];
    assert.equal(runaway(all, usual)?.kind, 'speed');
    assert.equal(runaway(all), undefined);
    assert.equal(runaway(all, { ...usual!, sessions: 19 }), undefined);
    assert.equal(runaway(all, { ...usual!, tokensPerMinute: usual!.tokensPerMinute * 1000 }), undefined);
    assert.equal(usualSpeed([[]]), undefined);
  });

  it('nothing comes of nothing', () => {
    assert.equal(runaway([]), undefined);
    assert.deepEqual(backTestRunaway([]), { sessions: 0, alarms: [] });
  });
});
