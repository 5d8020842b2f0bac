// Sums of a query's calls by one or several keys, from the cheapest place that has them right: the days kept ready, the
// quarter-hour sums, or (where the store's dollars are another program's) the calls themselves.
import { type SQLInputValue } from 'node:sqlite';
import { dayOf, quarterMs } from './calendar';
import { dayName, dayNumber, dayTables, figureColumns } from './rollUps';
import { type Store, type StoreRow } from './store';
import { type Sums } from './sums';
import { type Figures, quartersOf, type TotalsQuery } from './totals';

export type SumKey = 'day' | 'agent' | 'model' | 'project' | 'branch' | 'subagent' | 'session';

/** Whose calls: a query without its dimension. */
export interface SumQuery extends Omit<TotalsQuery, 'by'> {
  /** A session by its row's number: sessions of two agents may bear one name. */
  readonly sessionRow?: number;
}

export interface Part {
  /** In the order asked for; a session's is its row's number. Several parts may bear the same keys. */
  readonly keys: readonly string[];
  readonly figures: Figures;
}

export interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

export function whereOf(conditions: readonly Condition[]): string {
  return conditions.map(({ sql }) => sql).join(' AND ') || '1';
}

export const valuesOf = (conditions: readonly Condition[]): SQLInputValue[] =>
  conditions.flatMap(({ values }) => [...values]);

/** One pass over the place that serves. Where no key is asked for, there is one part at most. */
export function* figuresBy(store: Store, sums: Sums, query: SumQuery, keys: readonly SumKey[]): Iterable<Part> {
  const named = namedFilters(store, query);
  if (!named) return;
  if (!sums.isPricedByUs()) yield* callParts(store, sums, query, keys);
  else if (canUseDays(sums, query, keys)) yield* dayParts(store, query, named, keys);
  else yield* quarterParts(store, query, named, keys);
}

function canUseDays(sums: Sums, query: SumQuery, keys: readonly SumKey[]): boolean {
  if (query.session !== undefined || query.sessionRow !== undefined || keys.includes('session')) return false;
  return sums.rollUps.hasDays(query.since, query.until, query.timeZone);
}

type NamedFilters = Partial<Record<'agent' | 'model' | 'project' | 'branch' | 'agent_name', number>>;

/** The filters by number; `undefined` where one names what the store has never seen. */
function namedFilters(store: Store, query: SumQuery): NamedFilters | undefined {
  const filters: NamedFilters = {};
  const asked = {
    agent: query.agent,
    model: query.model,
    project: query.project,
    branch: query.branch,
    agent_name: query.subagent,
  };
  for (const [column, name] of Object.entries(asked)) {
    if (name === undefined) continue;
    const id = store.knownIdOf(name);
    if (id === undefined) return undefined;
    filters[column as keyof NamedFilters] = id;
  }
  return filters;
}

const added = figureColumns.map((column) => `sum(${column}) AS ${column}`).join(', ');

const dayKeys: Readonly<Record<Exclude<SumKey, 'session'>, string>> = {
  day: 'day',
  agent: 'agent',
  model: 'model',
  project: 'project',
  branch: 'branch',
  subagent: 'agent_name',
};

function* dayParts(store: Store, query: SumQuery, named: NamedFilters, keys: readonly SumKey[]): Iterable<Part> {
  const conditions: Condition[] = Object.entries(named).map(([column, id]) => ({ sql: `${column} = ?`, values: [id] }));
  const needed = [...keys.map((key) => dayKeys[key as Exclude<SumKey, 'session'>]), ...Object.keys(named)];
  const { table } = dayTables.find((one) => needed.every((column) => one.keys.some((key) => key === column)))!;
  if (query.since !== undefined) conditions.push({ sql: 'day >= ?', values: [dayNumber(query.since)] });
  if (query.until !== undefined) conditions.push({ sql: 'day <= ?', values: [dayNumber(query.until)] });
  const columns = keys.map((key, index) => `${dayKeys[key as Exclude<SumKey, 'session'>]} AS key_${index}`);
  const groupBy = keys.map((_, index) => index + 1).join(', ');
  const sql = `SELECT ${[...columns, added].join(', ')} FROM ${table} WHERE ${whereOf(conditions)}${groupBy && ` GROUP BY ${groupBy}`}`;
  const names = keys.map((_, index) => `key_${index}`);
  const days = new Map<unknown, string>();
  const nameOfDay = (day: unknown): string => {
    const name = days.get(day) ?? dayName(Number(day));
    days.set(day, name);
    return name;
  };
  for (const row of store.all(sql, ...valuesOf(conditions))) {
    if (row['calls'] === null) continue;
    yield {
      keys: keys.map((key, index) => {
        const value = row[names[index]!];
        return key === 'day' ? nameOfDay(value) : (store.nameOf(value) ?? '');
      }),
      figures: figuresOf(row),
    };
  }
}

const quarterKeys: Readonly<Record<SumKey, string>> = {
  day: 'quarter',
  agent: '(SELECT agent FROM sessions WHERE id = session)',
  model: 'model',
  project: 'project',
  branch: 'branch',
  subagent: 'agent_name',
  session: 'session',
};

function* quarterParts(store: Store, query: SumQuery, named: NamedFilters, keys: readonly SumKey[]): Iterable<Part> {
  const conditions = quarterConditions(query, named);
  const columns = keys.map((key, index) => `${quarterKeys[key]} AS key_${index}`);
  const groupBy = keys.map((_, index) => index + 1).join(', ');
  const sql = `SELECT ${[...columns, added].join(', ')} FROM sums WHERE ${whereOf(conditions)}${groupBy && ` GROUP BY ${groupBy}`}`;
  for (const row of store.all(sql, ...valuesOf(conditions))) {
    if (row['calls'] === null) continue;
    yield {
      keys: keys.map((key, index) => {
        const value = row[`key_${index}`];
        if (key === 'day') return dayOf(Number(value) * quarterMs, query.timeZone);
        return key === 'session' ? String(Number(value)) : (store.nameOf(value) ?? '');
      }),
      figures: figuresOf(row),
    };
  }
}

