// Rows of Copilot's databases: calls, sessions and prompts of `session-store.db`, the app's totals in `data.db`. Knows what a
// row means; which tables are asked is copilotCli.ts's.
import { type Parsed, type PromptEvent, type SessionEvent, type UsageEvent } from './agent';
import { promptKeyOf } from './copilotEvents';
import { bucketsOf, figuresOf, isNothing, rank } from './copilotUsage';
import { type JsonRecord, textOf, timeOf } from './record';

/** Times of the store have no zone in some versions: they are UTC. */
function storeTimeOf(value: unknown): number | undefined {
  const text = textOf(value);
  if (text === undefined) return timeOf(value);
  return timeOf(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`);
}

export function parseStoreRow(row: JsonRecord): Parsed {
  const sessionId = textOf(row.session_id);
  const atMs = storeTimeOf(row.created_at);
  if (!sessionId || atMs === undefined) return { events: [], skipped: 'broken-record' };
  const figures = figuresOf(
    {
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
      cacheReadTokens: row.cache_read_tokens,
      cacheWriteTokens: row.cache_write_tokens,
      reasoningTokens: row.reasoning_tokens,
    },
    row.total_nano_aiu,
  );
  if (!figures) return { events: [], skipped: 'broken-number' };
  if (isNothing(figures)) return { events: [] };
  const isSubagent = textOf(row.agent_id) !== undefined || row.initiator === 'sub-agent';
  const turn = typeof row.turn_index === 'number' && row.turn_index >= 0 ? row.turn_index : undefined;
  const call: UsageEvent = {
    kind: 'call',
    key: `store.${String(row.id)}.${atMs}`,
    atMs,
    sessionId,
    model: textOf(row.model) ?? '',
    ...bucketsOf(figures),
    quality: 'exact',
    promptKey: turn === undefined ? undefined : promptKeyOf(sessionId, turn),
    isSubagent: isSubagent || undefined,
    role: row.initiator === 'compaction' ? 'compaction' : undefined,
    precedence: rank.store,
  };
  return { events: [call] };
}

export function parseSessionRow(row: JsonRecord): Parsed {
  const sessionId = textOf(row.id);
  if (!sessionId) return { events: [] };
  const { cwd, branch, repository } = row;
  const session: SessionEvent = { kind: 'session', sessionId, cwd: textOf(cwd), branch: textOf(branch) };
  // The summary is the first prompt's opening; events.jsonl knows of a later renaming.
  const title = textOf(row.summary) ? { titlePlace: sessionId, isTitleMade: true } : {};
  return { events: [{ ...session, repository: textOf(repository), ...title }] };
}

/** A prompt of the store, dated when its answer had ended. */
export function parseTurnRow(row: JsonRecord): Parsed {
  const sessionId = textOf(row.session_id);
  const turn = typeof row.turn_index === 'number' && row.turn_index >= 0 ? row.turn_index : undefined;
  const text = textOf(row.user_message);
  const atMs = storeTimeOf(row.timestamp);
  if (!sessionId || turn === undefined || !text || atMs === undefined || typeof row.id !== 'number')
    return { events: [] };
  const key = promptKeyOf(sessionId, turn);
  const prompt: PromptEvent = { kind: 'prompt', key, atMs, sessionId, turn, place: row.id, characters: text.length };
  return { events: [{ ...prompt, isSecondHand: true }] };
}

/** The app's own totals per session, for sessions that no better store knows. */
export function parseAppRow(row: JsonRecord): Parsed {
  const sessionId = textOf(row.id);
  const atMs = storeTimeOf(row.updated_at);
  if (!sessionId || atMs === undefined) return { events: [], skipped: 'broken-record' };
  const figures = figuresOf(
    {
      inputTokens: row.total_input_tokens,
      outputTokens: row.total_output_tokens,
      cacheReadTokens: row.total_cached_tokens,
      reasoningTokens: row.total_reasoning_tokens,
    },
    undefined,
  );
  if (!figures) return { events: [], skipped: 'broken-number' };
  if (isNothing(figures)) return { events: [] };
  const key = `app.${sessionId}`;
  const model = textOf(row.model) ?? '';
  const quality = 'session-total';
  return {
    events: [{ kind: 'call', key, atMs, sessionId, model, ...bucketsOf(figures), quality, precedence: rank.app }],
  };
}
