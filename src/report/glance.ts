// What the meter and its tooltip show: today, this week, this month, and today's shares by model and project.
// Asks the ledger, decides nothing about colour or words.
import { dayOf, firstOfMonth, mondayOf } from '../ledger/calendar';
import { type Totals, type TotalsQuery, type TotalsRow } from '../ledger/totals';

/** Whoever answers questions about totals: the ledger itself or its client in front of a worker. */
export interface TotalsSource {
  totals(query: TotalsQuery): Totals | Promise<Totals>;
}

export interface Glance {
  /** YYYY-MM-DD in the user's zone. */
  readonly day: string;
  readonly today: TotalsRow;
  readonly week: TotalsRow;
  readonly month: TotalsRow;
  /** Today's rows, dearest first. */
  readonly todayByModel: readonly TotalsRow[];
  readonly todayByProject: readonly TotalsRow[];
  /** Keys are agent ids. */
  readonly monthByAgent: readonly TotalsRow[];
  readonly skippedLines: number;
}

/** Weeks start on Monday (ISO 8601). */
export async function takeGlance(source: TotalsSource, nowMs: number, timeZone: string): Promise<Glance> {
  const day = dayOf(nowMs, timeZone);
  const [models, projects, week, month] = await Promise.all([
    source.totals({ by: 'model', since: day, until: day, timeZone }),
    source.totals({ by: 'project', since: day, until: day, timeZone }),
    source.totals({ by: 'agent', since: mondayOf(day), until: day, timeZone }),
    source.totals({ by: 'agent', since: firstOfMonth(day), until: day, timeZone }),
  ]);
  return {
    day,
    today: models.totals,
    week: week.totals,
    month: month.totals,
    todayByModel: byCost(models.rows),
    todayByProject: byCost(projects.rows),
    monthByAgent: byCost(month.rows),
    skippedLines: models.skipped.reduce((sum, row) => sum + row.count, 0),
  };
}

/** Dearest first; rows without a price after those with one, by tokens. */
export function byCost(rows: readonly TotalsRow[]): TotalsRow[] {
  return [...rows].sort(
    (a, b) => (b.costUsd ?? -1) - (a.costUsd ?? -1) || b.totalTokens - a.totalTokens || (a.key < b.key ? -1 : 1),
  );
}
