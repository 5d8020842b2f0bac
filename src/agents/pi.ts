// pi (and its fork omp): `~/.pi/agent/sessions/--<cwd>--/<time>_<id>.jsonl`, one entry a line, a tree by id and parentId.
// Seen: versions 1 to 3 of the format, up to pi 0.73. Buckets are disjoint; all branches of a file were billed. Traps: forks
// copy entries into a new file; a version 1 file gets random entry ids when it is opened again, so an entry id is no identity;
// a cut or stopped answer is a row with the output of its first event. It does not know: compaction calls, a killed call.
import {
  type Agent,
  type Carry,
  type LineSource,
  type LogEvent,
  type Parsed,
  type ParseContext,
  type SkipReason,
  type ToolEvent,
  type UsageEvent,
} from './agent';
import {
  below,
  dollarsOf,
  type JsonObject,
  objectOf,
  parseObject,
  stemOf,
  textOfParts,
  tokenFields,
  toolHash,
} from './logValues';
import { hashOf, listOf, textOf, timeOf, tokensOf } from './record';

/** A tool use whose result has not come yet. */
interface OpenTool {
  readonly hash: string;
  readonly file?: string;
  readonly added?: number;
}

interface SessionState {
  readonly sessionId: string;
  readonly cwd?: string;
  readonly promptKey?: string;
  readonly turns: number;
  readonly tools: Readonly<Record<string, OpenTool>>;
}

interface Read {
  readonly events: LogEvent[];
  state: SessionState;
  skipped?: SkipReason;
}

/** Uses whose result never came must not pile up in the carry. */
const mostOpenTools = 32;

/** `<time>_<id>.jsonl` names its session. */
function sessionOfFile(path: string): string {
  const stem = stemOf(path);
  return stem.slice(stem.lastIndexOf('_') + 1);
}

function readHeader(record: JsonObject, read: Read): void {
  const sessionId = textOf(record.id) ?? read.state.sessionId;
  const cwd = textOf(record.cwd);
  const parent = textOf(record.parentSession) ?? textOf(record.branchedFrom);
  read.state = { ...read.state, sessionId, cwd };
  read.events.push({
    kind: 'session',
    sessionId,
    ...(cwd !== undefined && { cwd }),
    ...(parent !== undefined && { parentSessionId: sessionOfFile(parent), relation: 'fork' as const }),
  });
}

function entryTime(record: JsonObject, message: JsonObject): number | undefined {
  return timeOf(record.timestamp) ?? timeOf(message.timestamp);
}

function readPrompt(record: JsonObject, message: JsonObject, place: number, read: Read): void {
  const text = textOfParts(message.content);
  const atMs = entryTime(record, message);
  if (text === '' || atMs === undefined) return;
  const { sessionId, turns } = read.state;
  const key = `${timeOf(message.timestamp) ?? atMs}-${hashOf(text)}`;
  read.events.push({ kind: 'prompt', key, atMs, sessionId, turn: turns, place, characters: text.length });
  read.state = { ...read.state, promptKey: key, turns: turns + 1 };
}

/** What an answer's blocks hold, for the least that a cut answer can have cost. */
function writtenText(message: JsonObject): string {
  return listOf(message.content)
    .map((block) => {
      const { text, thinking, name, arguments: input } = objectOf(block);
      if (name !== undefined) return JSON.stringify({ name, input });
      return textOf(text) ?? textOf(thinking) ?? '';
    })
    .join('\n')
    .trim();
}

/**
 * The provider's response id and the millisecond at which the answer began: forks keep both, and local servers that count
 * their ids from 1 do not run together. Without an id the figures stand in for it; a row is written once, when they are final.
 */
function callKey(message: JsonObject, figures: readonly number[], startedMs: number): string {
  const id = textOf(message.responseId) ?? `${textOf(message.model) ?? ''}:${figures.join(':')}`;
  return `${id}@${startedMs}`;
}

function callOf(
  record: JsonObject,
  message: JsonObject,
  state: SessionState,
  context: ParseContext,
): UsageEvent | SkipReason {
  const usage = objectOf(message.usage);
  const fields = tokenFields(usage, 'input', 'cacheRead', 'cacheWrite', 'output');
  if (fields === undefined) return 'broken-number';
  const atMs = entryTime(record, message);
  if (atMs === undefined) return 'broken-record';
  const [inputTokens, cacheReadTokens, cacheWrite5mTokens, outputTokens] = fields;
  // A row of zeros was used all the same, only not recorded; a cut row has the output of its first event.
  const isCut =
    message.stopReason === 'error' || message.stopReason === 'aborted' || fields.every((tokens) => tokens === 0);
  const written = isCut ? writtenText(message) : '';
  const provider = textOf(message.provider);
  const reportedCostUsd = dollarsOf(objectOf(usage.cost).total);
  return {
    kind: 'call',
    key: callKey(message, fields, timeOf(message.timestamp) ?? atMs),
    atMs,
    sessionId: state.sessionId,
    model: textOf(message.model) ?? '',
    ...(provider !== undefined && { provider }),
    inputTokens,
    cacheReadTokens,
    cacheWrite5mTokens,
    cacheWrite1hTokens: 0,
    outputTokens,
    reasoningTokens: 0,
    quality: 'exact',
    ...(isCut && { unrecordedOutputTokens: Math.max(outputTokens, context.estimateTokens(written)) }),
    ...(reportedCostUsd !== undefined && { reportedCostUsd }),
    ...(state.promptKey !== undefined && { promptKey: state.promptKey }),
    ...(state.cwd !== undefined && { cwd: state.cwd }),
  };
}

