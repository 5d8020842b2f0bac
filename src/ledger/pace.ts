// How fast it goes and where it may end: burn rates, the period's end as a range from the user's own past days, and when
// a limit would be reached. Never a straight line from one morning: without enough past there is no forecast.
import { addDays, dayOf } from './calendar';
import { daysOfPeriod, isWorkingDay, weekdayOf } from './budget';

export interface Spend {
  readonly atMs: number;
  /** In any one unit. */
  readonly amount: number;
}

export interface BurnRate {
  /** Per hour, over the last ten minutes and the last hour. */
  readonly lastMinutes: number;
  readonly lastHour: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export function burnRate(spends: readonly Spend[], nowMs: number): BurnRate {
  const within = (spanMs: number): number =>
    spends.reduce((sum, spend) => sum + (spend.atMs > nowMs - spanMs && spend.atMs <= nowMs ? spend.amount : 0), 0);
  return { lastMinutes: within(10 * minuteMs) * 6, lastHour: within(hourMs) };
}

export interface TimeToLimit {
  /** At the faster of the two rates, and at the slower; `undefined` = not at that rate. */
  readonly soonestMs: number;
  readonly latestMs: number | undefined;
}

/** How long `left` lasts at the present rates; `undefined` where nothing is being spent. */
export function timeToLimit(left: number, rate: BurnRate): TimeToLimit | undefined {
  const fast = Math.max(rate.lastMinutes, rate.lastHour);
  const slow = Math.min(rate.lastMinutes, rate.lastHour);
  if (fast <= 0) return undefined;
  return {
    soonestMs: (Math.max(0, left) / fast) * hourMs,
    latestMs: slow > 0 ? (Math.max(0, left) / slow) * hourMs : undefined,
  };
}

/** One day's use, by the user's own hours. */
export interface DayUse {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Spent in each of the day's 24 hours. */
  readonly hours: readonly number[];
}

/** Days of spends, without gaps from the first spend's day to `lastDay`. */
export function daysOfSpends(
  spends: readonly Spend[],
  lastDay: string,
  timeZone: string,
  hourOf: (atMs: number) => number,
): readonly DayUse[] {
  const found = new Map<string, number[]>();
  let first = lastDay;
  for (const { atMs, amount } of spends) {
    const day = dayOf(atMs, timeZone);
    if (day < first) first = day;
    const hours = found.get(day) ?? new Array<number>(24).fill(0);
    hours[hourOf(atMs)]! += amount;
    found.set(day, hours);
  }
  const days: DayUse[] = [];
  for (let day = first; day <= lastDay; day = addDays(day, 1))
    days.push({ day, hours: found.get(day) ?? new Array<number>(24).fill(0) });
  return days;
}

export interface ForecastQuestion {
  readonly period: 'day' | 'week' | 'month';
  /** Whole past days, in order and without gaps, up to yesterday. */
  readonly past: readonly DayUse[];
  readonly today: string;
  /** The hour it is now, with its fraction: 13.5 = half past one. */
  readonly hour: number;
  /** Spent in the period so far. */
  readonly spent: number;
  readonly workingDays?: readonly number[];
}

export interface Forecast {
  /** The range in which four of five such periods end, and its middle. */
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  /** How many stretches of the past it rests on. */
  readonly basis: number;
}

const leastBasis = 8;
/** Habits change: what lies further back does not count. */
const reachDays = { day: 84, week: 112, month: 182 } as const;

/** `undefined` where the past is too short to say anything. */
export function forecast(question: ForecastQuestion): Forecast | undefined {
  const { period, today, spent } = question;
  const daysAfter = daysOfPeriod(period, today).filter((day) => day > today).length;
  const past = question.past.slice(-reachDays[period]);
  const stretches = stretchesLike(past, daysAfter, question);
  const independent = independentCount(stretches, daysAfter);
  if (stretches.length < leastBasis || independent < 3) return undefined;
  const rests = stretches.map(({ rest }) => rest).sort((a, b) => a - b);
  const [low, high] = independent >= 20 ? quantiles(rests) : widened(rests, independent);
  const middle = rests[Math.floor(rests.length / 2)]!;
  return {
    low: spent + Math.max(0, low),
    middle: spent + middle,
    high: spent + Math.max(high, low, 0),
    basis: stretches.length,
  };
}

interface Stretch {
  readonly at: number;
  /** What was spent from this hour of its first day to the end of its last. */
  readonly rest: number;
}

/**
 * Stretches of the past that begin on a day like today and run as long: the same weekday where there are enough of
 * them, else a day that is (or is not) a working day, else any.
 */
function stretchesLike(past: readonly DayUse[], daysAfter: number, question: ForecastQuestion): readonly Stretch[] {
  const sums = [0];
  for (const { hours } of past) sums.push(sums.at(-1)! + hours.reduce((sum, one) => sum + one, 0));
  const all: Stretch[] = [];
  for (let at = 0; at + daysAfter < past.length; at++) {
    const rest = restOfDay(past[at]!, question.hour) + sums[at + 1 + daysAfter]! - sums[at + 1]!;
    all.push({ at, rest: rest * (question.period === 'month' ? drift(sums, at) : 1) });
  }
  const weekday = weekdayOf(question.today);
  const works = isWorkingDay(question.today, question.workingDays);
  const sameWeekday = all.filter(({ at }) => weekdayOf(past[at]!.day) === weekday);
  if (sameWeekday.length >= leastBasis) return sameWeekday;
  const sameKind = all.filter(({ at }) => isWorkingDay(past[at]!.day, question.workingDays) === works);
  return sameKind.length >= leastBasis ? sameKind : all;
}

const levelDays = 28;

/**
 * How much more is spent of late than in the weeks before that day: a month's end is far enough off for a habit's growth
 * to show. Kept within half and double, for a holiday is no habit.
 */
function drift(sums: readonly number[], at: number): number {
  const level = (end: number): number => {
    const start = Math.max(0, end - levelDays);
    return (sums[end]! - sums[start]!) / Math.max(1, end - start);
  };
  const then = level(Math.max(at, Math.min(levelDays, sums.length - 1)));
  const now = level(sums.length - 1);
  return then > 0 && now > 0 ? Math.min(2, Math.max(0.5, now / then)) : 1;
}

function restOfDay({ hours }: DayUse, hour: number): number {
  const whole = Math.floor(hour);
  const later = hours.slice(whole + 1).reduce((sum, one) => sum + one, 0);
  return later + (hours[whole] ?? 0) * (whole + 1 - hour);
}

/** Overlapping stretches tell little that is new: how many of them could stand side by side. */
function independentCount(stretches: readonly Stretch[], daysAfter: number): number {
  let count = 0;
  let free = -Infinity;
  for (const { at } of stretches) {
    if (at < free) continue;
    count++;
    free = at + daysAfter + 1;
  }
  return count;
}

/** The tenth and ninetieth of a hundred, each a step outwards as a new one may fall outside of all seen. */
function quantiles(ordered: readonly number[]): readonly [low: number, high: number] {
  const count = ordered.length;
  const low = Math.max(0, Math.floor(0.1 * (count + 1)) - 1);
  return [ordered[low]!, ordered[count - 1 - low]!];
}

/** Student's t for the ninth decile, by degrees of freedom (2, 3, …). */
const ninthDecile = [
  1.886, 1.638, 1.533, 1.476, 1.44, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356, 1.35, 1.345, 1.341, 1.337, 1.333, 1.33,
  1.328,
];

/** Few stretches: the prediction range of a normal spread, on the square root's scale because spending is skewed. */
function widened(rests: readonly number[], independent: number): readonly [low: number, high: number] {
  const roots = rests.map(Math.sqrt);
  const mean = roots.reduce((sum, one) => sum + one, 0) / roots.length;
  const variance = roots.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, roots.length - 1);
  const factor = ninthDecile[Math.min(ninthDecile.length, independent - 1) - 1] ?? 1.886;
  const reach = factor * Math.sqrt(variance * (1 + 1 / independent));
  return [Math.max(0, mean - reach) ** 2, (mean + reach) ** 2];
}

