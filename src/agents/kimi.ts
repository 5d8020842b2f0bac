// Kimi CLI (`~/.kimi/sessions/<folder>/<session>/wire.jsonl`) and Kimi Code (`~/.kimi-code/sessions/wd_*/<session>/
// agents/<id>/wire.jsonl`): JSON lines. The CLI repeats a step's status under one message id, with null for what did not
// change, and names no model; Kimi Code writes one `usage.record` a turn, and others with the session's sum.
import { type Agent, type Carry, type LogEvent, type ParseContext, type Parsed, type SkipReason } from './agent';
import { pathOf } from './editorFolders';
import { type JsonRecord, recordOf, recordsOfLine, textOf, timeOf, tokensOf } from './record';

interface Place {
  readonly sessionId: string;
  readonly agentId: string;
  readonly isSubagent?: true;
}

function parseLine(line: string, offset: number, carry: Carry | undefined, context: ParseContext): Parsed {
  const { records, isBroken } = recordsOfLine(line);
  const state = { prompts: 0, model: '', promptKey: '', messageId: '', ...carry };
  const events: LogEvent[] = [];
  let skipped: SkipReason | undefined = isBroken ? 'broken-json' : undefined;
  for (const record of records) {
    const place = placeOf(context.path);
    const message = recordOf(record.message);
    const seconds = typeof record.timestamp === 'number' ? record.timestamp : undefined;
    const atMs = timeOf(record.time) ?? (seconds === undefined ? undefined : timeOf(seconds * 1000));
    if (record.type === 'llm.request') state.model = modelOf(record) || state.model;
    if (record.type === 'usage.record') {
      if (record.usageScope !== undefined && record.usageScope !== 'turn') continue;
      const usage = recordOf(record.usage) ?? {};
      const { inputOther, output, inputCacheRead, inputCacheCreation } = usage;
      const figures = figuresOf(inputOther, output, inputCacheRead, inputCacheCreation);
      const key = `${place.sessionId}.${place.agentId}.${atMs}`;
      const model = modelOf(record) || state.model;
      if (!figures || atMs === undefined) skipped = 'broken-record';
      else if (sizeOf(figures) > 0) events.push({ ...callOf(place, key, atMs, model, state.promptKey), ...figures });
    } else if (message?.type === 'StatusUpdate') {
      const payload = recordOf(message.payload) ?? {};
      const usage = recordOf(payload.token_usage);
      state.messageId = textOf(payload.message_id) ?? state.messageId;
      if (!usage) continue;
      const figures = figuresOf(usage.input_other, usage.output, usage.input_cache_read, usage.input_cache_creation);
      const key = state.messageId || `${place.sessionId}.${place.agentId}.${atMs}`;
      if (!figures || atMs === undefined) skipped = 'broken-record';
      else if (sizeOf(figures) > 0)
        events.push({ ...callOf(place, key, atMs, state.model, state.promptKey), ...figures });
    } else if (message?.type === 'TurnBegin' && atMs !== undefined && !place.isSubagent) {
      const text = textOf(recordOf(message.payload)?.user_input);
      if (!text) continue;
      state.promptKey = `${place.sessionId}.${state.prompts}`;
      const prompt = { key: state.promptKey, atMs, sessionId: place.sessionId, turn: state.prompts, place: offset };
      events.push({ kind: 'prompt', ...prompt, characters: text.length });
      state.prompts += 1;
    }
  }
  return { events, carry: state, skipped };
}

function callOf({ sessionId, isSubagent }: Place, key: string, atMs: number, model: string, promptKey: string) {
  const prompt = promptKey === '' ? undefined : promptKey;
  return { kind: 'call', key, atMs, sessionId, model, quality: 'exact', isSubagent, promptKey: prompt } as const;
}

function figuresOf(input: unknown, output: unknown, cacheRead: unknown, cacheWrite: unknown) {
  const inputTokens = tokensOf(input);
  const outputTokens = tokensOf(output);
  const cacheReadTokens = tokensOf(cacheRead);
  const cacheWrite5mTokens = tokensOf(cacheWrite);
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  if (cacheReadTokens === undefined || cacheWrite5mTokens === undefined) return undefined;
  const rest = { cacheWrite1hTokens: 0, reasoningTokens: 0 };
  return { inputTokens, cacheReadTokens, cacheWrite5mTokens, outputTokens, ...rest };
}

function sizeOf(figures: NonNullable<ReturnType<typeof figuresOf>>): number {
  const { inputTokens, cacheReadTokens, cacheWrite5mTokens, outputTokens } = figures;
  return inputTokens + cacheReadTokens + cacheWrite5mTokens + outputTokens;
}

function modelOf(record: JsonRecord): string {
  return (textOf(record.model) ?? '').replace(/^kimi-code\//, '');
}

/** `<session>/wire.jsonl`, `<session>/subagents/<id>/wire.jsonl`, `<session>/agents/<id>/wire.jsonl`. */
function placeOf(path: string): Place {
  const names = path.split(/[\\/]/);
  const [kind = '', id = ''] = names.slice(-3, -1);
  if (kind !== 'subagents' && kind !== 'agents') return { sessionId: id, agentId: 'main' };
  const sessionId = names.at(-4) ?? id;
  return id === 'main' ? { sessionId, agentId: id } : { sessionId, agentId: id, isSubagent: true };
}

export const kimi: Agent = {
  id: 'kimi',
  label: 'Kimi',
  sources: [
    {
      kind: 'lines',
      id: 'wire',
      folders: ({ home, platform, variables }) => {
        const path = pathOf(platform);
        return [
          path.join(variables.KIMI_SHARE_DIR || path.join(home, '.kimi'), 'sessions'),
          path.join(variables.KIMI_CODE_HOME || path.join(home, '.kimi-code'), 'sessions'),
        ];
      },
      owns: (path) => /(?:^|\/)wire\.jsonl$/.test(path),
      needles: ['"StatusUpdate"', '"usage.record"', '"llm.request"', '"TurnBegin"'],
      parseLine,
    },
  ],
  notes: ['Kimi CLI names no model in its log.'],
  textAt: (record) => textOf(recordOf(recordOf(recordsOfLine(record).records[0]?.message)?.payload)?.user_input),
};
