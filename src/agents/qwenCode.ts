// Qwen Code: `~/.qwen/projects/<cwd>/chats/<session>.jsonl` and `…/subagents/<session>/agent-*.jsonl` (seen: 0.24), before them
// `~/.qwen/tmp/<hash>/chats/*.json`. Traps: a call stands in a telemetry row and again in a chat row (a subagent's in another
// file); only telemetry has the memory calls; the prompt includes the cache; thoughts are inside or beside the candidates, so
// output is total less prompt. `usage_record.jsonl` sums over resumes and is not read. It does not know: cut and killed calls.
import {
  type Agent,
  type AgentEnvironment,
  type Carry,
  type DocumentSource,
  type LineSource,
  type LogEvent,
  type Parsed,
  type ParseContext,
  type SkipReason,
  type UsageEvent,
} from './agent';
import {
  atPointer,
  below,
  isObject,
  type JsonObject,
  objectOf,
  parseJson,
  parseObject,
  stemOf,
  textOfParts,
  tokenFields,
  toolHash,
} from './logValues';
import { hashOf, listOf, textOf, timeOf, tokensOf } from './record';

interface FileState {
  readonly sessionId: string;
  readonly cwd?: string;
  /** A telemetry row was seen: from here on chat rows only repeat. */
  readonly hasTelemetry: boolean;
  readonly promptKey?: string;
  readonly turns: number;
}

interface Read {
  readonly events: LogEvent[];
  state: FileState;
  skipped?: SkipReason;
}

/** The figures of a call under the names that its row uses. */
interface FigureNames {
  readonly prompt: string;
  readonly cached: string;
  readonly output: string;
  readonly thoughts: string;
  readonly total: string;
}

const telemetryNames: FigureNames = {
  prompt: 'input_token_count',
  cached: 'cached_content_token_count',
  output: 'output_token_count',
  thoughts: 'thoughts_token_count',
  total: 'total_token_count',
};
const chatNames: FigureNames = {
  prompt: 'promptTokenCount',
  cached: 'cachedContentTokenCount',
  output: 'candidatesTokenCount',
  thoughts: 'thoughtsTokenCount',
  total: 'totalTokenCount',
};
const documentNames: FigureNames = {
  prompt: 'input',
  cached: 'cached',
  output: 'output',
  thoughts: 'thoughts',
  total: 'total',
};

type Figures = Pick<UsageEvent, 'inputTokens' | 'cacheReadTokens' | 'outputTokens' | 'reasoningTokens'>;

function figuresOf(row: JsonObject, names: FigureNames): Figures | SkipReason {
  const fields = tokenFields(row, names.prompt, names.cached, names.output, names.thoughts, names.total);
  if (fields === undefined) return 'broken-number';
  const [prompt, cached, output, thoughts, total] = fields;
  if (prompt + output + thoughts === 0) return 'no-tokens-logged';
  const cacheReadTokens = Math.min(cached, prompt);
  const outputTokens = total >= prompt + output ? total - prompt : output;
  const reasoningTokens = Math.min(thoughts, outputTokens);
  return { inputTokens: prompt - cacheReadTokens, cacheReadTokens, outputTokens, reasoningTokens };
}

function callWith(
  figures: Figures,
  about: Pick<UsageEvent, 'key' | 'atMs' | 'sessionId' | 'model'>,
  more: Partial<UsageEvent>,
): UsageEvent {
  return {
    kind: 'call',
    ...about,
    inputTokens: figures.inputTokens,
    cacheReadTokens: figures.cacheReadTokens,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: figures.outputTokens,
    reasoningTokens: figures.reasoningTokens,
    quality: 'exact',
    ...more,
  };
}

/** The same in a call's telemetry row and in its chat row (a subagent's chat rows name no model). */
function fingerprintOf(figures: Figures): string {
  return [figures.inputTokens, figures.cacheReadTokens, figures.outputTokens, figures.reasoningTokens].join(':');
}

const memoryAgents = /memory/;