export interface BackTest {
  readonly forecasts: number;
  /** How many of them held what came. */
  readonly held: number;
}

/** Asks for a forecast on every past day at these hours, as it would have been given then, and looks what came. */
export function backTest(
  days: readonly DayUse[],
  period: 'day' | 'week' | 'month',
  {
    hours = [10, 13, 16],
    workingDays,
  }: { readonly hours?: readonly number[]; readonly workingDays?: readonly number[] } = {},
): BackTest {
  const index = new Map(days.map(({ day }, at) => [day, at]));
  const totals = days.map((day) => day.hours.reduce((sum, one) => sum + one, 0));
  let forecasts = 0;
  let held = 0;
  days.forEach(({ day: today }, at) => {
    const span = daysOfPeriod(period, today).map((day) => index.get(day));
    if (span.some((one) => one === undefined)) return;
    const before = span.filter((one) => one! < at).reduce<number>((sum, one) => sum + totals[one!]!, 0);
    const came = span.reduce<number>((sum, one) => sum + totals[one!]!, 0);
    for (const hour of hours) {
      const spent = before + totals[at]! - restOfDay(days[at]!, hour);
      const range = forecast({
        period,
        past: days.slice(0, at),
        today,
        hour,
        spent,
        ...(workingDays && { workingDays }),
      });
      if (range === undefined) continue;
      forecasts++;
      if (came >= range.low - 1e-9 && came <= range.high + 1e-9) held++;
    }
  });
  return { forecasts, held };
}
