// All that the meter shows, in one answer: sums of today, week and month, the session that is running here, budgets with
// pace and forecast, alarms, plan windows. Asked after every change, so it reads sums and the last hour, never all calls.
// Figures and ids only; says nothing in words.
import { type PriceBook } from '../pricing/priceBook';
import { type Budget, type BudgetState, budgetState, daysOfPeriod } from './budget';
import { dayOf, firstOfMonth, mondayOf, startOfDay } from './calendar';
import { type LiveSession, liveSession } from './liveSession';
import { type BurnRate, burnRate, type Forecast, forecast, timeToLimit, type TimeToLimit } from './pace';
import { projectOf } from './projects';
import { askTotals } from './questions';
import { type PlanWindow, Records } from './records';
import { RecentRunaways, type RunawaySighting } from './recentRunaways';
import { amountOf, type RecentCall, recentCalls, SpendHistory } from './spendHistory';
import { type Store, textIn } from './store';
import { type Sums } from './sums';
import { addFigures, noFigures, type TotalsQuery, totalsRow, type TotalsRow } from './totals';

export interface MeterQuery {
  readonly nowMs: number;
  /** IANA. */
  readonly timeZone: string;
  /** The open folders: which session is the one "here". None: any. */
  readonly folders: readonly string[];
  readonly budgets: readonly Budget[];
  /** Sunday = 0. */
  readonly workingDays?: readonly number[];
  /** Leave sessions in circles alone. */
  readonly isRunawayOff?: boolean;
}

export interface BudgetReading {
  readonly state: BudgetState;
  readonly forecast?: Forecast;
  readonly toLimit?: TimeToLimit;
}

export interface MeterFacts {
  /** YYYY-MM-DD in the zone asked for. */
  readonly day: string;
  readonly today: TotalsRow;
  readonly week: TotalsRow;
  readonly month: TotalsRow;
  readonly todayByModel: readonly TotalsRow[];
  readonly todayByAgent: readonly TotalsRow[];
  readonly todayByProject: readonly TotalsRow[];
  readonly monthByAgent: readonly TotalsRow[];
  readonly session?: LiveSession;
  readonly budgets: readonly BudgetReading[];
  /** Of all spending, in dollars; absent where the past is too short to say. */
  readonly forecasts: { readonly [Period in 'day' | 'week' | 'month']?: Forecast };
  /** Dollars an hour. */
  readonly burn: BurnRate;
  readonly runaways: readonly RunawaySighting[];
  /** Those that still hold. */
  readonly planWindows: readonly PlanWindow[];
}

const hourMs = 60 * 60 * 1000;
const periods = ['day', 'week', 'month'] as const;
type CalendarPeriod = (typeof periods)[number];

export interface MeterDeps {
  readonly store: Store;
  readonly sums: Sums;
  readonly prices: PriceBook;
}

export class MeterDesk {
  readonly #history = new SpendHistory();
  readonly #runaways = new RecentRunaways();
  readonly #roots = new Map<string, string>();

  facts(deps: MeterDeps, query: MeterQuery): MeterFacts {
    const { store, sums } = deps;
    const { nowMs, timeZone } = query;
    const day = dayOf(nowMs, timeZone);
    const totals = (by: TotalsQuery['by'], since: string) =>
      askTotals(store, sums, { by, since, until: day, timeZone });
    const models = totals('model', day);
    const month = totals('agent', firstOfMonth(day));
    const here = query.folders.length === 0 ? undefined : this.#projectsUnder(store, query.folders);
    const session = liveSession(deps, here, nowMs);
    const lastHour = recentCalls(store, sums, nowMs - hourMs);
    const asked = new Asked(deps, query, this.#history, lastHour, (scope) =>
      this.#projectsUnder(store, scope.split('\n')),
    );
    return {
      day,
      today: models.totals,
      week: totals('agent', mondayOf(day)).totals,
      month: month.totals,
      todayByModel: models.rows,
      todayByAgent: totals('agent', day).rows,
      todayByProject: totals('project', day).rows,
      monthByAgent: month.rows,
      ...(session && { session }),
      budgets: query.budgets.flatMap((budget) => asked.reading(budget, session)),
      forecasts: asked.forecasts(models.totals, totals),
      burn: burnRate(
        lastHour.map(({ atMs, figures }) => ({ atMs, amount: figures.costUsd })),
        nowMs,
      ),
      runaways: query.isRunawayOff === true ? [] : this.#runaways.look(store, nowMs),
      planWindows: standing(new Records(store, sums).planWindows(), nowMs),
    };
  }

