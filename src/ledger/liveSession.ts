// The session that is running in a workspace: its model, how full its context is, what it and its last prompt cost, and
// until when its cache is warm. From the calls alone; a cache's lifetime is known only where the log tells its writes.
import { type AgentId } from '../agents/agent';
import { promptTokensOf } from '../pricing/cost';
import { type PriceBook } from '../pricing/priceBook';
import { quarterMs } from './calendar';
import { askTotals } from './questions';
import { type Store, type StoreRow, textIn } from './store';
import { type Sums } from './sums';
import { addFigures, noFigures, totalsRow, type TotalsRow } from './totals';

export interface CacheState {
  /** Epoch milliseconds; past = gone cold. Counted from the last answer's row: the provider's clock began seconds earlier. */
  readonly warmUntilMs: number;
  readonly lifetimeMs: number;
  /** What the next call pays for reading this context from the cache, and for writing it anew; absent without a price. */
  readonly warmUsd?: number;
  readonly coldUsd?: number;
}

export interface LiveSession {
  readonly agent: AgentId;
  readonly sessionId: string;
  readonly project: string;
  /** As logged; of the main thread's last call. */
  readonly model: string;
  readonly lastMs: number;
  /** What the next call will send at least: the last prompt and its answer. */
  readonly contextTokens: number;
  /** Absent where not known, or plainly not the one in use. */
  readonly contextWindow?: number;
  readonly totals: TotalsRow;
  readonly lastPrompt?: TotalsRow;
  readonly cache?: CacheState;
  /** How many more sessions had calls here within the last ten minutes. */
  readonly besides: number;
}

/** A session is the running one that long after its last call. */
export const liveMs = 6 * 60 * 60 * 1000;
const atOnceMs = 10 * 60 * 1000;
/** Nobody runs more at once. */
const mostSessions = 50;

export interface LiveDeps {
  readonly store: Store;
  readonly sums: Sums;
  readonly prices: PriceBook;
}

/** The latest of the sessions in these projects (by number; `undefined` = anywhere). */
export function liveSession(
  deps: LiveDeps,
  projects: readonly number[] | undefined,
  nowMs: number,
): LiveSession | undefined {
  const { store } = deps;
  const candidates = store.all(
    'SELECT session, (SELECT max(at_ms) FROM calls WHERE calls.session = one.session AND counts = 1) AS last_ms FROM ' +
      '(SELECT session FROM sums WHERE quarter >= ?' +
      (projects ? ' AND project IN (SELECT value FROM json_each(?))' : '') +
      ` GROUP BY session ORDER BY max(quarter) DESC LIMIT ${mostSessions}) AS one ORDER BY last_ms DESC`,
    Math.floor((nowMs - liveMs) / quarterMs),
    ...(projects ? [JSON.stringify(projects)] : []),
  );
  const [latest, ...rest] = candidates;
  const lastMs = Number(latest?.['last_ms'] ?? 0);
  if (!latest || lastMs <= nowMs - liveMs) return undefined;
  const besides = rest.filter((row) => Number(row['last_ms']) > nowMs - atOnceMs).length;
  return describe(deps, Number(latest['session']), lastMs, nowMs, besides);
}

function describe(
  deps: LiveDeps,
  session: number,
  lastMs: number,
  nowMs: number,
  besides: number,
): LiveSession | undefined {
  const { store, sums, prices } = deps;
  const named = store.get('SELECT agent, name, cwd FROM sessions WHERE id = ?', session);
  const lastCall = (condition: string) =>
    store.get(`SELECT * FROM calls WHERE session = ? AND counts = 1 ${condition} ORDER BY at_ms DESC LIMIT 1`, session);
  const last = lastCall('AND is_subagent IS NOT 1') ?? lastCall('');
  if (!named || !last) return undefined;
  const agent = store.nameOf(named['agent']) as AgentId;
  const sessionId = textIn(named, 'name');
  const call = sums.priceable(last);
  const contextTokens = promptTokensOf(call) + call.outputTokens;
  const { contextWindow } = prices.limits(call.model, { agent, ...(call.provider && { provider: call.provider }) });
  const promptMs = store.get(
    'SELECT max(at_ms) AS at_ms FROM prompts WHERE session = ? AND at_ms <= ?',
    session,
    lastMs,
  )?.['at_ms'];
  const wrote = lastCall('AND is_subagent IS NOT 1 AND (write_5m > 0 OR write_1h > 0)');
  const project = store.get('SELECT project FROM projects WHERE cwd = ?', last['cwd'] ?? named['cwd'] ?? -1)?.[
    'project'
  ];
  return {
    agent,
    sessionId,
    project: store.nameOf(project) ?? store.nameOf(named['cwd']) ?? '',
    model: call.model,
    lastMs,
    contextTokens,
    // A fuller context than the window: the agent uses a larger one (a long-context option) that its log does not name.
    ...(contextWindow !== undefined && contextTokens <= contextWindow && { contextWindow }),
    totals: askTotals(store, sums, { by: 'session', session: sessionId, agent, timeZone: 'UTC' }).totals,
    ...(typeof promptMs === 'number' && { lastPrompt: sumSince(deps, session, promptMs) }),
    ...(wrote && { cache: cacheState(deps, wrote, last, contextTokens, nowMs) }),
    besides,
  };
}

function sumSince({ store, sums }: LiveDeps, session: number, sinceMs: number): TotalsRow {
  const figures = noFigures();
  const rows = store.all('SELECT * FROM calls WHERE session = ? AND counts = 1 AND at_ms >= ?', session, sinceMs);
  for (const row of rows) addFigures(figures, sums.figuresOf(row));
  return totalsRow('prompt', figures);
}

const minuteMs = 60_000;

/** `wrote`: the main thread's last call that wrote to the cache. Each use starts its lifetime anew. */
function cacheState(
  { sums, prices }: LiveDeps,
  wrote: StoreRow,
  last: StoreRow,
  contextTokens: number,
  nowMs: number,
): CacheState {
  const isHour = Number(wrote['write_1h']) > 0;
  const lifetimeMs = (isHour ? 60 : 5) * minuteMs;
  const { model, provider, agent } = sums.priceable(last);
  const nothing = { inputTokens: 0, cacheReadTokens: 0, cacheWrite5mTokens: 0, cacheWrite1hTokens: 0, outputTokens: 0 };
  const next = { model, atMs: nowMs, ...(agent && { agent }), ...(provider && { provider }), ...nothing };
  const warm = prices.cost({ ...next, cacheReadTokens: contextTokens }).usd;
  const cold = prices.cost({ ...next, [isHour ? 'cacheWrite1hTokens' : 'cacheWrite5mTokens']: contextTokens }).usd;
  return {
    warmUntilMs: Number(last['at_ms']) + lifetimeMs,
    lifetimeMs,
    ...(warm !== undefined && { warmUsd: warm }),
    ...(cold !== undefined && { coldUsd: cold }),
  };
}
