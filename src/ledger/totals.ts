// Sums of calls by day, model, project and so on: the question, the answer, and how rows of sums become one. Knows no
// store; decides nothing about which calls count or what they cost.
import { type AgentId, type SkipReason } from '../agents/agent';
import { addDays, quarterMs, startOfDay } from './calendar';

export type TotalsBy =
  'day' | 'week' | 'month' | 'model' | 'agent' | 'project' | 'branch' | 'session' | 'prompt' | 'subagent';

/** Filters combine. Days are `YYYY-MM-DD`, both inclusive, in the time zone given (IANA). */
export interface TotalsQuery {
  readonly by: TotalsBy;
  readonly since?: string;
  readonly until?: string;
  readonly agent?: AgentId;
  /** As logged, like the keys of rows by model. */
  readonly model?: string;
  readonly project?: string;
  readonly session?: string;
  readonly branch?: string;
  /** A subagent's type; empty for the main thread. */
  readonly subagent?: string;
  readonly timeZone: string;
}

/**
 * `key`: day `YYYY-MM-DD`; week the date of its Monday; month `YYYY-MM`; model, branch, session id as logged; project
 * the repository's or working folder; prompt its key; subagent its type, `subagent` where the type is unknown. Empty
 * where the log names none (and for the main thread by subagent).
 */
export interface TotalsRow {
  readonly key: string;
  readonly calls: number;
  /** Uncached input. All buckets are disjoint but `reasoningTokens`, which is a part of `outputTokens`. */
  readonly inputTokens: number;
  readonly cacheWrite5mTokens: number;
  readonly cacheWrite1hTokens: number;
  readonly cacheReadTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  /** Input, both cache writes, cache read and output. */
  readonly totalTokens: number;
  /** At list prices of each call's date; `undefined` where there are calls and none has a price. Local models cost 0. */
  readonly costUsd?: number;
  /** The part of `costUsd` that rests on a price that is not certain. */
  readonly estimatedCostUsd: number;
  readonly unpricedTokens: number;
  /** Tokens of calls whose log holds estimates only. */
  readonly estimatedTokens: number;
  /** Calls whose output the agent did not record, and the least it can have been (`outputTokens` has what was logged). */
  readonly unrecordedOutputCalls: number;
  readonly unrecordedOutputTokens: number;
  readonly reportedCostUsd?: number;
  readonly reportedCredits?: number;
}

export interface SkippedRecords {
  readonly agent: AgentId;
  readonly file: string;
  readonly reason: SkipReason;
  readonly count: number;
}

export interface Totals {
  /** Ordered by key. */
  readonly rows: readonly TotalsRow[];
  readonly totals: TotalsRow;
  readonly skipped: readonly SkippedRecords[];
}

/** The adding part of a row. */
export interface Figures {
  calls: number;
  inputTokens: number;
  cacheWrite5mTokens: number;
  cacheWrite1hTokens: number;
  cacheReadTokens: number;
  outputTokens: number;
  reasoningTokens: number;
  pricedCalls: number;
  costUsd: number;
  estimatedCostUsd: number;
  unpricedTokens: number;
  estimatedTokens: number;
  unrecordedOutputCalls: number;
  unrecordedOutputTokens: number;
  reportedCostUsd: number | undefined;
  reportedCredits: number | undefined;
}

export function noFigures(): Figures {
  return {
    calls: 0,
    inputTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    cacheReadTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    pricedCalls: 0,
    costUsd: 0,
    estimatedCostUsd: 0,
    unpricedTokens: 0,
    estimatedTokens: 0,
    unrecordedOutputCalls: 0,
    unrecordedOutputTokens: 0,
    reportedCostUsd: undefined,
    reportedCredits: undefined,
  };
}

export function addFigures(to: Figures, from: Figures): void {
  to.calls += from.calls;
  to.inputTokens += from.inputTokens;
  to.cacheWrite5mTokens += from.cacheWrite5mTokens;
  to.cacheWrite1hTokens += from.cacheWrite1hTokens;
  to.cacheReadTokens += from.cacheReadTokens;
  to.outputTokens += from.outputTokens;
  to.reasoningTokens += from.reasoningTokens;
  to.pricedCalls += from.pricedCalls;
  to.costUsd += from.costUsd;
  to.estimatedCostUsd += from.estimatedCostUsd;
  to.unpricedTokens += from.unpricedTokens;
  to.estimatedTokens += from.estimatedTokens;
  to.unrecordedOutputCalls += from.unrecordedOutputCalls;
  to.unrecordedOutputTokens += from.unrecordedOutputTokens;
  to.reportedCostUsd = sumOf(to.reportedCostUsd, from.reportedCostUsd);
  to.reportedCredits = sumOf(to.reportedCredits, from.reportedCredits);
}

function sumOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : a + b;
}

/** The quarter hours of a query's days: from the first, up to but without the last. */
export function quartersOf({ since, until, timeZone }: Omit<TotalsQuery, 'by'>): { from: number; to: number } {
  return {
    from: since === undefined ? 0 : Math.floor(startOfDay(since, timeZone) / quarterMs),
    to: until === undefined ? Number.MAX_SAFE_INTEGER : Math.floor(startOfDay(addDays(until, 1), timeZone) / quarterMs),
  };
}

/** Figures by the keys that the answer is to have. */
export function sumUp(parts: Iterable<readonly [key: string, figures: Figures]>): Omit<Totals, 'skipped'> {
  const groups = new Map<string, Figures>();
  const all = noFigures();
  for (const [key, figures] of parts) {
    let group = groups.get(key);
    if (!group) groups.set(key, (group = noFigures()));
    addFigures(group, figures);
    addFigures(all, figures);
  }
  const keys = [...groups.keys()].sort();
  return { rows: keys.map((key) => totalsRow(key, groups.get(key)!)), totals: totalsRow('total', all) };
}

export function totalsRow(key: string, figures: Figures): TotalsRow {
  const { inputTokens, cacheWrite5mTokens, cacheWrite1hTokens, cacheReadTokens, outputTokens } = figures;
  const { calls, pricedCalls, costUsd, reportedCostUsd, reportedCredits } = figures;
  // Name by name: a long report makes thousands of these, and copying what is left of an object takes ten times as long.
  const row: { -readonly [Name in keyof TotalsRow]: TotalsRow[Name] } = {
    key,
    calls,
    inputTokens,
    cacheWrite5mTokens,
    cacheWrite1hTokens,
    cacheReadTokens,
    outputTokens,
    reasoningTokens: figures.reasoningTokens,
    estimatedCostUsd: figures.estimatedCostUsd,
    unpricedTokens: figures.unpricedTokens,
    estimatedTokens: figures.estimatedTokens,
    unrecordedOutputCalls: figures.unrecordedOutputCalls,
    unrecordedOutputTokens: figures.unrecordedOutputTokens,
    totalTokens: inputTokens + cacheWrite5mTokens + cacheWrite1hTokens + cacheReadTokens + outputTokens,
  };
  if (pricedCalls > 0 || calls === 0) row.costUsd = costUsd;
  if (reportedCostUsd !== undefined) row.reportedCostUsd = reportedCostUsd;
  if (reportedCredits !== undefined) row.reportedCredits = reportedCredits;
  return row;
}
