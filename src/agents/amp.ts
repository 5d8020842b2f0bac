// Amp: one JSON document a thread, `$AMP_DATA_DIR` or `~/.local/share/amp`, `threads/T-*.json`. The thread's usage ledger
// has the calls and their credits; the cache figures are on the message that a ledger event names. Both tell of the same
// calls: messages count by themselves only where there is no ledger. Newer threads may live on the service alone.
import { type Agent, type LogEvent, type ParseContext, type Parsed, type SkipReason, type UsageEvent } from './agent';
import { pathOf } from './editorFolders';
import { type JsonRecord, listOf, recordOf, textOf, timeOf, tokensOf } from './record';

function parseDocument(text: string, context: ParseContext): Parsed {
  const thread = documentOf(text);
  if (!thread) return { events: [], skipped: text.trim() === '' ? undefined : 'broken-json' };
  const sessionId = textOf(thread.id) ?? (context.path.split(/[\\/]/).at(-1) ?? '').replace(/\.json$/, '');
  const messages = listOf(thread.messages).map((message) => recordOf(message) ?? {});
  const ledger = listOf(recordOf(thread.usageLedger)?.events).map((event) => recordOf(event) ?? {});
  const usages = new Map(messages.map((message) => [message.messageId, recordOf(message.usage)]));
  const events: LogEvent[] = [sessionOf(thread, sessionId), ...promptsOf(messages, sessionId)];
  let skipped: SkipReason | undefined;
  const add = (call: UsageEvent | undefined) => (call ? events.push(call) : (skipped = 'broken-record'));
  ledger.forEach((event, index) => add(callOf(event, usages.get(event.toMessageId), sessionId, index)));
  if (ledger.length === 0) {
    for (const message of messages) {
      const usage = recordOf(message.usage);
      if (usage) add(callOf({ toMessageId: message.messageId }, usage, sessionId, 0));
    }
  }
  const isEmpty = (event: LogEvent) =>
    event.kind === 'call' && event.inputTokens + event.outputTokens === 0 && event.cacheReadTokens === 0;
  return { events: events.filter((event) => !isEmpty(event)), skipped };
}

function documentOf(text: string): JsonRecord | undefined {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** `undefined` where the figures or the time cannot be read. */
function callOf(
  event: JsonRecord,
  usage: JsonRecord | undefined,
  sessionId: string,
  index: number,
): UsageEvent | undefined {
  const tokens = recordOf(event.tokens);
  const inputTokens = tokensOf(usage?.inputTokens ?? tokens?.input);
  const outputTokens = tokensOf(usage?.outputTokens ?? tokens?.output);
  const cacheReadTokens = tokensOf(usage?.cacheReadInputTokens);
  const cacheWrite5mTokens = tokensOf(usage?.cacheCreationInputTokens);
  const atMs = timeOf(event.timestamp) ?? timeOf(usage?.timestamp);
  if (inputTokens === undefined || outputTokens === undefined || atMs === undefined) return undefined;
  if (cacheReadTokens === undefined || cacheWrite5mTokens === undefined) return undefined;
  const credits = event.credits ?? usage?.credits;
  const message = idOf(event.toMessageId) ?? `event-${index}`;
  return {
    kind: 'call',
    key: textOf(event.id) ?? `${sessionId}.${message}`,
    atMs,
    sessionId,
    model: textOf(event.model) ?? textOf(usage?.model) ?? '',
    inputTokens,
    cacheReadTokens,
    cacheWrite5mTokens,
    cacheWrite1hTokens: 0,
    outputTokens,
    reasoningTokens: 0,
    quality: 'exact',
    reportedCredits: typeof credits === 'number' && credits > 0 && credits < 1e9 ? credits : undefined,
  };
}

/** Messages are numbered; ids of newer versions are texts. */
function idOf(value: unknown): string | undefined {
  return typeof value === 'number' ? `${value}` : textOf(value);
}

function sessionOf(thread: JsonRecord, sessionId: string): LogEvent {
  const tree = recordOf(listOf(recordOf(recordOf(thread.env)?.initial)?.trees)[0]);
  const cwd = /^file:\/\/(\/.*)$/.exec(textOf(tree?.uri) ?? '')?.[1];
  const repository = textOf(recordOf(tree?.repository)?.url);
  return { kind: 'session', sessionId, titlePlace: textOf(thread.title) ? '/title' : undefined, cwd, repository };
}

function promptsOf(messages: readonly JsonRecord[], sessionId: string): LogEvent[] {
  const events: LogEvent[] = [];
  messages.forEach((message, index) => {
    const part = listOf(message.content).findIndex((item) => textOf(recordOf(item)?.text) !== undefined);
    const atMs = timeOf(recordOf(message.meta)?.sentAt);
    if (message.role !== 'user' || part < 0 || atMs === undefined) return;
    const text = textOf(recordOf(listOf(message.content)[part])?.text) ?? '';
    const place = `/messages/${index}/content/${part}/text`;
    const key = `${sessionId}.${idOf(message.messageId) ?? index}`;
    events.push({ kind: 'prompt', key, atMs, sessionId, turn: events.length, place, characters: text.length });
  });
  return events;
}

export const amp: Agent = {
  id: 'amp',
  label: 'Amp',
  sources: [
    {
      kind: 'document',
      id: 'threads',
      folders: ({ home, platform, variables }) => {
        const path = pathOf(platform);
        const data = variables.XDG_DATA_HOME || path.join(home, '.local', 'share');
        return [path.join(variables.AMP_DATA_DIR || path.join(data, 'amp'), 'threads')];
      },
      owns: (path) => /(?:^|\/)T-[^/]+\.json$/.test(path),
      parseDocument,
    },
  ],
  notes: ['Credits are Amp’s own unit.', 'Threads that are kept on the service alone cannot be read.'],
  textAt: (record, place) => {
    let value: unknown = documentOf(record);
    for (const step of String(place).split('/').slice(1))
      value = Array.isArray(value) ? value[Number(step)] : recordOf(value)?.[step];
    return textOf(value);
  },
};
