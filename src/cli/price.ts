// `price [--at YYYY-MM-DD] [--json] ID…`: what a model costs on a day, as the price book sees it, with fetched prices
// where the person has some. Prints; knows nothing of logs, settings or the editor.

import { dataFolderOf, platformOf } from '../ledger/machine';
import { readRefreshedPrices } from '../ledger/refreshedPrices';
import { PriceBook, type RatesAnswer } from '../pricing/priceBook';
import { parseDay } from '../pricing/priceList';
import { tierOf } from '../pricing/tiers';
import { table } from './terminal';

export interface PriceIo {
  write(text: string): void;
  error(text: string): void;
  now(): number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

interface PriceRow {
  readonly id: string;
  readonly provider: string | null;
  readonly model: string | null;
  readonly status: string;
  readonly source: string | null;
  readonly matched: string | null;
  readonly perMillion: PerMillion | null;
  readonly contextWindow: number | null;
  readonly tier: string | null;
  readonly asOf: string | null;
}

/** US dollars per million tokens; null where the list has no rate. */
interface PerMillion {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number | null;
  readonly cacheWrite5m: number | null;
  readonly cacheWrite1h: number | null;
}

interface Arguments {
  readonly ids: readonly string[];
  readonly atMs: number;
  readonly isJson: boolean;
}

const usage = 'Usage: price [--at YYYY-MM-DD] [--json] ID…';

/** A string is what to tell the person. */
function readArguments(args: readonly string[], nowMs: number): Arguments | string {
  const ids: string[] = [];
  let atMs = nowMs;
  let isJson = false;
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    if (argument === '--json') isJson = true;
    else if (argument === '--at' || argument.startsWith('--at=')) {
      const day = argument === '--at' ? args[++index] : argument.slice('--at='.length);
      const ms = day === undefined ? undefined : parseDay(day);
      if (ms === undefined) return `--at needs a day such as 2026-11-01, not "${day ?? ''}". ${usage}`;
      atMs = ms;
    } else if (argument === '--') {
      ids.push(...args.slice(index + 1));
      break;
    } else if (argument.startsWith('--')) return `Unknown option ${argument}. ${usage}`;
    else ids.push(argument);
  }
  return ids.length === 0 ? `Name at least one model id. ${usage}` : { ids, atMs, isJson };
}

/** Floating-point dust of the modifiers (2 * 1.1) is no price. */
const tidy = (rate: number): number => Number(rate.toPrecision(12));
const orNull = (rate: number | undefined): number | null => (rate === undefined ? null : tidy(rate));

function perMillion({ rates }: RatesAnswer): PerMillion | null {
  if (!rates) return null;
  return {
    input: tidy(rates.input),
    output: tidy(rates.output),
    cacheRead: orNull(rates.cacheRead),
    cacheWrite5m: orNull(rates.cacheWrite5m),
    cacheWrite1h: orNull(rates.cacheWrite1h),
  };
}

function rowOf(book: PriceBook, id: string, atMs: number): PriceRow {
  const answer = book.rates(id, atMs);
  return {
    id,
    provider: answer.provider ?? null,
    model: answer.model ?? null,
    status: answer.status,
    source: answer.source ?? null,
    matched: answer.matched ?? null,
    perMillion: perMillion(answer),
    contextWindow: book.limits(id).contextWindow ?? null,
    tier: tierOf(id)?.tier ?? null,
    asOf: answer.asOf ?? null,
  };
}

const head = [
  'id',
  'status',
  'input',
  'output',
  'cache read',
  'write 5m',
  'write 1h',
  'window',
  'tier',
  'price row',
  'as of',
];

const money = (rate: number | null | undefined): string => (rate === null || rate === undefined ? '-' : `$${rate}`);

function printed(rows: readonly PriceRow[]): string {
  const lines = rows.map((row) => [
    row.id,
    row.status,
    money(row.perMillion?.input),
    money(row.perMillion?.output),
    money(row.perMillion?.cacheRead),
    money(row.perMillion?.cacheWrite5m),
    money(row.perMillion?.cacheWrite1h),
    row.contextWindow === null ? '-' : String(row.contextWindow),
    row.tier ?? '-',
    row.matched === null ? '-' : `${row.matched} (${row.source ?? ''})`,
    row.asOf ?? '-',
  ]);
  return `${table([head, ...lines], [2, 3, 4, 5, 6, 7])}\nUS dollars per million tokens, at public list prices.\n`;
}

/** Runs the command; resolves to the exit code: 0, or 2 when the arguments cannot be understood. */
export function price(args: readonly string[], io: PriceIo): Promise<number> {
  const read = readArguments(args, io.now());
  if (typeof read === 'string') {
    io.error(`${read}\n`);
    return Promise.resolve(2);
  }
  const dataFolder = dataFolderOf(platformOf(process.platform), io.home, io.env);
  const book = new PriceBook({ refreshed: readRefreshedPrices(dataFolder) });
  const rows = read.ids.map((id) => rowOf(book, id, read.atMs));
  io.write(read.isJson ? `${JSON.stringify({ prices: rows }, undefined, 2)}\n` : printed(rows));
  return Promise.resolve(0);
}
