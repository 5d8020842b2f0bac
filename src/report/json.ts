// Sums as JSON with a version: the shape is report.schema.json beside this file. A reader that knows a version can read
// every later document of that version; fields may be added, none is taken away or given another meaning.
import { type Totals, type TotalsQuery, type TotalsRow } from '../ledger/totals';

export const schemaVersion = 1;

/** `costUsd` is null where nothing could be priced; what the agents themselves report is left out where absent. */
export type JsonRow = Omit<TotalsRow, 'costUsd'> & { readonly costUsd: number | null };

export interface TotalsDocument {
  readonly schemaVersion: typeof schemaVersion;
  /** ISO 8601, UTC. */
  readonly generatedAt: string;
  readonly timezone: string;
  readonly by: string;
  readonly rows: readonly JsonRow[];
  readonly totals: JsonRow;
  readonly skipped: Totals['skipped'];
}

/** The answer to one question. */
export function totalsJson(totals: Totals, query: TotalsQuery, nowMs: number): TotalsDocument {
  return {
    schemaVersion,
    generatedAt: new Date(nowMs).toISOString(),
    timezone: query.timeZone,
    by: query.by,
    rows: totals.rows.map(jsonRow),
    totals: jsonRow(totals.totals),
    skipped: totals.skipped,
  };
}

export function jsonRow(row: TotalsRow): JsonRow {
  return { ...row, costUsd: row.costUsd ?? null };
}
