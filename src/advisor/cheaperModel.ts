// A verdict, prices and the state of the cache -> one suggestion with the least it saves, or silence and why. The saving
// must survive 2.5 times the tokens and the new model reading the whole context again (reference/routing.md 4.4, 5).
// Suggests only, downwards only; whether and where it is shown is the ui's.
import { candidatesFor, costUsd, ratesAt, tokenRatio, type ModelOffer, type WorkTokens } from './modelOffer.js';
import { type Gate } from './silentGates.js';
import { type TaskVerdict } from './simpleTask.js';
import { rebuildUsd } from './switchCost.js';

/** The cheaper model may take this many times the tokens: the 84th to 98th percentile of three measured pairs. */
export const stretch = 2.5;
export const defaultFloorUsd = 0.05;

export interface MoneyFacts {
  readonly current: ModelOffer;
  /** What the same agent offers; order does not matter. */
  readonly offers: readonly ModelOffer[];
  /** Tokens of context that are in the current model's cache and would have to be written into the other's. */
  readonly cachedContextTokens: number;
  /** The whole context, cached or not. */
  readonly contextTokens: number;
  /** What sending the prompt takes on the current model at the very least (situation.ts). `undefined` where not known. */
  readonly work: WorkTokens | undefined;
  readonly floorUsd?: number;
}

export interface Suggestion {
  readonly kind: 'suggestion';
  readonly from: ModelOffer;
  readonly to: ModelOffer;
  /** The least that is saved, after the rebuild and at `stretch` times the tokens. */
  readonly savingFloorUsd: number;
  /** What reading the context again costs, already taken off. */
  readonly rebuildUsd: number;
  readonly rebuildTokens: number;
}

export interface Silence {
  readonly kind: 'silence';
  readonly why: Gate | 'not-small' | 'work-unknown' | 'no-candidate' | 'saving-too-small';
}

export function cheaperModel(
  verdict: Pick<TaskVerdict, 'gate' | 'isLikelySmall'>,
  facts: MoneyFacts,
): Suggestion | Silence {
  if (verdict.gate !== undefined) return silence(verdict.gate);
  if (!verdict.isLikelySmall) return silence('not-small');
  const { work } = facts;
  if (work === undefined) return silence('work-unknown');
  const candidates = candidatesFor(facts.current, facts.offers).filter((offer) => fits(offer, facts, work));
  if (candidates.length === 0) return silence('no-candidate');
  for (const to of candidates) {
    const suggestion = weigh(to, facts, work);
    if (suggestion.savingFloorUsd >= Math.max(facts.floorUsd ?? defaultFloorUsd, 0) && suggestion.savingFloorUsd > 0) {
      return suggestion;
    }
  }
  return silence('saving-too-small');
}

const silence = (why: Silence['why']): Silence => ({ kind: 'silence', why });

/** The longest prompt that the work may come to on the other model. */
function largestPrompt(to: ModelOffer, facts: MoneyFacts, work: WorkTokens): number {
  const grown = facts.contextTokens + stretch * (work.inputTokens + work.cacheWriteTokens + work.outputTokens);
  return grown * tokenRatio(facts.current, to);
}

function fits(offer: ModelOffer, facts: MoneyFacts, work: WorkTokens): boolean {
  return offer.contextWindow === undefined || largestPrompt(offer, facts, work) <= offer.contextWindow;
}

/**
 * The least that is saved: this work, and whatever more of it comes, costs less on the other model. So in each kind of
 * token the other must be cheaper by the whole stretch, at the dearest of its rates against the lowest of the current's.
 */
function weigh(to: ModelOffer, facts: MoneyFacts, work: WorkTokens): Suggestion {
  const { current } = facts;
  const promptTokens = largestPrompt(to, facts, work);
  const now = costUsd(work, current.rates);
  const then = costUsd(work, ratesAt(to, promptTokens)) * stretch * tokenRatio(current, to);
  const rebuild = rebuildUsd(current, to, facts.cachedContextTokens, promptTokens);
  return {
    kind: 'suggestion',
    from: current,
    to,
    savingFloorUsd: isCheaperThroughout(current, to) ? now - then - rebuild : 0,
    rebuildUsd: rebuild,
    rebuildTokens: facts.cachedContextTokens,
  };
}

function isCheaperThroughout(current: ModelOffer, to: ModelOffer): boolean {
  const times = stretch * tokenRatio(current, to);
  const steps = [to.rates, ...(to.longContext ?? []).map((step) => step.rates)];
  return (['input', 'output', 'cacheRead', 'cacheWrite'] as const).every(
    (bucket) => Math.max(...steps.map((rates) => rates[bucket])) * times <= current.rates[bucket],
  );
}
