// All that the report's page asks of the store, in one answer: sums by every dimension from one pass over the quarter
// hours of a period, the dearest sessions and prompts, what caching saved and lost, what a new session starts with.
// Figures and ids only; says nothing in words.
import { type AgentId } from '../agents/agent';
import { fillRates, type FullRates } from '../pricing/cost';
import { type PriceBook } from '../pricing/priceBook';
import { quarterMs } from './calendar';
import { type Condition, conditionsOf, figuresOf, projectOf, whereOf } from './questions';
import { type DearPrompt, dearestPrompts } from './dearPrompts';
import { newSessions, type NewSession, rebuiltCaches, type RebuiltCaches } from './cacheFacts';
import { type Store, type StoreRow, textIn } from './store';
import { type Sums } from './sums';
import {
  addFigures,
  type Figures,
  noFigures,
  periodOf,
  quartersOf,
  type SkippedRecords,
  totalsRow,
  type TotalsQuery,
  type TotalsRow,
} from './totals';

export type PageQuery = Omit<TotalsQuery, 'by' | 'session'> & { readonly since: string; readonly until: string };

/** A sum under two keys. */
export interface PairRow extends TotalsRow {
  /** The other key: the day's model, the branch's project … */
  readonly of: string;
}

export interface PageSession extends TotalsRow {
  readonly agent: AgentId;
  readonly project: string;
  readonly branch: string;
  /** Epoch milliseconds, to the quarter hour: first and last use within the period. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly prompts: number;
  readonly hasTitle: boolean;
  /** Of its first prompt, whose words stand in for a missing title. */
  readonly firstPromptKey?: string;
}

export interface CacheFacts {
  /** At base list rates: what cached input would have cost more without a cache, and what writing it cost more. */
  readonly savedUsd: number;
  readonly writePremiumUsd: number;
  readonly rebuilt: RebuiltCaches;
}

export interface PageFacts {
  readonly totals: TotalsRow;
  readonly days: readonly TotalsRow[];
  /** `key` the day, `of` the model, agent or project. */
  readonly dayModels: readonly PairRow[];
  readonly dayAgents: readonly PairRow[];
  readonly dayProjects: readonly PairRow[];
  readonly models: readonly TotalsRow[];
  readonly agents: readonly TotalsRow[];
  readonly projects: readonly TotalsRow[];
  /** `key` the branch, `of` the project. */
  readonly branches: readonly PairRow[];
  /** Empty key: the main thread. */
  readonly subagents: readonly TotalsRow[];
  /** `key` the model, `of` the agent. */
  readonly unpriced: readonly PairRow[];
  /** The dearest ones. */
  readonly sessions: readonly PageSession[];
  readonly sessionCount: number;
  readonly promptCount: number;
  readonly dearestPrompts: readonly DearPrompt[];
  readonly cache: CacheFacts;
  readonly newSessions: readonly NewSession[];
  /** Everything ever seen, to filter by. */
  readonly known: {
    readonly agents: readonly string[];
    readonly models: readonly string[];
    readonly projects: readonly string[];
  };
  readonly skipped: readonly SkippedRecords[];
}

export interface PageDeps {
  readonly store: Store;
  readonly sums: Sums;
  readonly prices: PriceBook;
  readonly skipped: readonly SkippedRecords[];
}

const mostSessions = 25;
const mostPrompts = 10;

export function pageFacts(deps: PageDeps, query: PageQuery): PageFacts {
  const { store, prices, sums } = deps;
  const groups = new Groups();
  const caching = new Caching(prices);
  for (const part of partsOf(store, sums, query)) {
    groups.add(part, query.timeZone);
    caching.add(part);
  }
  const ordered = [...groups.sessions].sort(([, a], [, b]) => b.figures.costUsd - a.figures.costUsd);
  const ids = ordered.map(([id]) => id);
  const { from, to } = quartersOf({ ...query, by: 'day' });
  const span = { fromMs: from * quarterMs, toMs: to * quarterMs };
  const model = query.model === undefined ? undefined : store.knownIdOf(query.model);
  return {
    totals: totalsRow('total', groups.all),
    days: rows(groups.days),
    dayModels: pairs(groups.dayModels),
    dayAgents: pairs(groups.dayAgents),
    dayProjects: pairs(groups.dayProjects),
    models: rows(groups.models),
    agents: rows(groups.agents),
    projects: rows(groups.projects),
    branches: pairs(groups.branches),
    subagents: rows(groups.subagents),
    unpriced: pairs(groups.modelAgents).filter((row) => row.unpricedTokens > 0),
    sessions: ordered.slice(0, mostSessions).map(([id, use]) => sessionOf(store, id, use)),
    sessionCount: ordered.length,
    promptCount: promptCount(store, ids, span),
    dearestPrompts: dearestPrompts(
      { store, sums, prices },
      ordered.map(([id, { figures }]) => ({ id, costUsd: figures.costUsd })),
      { ...span, ...(model === undefined ? {} : { model }) },
      mostPrompts,
    ),
    cache: { ...caching.answer(), rebuilt: rebuiltCaches(store, prices, ids, span, model) },
    newSessions: newSessions(store, ids, span),
    known: known(store),
    skipped: deps.skipped,
  };
}

