// The price book: model id as logged -> rates on a day, with a status that says how sure they are. Order of the sources
// and why: the person's own rows, our dated corrections, genai-prices, models.dev's first-party lists, our gap rows.
// Knows no clock and no network; refreshed data is handed in.

import { bundledPrices } from './bundledPrices';
import {
  type CallCost,
  type PriceSource,
  type PriceStatus,
  type PriceableCall,
  priceTokens,
  promptTokensOf,
  withClaudeHour,
} from './cost';
import { type ModelHint, type ModelReading, readModelId } from './modelId';
import { type Modifiers, modifiersOf, unmodified } from './modifiers';
import { overlayText } from './overlay';
import { type PricePeriod, type Rates, periodAt } from './priceList';
import {
  type BundledPrices,
  type Candidate,
  type ModelLimits,
  PriceSources,
  type RefreshedPrices,
} from './priceSources';
import { type RawPriceSettings, type ReadPriceSettings, matchesPattern, readPriceSettings } from './settings';

export interface PriceSettings extends RawPriceSettings {
  readonly refreshed?: RefreshedPrices;
}

/** What is known of a model's price on a day. */
export interface RatesAnswer {
  readonly status: PriceStatus;
  /** The provider whose list it is, and the model's id there. */
  readonly provider?: string;
  readonly model?: string;
  readonly source?: PriceSource;
  /** `provider/model` of the price row. */
  readonly matched?: string;
  /** As listed (an absent bucket is priced by `fillRates`), with the modifiers that the id itself asks for. */
  readonly rates?: Rates;
  /** The same above each long-context step. */
  readonly longContext: readonly { readonly aboveTokens: number; readonly rates: Rates }[];
  readonly modifiers: readonly string[];
  /** The day of the source: `YYYY-MM-DD`. */
  readonly asOf?: string;
}

/** All price rows that a model may have, best first: the first that holds on a day is its price. */
interface Resolved {
  /** What is said when no candidate holds. */
  readonly fallback: PriceStatus;
  readonly candidates: readonly Candidate[];
  /** Listed by Copilot without a charge. */
  readonly isIncluded: boolean;
  /** The person said that it is in a plan. */
  readonly isFlatRate: boolean;
  readonly reading: ModelReading;
}

/** Raise it with any change of the rules (spellings, matching, modifiers, arithmetic) that can change a price. */
const rulesVersion = 1;

/** 32-bit FNV-1a, base 36: short, stable, no secret. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}

const noModifiers: readonly string[] = [];
const unpricedCost: CallCost = { status: 'unpriced', modifiers: noModifiers };
const localCost: CallCost = { status: 'local', modifiers: noModifiers };
const flatRateCost: CallCost = {
  status: 'included',
  usd: 0,
  parts: { input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0, webSearch: 0 },
  source: 'user',
  modifiers: noModifiers,
};

/** Rates of every model that agents log, on every day. Build one per change of the settings; asking is cheap. */
export class PriceBook {
  /** The day of the price data: of the refreshed, else of the bundled. `YYYY-MM-DD`. */
  readonly asOf: string;
  /** Changes whenever any price could have changed. */
  readonly version: string;
  /** Bad rows of the person's settings, one sentence each. */
  readonly problems: readonly string[];

  private readonly settings: ReadPriceSettings;
  private readonly sources: PriceSources;
  private readonly resolved = new Map<string, Resolved>();
  private readonly limitsOf = new Map<ModelReading, ModelLimits>();

  constructor(settings: PriceSettings = {}, bundled: BundledPrices = bundledPrices()) {
    this.settings = readPriceSettings(settings);
    this.problems = this.settings.problems;
    // After an update of the program the bundled prices may be the newer ones.
    const refreshed =
      settings.refreshed && settings.refreshed.asOf > bundled.genai.asOf ? settings.refreshed : undefined;
    this.sources = new PriceSources(bundled, refreshed);
    this.asOf = refreshed?.asOf ?? bundled.genai.asOf;
    const parts = [
      rulesVersion,
      bundled.genai.version,
      bundled.modelsDev.version,
      overlayText,
      refreshed,
      settings.overrides,
      settings.aliases,
      settings.flatRate,
    ];
    this.version = `${this.asOf}.${digest(JSON.stringify(parts))}`;
  }

  /** What one call costs at list prices. Never throws. */
  cost(call: PriceableCall): CallCost {
    const resolved = this.resolve(call.model, call.provider, call.agent);
    if (resolved.isFlatRate) return flatRateCost;
    const found = candidateAt(resolved, call.atMs);
    if (!found) return resolved.fallback === 'local' ? localCost : unpricedCost;
    const { candidate, period } = found;
    const modifiers = modifiersOfCall(candidate, call);
    const priced = priceTokens(call, period, candidate.isClaude, modifiers.factor);
    return {
      status: statusOf(resolved, candidate, modifiers),
      usd: priced.usd,
      parts: priced.parts,
      source: candidate.source,
      matched: `${candidate.provider}/${candidate.model}`,
      modifiers: modifiers.names,
      ...(priced.tierAboveTokens !== undefined && { tierAboveTokens: priced.tierAboveTokens }),
    };
  }

