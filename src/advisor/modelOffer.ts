// A model as the advisor needs it: its place in its maker's family, its plain rates, its tokenizer. Prices come in as
// numbers; where they come from is pricing/'s. Every calculation here errs against the saving.

/** US dollars per million tokens. */
export interface PlainRates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

export type Tier = 'frontier' | 'balanced' | 'small';

export interface ModelOffer {
  readonly id: string;
  readonly provider: string;
  readonly family: string;
  readonly tier: Tier;
  /** Above its maker's flagship. */
  readonly isTop?: boolean;
  readonly generation?: number;
  readonly tokenizer?: string;
  readonly contextWindow?: number;
  readonly rates: PlainRates;
  /** Rates of the whole call once its prompt is longer, ascending. */
  readonly longContext?: readonly { readonly aboveTokens: number; readonly rates: PlainRates }[];
}

/** Tokens of one or more calls, buckets disjoint. */
export interface WorkTokens {
  readonly inputTokens: number;
  readonly cacheWriteTokens: number;
  readonly cacheReadTokens: number;
  readonly outputTokens: number;
}

/** As pricing/'s price book answers; no more of it is used. */
export interface RatesBook {
  rates(
    model: string,
    atMs: number,
  ): {
    readonly status: string;
    readonly rates?: ListedRates;
    readonly longContext: readonly { readonly aboveTokens: number; readonly rates: ListedRates }[];
  };
  limits(model: string): { readonly contextWindow?: number };
}

interface ListedRates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite5m?: number;
  readonly cacheWrite1h?: number;
}

/** How long the agent has the provider keep what it caches: the longer, the dearer to write. */
export type CacheTtl = '5m' | '1h';

/** As pricing/tiers.ts answers. */
export interface TierPlace {
  readonly provider: string;
  readonly tier: Tier;
  readonly isTop: boolean;
  readonly family: string;
  readonly generation?: number;
  readonly tokenizer: string;
}

/** `undefined` where the price is not exactly known or no tier is: no advice is built on a guess. */
export function offerOf(
  model: string,
  atMs: number,
  book: RatesBook,
  tierOf: (model: string) => TierPlace | undefined,
  ttl: CacheTtl = '5m',
): ModelOffer | undefined {
  const place = tierOf(model);
  const answer = book.rates(model, atMs);
  if (place === undefined || answer.rates === undefined || answer.status !== 'exact') return undefined;
  const { contextWindow } = book.limits(model);
  return {
    id: model,
    provider: place.provider,
    family: place.family,
    tier: place.tier,
    isTop: place.isTop,
    ...(place.generation !== undefined && { generation: place.generation }),
    tokenizer: place.tokenizer,
    ...(contextWindow !== undefined && { contextWindow }),
    rates: plain(answer.rates, ttl),
    longContext: answer.longContext.map(({ aboveTokens, rates }) => ({ aboveTokens, rates: plain(rates, ttl) })),
  };
}

/** An absent cache rate is the input rate: never free. */
function plain(rates: ListedRates, ttl: CacheTtl): PlainRates {
  const shortWrite = rates.cacheWrite5m ?? rates.input;
  return {
    input: rates.input,
    output: rates.output,
    cacheRead: rates.cacheRead ?? rates.input,
    cacheWrite: ttl === '1h' ? (rates.cacheWrite1h ?? shortWrite) : shortWrite,
  };
}

/** The rates of a call whose whole prompt is this long. */
export function ratesAt(offer: ModelOffer, promptTokens: number): PlainRates {
  return offer.longContext?.findLast((step) => promptTokens > step.aboveTokens)?.rates ?? offer.rates;
}

export function costUsd(work: WorkTokens, rates: PlainRates): number {
  return (
    (work.inputTokens * rates.input +
      work.cacheWriteTokens * rates.cacheWrite +
      work.cacheReadTokens * rates.cacheRead +
      work.outputTokens * rates.output) /
    1e6
  );
}

// platform.claude.com, Haiku 5.5 overview: Claude 4.7 and later count about 30 % more tokens for the same text.
const newClaudeTokens = 1.3;
/** Between makers a text's count differs either way: the worse way is assumed. */
const otherMakersTokens = 1.3;

/** How many tokens `to` counts for one that `from` counts: never less than is likely. */
export function tokenRatio(from: ModelOffer, to: ModelOffer): number {
  if (from.provider !== to.provider) return otherMakersTokens;
  if (from.tokenizer === 'claude-old' && to.tokenizer === 'claude-new') return newClaudeTokens;
  if (from.tokenizer === 'claude-new' && to.tokenizer === 'claude-old') return 1 / newClaudeTokens;
  return 1;
}

const rank: Readonly<Record<Tier, number>> = { frontier: 2, balanced: 1, small: 0 };
const rankOf = (offer: ModelOffer): number => (offer.isTop === true ? 3 : rank[offer.tier]);

/**
 * Which of the offers may be suggested instead of `current`: a smaller tier of the same maker, or the same family's newer
 * member. Never a larger one, never another maker's. The nearest tier first, in it the newest.
 */
export function candidatesFor(current: ModelOffer, offers: readonly ModelOffer[]): readonly ModelOffer[] {
  return offers
    .filter((offer) => {
      if (offer.provider !== current.provider || offer.id === current.id || rankOf(offer) > rankOf(current))
        return false;
      if (rankOf(offer) < rankOf(current)) return true;
      return offer.family === current.family && (offer.generation ?? 0) > (current.generation ?? Infinity);
    })
    .sort((a, b) => rankOf(b) - rankOf(a) || (b.generation ?? 0) - (a.generation ?? 0) || (a.id < b.id ? -1 : 1));
}

/** Ids that are no model to work with: other kinds of output, private copies, names that move. */
const notForWork = /tts|image|audio|realtime|transcribe|vision|research|latest|preview|customtools|ft[-:]|:/;

/**
 * What an agent that speaks to one maker can be told to use: of each tier the newest model on the maker's list, and what
 * this person's log shows in use. Older ones of the list are left out: many are retired, and a low old price is no offer.
 */
export function offersOf(
  provider: string,
  known: readonly string[],
  used: readonly string[],
  tierOf: (model: string) => TierPlace | undefined,
): readonly string[] {
  const newest = new Map<Tier, { readonly id: string; readonly generation: number }>();
  for (const id of [...known].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))) {
    const place = tierOf(id);
    if (place?.provider !== provider || place.isTop || place.generation === undefined || notForWork.test(id)) continue;
    const before = newest.get(place.tier);
    if (before === undefined || place.generation > before.generation)
      newest.set(place.tier, { id, generation: place.generation });
  }
  const own = used.filter((id) => tierOf(id)?.provider === provider);
  return [...new Set([...[...newest.values()].map(({ id }) => id), ...own])];
}
