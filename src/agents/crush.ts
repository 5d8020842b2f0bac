// Crush: `crush.db` in each project's data folder. Its token columns are overwritten at every step with the size of the
// context, so they are no use and are not read; only the cost adds up, and a parent's holds its children's. So a session
// is a cost without tokens. Times are seconds, though the schema says milliseconds.
import { type Agent, type Parsed } from './agent';
import { pathOf } from './editorFolders';
import { amountOf, type JsonRecord, recordOf, textOf, timeOf } from './record';

function parseRow(row: JsonRecord): Parsed {
  const id = textOf(row.id);
  const atMs = typeof row.updated_at === 'number' ? secondsOrMs(row.updated_at) : undefined;
  if (!id || atMs === undefined) return { events: [], skipped: 'broken-record' };
  const parentSessionId = textOf(row.parent_session_id);
  const relation = parentSessionId === undefined ? undefined : 'subagent';
  const titlePlace = textOf(row.title) ? id : undefined;
  const session = { kind: 'session', sessionId: id, parentSessionId, relation, titlePlace } as const;
  const reportedCostUsd = amountOf(row.cost) || undefined;
  if (parentSessionId !== undefined) return { events: [session] };
  if (reportedCostUsd === undefined) return { events: [session], skipped: 'no-tokens-logged' };
  const none = { inputTokens: 0, cacheReadTokens: 0, cacheWrite5mTokens: 0, cacheWrite1hTokens: 0, outputTokens: 0 };
  const call = { key: id, atMs, sessionId: id, model: '', ...none, reasoningTokens: 0, reportedCostUsd } as const;
  return { events: [session, { kind: 'call', quality: 'session-total', ...call }], skipped: 'no-tokens-logged' };
}

function secondsOrMs(value: number): number | undefined {
  return timeOf(value < 1e11 ? value * 1000 : value);
}

export const crush: Agent = {
  id: 'crush',
  label: 'Crush',
  sources: [
    {
      kind: 'database',
      id: 'database',
      folders: ({ home, platform, variables }) => {
        const path = pathOf(platform);
        const local = variables.LOCALAPPDATA || path.join(home, 'AppData', 'Local');
        const data = platform === 'win32' ? local : variables.XDG_DATA_HOME || path.join(home, '.local', 'share');
        const shared = variables.CRUSH_GLOBAL_DATA || path.join(data, 'crush');
        return [path.join(home, '.crush', 'crush.db'), path.join(shared, 'crush.db')];
      },
      owns: (path) => path.endsWith('crush.db'),
      queries: [
        {
          id: 'sessions',
          table: 'sessions',
          columns: ['id', 'cost', 'updated_at'],
          optional: ['parent_session_id', 'title'],
          watermark: 'updated_at',
          parseRow,
        },
      ],
      texts: [{ table: 'sessions', key: 'id', column: 'title' }],
    },
  ],
  notes: [
    'Crush logs no token use: its columns hold the size of the last context. Only the cost of a session is shown, where the provider has a price.',
    'Each project keeps its own .crush/crush.db: name those folders in the settings.',
  ],
  textAt: (record) => {
    try {
      return textOf(recordOf(JSON.parse(record))?.title);
    } catch {
      return undefined;
    }
  },
};
