// Price data that the person had fetched: checked before it is kept, beside the store, so that every window and the
// command line use the same. Damaged or older than the bundled: as if it were not there.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refreshedPricesFile } from './dataFiles';
import { genaiPrices } from '../pricing/genaiPrices';
import { parseLists } from '../pricing/priceList';
import { type RefreshedPrices } from '../pricing/priceSources';
import { checkRefreshed } from '../pricing/refresh';

export interface PricesTaken {
  readonly accepted: boolean;
  /** Why nothing was taken, or which rows were left out; one sentence each. */
  readonly reasons: readonly string[];
  /** How many models are new or cost something else than before. */
  readonly changed: number;
}

const fileOf = (dataFolder: string) => join(dataFolder, refreshedPricesFile);

export function readRefreshedPrices(dataFolder: string): RefreshedPrices | undefined {
  try {
    const kept = JSON.parse(readFileSync(fileOf(dataFolder), 'utf8')) as Partial<RefreshedPrices>;
    const isNewer = typeof kept.asOf === 'string' && kept.asOf > genaiPrices.asOf;
    return isNewer && typeof kept.lists === 'object' && kept.lists !== null ? (kept as RefreshedPrices) : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps fetched price data if it passes the checks; else the last good data stays. `day` is today, `YYYY-MM-DD`. */
export function takeRefreshedPrices(dataFolder: string, text: string, day: string): PricesTaken {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { accepted: false, reasons: ['not price data: no valid JSON'], changed: 0 };
  }
  const { lists, reasons, changed } = checkRefreshed(json, parseLists(genaiPrices));
  if (!lists) return { accepted: false, reasons, changed: 0 };
  mkdirSync(dataFolder, { recursive: true });
  const file = fileOf(dataFolder);
  writeFileSync(`${file}.new`, JSON.stringify({ lists, asOf: day } satisfies RefreshedPrices));
  renameSync(`${file}.new`, file);
  return { accepted: true, reasons, changed: changed.length };
}
