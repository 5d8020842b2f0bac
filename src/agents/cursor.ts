// Cursor: an estimate and nothing else. `globalStorage/state.vscdb`, table `cursorDiskKV`: one row a message ("bubble"),
// with token figures that are 0 on most since version 3; then the answer's own text is counted and its input is not
// known. Read in place by key prefix: the database is often gigabytes, so it is never copied. The true figures are behind
// the account's dashboard, which is not asked. Transcripts under `~/.cursor` hold text only.
import { type Agent, type LogEvent, type ParseContext, type Parsed } from './agent';
import { editorUserFolders, pathOf } from './editorFolders';
import { hashOf, type JsonRecord, recordOf, textOf, timeOf, tokensOf } from './record';

/** Values are texts or bytes, by version. */
function valueOf(value: unknown): JsonRecord | undefined {
  const text = value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
  if (typeof text !== 'string') return undefined;
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function timeOfBubble(bubble: JsonRecord): number | undefined {
  const timing = recordOf(bubble.timingInfo);
  return timeOf(bubble.createdAt) ?? timeOf(timing?.clientStartTime) ?? timeOf(timing?.clientRpcSendTime);
}

/** `bubbleId:<conversation>:<bubble>` */
function parseBubble(row: JsonRecord, context: ParseContext): Parsed {
  const key = textOf(row.key) ?? '';
  const [, sessionId, id] = key.split(':');
  const bubble = valueOf(row.value);
  if (!bubble || !sessionId || !id) return { events: [], skipped: 'broken-json' };
  const atMs = timeOfBubble(bubble);
  const text = textOf(bubble.text) ?? '';
  if (bubble.type === 1) {
    if (atMs === undefined || text === '') return { events: [] };
    const prompt = { key: id, atMs, sessionId, place: key, characters: text.length };
    return { events: [{ kind: 'prompt', ...prompt }] };
  }
  const counts = recordOf(bubble.tokenCount);
  const inputTokens = tokensOf(counts?.inputTokens);
  const logged = tokensOf(counts?.outputTokens);
  if (inputTokens === undefined || logged === undefined) return { events: [], skipped: 'broken-number' };
  const thinking = textOf(recordOf(bubble.thinking)?.text) ?? '';
  const outputTokens =
    logged > 0 ? logged : Math.round(context.estimateTokens(text) + context.estimateTokens(thinking));
  const hasTokens = inputTokens + outputTokens > 0;
  if (atMs === undefined) return { events: [], skipped: hasTokens ? 'broken-record' : undefined };
  const events: LogEvent[] = toolOf(bubble, sessionId, atMs);
  if (hasTokens) {
    events.push({
      kind: 'call',
      key: id,
      atMs,
      sessionId,
      model: textOf(recordOf(bubble.modelInfo)?.modelName) ?? '',
      inputTokens,
      cacheReadTokens: 0,
      cacheWrite5mTokens: 0,
      cacheWrite1hTokens: 0,
      outputTokens,
      reasoningTokens: 0,
      quality: 'estimated',
    });
  }
  return { events };
}

function toolOf(bubble: JsonRecord, sessionId: string, atMs: number): LogEvent[] {
  const tool = recordOf(bubble.toolFormerData);
  const key = textOf(tool?.toolCallId);
  const name = textOf(tool?.name);
  if (!key || !name) return [];
  const argumentsHash = hashOf(`${name}\n${textOf(tool?.rawArgs) ?? ''}`);
  const isError = tool?.status === 'error' || undefined;
  return [{ kind: 'tool', key, atMs, sessionId, name, argumentsHash, isError }];
}

/** `composerData:<conversation>` */
function parseConversation(row: JsonRecord): Parsed {
  const key = textOf(row.key) ?? '';
  const sessionId = key.split(':')[1];
  const conversation = valueOf(row.value);
  if (!conversation || !sessionId) return { events: [] };
  const titlePlace = textOf(conversation.name) ? key : undefined;
  return { events: [{ kind: 'session', sessionId, titlePlace, surface: 'cursor' }] };
}

/**
 * A prefix as a range. The plus keeps SQLite from the key's index: rows are wanted in the order of their rowid, and to
 * sort them it would copy their values, gigabytes of them.
 */
const withPrefix = (prefix: string) => `+key >= '${prefix}:' AND +key < '${prefix};'`;

export const cursor: Agent = {
  id: 'cursor',
  label: 'Cursor',
  sources: [
    {
      kind: 'database',
      id: 'state',
      folders: ({ home, platform, variables, editorUserFolders: known }) => {
        const folders = [...editorUserFolders(home, platform, variables), ...known].filter((path) =>
          /cursor/i.test(path),
        );
        return [...new Set(folders)].map((folder) => pathOf(platform).join(folder, 'globalStorage', 'state.vscdb'));
      },
      owns: (path) => path.endsWith('state.vscdb'),
      queries: [
        {
          id: 'bubbles',
          table: 'cursorDiskKV',
          columns: ['key', 'value'],
          // A changed row is written anew and gets the next rowid.
          watermark: 'rowid',
          where: withPrefix('bubbleId'),
          parseRow: parseBubble,
        },
        {
          id: 'conversations',
          table: 'cursorDiskKV',
          columns: ['key', 'value'],
          watermark: 'rowid',
          where: withPrefix('composerData'),
          parseRow: parseConversation,
        },
      ],
      texts: [{ table: 'cursorDiskKV', key: 'key', column: 'value' }],
    },
  ],
  notes: [
    'An estimate: Cursor’s log holds no token figures for most messages since version 3. Their output is counted from the text, and their input, which is the larger part, is missing.',
    'The figures of the cursor.com dashboard are not asked for.',
  ],
  textAt: (record) => {
    try {
      const row = recordOf(JSON.parse(record));
      const value = valueOf(row?.value) ?? row;
      return textOf(value?.text) ?? textOf(value?.name);
    } catch {
      return undefined;
    }
  },
};
