// OpenAI Codex (CLI, IDE extension, desktop): JSON lines under `$CODEX_HOME` or `~/.codex`, `sessions/Y/M/D/rollout-*.jsonl`
// and `archived_sessions/`; versions 0.104 to 0.169 seen. A call is a `token_usage_record` (from about 0.147, with the
// provider's response id), or the growth of the running total in `token_count`; both describe the same calls, so a record
// raises the total and only what grows beyond it is a call of its own. Forks and spawned agents of older versions begin
// with their parent's rows under new stamps and without records; newer ones name a `history_base` and begin with the
// parent's total. Not read: compressed rollouts, the state database (`tokens_used` of a fork holds its parent's). Not logged: cut
// and refused calls, service tier, web searches.
import { posix, win32 } from 'node:path';
import {
  type Agent,
  type AgentEnvironment,
  type Carry,
  type CompactionEvent,
  type LogEvent,
  type ParseContext,
  type Parsed,
  type Place,
  type PlanWindowEvent,
  type PromptEvent,
  type SessionEvent,
  type SkipReason,
  type UsageEvent,
} from './agent';
import { mostOpenTools, type OpenTool, toolEvents, toolOf } from './codexTools';
import { bucketsOf, grown, recorded, type Streams, type Usage, usageOf } from './codexTotals';
import { hashOf, type JsonRecord, listOf, recordOf, recordsOfLine, textOf, timeOf } from './record';

/** What one line leaves for the next. */
interface State {
  /** The file's own thread: the first `session_meta`; later ones are resumptions, or copies of a parent's. */
  thread?: Thread;
  cwd?: string;
  branch?: string;
  model?: string;
  turnId?: string;
  /** The turn of the user's that set a subagent to work. */
  rootTurnId?: string;
  isPlan?: boolean;
  prompt?: PromptEvent;
  promptsInTurn: number;
  prompts: number;
  streams: Streams;
  /** The last call that was counted by its total, until a record claims it. */
  unclaimed?: string;
  contextTokens?: number;
  /** Calls that were told before the log named a model; told again once it does. */
  early: readonly UsageEvent[];
  tools: readonly OpenTool[];
  compaction?: CompactionEvent;
  limits?: string;
}

interface Thread {
  readonly id: string;
  readonly parentId?: string;
  readonly isSubagent?: boolean;
  readonly agentName?: string;
  readonly provider?: string;
  readonly bornMs?: number;
  /** Rows with a smaller ordinal are the parent's. */
  readonly startOrdinal?: number;
}

interface Row {
  readonly payload: JsonRecord;
  readonly ordinal?: number;
  readonly atMs: number;
  readonly offset: number;
  readonly state: State;
  readonly thread: Thread;
  readonly events: LogEvent[];
}

