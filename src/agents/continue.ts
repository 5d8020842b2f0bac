// Continue: counts of its own tokenizer, not the provider's, so every figure is an estimate. `dev_data/0.2.0/
// tokensGenerated.jsonl` and the table `tokens_generated` of `dev_data/devdata.sqlite` tell of the same calls: a day is
// taken from one of them. They include autocompletion and know nothing of caching. Sessions of the `cn` command line hold
// the provider's sums.
import { type Agent, type AgentEnvironment, type LogEvent, type ParseContext, type Parsed } from './agent';
import { pathOf } from './editorFolders';
import { amountOf, hashOf, type JsonRecord, recordOf, recordsOfLine, textOf, timeOf, tokensOf } from './record';

const rank = { table: 0, file: 1 } as const;

function parseLine(line: string): Parsed {
  const { records, isBroken } = recordsOfLine(line);
  const parts = records.map((record) => {
    const hash = hashOf(`${textOf(record.model)}.${String(record.promptTokens)}.${String(record.generatedTokens)}`);
    const figures = { input: record.promptTokens, output: record.generatedTokens };
    return parseCall(record, `${textOf(record.timestamp) ?? ''}.${hash}`, figures, rank.file);
  });
  const skipped = isBroken ? 'broken-json' : parts.find((part) => part.skipped)?.skipped;
  return { events: parts.flatMap((part) => part.events), skipped };
}

function parseRow(row: JsonRecord): Parsed {
  const figures = { input: row.tokens_prompt, output: row.tokens_generated };
  return parseCall(row, `row.${String(row.id)}`, figures, rank.table);
}

function parseCall(
  row: JsonRecord,
  key: string,
  figures: { input: unknown; output: unknown },
  precedence: number,
): Parsed {
  const atMs = utcOf(row.timestamp);
  const inputTokens = tokensOf(figures.input);
  const outputTokens = tokensOf(figures.output);
  if (inputTokens === undefined || outputTokens === undefined) return { events: [], skipped: 'broken-number' };
  if (inputTokens + outputTokens === 0) return { events: [] };
  if (atMs === undefined) return { events: [], skipped: 'broken-record' };
  // The log knows no session: a day stands for one, so that each day is taken from the better of the two stores.
  const sessionId = new Date(atMs).toISOString().slice(0, 10);
  const rest = { cacheReadTokens: 0, cacheWrite5mTokens: 0, cacheWrite1hTokens: 0, reasoningTokens: 0, precedence };
  const named = { model: textOf(row.model) ?? '', provider: textOf(row.provider) };
  const call = { key, atMs, sessionId, ...named, inputTokens, outputTokens, ...rest } as const;
  return { events: [{ kind: 'call', quality: 'estimated', ...call }] };
}

function utcOf(value: unknown): number | undefined {
  const text = textOf(value);
  if (text === undefined) return timeOf(value);
  return timeOf(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`);
}

/** A `cn` session: sums of the whole session, input holding the cache. */
function parseSession(text: string, context: ParseContext): Parsed {
  const session = jsonOf(text);
  if (!session)
    return { events: [], skipped: text.trim() === '' || text.trim().startsWith('[') ? undefined : 'broken-json' };
  const usage = recordOf(session.usage);
  const sessionId = textOf(session.sessionId) ?? (context.path.split(/[\\/]/).at(-1) ?? '').replace(/\.json$/, '');
  const cwd = textOf(session.workspaceDirectory);
  const about: LogEvent = { kind: 'session', sessionId, cwd, titlePlace: textOf(session.title) ? '/title' : undefined };
  const details = recordOf(usage?.promptTokensDetails);
  const input = tokensOf(usage?.promptTokens);
  const outputTokens = tokensOf(usage?.completionTokens);
  const cached = tokensOf(details?.cachedTokens);
  const written = tokensOf(details?.cacheWriteTokens);
  if (input === undefined || outputTokens === undefined) return { events: [about], skipped: 'broken-number' };
  if (cached === undefined || written === undefined) return { events: [about], skipped: 'broken-number' };
  if (input + outputTokens === 0) return { events: [about] };
  const atMs = utcOf(session.updatedAt) ?? utcOf(session.dateCreated) ?? timeOf(Number(session.dateCreated));
  if (atMs === undefined) return { events: [about], skipped: 'broken-record' };
  const cacheReadTokens = Math.min(cached, input);
  const cacheWrite5mTokens = Math.min(written, input - cacheReadTokens);
  const inputTokens = input - cacheReadTokens - cacheWrite5mTokens;
  const figures = {
    inputTokens,
    cacheReadTokens,
    cacheWrite5mTokens,
    cacheWrite1hTokens: 0,
    outputTokens,
    reasoningTokens: 0,
  };
  const reportedCostUsd = amountOf(usage?.totalCost) || undefined;
  const model = textOf(session.chatModelTitle) ?? '';
  const call = { key: sessionId, atMs, sessionId, model, ...figures, reportedCostUsd, cwd } as const;
  return { events: [about, { kind: 'call', quality: 'session-total', ...call }] };
}

function jsonOf(text: string): JsonRecord | undefined {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function below(...names: string[]): (environment: AgentEnvironment) => readonly string[] {
  return ({ home, platform, variables }) => {
    const path = pathOf(platform);
    return [path.join(variables.CONTINUE_GLOBAL_DIR || path.join(home, '.continue'), ...names)];
  };
}

export const continueDev: Agent = {
  id: 'continue',
  label: 'Continue',
  sources: [
    {
      kind: 'lines',
      id: 'file',
      folders: below('dev_data'),
      owns: (path) => path.endsWith('tokensGenerated.jsonl'),
      needles: ['"generatedTokens"'],
      parseLine,
    },
    {
      kind: 'database',
      id: 'table',
      folders: below('dev_data', 'devdata.sqlite'),
      owns: (path) => path.endsWith('devdata.sqlite'),
      queries: [
        {
          id: 'tokens',
          table: 'tokens_generated',
          columns: ['id', 'model', 'tokens_prompt', 'tokens_generated', 'timestamp'],
          optional: ['provider'],
          watermark: 'id',
          parseRow,
        },
      ],
    },
    {
      kind: 'document',
      id: 'sessions',
      folders: below('sessions'),
      owns: (path) => path.endsWith('.json') && !path.endsWith('sessions.json'),
      parseDocument: parseSession,
    },
  ],
  notes: [
    'Counted by Continue’s own tokenizer, not by the provider: an estimate. Autocompletion is in it, caching is not.',
    'The log names no session and no folder.',
  ],
  textAt: (record) => textOf(jsonOf(record)?.title),
};
