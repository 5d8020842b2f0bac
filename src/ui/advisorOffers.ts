// The models that could be advised, with their prices, from the ledger's worker: which one an agent's person could switch
// to, of the same maker, at the prices of a moment. Keeps answers for a day; knows no prompt.
import { offersOf, offerOf, type CacheTtl, type ModelOffer, type RatesBook } from '../advisor/modelOffer';
import { type LedgerClient } from '../ledger/ledgerClient';
import { type ModelFacts } from '../ledger/ledger';
import { tierOf } from '../pricing/tiers';

const dayMs = 24 * 60 * 60 * 1000;

/** Agents whose plan prices a model by its own rules: list prices say nothing about what a switch changes there. */
const withOwnPrices: ReadonlySet<string> = new Set(['copilot-chat', 'copilot-cli', 'cursor', 'amp', 'zed']);

export class AdvisorOffers {
  readonly #facts = new Map<string, Promise<ModelFacts>>();
  #known: Promise<readonly string[]> | undefined;

  constructor(private readonly ledger: Pick<LedgerClient, 'modelFacts' | 'knownModels'>) {}

  /** Prices or settings have changed. */
  forget(): void {
    this.#facts.clear();
    this.#known = undefined;
  }

  /** `undefined` where the price or the tier is not exactly known. */
  async offer(model: string, atMs: number, ttl: CacheTtl = '5m'): Promise<ModelOffer | undefined> {
    if (tierOf(model) === undefined) return undefined;
    return offerOf(model, atMs, bookOf(await this.#factsOf(model, atMs)), tierOf, ttl);
  }

  /** What the same agent's person could use instead of `model`; `used`: what their log shows of late. */
  async offers(
    agent: string,
    model: string,
    atMs: number,
    ttl: CacheTtl = '5m',
    used: readonly string[] = [],
  ): Promise<readonly ModelOffer[]> {
    const place = tierOf(model);
    if (place === undefined || withOwnPrices.has(agent)) return [];
    this.#known ??= this.ledger.knownModels();
    const ids = offersOf(place.provider, await this.#known, used, tierOf);
    const offers = await Promise.all(ids.map((id) => this.offer(id, atMs, ttl)));
    return offers.filter((offer) => offer !== undefined);
  }

  #factsOf(model: string, atMs: number): Promise<ModelFacts> {
    const key = `${Math.floor(atMs / dayMs)} ${model}`;
    const known = this.#facts.get(key);
    if (known) return known;
    const facts = this.ledger.modelFacts(model, atMs);
    facts.catch(() => this.#facts.delete(key));
    this.#facts.set(key, facts);
    return facts;
  }
}

/** One model's facts in the shape that the advisor asks a price book in. */
function bookOf({ status, rates, longContext = [], contextWindow }: ModelFacts): RatesBook {
  return {
    rates: () => ({ status, ...(rates ? { rates } : {}), longContext }),
    limits: () => (contextWindow === undefined ? {} : { contextWindow }),
  };
}
