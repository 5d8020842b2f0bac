// What OpenCode and Kilo's command line write down, whatever the store: a message that is a call, a tool's part, a session.
// A fork copies messages under new ids into a session that names no parent: a call is known by when it began and ended, its
// model and its figures, which copies keep. Only finished messages count: a running one is written again and again.
import {
  type LogEvent,
  type Parsed,
  type SessionEvent,
  type SkipReason,
  type ToolEvent,
  type UsageEvent,
} from './agent';
import { dollarsOf, isObject, type JsonObject, objectOf, tokenFields, toolHash } from './logValues';
import { hashOf, textOf, timeOf, tokensOf } from './record';

export const nothing: Parsed = { events: [] };

export function parsed(event: LogEvent | SkipReason | undefined, ...more: readonly LogEvent[]): Parsed {
  if (event === undefined) return nothing;
  return typeof event === 'string' ? { events: [], skipped: event } : { events: [event, ...more] };
}

/**
 * Older builds keep reasoning inside `output`, newer ones beside it: the row's own total tells which. Without a total it is
 * an older one.
 */
function wholeOutput(prompt: number, output: number, reasoning: number, total: number): number {
  return total >= prompt + output + reasoning ? output + reasoning : Math.max(output, reasoning);
}

/** A finished assistant message, or why it does not count; undefined for one that still runs. */
function callOf(message: JsonObject, sessionId: string, isSubagent: boolean): UsageEvent | SkipReason | undefined {
  const time = objectOf(message.time);
  const startedMs = timeOf(time.created);
  const endedMs = timeOf(time.completed);
  const isFailed = isObject(message.error);
  if (endedMs === undefined && !isFailed && textOf(message.finish) === undefined) return undefined;
  const tokens = objectOf(message.tokens);
  const fields = tokenFields(tokens, 'input', 'output', 'reasoning');
  const cache = tokenFields(objectOf(tokens.cache), 'read', 'write');
  if (fields === undefined || cache === undefined) return 'broken-number';
  if (startedMs === undefined) return 'broken-record';
  const [inputTokens, output, reasoningTokens] = fields;
  const [cacheReadTokens, cacheWrite5mTokens] = cache;
  // Cut, or refused by the provider: zeros mean not recorded, never free.
  const isUnrecorded = isFailed || [...fields, ...cache].every((count) => count === 0);
  const model = textOf(message.modelID) ?? '';
  const provider = textOf(message.providerID);
  const reportedCostUsd = dollarsOf(message.cost);
  const cwd = textOf(objectOf(message.path).cwd);
  const agentName = isSubagent ? textOf(message.agent) : undefined;
  const promptKey = textOf(message.parentID);
  const prompt = inputTokens + cacheReadTokens + cacheWrite5mTokens;
  const times = [startedMs, endedMs ?? 0].map((ms) => ms.toString(36));
  return {
    kind: 'call',
    key: [...times, model, ...fields, ...cache].join(':'),
    atMs: endedMs ?? startedMs,
    sessionId,
    model,
    ...(provider !== undefined && { provider }),
    inputTokens,
    cacheReadTokens,
    cacheWrite5mTokens,
    cacheWrite1hTokens: 0,
    outputTokens: wholeOutput(prompt, output, reasoningTokens, tokensOf(tokens.total) ?? 0),
    reasoningTokens,
    quality: 'exact',
    ...(isUnrecorded && { unrecordedOutputTokens: Math.max(output, reasoningTokens) }),
    ...(reportedCostUsd !== undefined && { reportedCostUsd }),
    ...(promptKey !== undefined && { promptKey }),
    ...(isSubagent && { isSubagent: true }),
    ...(agentName !== undefined && { agentName }),
    ...(message.summary === true && { role: 'compaction' }),
    ...(cwd !== undefined && { cwd }),
  };
}

/** A call, and the compaction it was made for. */
export function readAssistant(message: JsonObject, sessionId: string, isSubagent: boolean): Parsed {
  const call = callOf(message, sessionId, isSubagent);
  if (typeof call !== 'object' || call.role !== 'compaction') return parsed(call);
  return parsed(call, {
    kind: 'compaction',
    key: call.key,
    atMs: call.atMs,
    sessionId,
    tokensBefore: call.inputTokens + call.cacheReadTokens + call.cacheWrite5mTokens,
    tokensAfter: call.outputTokens,
  });
}

export function toolOf(part: JsonObject, sessionId: string, promptKey: string | undefined): ToolEvent | undefined {
  const state = objectOf(part.state);
  const key = textOf(part.callID);
  const name = textOf(part.tool);
  const atMs = timeOf(objectOf(state.time).end);
  if (key === undefined || name === undefined || atMs === undefined) return undefined;
  if (state.status !== 'completed' && state.status !== 'error') return undefined;
  const result = textOf(state.output) ?? textOf(state.error) ?? '';
  const metadata = objectOf(state.metadata);
  const change = objectOf(metadata.filediff);
  const changedFile = textOf(change.file) ?? (name === 'write' ? textOf(objectOf(state.input).filePath) : undefined);
  return {
    kind: 'tool',
    // Providers number their tool calls anew in each session; with the moment a copy in a fork is still the same use.
    key: `${key}@${atMs}`,
    atMs,
    sessionId,
    name,
    argumentsHash: toolHash(name, state.input),
    ...(promptKey !== undefined && { promptKey }),
    ...(state.status === 'error' && { isError: true, errorHash: hashOf(result) }),
    resultCharacters: result.length,
    ...(changedFile !== undefined && {
      changedFile,
      linesAdded: tokensOf(change.additions) ?? 0,
      linesRemoved: tokensOf(change.deletions) ?? 0,
    }),
  };
}

/** What a session is called until somebody names it, and for good where no model is asked to. */
const unnamed = /^(New|Child) session - \d{4}-\d\d-\d\dT[\d:.]+Z( \(fork #\d+\))?$/i;

export function sessionOf(session: JsonObject, titlePlace: string): SessionEvent | undefined {
  const sessionId = textOf(session.id);
  if (sessionId === undefined) return undefined;
  const parentSessionId = textOf(session.parent_id) ?? textOf(session.parentID);
  const cwd = textOf(session.directory);
  const title = textOf(session.title);
  const agentVersion = textOf(session.version);
  return {
    kind: 'session',
    sessionId,
    ...(parentSessionId !== undefined && { parentSessionId, relation: 'subagent' as const }),
    ...(cwd !== undefined && { cwd }),
    ...(title !== undefined && !unnamed.test(title) && { titlePlace }),
    ...(agentVersion !== undefined && { agentVersion }),
  };
}
