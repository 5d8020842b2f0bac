// A promised saving against what the sessions before and after it began with.
import assert from 'node:assert/strict';
import { checkSaving } from '../../../src/prompts/savingCheck';

const calls = (...figures: readonly (readonly [atMs: number, promptTokens: number])[]) =>
  figures.map(([atMs, promptTokens]) => ({ atMs, promptTokens }));

describe('a promised saving', () => {
  it('is held against the medians before and after, one odd session aside', () => {
    const seen = checkSaving(
      { atMs: 100, tokens: 1_100 },
      calls([1, 20_000], [2, 20_400], [3, 90_000], [101, 19_300], [102, 19_500], [103, 19_700]),
    );
    assert.deepEqual(seen, { expectedTokens: 1_100, seenTokens: 900, sessionsBefore: 3, sessionsAfter: 3 });
  });

  it('is not judged on too few sessions', () => {
    const seen = checkSaving({ atMs: 100, tokens: 500 }, calls([1, 10], [2, 10], [3, 10], [101, 5], [102, 5]));
    assert.equal(seen.seenTokens, undefined);
    assert.equal(seen.sessionsAfter, 2);
  });

  it('can turn out to be a loss', () => {
    const seen = checkSaving(
      { atMs: 10, tokens: 500 },
      calls([1, 100], [2, 100], [3, 100], [4, 100], [11, 150], [12, 150], [13, 150]),
    );
    assert.equal(seen.seenTokens, -50);
  });
});
