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
  return rows.reduce((sum, row) => ({
    ...sum,
    ...Object.fromEntries(counts.map((name) => [name, sum[name] + row[name]])),
    ...known('costUsd', sum, row),
    ...known('reportedCostUsd', sum, row),
    ...known('reportedCredits', sum, row),
  }));
}

/** What neither knows stays unknown: never 0. */
function known<Name extends 'costUsd' | 'reportedCostUsd' | 'reportedCredits'>(
  name: Name,
  a: TotalsRow,
  b: TotalsRow,
): { [Key in Name]?: number } {
  if (a[name] === undefined && b[name] === undefined) return {};
  return { [name]: (a[name] ?? 0) + (b[name] ?? 0) } as { [Key in Name]?: number };
}