function readAnswer(event: JsonObject, row: JsonObject, read: Read): void {
  const figures = figuresOf(event, telemetryNames);
  const atMs = timeOf(event['event.timestamp']) ?? timeOf(row.timestamp);
  const { state } = read;
  read.state = { ...state, hasTelemetry: true };
  if (typeof figures === 'string') {
    read.skipped = figures;
    return;
  }
  const id = textOf(event.response_id) ?? textOf(event.prompt_id) ?? textOf(row.uuid);
  if (atMs === undefined || id === undefined) {
    read.skipped = 'broken-record';
    return;
  }
  const model = textOf(event.model) ?? '';
  const agentName = textOf(event.subagent_name);
  const provider = textOf(event.auth_type);
  read.events.push(
    // Local servers number their answers from 1 at each start: the moment keeps them apart.
    callWith(
      figures,
      { key: `${id}@${atMs}`, atMs, sessionId: state.sessionId, model },
      {
        ...(provider !== undefined && { provider }),
        // A subagent's chat row stands in another file: only the figures tell that both are one call.
        ...(agentName !== undefined && { isSubagent: true, agentName, fingerprint: fingerprintOf(figures) }),
        ...(agentName !== undefined && memoryAgents.test(agentName) && { role: 'memory' }),
        ...(state.promptKey !== undefined && { promptKey: state.promptKey }),
        ...(state.cwd !== undefined && { cwd: state.cwd }),
      },
    ),
  );
}

const changingTools = new Set(['edit', 'write_file', 'replace']);

function readToolCall(event: JsonObject, row: JsonObject, read: Read): void {
  const key = textOf(event.call_id);
  const name = textOf(event.function_name);
  const atMs = timeOf(event['event.timestamp']) ?? timeOf(row.timestamp);
  if (key === undefined || name === undefined || atMs === undefined) return;
  const input = objectOf(event.function_args);
  const isError = event.success === false;
  const resultCharacters = tokensOf(event.content_length);
  const changedFile = changingTools.has(name) && !isError ? textOf(input.file_path) : undefined;
  const change = objectOf(event.metadata);
  read.events.push({
    kind: 'tool',
    key: `${key}@${atMs}`,
    atMs,
    sessionId: read.state.sessionId,
    name,
    argumentsHash: toolHash(name, input),
    ...(read.state.promptKey !== undefined && { promptKey: read.state.promptKey }),
    ...(isError && { isError, errorHash: hashOf(textOf(event.error) ?? '') }),
    ...(resultCharacters !== undefined && event.content_length !== undefined && { resultCharacters }),
    ...(changedFile !== undefined && {
      changedFile,
      linesAdded: tokensOf(change.model_added_lines) ?? 0,
      linesRemoved: tokensOf(change.model_removed_lines) ?? 0,
    }),
  });
}

function readSystem(row: JsonObject, read: Read): void {
  const payload = objectOf(row.systemPayload);
  const event = objectOf(payload.uiEvent);
  if (event['event.name'] === 'qwen-code.api_response') readAnswer(event, row, read);
  else if (event['event.name'] === 'qwen-code.tool_call') readToolCall(event, row, read);
  else if (row.subtype === 'chat_compression') {
    const atMs = timeOf(row.timestamp);
    const key = textOf(row.uuid);
    if (atMs === undefined || key === undefined) return;
    const { originalTokenCount, newTokenCount } = objectOf(payload.info);
    read.events.push({
      kind: 'compaction',
      key,
      atMs,
      sessionId: read.state.sessionId,
      tokensBefore: tokensOf(originalTokenCount) ?? 0,
      tokensAfter: tokensOf(newTokenCount) ?? 0,
    });
  }
}

/** A chat row counts where no telemetry stands for it: in older versions, and in a subagent's file until both are compared. */
function readChatRow(row: JsonObject, read: Read, context: ParseContext): void {
  const { state } = read;
  if (state.hasTelemetry || !isObject(row.usageMetadata)) return;
  const figures = figuresOf(row.usageMetadata, chatNames);
  const atMs = timeOf(row.timestamp);
  const id = textOf(row.uuid);
  if (typeof figures === 'string') read.skipped = figures;
  else if (atMs === undefined || id === undefined) read.skipped = 'broken-record';
  else {
    const flags = objectOf(parseObject(Object.values(context.companions)[0] ?? '')?.persistedCliFlags);
    const model = textOf(row.model) ?? textOf(flags.model) ?? '';
    const agentName = textOf(row.agentName);
    read.events.push(
      callWith(
        figures,
        { key: `${id}@${atMs}`, atMs, sessionId: state.sessionId, model },
        {
          ...(row.isSidechain === true && { isSubagent: true, agentName, fingerprint: fingerprintOf(figures) }),
          ...(state.promptKey !== undefined && { promptKey: state.promptKey }),
          ...(state.cwd !== undefined && { cwd: state.cwd }),
        },
      ),
    );
  }
}

function readPrompt(row: JsonObject, place: number, read: Read): void {
  const key = textOf(row.uuid);
  const atMs = timeOf(row.timestamp);
  const text = textOfParts(objectOf(row.message).parts);
  const isTyped = row.provenance === undefined || row.provenance === 'real_user';
  if (!isTyped || row.isSidechain === true || key === undefined || atMs === undefined || text === '') return;
  const { sessionId, turns } = read.state;
  read.events.push({ kind: 'prompt', key, atMs, sessionId, turn: turns, place, characters: text.length });
  read.state = { ...read.state, promptKey: key, turns: turns + 1 };
}