  /** The projects (by number) that lie in a folder, or whose repository the folder is a part of. */
  #projectsUnder(store: Store, folders: readonly string[]): number[] {
    const known = store.all(
      'SELECT DISTINCT names.id AS id, names.name AS name FROM projects JOIN names ON names.id = projects.project',
    );
    const wanted = folders.map((folder) => [comparable(folder), comparable(this.#rootOf(folder))] as const);
    return known
      .filter((row) => {
        const project = comparable(textIn(row, 'name'));
        return wanted.some(([folder, root]) => project === root || `${project}/`.startsWith(`${folder}/`));
      })
      .map((row) => Number(row['id']));
  }

  #rootOf(folder: string): string {
    let root = this.#roots.get(folder);
    if (root === undefined) this.#roots.set(folder, (root = projectOf(folder).project));
    return root;
  }
}

/** Windows writes one path in several ways. */
function comparable(path: string): string {
  const slashes = /^[a-z]:/i.test(path) || path.startsWith('\\\\') ? path.replaceAll('\\', '/').toLowerCase() : path;
  return slashes.replace(/(?<=.)\/+$/, '');
}

/** One round of questions about budgets and pace. */
class Asked {
  constructor(
    private readonly deps: MeterDeps,
    private readonly query: MeterQuery,
    private readonly history: SpendHistory,
    private readonly lastHour: readonly RecentCall[],
    /** Of the folders in a budget's scope, one a line. */
    private readonly projectsUnder: (scope: string) => readonly number[],
  ) {}

  /** None where a session's budget has no session to judge. */
  reading(budget: Budget, session: LiveSession | undefined): BudgetReading[] {
    const { nowMs, timeZone, workingDays } = this.query;
    const isSession = budget.period === 'session';
    if (isSession && !session) return [];
    const judged = isSession ? { ...budget, scope: session!.sessionId } : budget;
    const projects = isSession || budget.scope === undefined ? undefined : this.projectsUnder(budget.scope);
    const row = isSession ? session!.totals : this.#spent(budget, projects);
    const spent = amountIn(row, budget.unit);
    const calendar = { timeZone, ...(workingDays && { workingDays }) };
    const state = budgetState(judged, { amount: spent, isAtLeast: isAtLeast(row, budget.unit) }, nowMs, calendar);
    const range = isCalendar(budget.period) ? this.#forecast(budget.period, budget.unit, projects, spent) : undefined;
    const burnt = this.lastHour
      .filter((call) => isIn(projects, call))
      .map(({ atMs, figures }) => ({ atMs, amount: amountOf(figures, budget.unit) }));
    const toLimit = isSession ? undefined : timeToLimit(state.left, burnRate(burnt, nowMs));
    return [{ state, ...(range && { forecast: range }), ...(toLimit && state.left > 0 && { toLimit }) }];
  }

  forecasts(today: TotalsRow, totals: (by: 'agent', since: string) => { readonly totals: TotalsRow }) {
    const { nowMs, timeZone } = this.query;
    const day = dayOf(nowMs, timeZone);
    const firsts = { day, week: mondayOf(day), month: firstOfMonth(day) };
    return Object.fromEntries(
      periods.flatMap((period) => {
        const row = period === 'day' ? today : totals('agent', firsts[period]).totals;
        const range = this.#forecast(period, 'usd', undefined, row.costUsd ?? 0);
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
      past: this.history.days(store, sums, { unit, projects, nowMs, timeZone }),
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
    const calls = sinceMs >= this.query.nowMs - hourMs ? this.lastHour : recentCalls(store, sums, sinceMs);
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

/** Not those that have begun anew since the log told of them. */
function standing(windows: readonly PlanWindow[], nowMs: number): PlanWindow[] {
  return windows.filter(({ atMs, windowMinutes, resetsAtMs }) => (resetsAtMs ?? atMs + windowMinutes * 60_000) > nowMs);
}
