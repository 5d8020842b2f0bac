// The budgets as a person writes them in settings -> budgets to judge by, and the names of the parts that cannot be
// read. Knows no editor; one object per workspace folder comes in, so that a folder may have a project budget of its own.
import { type Budget, type BudgetPeriod, type BudgetUnit } from './budget';
import { isDay, isTimeZone, startOfDay } from './calendar';

export interface BudgetSetting {
  readonly budgets: readonly Budget[];
  /** Sunday = 0; absent where every day counts. */
  readonly workingDays?: readonly number[];
  /** IANA; absent where the system's is meant. */
  readonly timeZone?: string;
  /** Paths of the parts that are left out: `week.limit`, `workingDays`. */
  readonly problems: readonly string[];
}

export const budgetNames = ['day', 'week', 'month', 'session', 'project'] as const;
export type BudgetName = (typeof budgetNames)[number];
export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const units: readonly BudgetUnit[] = ['usd', 'tokens', 'credits'];
const others = ['warnAt', 'workingDays', 'timeZone'];

/** `window`: the setting as it holds for the window; `folders`: as it holds for each open folder, by its path. */
export function readBudgets(
  window: unknown,
  folders: readonly (readonly [path: string, value: unknown])[],
): BudgetSetting {
  const problems = new Set<string>();
  const value = record(window);
  if (window !== undefined && !value) problems.add('budgets');
  const { timeZone } = calendarOf(value, problems);
  const zone = timeZone ?? 'UTC';
  const thresholds = thresholdsIn(value, problems);
  const budgets = budgetNames
    .filter((name) => name !== 'project')
    .flatMap((name) => oneBudget(name, value?.[name], { thresholds, zone, problems }));
  for (const [path, own] of folders) {
    const found = oneBudget('project', record(own)?.['project'], { thresholds, zone, problems });
    budgets.push(...found.map((budget) => ({ ...budget, id: `project ${path}`, scope: path })));
  }
  for (const name of Object.keys(value ?? {})) if (![...budgetNames, ...others].includes(name)) problems.add(name);
  return { budgets, ...calendarOf(value, problems), problems: [...problems] };
}

interface Surroundings {
  readonly thresholds: readonly number[] | undefined;
  readonly zone: string;
  readonly problems: Set<string>;
}

/** A number stands for dollars; none or `null` for no budget. */
function oneBudget(name: BudgetName, written: unknown, { thresholds, zone, problems }: Surroundings): Budget[] {
  if (written === undefined || written === null) return [];
  const value = typeof written === 'number' ? { limit: written } : record(written);
  const limit = value?.['limit'];
  if (typeof limit !== 'number' || !Number.isFinite(limit) || limit <= 0) {
    // 0 is how one takes a budget away where another settings file has one.
    if (limit !== 0) problems.add(`${name}.limit`);
    return [];
  }
  const unit = value?.['unit'] ?? 'usd';
  if (!units.some((one) => one === unit)) {
    problems.add(`${name}.unit`);
    return [];
  }
  return [
    {
      id: name,
      unit: unit as BudgetUnit,
      limit,
      ...(name === 'project' ? projectPeriod(value ?? {}, zone, problems) : { period: name }),
      ...(thresholds && { thresholds }),
      ...(value?.['hardCap'] === true && { isHardCap: true }),
    },
  ];
}

/** By the month, unless another period or `total` is named; a total may begin on a day. */
function projectPeriod(
  value: Readonly<Record<string, unknown>>,
  timeZone: string,
  problems: Set<string>,
): { readonly period: BudgetPeriod; readonly sinceMs?: number } {
  const { per = 'month', since } = value;
  if (per === 'day' || per === 'week' || per === 'month') return { period: per };
  if (per !== 'total') problems.add('project.per');
  if (since === undefined) return { period: 'project', sinceMs: 0 };
  if (typeof since === 'string' && isDay(since)) return { period: 'project', sinceMs: startOfDay(since, timeZone) };
  problems.add('project.since');
  return { period: 'project', sinceMs: 0 };
}

function thresholdsIn(value: Readonly<Record<string, unknown>> | undefined, problems: Set<string>) {
  const written = value?.['warnAt'];
  if (written === undefined) return undefined;
  const percents = Array.isArray(written) ? (written as readonly unknown[]) : [written];
  const good = percents.filter((one): one is number => typeof one === 'number' && one > 0 && one <= 1000);
  if (good.length < percents.length) problems.add('warnAt');
  return good.length === 0 ? undefined : good.map((percent) => percent / 100);
}

function calendarOf(value: Readonly<Record<string, unknown>> | undefined, problems: Set<string>) {
  const { workingDays: days, timeZone: zone } = value ?? {};
  const numbers = Array.isArray(days)
    ? (days as readonly unknown[]).map((day) => weekdays.findIndex((name) => name === day))
    : [];
  const workingDays = [...new Set(numbers.filter((day) => day >= 0))].sort();
  if (days !== undefined && (!Array.isArray(days) || workingDays.length < numbers.length)) problems.add('workingDays');
  const timeZone = typeof zone === 'string' && zone !== '' && isTimeZone(zone) ? zone : undefined;
  if (zone !== undefined && zone !== '' && timeZone === undefined) problems.add('timeZone');
  return { ...(workingDays.length > 0 && { workingDays }), ...(timeZone !== undefined && { timeZone }) };
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

const amount = /^\s*(?:US)?\$?\s*(\d[\d\s.,_]*?)\s*([km])?\s*(\$|usd|dollars?|tokens?|tok|credits?)?\s*$/i;

/** What a person types for a limit: `2`, `$2.50`, `500k tokens`, `30 credits`. Dollars unless another unit is named. */
export function readAmount(text: string): { readonly limit: number; readonly unit: BudgetUnit } | undefined {
  const [, digits, magnitude, word = ''] = amount.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const limit = numberOf(digits) * (magnitude === undefined ? 1 : magnitude.toLowerCase() === 'k' ? 1e3 : 1e6);
  if (!Number.isFinite(limit) || limit <= 0) return undefined;
  const unit = /^tok/i.test(word) ? 'tokens' : /^credit/i.test(word) ? 'credits' : 'usd';
  if (unit !== 'usd' && text.includes('$')) return undefined;
  return { limit, unit };
}

/** `1,000.5` and `1.000,5`; a single mark before exactly three digits of a number parts thousands only where it is a comma. */
function numberOf(digits: string): number {
  const text = digits.replace(/[\s_]/g, '');
  const last = Math.max(text.lastIndexOf(','), text.lastIndexOf('.'));
  if (last < 0) return Number(text);
  const mark = text[last]!;
  const isThousands = /^\d{1,3}(,\d{3})+$/.test(text) || /^\d{1,3}(\.\d{3}){2,}$/.test(text);
  if (isThousands) return Number(text.replaceAll(mark, ''));
  const whole = text.slice(0, last).replace(/[.,]/g, '');
  return Number(`${whole}.${text.slice(last + 1)}`);
}
