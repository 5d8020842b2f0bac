// Copilot CLI's `events.jsonl`: what its rows tell of calls, prompts, tools and a session's end. Calls come as records of
// their own, as outputs on messages, or in the totals of a shutdown, by version; `precedence` says which of them it was.
import {
  type Carry,
  type LogEvent,
  type ParseContext,
  type Parsed,
  type PromptEvent,
  type SessionEvent,
  type SkipReason,
  type UsageEvent,
} from './agent';
import {
  addedBy,
  bucketsOf,
  type ByModel,
  figuresOf,
  isNothing,
  minus,
  noFigures,
  plus,
  rank,
  totalsOf,
} from './copilotUsage';
import { hashOf, type JsonRecord, recordOf, recordsOfLine, textOf, timeOf, tokensOf } from './record';

/** What one line leaves for the next. */
interface State {
  sessionId?: string;
  cwd?: string;
  branch?: string;
  model?: string;
  prompts: number;
  prompt?: PromptEvent;
  /** Since the last shutdown. */
  runPrompts: number;
  /** Types of the subagents at work, by the ids that their rows carry. */
  agents: Readonly<Record<string, string>>;
  tools: readonly OpenTool[];
  /** Calls whose record was read: the message that follows is no news. */
  recorded: readonly string[];
  hasRecords?: boolean;
  /** A message came without a record: the records do not cover the session. */
  isUncovered?: boolean;
  /** The last shutdown's totals. */
  totals?: ByModel;
  /** What was told since then in rows that count beside a shutdown's. */
  told: ByModel;
  /** Outputs on messages since then. */
  runOutputs: Readonly<Record<string, number>>;
  lastMessage?: UsageEvent;
  checkpointNano?: number;
}

interface OpenTool {
  readonly id: string;
  readonly name: string;
  readonly hash: string;
  readonly path?: string;
  readonly promptKey?: string;
}

interface Row {
  readonly data: JsonRecord;
  readonly id: string;
  readonly agentId?: string;
  readonly atMs: number;
  readonly offset: number;
  readonly sessionId: string;
  readonly state: State;
  readonly events: LogEvent[];
}

const fresh: State = { prompts: 0, runPrompts: 0, agents: {}, tools: [], recorded: [], told: {}, runOutputs: {} };
const mostRemembered = 32;

export function parseEventLine(line: string, offset: number, carry: Carry | undefined, context: ParseContext): Parsed {
  const { records, isBroken } = recordsOfLine(line);
  const state: State = { ...fresh, ...carry };
  const events: LogEvent[] = [];
  let skipped: SkipReason | undefined = isBroken ? 'broken-json' : undefined;
  for (const record of records) {
    const data = recordOf(record.data);
    const type = textOf(record.type);
    const atMs = timeOf(record.timestamp);
    if (!data || !type || atMs === undefined) continue;
    state.sessionId ??= textOf(data.sessionId) ?? sessionIdOf(context.path);
    const agentId = textOf(record.agentId) ?? textOf(data.parentToolCallId);
    const id = textOf(record.id) ?? `${state.sessionId}.${atMs}`;
    skipped = readRow(type, { data, id, agentId, atMs, offset, sessionId: state.sessionId, state, events }) ?? skipped;
  }
  return { events, carry: { ...state }, skipped };
}

/** `<session>/events.jsonl`, in old versions `<session>.jsonl`. */
export function sessionIdOf(path: string): string {
  const [folder = '', file = ''] = path.split(/[\\/]/).slice(-2);
  return file === 'events.jsonl' ? folder : file.replace(/\.jsonl$/, '');
}

function readRow(type: string, row: Row): SkipReason | undefined {
  switch (type) {
    case 'session.start':
    case 'session.resume':
    case 'session.context_changed':
      readContext(row);
      return undefined;
    case 'session.model_change':
      if (!row.agentId) row.state.model = textOf(row.data.newModel) ?? row.state.model;
      return undefined;
    case 'subagent.started':
      readAgent(row);
      return undefined;
    case 'user.message':
      readPrompt(row);
      return undefined;
    case 'abort':
      if (row.state.prompt) row.events.push({ ...row.state.prompt, isInterrupted: true });
      return undefined;
    case 'session.usage_record':
      return readUsageRecord(row);
    case 'assistant.message':
      return readMessage(row);
    case 'session.usage_checkpoint':
      readCheckpoint(row);
      return undefined;
    case 'session.shutdown':
      return readShutdown(row);
    case 'session.compaction_complete':
      readCompaction(row);
      return undefined;
    case 'tool.execution_start':
      openTool(row);
      return undefined;
    case 'tool.execution_complete':
      closeTool(row);
      return undefined;
  }
  return undefined;
}

