// One call's tokens times the rates of its moment. Always per call, never per sum: a long-context step is reached by
// one request's prompt, not by a day's. Knows nothing of model ids or of where the rates come from.

import { type PricePeriod, type Rates, longContextOf } from './priceList';

/**
 * `exact`: the list price of this very model on that day. `estimated`: of a model that the id resembles, or with a
 * modifier whose price is unknown. `included`: in a plan, for no extra charge. `local`: runs on the person's machine.
 * `unpriced`: nobody knows.
 */
export type PriceStatus = 'exact' | 'estimated' | 'included' | 'local' | 'unpriced';

export type PriceSource = 'user' | 'overlay' | 'genai' | 'genai-refreshed' | 'models.dev';

/** What a price depends on; a `UsageEvent` is one. Buckets are disjoint: prompt = input + cacheRead + cacheWrite5m + cacheWrite1h. */
export interface PriceableCall {
  readonly agent?: string;
  /** As logged. */
  readonly model: string;
  /** As logged. */
  readonly provider?: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWrite5mTokens: number;
  readonly cacheWrite1hTokens: number;
  readonly outputTokens: number;
  readonly webSearches?: number;
  readonly serviceTier?: string;
  readonly speed?: string;
  readonly region?: string;
}

/** US dollars. */
export interface CostParts {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly output: number;
  readonly webSearch: number;
}

export interface CallCost {
  readonly status: PriceStatus;
  /**
   * US dollars at public list prices ("API-equivalent"), modifiers included. Undefined when unpriced or local, so that
   * no sum can swallow it. An `included` call has what the list would charge, or 0 where the person said flat rate.
   */
  readonly usd?: number;
  readonly parts?: CostParts;
  readonly source?: PriceSource;
  /** `provider/model` of the price row. */
  readonly matched?: string;
  /** In words: `fast mode 6x`, `batch 0.5x`, `US residency 1.1x`. */
  readonly modifiers: readonly string[];
  /** The long-context step that the prompt went over, in tokens. */
  readonly tierAboveTokens?: number;
}

/** Rates with every bucket filled, US dollars per million tokens (`webSearch`: per thousand). */
export type FullRates = Required<Rates>;

/**
 * The rates as listed, and Claude's 1-hour cache writes where the list has no row for them: they cost twice the input
 * rate on every platform (platform.claude.com, prompt caching; Bedrock's and Vertex's lists name the 5-minute rate only).
 */
export function withClaudeHour(rates: Rates, isClaude: boolean): Rates {
  return isClaude && rates.cacheWrite1h === undefined ? { ...rates, cacheWrite1h: 2 * rates.input } : rates;
}

/** Fills the buckets that a list leaves open with the rate of the bucket they are a part of, as genai-prices does. */
export function fillRates(rates: Rates): FullRates {
  const cacheWrite5m = rates.cacheWrite5m ?? rates.input;
  return {
    input: rates.input,
    output: rates.output,
    cacheRead: rates.cacheRead ?? rates.input,
    cacheWrite5m,
    cacheWrite1h: rates.cacheWrite1h ?? cacheWrite5m,
    webSearch: rates.webSearch ?? 0,
  };
}

export interface PricedTokens {
  readonly usd: number;
  readonly parts: CostParts;
  readonly tierAboveTokens?: number;
}

/** The whole prompt of a call, cached parts included. */
export function promptTokensOf(call: PriceableCall): number {
  return call.inputTokens + call.cacheReadTokens + call.cacheWrite5mTokens + call.cacheWrite1hTokens;
}

/** Prices one call's tokens. `factor` multiplies the tokens' price, not the searches'. */
export function priceTokens(call: PriceableCall, period: PricePeriod, isClaude: boolean, factor: number): PricedTokens {
  const step = longContextOf(period, promptTokensOf(call));
  const rates = fillRates(withClaudeHour(step?.rates ?? period.rates, isClaude));
  const dollars = (tokens: number, rate: number): number => (tokens * rate * factor) / 1e6;
  const parts: CostParts = {
    input: dollars(call.inputTokens, rates.input),
    cacheRead: dollars(call.cacheReadTokens, rates.cacheRead),
    cacheWrite5m: dollars(call.cacheWrite5mTokens, rates.cacheWrite5m),
    cacheWrite1h: dollars(call.cacheWrite1hTokens, rates.cacheWrite1h),
    output: dollars(call.outputTokens, rates.output),
    webSearch: ((call.webSearches ?? 0) * rates.webSearch) / 1000,
  };
  return {
    usd: parts.input + parts.cacheRead + parts.cacheWrite5m + parts.cacheWrite1h + parts.output + parts.webSearch,
    parts,
    ...(step && { tierAboveTokens: step.aboveTokens }),
  };
}
