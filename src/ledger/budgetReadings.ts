// Budgets against what was spent of them, with pace and forecast: which calls count against which budget. Reads sums; a
// task, which begins at any moment, call by call.
import { type Budget, type BudgetState, budgetState, daysOfPeriod } from './budget';
import { dayOf, startOfDay } from './calendar';
import { type LiveSession } from './liveSession';
import { burnRate, type Forecast, forecast, timeToLimit, type TimeToLimit } from './pace';
import { askTotals } from './questions';
import { amountOf, type RecentCall, recentCalls, type SpendHistory } from './spendHistory';
import { type Store } from './store';
import { type Sums } from './sums';
import { addFigures, noFigures, totalsRow, type TotalsRow } from './totals';

export interface BudgetReading {
  readonly state: BudgetState;
  readonly forecast?: Forecast;
  readonly toLimit?: TimeToLimit;
}

const calendarPeriods = ['day', 'week', 'month'] as const;
export type CalendarPeriod = (typeof calendarPeriods)[number];

interface RoundDeps {
  readonly store: Store;
  readonly sums: Sums;
}

interface RoundQuery {
  readonly nowMs: number;
  readonly timeZone: string;
  readonly workingDays?: readonly number[];
}

interface Known {
  /** Everywhere, in the periods that hold now. */
  readonly spent: Readonly<Record<CalendarPeriod, TotalsRow>>;
  readonly lastHour: readonly RecentCall[];
  readonly history: SpendHistory;
  /** The projects (by number) of the folders in a budget's scope. */
  readonly projectsUnder: (scope: string) => readonly number[];
}

const hourMs = 60 * 60 * 1000;

/** One round of questions: what was asked once is not asked again. */
export class BudgetRound {
  constructor(
    private readonly deps: RoundDeps,
    private readonly query: RoundQuery,
    private readonly known: Known,
  ) {}

  /** None where a session's budget has no session to judge. */
  reading(budget: Budget, session: LiveSession | undefined): BudgetReading[] {
    const { nowMs, timeZone, workingDays } = this.query;
    const isSession = budget.period === 'session';
    if (isSession && !session) return [];
    const judged = isSession ? { ...budget, scope: session!.sessionId } : budget;
    const projects = isSession || budget.scope === undefined ? undefined : this.known.projectsUnder(budget.scope);
    const row = isSession ? session!.totals : this.#spent(budget, projects);
    const spent = amountIn(row, budget.unit);
    const calendar = { timeZone, ...(workingDays && { workingDays }) };
    const state = budgetState(judged, { amount: spent, isAtLeast: isAtLeast(row, budget.unit) }, nowMs, calendar);
    const range = isCalendar(budget.period) ? this.#forecast(budget.period, budget.unit, projects, spent) : undefined;
    const burnt = this.known.lastHour
      .filter((call) => isIn(projects, call))
      .map(({ atMs, figures }) => ({ atMs, amount: amountOf(figures, budget.unit) }));
    const toLimit = isSession ? undefined : timeToLimit(state.left, burnRate(burnt, nowMs));
    return [{ state, ...(range && { forecast: range }), ...(toLimit && state.left > 0 && { toLimit }) }];
  }

  /** Of all spending, in dollars. */
  forecasts(): { readonly [Period in CalendarPeriod]?: Forecast } {
    return Object.fromEntries(
      calendarPeriods.flatMap((period) => {
        const range = this.#forecast(period, 'usd', undefined, this.known.spent[period].costUsd ?? 0);
        return range ? [[period, range]] : [];
      }),
    );
  }

  #forecast(
    period: CalendarPeriod,
    unit: Budget['unit'],
    projects: readonly number[] | undefined,
    spent: number,
  ): Forecast | undefined {
    const { nowMs, timeZone, workingDays } = this.query;
    const { store, sums } = this.deps;
    const today = dayOf(nowMs, timeZone);
    return forecast({
      period,
      past: this.known.history.days(store, sums, { unit, projects, nowMs, timeZone }),
      today,
      hour: Math.min(23.999, (nowMs - startOfDay(today, timeZone)) / hourMs),
      spent,
      ...(workingDays && { workingDays }),
    });
  }

  /** What counts against a budget: its calendar period, or everything since it began; of some projects, or of all. */
  #spent(budget: Budget, projects: readonly number[] | undefined): TotalsRow {
    const { nowMs, timeZone } = this.query;
    const { store, sums } = this.deps;
    if (budget.period === 'task') return this.#since(budget.sinceMs ?? nowMs, projects);
    if (isCalendar(budget.period) && !projects) return this.known.spent[budget.period];
    const today = dayOf(nowMs, timeZone);
    const since = isCalendar(budget.period)
      ? daysOfPeriod(budget.period, today)[0]
      : budget.sinceMs
        ? dayOf(budget.sinceMs, timeZone)
        : undefined;
    const days = { timeZone, until: today, ...(since !== undefined && { since }) };
    if (!projects) return askTotals(store, sums, { by: 'agent', ...days }).totals;
    return added(
      projects.map((id) => {
        const project = store.nameOf(id) ?? '';
        return askTotals(store, sums, { by: 'agent', ...days, project }).totals;
      }),
    );
  }

  /** Call by call: a task begins at any moment. */
  #since(sinceMs: number, projects: readonly number[] | undefined): TotalsRow {
    const { store, sums } = this.deps;
    const calls = sinceMs >= this.query.nowMs - hourMs ? this.known.lastHour : recentCalls(store, sums, sinceMs);
    const figures = noFigures();
    for (const call of calls) if (call.atMs >= sinceMs && isIn(projects, call)) addFigures(figures, call.figures);
    return totalsRow('task', figures);
  }
}

function isIn(projects: readonly number[] | undefined, { project }: RecentCall): boolean {
  return !projects || (project !== undefined && projects.includes(project));
}

function isCalendar(period: Budget['period']): period is CalendarPeriod {
  return period === 'day' || period === 'week' || period === 'month';
}

function amountIn(row: TotalsRow, unit: Budget['unit']): number {
  return unit === 'usd' ? (row.costUsd ?? 0) : unit === 'tokens' ? row.totalTokens : (row.reportedCredits ?? 0);
}

/** Without a price dollars are missing, without a recorded output tokens too. */
function isAtLeast(row: TotalsRow, unit: Budget['unit']): boolean {
  return row.unrecordedOutputCalls > 0 || (unit === 'usd' && row.unpricedTokens > 0);
}

/** Rows of one question each, as one; only what budgets go by is summed. */
function added(rows: readonly TotalsRow[]): TotalsRow {
  const figures = noFigures();
  for (const row of rows) {
    addFigures(figures, {
      ...row,
      pricedCalls: row.costUsd === undefined ? 0 : row.calls,
      costUsd: row.costUsd ?? 0,
      reportedCostUsd: row.reportedCostUsd,
      reportedCredits: row.reportedCredits,
    });
  }
  return totalsRow('project', figures);
}
