// Rows that are sums already, added up once more: what is kept is what a cost needs to be told honestly.
import { type TotalsRow } from '../ledger/totals';

const counts = [
  'calls',
  'inputTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
  'cacheReadTokens',
  'outputTokens',
  'reasoningTokens',
  'totalTokens',
  'estimatedCostUsd',
  'unpricedTokens',
  'estimatedTokens',
  'unrecordedOutputCalls',
  'unrecordedOutputTokens',
] as const satisfies readonly (keyof TotalsRow)[];

/** At least one row. */
export function sumRows(rows: readonly TotalsRow[]): TotalsRow {
  return rows.reduce((sum, row) => {
    const figures = Object.fromEntries(counts.map((name) => [name, sum[name] + row[name]]));
    const isUnpriced = sum.costUsd === undefined && row.costUsd === undefined;
    return {
      ...sum,
      ...figures,
      ...(isUnpriced ? {} : { costUsd: (sum.costUsd ?? 0) + (row.costUsd ?? 0) }),
    };
  });
}
