// All that the meter shows, in one answer: sums of today, week and month, the session that is running here, budgets with
// pace and forecast, alarms, plan windows. Asked after every change, so it reads sums and the last hour, never all calls.
// Figures and ids only; says nothing in words.
import { type PriceBook } from '../pricing/priceBook';
import { type Budget } from './budget';
import { type BudgetReading, BudgetRound, type CalendarPeriod } from './budgetReadings';
import { dayOf, firstOfMonth, mondayOf } from './calendar';
import { type LiveSession, liveSession } from './liveSession';
import { type BurnRate, burnRate, type Forecast } from './pace';
import { projectOf } from './projects';
import { askTotals } from './questions';
import { type PlanWindow, Records } from './records';
import { RecentRunaways, type RunawaySighting } from './recentRunaways';
import { recentCalls, SpendHistory } from './spendHistory';
import { type Store, textIn } from './store';
import { type Sums } from './sums';
import { type TotalsQuery, type TotalsRow } from './totals';

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
  readonly forecasts: { readonly [Period in CalendarPeriod]?: Forecast };
  /** Dollars an hour. */
  readonly burn: BurnRate;
  readonly runaways: readonly RunawaySighting[];
  /** Those that still hold. */
  readonly planWindows: readonly PlanWindow[];
}

const hourMs = 60 * 60 * 1000;

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
    const spent = { day: models.totals, week: totals('agent', mondayOf(day)).totals, month: month.totals };
    const here = query.folders.length === 0 ? undefined : this.#projectsUnder(store, query.folders);
    const session = liveSession(deps, here, nowMs);
    const lastHour = recentCalls(store, sums, nowMs - hourMs);
    const projectsUnder = (scope: string) => this.#projectsUnder(store, scope.split('\n'));
    const round = new BudgetRound(deps, query, { spent, lastHour, history: this.#history, projectsUnder });
    return {
      day,
      today: spent.day,
      week: spent.week,
      month: spent.month,
      todayByModel: models.rows,
      todayByAgent: totals('agent', day).rows,
      todayByProject: totals('project', day).rows,
      monthByAgent: month.rows,
      ...(session && { session }),
      budgets: query.budgets.flatMap((budget) => round.reading(budget, session)),
      forecasts: round.forecasts(),
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

/** Not those that have begun anew since the log told of them. */
function standing(windows: readonly PlanWindow[], nowMs: number): PlanWindow[] {
  return windows.filter(({ atMs, windowMinutes, resetsAtMs }) => (resetsAtMs ?? atMs + windowMinutes * 60_000) > nowMs);
}
