// Promised savings against what the sessions before and after them began with.
import assert from 'node:assert/strict';
import { checkSavings } from '../../../src/prompts/savingCheck';

const hour = 3_600_000;
const calls = (agent: string, ...figures: readonly (readonly [atMs: number, promptTokens: number])[]) =>
  figures.map(([atMs, promptTokens]) => ({ agent, atMs, promptTokens }));
const promise = (atMs: number, tokens: number, ...agents: readonly string[]) => ({ atMs, tokens, agents });

describe('a promised saving', () => {
  it('is held against the medians before and after, one odd session aside', () => {
    const seen = checkSavings(
      [promise(100, 1_100, 'codex')],
      calls('codex', [1, 20_000], [2, 20_400], [3, 90_000], [101, 19_300], [102, 19_500], [103, 19_700]),
    );
    assert.deepEqual(seen, [
      {
        agent: 'codex',
        fromMs: 100,
        untilMs: 100,
        expectedTokens: 1_100,
        seenTokens: 900,
        sessionsBefore: 3,
        sessionsAfter: 3,
      },
    ]);
  });

  it('is not judged on too few sessions', () => {
    const [seen] = checkSavings(
      [promise(100, 500, 'codex')],
      calls('codex', [1, 10], [2, 10], [3, 10], [101, 5], [102, 5]),
    );
    assert.equal(seen!.seenTokens, undefined);
    assert.equal(seen!.sessionsAfter, 2);
  });

  it('can turn out to be a loss', () => {
    const [seen] = checkSavings(
      [promise(10, 500, 'codex')],
      calls('codex', [1, 100], [2, 100], [3, 100], [4, 100], [11, 150], [12, 150], [13, 150]),
    );
    assert.equal(seen!.seenTokens, -50);
  });

  it('is judged together with the others of its sitting, and apart from the next', () => {
    const seen = checkSavings(
      [promise(10 * hour, 300, 'codex'), promise(10.5 * hour, 200, 'codex'), promise(20 * hour, 100, 'codex')],
      calls(
        'codex',
        ...[1, 2, 3].map((at) => [at * hour, 1_000] as const),
        ...[11, 12, 13].map((at) => [at * hour, 500] as const),
        ...[21, 22, 23].map((at) => [at * hour, 420] as const),
      ),
    );
    assert.deepEqual(
      seen.map((check) => [check.expectedTokens, check.seenTokens]),
      [
        [100, 80],
        [500, 500],
      ],
    );
  });

  it('concerns the sessions of the agents that load the file, each by itself', () => {
    const seen = checkSavings(
      [promise(10, 50, 'codex', 'cursor')],
      [
        ...calls('codex', [1, 100], [2, 100], [3, 100], [11, 50], [12, 50], [13, 50]),
        ...calls('goose', [1, 900], [2, 900], [3, 900], [11, 100], [12, 100], [13, 100]),
      ],
    );
    assert.deepEqual(
      seen.map((check) => check.agent),
      ['codex'],
    );
    assert.deepEqual(checkSavings([promise(10, 50, 'codex')], []), []);
  });
});