interface Part {
  readonly quarter: number;
  readonly session: number;
  readonly agent: string;
  readonly model: string;
  readonly project: string;
  readonly branch: string;
  readonly subagent: string;
  readonly figures: Figures;
}

/** The period's sums; where the store's dollars are another program's, its calls. */
function* partsOf(store: Store, sums: Sums, query: PageQuery): Iterable<Part> {
  const shared = conditionsOf(store, { ...query, by: 'day' });
  if (!shared) return;
  const agents = new Map<number, string>();
  const agentOf = (session: number): string => {
    let agent = agents.get(session);
    if (agent === undefined) {
      agent = store.nameOf(store.get('SELECT agent FROM sessions WHERE id = ?', session)?.['agent']) ?? '';
      agents.set(session, agent);
    }
    return agent;
  };
  const name = (row: StoreRow, column: string) => store.nameOf(row[column]) ?? '';
  const { from, to } = quartersOf({ ...query, by: 'day' });
  const ours = sums.isPricedByUs();
  const conditions: Condition[] = [
    ...shared,
    ours
      ? { sql: 'quarter >= ? AND quarter < ?', values: [from, to] }
      : { sql: 'at_ms >= ? AND at_ms < ? AND counts = 1', values: [from * quarterMs, to * quarterMs] },
  ];
  const sql = `SELECT * FROM ${ours ? 'sums' : 'calls'} WHERE ${whereOf(conditions)}`;
  for (const row of store.iterate(sql, ...conditions.flatMap(({ values }) => values))) {
    const project = ours ? name(row, 'project') : projectOf(store, row);
    if (query.project !== undefined && project !== query.project) continue;
    const session = Number(row['session']);
    yield {
      quarter: ours ? Number(row['quarter']) : Math.floor(Number(row['at_ms']) / quarterMs),
      session,
      agent: agentOf(session),
      model: name(row, 'model'),
      project,
      branch: name(row, 'branch'),
      subagent: name(row, 'agent_name') || (row['is_subagent'] === 1 ? 'subagent' : ''),
      figures: ours ? figuresOf(row) : sums.figuresOf(row),
    };
  }
}

interface SessionUse {
  readonly figures: Figures;
  agent: string;
  project: string;
  branch: string;
  firstQuarter: number;
  lastQuarter: number;
}

class Groups {
  readonly all = noFigures();
  readonly days = new Map<string, Figures>();
  readonly dayModels = new Map<string, Figures>();
  readonly dayAgents = new Map<string, Figures>();
  readonly dayProjects = new Map<string, Figures>();
  readonly models = new Map<string, Figures>();
  readonly agents = new Map<string, Figures>();
  readonly projects = new Map<string, Figures>();
  readonly branches = new Map<string, Figures>();
  readonly subagents = new Map<string, Figures>();
  readonly modelAgents = new Map<string, Figures>();
  readonly sessions = new Map<number, SessionUse>();

  add({ quarter, session, agent, model, project, branch, subagent, figures }: Part, timeZone: string): void {
    const day = periodOf(quarter, 'day', timeZone);
    addFigures(this.all, figures);
    addTo(this.days, day, figures);
    addTo(this.dayModels, pair(day, model), figures);
    addTo(this.dayAgents, pair(day, agent), figures);
    addTo(this.dayProjects, pair(day, project), figures);
    addTo(this.models, model, figures);
    addTo(this.agents, agent, figures);
    addTo(this.projects, project, figures);
    addTo(this.branches, pair(branch, project), figures);
    addTo(this.subagents, subagent, figures);
    if (figures.unpricedTokens > 0) addTo(this.modelAgents, pair(model, agent), figures);
    let use = this.sessions.get(session);
    if (!use) {
      use = { figures: noFigures(), agent, project, branch, firstQuarter: quarter, lastQuarter: quarter };
      this.sessions.set(session, use);
    }
    addFigures(use.figures, figures);
    use.firstQuarter = Math.min(use.firstQuarter, quarter);
    use.lastQuarter = Math.max(use.lastQuarter, quarter);
  }
}