/** The tool uses that an answer asks for, kept until their results come. */
function openTools(message: JsonObject, open: SessionState['tools']): SessionState['tools'] {
  const tools = Object.entries(open);
  for (const block of listOf(message.content).map(objectOf)) {
    const id = textOf(block.id);
    const name = textOf(block.name);
    if (block.type !== 'toolCall' || id === undefined || name === undefined) continue;
    const input = objectOf(block.arguments);
    const file = name === 'edit' || name === 'write' ? textOf(input.path) : undefined;
    const added = name === 'write' && typeof input.content === 'string' ? input.content.split('\n').length : undefined;
    tools.push([id, { hash: toolHash(name, input), ...(file !== undefined && { file, added }) }]);
  }
  return Object.fromEntries(tools.slice(-mostOpenTools));
}

function toolOf(record: JsonObject, message: JsonObject, state: SessionState): ToolEvent | undefined {
  const key = textOf(message.toolCallId);
  const name = textOf(message.toolName);
  const atMs = entryTime(record, message);
  if (key === undefined || name === undefined || atMs === undefined) return undefined;
  const use = state.tools[key];
  const result = textOfParts(message.content);
  const diff = textOf(objectOf(message.details).diff)?.split('\n') ?? [];
  return {
    kind: 'tool',
    key,
    atMs,
    sessionId: state.sessionId,
    name,
    argumentsHash: use?.hash ?? toolHash(name, undefined),
    ...(state.promptKey !== undefined && { promptKey: state.promptKey }),
    ...(message.isError === true && { isError: true, errorHash: hashOf(result) }),
    resultCharacters: result.length,
    ...(use?.file !== undefined &&
      message.isError !== true && {
        changedFile: use.file,
        linesAdded: use.added ?? diff.filter((line) => line.startsWith('+')).length,
        linesRemoved: diff.filter((line) => line.startsWith('-')).length,
      }),
  };
}

function readMessage(record: JsonObject, place: number, read: Read, context: ParseContext): void {
  const message = objectOf(record.message);
  if (message.role === 'user') readPrompt(record, message, place, read);
  else if (message.role === 'assistant') {
    const call = message.usage === undefined ? undefined : callOf(record, message, read.state, context);
    if (typeof call === 'string') read.skipped = call;
    else if (call !== undefined) read.events.push(call);
    read.state = { ...read.state, tools: openTools(message, read.state.tools) };
  } else if (message.role === 'toolResult') {
    const tool = toolOf(record, message, read.state);
    if (tool === undefined) return;
    read.events.push(tool);
    const rest = Object.entries(read.state.tools).filter(([id]) => id !== tool.key);
    read.state = { ...read.state, tools: Object.fromEntries(rest) };
  }
}

function readCompaction(record: JsonObject, read: Read): void {
  const atMs = timeOf(record.timestamp);
  if (atMs === undefined) return;
  const tokensBefore = tokensOf(record.tokensBefore);
  read.events.push({
    kind: 'compaction',
    key: `${textOf(record.id) ?? ''}@${atMs}`,
    atMs,
    sessionId: read.state.sessionId,
    ...(tokensBefore !== undefined && { tokensBefore }),
  });
}

const sessions: LineSource = {
  id: 'sessions',
  kind: 'lines',
  needles: ['"session"', '"user"', '"usage"', '"toolResult"', '"compaction"', '"session_info"'],
  folders({ home, variables }) {
    const own = textOf(variables.PI_CODING_AGENT_DIR);
    const named = textOf(variables.PI_CODING_AGENT_SESSION_DIR);
    return [
      ...(named !== undefined ? [named] : []),
      own !== undefined ? below(own, 'sessions') : below(home, '.pi', 'agent', 'sessions'),
      below(home, '.omp', 'agent', 'sessions'),
    ];
  },
  owns: (path) => path.endsWith('.jsonl'),
  parseLine(line, offsetBytes, carry, context): Parsed {
    const record = parseObject(line);
    if (record === undefined) return { events: [], skipped: 'broken-json', ...(carry && { carry }) };
    const state: SessionState = { sessionId: sessionOfFile(context.path), turns: 0, tools: {}, ...carry };
    const read: Read = { events: [], state };
    if (record.type === 'session') readHeader(record, read);
    else if (record.type === 'message') readMessage(record, offsetBytes, read, context);
    else if (record.type === 'compaction') readCompaction(record, read);
    else if (record.type === 'session_info' && textOf(record.name) !== undefined) {
      read.events.push({ kind: 'session', sessionId: state.sessionId, titlePlace: offsetBytes });
    }
    return {
      events: read.events,
      carry: { ...read.state } satisfies Carry,
      ...(read.skipped !== undefined && { skipped: read.skipped }),
    };
  },
};

export const pi: Agent = {
  id: 'pi',
  label: 'pi',
  sources: [sessions],
  notes: [
    'The calls that write a summary (compaction, leaving a branch) are in no log.',
    'A call that ran when pi was killed is in no log.',
    'Cache writes are not split into 5 minutes and 1 hour.',
  ],
  textAt(record) {
    const entry = parseObject(record);
    if (entry === undefined) return undefined;
    return textOf(entry.name) ?? textOf(textOfParts(objectOf(entry.message).content));
  },
};
