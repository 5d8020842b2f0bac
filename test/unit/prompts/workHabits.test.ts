// A person's habit from sums of calls, and what their sessions began with.
import assert from 'node:assert/strict';
import { callsIn, firstCallsOf, median } from '../../../src/prompts/sessionStarts';
import { habitOf, observedDays } from '../../../src/prompts/workHabits';

const sums = (calls: number, read: number, written5m: number, written1h: number, input: number) => ({
  calls,
  cacheReadTokens: read,
  cacheWrite5mTokens: written5m,
  cacheWrite1hTokens: written1h,
  outputTokens: 50,
  totalTokens: read + written5m + written1h + input + 50,
});

describe('work habits', () => {
  it('count turns by calendar days and shares by prompt tokens', () => {
    assert.deepEqual(habitOf([sums(60, 900, 50, 0, 50), sums(40, 0, 0, 0, 1_000)], 10), {
      turnsPerDay: 10,
      cacheReadShare: 0.45,
      ttl: '5m',
    });
  });

  it('know how long the agent mostly keeps its cache', () => {
    assert.equal(habitOf([sums(1, 0, 10, 11, 0)], 1)!.ttl, '1h');
    assert.equal(habitOf([sums(1, 0, 0, 0, 10)], 1)!.ttl, '5m');
  });

  it('are unknown without a call, and finite without a token', () => {
    assert.equal(habitOf([], 5), undefined);
    assert.equal(habitOf([sums(0, 0, 0, 0, 0)], 5), undefined);
    assert.deepEqual(habitOf([{ ...sums(2, 0, 0, 0, 0), totalTokens: 50 }], 0), {
      turnsPerDay: 2,
      cacheReadShare: 0,
      ttl: '5m',
    });
  });

  it('span the days from the first call to today, idle ones and the change of clocks included', () => {
    assert.equal(observedDays(['2026-10-20', '2026-10-20', '2026-10-29'], '2026-11-02'), 14);
    assert.equal(observedDays(['2026-11-02'], '2026-11-02'), 1);
    assert.equal(observedDays([], '2026-11-02'), 0);
  });
});

describe('first calls of sessions', () => {
  const call = (sessionId: string, atMs: number, more: Readonly<Record<string, unknown>> = {}) => ({
    agent: 'codex',
    sessionId,
    atMs,
    cwd: '/work/harbor',
    inputTokens: 1,
    cacheReadTokens: 20,
    cacheWrite5mTokens: 300,
    cacheWrite1hTokens: 4_000,
    outputTokens: 50_000,
    ...more,
  });

  it('hold the whole prompt, once a session', () => {
    const found = firstCallsOf([call('a', 1), call('a', 2), call('b', 3)], new Set(['codex a', 'codex b']));
    assert.deepEqual(found, [
      { agent: 'codex', atMs: 1, promptTokens: 4_321 },
      { agent: 'codex', atMs: 3, promptTokens: 4_321 },
    ]);
  });

  it('leave out sessions that were under way already', () => {
    assert.deepEqual(firstCallsOf([call('old', 1)], new Set(['codex new'])), []);
  });

  it('are those of the folder and the agents asked for, without subagents', () => {
    const calls = [
      call('a', 1),
      call('b', 2, { cwd: '/work/harbor/src' }),
      call('c', 3, { cwd: '/work/harbor-two' }),
      call('d', 4, { agent: 'cursor' }),
      call('e', 5, { isSubagent: true }),
      call('f', 6, { cwd: undefined }),
    ];
    const ids = (folder: string, agents?: readonly string[]) =>
      callsIn(calls, folder, agents)
        .map((found) => found.sessionId)
        .join('');
    assert.equal(ids('/work/harbor', ['codex']), 'ab');
    assert.equal(ids('/work/harbor'), 'abd');
    assert.equal(ids('', ['codex']), 'abcf');
  });

  it('have a median', () => {
    assert.equal(median([]), 0);
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([9, 1, 5, 6]), 5.5);
  });
});
