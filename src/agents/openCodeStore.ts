// The store that OpenCode and Kilo's command line share: a SQLite database (session, message, part with JSON in `data`), before
// it one JSON file a message below `storage/`, and what `export` writes. Knows their records; not where an agent keeps them.
// A fork copies messages under new ids into a session that names no parent: a call is known by when it began and ended, its
// model and its figures, which copies keep. Only finished messages count: a running one is written again and again.
import {
  type DatabaseQuery,
  type DatabaseSource,
  type DocumentSource,
  type LogEvent,
  type Parsed,
  type PromptEvent,
  type SessionEvent,
  type SkipReason,
  type ToolEvent,
  type UsageEvent,
} from './agent';
import {
  atPointer,
  below,
  dollarsOf,
  isObject,
  type JsonObject,
  objectOf,
  parseJson,
  parseObject,
  tokenFields,
  toolHash,
} from './logValues';
import { hashOf, listOf, textOf, timeOf, tokensOf } from './record';

type Row = Readonly<Record<string, unknown>>;

const nothing: Parsed = { events: [] };

function parsed(event: LogEvent | SkipReason | undefined, ...more: readonly LogEvent[]): Parsed {
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
function readAssistant(message: JsonObject, sessionId: string, isSubagent: boolean): Parsed {
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

function toolOf(part: JsonObject, sessionId: string, promptKey: string | undefined): ToolEvent | undefined {
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

function sessionOf(session: JsonObject, titlePlace: string): SessionEvent | undefined {
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

// ---- the database ------------------------------------------------------------------------------------------------------

const subagentSessions = 'session_id IN (SELECT id FROM session WHERE parent_id IS NOT NULL)';
/** A fork's copies are older than the fork; their originals are told with the session they were made in. */
const ownRows =
  'message_id IN (SELECT m.id FROM message m JOIN session s ON s.id = m.session_id WHERE m.time_created >= s.time_created)';
/** One broken row must not end the whole query. */
const jsonField = (name: string, data = 'data') =>
  `CASE WHEN json_valid(${data}) THEN json_extract(${data}, '$.${name}') END`;
const ofUsers = `message_id IN (SELECT id FROM message WHERE ${jsonField('role')} = 'user')`;

function messageQuery(id: string, isSubagent: boolean): DatabaseQuery {
  return {
    id,
    table: 'message',
    columns: ['id', 'session_id', 'time_updated', 'data'],
    watermark: 'time_updated',
    where: isSubagent ? subagentSessions : `NOT (${subagentSessions})`,
    parseRow(row) {
      const message = parseObject(textOf(row.data) ?? '');
      if (message === undefined) return parsed('broken-json');
      return message.role === 'assistant' ? readAssistant(message, textOf(row.session_id) ?? '', isSubagent) : nothing;
    },
  };
}

const sessionQuery: DatabaseQuery = {
  id: 'sessions',
  table: 'session',
  columns: ['id', 'directory', 'title', 'time_updated'],
  optional: ['parent_id', 'version'],
  watermark: 'time_updated',
  parseRow: (row) => parsed(sessionOf(row, textOf(row.id) ?? '')),
};

function partData(row: Row): JsonObject {
  return parseObject(textOf(row.data) ?? '') ?? {};
}

const partColumns = ['rowid', 'id', 'message_id', 'session_id', 'time_created', 'data'];

/** Of what stands in a message, the person typed this; the rest was added by the program or a plugin. */
const typed = (data: string) =>
  `${jsonField('type', data)} = 'text' AND ${jsonField('synthetic', data)} IS NOT 1 AND ${jsonField('ignored', data)} IS NOT 1`;
const isFirstTyped = `${typed('data')} AND NOT EXISTS (SELECT 1 FROM part before
  WHERE before.message_id = part.message_id AND before.id < part.id AND ${typed('before.data')})`;

/**
 * Rows of `part` are far more and larger than the rest and have no index by time: only new ones are asked for. What a
 * subagent is asked is its parent's word, no prompt of the person's.
 */
const promptQuery: DatabaseQuery = {
  id: 'prompts',
  table: 'part',
  columns: partColumns,
  watermark: 'rowid',
  where: `${jsonField('type')} = 'text' AND NOT (${subagentSessions}) AND ${ofUsers} AND ${ownRows} AND ${isFirstTyped}`,
  parseRow(row) {
    const part = partData(row);
    const [key, place, sessionId] = [textOf(row.message_id), textOf(row.id), textOf(row.session_id)];
    const atMs = timeOf(row.time_created);
    const text = textOf(part.text);
    if (text === undefined || key === undefined || place === undefined || sessionId === undefined || atMs === undefined)
      return nothing;
    return parsed({ kind: 'prompt', key, atMs, sessionId, place, characters: text.length });
  },
};

const toolQuery: DatabaseQuery = {
  id: 'tools',
  table: 'part',
  columns: partColumns,
  watermark: 'rowid',
  where: `${jsonField('type')} = 'tool' AND ${ownRows}`,
  parseRow: (row) => parsed(toolOf(partData(row), textOf(row.session_id) ?? '', undefined)),
};

/** Builds for everybody use the plain name; these are the channels whose builds have a database of their own. */
const channels = ['local', 'dev', 'nightly', 'canary', 'next', 'snapshot'];

/**
 * `app` names the database: `opencode.db`, `opencode-<channel>.db`. Files are named, not their folder: beside them lie
 * snapshots and parts by the ten thousand, which nobody wants to walk. `named` is a path or name that a variable gives.
 */
export function databaseFiles(app: string, folder: string, named: string | undefined): readonly string[] {
  const own = named === undefined ? [] : [/^([\\/]|[A-Za-z]:)/.test(named) ? named : below(folder, named)];
  return [...own, ...['', ...channels.map((channel) => `-${channel}`)].map((end) => below(folder, `${app}${end}.db`))];
}

export function databaseSource(folders: DatabaseSource['folders']): DatabaseSource {
  return {
    id: 'database',
    kind: 'database',
    folders,
    owns: (path) => /(^|\/)[^/]+\.db$/.test(path),
    queries: [
      sessionQuery,
      messageQuery('messages', false),
      messageQuery('subagent-messages', true),
      promptQuery,
      toolQuery,
    ],
    texts: [
      { table: 'session', key: 'id', column: 'title' },
      { table: 'part', key: 'id', column: 'data' },
    ],
  };
}

// ---- files -------------------------------------------------------------------------------------------------------------

function promptOf(
  message: JsonObject,
  turn: number | undefined,
  place: string,
  characters: number,
): PromptEvent | undefined {
  const [key, sessionId] = [textOf(message.id), textOf(message.sessionID)];
  const atMs = timeOf(objectOf(message.time).created);
  if (key === undefined || sessionId === undefined || atMs === undefined) return undefined;
  const planMode = message.agent === 'plan' || message.mode === 'plan';
  return {
    kind: 'prompt',
    key,
    atMs,
    sessionId,
    ...(turn !== undefined && { turn }),
    place,
    characters,
    ...(planMode && { planMode }),
  };
}

/** Its text stands in another file; this one may hold a title for it. */
function treePrompt(message: JsonObject): PromptEvent | undefined {
  const prompt = promptOf(message, undefined, '/summary/title', 0);
  return prompt && { ...prompt, isSecondHand: true };
}

/** `storage/message/<session>/<message>.json` and `storage/session/<project>/<session>.json`. */
export function treeSource(folders: DocumentSource['folders']): DocumentSource {
  return {
    id: 'tree',
    kind: 'document',
    folders,
    owns: (path) => /(^|\/)(msg|ses)_[^/]+\.json$/.test(path),
    parseDocument(text) {
      const document = parseObject(text);
      if (document === undefined) return parsed('broken-json');
      if (document.role === 'assistant') return readAssistant(document, textOf(document.sessionID) ?? '', false);
      if (document.role === 'user') return parsed(treePrompt(document));
      return parsed(sessionOf(document, '/title'));
    },
  };
}

/** What `export` writes: `{info, messages: [{info, parts}]}`. */
export function exportSource(folders: DocumentSource['folders']): DocumentSource {
  return {
    id: 'exports',
    kind: 'document',
    folders,
    owns: (path) => path.endsWith('.json'),
    parseDocument(text) {
      const document = parseObject(text);
      if (document === undefined) return parsed('broken-json');
      if (!Array.isArray(document.messages) || !isObject(document.info)) return parsed('unknown-format');
      return readExport(document.info, document.messages.map(objectOf));
    },
  };
}

function readExport(info: JsonObject, messages: readonly JsonObject[]): Parsed {
  const session = sessionOf(info, '/info/title');
  if (session === undefined) return parsed('unknown-format');
  const events: LogEvent[] = [session];
  let skipped: SkipReason | undefined;
  let turn = 0;
  for (const [index, { info: about, parts }] of messages.entries()) {
    const message = objectOf(about);
    const blocks = listOf(parts).map(objectOf);
    if (message.role === 'assistant') {
      const read = readAssistant(message, session.sessionId, session.parentSessionId !== undefined);
      events.push(...read.events);
      skipped ??= read.skipped;
    } else if (message.role === 'user') {
      const at = blocks.findIndex(
        (block) => block.type === 'text' && block.synthetic !== true && block.ignored !== true,
      );
      const typed = textOf(blocks[at]?.text);
      const prompt =
        typed &&
        promptOf(
          { sessionID: session.sessionId, ...message },
          turn,
          `/messages/${index}/parts/${at}/text`,
          typed.length,
        );
      if (prompt) {
        events.push(prompt);
        turn++;
      }
    }
    for (const block of blocks) {
      const tool = block.type === 'tool' ? toolOf(block, session.sessionId, textOf(message.parentID)) : undefined;
      if (tool !== undefined) events.push(tool);
    }
  }
  return { events, ...(skipped !== undefined && { skipped }) };
}

/** A title or prompt: from a row's JSON, or at a pointer into a document. */
export function storeTextAt(record: string, place: number | string): string | undefined {
  const value = parseJson(record);
  if (typeof place === 'string' && place.startsWith('/')) return textOf(atPointer(value, place));
  const row = objectOf(value);
  return textOf(row.title) ?? textOf(partData(row).text) ?? textOf(row.text);
}
