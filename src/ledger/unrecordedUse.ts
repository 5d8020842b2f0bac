// Use that an agent's own running total proves and no row of its logs shows: titles, compactions, cut streams. Reads the
// session's logs again. A running total is a check and a lower bound; no call is ever made of it.
import { existsSync } from 'node:fs';
import { type Agent, type AgentId, type RunningTotalEvent, type UsageEvent } from '../agents/agent';
import { eventsOf } from './reread';
import { type Store, textIn } from './store';

/** Use that the agent's own running total proves and no row shows. */
export interface Unrecorded extends Omit<RunningTotalEvent, 'kind' | 'atMs' | 'reportedCostUsd'> {
  readonly agent: AgentId;
}

interface Deps {
  readonly store: Store;
  readonly agents: readonly Agent[];
}

const mostFiles = 200;
const totalColumns = ['input', 'cache_read', 'cache_write', 'output'] as const;
type Column = (typeof totalColumns)[number];
type Remainder = Readonly<Record<Column, number>>;

/**
 * The session's running totals less all calls in its files, whoever owns them: a fork's total begins with its parent's,
 * so what is missing in the parent is missing there too and is taken off. At least so much was used.
 */
export function unrecordedUse(deps: Deps, sessionId: string): Unrecorded[] {
  const { byModel, owners } = remainders(deps, sessionId);
  const ofParents = owners.map((name) => remainders(deps, name).byModel);
  return [...byModel].flatMap(([model, { agent, rest }]): Unrecorded[] => {
    const own = (column: Column) =>
      Math.max(0, rest[column] - Math.max(0, ...ofParents.map((parent) => parent.get(model)?.rest[column] ?? 0)));
    if (totalColumns.every((column) => own(column) === 0)) return [];
    const figures = { inputTokens: own('input'), cacheReadTokens: own('cache_read') };
    const more = { cacheWriteTokens: own('cache_write'), outputTokens: own('output') };
    return [{ agent, sessionId, model: deps.store.nameOf(model) ?? '', ...figures, ...more }];
  });
}

/** A suffix names the window that was chosen, not another model. */
const plain = (model: string) => model.replace(/\[\w+\]$/, '');

interface Remainders {
  readonly byModel: ReadonlyMap<number, { readonly agent: AgentId; readonly rest: Remainder }>;
  /** Sessions that calls in these files were copied from. */
  readonly owners: readonly string[];
}

function remainders(deps: Deps, sessionId: string): Remainders {
  const { store } = deps;
  const totals = store.all(
    'SELECT running_totals.*, sessions.agent AS agent FROM running_totals JOIN sessions ON sessions.id = session WHERE sessions.name = ?',
    sessionId,
  );
  const calls = totals.length > 0 ? callsOf(deps, sessionId) : undefined;
  // Without all of its logs a session's total proves nothing.
  if (!calls) return { byModel: new Map(), owners: [] };
  const byModel = totals.map((row) => {
    const model = plain(store.nameOf(row['model']) ?? '');
    const rest = Object.fromEntries(totalColumns.map((column) => [column, Number(row[column])])) as Record<
      Column,
      number
    >;
    for (const call of calls.values()) {
      if (plain(call.model) !== model) continue;
      rest.input -= call.inputTokens;
      rest.cache_read -= call.cacheReadTokens;
      rest.cache_write -= call.cacheWrite5mTokens + call.cacheWrite1hTokens;
      rest.output -= call.outputTokens;
    }
    return [Number(row['model']), { agent: store.nameOf(row['agent']) as AgentId, rest }] as const;
  });
  const owners = new Set<string>();
  for (const key of calls.keys()) {
    const sql =
      'SELECT sessions.name AS name FROM calls JOIN sessions ON sessions.id = calls.session WHERE calls.agent = ? AND key = ?';
    const owner = store.get(sql, totals[0]!['agent']!, key)?.['name'];
    if (typeof owner === 'string' && owner !== sessionId) owners.add(owner);
  }
  return { byModel: new Map(byModel), owners: [...owners] };
}

/** The calls of a session in its files, copies too, the fullest row of each; `undefined` where a file is gone. */
function callsOf({ store, agents }: Deps, sessionId: string): ReadonlyMap<string, UsageEvent> | undefined {
  const ofSession = 'WHERE session IN (SELECT id FROM sessions WHERE name = ?)';
  const files = store.all(
    `SELECT * FROM files WHERE id IN (SELECT file FROM calls ${ofSession} UNION SELECT file FROM prompts ${ofSession}) LIMIT ?`,
    sessionId,
    sessionId,
    mostFiles,
  );
  if (files.some((file) => !existsSync(textIn(file, 'path')))) return undefined;
  const calls = new Map<string, UsageEvent>();
  for (const file of files) {
    const agent = agents.find(({ id }) => id === store.nameOf(file['agent']));
    const source = agent?.sources.find(({ id }) => id === file['source']);
    for (const { event } of source ? eventsOf(source, textIn(file, 'path')) : []) {
      if (event.kind !== 'call' || event.sessionId !== sessionId) continue;
      const before = calls.get(event.key);
      if (!before || before.outputTokens <= event.outputTokens) calls.set(event.key, event);
    }
  }
  return calls;
}
