// Factory Droid: `~/.factory/sessions/<folder>/<id>.settings.json` holds one running total for the whole session, beside
// it `<id>.jsonl` the messages, without figures. So a session is one figure, dated at its last message; how it spread
// over days and calls is not known. A session that lies in two folders is the larger of the two.
import { type Agent, type ParseContext, type Parsed, type UsageEvent } from './agent';
import { pathOf } from './editorFolders';
import { type JsonRecord, recordOf, recordsOfLine, textOf, timeOf, tokensOf } from './record';

function parseDocument(text: string, context: ParseContext): Parsed {
  const settings = documentOf(text);
  if (!settings) return { events: [], skipped: text.trim() === '' ? undefined : 'broken-json' };
  const usage = recordOf(settings.tokenUsage);
  if (!usage) return { events: [] };
  const sessionId = (context.path.split(/[\\/]/).at(-1) ?? '').replace(/\.settings\.json$/, '');
  const messages = Object.values(context.companions)[0] ?? '';
  const { cwd, atMs: lastMs } = endOf(messages);
  const atMs = lastMs ?? timeOf(settings.providerLockTimestamp);
  const inputTokens = tokensOf(usage.inputTokens);
  const outputTokens = tokensOf(usage.outputTokens);
  const cacheWrite5mTokens = tokensOf(usage.cacheCreationTokens);
  const cacheReadTokens = tokensOf(usage.cacheReadTokens);
  const thinking = tokensOf(usage.thinkingTokens);
  if (inputTokens === undefined || outputTokens === undefined) return { events: [], skipped: 'broken-number' };
  if (cacheWrite5mTokens === undefined || cacheReadTokens === undefined)
    return { events: [], skipped: 'broken-number' };
  if (inputTokens + outputTokens + cacheReadTokens + cacheWrite5mTokens === 0) return { events: [] };
  if (atMs === undefined) return { events: [], skipped: 'broken-record' };
  const call: UsageEvent = {
    kind: 'call',
    key: sessionId,
    atMs,
    sessionId,
    model: textOf(settings.model) ?? '',
    provider: textOf(settings.providerLock),
    inputTokens,
    cacheReadTokens,
    cacheWrite5mTokens,
    cacheWrite1hTokens: 0,
    outputTokens,
    reasoningTokens: Math.min(thinking ?? 0, outputTokens),
    quality: 'session-total',
    cwd,
  };
  return { events: [{ kind: 'session', sessionId, cwd }, call] };
}

function documentOf(text: string): JsonRecord | undefined {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The time of the last message that has one, and the folder that the first row names. */
function endOf(messages: string): { cwd?: string; atMs?: number } {
  const lines = messages.split('\n').filter((line) => line.trim() !== '');
  const cwd = textOf(recordsOfLine(lines[0] ?? '').records[0]?.cwd);
  for (const line of lines.slice(-50).reverse()) {
    const atMs = timeOf(recordsOfLine(line).records.at(-1)?.timestamp);
    if (atMs !== undefined) return { cwd, atMs };
  }
  return { cwd };
}

export const droid: Agent = {
  id: 'droid',
  label: 'Factory Droid',
  sources: [
    {
      kind: 'document',
      id: 'sessions',
      folders: ({ home, platform, variables }) => {
        const path = pathOf(platform);
        const factory = variables.FACTORY_DIR || path.join(home, '.factory');
        return [variables.DROID_SESSIONS_DIR || path.join(factory, 'sessions')];
      },
      owns: (path) => path.endsWith('.settings.json'),
      companions: (path) => [path.replace(/\.settings\.json$/, '.jsonl')],
      parseDocument,
    },
  ],
  notes: ['A session is one running total, dated at its last message: its spread over days and calls is not logged.'],
};
