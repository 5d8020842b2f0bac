// GitHub Copilot Chat in VS Code. Three stores tell of one session, best first: the extension's debug logs (one a model
// call; off by default), its trace database (the same, without credits; off by default, kept 7 days), and VS Code's chat
// sessions (one a request; the only one that is always there). `precedence` leaves one of them a session. Sessions of the
// agent host are Copilot CLI's: their `~/.copilot` and `agentHostUsage` files are read there. Transcripts hold no tokens.
import {
  type Agent,
  type AgentEnvironment,
  type Carry,
  type LogEvent,
  type ParseContext,
  type Parsed,
  type SkipReason,
} from './agent';
import { bucketsOf, figuresOf, isNothing } from './copilotUsage';
import { chatTextAt, parseChatSession } from './copilotSessions';
import { pathOf } from './editorFolders';
import { type JsonRecord, recordOf, recordsOfLine, textOf, timeOf } from './record';

const rank = { chats: 1, traces: 2, debugLogs: 3 } as const;
/** Calls that Copilot makes for itself and does not bill. */
const unbilled = new Set(['title', 'summarizeVirtualTools']);

function parseDebugLine(line: string, _offset: number, _carry: Carry | undefined, context: ParseContext): Parsed {
  const { records, isBroken } = recordsOfLine(line);
  const events: LogEvent[] = [];
  let skipped: SkipReason | undefined = isBroken ? 'broken-json' : undefined;
  for (const record of records) {
    if (record.type !== 'llm_request') continue;
    const attributes = recordOf(record.attrs) ?? {};
    if (unbilled.has(textOf(attributes.debugName) ?? '')) continue;
    const atMs = timeOf(record.ts);
    const { inputTokens, cachedTokens: cacheReadTokens, outputTokens } = attributes;
    const figures = figuresOf({ inputTokens, cacheReadTokens, outputTokens }, attributes.copilotUsageNanoAiu);
    const [sessionId = '', file = ''] = context.path.split(/[\\/]/).slice(-2);
    const id = textOf(attributes.responseId) ?? textOf(record.spanId);
    if (atMs === undefined || !figures || !id) {
      skipped = figures ? 'broken-record' : 'broken-number';
      continue;
    }
    if (isNothing(figures)) continue;
    const isSubagent = /^[a-z]+Subagent-/.test(file);
    events.push({
      kind: 'call',
      key: textOf(attributes.responseId) ?? `${sessionId}.${id}`,
      atMs,
      sessionId,
      model: textOf(attributes.model) ?? '',
      ...bucketsOf(figures),
      quality: 'exact',
      isSubagent: isSubagent || undefined,
      agentName: agentOf(file),
      precedence: rank.debugLogs,
    });
  }
  return { events, skipped };
}

/** `runSubagent-<agent>-<id>.jsonl` */
function agentOf(file: string): string | undefined {
  return textOf(/^runSubagent-([^-]+)/.exec(file)?.[1]);
}

function parseSpan(row: JsonRecord): Parsed {
  const sessionId = textOf(row.chat_session_id) ?? textOf(row.conversation_id);
  const atMs = timeOf(row.start_time_ms);
  const figures = figuresOf(
    {
      inputTokens: row.input_tokens,
      cacheReadTokens: row.cached_tokens,
      outputTokens: row.output_tokens,
      reasoningTokens: row.reasoning_tokens,
    },
    undefined,
  );
  if (row.operation_name !== 'chat' || /copilot-?cli/i.test(textOf(row.agent_name) ?? '')) return { events: [] };
  if (!figures) return { events: [], skipped: 'broken-number' };
  const id = textOf(row.span_id);
  if (!sessionId || atMs === undefined || !id) return { events: [], skipped: 'broken-record' };
  if (isNothing(figures)) return { events: [] };
  const model = textOf(row.response_model) ?? textOf(row.request_model) ?? '';
  const call = { key: `span.${id}`, atMs, sessionId, model, ...bucketsOf(figures), precedence: rank.traces };
  return { events: [{ kind: 'call', quality: 'exact', ...call }] };
}

function inUserFolders(...names: string[]): (environment: AgentEnvironment) => readonly string[] {
  return ({ editorUserFolders, platform }) =>
    editorUserFolders.map((folder) => pathOf(platform).join(folder, ...names));
}

const parseDocument = (text: string, context: ParseContext): Parsed =>
  parseChatSession(text, context, { isHosted: false, precedence: rank.chats });

export const copilotChat: Agent = {
  id: 'copilot-chat',
  label: 'GitHub Copilot Chat',
  sources: [
    {
      kind: 'document',
      id: 'chats',
      folders: inUserFolders('workspaceStorage'),
      owns: (path) => /^[^/]+\/chatSessions\/[^/]+\.jsonl?$/.test(path),
      companions: (path) => [`${path.split('/')[0]}/workspace.json`],
      parseDocument,
    },
    {
      kind: 'document',
      id: 'window-chats',
      folders: (environment) => [
        ...inUserFolders('globalStorage', 'emptyWindowChatSessions')(environment),
        ...inUserFolders('globalStorage', 'transferredChatSessions')(environment),
      ],
      owns: (path) => /^[^/]+\.jsonl?$/.test(path),
      parseDocument,
    },
    {
      kind: 'lines',
      id: 'debug-logs',
      folders: inUserFolders('workspaceStorage'),
      owns: (path) => /^[^/]+\/GitHub\.copilot-chat\/debug-logs\/[^/]+\/[^/]+\.jsonl$/i.test(path),
      needles: ['"llm_request"'],
      parseLine: parseDebugLine,
    },
    {
      kind: 'lines',
      id: 'window-debug-logs',
      folders: inUserFolders('globalStorage', 'github.copilot-chat', 'debug-logs'),
      owns: (path) => /^[^/]+\/[^/]+\.jsonl$/.test(path),
      needles: ['"llm_request"'],
      parseLine: parseDebugLine,
    },
    {
      kind: 'database',
      id: 'traces',
      folders: inUserFolders('globalStorage', 'github.copilot-chat', 'agent-traces.db'),
      owns: (path) => path.endsWith('agent-traces.db'),
      queries: [
        {
          id: 'spans',
          table: 'spans',
          columns: ['span_id', 'start_time_ms', 'operation_name', 'input_tokens', 'output_tokens'],
          optional: [
            'chat_session_id',
            'conversation_id',
            'agent_name',
            'request_model',
            'response_model',
            'cached_tokens',
            'reasoning_tokens',
          ],
          watermark: 'rowid',
          where: "operation_name = 'chat'",
          parseRow: parseSpan,
        },
      ],
    },
  ],
  notes: [
    'VS Code’s chat sessions hold the size of a turn’s last model call only: turns with tool calls used more than is shown, unless the session has totals per model, debug logs or traces.',
    'Cached and cache-write tokens are missing where only the chat session is left.',
    'Models of other providers report no tokens to VS Code.',
    'Calls that Copilot does not bill (titles, grouping of tools) are left out.',
    'Chats in a browser-hosted editor are kept in the browser, where nothing can be read.',
  ],
  textAt: (record, place) => (typeof place === 'string' ? chatTextAt(record, place) : undefined),
};
