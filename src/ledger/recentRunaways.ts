// Sessions that go in circles right now: takes the last events of each session with recent calls from the store and asks
// runaway.ts. What is usual for this person is worked out from their past sessions, at most every few hours.
import { type AgentId } from '../agents/agent';
import { quarterMs } from './calendar';
import { type Runaway, runaway, type SessionHappening, type UsualSpeed, usualSpeed } from './runaway';
import { type Store, type StoreRow, textIn } from './store';

export interface RunawaySighting extends Runaway {
  readonly agent: AgentId;
  readonly project: string;
}

const recentMs = 10 * 60 * 1000;
const eventsLookedAt = 120;
/** Nobody runs more at once. */
const mostSessions = 50;
const habitDays = 14;
const habitCalls = 20_000;
const habitKeptMs = 6 * 60 * 60 * 1000;

export class RecentRunaways {
  #usual: { readonly atMs: number; readonly speed: UsualSpeed | undefined } | undefined;

  /** One at most for each session; none of what ended more than ten minutes ago. */
  look(store: Store, nowMs: number): RunawaySighting[] {
    const sessions = store.all(
      'SELECT session FROM sums WHERE quarter >= ? GROUP BY session ORDER BY max(quarter) DESC LIMIT ?',
      Math.floor((nowMs - recentMs) / quarterMs),
      mostSessions,
    );
    return sessions.flatMap(({ session }) => {
      const events = lastEvents(store, Number(session));
      const lastMs = events.at(-1)?.atMs ?? 0;
      if (lastMs <= nowMs - recentMs) return [];
      const found = runaway(events, this.#usualSpeed(store, nowMs));
      if (!found || found.untilMs <= nowMs - recentMs) return [];
      const row = store.get('SELECT agent, name, cwd FROM sessions WHERE id = ?', session!);
      const agent = store.nameOf(row?.['agent']) as AgentId;
      return [{ ...found, agent, sessionId: textIn(row, 'name'), project: store.nameOf(row?.['cwd']) ?? '' }];
    });
  }

  #usualSpeed(store: Store, nowMs: number): UsualSpeed | undefined {
    if (!this.#usual || nowMs - this.#usual.atMs > habitKeptMs || nowMs < this.#usual.atMs)
      this.#usual = { atMs: nowMs, speed: usualSpeed(pastSessions(store, nowMs)) };
    return this.#usual.speed;
  }
}

function pastSessions(store: Store, nowMs: number): readonly (readonly SessionHappening[])[] {
  const rows = store.all(
    'SELECT session, at_ms, input, write_5m, write_1h, output, is_subagent FROM calls WHERE counts = 1 AND session IN ' +
      '(SELECT DISTINCT session FROM sums WHERE quarter >= ?) ORDER BY session DESC, at_ms LIMIT ?',
    Math.floor((nowMs - habitDays * 86_400_000) / quarterMs),
    habitCalls,
  );
  const sessions = new Map<number, SessionHappening[]>();
  for (const row of rows) {
    const id = Number(row['session']);
    let events = sessions.get(id);
    if (!events) sessions.set(id, (events = []));
    events.push(callOf(row));
  }
  return [...sessions.values()];
}

/** A session's last events of all kinds, in the order of time. */
function lastEvents(store: Store, session: number): readonly SessionHappening[] {
  const rows = (columns: string, table: string, condition = '') =>
    store.all(
      `SELECT at_ms, ${columns} FROM ${table} WHERE session = ? ${condition} ORDER BY at_ms DESC LIMIT ?`,
      session,
      eventsLookedAt,
    );
  const at = (row: StoreRow) => ({ atMs: Number(row['at_ms']), sessionId: String(session) });
  const events: SessionHappening[] = [
    ...rows('session, input, write_5m, write_1h, output, is_subagent', 'calls', 'AND counts = 1').map(callOf),
    ...rows('key, name, arguments, is_error, error, result, changed', 'tools').map((row) =>
      toolOf(store, row, at(row)),
    ),
    ...rows('1', 'prompts').map((row) => ({ kind: 'prompt' as const, ...at(row) })),
    ...rows('1', 'compactions').map((row) => ({ kind: 'compaction' as const, ...at(row) })),
  ];
  return events.sort((a, b) => a.atMs - b.atMs).slice(-eventsLookedAt);
}

function callOf(row: StoreRow): SessionHappening {
  return {
    kind: 'call',
    atMs: Number(row['at_ms']),
    sessionId: String(Number(row['session'])),
    inputTokens: Number(row['input']),
    cacheWrite5mTokens: Number(row['write_5m']),
    cacheWrite1hTokens: Number(row['write_1h']),
    outputTokens: Number(row['output']),
    ...(row['is_subagent'] === 1 && { isSubagent: true }),
  };
}

function toolOf(
  store: Store,
  row: StoreRow,
  at: { readonly atMs: number; readonly sessionId: string },
): SessionHappening {
  const error = textIn(row, 'error');
  const changedFile = store.nameOf(row['changed']);
  return {
    kind: 'tool',
    ...at,
    key: textIn(row, 'key'),
    name: store.nameOf(row['name']) ?? '',
    argumentsHash: textIn(row, 'arguments'),
    ...(row['is_error'] === 1 && { isError: true }),
    ...(error !== '' && { errorHash: error }),
    ...(typeof row['result'] === 'number' && { resultCharacters: row['result'] }),
    ...(changedFile !== undefined && { changedFile }),
  };
}
