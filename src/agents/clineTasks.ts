// The task folders that Cline, Roo Code and the older Kilo Code keep: `tasks/<id>/ui_messages.json`, one JSON array that is
// rewritten at each change. Knows what the three share; what a figure means in each comes in as `TaskDialect`.
// An array index is no identity (messages get deleted): the task's first moment and the row's own are. A task that is copied
// into another folder keeps both.
import {
  type AgentEnvironment,
  type DocumentSource,
  type LogEvent,
  type Parsed,
  type ParseContext,
  type ToolEvent,
} from './agent';
import { companion, cwdIn, folderName, isOlderFormat, lastDeletion, modelIn, payload } from './clineTaskFacts';
import {
  atPointer,
  below,
  dollarsOf,
  type JsonObject,
  objectOf,
  parseJson,
  parseObject,
  tokenFields,
} from './logValues';
import { hashOf, listOf, textOf, timeOf, tokensOf } from './record';

export interface TaskDialect {
  /** The extension's folder below `globalStorage`. */
  readonly extensionId: string;
  /** Folders with tasks outside of the editors. */
  readonly otherFolders: (environment: AgentEnvironment) => readonly string[];
  /** The row that keeps the spend of deleted messages. */
  readonly deletedRow: string;
  /** `tokensIn` holds the cached tokens too. */
  readonly isInputInclusive: boolean;
  /** Files beside the task's messages that tell its model, folder and parents. */
  readonly companions: readonly string[];
}

/** Where a task's rows are being read. */
interface Task {
  readonly dialect: TaskDialect;
  readonly rows: readonly JsonObject[];
  readonly sessionId: string;
  readonly context: ParseContext;
  /** Moment of the first row: with a row's own moment its identity. */
  readonly startedMs: number;
  readonly history: JsonObject;
  readonly modelUse: readonly JsonObject[];
  readonly cwd: string | undefined;
  readonly model: string | undefined;
  readonly events: LogEvent[];
  promptKey: string | undefined;
  turns: number;
  readonly isInclusive: boolean;
  /**
   * When messages were last deleted. Their calls may have been read before, and their sum stands in the task now: calls
   * that vanished keep an earlier precedence and no longer count.
   */
  readonly precedence: number | undefined;
  skipped: Parsed['skipped'];
}

const promptRows = new Set(['user_feedback', 'text', 'task']);

export function taskSource(dialect: TaskDialect): DocumentSource {
  return {
    id: 'tasks',
    kind: 'document',
    folders: (environment) => [
      ...environment.editorUserFolders.map((folder) => below(folder, 'globalStorage', dialect.extensionId, 'tasks')),
      ...dialect.otherFolders(environment),
    ],
    owns: (path) => /(^|\/)ui_messages\.json$/.test(path),
    // A shadow repository a task: thousands of files.
    skipsFolder: (path) => /(^|\/)checkpoints$/.test(path),
    companions: (path) => dialect.companions.map((name) => path.replace(/[^/]*$/, name)),
    parseDocument(text, context) {
      const rows = parseJson(text);
      if (rows === undefined) return { events: [], skipped: 'broken-json' };
      if (!Array.isArray(rows)) return { events: [], skipped: 'unknown-format' };
      return readTask(dialect, rows.map(objectOf), context);
    },
  };
}

/** The words at a place of a task's document. */
export function taskTextAt(record: string, place: number | string): string | undefined {
  return typeof place === 'string' ? textOf(atPointer(parseJson(record), place)) : undefined;
}

function readTask(dialect: TaskDialect, rows: readonly JsonObject[], context: ParseContext): Parsed {
  const history = parseObject(companion(context, 'history_item.json') ?? '') ?? {};
  const metadata = parseObject(companion(context, 'task_metadata.json') ?? '') ?? {};
  const conversation = companion(context, 'api_conversation_history.json') ?? '';
  const firstRequest = textOf(payload(rows.find((row) => row.say === 'api_req_started') ?? {}).request) ?? '';
  const task: Task = {
    dialect,
    rows,
    context,
    sessionId: textOf(history.id) ?? folderName(context.path),
    startedMs: timeOf(rows[0]?.ts) ?? 0,
    history,
    modelUse: listOf(metadata.model_usage).map(objectOf),
    cwd:
      textOf(history.workspace) ??
      textOf(history.cwdOnTaskInitialization) ??
      cwdIn(firstRequest) ??
      cwdIn(conversation),
    model: textOf(history.modelId) ?? modelIn(firstRequest) ?? modelIn(conversation) ?? textOf(history.apiConfigName),
    events: [],
    promptKey: undefined,
    turns: 0,
    isInclusive: dialect.isInputInclusive && !isOlderFormat(rows),
    precedence: lastDeletion(dialect.deletedRow, rows),
    skipped: undefined,
  };
  readSession(task);
  for (const index of rows.keys()) readRow(task, index);
  return { events: task.events, ...(task.skipped !== undefined && { skipped: task.skipped }) };
}