  /** The rates of a model at a moment (epoch milliseconds). */
  rates(model: string, atMs: number, hint?: ModelHint): RatesAnswer {
    const resolved = this.resolve(model, hint?.provider, hint?.agent);
    const found = candidateAt(resolved, atMs);
    if (resolved.isFlatRate) return { status: 'included', source: 'user', longContext: [], modifiers: noModifiers };
    if (!found) return { status: resolved.fallback, longContext: [], modifiers: noModifiers };
    const { candidate, period } = found;
    const modifiers = modifiersOfId(candidate);
    const scaled = (rates: Rates): Rates => scale(withClaudeHour(rates, candidate.isClaude), modifiers.factor);
    return {
      status: statusOf(resolved, candidate, modifiers),
      provider: candidate.provider,
      model: candidate.model,
      source: candidate.source,
      matched: `${candidate.provider}/${candidate.model}`,
      rates: scaled(period.rates),
      longContext: period.longContext.map(({ aboveTokens, rates }) => ({ aboveTokens, rates: scaled(rates) })),
      modifiers: modifiers.names,
      asOf: candidate.asOf,
    };
  }

  /** Ids of all models on their makers' own lists, our own rows included, each once, sorted: for choosing one. */
  knownModels(): readonly string[] {
    const isExact = (id: string): boolean =>
      this.resolve(id, undefined, undefined).candidates.some(({ status }) => status === 'exact');
    return this.sources.ids().filter(isExact).sort();
  }

  /** The model's limits in tokens, where known. */
  limits(model: string, hint?: ModelHint): ModelLimits {
    const { reading } = this.resolve(model, hint?.provider, hint?.agent);
    let limits = this.limitsOf.get(reading);
    if (!limits) this.limitsOf.set(reading, (limits = this.sources.limits(reading)));
    return limits;
  }

  private resolve(model: string, provider: string | undefined, agent: string | undefined): Resolved {
    const key = `${model}\n${provider ?? ''}\n${agent ?? ''}`;
    let resolved = this.resolved.get(key);
    if (!resolved) {
      const hint = { ...(provider !== undefined && { provider }), ...(agent !== undefined && { agent }) };
      this.resolved.set(key, (resolved = this.lookUp(model, hint, 0)));
    }
    return resolved;
  }

  private lookUp(model: string, hint: ModelHint, depth: number): Resolved {
    const id = model.trim().toLowerCase();
    const names = hint.provider === undefined ? [id] : [id, `${hint.provider.toLowerCase()}/${id}`];
    const own = this.ownRows(names, id);
    const alias = names.map((name) => this.settings.aliases.get(name)).find((target) => target !== undefined);
    if (alias !== undefined && depth < 3) {
      const target = this.lookUp(alias, {}, depth + 1);
      return { ...target, candidates: [...own, ...target.candidates] };
    }
    const isFlatRate =
      own.length === 0 && this.settings.flatRate.some((pattern) => names.some((name) => matchesPattern(pattern, name)));
    const reading = readModelId(model, hint);
    const listed = reading.kind === 'model' ? this.sources.candidates(reading) : [];
    return {
      fallback: reading.kind === 'local' ? 'local' : 'unpriced',
      candidates: [...own, ...listed],
      isIncluded: own.length === 0 && reading.isCopilot && this.sources.isFreeOnCopilot(reading),
      isFlatRate,
      reading,
    };
  }

  private ownRows(names: readonly string[], id: string): readonly Candidate[] {
    return this.settings.overrides
      .filter(({ match }) => names.some((name) => matchesPattern(match, name)))
      .map(({ match, period, from }): Candidate => ({
        status: 'exact',
        source: 'user',
        provider: 'user',
        model: match,
        periods: [period],
        isClaude: id.includes('claude'),
        isFast: false,
        isRegional: false,
        asOf: from ?? this.asOf,
      }))
      .reverse();
  }
}

function candidateAt(resolved: Resolved, atMs: number): { candidate: Candidate; period: PricePeriod } | undefined {
  for (const candidate of resolved.candidates) {
    const period = periodAt(candidate.periods, atMs);
    if (period) return { candidate, period };
  }
  return undefined;
}

function modifiersOfCall(candidate: Candidate, call: PriceableCall): Modifiers {
  const { provider, model, isFast, isRegional } = candidate;
  if (!call.serviceTier && !call.speed && !call.region && !isFast && !isRegional) return unmodified;
  const { serviceTier, speed, region } = call;
  return modifiersOf(
    {
      ...(serviceTier !== undefined && { serviceTier }),
      ...(speed !== undefined && { speed }),
      ...(region !== undefined && { region }),
      isFastId: isFast,
      isRegionalEndpoint: isRegional,
      promptTokens: promptTokensOf(call),
    },
    provider,
    model,
  );
}

/** The modifiers that the id alone asks for. */
function modifiersOfId({ provider, model, isFast, isRegional }: Candidate): Modifiers {
  return modifiersOf({ isFastId: isFast, isRegionalEndpoint: isRegional }, provider, model);
}

function statusOf(resolved: Resolved, candidate: Candidate, modifiers: Modifiers): PriceStatus {
  if (resolved.isIncluded) return 'included';
  return modifiers.isUncertain ? 'estimated' : candidate.status;
}

function scale(rates: Rates, factor: number): Rates {
  if (factor === 1) return rates;
  const { webSearch, ...tokens } = rates;
  const scaled: Record<string, number> = webSearch === undefined ? {} : { webSearch };
  for (const [bucket, rate] of Object.entries(tokens)) scaled[bucket] = rate * factor;
  return scaled as unknown as Rates;
}
