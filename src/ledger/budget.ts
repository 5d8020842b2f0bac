// A limit, what was spent of it, and the calendar -> calm, near or over, with amounts; and which thresholds still deserve
// their one notice. Keeps nothing: what was told already is a plain object that the caller stores and shares.
import { addDays, dayOf, firstOfMonth, mondayOf, startOfDay } from './calendar';

/** `session`, `project` and `task` run from their own start; the others are the calendar's. Weeks start on Monday. */
export type BudgetPeriod = 'day' | 'week' | 'month' | 'session' | 'project' | 'task';
/** Dollars at list prices, tokens of all buckets, or the agent's own credits. */
export type BudgetUnit = 'usd' | 'tokens' | 'credits';

export interface Budget {
  /** Unique among the user's budgets. */
  readonly id: string;
  readonly period: BudgetPeriod;
  readonly unit: BudgetUnit;
  /** Above zero. */
  readonly limit: number;
  /** The session's, project's or task's key; none for the calendar's periods, which may be kept to one project by it. */
  readonly scope?: string;
  /** Shares of the limit at which to speak, ascending; the last one and everything from 1 on is "over". */
  readonly thresholds?: readonly number[];
}

export interface BudgetCalendar {
  /** IANA. */
  readonly timeZone: string;
  /** Days of the week that count for an even pace, Sunday = 0. All where none is named. */
  readonly workingDays?: readonly number[];
}

export interface SpentAmount {
  /** In the budget's unit. */
  readonly amount: number;
  /** Some calls have no price or no recorded output: the true amount is at least this. */
  readonly isAtLeast?: boolean;
}

export type BudgetLevel = 'calm' | 'near' | 'over';

export interface BudgetState {
  readonly budget: Budget;
  /** Names the period: `2026-11-24`, the week's Monday, `2026-11`, or the scope. */
  readonly period: string;
  readonly level: BudgetLevel;
  readonly spent: number;
  readonly isAtLeast: boolean;
  /** Never below zero. */
  readonly left: number;
  /** Of the limit; above 1 when over. */
  readonly share: number;
  /** For the calendar's periods: the share of its working time that has gone, today counted by the hour. */
  readonly evenShare?: number;
  /** For weeks and months: what is left for each working day to come, today included. */
  readonly leftPerWorkingDay?: number;
}

export const defaultThresholds: readonly number[] = [0.8, 1];

export function budgetState(budget: Budget, spent: SpentAmount, nowMs: number, calendar: BudgetCalendar): BudgetState {
  const share = budget.limit > 0 ? spent.amount / budget.limit : spent.amount > 0 ? Infinity : 0;
  const near = thresholdsOf(budget)[0]!;
  const left = Math.max(0, budget.limit - spent.amount);
  return {
    budget,
    period: periodName(budget, nowMs, calendar.timeZone),
    level: share >= 1 ? 'over' : share >= near ? 'near' : 'calm',
    spent: spent.amount,
    isAtLeast: spent.isAtLeast === true,
    left,
    share,
    ...evenPace(budget.period, left, nowMs, calendar),
  };
}

/** Sorted, above zero, with 1 always among them. */
function thresholdsOf({ thresholds = defaultThresholds }: Budget): readonly number[] {
  return [...new Set([...thresholds, 1])].filter((one) => one > 0).sort((a, b) => a - b);
}

export function periodName(budget: Pick<Budget, 'period' | 'scope'>, nowMs: number, timeZone: string): string {
  const day = dayOf(nowMs, timeZone);
  switch (budget.period) {
    case 'day':
      return day;
    case 'week':
      return mondayOf(day);
    case 'month':
      return day.slice(0, 7);
    case 'session':
    case 'project':
    case 'task':
      return budget.scope ?? '';
  }
}

/** The days of the calendar period that holds this day, in order. */
export function daysOfPeriod(period: 'day' | 'week' | 'month', day: string): readonly string[] {
  if (period === 'day') return [day];
  const first = period === 'week' ? mondayOf(day) : firstOfMonth(day);
  const days: string[] = [];
  for (let at = first; period === 'week' ? days.length < 7 : at.startsWith(first.slice(0, 7)); at = addDays(at, 1))
    days.push(at);
  return days;
}

export const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay();

export function isWorkingDay(day: string, workingDays: readonly number[] | undefined): boolean {
  return workingDays === undefined || workingDays.length === 0 || workingDays.includes(weekdayOf(day));
}