function readSession(task: Task): void {
  const parent = textOf(task.history.parentTaskId);
  task.events.push({
    kind: 'session',
    sessionId: task.sessionId,
    ...(parent !== undefined && { parentSessionId: parent, relation: 'subagent' as const }),
    ...(task.cwd !== undefined && { cwd: task.cwd }),
    ...(typeof task.rows[0]?.text === 'string' && { titlePlace: '/0/text' }),
  });
}

function rowKey(task: Task, atMs: number, what: string): string {
  return `${what}${task.startedMs.toString(36)}-${atMs.toString(36)}`;
}

function readRow(task: Task, index: number): void {
  const row = task.rows[index]!;
  const kind = row.type === 'say' ? row.say : row.ask;
  if (typeof kind !== 'string') return;
  const isCall = kind === 'api_req_started' || kind === 'subagent_usage' || kind === task.dialect.deletedRow;
  const atMs = timeOf(row.ts);
  if (atMs === undefined) {
    if (isCall) task.skipped ??= 'broken-record';
    return;
  }
  if (isCall) readCall(task, index, atMs, kind);
  else if (row.type === 'say' && promptRows.has(kind)) readPrompt(task, index, atMs, kind);
  else if (kind === 'tool' || kind === 'command' || kind === 'use_mcp_server') readTool(task, row, atMs, kind);
  else if (kind === 'condense_context') readCondensing(task, row, atMs);
}

/** The task itself is the first `text` row; later ones are the model's. */
function readPrompt(task: Task, index: number, atMs: number, kind: string): void {
  const text = textOf(task.rows[index]!.text);
  if (text === undefined || (kind === 'text' && index > 0)) return;
  const key = rowKey(task, atMs, 'p');
  const { sessionId, turns } = task;
  task.events.push({
    kind: 'prompt',
    key,
    atMs,
    sessionId,
    turn: turns,
    place: `/${index}/text`,
    characters: text.length,
  });
  task.promptKey = key;
  task.turns++;
}

/** Model and provider of a call: from its row, else from the task's log of model changes, else from the task. */
function modelAt(task: Task, row: JsonObject, atMs: number): { model: string; provider: string | undefined } {
  const info = objectOf(row.modelInfo);
  const change = task.modelUse.filter((use) => (timeOf(use.ts) ?? Infinity) <= atMs).at(-1) ?? {};
  return {
    model: textOf(info.modelId) ?? textOf(change.model_id) ?? task.model ?? '',
    provider: textOf(info.providerId) ?? textOf(change.model_provider_id) ?? textOf(payload(row).inferenceProvider),
  };
}

/** What the model said after a call began, up to the next call. */
function textAfter(task: Task, index: number): string {
  const texts: string[] = [];
  for (const row of task.rows.slice(index + 1)) {
    if (row.say === 'api_req_started') break;
    if ((row.say === 'text' || row.say === 'reasoning') && typeof row.text === 'string') texts.push(row.text);
  }
  return texts.join('\n');
}

