// Where a sum comes from: its tokens by model and price row, bucket times rate, what surcharges add to that; calls of
// its dearest sessions with their places in the logs; what was left out, not understood, or is in no log. Reads no log.
import { type Agent, type AgentId, type Place } from '../agents/agent';
import { fillRates, type FullRates, type PriceSource, type PriceStatus } from '../pricing/cost';
import { type PriceBook } from '../pricing/priceBook';
import { spanOf } from './cacheFacts';
import { callRows, figuresBy, sumConditions, type SumQuery, valuesOf, whereOf } from './figuresBy';
import { dayNumber } from './rollUps';
import { type Store, type StoreRow, textIn } from './store';
import { type Sums } from './sums';
import { addFigures, type Figures, noFigures, type SkippedRecords, totalsRow, type TotalsRow } from './totals';

/** Calls of one agent and model at one price. */
export interface PassportLine {
  readonly agent: string;
  readonly model: string;
  readonly status: PriceStatus;
  /** `provider/model` of the price row. */
  readonly matched?: string;
  readonly source?: PriceSource;
  readonly asOf?: string;
  /** US dollars per million tokens. */
  readonly rates?: FullRates;
  readonly sum: TotalsRow;
  /** Tokens times these rates; what the sum costs beside it are long-context steps, modes, searches. */
  readonly baseUsd?: number;
}

export interface PassportCall {
  readonly agent: AgentId;
  readonly atMs: number;
  readonly model: string;
  readonly sessionId: string;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly costUsd?: number;
  readonly file: string;
  readonly place?: Place;
}

export interface Passport {
  readonly totals: TotalsRow;
  /** Dearest first. */
  readonly lines: readonly PassportLine[];
  readonly calls: readonly PassportCall[];
  /** Calls in the store that no sum holds: copies in forks, in a second store of a session. */
  readonly leftOutCalls: number;
  readonly skipped: readonly SkippedRecords[];
  /** What these agents' logs do not hold. */
  readonly notes: readonly string[];
}

export interface PassportDeps {
  readonly store: Store;
  readonly sums: Sums;
  readonly prices: PriceBook;
  readonly agents: readonly Agent[];
  readonly skipped: readonly SkippedRecords[];
}

const mostCalls = 25;
const mostSessions = 10;

export function passport(deps: PassportDeps, query: SumQuery): Passport {
  const { store, sums, agents, skipped } = deps;
  const all = noFigures();
  const groups = new Map<string, { line: Omit<PassportLine, 'sum'>; figures: Figures }>();
  for (const { keys, figures } of figuresBy(store, sums, query, ['day', 'agent', 'model'])) {
    const [day = '', agent = '', model = ''] = keys;
    addFigures(all, figures);
    const line = lineOf(deps.prices, agent, model, day);
    const key = JSON.stringify(line);
    const group = groups.get(key) ?? { line, figures: noFigures() };
    groups.set(key, group);
    addFigures(group.figures, figures);
  }
  const lines = [...groups.values()].map(({ line, figures }): PassportLine => {
    const sum = totalsRow(line.model, figures);
    return { ...line, sum, ...(line.rates && { baseUsd: baseOf(sum, line.rates) }) };
  });
  const used = new Set(lines.map(({ agent }) => agent));
  return {
    totals: totalsRow('total', all),
    lines: lines.sort((a, b) => (b.sum.costUsd ?? 0) - (a.sum.costUsd ?? 0) || b.sum.totalTokens - a.sum.totalTokens),
    calls: dearCalls(deps, query),
    leftOutCalls: leftOut(store, query),
    skipped: skipped.filter(({ agent }) => used.has(agent)),
    notes: agents.filter(({ id }) => used.has(id)).flatMap(({ notes }) => notes),
  };
}

/** The price of the day's middle (UTC): lists change by the day. */
function lineOf(prices: PriceBook, agent: string, model: string, day: string): Omit<PassportLine, 'sum'> {
  const atMs = (dayNumber(day) + 0.5) * 86_400_000;
  const { status, matched, source, asOf, rates } = prices.rates(model, atMs, agent === '' ? {} : { agent });
  return {
    agent,
    model,
    status,
    ...(matched === undefined ? {} : { matched }),
    ...(source === undefined ? {} : { source }),
    ...(asOf === undefined ? {} : { asOf }),
    ...(rates ? { rates: fillRates(rates) } : {}),
  };
}

function baseOf(sum: TotalsRow, rates: FullRates): number {
  return (
    (sum.inputTokens * rates.input +
      sum.cacheWrite5mTokens * rates.cacheWrite5m +
      sum.cacheWrite1hTokens * rates.cacheWrite1h +
      sum.cacheReadTokens * rates.cacheRead +
      sum.outputTokens * rates.output) /
    1e6
  );
}

/** Of the dearest sessions only: a sum may hold a million calls. */
function dearCalls({ store, sums }: PassportDeps, query: SumQuery): PassportCall[] {
  const conditions = sumConditions(store, query);
  if (!conditions) return [];
  const sessions = store.all(
    `SELECT session, sum(usd) AS usd FROM sums WHERE ${whereOf(conditions)} GROUP BY session ORDER BY usd DESC LIMIT ?`,
    ...valuesOf(conditions),
    mostSessions,
  );
  const found: { readonly row: StoreRow; readonly costUsd: number; readonly isPriced: boolean }[] = [];
  for (const session of sessions)
    for (const row of callRows(store, { ...query, sessionRow: Number(session['session']) })) {
      const { costUsd, pricedCalls } = sums.figuresOf(row);
      found.push({ row, costUsd, isPriced: pricedCalls > 0 });
    }
  return found
    .sort((a, b) => b.costUsd - a.costUsd)
    .slice(0, mostCalls)
    .map(({ row, costUsd, isPriced }) => callOf(store, row, isPriced ? costUsd : undefined));
}

function callOf(store: Store, row: StoreRow, costUsd: number | undefined): PassportCall {
  const { place } = row;
  return {
    agent: store.nameOf(row['agent']) as AgentId,
    atMs: Number(row['at_ms']),
    model: store.nameOf(row['model']) ?? '',
    sessionId: textIn(store.get('SELECT name FROM sessions WHERE id = ?', Number(row['session'])), 'name'),
    promptTokens: ['input', 'cache_read', 'write_5m', 'write_1h'].reduce((sum, name) => sum + Number(row[name]), 0),
    outputTokens: Number(row['output']),
    ...(costUsd === undefined ? {} : { costUsd }),
    file: textIn(store.get('SELECT path FROM files WHERE id = ?', Number(row['file'])), 'path'),
    ...(typeof place === 'number' || typeof place === 'string' ? { place } : {}),
  };
}

/** By time and agent only: a copy's other marks need not be those of what it copies. */
function leftOut(store: Store, query: SumQuery): number {
  const { fromMs, toMs } = spanOf(query);
  const agent = query.agent === undefined ? undefined : (store.knownIdOf(query.agent) ?? -1);
  const row = store.get(
    `SELECT count(*) AS n FROM calls WHERE counts = 0 AND at_ms >= ? AND at_ms < ?${agent === undefined ? '' : ' AND agent = ?'}`,
    fromMs,
    toMs,
    ...(agent === undefined ? [] : [agent]),
  );
  return Number(row?.['n'] ?? 0);
}
