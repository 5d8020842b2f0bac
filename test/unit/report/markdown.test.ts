// The Markdown report on plain figures: what a sum with gaps looks like, and that a hostile text stays in its cell.
import assert from 'node:assert/strict';
import { type Totals, type TotalsRow } from '../../../src/ledger/totals';
import { byCost } from '../../../src/report/glance';
import { markdownCell, reportMarkdown } from '../../../src/report/markdown';
import { buildReport } from '../../../src/report/reportModel';

function row(key: string, figures: Partial<TotalsRow> = {}): TotalsRow {
  return {
    key,
    calls: 1,
    inputTokens: 100,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    cacheReadTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    totalTokens: 100,
    costUsd: 1,
    estimatedCostUsd: 0,
    unpricedTokens: 0,
    estimatedTokens: 0,
    unrecordedOutputCalls: 0,
    unrecordedOutputTokens: 0,
    ...figures,
  };
}

/** Answers every question with the same rows. */
function sourceOf(rows: readonly TotalsRow[], totals: TotalsRow = row('total')) {
  return { totals: (): Totals => ({ rows, totals, skipped: [] }) };
}

const nowMs = Date.parse('2026-11-24T22:30:00Z');

describe('report', () => {
  it('puts the dearest first and what has no price last', () => {
    const rows = [row('a', { costUsd: undefined, totalTokens: 9 }), row('b', { costUsd: 2 }), row('c', { costUsd: 3 })];
    assert.deepEqual(
      byCost(rows).map(({ key }) => key),
      ['c', 'b', 'a'],
    );
  });

  it('shows gaps as gaps', async () => {
    const total = row('total', {
      totalTokens: 1000,
      unpricedTokens: 100,
      unrecordedOutputCalls: 2,
      unrecordedOutputTokens: 50,
    });
    const rows = [row('mystery', { costUsd: undefined, unpricedTokens: 100 })];
    const text = reportMarkdown(await buildReport(sourceOf(rows, total), nowMs, 'UTC'), 'this machine', '2026-09-23');
    assert.match(text, /\| Today \| ≥ \$1\.00 \|/);
    assert.match(text, /\| mystery \| unpriced \|/);
    assert.match(text, /90% of the tokens have a price/);
    assert.match(text, /output of 2 calls was never recorded/);
    assert.match(text, /Not your bill/);
    assert.match(text, /prices as of 2026-09-23/);
  });

  it('keeps hostile texts in their cell', () => {
    assert.equal(markdownCell('a|b\n<img src=x>'), 'a\\|b \\<img src=x\\>');
    assert.equal(markdownCell('[x](command:y) `z` **w**'), '\\[x\\]\\(command:y\\) \\`z\\` \\*\\*w\\*\\*');
    assert.equal(markdownCell('\u202eevil\u0007'), 'evil');
    assert.equal(markdownCell(''), ' ');
    assert.ok(markdownCell('x'.repeat(1e6)).length < 300);
  });
});
