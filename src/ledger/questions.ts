// Answers questions about totals from the store: from the quarter-hour sums where these will do, else call by call.
import { type SQLInputValue } from 'node:sqlite';
import { quarterMs } from './calendar';
import { type Store, type StoreRow, textIn } from './store';
import { type Sums } from './sums';
import { type Figures, periodOf, quartersOf, sumUp, type Totals, type TotalsQuery } from './totals';

export interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** Totals without what was skipped. */
export function askTotals(store: Store, sums: Sums, query: TotalsQuery): Omit<Totals, 'skipped'> {
  const conditions = conditionsOf(store, query);
  if (!conditions) return sumUp([]);
  if (query.by === 'prompt' || !sums.isPricedByUs()) return sumUp(callParts(store, sums, query, conditions));
  return sumUp(sumParts(store, query, conditions));
}

/** The filters that both ways share; `undefined` where a filter names what the store has never seen. */
export function conditionsOf(store: Store, { agent, model, session }: TotalsQuery): Condition[] | undefined {
  const conditions: Condition[] = [];
  if (model !== undefined) {
    const id = store.knownIdOf(model);
    if (id === undefined) return undefined;
    conditions.push({ sql: 'model = ?', values: [id] });
  }
  if (session !== undefined)
    conditions.push({ sql: 'session IN (SELECT id FROM sessions WHERE name = ?)', values: [session] });
  if (agent !== undefined) {
    const id = store.knownIdOf(agent);
    if (id === undefined) return undefined;
    conditions.push({ sql: 'session IN (SELECT id FROM sessions WHERE agent = ?)', values: [id] });
  }
  return conditions;
}

const groupColumns = {
  day: 'quarter',
  week: 'quarter',
  month: 'quarter',
  model: 'model',
  project: 'project',
  branch: 'branch',
  session: '(SELECT name FROM sessions WHERE id = session)',
  agent: '(SELECT agent FROM sessions WHERE id = session)',
  subagent: 'agent_name',
} as const;

const sumColumns =
  'sum(calls) AS calls, sum(input) AS input, sum(write_5m) AS write_5m, sum(write_1h) AS write_1h, ' +
  'sum(cache_read) AS cache_read, sum(output) AS output, sum(reasoning) AS reasoning, sum(priced) AS priced, ' +
  'sum(usd) AS usd, sum(estimated_usd) AS estimated_usd, sum(unpriced) AS unpriced, sum(estimated) AS estimated, ' +
  'sum(unrecorded_calls) AS unrecorded_calls, sum(unrecorded) AS unrecorded, sum(reported_usd) AS reported_usd, ' +
  'sum(reported_credits) AS reported_credits';

function* sumParts(store: Store, query: TotalsQuery, shared: readonly Condition[]): Iterable<[string, Figures]> {
  const { by, timeZone } = query;
  if (by === 'prompt') return;
  const { from, to } = quartersOf(query);
  const conditions = [...shared, { sql: 'quarter >= ? AND quarter < ?', values: [from, to] }];
  if (query.project !== undefined) {
    const id = store.knownIdOf(query.project);
    if (id === undefined) return;
    conditions.push({ sql: 'project = ?', values: [id] });
  }
  const sql = `SELECT ${groupColumns[by]} AS key, ${sumColumns} FROM sums WHERE ${whereOf(conditions)} GROUP BY 1`;
  for (const row of store.all(sql, ...conditions.flatMap(({ values }) => values))) {
    const key = row['key'];
    if (by === 'session') yield [textIn(row, 'key'), figuresOf(row)];
    else if (by === 'day' || by === 'week' || by === 'month')
      yield [periodOf(Number(key), by, timeZone), figuresOf(row)];
    else yield [store.nameOf(key) ?? '', figuresOf(row)];
  }
}

export function whereOf(conditions: readonly Condition[]): string {
  return conditions.map(({ sql }) => sql).join(' AND ');
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

/** Call by call: by prompt, and where the store's dollars are another program's. */
function* callParts(
  store: Store,
  sums: Sums,
  query: TotalsQuery,
  shared: readonly Condition[],
): Iterable<[string, Figures]> {
  const { from, to } = quartersOf(query);
  const toMs = Math.min(to * quarterMs, Number.MAX_SAFE_INTEGER);
  const conditions = [...shared, { sql: 'at_ms >= ? AND at_ms < ? AND counts = 1', values: [from * quarterMs, toMs] }];
  const prompts = new PromptsByTime(store);
  const keyOf = (row: StoreRow): string => {
    const quarter = Math.floor(Number(row['at_ms']) / quarterMs);
    switch (query.by) {
      case 'day':
      case 'week':
      case 'month':
        return periodOf(quarter, query.by, query.timeZone);
      case 'prompt':
        return prompts.keyOf(row);
      case 'session':
        return textIn(store.get('SELECT name FROM sessions WHERE id = ?', row['session']!), 'name');
      case 'project':
        return projectOf(store, row);
      case 'subagent':
        return store.nameOf(row['agent_name']) ?? (row['is_subagent'] === 1 ? 'subagent' : '');
      case 'model':
      case 'agent':
      case 'branch':
        return store.nameOf(row[query.by]) ?? '';
    }
  };
  const sql = `SELECT * FROM calls WHERE ${whereOf(conditions)}`;
  for (const row of store.iterate(sql, ...conditions.flatMap(({ values }) => values))) {
    if (query.project !== undefined && projectOf(store, row) !== query.project) continue;
    yield [keyOf(row), sums.figuresOf(row)];
  }
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

/** The prompt of calls whose log does not name one (subagents' logs): the session's last before the call. */
class PromptsByTime {
  readonly #store: Store;
  readonly #sessions = new Map<number, readonly { readonly atMs: number; readonly key: string }[]>();

  constructor(store: Store) {
    this.#store = store;
  }

  keyOf(row: StoreRow): string {
    if (typeof row['prompt'] === 'number')
      return textIn(this.#store.get('SELECT key FROM prompts WHERE id = ?', row['prompt']), 'key');
    const atMs = Number(row['at_ms']);
    return this.#promptsOf(Number(row['session'])).findLast((prompt) => prompt.atMs <= atMs)?.key ?? '';
  }

  #promptsOf(session: number): readonly { readonly atMs: number; readonly key: string }[] {
    let prompts = this.#sessions.get(session);
    if (!prompts) {
      prompts = this.#store
        .all('SELECT at_ms, key FROM prompts WHERE session = ? ORDER BY at_ms', session)
        .map((row) => ({ atMs: Number(row['at_ms']), key: textIn(row, 'key') }));
      this.#sessions.set(session, prompts);
    }
    return prompts;
  }
}
