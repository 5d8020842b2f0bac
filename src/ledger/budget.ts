// A limit, what was spent of it, and the calendar -> calm, near or over, with amounts. Knows no store and no words.
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
  /** The session's id, or the folders (one a line) whose projects count; none where everything does. */
  readonly scope?: string;
  /** Shares of the limit at which to speak, ascending; the last one and everything from 1 on is "over". */
  readonly thresholds?: readonly number[];
  /** What a task, or a project as a whole, began with: earlier calls are not counted. Epoch milliseconds. */
  readonly sinceMs?: number;
  /** Agents that asked to be stopped are, once it is used up. */
  readonly isHardCap?: boolean;
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
export function thresholdsOf({ thresholds = defaultThresholds }: Budget): readonly number[] {
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

/** When the period is over and a used-up budget is a fresh one again; `undefined` for those without a calendar. */
export function periodEndMs(period: BudgetPeriod, nowMs: number, timeZone: string): number | undefined {
  if (period !== 'day' && period !== 'week' && period !== 'month') return undefined;
  return startOfDay(addDays(daysOfPeriod(period, dayOf(nowMs, timeZone)).at(-1)!, 1), timeZone);
}
