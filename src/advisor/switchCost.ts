// What it costs to change the model inside a session: the new model has to read the whole context afresh, while the old
// one has it cached (asked for in openai/codex #19877). The other direction of the advice, and often the dearer mistake.
import { candidatesFor, ratesAt, tokenRatio, type ModelOffer } from './modelOffer.js';

/**
 * The extra cost of the first call after a switch: the context written into the new model's cache instead of read from
 * it. Never below zero.
 */
export function rebuildUsd(
  from: ModelOffer,
  to: ModelOffer,
  contextTokens: number,
  promptTokens = contextTokens,
): number {
  const rates = ratesAt(to, promptTokens);
  return Math.max(0, (contextTokens * tokenRatio(from, to) * (rates.cacheWrite - rates.cacheRead)) / 1e6);
}

export interface SwitchFacts {
  readonly from: ModelOffer;
  readonly to: ModelOffer;
  /** Tokens of the session's context. */
  readonly contextTokens: number;
  /** Is the context still in the old model's cache? */
  readonly isWarm: boolean;
}

export interface SwitchCost {
  /** What the next call's context costs if one stays, and if one switches now. */
  readonly stayUsd: number;
  readonly switchUsd: number;
  /** Above zero: switching costs this much more on the next call. */
  readonly extraUsd: number;
  readonly contextTokens: number;
  /** Calls of the same size after which the lower price has paid for the switch; `undefined` where it never does. */
  readonly callsToPayBack: number | undefined;
}

/** Compares the next call's context alone: output and new input cost what they cost on either. */
export function switchCost({ from, to, contextTokens, isWarm }: SwitchFacts): SwitchCost {
  const there = contextTokens * tokenRatio(from, to);
  const staying = ratesAt(from, contextTokens);
  const moving = ratesAt(to, there);
  const stayUsd = (contextTokens * (isWarm ? staying.cacheRead : staying.cacheWrite)) / 1e6;
  const switchUsd = (there * moving.cacheWrite) / 1e6;
  const gainPerCall = (contextTokens * staying.cacheRead - there * moving.cacheRead) / 1e6;
  const extraUsd = switchUsd - stayUsd;
  return {
    stayUsd,
    switchUsd,
    extraUsd,
    contextTokens,
    callsToPayBack: extraUsd <= 0 ? 0 : gainPerCall > 0 ? Math.ceil(extraUsd / gainPerCall) : undefined,
  };
}

export const defaultWarningUsd = 0.05;

/** A session as it stands, as far as a change of its model goes. */
export interface WarmSession {
  readonly current: ModelOffer;
  /** What the same agent offers, larger and smaller. */
  readonly offers: readonly ModelOffer[];
  readonly contextTokens: number;
  readonly isWarm: boolean;
}

export interface SwitchWarning {
  readonly from: ModelOffer;
  readonly to: ModelOffer;
  /** What the next call costs more if one switches now. */
  readonly extraUsd: number;
  readonly contextTokens: number;
  /** Calls until a lower price has paid for it; `undefined` = never. */
  readonly callsToPayBack: number | undefined;
}

/**
 * What switching now would cost more than staying, the dearest first, for each model where that is at least `leastUsd`
 * (-Infinity: for all of them). Empty where the context is cold, for then waiting for a fresh start gains nothing.
 */
export function switchWarnings(session: WarmSession, leastUsd = defaultWarningUsd): readonly SwitchWarning[] {
  const { current: from, contextTokens, isWarm } = session;
  return session.offers
    .filter((to) => to.id !== from.id && fitsContext(to, from, contextTokens))
    .map((to) => ({ to, cost: switchCost({ from, to, contextTokens, isWarm }) }))
    .filter(({ cost }) => shouldWarn(cost, isWarm, leastUsd))
    .map(({ to, cost }) => ({
      from,
      to,
      extraUsd: cost.extraUsd,
      contextTokens,
      callsToPayBack: cost.callsToPayBack,
    }))
    .sort((a, b) => b.extraUsd - a.extraUsd);
}

/** The one warning for a place with room for one: the nearest smaller model, for that is the switch people make to save. */
export function switchWarning(session: WarmSession, leastUsd = defaultWarningUsd): SwitchWarning | undefined {
  const smaller = candidatesFor(session.current, session.offers);
  const warnings = switchWarnings(session, leastUsd);
  return smaller.flatMap((to) => warnings.filter((warning) => warning.to.id === to.id))[0];
}

function fitsContext(to: ModelOffer, from: ModelOffer, contextTokens: number): boolean {
  return to.contextWindow === undefined || contextTokens * tokenRatio(from, to) <= to.contextWindow;
}

/** Is it worth a warning? Only where the context is warm, so that waiting for a fresh start really costs nothing. */
export function shouldWarn(cost: SwitchCost, isWarm: boolean, leastUsd = defaultWarningUsd): boolean {
  return isWarm && cost.extraUsd >= leastUsd;
}
