// The report as one plain object, from which every output (Markdown, table, page) is made. Asks the ledger; formats
// nothing.
import { type AgentId } from '../agents/agent';
import { addDays, dayOf, firstOfMonth, mondayOf } from '../ledger/calendar';
import { type Totals, type TotalsRow } from '../ledger/totals';
import { byCost, type TotalsSource } from './glance';

export interface ReportModel {
  readonly generatedAtMs: number;
  readonly timeZone: string;
  /** First and last day of the rows below, YYYY-MM-DD, both inclusive. */
  readonly since: string;
  readonly until: string;
  readonly filters: ReportFilters;
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

/** What a report is kept to. */
export interface ReportFilters {
  readonly agent?: AgentId;
  readonly project?: string;
  readonly model?: string;
}

/** Of the days given (both inclusive), else of the last 30 up to `nowMs`. */
export async function buildReport(
  source: TotalsSource,
  nowMs: number,
  timeZone: string,
  asked: { readonly since?: string; readonly until?: string; readonly filters?: ReportFilters } = {},
): Promise<ReportModel> {
  const now = dayOf(nowMs, timeZone);
  const { filters = {}, until = now, since = addDays(now, 1 - days) } = asked;
  const ask = (by: 'day' | 'model' | 'agent' | 'project' | 'session', from: string, to: string) =>
    Promise.resolve(source.totals({ ...filters, by, since: from, until: to, timeZone }));
  const [day, model, agent, project, session, today, week, month] = await Promise.all([
    ask('day', since, until),
    ask('model', since, until),
    ask('agent', since, until),
    ask('project', since, until),
    ask('session', since, until),
    ask('agent', now, now),
    ask('agent', mondayOf(now), now),
    ask('agent', firstOfMonth(now), now),
  ]);
  return {
    generatedAtMs: nowMs,
    timeZone,
    since: day.rows[0] && day.rows[0].key > since ? day.rows[0].key : since,
    until,
    filters,
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
