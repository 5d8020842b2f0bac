// What the person may set about prices: own rates, aliases, models in a flat-rate plan, plans. Takes the settings as
// unknown JSON; a bad row is named and left out, the others stand. Reads no settings itself.

import { type PackedRates, type PricePeriod, parseDay, unpackPrice } from './priceList';

export interface PriceOverride {
  /** A model id or a pattern with `*` and `?`, lower case; compared with the id as logged and with `provider/id`. */
  readonly match: string;
  readonly period: PricePeriod;
  /** First day, as written. */
  readonly from?: string;
  readonly note?: string;
}

export interface Plan {
  /** Id of the agent that the plan pays for. */
  readonly tool: string;
  readonly name: string;
  readonly usdPerMonth: number;
}

/** The settings as they come, unchecked. */
export interface RawPriceSettings {
  readonly overrides?: unknown;
  readonly aliases?: unknown;
  readonly flatRate?: unknown;
}

export interface ReadPriceSettings {
  readonly overrides: readonly PriceOverride[];
  /** Lower-cased id as logged -> id to price it as. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly flatRate: readonly string[];
  /** One sentence per bad row, naming it and what it needs. */
  readonly problems: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Beyond this a rate is a slip of the pen: the dearest list price is 600 dollars per million tokens. */
const highestRate = 10_000;

/** A bad value throws a sentence's end; the reader of rows puts the row's name before it. */
function rate(row: Json, key: string): number | null {
  const value = row[key];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new Error(`"${key}" must be a number of dollars per million tokens`);
  if (value < 0) throw new Error(`"${key}" must not be negative`);
  if (value > highestRate)
    throw new Error(
      `"${key}" is above ${highestRate} dollars per million tokens; give dollars per million, not per token`,
    );
  return value;
}

function neededRate(row: Json, key: string): number {
  const value = rate(row, key);
  if (value === null) throw new Error(`"${key}" is missing: give dollars per million tokens`);
  return value;
}

function ratesOf(row: Json): PackedRates {
  return [
    neededRate(row, 'input'),
    neededRate(row, 'output'),
    rate(row, 'cacheRead'),
    rate(row, 'cacheWrite5m'),
    rate(row, 'cacheWrite1h'),
    rate(row, 'webSearch'),
  ];
}

function day(row: Json, key: string): string | undefined {
  const value = row[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || parseDay(value) === undefined)
    throw new Error(`"${key}" must be a day such as 2026-10-01`);
  return value;
}

function longContext(row: Json, base: PackedRates): [number, PackedRates][] {
  const long = row.longContext;
  if (long === undefined || long === null) return [];
  if (!isObject(long)) throw new Error('"longContext" must be an object with "above" and rates');
  const above = long.above;
  if (typeof above !== 'number' || !Number.isInteger(above) || above < 1)
    throw new Error('"longContext.above" must be a whole number of tokens');
  const keys = ['input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'webSearch'];
  const inputFactor = typeof long.input === 'number' && base[0] ? long.input / base[0] : 1;
  // An input-side rate that the row leaves open grows as the input rate does.
  const open = (index: number): number | null => {
    const value = base[index] ?? null;
    return value === null || index === 1 || index === 5 ? value : value * inputFactor;
  };
  return [[above, keys.map((key, index) => rate(long, key) ?? open(index))]];
}

function readOverride(row: unknown): PriceOverride {
  if (!isObject(row)) throw new Error('must be an object with "match", "input" and "output"');
  const { match, note } = row;
  if (typeof match !== 'string' || match.trim() === '')
    throw new Error('"match" is missing: give a model id or a pattern such as my-gateway/*');
  const rates = ratesOf(row);
  const from = day(row, 'from');
  const until = day(row, 'until');
  if (from !== undefined && until !== undefined && until <= from) throw new Error('"until" must be later than "from"');
  const above = longContext(row, rates);
  return {
    match: match.trim().toLowerCase(),
    period: unpackPrice({ rates, above, ...(from !== undefined && { from }), ...(until !== undefined && { until }) }),
    ...(from !== undefined && { from }),
    ...(typeof note === 'string' && { note }),
  };
}

function readRows<Row>(json: unknown, name: string, problems: string[], read: (row: unknown) => Row): readonly Row[] {
  if (json === undefined || json === null) return [];
  if (!Array.isArray(json)) {
    problems.push(`${name}: must be a list`);
    return [];
  }
  return (json as unknown[]).flatMap((row, index): Row[] => {
    try {
      return [read(row)];
    } catch (error) {
      const match = isObject(row) && typeof row.match === 'string' ? ` (${row.match})` : '';
      problems.push(`${name}, row ${index + 1}${match}: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  });
}

function readAliases(json: unknown, problems: string[]): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  if (json === undefined || json === null) return aliases;
  if (!isObject(json)) {
    problems.push('aliases: must be an object of logged id and known id');
    return aliases;
  }
  for (const [id, target] of Object.entries(json)) {
    if (typeof target !== 'string' || target.trim() === '') problems.push(`aliases, ${id}: must name a known model id`);
    else if (target.trim().toLowerCase() === id.trim().toLowerCase()) problems.push(`aliases, ${id}: names itself`);
    else aliases.set(id.trim().toLowerCase(), target.trim());
  }
  return aliases;
}

/** Checks the price settings row by row. */
export function readPriceSettings(settings: RawPriceSettings): ReadPriceSettings {
  const problems: string[] = [];
  const overrides = readRows(settings.overrides, 'overrides', problems, readOverride);
  const aliases = readAliases(settings.aliases, problems);
  const flatRate = readRows(settings.flatRate, 'flatRate', problems, (row) => {
    if (typeof row !== 'string' || row.trim() === '') throw new Error('must be a model id or a pattern');
    return row.trim().toLowerCase();
  });
  return { overrides, aliases, flatRate, problems };
}

/** Checks the plans row by row. */
export function readPlans(json: unknown): { readonly plans: readonly Plan[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const plans = readRows(json, 'plans', problems, (row): Plan => {
    if (!isObject(row)) throw new Error('must be an object with "tool", "name" and "usdPerMonth"');
    const { tool, name, usdPerMonth } = row;
    if (typeof tool !== 'string' || tool === '')
      throw new Error('"tool" is missing: give an agent such as claude-code');
    if (typeof usdPerMonth !== 'number' || !Number.isFinite(usdPerMonth) || usdPerMonth < 0)
      throw new Error('"usdPerMonth" must be a number of dollars, 0 or more');
    return { tool, name: typeof name === 'string' && name !== '' ? name : tool, usdPerMonth };
  });
  return { plans, problems };
}

const patterns = new Map<string, RegExp>();

/** Does an id (lower case) match a pattern with `*` (anything) and `?` (one character)? */
export function matchesPattern(pattern: string, id: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === id;
  let expression = patterns.get(pattern);
  if (!expression) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*+/g, '.*')
      .replace(/\?/g, '.');
    patterns.set(pattern, (expression = new RegExp(`^${source}$`)));
  }
  return expression.test(id);
}