function readCall(task: Task, index: number, atMs: number, kind: string): void {
  const row = task.rows[index]!;
  const figures = payload(row);
  const fields = tokenFields(figures, 'tokensIn', 'tokensOut', 'cacheWrites', 'cacheReads');
  if (fields === undefined) {
    task.skipped ??= 'broken-number';
    return;
  }
  const [logged, outputTokens, writes, reads] = fields;
  const reportedCostUsd = dollarsOf(figures.cost);
  const isCancelled = textOf(figures.cancelReason) !== undefined;
  if (logged + outputTokens + writes + reads === 0) {
    // The row is written empty when the request starts; only one that ended without figures is a loss.
    if (isCancelled || task.rows.slice(index + 1).some((later) => later.say === 'api_req_started'))
      task.skipped ??= 'no-tokens-logged';
    return;
  }
  const isInclusive = task.isInclusive && logged >= writes + reads;
  const { model, provider } = modelAt(task, row, atMs);
  const what = kind === 'api_req_started' ? 'c' : kind === 'subagent_usage' ? 's' : 'd';
  task.events.push({
    kind: 'call',
    key: rowKey(task, atMs, what),
    atMs,
    sessionId: task.sessionId,
    model,
    ...(provider !== undefined && { provider }),
    inputTokens: isInclusive ? logged - writes - reads : logged,
    cacheReadTokens: reads,
    cacheWrite5mTokens: writes,
    cacheWrite1hTokens: 0,
    outputTokens,
    reasoningTokens: 0,
    quality: 'exact',
    ...(isCancelled && {
      unrecordedOutputTokens: Math.max(outputTokens, task.context.estimateTokens(textAfter(task, index))),
    }),
    ...(reportedCostUsd !== undefined && { reportedCostUsd }),
    ...(task.promptKey !== undefined && { promptKey: task.promptKey }),
    ...(what === 's' && { isSubagent: true }),
    ...(what === 'd' && { role: 'deleted' }),
    ...(task.precedence !== undefined && { precedence: task.precedence }),
    ...(task.cwd !== undefined && { cwd: task.cwd }),
  });
}

/** Roo says what the summary cost, not its tokens: dollars apart, the output as long as the summary at least. */
function readCondensing(task: Task, row: JsonObject, atMs: number): void {
  const { cost, prevContextTokens, newContextTokens, summary } = objectOf(row.contextCondense);
  const tokensBefore = tokensOf(prevContextTokens);
  const tokensAfter = tokensOf(newContextTokens);
  const { sessionId } = task;
  task.events.push({
    kind: 'compaction',
    key: rowKey(task, atMs, 'k'),
    atMs,
    sessionId,
    ...(tokensBefore !== undefined && { tokensBefore }),
    ...(tokensAfter !== undefined && { tokensAfter }),
  });
  const reportedCostUsd = dollarsOf(cost);
  if (reportedCostUsd === undefined) return;
  task.events.push({
    kind: 'call',
    key: rowKey(task, atMs, 'k'),
    atMs,
    sessionId,
    model: modelAt(task, row, atMs).model,
    inputTokens: 0,
    cacheReadTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    quality: 'exact',
    unrecordedOutputTokens: task.context.estimateTokens(textOf(summary) ?? ''),
    reportedCostUsd,
    role: 'compaction',
    ...(task.precedence !== undefined && { precedence: task.precedence }),
    ...(task.promptKey !== undefined && { promptKey: task.promptKey }),
    ...(task.cwd !== undefined && { cwd: task.cwd }),
  });
}

const changingTools =
  /^(editedExistingFile|newFileCreated|appliedDiff|insertContent|searchAndReplace|fileDeleted|editFile)$/;

function changedLines(diff: string, name: string): { linesAdded: number; linesRemoved: number } {
  const lines = diff.split('\n');
  if (name === 'newFileCreated') return { linesAdded: lines.length, linesRemoved: 0 };
  return {
    linesAdded: lines.filter((line) => /^\+(?!\+\+)/.test(line)).length,
    linesRemoved: lines.filter((line) => /^-(?!--)/.test(line)).length,
  };
}

function readTool(task: Task, row: JsonObject, atMs: number, kind: string): void {
  if (row.partial === true) return;
  const text = textOf(row.text);
  if (text === undefined) return;
  const use = kind === 'command' ? {} : payload(row);
  const name = kind === 'command' ? 'command' : (textOf(use.tool) ?? textOf(use.toolName) ?? kind);
  const path = textOf(use.path);
  const event: ToolEvent = {
    kind: 'tool',
    key: rowKey(task, atMs, 't'),
    atMs,
    sessionId: task.sessionId,
    name,
    argumentsHash: hashOf(`${name}\n${text}`),
    ...(task.promptKey !== undefined && { promptKey: task.promptKey }),
    ...(path !== undefined &&
      changingTools.test(name) && {
        changedFile: path,
        ...changedLines(textOf(use.diff) ?? textOf(use.content) ?? '', name),
      }),
  };
  task.events.push(event);
}
