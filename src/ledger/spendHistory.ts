// What was spent in the last hour and on each past day, in any unit, everywhere or in some projects: what pace.ts needs.
// Past days come from the quarter-hour sums and are kept for some minutes, for they are asked at every redraw.
import { type BudgetUnit } from './budget';
import { addDays, dayOf, quarterMs, startOfDay } from './calendar';
import { type DayUse, daysOfSpends, type Spend } from './pace';
import { type Store } from './store';
import { type Sums } from './sums';
import { type Figures } from './totals';

/** Half a year: as far back as a forecast looks. */
const historyDays = 182;
const keptMs = 10 * 60 * 1000;
const hourMs = 60 * 60 * 1000;

/** A call of late, with what budgets go by. */
export interface RecentCall {
  readonly atMs: number;
  /** By number; absent where the log names no folder. */
  readonly project?: number;
  readonly figures: Figures;
}

export function tokensOf(figures: Figures): number {
  const { inputTokens, cacheWrite5mTokens, cacheWrite1hTokens, cacheReadTokens, outputTokens } = figures;
  return inputTokens + cacheWrite5mTokens + cacheWrite1hTokens + cacheReadTokens + outputTokens;
}

export function amountOf(figures: Figures, unit: BudgetUnit): number {
  return unit === 'usd' ? figures.costUsd : unit === 'tokens' ? tokensOf(figures) : (figures.reportedCredits ?? 0);
}

/** Calls since a moment, in their order. */
export function recentCalls(store: Store, sums: Sums, sinceMs: number): RecentCall[] {
  const rows = store.all(
    'SELECT calls.*, (SELECT project FROM projects WHERE projects.cwd = coalesce(calls.cwd, sessions.cwd)) AS project ' +
      'FROM calls JOIN sessions ON sessions.id = calls.session ' +
      'WHERE calls.session IN (SELECT DISTINCT session FROM sums WHERE quarter >= ?) AND at_ms >= ? AND counts = 1 ' +
      'ORDER BY at_ms',
    Math.floor(sinceMs / quarterMs),
    sinceMs,
  );
  return rows.map((row) => ({
    atMs: Number(row['at_ms']),
    ...(typeof row['project'] === 'number' && { project: row['project'] }),
    figures: sums.figuresOf(row),
  }));
}

const columns: Readonly<Record<BudgetUnit, string>> = {
  usd: 'sum(usd)',
  tokens: 'sum(input + write_5m + write_1h + cache_read + output)',
  credits: 'sum(reported_credits)',
};

export class SpendHistory {
  readonly #kept = new Map<string, { readonly atMs: number; readonly days: readonly DayUse[] }>();

  /** Whole days up to yesterday; none where the store's dollars are another program's. */
  days(
    store: Store,
    sums: Sums,
    question: {
      readonly unit: BudgetUnit;
      readonly projects: readonly number[] | undefined;
      readonly nowMs: number;
      readonly timeZone: string;
    },
  ): readonly DayUse[] {
    const { unit, projects, nowMs, timeZone } = question;
    if (unit === 'usd' && !sums.isPricedByUs()) return [];
    const today = dayOf(nowMs, timeZone);
    const key = JSON.stringify([today, timeZone, unit, projects]);
    const kept = this.#kept.get(key);
    if (kept && nowMs - kept.atMs < keptMs && nowMs >= kept.atMs) return kept.days;
    const days = ask(store, unit, projects, today, timeZone);
    if (this.#kept.size > 20) this.#kept.clear();
    this.#kept.set(key, { atMs: nowMs, days });
    return days;
  }
}

function ask(
  store: Store,
  unit: BudgetUnit,
  projects: readonly number[] | undefined,
  today: string,
  timeZone: string,
): readonly DayUse[] {
  const rows = store.all(
    `SELECT quarter, ${columns[unit]} AS amount FROM sums WHERE quarter >= ? AND quarter < ?` +
      (projects ? ' AND project IN (SELECT value FROM json_each(?))' : '') +
      ' GROUP BY quarter',
    Math.floor(startOfDay(addDays(today, -historyDays), timeZone) / quarterMs),
    Math.floor(startOfDay(today, timeZone) / quarterMs),
    ...(projects ? [JSON.stringify(projects)] : []),
  );
  const spends: Spend[] = rows.map((row) => ({
    atMs: Number(row['quarter']) * quarterMs,
    amount: Number(row['amount'] ?? 0),
  }));
  const starts = new Map<string, number>();
  const hourOf = (atMs: number): number => {
    const day = dayOf(atMs, timeZone);
    let start = starts.get(day);
    if (start === undefined) starts.set(day, (start = startOfDay(day, timeZone)));
    // A day of 25 hours has two of its hours in one.
    return Math.min(23, Math.floor((atMs - start) / hourMs));
  };
  return spends.length === 0 ? [] : daysOfSpends(spends, addDays(today, -1), timeZone, hourOf);
}