/** Every row names its session and folder: told once, and again when they change. */
function readOrigin(row: JsonObject, carry: FileState | undefined, context: ParseContext): Read {
  const sessionId = textOf(row.sessionId) ?? carry?.sessionId ?? stemOf(context.path);
  const cwd = textOf(row.cwd) ?? carry?.cwd;
  const state: FileState = { hasTelemetry: false, turns: 0, ...carry, sessionId, cwd };
  if (carry?.sessionId === sessionId && carry.cwd === cwd) return { events: [], state };
  const branch = textOf(row.gitBranch);
  const agentVersion = textOf(row.version);
  return {
    state,
    events: [
      {
        kind: 'session',
        sessionId,
        ...(cwd !== undefined && { cwd }),
        ...(branch !== undefined && { branch }),
        ...(agentVersion !== undefined && { agentVersion }),
      },
    ],
  };
}

function dataFolder({ home, variables }: AgentEnvironment): string {
  const own = textOf(variables.QWEN_RUNTIME_DIR) ?? textOf(variables.QWEN_HOME);
  return textOf(variables.QWEN_DATA_DIR) ?? own ?? below(home, '.qwen');
}

const chats: LineSource = {
  id: 'chats',
  kind: 'lines',
  needles: ['"usageMetadata"', '"ui_telemetry"', '"user"', '"chat_compression"'],
  folders: (environment) => [below(dataFolder(environment), 'projects')],
  owns: (path) => /(^|\/)chats\/[^/]+\.jsonl$|(^|\/)subagents\/.+\.jsonl$/.test(path),
  companions: (path) => (/(^|\/)subagents\//.test(path) ? [path.replace(/\.jsonl$/, '.meta.json')] : []),
  parseLine(line, offsetBytes, carry, context): Parsed {
    const row = parseObject(line);
    if (row === undefined) return { events: [], skipped: 'broken-json', ...(carry && { carry }) };
    const read = readOrigin(row, carry as unknown as FileState | undefined, context);
    if (row.type === 'system') readSystem(row, read);
    else if (row.type === 'assistant') readChatRow(row, read, context);
    else if (row.type === 'user') readPrompt(row, offsetBytes, read);
    return {
      events: read.events,
      carry: { ...read.state } satisfies Carry,
      ...(read.skipped !== undefined && { skipped: read.skipped }),
    };
  },
};

const documents: DocumentSource = {
  id: 'documents',
  kind: 'document',
  folders: (environment) => [below(dataFolder(environment), 'tmp')],
  owns: (path) => /(^|\/)chats\/[^/]+\.json$/.test(path),
  parseDocument(text, context): Parsed {
    const document = parseObject(text);
    if (document === undefined) return { events: [], skipped: 'broken-json' };
    if (!Array.isArray(document.messages)) return { events: [], skipped: 'unknown-format' };
    const sessionId = textOf(document.sessionId) ?? stemOf(context.path);
    const events: LogEvent[] = [{ kind: 'session', sessionId }];
    let skipped: SkipReason | undefined;
    let promptKey: string | undefined;
    let turn = 0;
    for (const [index, message] of document.messages.map(objectOf).entries()) {
      const key = textOf(message.id);
      const atMs = timeOf(message.timestamp);
      if (key === undefined || atMs === undefined) continue;
      const words = textOfParts(message.content);
      if (message.type === 'user' && words !== '') {
        promptKey = key;
        events.push({
          kind: 'prompt',
          key,
          atMs,
          sessionId,
          turn: turn++,
          place: `/messages/${index}`,
          characters: words.length,
        });
      }
      if (!isObject(message.tokens)) continue;
      const figures = figuresOf(message.tokens, documentNames);
      if (typeof figures === 'string') skipped ??= figures;
      else {
        const about = { key, atMs, sessionId, model: textOf(message.model) ?? '' };
        events.push(callWith(figures, about, promptKey !== undefined ? { promptKey } : {}));
      }
    }
    return { events, ...(skipped !== undefined && { skipped }) };
  },
};

export const qwenCode: Agent = {
  id: 'qwen-code',
  label: 'Qwen Code',
  sources: [chats, documents],
  notes: ['A stream that is cut, and a call that ran when Qwen Code was killed, are in no log.'],
  textAt(record, place) {
    const found = typeof place === 'string' ? atPointer(parseJson(record), place) : parseJson(record);
    const row = objectOf(found);
    return textOf(textOfParts(row.content)) ?? textOf(textOfParts(listOf(objectOf(row.message).parts)));
  },
};
