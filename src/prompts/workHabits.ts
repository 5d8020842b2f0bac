// How a person works with the agents that load a file, from sums of their own calls: turns a day, share read from the
// cache. Numbers in, numbers out; of which days and places is the caller's question.
import { type Habit } from './turnCost';

/** Sums of calls; a structural part of the ledger's rows. */
export interface WorkedSums {
  readonly calls: number;
  /** All buckets together. */
  readonly totalTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWrite5mTokens: number;
  readonly cacheWrite1hTokens: number;
}

/**
 * The habit over so many calendar days, idle ones included, from the rows of the agents that load the file. Undefined
 * where these made no call: then nobody pays for it.
 */
export function habitOf(rows: readonly WorkedSums[], days: number): Habit | undefined {
  const sum = (figure: keyof WorkedSums) => rows.reduce((total, row) => total + row[figure], 0);
  const calls = sum('calls');
  if (calls === 0) return undefined;
  const promptTokens = sum('totalTokens') - sum('outputTokens');
  const writes = sum('cacheWrite5mTokens') + sum('cacheWrite1hTokens');
  return {
    turnsPerDay: calls / Math.max(1, days),
    cacheReadShare: promptTokens === 0 ? 0 : sum('cacheReadTokens') / promptTokens,
    ttl: sum('cacheWrite1hTokens') * 2 > writes ? '1h' : '5m',
  };
}

/** Calendar days from the first with a call to the last asked for, both included. Days as `YYYY-MM-DD`, sorted. */
export function observedDays(daysWithCalls: readonly string[], until: string): number {
  const first = daysWithCalls[0];
  return first === undefined ? 0 : Math.round((Date.parse(until) - Date.parse(first)) / 86_400_000) + 1;
}
