// Gemini CLI: `~/.gemini/tmp/<project>/chats/`, JSON lines (header, messages, `$set` patches, `$rewindTo`) since 2026, one
// JSON document a session before. Seen up to 0.61. Traps: a message is written again under its id when its tools are done;
// `$set.messages` repeats messages; a resumed `.json` goes on as `.jsonl` with the same ids; rewound turns were billed;
// `input` includes `cached`, `thoughts` stand beside `output`, `tool` beside `input`. It does not know: routers, cut streams.
import {
  type Agent,
  type Carry,
  type DocumentSource,
  type LineSource,
  type LogEvent,
  type ParseContext,
  type Parsed,
  type Place,
  type SkipReason,
  type ToolEvent,
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

/** What the lines so far have told. */
interface SessionState {
  readonly sessionId: string;
  readonly isSubagent: boolean;
  readonly promptKey?: string;
  readonly turns: number;
  readonly cwd?: string;
}

interface Read {
  readonly events: LogEvent[];
  state: SessionState;
  skipped?: SkipReason;
}

/** The folder between `chats/` and a subagent's file is its parent's session id. */
function parentOf(path: string): string | undefined {
  return /[\\/]chats[\\/]([^\\/]+)[\\/][^\\/]+$/.exec(path)?.[1];
}

function projectRoot(context: ParseContext): string | undefined {
  return textOf(Object.values(context.companions)[0]?.trim());
}

function firstState(context: ParseContext): SessionState {
  return {
    sessionId: stemOf(context.path),
    isSubagent: parentOf(context.path) !== undefined,
    turns: 0,
    cwd: projectRoot(context),
  };
}

function readHeader(record: JsonObject, read: Read, context: ParseContext): void {
  const sessionId = textOf(record.sessionId);
  if (sessionId === undefined) return;
  const parentSessionId = parentOf(context.path);
  const isSubagent = parentSessionId !== undefined || record.kind === 'subagent';
  const cwd = projectRoot(context) ?? textOf(listOf(record.directories)[0]);
  read.state = { ...read.state, sessionId, isSubagent, cwd };
  read.events.push({
    kind: 'session',
    sessionId,
    ...(parentSessionId !== undefined && { parentSessionId, relation: 'subagent' as const }),
    ...(cwd !== undefined && { cwd }),
  });
}

/** Slash commands and what the program itself puts in the user's mouth are no prompts. */
function promptText(record: JsonObject): string | undefined {
  const text = textOfParts(record.content).trim();
  return text === '' || /^[/?]|^<(session|hook)_context>/.test(text) ? undefined : text;
}

function readPrompt(record: JsonObject, place: Place, read: Read): void {
  const key = textOf(record.id);
  const text = promptText(record);
  if (key === undefined || text === undefined || key === read.state.promptKey) return;
  const atMs = timeOf(record.timestamp);
  if (atMs === undefined) {
    read.skipped ??= 'broken-record';
    return;
  }
  const { sessionId, turns } = read.state;
  read.events.push({ kind: 'prompt', key, atMs, sessionId, turn: turns, place, characters: text.length });
  read.state = { ...read.state, promptKey: key, turns: turns + 1 };
}

function callOf(record: JsonObject, tokens: JsonObject, state: SessionState): UsageEvent | SkipReason {
  const fields = tokenFields(tokens, 'input', 'output', 'cached', 'thoughts', 'tool');
  if (fields === undefined) return 'broken-number';
  const key = textOf(record.id);
  const atMs = timeOf(record.timestamp);
  if (key === undefined || atMs === undefined) return 'broken-record';
  const [prompt, output, cached, thoughts, tool] = fields;
  if (prompt + output + thoughts + tool === 0) return 'no-tokens-logged';
  // Odd rows have more cached than input; the cache cannot have served more than was sent.
  const cacheReadTokens = Math.min(cached, prompt);
  // Gateways that follow OpenAI's convention put thoughts inside the output: their total says so.
  const areThoughtsInside = thoughts > 0 && thoughts <= output && tokensOf(tokens.total) === prompt + output + tool;
  return {
    kind: 'call',
    key,
    atMs,
    sessionId: state.sessionId,
    model: textOf(record.model) ?? '',
    inputTokens: prompt - cacheReadTokens + tool,
    cacheReadTokens,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: areThoughtsInside ? output : output + thoughts,
    reasoningTokens: thoughts,
    quality: 'exact',
    ...(state.promptKey !== undefined && { promptKey: state.promptKey }),
    ...(state.isSubagent && { isSubagent: true }),
    ...(state.cwd !== undefined && { cwd: state.cwd }),
  };
}

const finishedStates = new Set(['success', 'error', 'cancelled']);

function toolOf(tool: JsonObject, state: SessionState): ToolEvent | undefined {
  const key = textOf(tool.id);
  const name = textOf(tool.name);
  const atMs = timeOf(tool.timestamp);
  if (key === undefined || name === undefined || atMs === undefined) return undefined;
  if (!finishedStates.has(String(tool.status))) return undefined;
  const answer = objectOf(objectOf(objectOf(listOf(tool.result)[0]).functionResponse).response);
  const result = textOf(answer.error) ?? textOf(answer.output);
  const shown = objectOf(tool.resultDisplay);
  const change = objectOf(shown.diffStat);
  const changedFile = textOf(shown.filePath);
  return {
    kind: 'tool',
    key,
    atMs,
    sessionId: state.sessionId,
    name,
    argumentsHash: toolHash(name, tool.args),
    ...(state.promptKey !== undefined && { promptKey: state.promptKey }),
    ...(tool.status === 'error' && { isError: true, errorHash: hashOf(result ?? '') }),
    ...(result !== undefined && { resultCharacters: result.length }),
    ...(changedFile !== undefined && {
      changedFile,
      linesAdded: tokensOf(change.model_added_lines) ?? 0,
      linesRemoved: tokensOf(change.model_removed_lines) ?? 0,
    }),
  };
}

function readModelMessage(record: JsonObject, read: Read): void {
  if (isObject(record.tokens)) {
    const call = callOf(record, record.tokens, read.state);
    if (typeof call === 'string') read.skipped ??= call;
    else read.events.push(call);
  }
  for (const tool of listOf(record.toolCalls)) {
    const event = toolOf(objectOf(tool), read.state);
    if (event !== undefined) read.events.push(event);
  }
}

/** `place` is undefined for messages inside a patch: their prompts had a line of their own before. */
function readMessage(record: JsonObject, place: Place | undefined, read: Read): void {
  if (record.type === 'gemini') readModelMessage(record, read);
  else if (record.type === 'user' && place !== undefined) readPrompt(record, place, read);
}

function readPatch(patch: JsonObject, place: Place, read: Read): void {
  for (const message of listOf(patch.messages)) readMessage(objectOf(message), undefined, read);
  if (textOf(patch.summary) !== undefined) {
    read.events.push({ kind: 'session', sessionId: read.state.sessionId, titlePlace: place });
  }
}

const lines: LineSource = {
  id: 'sessions',
  kind: 'lines',
  needles: ['"tokens"', '"sessionId"', '"messages"', '"summary"', '"user"', '"toolCalls"'],
  folders: chatFolders,
  owns: (path) => /(^|\/)chats\/(.+\/)?[^/]+\.jsonl$/.test(path),
  companions: rootFile,
  parseLine(line, offsetBytes, carry, context): Parsed {
    const record = parseObject(line);
    if (record === undefined) return { events: [], skipped: 'broken-json', ...(carry && { carry }) };
    const state: SessionState = { ...firstState(context), ...carry };
    const read: Read = { events: [], state };
    if (isObject(record.$set)) readPatch(record.$set, offsetBytes, read);
    else if (typeof record.id === 'string') readMessage(record, offsetBytes, read);
    else if (typeof record.sessionId === 'string') {
      readHeader(record, read, context);
      for (const message of listOf(record.messages)) readMessage(objectOf(message), undefined, read);
    }
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
  folders: chatFolders,
  owns: (path) => /(^|\/)chats\/session-[^/]*\.json$/.test(path),
  companions: rootFile,
  parseDocument(text, context): Parsed {
    const record = parseObject(text);
    if (record === undefined) return { events: [], skipped: 'broken-json' };
    if (!Array.isArray(record.messages)) return { events: [], skipped: 'unknown-format' };
    const read: Read = { events: [], state: firstState(context) };
    readHeader(record, read, context);
    for (const [index, message] of record.messages.entries()) {
      readMessage(objectOf(message), `/messages/${index}`, read);
    }
    if (textOf(record.summary) !== undefined) {
      read.events.push({ kind: 'session', sessionId: read.state.sessionId, titlePlace: '/summary' });
    }
    return { events: read.events, ...(read.skipped !== undefined && { skipped: read.skipped }) };
  },
};

function chatFolders({ home, variables }: { home: string; variables: Readonly<Record<string, string | undefined>> }) {
  return [below(textOf(variables.GEMINI_CLI_HOME) ?? home, '.gemini', 'tmp')];
}

/** Holds the path of the project that the chats beside it belong to. */
function rootFile(path: string): readonly string[] {
  return [path.replace(/(^|\/)chats\/.*$/, '$1.project_root')];
}

export const geminiCli: Agent = {
  id: 'gemini-cli',
  label: 'Gemini CLI',
  sources: [lines, documents],
  notes: [
    'Without a model named by -m, a small model chooses one before each prompt: no log holds that call.',
    'A stream that is cut ends the turn and leaves nothing in the log.',
  ],
  textAt(record, place) {
    const document = parseJson(record);
    const found = objectOf(
      typeof place === 'string' ? { value: atPointer(document, place) } : { value: document },
    ).value;
    if (typeof found === 'string') return found;
    const message = objectOf(found);
    return textOf(objectOf(message.$set).summary) ?? textOf(textOfParts(message.content).trim());
  },
};
