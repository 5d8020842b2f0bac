// The shape of a price list (one provider's models, their rates by date and time of day) and how one is read out of
// its packed form. Knows nothing of where a list comes from, of model ids' spellings, or of a call.

/** US dollars per million tokens; `webSearch` per thousand searches. An absent rate is unknown, never zero. */
export interface Rates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite5m?: number;
  readonly cacheWrite1h?: number;
  readonly webSearch?: number;
}

/** Rates of the whole request as soon as its prompt (cached parts included) is longer than `aboveTokens`. */
export interface LongContext {
  readonly aboveTokens: number;
  readonly rates: Rates;
}

/** When a period holds within the day, in seconds after midnight UTC; `from` > `to` runs over midnight. */
export interface HoursOfDay {
  readonly fromSecond: number;
  readonly toSecond: number;
  /** Days of the week on which it holds, Sunday = 0. Absent = every day. */
  readonly days?: readonly number[];
}

/** Rates with the time they hold: [fromMs, untilMs), and within the day if `hours` is there. */
export interface PricePeriod {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly hours?: HoursOfDay;
  readonly rates: Rates;
  /** Ascending by `aboveTokens`. */
  readonly longContext: readonly LongContext[];
}

/**
 * How a list says which ids are this model. The first character tells: `=` equals, `^` starts with, `$` ends with,
 * `*` contains, `~` regular expression. A nested array holds when all of its clauses do.
 */
export type MatchClause = string | readonly string[];

export interface PricedModel {
  readonly id: string;
  readonly match: readonly MatchClause[];
  readonly contextWindow?: number;
  readonly maxOutput?: number;
  /** Looked at from the last to the first: the first that holds is the price. Empty = listed without a price. */
  readonly periods: readonly PricePeriod[];
}

/** [input, output, cache read, 5-minute cache write, 1-hour cache write, web search]; null or cut off = unknown. */
export type PackedRates = readonly (number | null)[];

export interface PackedPrice {
  readonly rates: PackedRates;
  /** [tokens, rates] for each long-context step. */
  readonly above?: readonly (readonly [number, PackedRates])[];
  /** First day, UTC, `YYYY-MM-DD`. */
  readonly from?: string;
  /** First day on which it no longer holds, UTC. */
  readonly until?: string;
  /** `HH:MM-HH:MM`, UTC. */
  readonly hours?: string;
  /** Days of the week for `hours`, Sunday = 0. */
  readonly days?: readonly number[];
}

export interface PackedModel {
  readonly id: string;
  /** Absent = exactly the id. */
  readonly match?: readonly MatchClause[];
  readonly window?: number;
  readonly output?: number;
  readonly prices: readonly PackedPrice[];
}

/** Packed models by provider id. */
export type PackedLists = Readonly<Record<string, readonly PackedModel[]>>;

/** A bundled source: its lists as text, one model in JSON a line. */
export interface PackedText {
  readonly version: string;
  /** `YYYY-MM-DD`. */
  readonly asOf: string;
  readonly lists: Readonly<Record<string, string>>;
}

/** Reads one provider's lines. */
export function parseModels(lines: string): readonly PackedModel[] {
  return JSON.parse(`[${lines.trim().replaceAll('\n', ',')}]`) as readonly PackedModel[];
}

/** Reads every provider's lines. */
export function parseLists({ lists }: PackedText): PackedLists {
  return Object.fromEntries(Object.entries(lists).map(([provider, lines]) => [provider, parseModels(lines)]));
}

export const dayMs = 86_400_000;

/** Milliseconds of a `YYYY-MM-DD` day's midnight UTC; undefined if there is no such day. */
export function parseDay(day: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const ms = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day ? undefined : ms;
}

export function unpackRates(packed: PackedRates): Rates {
  const [input, output, cacheRead, cacheWrite5m, cacheWrite1h, webSearch] = packed;
  return {
    input: input ?? 0,
    output: output ?? 0,
    ...(typeof cacheRead === 'number' && { cacheRead }),
    ...(typeof cacheWrite5m === 'number' && { cacheWrite5m }),
    ...(typeof cacheWrite1h === 'number' && { cacheWrite1h }),
    ...(typeof webSearch === 'number' && { webSearch }),
  };
}

function unpackHours(hours: string, days: readonly number[] | undefined): HoursOfDay {
  const [from, to] = hours.split('-').map((time) => {
    const [hour, minute] = time.split(':').map(Number);
    return (hour ?? 0) * 3600 + (minute ?? 0) * 60;
  });
  return { fromSecond: from ?? 0, toSecond: to ?? 0, ...(days && { days }) };
}

export function unpackPrice(packed: PackedPrice): PricePeriod {
  return {
    fromMs: packed.from === undefined ? -Infinity : (parseDay(packed.from) ?? -Infinity),
    untilMs: packed.until === undefined ? Infinity : (parseDay(packed.until) ?? Infinity),
    ...(packed.hours !== undefined && { hours: unpackHours(packed.hours, packed.days) }),
    rates: unpackRates(packed.rates),
    longContext: (packed.above ?? []).map(([aboveTokens, rates]) => ({ aboveTokens, rates: unpackRates(rates) })),
  };
}

export function unpackModel(packed: PackedModel): PricedModel {
  return {
    id: packed.id,
    match: packed.match ?? [`=${packed.id.toLowerCase()}`],
    ...(packed.window !== undefined && { contextWindow: packed.window }),
    ...(packed.output !== undefined && { maxOutput: packed.output }),
    periods: packed.prices.map(unpackPrice),
  };
}

function holds(period: PricePeriod, atMs: number): boolean {
  if (atMs < period.fromMs || atMs >= period.untilMs) return false;
  if (!period.hours) return true;
  const { fromSecond, toSecond, days } = period.hours;
  const second = (((atMs % dayMs) + dayMs) % dayMs) / 1000;
  if (days && !days.includes(new Date(atMs).getUTCDay())) return false;
  return toSecond < fromSecond ? second >= fromSecond || second < toSecond : second >= fromSecond && second < toSecond;
}

/** The period whose price holds at a moment: later rows win over earlier ones. */
export function periodAt(periods: readonly PricePeriod[], atMs: number): PricePeriod | undefined {
  for (let index = periods.length - 1; index >= 0; index--) {
    const period = periods[index]!;
    if (holds(period, atMs)) return period;
  }
  return undefined;
}

/** The long-context step that a prompt of this length reaches, if any. The threshold itself still has the base price. */
export function longContextOf(period: PricePeriod, promptTokens: number): LongContext | undefined {
  let reached: LongContext | undefined;
  for (const step of period.longContext) if (promptTokens > step.aboveTokens) reached = step;
  return reached;
}