function readContext({ data, state, sessionId, events }: Row): void {
  const context = recordOf(data.context) ?? data;
  state.cwd = textOf(context.cwd) ?? state.cwd;
  state.branch = textOf(context.branch) ?? state.branch;
  state.model = textOf(data.selectedModel) ?? state.model;
  const session: SessionEvent = {
    kind: 'session',
    sessionId,
    cwd: state.cwd,
    branch: state.branch,
    repository: textOf(context.repository) ?? textOf(context.gitRoot),
    agentVersion: textOf(data.copilotVersion),
  };
  events.push(session);
}

function readAgent({ data, agentId, state }: Row): void {
  const name = textOf(data.agentType) ?? textOf(data.agentName);
  if (!name) return;
  const ids = [agentId, textOf(data.toolCallId)].filter((id) => id !== undefined);
  const entries = [...Object.entries(state.agents), ...ids.map((id) => [id, name] as const)];
  state.agents = Object.fromEntries(entries.slice(-mostRemembered));
}

/** A subagent's task is put by its parent: no prompt of the user's. */
function readPrompt({ data, agentId, state, sessionId, events, atMs, offset }: Row): void {
  const text = textOf(data.content);
  if (!text || agentId || textOf(data.source)?.startsWith('agent-')) return;
  const turn = state.prompts;
  state.prompts += 1;
  state.runPrompts += 1;
  const key = promptKeyOf(sessionId, turn);
  state.prompt = { kind: 'prompt', key, atMs, sessionId, turn, place: offset, characters: text.length };
  if (turn === 0) events.push({ kind: 'session', sessionId, titlePlace: offset });
  events.push(state.prompt);
}

/** The store knows a prompt by its session and its place in it, nothing else. */
export function promptKeyOf(sessionId: string, turn: number): string {
  return `${sessionId}.${turn}`;
}

function callBase(row: Row): Omit<UsageEvent, 'key' | 'model' | keyof ReturnType<typeof bucketsOf> | 'quality'> {
  const { state, agentId, atMs, sessionId } = row;
  return {
    kind: 'call',
    atMs,
    sessionId,
    promptKey: state.prompt?.key,
    isSubagent: agentId !== undefined || undefined,
    agentName: agentId === undefined ? undefined : state.agents[agentId],
    cwd: state.cwd,
    branch: state.branch,
  };
}

function readUsageRecord(row: Row): SkipReason | undefined {
  const { data, state, events } = row;
  const usage = recordOf(data.usage);
  if (!usage) return 'broken-record';
  const nano = recordOf(usage.copilotUsage)?.totalNanoAiu ?? usage.totalNanoAiu ?? usage.copilotUsageNanoAiu;
  const figures = figuresOf(usage, nano);
  if (!figures) return 'broken-number';
  const model = textOf(usage.model) ?? state.model ?? '';
  const key = textOf(usage.apiCallId) ?? textOf(usage.providerCallId) ?? row.id;
  state.hasRecords = true;
  state.recorded = [...state.recorded, key].slice(-mostRemembered);
  state.told = { ...state.told, [model]: plus(state.told[model], figures) };
  const isCompaction = [usage.initiator, usage.interactionType].some((word) => String(word).includes('compaction'));
  events.push({
    ...callBase(row),
    key,
    model,
    provider: textOf(usage.modelProvider),
    ...bucketsOf(figures),
    quality: 'exact',
    role: isCompaction ? 'compaction' : undefined,
    precedence: state.isUncovered ? rank.shutdown : rank.records,
  });
  return undefined;
}

/** Versions without records write a call's output on its message, and the rest at the end. */
function readMessage(row: Row): SkipReason | undefined {
  const { data, state, events } = row;
  const callId = textOf(data.apiCallId);
  if (callId && state.recorded.includes(callId)) return undefined;
  const output = tokensOf(data.outputTokens);
  if (output === undefined) return 'broken-number';
  if (callId || output > 0 || !state.hasRecords) state.isUncovered = true;
  if (output === 0) return undefined;
  const model = textOf(data.model) ?? state.model ?? '';
  const figures = { ...noFigures, output };
  state.runOutputs = { ...state.runOutputs, [model]: (state.runOutputs[model] ?? 0) + output };
  if (state.totals) state.told = { ...state.told, [model]: plus(state.told[model], figures) };
  state.lastMessage = {
    ...callBase(row),
    key: callId ?? textOf(data.messageId) ?? row.id,
    model,
    ...bucketsOf(figures),
    quality: 'estimated',
    precedence: state.totals ? rank.shutdown : rank.messages,
  };
  events.push(state.lastMessage);
  return undefined;
}