function evenPace(
  period: BudgetPeriod,
  left: number,
  nowMs: number,
  { timeZone, workingDays }: BudgetCalendar,
): Pick<BudgetState, 'evenShare' | 'leftPerWorkingDay'> {
  if (period !== 'day' && period !== 'week' && period !== 'month') return {};
  const today = dayOf(nowMs, timeZone);
  const start = startOfDay(today, timeZone);
  const gone = (nowMs - start) / (startOfDay(addDays(today, 1), timeZone) - start);
  if (period === 'day') return { evenShare: gone };
  const working = daysOfPeriod(period, today).filter((day) => isWorkingDay(day, workingDays));
  const before = working.filter((day) => day < today).length;
  const toCome = working.filter((day) => day >= today).length;
  const todayGone = working.includes(today) ? gone : 0;
  return {
    evenShare: working.length === 0 ? 1 : (before + todayGone) / working.length,
    ...(toCome > 0 && { leftPerWorkingDay: left / toCome }),
  };
}

/** What was told already. Survives JSON; two windows' copies are joined by `joinNotices`. */
export interface NoticeMemory {
  /** By budget, limit, period and threshold: when it was told (or passed over in silence), epoch milliseconds. */
  readonly told: Readonly<Record<string, number>>;
  /** By budget id: no notices before this time. */
  readonly snoozedUntilMs: Readonly<Record<string, number>>;
  /** Budgets with "Don't Show Again". */
  readonly silenced: Readonly<Record<string, true>>;
}

export const noNotices: NoticeMemory = { told: {}, snoozedUntilMs: {}, silenced: {} };

export interface BudgetNotice {
  readonly state: BudgetState;
  /** The highest share that was reached and not told yet. */
  readonly threshold: number;
}

export interface NoticeRound {
  readonly notices: readonly BudgetNotice[];
  readonly memory: NoticeMemory;
}

const keptMs = 100 * 86_400_000;

function noticeKey({ budget, period }: BudgetState, threshold: number): string {
  return JSON.stringify([budget.id, budget.limit, period, threshold]);
}

/**
 * Each threshold once a period and limit; where several are crossed at once, the highest speaks for all. `isQuiet` (at
 * start-up, while presenting) passes over what is crossed now without a word, then and later: the colour tells it.
 * A snoozed budget keeps its notice for afterwards.
 */
export function dueNotices(
  states: readonly BudgetState[],
  memory: NoticeMemory,
  nowMs: number,
  { isQuiet = false }: { readonly isQuiet?: boolean } = {},
): NoticeRound {
  const told: Record<string, number> = Object.fromEntries(
    Object.entries(memory.told).filter(([, atMs]) => atMs > nowMs - keptMs),
  );
  const notices: BudgetNotice[] = [];
  for (const state of states) {
    const { id } = state.budget;
    if ((memory.snoozedUntilMs[id] ?? 0) > nowMs) continue;
    const crossed = thresholdsOf(state.budget).filter((threshold) => state.share >= threshold);
    const fresh = crossed.filter((threshold) => told[noticeKey(state, threshold)] === undefined);
    for (const threshold of crossed) told[noticeKey(state, threshold)] ??= nowMs;
    const threshold = fresh.at(-1);
    // A lower threshold that is only now noticed has been spoken for by the higher one.
    if (threshold === undefined || threshold < crossed.at(-1)!) continue;
    if (!isQuiet && memory.silenced[id] !== true) notices.push({ state, threshold });
  }
  return { notices, memory: { ...memory, told } };
}

export function snooze(memory: NoticeMemory, budgetId: string, untilMs: number): NoticeMemory {
  return { ...memory, snoozedUntilMs: { ...memory.snoozedUntilMs, [budgetId]: untilMs } };
}

/** Speaks again of this threshold once a snooze is over. */
export function forget(memory: NoticeMemory, notice: BudgetNotice): NoticeMemory {
  const { [noticeKey(notice.state, notice.threshold)]: _, ...told } = memory.told;
  return { ...memory, told };
}

export function silence(memory: NoticeMemory, budgetId: string): NoticeMemory {
  return { ...memory, silenced: { ...memory.silenced, [budgetId]: true } };
}

/** What either window has told, snoozed or silenced. */
export function joinNotices(a: NoticeMemory, b: NoticeMemory): NoticeMemory {
  const told: Record<string, number> = { ...a.told };
  for (const [key, atMs] of Object.entries(b.told)) told[key] = Math.min(atMs, told[key] ?? Infinity);
  const snoozedUntilMs: Record<string, number> = { ...a.snoozedUntilMs };
  for (const [key, atMs] of Object.entries(b.snoozedUntilMs))
    snoozedUntilMs[key] = Math.max(atMs, snoozedUntilMs[key] ?? 0);
  return { told, snoozedUntilMs, silenced: { ...a.silenced, ...b.silenced } };
}
