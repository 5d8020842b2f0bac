// What a turn costs before it is sent, and what a file that every turn carries costs in a month. Numbers in, numbers
// out: rates, habits and sizes are the caller's.
import { type FullRates } from '../pricing/cost';

/** Sizes in tokens. */
export interface TurnParts {
  readonly prompt: number;
  /** Files that the prompt pulls in. */
  readonly imports: number;
  /** System prompt, tools, memory: as measured on the first calls of recent sessions. */
  readonly overhead: number;
  /** What the live session holds already; 0 for a new one. */
  readonly context: number;
}

export interface TurnCost {
  readonly tokens: number;
  /** The overhead and the context are read from the cache, the new text is written into it. */
  readonly warmUsd: number;
  /** Everything is written into the cache (or sent plainly where there is no such price). */
  readonly coldUsd: number;
  /** The new text alone: what this prompt adds, warm or cold. */
  readonly newUsd: number;
}

const perToken = (perMillion: number): number => perMillion / 1e6;

/** The price of one call's input, without its answer. `ttl`: how long the agent keeps its cache. */
export function turnCost(parts: TurnParts, rates: FullRates, ttl: '5m' | '1h' = '5m'): TurnCost {
  const write = perToken(ttl === '1h' ? rates.cacheWrite1h : rates.cacheWrite5m);
  const fresh = parts.prompt + parts.imports;
  const known = parts.overhead + parts.context;
  return {
    tokens: fresh + known,
    warmUsd: known * perToken(rates.cacheRead) + fresh * write,
    coldUsd: (known + fresh) * write,
    newUsd: fresh * write,
  };
}

/** A person's habit, as their own logs tell it. A turn is one call to the model: each carries the instructions. */
export interface Habit {
  readonly turnsPerDay: number;
  /** Share of prompt tokens that came from the cache, 0 to 1. */
  readonly cacheReadShare: number;
  readonly ttl?: '5m' | '1h';
}

export interface RecurringCost {
  readonly perTurnUsd: number;
  readonly perMonthUsd: number;
  /** One turn with nothing in the cache. */
  readonly coldUsd: number;
}

export const daysPerMonth = 30;

/** What text that goes along with every turn costs. The part not read from the cache is written into it. */
export function recurringCost(tokens: number, habit: Habit, rates: FullRates): RecurringCost {
  const write = perToken(habit.ttl === '1h' ? rates.cacheWrite1h : rates.cacheWrite5m);
  const share = Math.min(1, Math.max(0, habit.cacheReadShare));
  const perTurnUsd = tokens * (share * perToken(rates.cacheRead) + (1 - share) * write);
  return { perTurnUsd, perMonthUsd: perTurnUsd * habit.turnsPerDay * daysPerMonth, coldUsd: tokens * write };
}
