// Goose: `sessions.db`, one row a session with lifetime sums (`accumulated_*`; the plain columns are the last turn only),
// times in UTC without a zone. Older versions: one JSON-lines file a session whose first line holds the same sums.
// Cache reads are not told apart from input, so a price of these figures is an upper bound.
import { type Agent, type AgentEnvironment, type ParseContext, type Parsed, type UsageEvent } from './agent';
import { pathOf } from './editorFolders';
import { type JsonRecord, recordOf, recordsOfLine, textOf, timeOf, tokensOf } from './record';

function utcOf(value: unknown): number | undefined {
  const text = textOf(value);
  if (text === undefined) return timeOf(value);
  return timeOf(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`);
}

function parseRow(row: JsonRecord): Parsed {
  const config = jsonOf(textOf(row.model_config_json) ?? '');
  const known = {
    model: textOf(config?.model_name),
    provider: textOf(row.provider_name),
    cwd: textOf(row.working_dir),
  };
  return parseSums(row, textOf(row.id), utcOf(row.updated_at), known, textOf(row.name) !== undefined);
}

function parseDocument(text: string, context: ParseContext): Parsed {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const head = jsonOf(lines[0] ?? '');
  if (!head) return { events: [], skipped: lines.length === 0 ? undefined : 'broken-json' };
  const last = recordsOfLine(lines.at(-1) ?? '').records.at(-1);
  const seconds = typeof last?.created === 'number' ? last.created : undefined;
  const id = (context.path.split(/[\\/]/).at(-1) ?? '').replace(/\.jsonl$/, '');
  const atMs = seconds === undefined ? undefined : timeOf(seconds * 1000);
  return parseSums(head, id, atMs, { cwd: textOf(head.working_dir) }, false);
}

type Known = Pick<Partial<UsageEvent>, 'model' | 'provider' | 'cwd'>;

function parseSums(
  sums: JsonRecord,
  id: string | undefined,
  atMs: number | undefined,
  known: Known,
  isNamed: boolean,
): Parsed {
  if (!id) return { events: [], skipped: 'broken-record' };
  const inputTokens = tokensOf(sums.accumulated_input_tokens);
  const outputTokens = tokensOf(sums.accumulated_output_tokens);
  if (inputTokens === undefined || outputTokens === undefined) return { events: [], skipped: 'broken-number' };
  const session = { kind: 'session', sessionId: id, cwd: known.cwd, titlePlace: isNamed ? id : undefined } as const;
  if (inputTokens + outputTokens === 0) return { events: [session], skipped: 'no-tokens-logged' };
  if (atMs === undefined) return { events: [session], skipped: 'broken-record' };
  const call: UsageEvent = {
    kind: 'call',
    key: id,
    atMs,
    sessionId: id,
    model: known.model ?? '',
    provider: known.provider,
    inputTokens,
    cacheReadTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens,
    reasoningTokens: 0,
    quality: 'session-total',
    cwd: known.cwd,
  };
  return { events: [session, call] };
}

function jsonOf(text: string): JsonRecord | undefined {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function folders({ home, platform, variables }: AgentEnvironment): readonly string[] {
  const path = pathOf(platform);
  const data = variables.XDG_DATA_HOME || path.join(home, '.local', 'share');
  const roots = [path.join(data, 'goose'), path.join(data, 'Block', 'goose')];
  if (platform === 'darwin') roots.push(path.join(home, 'Library', 'Application Support', 'goose'));
  if (platform === 'win32') {
    const roaming = variables.APPDATA || path.join(home, 'AppData', 'Roaming');
    roots.push(path.join(roaming, 'Block', 'goose', 'data'));
  }
  if (variables.GOOSE_PATH_ROOT) roots.push(path.join(variables.GOOSE_PATH_ROOT, 'data'));
  return roots.map((root) => path.join(root, 'sessions'));
}

export const goose: Agent = {
  id: 'goose',
  label: 'Goose',
  sources: [
    {
      kind: 'database',
      id: 'database',
      folders,
      owns: (path) => path === 'sessions.db',
      queries: [
        {
          id: 'sessions',
          table: 'sessions',
          columns: ['id', 'updated_at', 'accumulated_input_tokens', 'accumulated_output_tokens'],
          optional: ['name', 'working_dir', 'provider_name', 'model_config_json'],
          watermark: 'updated_at',
          parseRow,
        },
      ],
      texts: [{ table: 'sessions', key: 'id', column: 'name' }],
    },
    { kind: 'document', id: 'files', folders, owns: (path) => /^[^/]+\.jsonl$/.test(path), parseDocument },
  ],
  notes: [
    'A session is one lifetime sum, dated at its last change.',
    'Cached input is not told apart: a price of these figures is an upper bound.',
  ],
  textAt: (record) => textOf(jsonOf(record)?.name),
};
