import assert from 'node:assert/strict';
import { type UsageEvent } from '../../../src/agents/agent';
import { type CallCopy, countedCalls, familyOf, mergeCalls, unrecordedOutput } from '../../../src/ledger/merge';
import { seeded } from '../../bench/generateHistory';

function copy(call: Partial<UsageEvent>, bornMs = 0): CallCopy {
  const base: UsageEvent = {
    kind: 'call',
    key: 'k',
    atMs: 1,
    sessionId: 's',
    model: 'm',
    inputTokens: 5,
    cacheReadTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: 1,
    reasoningTokens: 0,
    quality: 'exact',
  };
  return { call: { ...base, ...call }, bornMs, ownerBornMs: bornMs };
}

describe('merging copies of a call', () => {
  it('keeps the row with the largest output, of equal ones the later', () => {
    assert.equal(
      mergeCalls(copy({ outputTokens: 9, atMs: 1 }), copy({ outputTokens: 3, atMs: 2 })).call.outputTokens,
      9,
    );
    assert.equal(mergeCalls(copy({ atMs: 1 }), copy({ atMs: 2 })).call.atMs, 2);
  });

  it('gives a call to the session whose file is older, whichever row is kept', () => {
    const merged = mergeCalls(copy({ sessionId: 'parent' }, 10), copy({ sessionId: 'fork', outputTokens: 9 }, 20));
    assert.equal(merged.call.sessionId, 'parent');
    assert.equal(merged.call.outputTokens, 9);
  });

  it('calls an output recorded when one row recorded it, unless the stream was cut', () => {
    const open = copy({ unrecordedOutputTokens: 40 });
    const done = copy({ outputTokens: 50 });
    const cut = copy({ unrecordedOutputTokens: 60, isCutOff: true });
    assert.equal(mergeCalls(open, done).call.unrecordedOutputTokens, undefined);
    assert.equal(mergeCalls(open, copy({ unrecordedOutputTokens: 45 })).call.unrecordedOutputTokens, 45);
    assert.equal(mergeCalls(mergeCalls(open, done), cut).call.unrecordedOutputTokens, 60);
  });

  it('leaves to the main thread what also stands there', () => {
    assert.equal(mergeCalls(copy({ isSubagent: true }), copy({})).call.isSubagent, undefined);
    assert.equal(mergeCalls(copy({ isSubagent: true }), copy({ isSubagent: true })).call.isSubagent, true);
  });

  it('comes to the same whatever the order and grouping', () => {
    const random = seeded(7);
    const pick = <Item>(...items: Item[]): Item => items[Math.floor(random() * items.length)]!;
    for (let round = 0; round < 300; round += 1) {
      const copies = Array.from({ length: 4 }, () =>
        copy(
          {
            outputTokens: pick(1, 2, 3),
            atMs: pick(1, 2),
            sessionId: pick('a', 'b', 'c'),
            model: pick('m', 'n'),
            inputTokens: pick(5, 6),
            unrecordedOutputTokens: pick(undefined, 7, 8),
            ...(random() < 0.3 ? { isCutOff: true, unrecordedOutputTokens: pick(7, 9) } : {}),
            isSubagent: pick(undefined, true),
            agentName: pick(undefined, 'x', 'y'),
            promptKey: pick(undefined, 'p', 'q'),
            reportedCostUsd: pick(undefined, 0.1, 0.2),
            cwd: pick(undefined, '/a', '/b'),
          },
          pick(1, 2),
        ),
      );
      const [a, b, c, d] = copies as [CallCopy, CallCopy, CallCopy, CallCopy];
      const forwards = mergeCalls(mergeCalls(mergeCalls(a, b), c), d);
      assert.deepEqual(mergeCalls(mergeCalls(d, c), mergeCalls(b, a)), forwards);
      assert.deepEqual(mergeCalls(b, mergeCalls(d, mergeCalls(a, c))), forwards);
      assert.deepEqual(mergeCalls(forwards, a), forwards);
    }
  });
});

describe('which calls count', () => {
  const call = (
    key: string,
    sessionId: string,
    more: { precedence?: number; fingerprint?: string; atMs?: number } = {},
  ) => ({
    key,
    sessionId,
    atMs: 1,
    ...more,
  });
  const keys = (calls: readonly { key: string }[]) => calls.map(({ key }) => key);

  it('takes one store per session, the one that ranks highest there', () => {
    const calls = [
      call('a', 's', { precedence: 1 }),
      call('b', 's', { precedence: 2 }),
      call('c', 't', { precedence: 1 }),
    ];
    assert.deepEqual(keys(countedCalls(calls, () => undefined)), ['b', 'c']);
  });

  it('counts a fingerprint once in a family, and again in another', () => {
    const parents: Record<string, string> = { child: 'root', grandchild: 'child' };
    const calls = [
      call('late', 'grandchild', { fingerprint: 'f', atMs: 9 }),
      call('first', 'root', { fingerprint: 'f', atMs: 2 }),
      call('other', 'stranger', { fingerprint: 'f', atMs: 3 }),
      call('own', 'child', { fingerprint: 'g' }),
    ];
    assert.deepEqual(keys(countedCalls(calls, (id) => parents[id])), ['first', 'other', 'own']);
  });

  it('survives sessions that name each other as parents', () => {
    const parents: Record<string, string> = { a: 'b', b: 'a' };
    assert.ok(['a', 'b'].includes(familyOf('a', (id) => parents[id])));
  });
});

describe('output that was not recorded', () => {
  const cases: [
    string,
    { outputTokens: number; unrecordedOutputTokens?: number; isCutOff?: boolean },
    number | undefined,
  ][] = [
    ['a finished call', { outputTokens: 400 }, undefined],
    [
      'no reason to have stopped, but as large as its text',
      { outputTokens: 400, unrecordedOutputTokens: 420 },
      undefined,
    ],
    ['a few tokens logged for a long text', { outputTokens: 8, unrecordedOutputTokens: 420 }, 420],
    ['a placeholder', { outputTokens: 3, unrecordedOutputTokens: 3 }, 3],
    ['a row of zeros', { outputTokens: 0, unrecordedOutputTokens: 0 }, 0],
    ['a stream known to be cut', { outputTokens: 400, unrecordedOutputTokens: 420, isCutOff: true }, 420],
  ];
  for (const [what, call, expected] of cases)
    it(what, () => {
      assert.equal(unrecordedOutput(call), expected);
    });
});
