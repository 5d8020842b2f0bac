// Why spend changed from one week to the next, in five parts that sum to the change: volume, model mix, caching, list
// prices, and what comes on top of list prices. Works on the base price of each bucket, step by step, so that nothing is
// left over: volume scales the week before, mix shifts it between models, caching shifts each prompt between buckets,
// price puts this week's rates in place of the last one's; surcharges are what the sums cost beside the base price.
import { type Bucket, type ModelUse } from '../ledger/weekFacts';

export interface SpendChange {
  readonly beforeUsd: number;
  readonly nowUsd: number;
  /** In US dollars; their sum is `nowUsd - beforeUsd`. */
  readonly volumeUsd: number;
  readonly mixUsd: number;
  readonly cacheUsd: number;
  readonly priceUsd: number;
  readonly surchargeUsd: number;
}

const promptBuckets = ['input', 'cacheWrite5m', 'cacheWrite1h', 'cacheRead'] as const satisfies readonly Bucket[];

/** One model in both weeks, by prompt and output. */
interface Pair {
  readonly promptBefore: number;
  readonly promptNow: number;
  readonly outputBefore: number;
  readonly outputNow: number;
  /** Dollars a prompt token, split between the buckets as the week before did, at its rates. */
  readonly promptRate: number;
  /** The same, split as this week does. */
  readonly promptRateSplitNow: number;
  readonly outputRate: number;
}

export function spendChange(before: readonly ModelUse[], now: readonly ModelUse[]): SpendChange {
  const keys = new Set([...before, ...now].map(keyOf));
  const pairs = [...keys].map((key) =>
    pairOf(
      before.find((use) => keyOf(use) === key),
      now.find((use) => keyOf(use) === key),
    ),
  );
  const sum = (of: (pair: Pair) => number) => pairs.reduce((total, pair) => total + of(pair), 0);
  const all = (uses: readonly ModelUse[], of: (use: ModelUse) => number) =>
    uses.reduce((total, use) => total + of(use), 0);
  const baseBefore = all(before, baseOf);
  const baseNow = all(now, baseOf);
  const atOldRates = sum((pair) => pair.promptNow * pair.promptRateSplitNow + pair.outputNow * pair.outputRate);
  const oldSplit = sum((pair) => pair.promptNow * pair.promptRate + pair.outputNow * pair.outputRate);
  const promptScale = ratio(
    sum((pair) => pair.promptNow),
    sum((pair) => pair.promptBefore),
  );
  const outputScale = ratio(
    sum((pair) => pair.outputNow),
    sum((pair) => pair.outputBefore),
  );
  // After a week without use there is nothing to scale: all is volume.
  const scaled =
    before.length === 0
      ? oldSplit
      : sum(
          (pair) =>
            pair.promptBefore * promptScale * pair.promptRate + pair.outputBefore * outputScale * pair.outputRate,
        );
  const beforeUsd = all(before, ({ usd }) => usd);
  const nowUsd = all(now, ({ usd }) => usd);
  return {
    beforeUsd,
    nowUsd,
    volumeUsd: scaled - baseBefore,
    mixUsd: oldSplit - scaled,
    cacheUsd: atOldRates - oldSplit,
    priceUsd: baseNow - atOldRates,
    surchargeUsd: nowUsd - baseNow - (beforeUsd - baseBefore),
  };
}

const keyOf = ({ agent, model }: ModelUse): string => `${agent}\n${model}`;

function ratio(now: number, before: number): number {
  return before === 0 ? 0 : now / before;
}

function baseOf({ baseUsd }: ModelUse): number {
  return promptBuckets.reduce((sum, bucket) => sum + baseUsd[bucket], baseUsd.output);
}

const promptOf = (use: ModelUse | undefined): number =>
  use ? promptBuckets.reduce((sum, bucket) => sum + use.tokens[bucket], 0) : 0;

/** A model that is new this week has no split of its own before: this week's stands for it, and it is mix alone. */
function pairOf(before: ModelUse | undefined, now: ModelUse | undefined): Pair {
  const any = (before ?? now)!;
  const rateOf = (bucket: Bucket): number => {
    if (before && before.tokens[bucket] > 0) return before.baseUsd[bucket] / before.tokens[bucket];
    if (any.ratesBefore[bucket] > 0) return any.ratesBefore[bucket];
    // No price was known then: this week's, so that no price effect is made up.
    return now && now.tokens[bucket] > 0 ? now.baseUsd[bucket] / now.tokens[bucket] : 0;
  };
  const rateWith = (use: ModelUse | undefined): number => {
    const prompt = promptOf(use);
    return use && prompt > 0
      ? promptBuckets.reduce((sum, bucket) => sum + (use.tokens[bucket] / prompt) * rateOf(bucket), 0)
      : 0;
  };
  const hadPrompts = promptOf(before) > 0;
  return {
    promptBefore: promptOf(before),
    promptNow: promptOf(now),
    outputBefore: before?.tokens.output ?? 0,
    outputNow: now?.tokens.output ?? 0,
    promptRate: rateWith(hadPrompts ? before : now),
    promptRateSplitNow: rateWith(promptOf(now) > 0 ? now : before),
    outputRate: rateOf('output'),
  };
}

/**
 * Amounts in whole cents whose sum is `total` cents (at most one off their own sum): what rounding leaves goes to those
 * that it changes least.
 */
export function inCents(amounts: readonly number[], total: number): number[] {
  const exact = amounts.map((amount) => amount * 100);
  const cents = exact.map((amount) => Math.round(amount));
  for (let left = total - cents.reduce((sum, cent) => sum + cent, 0); left !== 0 && cents.length > 0;) {
    const step = Math.sign(left);
    const errors = exact.map((amount, index) => (amount - cents[index]!) * step);
    cents[errors.indexOf(Math.max(...errors))]! += step;
    left -= step;
  }
  return cents;
}
