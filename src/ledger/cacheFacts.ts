// What caching saved, what it lost, and what a new session starts with.
import { fillRates, type FullRates } from '../pricing/cost';
import { type PriceBook } from '../pricing/priceBook';
import { quarterMs } from './calendar';
import { type Condition, sumConditions, type SumQuery, valuesOf, whereOf } from './figuresBy';
import { dayNumber } from './rollUps';
import { type Store, textIn } from './store';
import { type Figures, quartersOf } from './totals';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface RebuiltCaches {
  readonly calls: number;
  /** Tokens that the call before had in its context and this one paid for anew. */
  readonly tokens: number;
  /** At base list rates, against reading them from the cache; of the calls that have a price. */
  readonly usd: number;
  /** The call that paid for the most. */
  readonly largestKey?: string;
}

export interface NewSession {
  readonly agent: string;
  readonly project: string;
  readonly sessions: number;
  /** The median prompt of a session's first call, the person's own first words included. */
  readonly tokens: number;
  /** The session that began with as many. */
  readonly sessionId: string;
}

/** First and last moment of a query's days. */
export function spanOf(query: SumQuery): Span {
  const { from, to } = quartersOf(query);
  return { fromMs: from * quarterMs, toMs: Math.min(to * quarterMs, Number.MAX_SAFE_INTEGER) };
}

/**
 * The sessions that have a call among a query's, as a condition on rows that lie within its days; `undefined` where
 * there can be none.
 */
export function sessionsOf(store: Store, query: SumQuery): Condition | undefined {
  const conditions = sumConditions(store, query);
  const filters = [query.agent, query.model, query.project, query.branch, query.subagent, query.session];
  if (conditions && query.sessionRow === undefined && filters.every((filter) => filter === undefined))
    return { sql: 'session IS NOT NULL', values: [] };
  return (
    conditions && {
      sql: `session IN (SELECT session FROM sums WHERE ${whereOf(conditions)})`,
      values: valuesOf(conditions),
    }
  );
}

/** Rates by agent, model and day: looked up once each. */
export class DayRates {
  readonly #rates = new Map<string, FullRates | undefined>();

  constructor(readonly prices: PriceBook) {}

  /** `undefined` where the model has no price. Of the day's middle (UTC). */
  of(agent: string, model: string, day: number): FullRates | undefined {
    const key = `${day} ${agent} ${model}`;
    if (!this.#rates.has(key)) {
      const { rates } = this.prices.rates(model, (day + 0.5) * 86_400_000, agent === '' ? {} : { agent });
      this.#rates.set(key, rates && fillRates(rates));
    }
    return this.#rates.get(key);
  }
}

/** What the cache's reads and writes cost beside uncached input, at the base rates of the model on the day. */
export class Caching {
  readonly #rates: DayRates;
  savedUsd = 0;
  writePremiumUsd = 0;

  constructor(rates: DayRates) {
    this.#rates = rates;
  }

  add(day: string, agent: string, model: string, figures: Figures): void {
    if (figures.cacheReadTokens + figures.cacheWrite5mTokens + figures.cacheWrite1hTokens === 0) return;
    const rates = this.#rates.of(agent, model, dayNumber(day));
    if (!rates) return;
    this.savedUsd += (figures.cacheReadTokens * (rates.input - rates.cacheRead)) / 1e6;
    this.writePremiumUsd +=
      (figures.cacheWrite5mTokens * (rates.cacheWrite5m - rates.input) +
        figures.cacheWrite1hTokens * (rates.cacheWrite1h - rates.input)) /
      1e6;
  }
}

export function rebuiltCaches(store: Store, rates: DayRates, query: SumQuery): RebuiltCaches {
  const none = { calls: 0, tokens: 0, usd: 0 };
  const sessions = sessionsOf(store, query);
  const { fromMs, toMs } = spanOf(query);
  const model = query.model === undefined ? undefined : (store.knownIdOf(query.model) ?? -1);
  if (!sessions) return none;
  const rows = store.all(
    'SELECT agent, model, at_ms / 86400000 AS day, paid_as, count(*) AS calls, sum(tokens) AS tokens ' +
      'FROM cache_losses JOIN sessions ON sessions.id = session ' +
      `WHERE at_ms >= ? AND at_ms < ? AND ${sessions.sql}${model === undefined ? '' : ' AND model = ?'} GROUP BY 1, 2, 3, 4`,
    fromMs,
    toMs,
    ...sessions.values,
    ...(model === undefined ? [] : [model]),
  );
  if (rows.length === 0) return none;
  const largest = store.get(
    'SELECT (SELECT key FROM calls WHERE id = call) AS key FROM cache_losses ' +
      `WHERE at_ms >= ? AND at_ms < ? AND ${sessions.sql}${model === undefined ? '' : ' AND model = ?'} ORDER BY tokens DESC, call LIMIT 1`,
    fromMs,
    toMs,
    ...sessions.values,
    ...(model === undefined ? [] : [model]),
  )?.['key'];
  const sums = rows.reduce<RebuiltCaches>((sum, row) => {
    const full = rates.of(store.nameOf(row['agent']) ?? '', store.nameOf(row['model']) ?? '', Number(row['day']));
    const paid = full && [full.input, full.cacheWrite5m, full.cacheWrite1h][Number(row['paid_as'])]!;
    const tokens = Number(row['tokens']);
    return {
      calls: sum.calls + Number(row['calls']),
      tokens: sum.tokens + tokens,
      usd: sum.usd + (full && paid !== undefined ? (tokens * Math.max(0, paid - full.cacheRead)) / 1e6 : 0),
    };
  }, none);
  return typeof largest === 'string' ? { ...sums, largestKey: largest } : sums;
}

/** By agent and project, the commonest first. Sessions that continue or branch off another one do not start anew. */
export function newSessions(store: Store, query: SumQuery): NewSession[] {
  const sessions = sessionsOf(store, query);
  const { fromMs, toMs } = spanOf(query);
  if (!sessions) return [];
  // One row for each agent and project: the store's own window functions take three times as long.
  const rows = store.all(
    'SELECT agent, project, json_group_array(tokens) AS sizes, json_group_array(session) AS ids FROM starts JOIN sessions ON sessions.id = starts.session ' +
      `WHERE parent IS NULL AND tokens > 0 AND at_ms >= ? AND at_ms < ? AND ${sessions.sql} GROUP BY agent, project`,
    fromMs,
    toMs,
    ...sessions.values,
  );
  const found = rows.map((row) => {
    const sizes = JSON.parse(textIn(row, 'sizes')) as readonly number[];
    const ids = JSON.parse(textIn(row, 'ids')) as readonly number[];
    const order = sizes.map((_, index) => index).sort((a, b) => sizes[a]! - sizes[b]! || ids[a]! - ids[b]!);
    // The lower median.
    const middle = order[(order.length - 1) >> 1]!;
    return {
      agent: store.nameOf(row['agent']) ?? '',
      project: store.nameOf(row['project']) ?? '',
      sessions: sizes.length,
      tokens: sizes[middle]!,
      sessionId: textIn(store.get('SELECT name FROM sessions WHERE id = ?', ids[middle]!), 'name'),
    };
  });
  return found.sort((a, b) => b.sessions - a.sessions || b.tokens - a.tokens);
}
