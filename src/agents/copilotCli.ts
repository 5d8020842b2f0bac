// GitHub Copilot CLI, the Copilot app and VS Code's agent host, which share `$COPILOT_HOME` or `~/.copilot`; versions
// 1.0.4 to 1.0.102 seen. Up to six stores tell of one session, best first: `session.usage_record` rows of events.jsonl
// (one a call, where they cover the session), `session-store.db` (one a call, from 1.0.70), `session.shutdown` rows
// (totals that go on over resumed runs), VS Code's `agentHostUsage` files and chat sessions (no cache writes), the app's
// `data.db`, and the outputs on `assistant.message` rows of a session that was killed. `precedence` leaves one of them.
import { posix } from 'node:path';
import {
  type Agent,
  type AgentEnvironment,
  type Carry,
  type LogEvent,
  type ParseContext,
  type Parsed,
  type Place,
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
  totalsOf,
} from './copilotUsage';
import { chatTextAt, parseChatSession } from './copilotSessions';
import { pathOf } from './editorFolders';
import { hashOf, type JsonRecord, recordOf, recordsOfLine, textOf, timeOf, tokensOf } from './record';

const rank = { messages: 0, app: 1, chats: 2, sidecar: 3, shutdown: 4, store: 5, records: 6 } as const;

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