const fresh: State = { prompts: 0, promptsInTurn: 0, streams: [], early: [], tools: [] };
const mostEarlyCalls = 8;
const requestMarker = '## My request for Codex:';
/** Blocks that the program puts where a user's words would stand. */
const injected =
  /^\s*(?:# AGENTS\.md instructions|<(?:environment_context|user_instructions|recommended_plugins|turn_aborted|subagent_notification|user_shell_command|skill|model_switch|[a-z]+_instructions)\b)/;

function parseLine(line: string, offset: number, carry: Carry | undefined, context: ParseContext): Parsed {
  const { records, isBroken } = recordsOfLine(line);
  const state: State = { ...fresh, ...carry };
  const events: LogEvent[] = [];
  let skipped: SkipReason | undefined = isBroken ? 'broken-json' : undefined;
  for (const record of records) skipped = readRecord(record, offset, state, events, context) ?? skipped;
  return { events, carry: { ...state }, skipped };
}

function readRecord(
  record: JsonRecord,
  offset: number,
  state: State,
  events: LogEvent[],
  context: ParseContext,
): SkipReason | undefined {
  const payload = recordOf(record.payload);
  const atMs = timeOf(record.timestamp);
  const type = textOf(record.type);
  if (!payload || !type) return undefined;
  if (atMs === undefined)
    return type === 'token_usage_record' || payload.type === 'token_count' ? 'broken-record' : undefined;
  if (type === 'session_meta') {
    readSession(payload, atMs, state, events);
    return undefined;
  }
  state.thread ??= { id: threadIdOf(context.path) };
  const ordinal = typeof record.ordinal === 'number' ? record.ordinal : undefined;
  const row: Row = { payload, ordinal, atMs, offset, state, thread: state.thread, events };
  if (type === 'turn_context') readTurn(row);
  else if (type === 'token_usage_record') return readUsageRecord(row);
  else if (type === 'event_msg') return readEvent(row);
  else if (type === 'response_item') readItem(row);
  else if (type === 'compacted') readCompaction(row);
  return undefined;
}

function readSession(meta: JsonRecord, atMs: number, state: State, events: LogEvent[]): void {
  const id = textOf(meta.id) ?? textOf(meta.session_id);
  if (!id || (state.thread && state.thread.id !== id)) return;
  const git = recordOf(meta.git);
  state.thread ??= threadOf(id, meta, atMs);
  state.cwd = textOf(meta.cwd) ?? state.cwd;
  state.branch = textOf(git?.branch) ?? state.branch;
  const { parentId, isSubagent } = state.thread;
  const session: SessionEvent = {
    kind: 'session',
    sessionId: id,
    parentSessionId: parentId,
    relation: isSubagent ? 'subagent' : parentId ? 'fork' : undefined,
    cwd: state.cwd,
    branch: state.branch,
    repository: textOf(git?.repository_url),
    agentVersion: textOf(meta.cli_version),
    surface: textOf(meta.originator),
  };
  events.push(session);
}

/** A parent is named in one of three places, by version and by the way the thread came to be. */
function threadOf(id: string, meta: JsonRecord, atMs: number): Thread {
  const subagent = recordOf(meta.source)?.subagent;
  const spawn = recordOf(recordOf(subagent)?.thread_spawn);
  const parentId = textOf(meta.parent_thread_id) ?? textOf(spawn?.parent_thread_id) ?? textOf(meta.forked_from_id);
  const isSubagent = Boolean(subagent) || meta.thread_source === 'subagent' || Boolean(meta.parent_thread_id);
  const start = Number(meta.subagent_history_start_ordinal ?? NaN);
  const isFresh = recordOf(meta.history_base) !== undefined;
  return {
    id,
    parentId: parentId === id ? undefined : parentId,
    isSubagent: isSubagent || undefined,
    agentName: textOf(meta.agent_role) ?? textOf(spawn?.agent_role) ?? textOf(subagent),
    provider: textOf(meta.model_provider),
    bornMs: timeOf(meta.timestamp) ?? atMs,
    startOrdinal: Number.isFinite(start) && !isFresh ? start : undefined,
  };
}

/** The thread's id as the file's name has it, for a log without its first line. */
function threadIdOf(path: string): string {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  return /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(name)?.[0] ?? name.replace(/\.jsonl$/, '');
}

function readTurn({ payload, state, events }: Row): void {
  enterTurn(state, payload);
  state.cwd = textOf(payload.cwd) ?? state.cwd;
  const mode = textOf(recordOf(payload.collaboration_mode)?.mode);
  if (mode) state.isPlan = mode === 'plan' || undefined;
  nameModel(state, textOf(payload.model), events);
}

function enterTurn(state: State, payload: JsonRecord): void {
  const turnId = textOf(payload.turn_id);
  if (turnId && turnId !== state.turnId) {
    state.turnId = turnId;
    state.promptsInTurn = 0;
  }
  state.rootTurnId = textOf(payload.root_turn_id) ?? state.rootTurnId;
}

function nameModel(state: State, model: string | undefined, events: LogEvent[]): void {
  if (!model) return;
  state.model = model;
  for (const call of state.early) events.push({ ...call, model });
  state.early = [];
}

function readEvent(row: Row): SkipReason | undefined {
  const { payload, state } = row;
  switch (payload.type) {
    case 'token_count':
      return readTotal(row);
    case 'task_started':
      enterTurn(state, payload);
      if (textOf(payload.collaboration_mode_kind))
        state.isPlan = payload.collaboration_mode_kind === 'plan' || undefined;
      break;
    case 'task_complete':
      closeTools(row);
      break;
    case 'turn_aborted':
      closeTools(row);
      if (state.prompt && payload.reason !== 'review_ended') row.events.push({ ...state.prompt, isInterrupted: true });
      break;
    case 'thread_settings_applied':
      nameModel(state, textOf(recordOf(payload.thread_settings)?.model), row.events);
      break;
    case 'user_message':
      readPrompt(row, textOf(payload.message));
      break;
    case 'item_completed':
      readPrompt(row, userText(recordOf(payload.item)));
      break;
  }
  return undefined;
}

/** The words of a `UserMessage` item (histories in pages, from about 0.15x). */
function userText(item: JsonRecord | undefined): string | undefined {
  if (item?.type !== 'UserMessage') return undefined;
  const texts = listOf(item.content).map((part) => textOf(recordOf(part)?.text));
  return textOf(texts.filter((text) => text !== undefined).join('\n'));
}

/** A subagent's task was put by its parent, so it is no prompt of the user's. */
function readPrompt({ state, thread, events, offset, atMs }: Row, message: string | undefined): void {
  if (!message || thread.isSubagent || injected.test(message)) return;
  const text = requestOf(message);
  const inTurn = state.promptsInTurn === 0 ? '' : `.${state.promptsInTurn}`;
  const key = state.turnId
    ? `${state.turnId}${inTurn}`
    : `${thread.parentId ?? thread.id}.${state.prompts}.${hashOf(text)}`;
  const turn = state.prompts;
  state.prompts += 1;
  state.promptsInTurn += 1;
  state.prompt = {
    kind: 'prompt',
    key,
    atMs,
    sessionId: thread.id,
    turn,
    place: offset,
    characters: text.length,
    planMode: state.isPlan,
  };
  if (turn === 0) events.push({ kind: 'session', sessionId: thread.id, titlePlace: offset });
  events.push(state.prompt);
}

/** What was typed, without the description of open files that an editor puts before it. */
function requestOf(message: string): string {
  const at = message.indexOf(requestMarker);
  return (at < 0 ? message : message.slice(at + requestMarker.length)).trim();
}

function readUsageRecord(row: Row): SkipReason | undefined {
  const { payload, state, events } = row;
  const usage = usageOf(recordOf(payload.usage) ?? {});
  const thread = recordOf(payload.thread_token_usage);
  const total = thread && usageOf(thread);
  if (!recordOf(payload.usage)) return 'broken-record';
  if (!usage || (thread && !total)) return 'broken-number';
  // A record that comes after its row of totals has the row's fingerprint; one without a total is told by its figures.
  const isClaimed = !total && state.unclaimed === usage.join();
  state.unclaimed = undefined;
  if (isClaimed) return undefined;
  state.streams = recorded(state.streams, total, usage);
  state.rootTurnId = textOf(payload.root_turn_id) ?? state.rootTurnId;
  state.contextTokens = usage[0] + usage[3];
  const print = fingerprintOf(textOf(payload.turn_id) ?? state.turnId, total ?? state.streams[0]!, usage);
  const isOwn = (textOf(payload.thread_id) ?? row.thread.id) === row.thread.id;
  const key = (isOwn && textOf(payload.response_id)) || keyOf(row, print);
  const call = callOf(row, usage, key, print);
  if (call) tell(call, state, events);
  return undefined;
}

function readTotal(row: Row): SkipReason | undefined {
  const { payload, state, events } = row;
  if (!isCopied(row)) readLimits(row, recordOf(payload.rate_limits));
  const info = recordOf(payload.info);
  if (!info) return undefined;
  const lastLogged = recordOf(info.last_token_usage);
  const totalLogged = recordOf(info.total_token_usage);
  if (!totalLogged) return 'broken-record';
  const total = usageOf(totalLogged);
  const last = lastLogged && usageOf(lastLogged);
  if (!total || (lastLogged && !last)) return 'broken-number';
  const { added, streams } = grown(state.streams, total, last);
  if (streams === state.streams) sizeAfterCompaction(row, lastLogged);
  state.streams = streams;
  if (!added) return undefined;
  state.contextTokens = last ? last[0] + last[3] : undefined;
  // A copied row whose turn was cut off its front cannot be told from its original: the parent's file has it.
  if (isCopied(row) && !state.turnId) return undefined;
  state.unclaimed = added.join();
  const print = fingerprintOf(state.turnId, total, last ?? added);
  const call = callOf(row, added, keyOf(row, print), print);
  if (call) tell(call, state, events);
  return undefined;
}

/** Was the row copied from the parent, for certain? Its ordinal says so, or it is older than its thread. */
function isCopied({ ordinal, atMs, thread }: Row): boolean {
  if (thread.startOrdinal !== undefined && ordinal !== undefined) return ordinal < thread.startOrdinal;
  return thread.parentId !== undefined && thread.bornMs !== undefined && atMs < thread.bornMs;
}

/**
 * Equal for a call and its copies in forks: a copy keeps the turn's id, the running total and the last usage, and loses
 * its thread, its time and its record. The turn keeps two agents apart that were set equal tasks.
 */
function fingerprintOf(turnId: string | undefined, total: Usage, last: Usage): string {
  const text = `${turnId ?? ''}|${total.join()}|${last.join()}`;
  return hashOf(text) + hashOf(`2${text}`);
}

/**
 * For a call without a response id, and for a copy of one that has it: the copy keeps a key of its own, so that the
 * fingerprint decides and the earlier row, with its true time, is kept.
 */
function keyOf({ thread }: Row, print: string): string {
  return `${thread.id}.${print}`;
}

function callOf(row: Row, usage: Usage, key: string, fingerprint: string): UsageEvent | undefined {
  const { state, thread, atMs } = row;
  if (usage.every((tokens) => tokens === 0)) return undefined;
  return {
    kind: 'call',
    key,
    atMs,
    sessionId: thread.id,
    model: state.model ?? '',
    provider: thread.provider,
    ...bucketsOf(usage),
    quality: 'exact',
    promptKey: thread.isSubagent ? state.rootTurnId : state.prompt?.key,
    isSubagent: thread.isSubagent,
    agentName: thread.agentName,
    cwd: state.cwd,
    branch: state.branch,
    fingerprint,
  };
}

function tell(call: UsageEvent, state: State, events: LogEvent[]): void {
  events.push(call);
  if (state.model === undefined) state.early = [...state.early, call].slice(-mostEarlyCalls);
}

/** A repeat with a last usage of zeros follows a compaction: its total is the size of the new context. */
function sizeAfterCompaction({ state, events }: Row, last: JsonRecord | undefined): void {
  const size = last?.total_tokens;
  if (!state.compaction || last?.input_tokens !== 0 || typeof size !== 'number' || size < 0 || size > 1e9) return;
  events.push({ ...state.compaction, tokensAfter: Math.round(size) });
  state.compaction = undefined;
}

/** The usage that a compaction row repeats has its own row. */
function readCompaction({ state, thread, events, atMs, ordinal }: Row): void {
  const key = `${state.turnId ?? thread.id}.compaction.${ordinal ?? state.streams[0]?.join('-') ?? atMs}`;
  state.compaction = { kind: 'compaction', key, atMs, sessionId: thread.id, tokensBefore: state.contextTokens };
  events.push(state.compaction);
}

function readItem(row: Row): void {
  const { payload, state, thread, events, atMs } = row;
  const type = textOf(payload.type) ?? '';
  if (type.endsWith('_call_output')) {
    const open = state.tools.find((tool) => tool.id === payload.call_id);
    if (!open) return;
    state.tools = state.tools.filter((tool) => tool !== open);
    events.push(...toolEvents(open, thread.id, atMs, payload.output ?? ''));
    return;
  }
  if (!type.endsWith('_call')) return;
  const promptKey = thread.isSubagent ? state.rootTurnId : state.prompt?.key;
  const tool = toolOf(payload, atMs, promptKey);
  if (!tool) return;
  state.tools = [...state.tools, tool];
  if (state.tools.length <= mostOpenTools) return;
  events.push(...toolEvents(state.tools[0]!, thread.id, state.tools[0]!.atMs));
  state.tools = state.tools.slice(1);
}

/** A turn that ends leaves no tool running that will still be answered. */
function closeTools({ state, thread, events }: Row): void {
  for (const tool of state.tools) events.push(...toolEvents(tool, thread.id, tool.atMs));
  state.tools = [];
}

function readLimits(row: Row, limits: JsonRecord | undefined): void {
  if (!limits) return;
  const windows = [windowOf(row, limits, 'primary'), windowOf(row, limits, 'secondary')];
  const found = windows.filter((window) => window !== undefined);
  const print = hashOf(found.map(({ name, windowMinutes, usedPercent }) => [name, windowMinutes, usedPercent]).join());
  if (found.length === 0 || print === row.state.limits) return;
  row.state.limits = print;
  row.events.push(...found);
}

function windowOf({ atMs }: Row, limits: JsonRecord, which: 'primary' | 'secondary'): PlanWindowEvent | undefined {
  const window = recordOf(limits[which]);
  const { used_percent: used, window_minutes: minutes } = window ?? {};
  if (typeof used !== 'number' || !(used >= 0 && used <= 1000)) return undefined;
  if (typeof minutes !== 'number' || !(minutes > 0 && minutes < 1e7)) return undefined;
  const name = textOf(limits.limit_name) ?? textOf(limits.limit_id) ?? 'codex';
  const plan = textOf(limits.plan_type);
  const resetsAtMs = resetOf(window!, atMs);
  return { kind: 'plan-window', atMs, name, windowMinutes: minutes, usedPercent: used, resetsAtMs, plan };
}

function resetOf(window: JsonRecord, atMs: number): number | undefined {
  if (typeof window.resets_at === 'number') return timeOf(window.resets_at * 1000);
  return typeof window.resets_in_seconds === 'number' ? timeOf(atMs + window.resets_in_seconds * 1000) : undefined;
}

function homesOf({ home, platform, variables }: AgentEnvironment): readonly string[] {
  const path = platform === 'win32' ? win32 : posix;
  const named = (variables.CODEX_HOME ?? '').split(',').map((folder) => folder.trim());
  const folders = named.filter((folder) => folder !== '');
  return folders.length > 0 ? folders : [path.join(home, '.codex')];
}

function below(...names: string[]): (environment: AgentEnvironment) => readonly string[] {
  return (environment) => {
    const path = environment.platform === 'win32' ? win32 : posix;
    return homesOf(environment).map((folder) => path.join(folder, ...names));
  };
}

/** Every kind of row of interest names itself in one of these, the frequent ones first. */
const needles = [
  '"token_',
  '_call',
  '"turn_context"',
  '"task_',
  '"user_message"',
  '"UserMessage"',
  '"session_meta"',
  '"compacted"',
  '"turn_aborted"',
  '"thread_settings_applied"',
];

const lines = { kind: 'lines', needles, owns: (path: string) => path.endsWith('.jsonl'), parseLine } as const;

/** A rollout that was packed when it had grown cold: its lines in one text. Places are offsets into that text. */
function parseRollout(text: string, context: ParseContext): Parsed {
  const events: LogEvent[] = [];
  let carry: Carry | undefined;
  let skipped: SkipReason | undefined;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end);
    if (needles.some((needle) => line.includes(needle))) {
      const parsed = parseLine(line, start, carry, context);
      events.push(...parsed.events);
      carry = parsed.carry;
      skipped = parsed.skipped ?? skipped;
    }
    start = end + 1;
  }
  return { events, skipped };
}