const between = '\u0000';

function pair(key: string, of: string): string {
  return `${key}${between}${of}`;
}

function addTo(group: Map<string, Figures>, key: string, figures: Figures): void {
  let sum = group.get(key);
  if (!sum) group.set(key, (sum = noFigures()));
  addFigures(sum, figures);
}

function rows(group: ReadonlyMap<string, Figures>): TotalsRow[] {
  return [...group.keys()].sort().map((key) => totalsRow(key, group.get(key)!));
}

function pairs(group: ReadonlyMap<string, Figures>): PairRow[] {
  return [...group.keys()].sort().map((both) => {
    const at = both.indexOf(between);
    return { ...totalsRow(both.slice(0, at), group.get(both)!), of: both.slice(at + 1) };
  });
}

/** What the cache's reads and writes cost beside uncached input, at the rates of the model on the day. */
class Caching {
  readonly #rates = new Map<string, FullRates | undefined>();
  #savedUsd = 0;
  #writePremiumUsd = 0;

  constructor(readonly prices: PriceBook) {}

  add({ quarter, agent, model, figures }: Part): void {
    if (figures.cacheReadTokens + figures.cacheWrite5mTokens + figures.cacheWrite1hTokens === 0) return;
    const rates = this.#ratesOf(agent, model, Math.floor(quarter / 96));
    if (!rates) return;
    this.#savedUsd += (figures.cacheReadTokens * (rates.input - rates.cacheRead)) / 1e6;
    this.#writePremiumUsd +=
      (figures.cacheWrite5mTokens * (rates.cacheWrite5m - rates.input) +
        figures.cacheWrite1hTokens * (rates.cacheWrite1h - rates.input)) /
      1e6;
  }

  #ratesOf(agent: string, model: string, day: number): FullRates | undefined {
    const key = `${day} ${agent} ${model}`;
    if (!this.#rates.has(key)) {
      const { rates } = this.prices.rates(model, day * 96 * quarterMs, { agent });
      this.#rates.set(key, rates && fillRates(rates));
    }
    return this.#rates.get(key);
  }

  answer(): { savedUsd: number; writePremiumUsd: number } {
    return { savedUsd: this.#savedUsd, writePremiumUsd: this.#writePremiumUsd };
  }
}

function sessionOf(store: Store, id: number, use: SessionUse): PageSession {
  const row = store.get('SELECT name, branch, title_place FROM sessions WHERE id = ?', id);
  const first = store.get('SELECT key FROM prompts WHERE session = ? ORDER BY at_ms LIMIT 1', id)?.['key'];
  return {
    ...totalsRow(textIn(row, 'name'), use.figures),
    agent: use.agent as AgentId,
    project: use.project,
    branch: use.branch,
    firstMs: use.firstQuarter * quarterMs,
    lastMs: (use.lastQuarter + 1) * quarterMs,
    prompts: Number(store.get('SELECT count(*) AS n FROM prompts WHERE session = ?', id)?.['n'] ?? 0),
    hasTitle: (row?.['title_place'] ?? null) !== null,
    ...(typeof first === 'string' ? { firstPromptKey: first } : {}),
  };
}

function promptCount(store: Store, sessions: readonly number[], span: { fromMs: number; toMs: number }): number {
  const row = store.get(
    'SELECT count(*) AS n FROM prompts WHERE session IN (SELECT value FROM json_each(?)) AND at_ms >= ? AND at_ms < ?',
    JSON.stringify(sessions),
    span.fromMs,
    span.toMs,
  );
  return Number(row?.['n'] ?? 0);
}

function known(store: Store): PageFacts['known'] {
  const names = (sql: string) =>
    store
      .all(sql)
      .map((row) => store.nameOf(row['id']) ?? '')
      .filter((name) => name !== '')
      .sort();
  return {
    agents: names('SELECT DISTINCT agent AS id FROM sessions'),
    models: names('SELECT DISTINCT model AS id FROM sums'),
    projects: names('SELECT DISTINCT project AS id FROM sums'),
  };
}
