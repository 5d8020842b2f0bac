// The report as one plain object, from which every output (Markdown, table, page) is made. Asks the ledger; formats
// nothing.
import { addDays, dayOf, firstOfMonth, mondayOf } from '../ledger/calendar';
import { type Totals, type TotalsRow } from '../ledger/totals';
import { byCost, type TotalsSource } from './glance';

export interface ReportModel {
  readonly generatedAtMs: number;
  readonly timeZone: string;
  /** First and last day of the rows below, YYYY-MM-DD, both inclusive. */
  readonly since: string;
  readonly until: string;
  readonly today: TotalsRow;
  readonly week: TotalsRow;
  readonly month: TotalsRow;
  readonly period: TotalsRow;
  /** Latest day first. */
  readonly days: readonly TotalsRow[];
  readonly models: readonly TotalsRow[];
  readonly agents: readonly TotalsRow[];
  readonly projects: readonly TotalsRow[];
  /** The dearest sessions only; `sessionCount` tells how many there are. */
  readonly sessions: readonly TotalsRow[];
  readonly sessionCount: number;
  readonly skipped: Totals['skipped'];
}

const days = 30;
const mostSessions = 20;

/** The last 30 days up to `nowMs`. */
export async function buildReport(source: TotalsSource, nowMs: number, timeZone: string): Promise<ReportModel> {
  const until = dayOf(nowMs, timeZone);
  const since = addDays(until, 1 - days);
  const ask = (by: 'day' | 'model' | 'agent' | 'project' | 'session', from: string) =>
    Promise.resolve(source.totals({ by, since: from, until, timeZone }));
  const [day, model, agent, project, session, today, week, month] = await Promise.all([
    ask('day', since),
    ask('model', since),
    ask('agent', since),
    ask('project', since),
    ask('session', since),
    ask('agent', until),
    ask('agent', mondayOf(until)),
    ask('agent', firstOfMonth(until)),
  ]);
  return {
    generatedAtMs: nowMs,
    timeZone,
    since,
    until,
    today: today.totals,
    week: week.totals,
    month: month.totals,
    period: day.totals,
    days: [...day.rows].sort((a, b) => (a.key < b.key ? 1 : -1)),
    models: byCost(model.rows),
    agents: byCost(agent.rows),
    projects: byCost(project.rows),
    sessions: byCost(session.rows).slice(0, mostSessions),
    sessionCount: session.rows.length,
    skipped: day.skipped,
  };
}
