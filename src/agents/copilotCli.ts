// GitHub Copilot CLI, the Copilot app and VS Code's agent host, which share `$COPILOT_HOME` or `~/.copilot`; versions
// 1.0.4 to 1.0.102 seen. Up to six stores tell of one session, best first: `session.usage_record` rows of events.jsonl
// (one a call, where they cover the session), `session-store.db` (one a call, from 1.0.70), `session.shutdown` rows
// (totals that go on over resumed runs), VS Code's `agentHostUsage` files and chat sessions (no cache writes), the app's
// `data.db`, and the outputs on `assistant.message` rows of a session that was killed. `precedence` leaves one of them.
import { posix } from 'node:path';
import {
  type Agent,
  type AgentEnvironment,
  type Carry,
  type LogEvent,
  type ParseContext,
  type Parsed,
  type Place,
  type SkipReason,
} from './agent';
import { parseEventLine, sessionIdOf } from './copilotEvents';
import { chatTextAt, parseChatSession } from './copilotSessions';
import { parseAppRow, parseSessionRow, parseStoreRow, parseTurnRow } from './copilotTables';
import { bucketsOf, figuresOf, isNothing, rank } from './copilotUsage';
import { pathOf } from './editorFolders';
import { recordOf, recordsOfLine, textOf, timeOf } from './record';

/** VS Code's record of each model call of an agent-host session, while its debug log is on. Credits add up in a turn. */
function parseSidecarLine(line: string, _offset: number, carry: Carry | undefined, context: ParseContext): Parsed {
  const { records, isBroken } = recordsOfLine(line);
  const state = { turnId: '', calls: 0, nano: 0, ...carry };
  const events: LogEvent[] = [];
  let skipped: SkipReason | undefined = isBroken ? 'broken-json' : undefined;
  for (const record of records) {
    const turnId = textOf(record.turnId);
    const atMs = timeOf(record.ts);
    const total = figuresOf(record, record.totalNanoAiu);
    if (!turnId || atMs === undefined || !total) {
      skipped = 'broken-record';
      continue;
    }
    if (state.turnId !== turnId) Object.assign(state, { turnId, calls: 0, nano: 0 });
    const figures = { ...total, nanoCredits: Math.max(0, total.nanoCredits - state.nano) };
    const key = `host.${turnId}.${state.calls}`;
    Object.assign(state, { calls: state.calls + 1, nano: Math.max(state.nano, total.nanoCredits) });
    if (isNothing(figures)) continue;
    const sessionId = sessionIdOf(context.path);
    const model = textOf(record.model) ?? '';
    const call = { key, atMs, sessionId, model, ...bucketsOf(figures), precedence: rank.sidecar };
    events.push({ kind: 'call', quality: 'exact', ...call });
  }
  return { events, carry: state, skipped };
}

function below(...names: string[]): (environment: AgentEnvironment) => readonly string[] {
  return ({ home, platform, variables }) => {
    const path = pathOf(platform);
    return [path.join(variables.COPILOT_HOME || path.join(home, '.copilot'), ...names)];
  };
}

/** In a chat of the agent host a place is a pointer; elsewhere the record holds one text. */
function textAt(record: string, place: Place): string | undefined {
  if (typeof place === 'string' && place.startsWith('/')) return chatTextAt(record, place);
  for (const row of recordsOfLine(record).records) {
    const data = recordOf(row.data) ?? row;
    const renamed = recordOf(data.arguments);
    const text =
      textOf(data.content) ??
      textOf(renamed?.title) ??
      textOf(renamed?.name) ??
      textOf(row.summary) ??
      textOf(row.user_message);
    if (text) return text;
  }
  return undefined;
}

export const copilotCli: Agent = {
  id: 'copilot-cli',
  label: 'Copilot CLI',
  sources: [
    {
      kind: 'lines',
      id: 'events',
      folders: below('session-state'),
      owns: (path) => posix.basename(path) === 'events.jsonl' || /^[^/]+\.jsonl$/.test(path),
      needles: [
        '"session.',
        '"assistant.message"',
        '"tool.execution_',
        '"user.message"',
        '"subagent.started"',
        '"abort"',
      ],
      parseLine: parseEventLine,
    },
    {
      kind: 'database',
      id: 'store',
      folders: below('session-store.db'),
      owns: (path) => path.endsWith('session-store.db'),
      queries: [
        {
          id: 'calls',
          table: 'assistant_usage_events',
          columns: ['id', 'session_id', 'model', 'input_tokens', 'output_tokens', 'created_at'],
          optional: [
            'cache_read_tokens',
            'cache_write_tokens',
            'reasoning_tokens',
            'total_nano_aiu',
            'initiator',
            'agent_id',
            'turn_index',
          ],
          watermark: 'id',
          parseRow: parseStoreRow,
        },
        {
          id: 'sessions',
          table: 'sessions',
          columns: ['id', 'updated_at'],
          optional: ['cwd', 'repository', 'branch', 'summary'],
          watermark: 'updated_at',
          parseRow: parseSessionRow,
        },
        {
          id: 'turns',
          table: 'turns',
          columns: ['id', 'session_id', 'turn_index', 'user_message', 'timestamp'],
          watermark: 'id',
          parseRow: parseTurnRow,
        },
      ],
      texts: [
        { table: 'sessions', key: 'id', column: 'summary' },
        { table: 'turns', key: 'id', column: 'user_message' },
      ],
    },
    {
      kind: 'database',
      id: 'app',
      folders: below('data.db'),
      owns: (path) => path.endsWith('data.db'),
      queries: [
        {
          id: 'sessions',
          table: 'sessions',
          columns: ['id', 'model', 'updated_at', 'total_input_tokens', 'total_output_tokens'],
          optional: ['total_cached_tokens', 'total_reasoning_tokens'],
          watermark: 'updated_at',
          parseRow: parseAppRow,
        },
      ],
    },
    {
      kind: 'lines',
      id: 'agent-host',
      folders: ({ editorUserFolders, platform }) =>
        editorUserFolders.map((folder) => pathOf(platform).join(folder, 'agentHostUsage')),
      owns: (path) => /^[^/]+\.jsonl$/.test(path),
      needles: ['"turnId"'],
      parseLine: parseSidecarLine,
    },
    {
      kind: 'document',
      id: 'agent-host-chats',
      folders: ({ editorUserFolders, platform }) =>
        editorUserFolders.map((folder) => pathOf(platform).join(folder, 'workspaceStorage')),
      owns: (path) => /^[^/]+\/chatSessions\/[^/]+\.jsonl?$/.test(path),
      companions: (path) => [`${path.split('/')[0]}/workspace.json`],
      parseDocument: (text, context) => parseChatSession(text, context, { isHosted: true, precedence: rank.chats }),
    },
  ],
  notes: [
    'A session of a version before 1.0.70 that runs or was killed has logged only the output of its calls: the input is missing until it ends.',
    'Calls that were cut off or killed are in no store.',
    'Cache writes are not split into 5 minutes and 1 hour; VS Code’s own stores do not have them at all.',
    'Premium requests of the time before June 2026 are not converted to money.',
  ],
  textAt,
};