function parseLine(line: string, offset: number, carry: Carry | undefined, context: ParseContext): Parsed {
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
function sessionIdOf(path: string): string {
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
function promptKeyOf(sessionId: string, turn: number): string {
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

/** Times of the store have no zone in some versions: they are UTC. */
function storeTimeOf(value: unknown): number | undefined {
  const text = textOf(value);
  if (text === undefined) return timeOf(value);
  return timeOf(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`);
}

function parseStoreRow(row: JsonRecord): Parsed {
  const sessionId = textOf(row.session_id);
  const atMs = storeTimeOf(row.created_at);
  if (!sessionId || atMs === undefined) return { events: [], skipped: 'broken-record' };
  const figures = figuresOf(
    {
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
      cacheReadTokens: row.cache_read_tokens,
      cacheWriteTokens: row.cache_write_tokens,
      reasoningTokens: row.reasoning_tokens,
    },
    row.total_nano_aiu,
  );
  if (!figures) return { events: [], skipped: 'broken-number' };
  if (isNothing(figures)) return { events: [] };
  const isSubagent = textOf(row.agent_id) !== undefined || row.initiator === 'sub-agent';
  const turn = typeof row.turn_index === 'number' && row.turn_index >= 0 ? row.turn_index : undefined;
  const call: UsageEvent = {
    kind: 'call',
    key: `store.${String(row.id)}.${atMs}`,
    atMs,
    sessionId,
    model: textOf(row.model) ?? '',
    ...bucketsOf(figures),
    quality: 'exact',
    promptKey: turn === undefined ? undefined : promptKeyOf(sessionId, turn),
    isSubagent: isSubagent || undefined,
    role: row.initiator === 'compaction' ? 'compaction' : undefined,
    precedence: rank.store,
  };
  return { events: [call] };
}

function parseSessionRow(row: JsonRecord): Parsed {
  const sessionId = textOf(row.id);
  if (!sessionId) return { events: [] };
  const { cwd, branch, repository } = row;
  const session: SessionEvent = { kind: 'session', sessionId, cwd: textOf(cwd), branch: textOf(branch) };
  // The summary is the first prompt's opening; events.jsonl knows of a later renaming.
  const title = textOf(row.summary) ? { titlePlace: sessionId, isTitleMade: true } : {};
  return { events: [{ ...session, repository: textOf(repository), ...title }] };
}

/** A prompt of the store, dated when its answer had ended. */
function parseTurnRow(row: JsonRecord): Parsed {
  const sessionId = textOf(row.session_id);
  const turn = typeof row.turn_index === 'number' && row.turn_index >= 0 ? row.turn_index : undefined;
  const text = textOf(row.user_message);
  const atMs = storeTimeOf(row.timestamp);
  if (!sessionId || turn === undefined || !text || atMs === undefined || typeof row.id !== 'number')
    return { events: [] };
  const key = promptKeyOf(sessionId, turn);
  const prompt: PromptEvent = { kind: 'prompt', key, atMs, sessionId, turn, place: row.id, characters: text.length };
  return { events: [{ ...prompt, isSecondHand: true }] };
}

/** The app's own totals per session, for sessions that no better store knows. */
function parseAppRow(row: JsonRecord): Parsed {
  const sessionId = textOf(row.id);
  const atMs = storeTimeOf(row.updated_at);
  if (!sessionId || atMs === undefined) return { events: [], skipped: 'broken-record' };
  const figures = figuresOf(
    {
      inputTokens: row.total_input_tokens,
      outputTokens: row.total_output_tokens,
      cacheReadTokens: row.total_cached_tokens,
      reasoningTokens: row.total_reasoning_tokens,
    },
    undefined,
  );
  if (!figures) return { events: [], skipped: 'broken-number' };
  if (isNothing(figures)) return { events: [] };
  const key = `app.${sessionId}`;
  const model = textOf(row.model) ?? '';
  const quality = 'session-total';
  return {
    events: [{ kind: 'call', key, atMs, sessionId, model, ...bucketsOf(figures), quality, precedence: rank.app }],
  };
}

/** VS Code's record of each model call of an agent-host session, while its debug log is on. Credits add up in a turn. */
function parseSidecarLine(line: string, _offset: number, carry: Carry | undefined, context: ParseContext): Parsed {
  const { records, isBroken } = recordsOfLine(line);
  const state = { turnId: '', calls: 0, nano: 0, ...carry };
  const events: LogEvent[] = [];
  let skipped: SkipReason | undefined = isBroken ? 'broken-json' : undefined;
  for (const record of records) {
    const turnId = textOf(record.turnId);
    const atMs = timeOf(record.ts);
    const total = figuresOf(record, record.totalNanoAiu);
    if (!turnId || atMs === undefined || !total) {
      skipped = 'broken-record';
      continue;
    }
    if (state.turnId !== turnId) Object.assign(state, { turnId, calls: 0, nano: 0 });
    const figures = { ...total, nanoCredits: Math.max(0, total.nanoCredits - state.nano) };
    const key = `host.${turnId}.${state.calls}`;
    Object.assign(state, { calls: state.calls + 1, nano: Math.max(state.nano, total.nanoCredits) });
    if (isNothing(figures)) continue;
    const sessionId = sessionIdOf(context.path);
    const model = textOf(record.model) ?? '';
    const call = { key, atMs, sessionId, model, ...bucketsOf(figures), precedence: rank.sidecar };
    events.push({ kind: 'call', quality: 'exact', ...call });
  }
  return { events, carry: state, skipped };
}

function below(...names: string[]): (environment: AgentEnvironment) => readonly string[] {
  return ({ home, platform, variables }) => {
    const path = pathOf(platform);
    return [path.join(variables.COPILOT_HOME || path.join(home, '.copilot'), ...names)];
  };
}

/** In a chat of the agent host a place is a pointer; elsewhere the record holds one text. */
function textAt(record: string, place: Place): string | undefined {
  if (typeof place === 'string' && place.startsWith('/')) return chatTextAt(record, place);
  for (const row of recordsOfLine(record).records) {
    const data = recordOf(row.data) ?? row;
    const renamed = recordOf(data.arguments);
    const text =
      textOf(data.content) ??
      textOf(renamed?.title) ??
      textOf(renamed?.name) ??
      textOf(row.summary) ??
      textOf(row.user_message);
    if (text) return text;
  }
  return undefined;
}

export const copilotCli: Agent = {
  id: 'copilot-cli',
  label: 'Copilot CLI',
  sources: [
    {
      kind: 'lines',
      id: 'events',
      folders: below('session-state'),
      owns: (path) => posix.basename(path) === 'events.jsonl' || /^[^/]+\.jsonl$/.test(path),
      needles: [
        '"session.',
        '"assistant.message"',
        '"tool.execution_',
        '"user.message"',
        '"subagent.started"',
        '"abort"',
      ],
      parseLine,
    },
    {
      kind: 'database',
      id: 'store',
      folders: below('session-store.db'),
      owns: (path) => path.endsWith('session-store.db'),
      queries: [
        {
          id: 'calls',
          table: 'assistant_usage_events',
          columns: ['id', 'session_id', 'model', 'input_tokens', 'output_tokens', 'created_at'],
          optional: [
            'cache_read_tokens',
            'cache_write_tokens',
            'reasoning_tokens',
            'total_nano_aiu',
            'initiator',
            'agent_id',
            'turn_index',
          ],
          watermark: 'id',
          parseRow: parseStoreRow,
        },
        {
          id: 'sessions',
          table: 'sessions',
          columns: ['id', 'updated_at'],
          optional: ['cwd', 'repository', 'branch', 'summary'],
          watermark: 'updated_at',
          parseRow: parseSessionRow,
        },
        {
          id: 'turns',
          table: 'turns',
          columns: ['id', 'session_id', 'turn_index', 'user_message', 'timestamp'],
          watermark: 'id',
          parseRow: parseTurnRow,
        },
      ],
      texts: [
        { table: 'sessions', key: 'id', column: 'summary' },
        { table: 'turns', key: 'id', column: 'user_message' },
      ],
    },
    {
      kind: 'database',
      id: 'app',
      folders: below('data.db'),
      owns: (path) => path.endsWith('data.db'),
      queries: [
        {
          id: 'sessions',
          table: 'sessions',
          columns: ['id', 'model', 'updated_at', 'total_input_tokens', 'total_output_tokens'],
          optional: ['total_cached_tokens', 'total_reasoning_tokens'],
          watermark: 'updated_at',
          parseRow: parseAppRow,
        },
      ],
    },
    {
      kind: 'lines',
      id: 'agent-host',
      folders: ({ editorUserFolders, platform }) =>
        editorUserFolders.map((folder) => pathOf(platform).join(folder, 'agentHostUsage')),
      owns: (path) => /^[^/]+\.jsonl$/.test(path),
      needles: ['"turnId"'],
      parseLine: parseSidecarLine,
    },
    {
      kind: 'document',
      id: 'agent-host-chats',
      folders: ({ editorUserFolders, platform }) =>
        editorUserFolders.map((folder) => pathOf(platform).join(folder, 'workspaceStorage')),
      owns: (path) => /^[^/]+\/chatSessions\/[^/]+\.jsonl?$/.test(path),
      companions: (path) => [`${path.split('/')[0]}/workspace.json`],
      parseDocument: (text, context) => parseChatSession(text, context, { isHosted: true, precedence: rank.chats }),
    },
  ],
  notes: [
    'A session of a version before 1.0.70 that runs or was killed has logged only the output of its calls: the input is missing until it ends.',
    'Calls that were cut off or killed are in no store.',
    'Cache writes are not split into 5 minutes and 1 hour; VS Code’s own stores do not have them at all.',
    'Premium requests of the time before June 2026 are not converted to money.',
  ],
  textAt,
};