/** Credits so far, without tokens: all that a session without an end says of its cost. */
function readCheckpoint({ data, state, events }: Row): void {
  const nano = figuresOf({}, data.totalNanoAiu)?.nanoCredits ?? 0;
  const grown = nano - (state.checkpointNano ?? 0);
  if (grown <= 0) return;
  state.checkpointNano = nano;
  if (!state.lastMessage) return;
  const { reportedCredits: _unknown, ...call } = state.lastMessage;
  const told = { ...noFigures, nanoCredits: grown };
  if (state.totals) state.told = { ...state.told, [call.model]: plus(state.told[call.model], told) };
  events.push({ ...call, reportedCredits: grown / 1e9 });
  state.lastMessage = undefined;
}

function readShutdown(row: Row): SkipReason | undefined {
  const { data, state, events, sessionId, atMs } = row;
  const totals = totalsOf(data);
  if (!totals) return 'broken-number';
  const added = addedBy(totals, state.totals ?? {}, state.runOutputs);
  for (const [model, total] of Object.entries(totals)) {
    const { inputTokens, cacheReadTokens, cacheWrite5mTokens, outputTokens, reportedCredits } = bucketsOf(total);
    const reportedCostUsd = reportedCredits === undefined ? undefined : reportedCredits / 100;
    const figures = { inputTokens, cacheReadTokens, cacheWriteTokens: cacheWrite5mTokens, outputTokens };
    events.push({ kind: 'running-total', atMs, sessionId, model, ...figures, reportedCostUsd });
    const untold = minus(added[model]!, state.told[model] ?? noFigures);
    if ((state.hasRecords && !state.isUncovered) || isNothing(untold)) continue;
    events.push({
      ...callBase({ ...row, agentId: undefined }),
      key: `${row.id}.${model}`,
      model,
      ...bucketsOf(untold),
      promptKey: state.runPrompts === 1 ? state.prompt?.key : undefined,
      quality: 'session-total',
      precedence: rank.shutdown,
    });
  }
  state.totals = totals;
  state.told = {};
  state.runOutputs = {};
  state.runPrompts = 0;
  state.checkpointNano = typeof data.totalNanoAiu === 'number' ? data.totalNanoAiu : state.checkpointNano;
  return undefined;
}

function readCompaction({ data, id, sessionId, atMs, events }: Row): void {
  const tokensBefore = tokensOf(data.preCompactionTokens) || undefined;
  const tokensAfter = tokensOf(data.postCompactionTokens) || undefined;
  events.push({ kind: 'compaction', key: id, atMs, sessionId, tokensBefore, tokensAfter });
}

function openTool({ data, state, sessionId, events, offset }: Row): void {
  const id = textOf(data.toolCallId);
  const name = textOf(data.toolName);
  if (!id || !name) return;
  const used = recordOf(data.arguments);
  if (name === 'rename_session') events.push({ kind: 'session', sessionId, titlePlace: offset });
  const hash = hashOf(`${name}\n${JSON.stringify(data.arguments) ?? ''}`);
  const path = textOf(used?.path) ?? textOf(used?.file_path);
  state.tools = [...state.tools, { id, name, hash, path, promptKey: state.prompt?.key }].slice(-mostRemembered);
}

function closeTool({ data, state, sessionId, events, atMs }: Row): void {
  const open = state.tools.find((tool) => tool.id === data.toolCallId);
  if (!open) return;
  state.tools = state.tools.filter((tool) => tool !== open);
  const isError = data.success === false;
  const result = textOf(recordOf(data.result)?.content) ?? '';
  const metrics = recordOf(recordOf(data.toolTelemetry)?.metrics);
  const added = tokensOf(metrics?.linesAdded) ?? 0;
  const removed = tokensOf(metrics?.linesRemoved) ?? 0;
  const hasChanged = added + removed > 0 && open.path !== undefined && !isError;
  events.push({
    kind: 'tool',
    key: open.id,
    atMs,
    sessionId,
    promptKey: open.promptKey,
    name: open.name,
    argumentsHash: open.hash,
    isError: isError || undefined,
    errorHash: isError ? hashOf(textOf(recordOf(data.error)?.message) ?? '') : undefined,
    resultCharacters: result.length,
    changedFile: hasChanged ? open.path : undefined,
    linesAdded: hasChanged ? added : undefined,
    linesRemoved: hasChanged ? removed : undefined,
  });
}
