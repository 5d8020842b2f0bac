// Rows that are sums already, added up once more. The key is the first one's.
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
  const sum: { -readonly [Name in keyof TotalsRow]: TotalsRow[Name] } = { ...rows[0]! };
  for (const row of rows.slice(1)) {
    for (const name of counts) sum[name] += row[name];
    for (const name of ['costUsd', 'reportedCostUsd', 'reportedCredits'] as const) {
      const more = row[name];
      // What no row knows stays unknown: never 0.
      if (more !== undefined) sum[name] = (sum[name] ?? 0) + more;
    }
  }
  return sum;
}
