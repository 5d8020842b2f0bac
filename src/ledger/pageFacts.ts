// All that the report's page asks of the store, in one answer: sums by every dimension, the dearest sessions and
// prompts, what caching saved and lost, what a new session starts with, how fast models answer. Figures and ids only.
import { type PriceBook } from '../pricing/priceBook';
import {
  Caching,
  DayRates,
  newSessions,
  type NewSession,
  rebuiltCaches,
  type RebuiltCaches,
  sessionsOf,
  spanOf,
} from './cacheFacts';
import { type DearPrompt, dearestPrompts } from './dearPrompts';
import { figuresBy, type SumKey, type SumQuery } from './figuresBy';
import { dearestSessions, type PageSession } from './pageSessions';
import { type AnswerSpeed, answerSpeeds } from './speeds';
import { type Store } from './store';
import { type Sums } from './sums';
import {
  addFigures,
  type Figures,
  noFigures,
  type SkippedRecords,
  totalsRow,
  type TotalsQuery,
  type TotalsRow,
} from './totals';

export type StackBy = 'model' | 'agent' | 'project';

export interface PageQuery extends Omit<TotalsQuery, 'by' | 'session'> {
  readonly since: string;
  readonly until: string;
  /** What a day's spend is split by. */
  readonly stackBy: StackBy;
}

/** A sum under two keys. */
export interface PairRow extends TotalsRow {
  /** The other key: the day's model, the branch's project … */
  readonly of: string;
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
  /** `key` the day, `of` the model, agent or project that the query asks for. */
  readonly stacks: readonly PairRow[];
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
  readonly speeds: readonly AnswerSpeed[];
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

export function pageFacts(deps: PageDeps, { stackBy, ...query }: PageQuery): PageFacts {
  const { store, prices, sums } = deps;
  const rates = new DayRates(prices);
  const { sessions, count } = dearestSessions(store, sums, query, mostSessions);
  return {
    ...sumsOf(store, sums, query, stackBy, rates),
    sessions,
    sessionCount: count,
    promptCount: promptCount(store, query),
    dearestPrompts: dearestPrompts({ store, sums, prices }, query, mostPrompts),
    newSessions: newSessions(store, query),
    speeds: answerSpeeds(store, query),
    known: known(store),
    skipped: deps.skipped,
  };
}

type PageSums = Pick<
  PageFacts,
  'totals' | 'days' | 'stacks' | 'models' | 'agents' | 'projects' | 'branches' | 'subagents' | 'unpriced' | 'cache'
>;

/** A few passes over the sums, each with as few keys as serve several tables. */
function sumsOf(store: Store, sums: Sums, query: SumQuery, stackBy: StackBy, rates: DayRates): PageSums {
  const groups = <Name extends string>(...names: Name[]) =>
    Object.fromEntries(names.map((name) => [name, new Map<string, Figures>()])) as Record<Name, Map<string, Figures>>;
  const all = noFigures();
  const caching = new Caching(rates);
  const by = groups('days', 'stacks', 'models', 'agents', 'modelAgents', 'projects', 'branches', 'subagents');
  for (const { keys, figures } of figuresBy(store, sums, query, ['day', 'agent', 'model'])) {
    const [day = '', agent = '', model = ''] = keys;
    addFigures(all, figures);
    addTo(by.days, day, figures);
    if (stackBy !== 'project') addTo(by.stacks, pair(day, stackBy === 'model' ? model : agent), figures);
    addTo(by.models, model, figures);
    addTo(by.agents, agent, figures);
    if (figures.unpricedTokens > 0) addTo(by.modelAgents, pair(model, agent), figures);
    caching.add(day, agent, model, figures);
  }
  const others: readonly SumKey[] = stackBy === 'project' ? ['project', 'branch', 'day'] : ['project', 'branch'];
  for (const { keys, figures } of figuresBy(store, sums, query, others)) {
    const [project = '', branch = '', day = ''] = keys;
    addTo(by.projects, project, figures);
    addTo(by.branches, pair(branch, project), figures);
    if (stackBy === 'project') addTo(by.stacks, pair(day, project), figures);
  }
  for (const { keys, figures } of figuresBy(store, sums, query, ['subagent'])) addTo(by.subagents, keys[0]!, figures);
  const { savedUsd, writePremiumUsd } = caching;
  return {
    totals: totalsRow('total', all),
    days: rows(by.days),
    stacks: pairs(by.stacks),
    models: rows(by.models),
    agents: rows(by.agents),
    projects: rows(by.projects),
    branches: pairs(by.branches),
    subagents: rows(by.subagents),
    unpriced: pairs(by.modelAgents),
    cache: { savedUsd, writePremiumUsd, rebuilt: rebuiltCaches(store, rates, query) },
  };
}

/** Two names as one, whatever they hold. */
function pair(key: string, of: string): string {
  return `${key.length} ${key}${of}`;
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
  return [...group]
    .map(([both, figures]) => {
      const start = both.indexOf(' ') + 1;
      const end = start + Number.parseInt(both, 10);
      return { ...totalsRow(both.slice(start, end), figures), of: both.slice(end) };
    })
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.of < b.of ? -1 : 1));
}

function promptCount(store: Store, query: SumQuery): number {
  const sessions = sessionsOf(store, query);
  const { fromMs, toMs } = spanOf(query);
  if (!sessions) return 0;
  const row = store.get(
    `SELECT count(*) AS n FROM prompts WHERE at_ms >= ? AND at_ms < ? AND ${sessions.sql}`,
    fromMs,
    toMs,
    ...sessions.values,
  );
  return Number(row?.['n'] ?? 0);
}

function known(store: Store): PageFacts['known'] {
  // The smaller tables, where the days are kept.
  const hasDays = store.get('SELECT 1 FROM days LIMIT 1') !== undefined;
  const names = (sql: string) =>
    store
      .all(sql)
      .map((row) => store.nameOf(row['id']) ?? '')
      .filter((name) => name !== '')
      .sort();
  return {
    agents: names('SELECT DISTINCT agent AS id FROM sessions'),
    models: names(`SELECT DISTINCT model AS id FROM ${hasDays ? 'day_models' : 'sums'}`),
    projects: names(`SELECT DISTINCT project AS id FROM ${hasDays ? 'day_branches' : 'sums'}`),
  };
}
