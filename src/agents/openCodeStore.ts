// The SQLite database of OpenCode and Kilo's command line: tables session, message and part, with JSON in `data`. Knows which
// rows are whose; what a row means is openCodeRecords.ts's, where an agent keeps the file is the agent's.
import { type DatabaseQuery, type DatabaseSource } from './agent';
import { atPointer, below, type JsonObject, objectOf, parseJson, parseObject } from './logValues';
import { nothing, parsed, readAssistant, sessionOf, toolOf } from './openCodeRecords';
import { textOf, timeOf } from './record';

type Row = Readonly<Record<string, unknown>>;

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

/** A title or prompt: from a row's JSON, or at a pointer into a document. */
export function storeTextAt(record: string, place: number | string): string | undefined {
  const value = parseJson(record);
  if (typeof place === 'string' && place.startsWith('/')) return textOf(atPointer(value, place));
  const row = objectOf(value);
  return textOf(row.title) ?? textOf(partData(row).text) ?? textOf(row.text);
}
