// Checks downloaded price data before a book may use it, and says what was refused and why. Pure: the download itself
// (off unless the person asks for it) is done elsewhere, with the address and limits named here.

import { readGenaiProviders } from './genaiFormat';
import { type PackedLists, type PackedModel, type PackedPrice, type PackedRates } from './priceList';

/** Where @pydantic/genai-prices publishes its data; the same as its REMOTE_DATA_JSON_URL. */
export const refreshUrl = 'https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/new_data/v2/data.json';

/** The answer may not be longer, and not take longer. */
export const refreshLimits = { maxBytes: 5_000_000, timeoutMs: 10_000 };

/** A rate that changed by more than this factor overnight, without a start date, is taken for a mistake. */
const greatestChange = 10;

/** Without these the file is not what it should be. */
const neededProviders = ['anthropic', 'openai', 'google'];

export interface RefreshVerdict {
  /** Undefined if nothing may be used: keep the last good book. */
  readonly lists?: PackedLists;
  /** Why nothing may be used, or which rows were left out or kept as they were; one sentence each. */
  readonly reasons: readonly string[];
  /** Models that are new or whose price differs from the bundled, as `provider/id`. */
  readonly changed: readonly string[];
}

const isStrange = (fresh: number | null | undefined, known: number | null | undefined): boolean =>
  typeof fresh === 'number' &&
  typeof known === 'number' &&
  known > 0 &&
  (fresh > known * greatestChange || fresh < known / greatestChange);

function isStrangeRow(fresh: PackedRates, known: PackedRates): boolean {
  return known.some((rate, index) => isStrange(fresh[index], rate));
}

const undated = (model: PackedModel): PackedPrice | undefined =>
  model.prices.find((price) => price.from === undefined && price.hours === undefined);

/** The base price moved too far without saying since when. A new dated row beside an unmoved base is fine. */
function isStrangeModel(fresh: PackedModel, known: PackedModel): boolean {
  const [before, after] = [undated(known), undated(fresh)];
  return before !== undefined && after !== undefined && isStrangeRow(after.rates, before.rates);
}

function mergeProvider(
  provider: string,
  fresh: readonly PackedModel[],
  known: readonly PackedModel[],
  reasons: string[],
  changed: string[],
): readonly PackedModel[] {
  const knownById = new Map(known.map((model) => [model.id, model]));
  return fresh.map((model) => {
    const before = knownById.get(model.id);
    if (!before) {
      changed.push(`${provider}/${model.id}`);
      return model;
    }
    if (isStrangeModel(model, before)) {
      reasons.push(
        `${provider}/${model.id}: a rate changed more than ${greatestChange} times without a date; the old price is kept`,
      );
      return before;
    }
    if (JSON.stringify(model.prices) !== JSON.stringify(before.prices)) changed.push(`${provider}/${model.id}`);
    return model;
  });
}

/** Is this parsed JSON price data that may be used beside the bundled lists? Never throws. */
export function checkRefreshed(json: unknown, bundled: PackedLists): RefreshVerdict {
  const reasons: string[] = [];
  const changed: string[] = [];
  let fresh: PackedLists;
  try {
    const read = readGenaiProviders(
      json,
      (provider) => provider in bundled,
      (provider) => provider === 'github-copilot',
    );
    fresh = read.lists;
    reasons.push(...read.problems.map((problem) => `${problem}; left out`));
  } catch (error) {
    return { reasons: [`not price data: ${error instanceof Error ? error.message : String(error)}`], changed };
  }
  const missing = neededProviders.filter(
    (provider) => (fresh[provider]?.length ?? 0) * 2 < (bundled[provider]?.length ?? 0),
  );
  if (missing.length > 0) return { reasons: [`most models of ${missing.join(', ')} are missing`], changed };
  const lists = Object.fromEntries(
    Object.entries(fresh).map(([provider, models]) => [
      provider,
      mergeProvider(provider, models, bundled[provider] ?? [], reasons, changed),
    ]),
  );
  return { lists, reasons, changed };
}
