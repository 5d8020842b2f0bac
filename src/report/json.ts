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

export interface ReportDocument {
  readonly schemaVersion: typeof schemaVersion;
  readonly generatedAt: string;
  readonly timezone: string;
  /** `YYYY-MM-DD`, both inclusive. */
  readonly since: string;
  readonly until: string;
  readonly filters: Readonly<Record<string, string>>;
  readonly groups: readonly { readonly by: string; readonly rows: readonly JsonRow[] }[];
  readonly totals: JsonRow;
  readonly skipped: Totals['skipped'];
}

/** The same calls summed by several dimensions. `groups` holds at least one. */
export function reportJson(
  groups: readonly { readonly by: string; readonly totals: Totals }[],
  scope: {
    readonly since: string;
    readonly until: string;
    readonly timeZone: string;
    readonly filters: { readonly agent?: string; readonly project?: string; readonly model?: string };
  },
  nowMs: number,
): ReportDocument {
  const { totals, skipped } = groups[0]!.totals;
  return {
    schemaVersion,
    generatedAt: new Date(nowMs).toISOString(),
    timezone: scope.timeZone,
    since: scope.since,
    until: scope.until,
    filters: { ...scope.filters },
    groups: groups.map(({ by, totals: { rows } }) => ({ by, rows: rows.map(jsonRow) })),
    totals: jsonRow(totals),
    skipped,
  };
}
