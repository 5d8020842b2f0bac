// Reads the data of @pydantic/genai-prices (bundled or downloaded) into packed price lists. Keeps what prices tokens
// and drops the rest (audio, images, descriptions); a row that it cannot read is left out and named.

import { type MatchClause, type PackedLists, type PackedModel, type PackedPrice, type PackedRates } from './priceList';

type Json = Readonly<Record<string, unknown>>;

/** Order of `PackedRates`. */
const priceKeys = [
  'input_mtok',
  'output_mtok',
  'cache_read_mtok',
  'cache_write_mtok',
  'cache_write_1h_mtok',
  'web_searches_kcount',
] as const;

const clauseMarks: Readonly<Record<string, string>> = {
  equals: '=',
  starts_with: '^',
  ends_with: '$',
  contains: '*',
  regex: '~',
};

export interface GenaiLists {
  readonly lists: PackedLists;
  /** Rows that could not be read, one sentence each. */
  readonly problems: readonly string[];
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isRate = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

function readClause(logic: unknown): readonly MatchClause[] {
  if (!isObject(logic)) throw new Error('match rule is no object');
  const [kind, value] = Object.entries(logic)[0] ?? [];
  if (kind === 'or' && Array.isArray(value)) return value.flatMap(readClause);
  if (kind === 'and' && Array.isArray(value)) {
    const parts = value.map(readClause);
    if (parts.some((part) => part.length !== 1 || typeof part[0] !== 'string'))
      throw new Error('nested match rule is too deep');
    return [parts.map((part) => part[0] as string)];
  }
  const mark = kind === undefined ? undefined : clauseMarks[kind];
  if (mark === undefined || typeof value !== 'string') throw new Error(`unknown match rule ${String(kind)}`);
  // Ids are lower-cased before they are compared; a regular expression keeps its own case.
  return [mark + (mark === '~' ? value : value.toLowerCase())];
}

interface Tiered {
  readonly base: number;
  readonly tiers: readonly { readonly start: number; readonly price: number }[];
}

function readTiered(key: string, value: unknown): Tiered | undefined {
  if (value === undefined) return undefined;
  if (isRate(value)) return { base: value, tiers: [] };
  if (!isObject(value) || !isRate(value.base) || !Array.isArray(value.tiers)) throw new Error(`bad price ${key}`);
  const tiers = value.tiers.map((tier: unknown) => {
    if (!isObject(tier) || !isRate(tier.start) || !isRate(tier.price)) throw new Error(`bad price step in ${key}`);
    return { start: tier.start, price: tier.price };
  });
  return { base: value.base, tiers: tiers.sort((a, b) => a.start - b.start) };
}

function trim(rates: (number | null)[]): PackedRates {
  while (rates.length > 0 && rates.at(-1) === null) rates.pop();
  return rates;
}

/** Undefined if the row holds no price per token. */
function readPrices(prices: unknown): Pick<PackedPrice, 'rates' | 'above'> | undefined {
  if (!isObject(prices)) throw new Error('prices are no object');
  const rates = priceKeys.map((key) => readTiered(key, prices[key]));
  if (!rates[0] || !rates[1]) return undefined;
  const starts = [...new Set(rates.flatMap((rate) => rate?.tiers.map((tier) => tier.start) ?? []))];
  const above = starts
    .sort((a, b) => a - b)
    .map((start): [number, PackedRates] => [
      start,
      trim(rates.map((rate) => rate?.tiers.findLast((tier) => tier.start <= start)?.price ?? rate?.base ?? null)),
    ]);
  return { rates: trim(rates.map((rate) => rate?.base ?? null)), ...(above.length > 0 && { above }) };
}

const clockTime = /^(\d{2}):(\d{2}):00Z$/;

function readConstraint(constraint: unknown): Pick<PackedPrice, 'from' | 'hours'> {
  if (constraint === undefined) return {};
  if (!isObject(constraint)) throw new Error('price condition is no object');
  const { start_date: from, start_time: start, end_time: end } = constraint;
  if (typeof from === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(from)) return { from };
  if (typeof start === 'string' && typeof end === 'string' && clockTime.test(start) && clockTime.test(end))
    return { hours: `${start.slice(0, 5)}-${end.slice(0, 5)}` };
  throw new Error('unknown price condition');
}

function readModel(model: Json): PackedModel {
  const rows: unknown[] = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
  const prices = rows.flatMap((row): PackedPrice[] => {
    if (!isObject(row)) throw new Error('price row is no object');
    const read = readPrices(row.prices);
    return read ? [{ ...readConstraint(row.constraint), ...read }] : [];
  });
  const id = String(model.id);
  const match = readClause(model.match);
  const isPlain = match.length === 1 && match[0] === `=${id.toLowerCase()}`;
  return {
    id,
    ...(!isPlain && { match }),
    ...(typeof model.context_window === 'number' && { window: model.context_window }),
    prices,
  };
}

/**
 * Reads the package's provider list (its data.json, or what its `findProvider` hands out). Throws if it is no such list
 * at all. `keep` tells which providers to read; models without a price stay only where `keepsUnpriced` says so.
 */
export function readGenaiProviders(
  json: unknown,
  keep: (provider: string) => boolean = () => true,
  keepsUnpriced: (provider: string) => boolean = () => false,
): GenaiLists {
  if (!Array.isArray(json)) throw new Error('not a list of providers');
  const problems: string[] = [];
  const lists: Record<string, PackedModel[]> = {};
  for (const provider of json as unknown[]) {
    if (!isObject(provider) || typeof provider.id !== 'string' || !Array.isArray(provider.models)) {
      problems.push('a provider without id or models');
      continue;
    }
    if (!keep(provider.id)) continue;
    const models: PackedModel[] = (lists[provider.id] = []);
    for (const model of provider.models as unknown[]) {
      if (!isObject(model) || typeof model.id !== 'string') {
        problems.push(`${provider.id}: a model without an id`);
        continue;
      }
      try {
        const packed = readModel(model);
        if (packed.prices.length > 0 || keepsUnpriced(provider.id)) models.push(packed);
      } catch (error) {
        problems.push(`${provider.id}/${model.id}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return { lists, problems };
}