/** Text of the prompt on a line of a rollout; of an unpacked one the line at the place. */
function textAt(record: string, place: Place): string | undefined {
  const isPacked = typeof place === 'number' && record.includes('\n');
  const line = isPacked ? record.slice(place).split('\n', 1)[0]! : record;
  for (const row of recordsOfLine(line).records) {
    const payload = recordOf(row.payload);
    const text = textOf(payload?.message) ?? userText(recordOf(payload?.item));
    if (text) return requestOf(text);
  }
  return undefined;
}

export const codex: Agent = {
  id: 'codex',
  label: 'Codex',
  sources: [
    { ...lines, id: 'sessions', folders: below('sessions') },
    { ...lines, id: 'archive', folders: below('archived_sessions') },
    {
      kind: 'document',
      id: 'compressed',
      folders: (environment) => [...below('sessions')(environment), ...below('archived_sessions')(environment)],
      owns: (path) => path.endsWith('.jsonl.zst'),
      parseDocument: parseRollout,
    },
  ],
  notes: [
    'Calls that were cut off, refused, or still running when Codex ended are in no log.',
    'The log names no service tier, so fast mode is priced as standard.',
    'Web searches are not counted: the log does not tell which were billed.',
    'Compressed rollouts (.jsonl.zst) need Node 22.15 or newer; what cannot be unpacked is counted as unreadable.',
  ],
  textAt,
};
