// Where a session's last call stands in its log, as an editor counts: file and line. Reads no more of the file than its
// line breaks.
import { closeSync, openSync, readSync } from 'node:fs';
import { type Agent, type AgentId } from '../agents/agent';
import { type Store, textIn } from './store';

export interface LogPlace {
  readonly path: string;
  /** From 0; absent in files that are not read by lines. */
  readonly line?: number;
}

/** `undefined` where the session is unknown, its log a database, or the file gone. */
export function placeOfSession(
  store: Store,
  agents: readonly Agent[],
  agent: AgentId,
  sessionId: string,
): LogPlace | undefined {
  const row = store.get(
    'SELECT files.path AS path, files.source AS source, calls.place AS place FROM calls JOIN files ON files.id = calls.file ' +
      'JOIN sessions ON sessions.id = calls.session WHERE sessions.agent = ? AND sessions.name = ? ' +
      'ORDER BY calls.is_subagent IS 1, calls.at_ms DESC LIMIT 1',
    store.knownIdOf(agent) ?? -1,
    sessionId,
  );
  const source = agents.find(({ id }) => id === agent)?.sources.find(({ id }) => id === textIn(row, 'source'));
  if (!row || !source || source.kind === 'database') return undefined;
  const path = textIn(row, 'path');
  const place = row['place'];
  const isByLines = source.kind === 'lines' && typeof place === 'number';
  try {
    return { path, ...(isByLines ? { line: lineAt(path, place) } : exists(path)) };
  } catch {
    return undefined;
  }
}

const newline = 10;

/** The number of line breaks before an offset. Throws where the file cannot be read. */
function lineAt(path: string, offsetBytes: number): number {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(Math.min(1 << 20, Math.max(1, offsetBytes)));
    let line = 0;
    for (let at = 0; at < offsetBytes;) {
      const read = readSync(file, chunk, 0, Math.min(chunk.length, offsetBytes - at), at);
      if (read === 0) break;
      for (let found = chunk.indexOf(newline); found >= 0 && found < read; found = chunk.indexOf(newline, found + 1))
        line += 1;
      at += read;
    }
    return line;
  } finally {
    closeSync(file);
  }
}

/** Throws where the file cannot be opened. */
function exists(path: string): object {
  closeSync(openSync(path, 'r'));
  return {};
}