const longSpan = 180 * 96;

function quarterConditions(query: SumQuery, { agent, ...named }: NamedFilters): Condition[] {
  const { from, to } = quartersOf(query);
  // The index by quarter hour leads to each row by a way of its own: for most of a history, reading all in turn is faster.
  const quarter = to - from > longSpan ? '+quarter' : 'quarter';
  return [
    { sql: `${quarter} >= ? AND ${quarter} < ?`, values: [from, to] },
    ...Object.entries(named).map(([column, id]) => ({ sql: `${column} = ?`, values: [id] })),
    ...(agent === undefined ? [] : [{ sql: 'session IN (SELECT id FROM sessions WHERE agent = ?)', values: [agent] }]),
    ...sessionConditions(query),
  ];
}

function sessionConditions({ session, sessionRow }: SumQuery): Condition[] {
  return [
    ...(session === undefined
      ? []
      : [{ sql: 'session IN (SELECT id FROM sessions WHERE name = ?)', values: [session] }]),
    ...(sessionRow === undefined ? [] : [{ sql: 'session = ?', values: [sessionRow] }]),
  ];
}

/** The sessions of a query as a condition on the sums; `undefined` where a filter names what was never seen. */
export function sumConditions(store: Store, query: SumQuery): readonly Condition[] | undefined {
  const named = namedFilters(store, query);
  return named && quarterConditions(query, named);
}

export function figuresOf(row: StoreRow): Figures {
  const number = (name: string) => Number(row[name]);
  const maybe = (name: string) => (typeof row[name] === 'number' ? row[name] : undefined);
  return {
    calls: number('calls'),
    inputTokens: number('input'),
    cacheWrite5mTokens: number('write_5m'),
    cacheWrite1hTokens: number('write_1h'),
    cacheReadTokens: number('cache_read'),
    outputTokens: number('output'),
    reasoningTokens: number('reasoning'),
    pricedCalls: number('priced'),
    costUsd: number('usd'),
    estimatedCostUsd: number('estimated_usd'),
    unpricedTokens: number('unpriced'),
    estimatedTokens: number('estimated'),
    unrecordedOutputCalls: number('unrecorded_calls'),
    unrecordedOutputTokens: number('unrecorded'),
    reportedCostUsd: maybe('reported_usd'),
    reportedCredits: maybe('reported_credits'),
  };
}

/** Call by call. */
function* callParts(store: Store, sums: Sums, query: SumQuery, keys: readonly SumKey[]): Iterable<Part> {
  for (const row of callRows(store, query))
    yield { keys: keys.map((key) => callKey(store, row, key, query.timeZone)), figures: sums.figuresOf(row) };
}

/** The rows of `calls` that a query is about. */
export function* callRows(store: Store, query: SumQuery): Iterable<StoreRow> {
  const { from, to } = quartersOf(query);
  const toMs = Math.min(to * quarterMs, Number.MAX_SAFE_INTEGER);
  const named = namedFilters(store, query);
  if (!named) return;
  const conditions: Condition[] = [
    { sql: 'at_ms >= ? AND at_ms < ? AND counts = 1', values: [from * quarterMs, toMs] },
    ...(['agent', 'model', 'branch'] as const).flatMap((column) =>
      named[column] === undefined ? [] : [{ sql: `${column} = ?`, values: [named[column]] }],
    ),
  ];
  if (query.session !== undefined || query.sessionRow !== undefined) conditions.push(...sessionConditions(query));
  else if (from > 0)
    conditions.push({
      sql: 'session IN (SELECT session FROM sums WHERE quarter >= ? AND quarter < ? UNION SELECT session FROM stale)',
      values: [from, to],
    });
  const sql = `SELECT * FROM calls WHERE ${whereOf(conditions)}`;
  for (const row of store.iterate(sql, ...valuesOf(conditions))) {
    if (query.project !== undefined && projectOf(store, row) !== query.project) continue;
    if (query.subagent !== undefined && subagentOf(store, row) !== query.subagent) continue;
    yield row;
  }
}

function callKey(store: Store, row: StoreRow, key: SumKey, timeZone: string): string {
  switch (key) {
    case 'day':
      return dayOf(Math.floor(Number(row['at_ms']) / quarterMs) * quarterMs, timeZone);
    case 'session':
      return String(Number(row['session']));
    case 'project':
      return projectOf(store, row);
    case 'subagent':
      return subagentOf(store, row);
    case 'model':
    case 'agent':
    case 'branch':
      return store.nameOf(row[key]) ?? '';
  }
}

function subagentOf(store: Store, row: StoreRow): string {
  return store.nameOf(row['agent_name']) ?? (row['is_subagent'] === 1 ? 'subagent' : '');
}

export function projectOf(store: Store, row: StoreRow): string {
  const found = store.get(
    'SELECT coalesce(projects.project, places.cwd) AS project FROM ' +
      '(SELECT coalesce(?, (SELECT cwd FROM sessions WHERE id = ?)) AS cwd) AS places ' +
      'LEFT JOIN projects ON projects.cwd = places.cwd',
    row['cwd'] ?? null,
    row['session']!,
  );
  return store.nameOf(found?.['project']) ?? '';
}
