// How fast models answer, as far as logs tell: output tokens by the time from what a call answers (a prompt, a tool's
// result, the call before) to its row in the log. The wait for the first word is in it. Only of agents that write a
// call's row when the answer is complete.
import { type AgentId } from '../agents/agent';
import { sessionsOf, spanOf } from './cacheFacts';
import { type SumQuery } from './figuresBy';
import { type Store, type StoreRow, textIn } from './store';

export interface AnswerSpeed {
  readonly agent: AgentId;
  readonly model: string;
  /** Output tokens a second: the median of the calls looked at. */
  readonly tokensPerSecond: number;
  readonly calls: number;
  /** The call that is the median. */
  readonly callKey: string;
}

const agentsThatTell: readonly string[] = ['claude-code', 'codex', 'qwen-code'] satisfies AgentId[];
/** The latest ones are enough for a median. */
const mostSessions = 40;
const mostCalls = 1500;
const mostOfSession = 200;
const leastCalls = 10;
/** Shorter answers are mostly waiting, longer waits mostly a person's. */
const leastTokens = 50;
const leastMs = 500;
const longestMs = 600_000;

export function answerSpeeds(store: Store, query: SumQuery): AnswerSpeed[] {
  const condition = sessionsOf(store, query);
  const { fromMs, toMs } = spanOf(query);
  if (!condition) return [];
  const sessions = store.all(
    'SELECT session, agent FROM starts JOIN sessions ON sessions.id = session JOIN names ON names.id = agent ' +
      `WHERE at_ms >= ? AND at_ms < ? AND ${condition.sql} AND names.name IN (SELECT value FROM json_each(?)) ` +
      'ORDER BY at_ms DESC LIMIT ?',
    fromMs,
    toMs,
    ...condition.values,
    JSON.stringify(agentsThatTell),
    mostSessions,
  );
  const found = new Map<string, { readonly agent: AgentId; readonly model: string; readonly speeds: Speed[] }>();
  let seen = 0;
  for (const session of sessions) {
    if (seen >= mostCalls) break;
    const agent = store.nameOf(session['agent']) as AgentId;
    for (const speed of speedsOf(store, Number(session['session']), query)) {
      const { model } = speed;
      seen += 1;
      const key = `${agent}\n${model}`;
      const group = found.get(key) ?? { agent, model, speeds: [] };
      found.set(key, group);
      group.speeds.push(speed);
    }
  }
  return [...found.values()]
    .filter(({ speeds }) => speeds.length >= leastCalls)
    .map(({ agent, model, speeds }) => {
      const sorted = speeds.sort((a, b) => a.tokensPerSecond - b.tokensPerSecond);
      const { tokensPerSecond, callKey } = sorted[Math.floor((sorted.length - 1) / 2)]!;
      return { agent, model, tokensPerSecond, calls: sorted.length, callKey };
    })
    .sort((a, b) => b.calls - a.calls);
}

type Speed = Pick<AnswerSpeed, 'model' | 'tokensPerSecond' | 'callKey'>;

function* speedsOf(store: Store, session: number, query: SumQuery): Iterable<Speed> {
  const { fromMs, toMs } = spanOf(query);
  const calls = store
    .all(
      'SELECT key, at_ms, model, output, quality, unrecorded FROM calls WHERE session = ? AND at_ms >= ? AND at_ms < ? ' +
        'AND counts = 1 AND is_subagent IS NOT 1 ORDER BY at_ms DESC LIMIT ?',
      session,
      fromMs,
      toMs,
      mostOfSession,
    )
    .reverse();
  const firstMs = Number(calls[0]?.['at_ms'] ?? 0);
  const startsOf = (table: string) =>
    store.all(
      `SELECT at_ms FROM ${table} WHERE session = ? AND at_ms >= ? AND at_ms < ?`,
      session,
      firstMs - longestMs,
      toMs,
    );
  const starts = [...startsOf('prompts'), ...startsOf('tools')]
    .map((row) => Number(row['at_ms']))
    .sort((a, b) => a - b);
  let at = 0;
  let lastMs = -Infinity;
  for (const call of calls) {
    const atMs = Number(call['at_ms']);
    for (; at < starts.length && starts[at]! < atMs; at += 1) lastMs = Math.max(lastMs, starts[at]!);
    const model = store.nameOf(call['model']) ?? '';
    const isAsked = query.model === undefined || query.model === model;
    if (isAsked && isMeasurable(call, atMs - lastMs))
      yield {
        model,
        tokensPerSecond: (Number(call['output']) * 1000) / (atMs - lastMs),
        callKey: textIn(call, 'key'),
      };
    lastMs = Math.max(lastMs, atMs);
  }
}

function isMeasurable(call: StoreRow, tookMs: number): boolean {
  if (Number(call['output']) < leastTokens || tookMs < leastMs || tookMs > longestMs) return false;
  return call['quality'] === 0 && call['unrecorded'] === null;
}
