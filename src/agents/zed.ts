// Zed's own agent: `threads.db`, one row a thread, its data JSON or zstd-packed JSON. `cumulative_token_usage` is the
// thread's sum; `request_token_usage` holds only some of the requests and is not read. So a thread is one figure, dated at
// its last change. Agents that Zed merely drives (Claude Code, Codex) log for themselves and have no sums here.
import * as zlib from 'node:zlib';
import { type Agent, type Parsed, type UsageEvent } from './agent';
import { pathOf } from './editorFolders';
import { type JsonRecord, recordOf, textOf, timeOf, tokensOf } from './record';

const largestThreadBytes = 256 * 1024 * 1024;

function parseRow(row: JsonRecord): Parsed {
  const id = textOf(row.id);
  const atMs = timeOf(row.updated_at);
  const text = dataOf(row.data, row.data_type);
  if (!id || atMs === undefined) return { events: [], skipped: 'broken-record' };
  if (text === undefined) return { events: [], skipped: 'unreadable' };
  const thread = jsonOf(text);
  if (!thread) return { events: [], skipped: 'broken-json' };
  const session = { kind: 'session', sessionId: id, titlePlace: textOf(row.summary) ? id : undefined } as const;
  const usage = recordOf(thread.cumulative_token_usage);
  const inputTokens = tokensOf(usage?.input_tokens);
  const outputTokens = tokensOf(usage?.output_tokens);
  const cacheWrite5mTokens = tokensOf(usage?.cache_creation_input_tokens);
  const cacheReadTokens = tokensOf(usage?.cache_read_input_tokens);
  if (inputTokens === undefined || outputTokens === undefined) return { events: [session], skipped: 'broken-number' };
  if (cacheWrite5mTokens === undefined || cacheReadTokens === undefined)
    return { events: [session], skipped: 'broken-number' };
  if (inputTokens + outputTokens + cacheWrite5mTokens + cacheReadTokens === 0) return { events: [session] };
  const model = recordOf(thread.model);
  const call: UsageEvent = {
    kind: 'call',
    key: id,
    atMs,
    sessionId: id,
    model: textOf(model?.model) ?? '',
    provider: textOf(model?.provider),
    inputTokens,
    cacheReadTokens,
    cacheWrite5mTokens,
    cacheWrite1hTokens: 0,
    outputTokens,
    reasoningTokens: 0,
    quality: 'session-total',
  };
  return { events: [session, call] };
}

/** The row's JSON text; undefined where it cannot be unpacked (zstd needs Node 22.15). */
function dataOf(data: unknown, type: unknown): string | undefined {
  if (typeof data === 'string') return data;
  if (!(data instanceof Uint8Array)) return undefined;
  if (type !== 'zstd') return new TextDecoder().decode(data);
  if (!('zstdDecompressSync' in zlib)) return undefined;
  try {
    return zlib.zstdDecompressSync(data, { maxOutputLength: largestThreadBytes }).toString('utf8');
  } catch {
    return undefined;
  }
}

function jsonOf(text: string): JsonRecord | undefined {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export const zed: Agent = {
  id: 'zed',
  label: 'Zed',
  sources: [
    {
      kind: 'database',
      id: 'threads',
      folders: ({ home, platform, variables }) => {
        const path = pathOf(platform);
        const local = variables.LOCALAPPDATA || path.join(home, 'AppData', 'Local');
        const data = variables.XDG_DATA_HOME || path.join(home, '.local', 'share');
        if (platform === 'win32') return [path.join(local, 'Zed', 'threads')];
        if (platform === 'darwin') return [path.join(home, 'Library', 'Application Support', 'Zed', 'threads')];
        return [path.join(data, 'zed', 'threads')];
      },
      owns: (path) => path === 'threads.db',
      queries: [
        {
          id: 'threads',
          table: 'threads',
          columns: ['id', 'updated_at', 'data_type', 'data'],
          optional: ['summary'],
          watermark: 'updated_at',
          parseRow,
        },
      ],
      texts: [{ table: 'threads', key: 'id', column: 'summary' }],
    },
  ],
  notes: [
    'A thread is one running total, dated at its last change: its spread over days and calls is not logged.',
    'Agents that Zed drives are counted from their own logs.',
  ],
  textAt: (record) => textOf(jsonOf(record)?.summary),
};
