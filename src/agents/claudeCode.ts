// Claude Code: JSON lines under `<config>/projects/<folder>/<session>.jsonl` and `<session>/subagents/**/agent-*.jsonl`;
// versions 1.0.x to 2.1.330 seen. One answer stands on several rows (one a content block), early ones with a
// placeholder for the output; forks and resumed sessions copy rows under a new session id but keep the message id;
// 2.1.12 to 2.1.81 repeat a subagent's calls as `progress` rows of the main file. What no row holds: title calls,
// `/compact` calls, streams cut before their first block (`cost-state` rows of 2.1.330 prove their sum).
import { posix } from 'node:path';
import {
  type Agent,
  type AgentEnvironment,
  type Carry,
  type LogEvent,
  type ParseContext,
  type Parsed,
  type PromptEvent,
  type SkipReason,
  type UsageEvent,
} from './agent';
import { amountOf, hashOf, type JsonRecord, listOf, recordOf, recordsOfLine, textOf, timeOf, tokensOf } from './record';
import { jsonOf, longTextOf, type LongText, type ObjectShape, Skimmer } from './skim';

/** What one line leaves for the next. */
interface State {
  atMs?: number;
  /** Prompts seen so far, and the last of them. */
  turns: number;
  prompt?: PromptEvent;
  /** Calls whose rows are still coming: what their logged texts amount to. */
  open: readonly OpenCall[];
  /** The call that the next row may show to have been cut off. */
  last?: UsageEvent;
  /** Tool uses without a result so far. */
  tools: readonly PendingTool[];
  /** What was last told of the session, so that only changes are told. */
  session?: readonly (string | undefined)[];
  titleRank: number;
  /** Titles that name the row they belong to, at the start of older files. */
  summaries: readonly (readonly [leaf: string, place: number])[];
}

interface OpenCall {
  readonly key: string;
  readonly estimate: number;
  readonly rows: readonly string[];
}

interface PendingTool {
  readonly id: string;
  readonly name: string;
  readonly hash: string;
  readonly promptKey?: string;
}

interface Row {
  readonly row: JsonRecord;
  readonly offset: number;
  readonly state: State;
  readonly context: ParseContext;
  readonly events: LogEvent[];
}

const fresh: State = { turns: 0, open: [], tools: [], titleRank: 0, summaries: [] };
const mostOpenCalls = 8;
const mostPendingTools = 64;
const titleRanks: Readonly<Record<string, number>> = { summary: 1, 'ai-title': 2, 'custom-title': 3 };

function parseLine(line: string, offset: number, carry: Carry | undefined, context: ParseContext): Parsed {
  const { records, isBroken } = recordsOfLine(line);
  const state: State = { ...fresh, ...carry };
  const events: LogEvent[] = [];
  let skipped: SkipReason | undefined = isBroken ? 'broken-json' : undefined;
  for (const row of records) skipped = readRow({ row, offset, state, context, events }) ?? skipped;
  return { events, carry: state as unknown as Carry, skipped };
}

/** What is read of a row; the long texts stay in the bytes until they are needed. */
const message: ObjectShape = {
  fields: {
    id: 'value',
    model: 'value',
    stop_reason: 'value',
    usage: {
      fields: {
        input_tokens: 'value',
        cache_creation_input_tokens: 'value',
        cache_read_input_tokens: 'value',
        output_tokens: 'value',
        cache_creation: { fields: { ephemeral_5m_input_tokens: 'value', ephemeral_1h_input_tokens: 'value' } },
        output_tokens_details: { fields: { thinking_tokens: 'value' } },
        server_tool_use: { fields: { web_search_requests: 'value' } },
        service_tier: 'value',
        speed: 'value',
        inference_geo: 'value',
        iterations: 'value',
      },
    },
    content: {
      items: {
        fields: {
          type: 'value',
          id: 'value',
          name: 'value',
          text: 'text',
          thinking: 'text',
          input: 'text',
          tool_use_id: 'value',
          is_error: 'value',
          content: { items: { fields: { text: 'text' } } },
        },
      },
    },
  },
};
const rowShape: ObjectShape = {
  fields: {
    type: 'value',
    subtype: 'value',
    timestamp: 'time',
    sessionId: 'value',
    uuid: 'text',
    requestId: 'text',
    leafUuid: 'value',
    cwd: 'value',
    gitBranch: 'value',
    version: 'value',
    entrypoint: 'value',
    isSidechain: 'value',
    isMeta: 'value',
    isCompactSummary: 'value',
    isVisibleInTranscriptOnly: 'value',
    turnCompanion: 'value',
    permissionMode: 'value',
    costUSD: 'value',
    compactMetadata: 'value',
    modelUsage: 'value',
    message,
    data: {
      fields: {
        type: 'value',
        message: { fields: { type: 'value', uuid: 'text', requestId: 'text', timestamp: 'time', message } },
      },
    },
    toolUseResult: {
      fields: {
        type: 'value',
        filePath: 'value',
        content: 'text',
        structuredPatch: { items: { fields: { lines: { items: 'text' } } } },
      },
    },
  },
};
const skimmer = new Skimmer(rowShape);

function parseBytes(
  bytes: Buffer,
  start: number,
  end: number,
  offset: number,
  carry: Carry | undefined,
  context: ParseContext,
): Parsed | undefined {
  const row = skimmer.read(bytes, start, end);
  if (!row) return undefined;
  const state: State = { ...fresh, ...carry };
  const events: LogEvent[] = [];
  const skipped = readRow({ row, offset, state, context, events });
  return { events, carry: state as unknown as Carry, skipped };
}

function readRow(at: Row): SkipReason | undefined {
  const { row, state } = at;
  const atMs = timeOf(row['timestamp']);
  if (atMs !== undefined) state.atMs = atMs;
  switch (row['type']) {
    case 'assistant':
      tellSession(at);
      return readAnswer(at, row, false);
    case 'progress':
      return readProgress(at);
    case 'user':
      tellSession(at);
      readUser(at);
      return undefined;
    case 'system':
      readSystem(at);
      return undefined;
    case 'cost-state':
      readRunningTotals(at);
      return undefined;
    case 'summary':
    case 'ai-title':
    case 'custom-title':
      readTitle(at, row['type']);
      return undefined;
    default:
      return undefined;
  }
}

/** A subagent's answer, told in the main file while it runs. */
function readProgress(at: Row): SkipReason | undefined {
  const data = recordOf(at.row['data']);
  if (data?.['type'] !== 'agent_progress') return undefined;
  const inner = recordOf(data['message']);
  return inner?.['type'] === 'assistant' ? readAnswer(at, inner, true) : undefined;
}

/** One row of an answer; `inner` is the record that holds the message (the row itself, or the one inside a progress row). */
function readAnswer(at: Row, inner: JsonRecord, isProgress: boolean): SkipReason | undefined {
  const { row, state } = at;
  const message = recordOf(inner['message']);
  const usage = recordOf(message?.['usage']);
  if (message?.['model'] === '<synthetic>') {
    if (!isProgress && !holdsText(message, 'No response requested.')) tellCutOff(at);
    return undefined;
  }
  if (!message || !usage) return undefined;
  const tokens = bucketsOf(usage);
  const atMs = timeOf(inner['timestamp']) ?? state.atMs;
  const sessionId = textOf(row['sessionId']);
  if (!tokens) return 'broken-number';
  const key = keyOf(inner, message, tokens);
  if (atMs === undefined || !sessionId || !key) return 'broken-record';

  const isSubagent = isProgress || row['isSidechain'] === true;
  const agentName = isSubagent && !isProgress ? subagentName(at.context) : undefined;
  const promptKey = state.prompt?.key;
  const estimate = estimateRow(at, key, message, inner);
  const call: UsageEvent = {
    kind: 'call',
    key,
    atMs,
    sessionId,
    model: textOf(message['model']) ?? '',
    ...tokens,
    quality: 'exact',
    ...(textOf(message['stop_reason']) ? {} : { unrecordedOutputTokens: Math.max(estimate, tokens.outputTokens) }),
    ...modifiersOf(usage, key, row),
    ...(promptKey ? { promptKey } : {}),
    ...(isSubagent ? { isSubagent } : {}),
    ...(agentName ? { agentName } : {}),
    ...placeOf(row),
  };
  at.events.push(call);
  tellAdvisors(at, call, usage);
  if (!isProgress) {
    state.last = isCuttable(message['stop_reason'])
      ? { ...call, unrecordedOutputTokens: Math.max(estimate, tokens.outputTokens), isCutOff: true }
      : undefined;
    noteTools(at, message);
  }
  return undefined;
}

type Buckets = Pick<
  UsageEvent,
  | 'inputTokens'
  | 'cacheReadTokens'
  | 'cacheWrite5mTokens'
  | 'cacheWrite1hTokens'
  | 'outputTokens'
  | 'reasoningTokens'
  | 'webSearches'
>;

/** `undefined` where a figure is damaged. Writes without a split are 5-minute ones, as is what a split leaves over. */
function bucketsOf(usage: JsonRecord): Buckets | undefined {
  const split = recordOf(usage['cache_creation']);
  const inputTokens = tokensOf(usage['input_tokens']);
  const cacheReadTokens = tokensOf(usage['cache_read_input_tokens']);
  const writes = tokensOf(usage['cache_creation_input_tokens']);
  const hour = tokensOf(split?.['ephemeral_1h_input_tokens']);
  const minutes = tokensOf(split?.['ephemeral_5m_input_tokens']);
  const outputTokens = tokensOf(usage['output_tokens']);
  const thinking = tokensOf(recordOf(usage['output_tokens_details'])?.['thinking_tokens']);
  const webSearches = tokensOf(recordOf(usage['server_tool_use'])?.['web_search_requests']);
  if (inputTokens === undefined || cacheReadTokens === undefined || writes === undefined) return undefined;
  if (hour === undefined || minutes === undefined || outputTokens === undefined || thinking === undefined)
    return undefined;
  return {
    inputTokens,
    cacheReadTokens,
    cacheWrite5mTokens: Math.max(minutes, writes - hour),
    cacheWrite1hTokens: hour,
    outputTokens,
    reasoningTokens: Math.min(thinking, outputTokens),
    ...(webSearches ? { webSearches } : {}),
  };
}

/**
 * A message id is one call, whatever the request: side questions replay it under another. Without a request id
 * (gateways, other clouds) one id may serve many calls: the prompt's figures, equal on all rows of a call, tell apart.
 */
function keyOf(inner: JsonRecord, message: JsonRecord, tokens: Buckets): string | undefined {
  const id = textOf(message['id']);
  if (!id) return longTextOf(inner['uuid'])?.toString();
  if (longTextOf(inner['requestId'])) return id;
  const writes = tokens.cacheWrite5mTokens + tokens.cacheWrite1hTokens;
  return `${id}/${tokens.inputTokens}/${writes}/${tokens.cacheReadTokens}`;
}

function modifiersOf(usage: JsonRecord, key: string, row: JsonRecord): Partial<UsageEvent> {
  const serviceTier = textOf(usage['service_tier']);
  const speed = textOf(usage['speed']);
  const geo = textOf(usage['inference_geo']);
  const provider = key.startsWith('msg_bdrk_') ? 'bedrock' : key.startsWith('msg_vrtx_') ? 'vertex' : undefined;
  const reportedCostUsd = amountOf(row['costUSD']);
  return {
    ...(provider ? { provider } : {}),
    ...(serviceTier ? { serviceTier } : {}),
    ...(speed ? { speed } : {}),
    ...(geo && geo !== 'not_available' ? { region: geo } : {}),
    ...(reportedCostUsd === undefined ? {} : { reportedCostUsd }),
  };
}

function placeOf(row: JsonRecord): { cwd?: string; branch?: string } {
  const cwd = textOf(row['cwd']);
  const branch = textOf(row['gitBranch']);
  return { ...(cwd ? { cwd } : {}), ...(branch && branch !== 'HEAD' ? { branch } : {}) };
}

/** Calls to another model inside an answer: with tokens of their own that the answer's figures do not hold. */
function tellAdvisors(at: Row, call: UsageEvent, usage: JsonRecord): void {
  listOf(usage['iterations']).forEach((value, index) => {
    const iteration = recordOf(value);
    if (iteration?.['type'] !== 'advisor_message') return;
    const tokens = bucketsOf(iteration);
    if (!tokens) return;
    const { sessionId, atMs, promptKey, isSubagent, cwd, branch } = call;
    at.events.push({
      kind: 'call',
      key: `${call.key}/advisor/${index}`,
      atMs,
      sessionId,
      model: textOf(iteration['model']) ?? '',
      ...tokens,
      quality: 'exact',
      role: 'advisor',
      ...(promptKey ? { promptKey } : {}),
      ...(isSubagent ? { isSubagent } : {}),
      ...(cwd ? { cwd } : {}),
      ...(branch ? { branch } : {}),
    });
  });
}

/** What the call's rows so far amount to by their texts, this one included; each row once. */
function estimateRow(at: Row, key: string, message: JsonRecord, inner: JsonRecord): number {
  const { state, context } = at;
  const before = state.open.find((call) => call.key === key);
  const rowId = (longTextOf(inner['uuid'])?.toString() ?? `${at.offset}`).slice(0, 13);
  if (before?.rows.includes(rowId)) return before.estimate;
  let estimate = before?.estimate ?? 0;
  for (const value of listOf(message['content'])) {
    const block = recordOf(value);
    const text = longTextOf(block?.['text']) ?? longTextOf(block?.['thinking']);
    if (text) estimate += context.estimateTokens(text.toString());
    if (block?.['input'] !== undefined) estimate += context.estimateTokens(jsonOf(block['input']));
  }
  const rest = state.open.filter((call) => call !== before);
  const rows = [...(before?.rows ?? []), rowId].slice(-mostOpenCalls * 4);
  state.open = [...rest, { key, estimate, rows }].slice(-mostOpenCalls);
  return estimate;
}

/** Answers that a cut stream can leave behind: it looks finished, or has no reason to have stopped. */
function isCuttable(stopReason: unknown): boolean {
  return stopReason === 'end_turn' || !textOf(stopReason);
}

function holdsText(message: JsonRecord, text: string): boolean {
  return listOf(message['content']).some((block) => longTextOf(recordOf(block)?.['text'])?.toString() === text);
}

/** The row shows that the answer before it was cut off: its figures are the placeholder's. */
function tellCutOff({ state, events }: Row): void {
  if (state.last) events.push(state.last);
  delete state.last;
}

function noteTools({ state }: Row, message: JsonRecord): void {
  for (const value of listOf(message['content'])) {
    const block = recordOf(value);
    const id = textOf(block?.['id']);
    const name = textOf(block?.['name']);
    if (block?.['type'] !== 'tool_use' || !id || !name || state.tools.some((tool) => tool.id === id)) continue;
    const hash = hashOf(`${name}\n${jsonOf(block['input'])}`);
    const promptKey = state.prompt?.key;
    state.tools = [...state.tools, { id, name, hash, ...(promptKey ? { promptKey } : {}) }].slice(-mostPendingTools);
  }
}

function readUser(at: Row): void {
  const { row, state } = at;
  if (row['turnCompanion'] !== undefined && row['turnCompanion'] !== false) tellCutOff(at);
  delete state.last;
  const message = recordOf(row['message']);
  const content = message?.['content'];
  const blocks = listOf(content).map(recordOf);
  for (const block of blocks) if (block?.['type'] === 'tool_result') tellTool(at, block);
  const isOurs = row['isMeta'] === true || row['isSidechain'] === true || row['isCompactSummary'] === true;
  if (isOurs || row['isVisibleInTranscriptOnly'] === true) return;
  if (blocks.some((block) => block?.['type'] === 'tool_result')) return noteInterruption(at, blocks);
  const text = longTextOf(content)?.toString() ?? promptText(blocks);
  if (text !== undefined) tellPrompt(at, text);
}

/** The person's own words: reminders that the agent puts before them are left out. */
function promptText(blocks: readonly (JsonRecord | undefined)[]): string | undefined {
  const texts = blocks.flatMap((block) =>
    block?.['type'] === 'text' ? (longTextOf(block['text'])?.toString() ?? []) : [],
  );
  return texts.filter((text) => !/^\s*<(system-reminder|ide_\w+)>/.test(text)).join('\n') || undefined;
}

const interruption = /^\s*\[Request interrupted by user/;
/** What the agent writes in the person's name: output of local commands, notices, reminders. */
const notTyped =
  /^\s*<(local-command-\w+|bash-\w+|task-notification|system-reminder|user-memory-input|teammate-message|command-stdout)\b/;

function tellPrompt(at: Row, text: string): void {
  const { row, state, events } = at;
  if (interruption.test(text)) return tellInterrupted(at);
  const sessionId = textOf(row['sessionId']);
  if (notTyped.test(text) || !sessionId || state.atMs === undefined) return;
  flushTools(at, sessionId);
  const prompt: PromptEvent = {
    kind: 'prompt',
    key: longTextOf(row['uuid'])?.toString() ?? `${sessionId}/${at.offset}`,
    atMs: state.atMs,
    sessionId,
    turn: state.turns,
    place: at.offset,
    characters: text.length,
    ...(row['permissionMode'] === 'plan' ? { planMode: true } : {}),
  };
  events.push(prompt);
  state.prompt = prompt;
  state.turns += 1;
}

function noteInterruption(at: Row, blocks: readonly (JsonRecord | undefined)[]): void {
  const words = (block: JsonRecord | undefined) => longTextOf(block?.['text'])?.toString() ?? '';
  if (blocks.some((block) => interruption.test(words(block)))) tellInterrupted(at);
}

function tellInterrupted({ state, events }: Row): void {
  if (!state.prompt) return;
  state.prompt = { ...state.prompt, isInterrupted: true };
  events.push(state.prompt);
}

/** A new prompt ends the wait for the results of the last one's tools. */
function flushTools({ state, events }: Row, sessionId: string): void {
  for (const { id, name, hash, promptKey } of state.tools) {
    const prompt = promptKey ? { promptKey } : {};
    events.push({ kind: 'tool', key: id, atMs: state.atMs ?? 0, sessionId, name, argumentsHash: hash, ...prompt });
  }
  state.tools = [];
}

function tellTool({ row, state, events }: Row, block: JsonRecord): void {
  const id = textOf(block['tool_use_id']);
  const tool = state.tools.find((pending) => pending.id === id);
  const sessionId = textOf(row['sessionId']);
  if (!tool || !sessionId || state.atMs === undefined) return;
  state.tools = state.tools.filter((pending) => pending !== tool);
  const isError = block['is_error'] === true;
  const result = resultText(block['content']);
  events.push({
    kind: 'tool',
    key: tool.id,
    atMs: state.atMs,
    sessionId,
    name: tool.name,
    argumentsHash: tool.hash,
    ...(tool.promptKey ? { promptKey: tool.promptKey } : {}),
    ...(isError ? { isError, errorHash: hashOf(result.text.toString()) } : {}),
    resultCharacters: result.characters,
    ...(isError ? {} : changeOf(recordOf(row['toolUseResult']))),
  });
}

function resultText(content: unknown): { text: LongText; characters: number } {
  const whole = longTextOf(content);
  if (whole) return { text: whole, characters: whole.length };
  const texts = listOf(content).map((part) => longTextOf(recordOf(part)?.['text']) ?? '');
  return { text: texts[0] ?? '', characters: texts.reduce((sum, text) => sum + text.length, 0) };
}

/** The first character of a text; of one in the bytes, nothing else is made. */
function firstOf(text: unknown): string {
  return longTextOf(text)?.toString().charAt(0) ?? '';
}

/** The file that a tool changed, with the lines of its patch; a new file's lines are all added. */
function changeOf(result: JsonRecord | undefined): {
  changedFile?: string;
  linesAdded?: number;
  linesRemoved?: number;
} {
  const changedFile = textOf(result?.['filePath']);
  const hunks = result?.['structuredPatch'];
  if (!result || !changedFile || !Array.isArray(hunks)) return {};
  let linesAdded = 0;
  let linesRemoved = 0;
  for (const hunk of hunks) {
    for (const line of listOf(recordOf(hunk)?.['lines'])) {
      const sign = firstOf(line);
      if (sign === '+') linesAdded += 1;
      if (sign === '-') linesRemoved += 1;
    }
  }
  const created = result['type'] === 'create' ? longTextOf(result['content'])?.toString() : undefined;
  if (created && hunks.length === 0) linesAdded = created.replace(/\n$/, '').split('\n').length;
  return { changedFile, linesAdded, linesRemoved };
}

function readSystem({ row, state, events }: Row): void {
  const sessionId = textOf(row['sessionId']);
  const key = longTextOf(row['uuid'])?.toString();
  if (row['subtype'] !== 'compact_boundary' || !sessionId || !key || state.atMs === undefined) return;
  const data = recordOf(row['compactMetadata']);
  const before = tokensOf(data?.['preTokens']);
  const after = tokensOf(data?.['postTokens']);
  events.push({
    kind: 'compaction',
    key,
    atMs: state.atMs,
    sessionId,
    ...(before ? { tokensBefore: before } : {}),
    ...(after ? { tokensAfter: after } : {}),
  });
}

function readRunningTotals({ row, state, events }: Row): void {
  const sessionId = textOf(row['sessionId']);
  if (!sessionId || state.atMs === undefined) return;
  for (const [model, value] of Object.entries(recordOf(row['modelUsage']) ?? {})) {
    const usage = recordOf(value);
    const inputTokens = tokensOf(usage?.['inputTokens']);
    const cacheReadTokens = tokensOf(usage?.['cacheReadInputTokens']);
    const cacheWriteTokens = tokensOf(usage?.['cacheCreationInputTokens']);
    const outputTokens = tokensOf(usage?.['outputTokens']);
    if (inputTokens === undefined || cacheReadTokens === undefined) continue;
    if (cacheWriteTokens === undefined || outputTokens === undefined) continue;
    const reportedCostUsd = amountOf(usage?.['costUSD']);
    events.push({
      kind: 'running-total',
      atMs: state.atMs,
      sessionId,
      model,
      inputTokens,
      cacheReadTokens,
      cacheWriteTokens,
      outputTokens,
      ...(reportedCostUsd === undefined ? {} : { reportedCostUsd }),
    });
  }
}

function readTitle(at: Row, type: string): void {
  const { row, state, offset } = at;
  const rank = titleRanks[type] ?? 0;
  const sessionId = textOf(row['sessionId']);
  const leaf = textOf(row['leafUuid']);
  if (sessionId) tellTitle(at, sessionId, offset, rank);
  else if (leaf) state.summaries = [...state.summaries, [leaf, offset] as const].slice(-mostOpenCalls);
}

function tellTitle({ state, events }: Row, sessionId: string, titlePlace: number, rank: number): void {
  if (rank < state.titleRank) return;
  state.titleRank = rank;
  events.push({ kind: 'session', sessionId, titlePlace });
}

/** Tells of the session whatever is new in this row. */
function tellSession(at: Row): void {
  const { row, state, events } = at;
  const sessionId = textOf(row['sessionId']);
  if (!sessionId) return;
  if (state.summaries.length > 0) {
    const uuid = longTextOf(row['uuid'])?.toString();
    const titled = state.summaries.find(([leaf]) => leaf === uuid);
    if (titled) tellTitle(at, sessionId, titled[1], titleRanks['summary']!);
  }
  const { cwd, branch } = placeOf(row);
  const agentVersion = textOf(row['version']);
  const surface = textOf(row['entrypoint']);
  const told = state.session;
  const isTold =
    told?.[0] === sessionId && told[1] === cwd && told[2] === branch && told[3] === agentVersion && told[4] === surface;
  if (isTold) return;
  // Through JSON an absent text becomes null: then it is told once more, which adds nothing.
  state.session = [sessionId, cwd, branch, agentVersion, surface];
  events.push({
    kind: 'session',
    sessionId,
    ...(cwd ? { cwd } : {}),
    ...(branch ? { branch } : {}),
    ...(agentVersion ? { agentVersion } : {}),
    ...(surface ? { surface } : {}),
  });
}

/** The subagent's type, from the small file beside its log. */
function subagentName(context: ParseContext): string | undefined {
  for (const text of Object.values(context.companions)) {
    const type = /"agentType"\s*:\s*"([\w:. -]{1,80})"/.exec(text)?.[1];
    if (type) return type;
  }
  return undefined;
}

/** `CLAUDE_CONFIG_DIR` alone where it is set (a list is taken too), else the home folder's and the XDG one. */
function folders({ home, variables }: AgentEnvironment): readonly string[] {
  const named = variables['CLAUDE_CONFIG_DIR'];
  if (named) {
    const roots = named.split(',').map((root) => root.trim().replace(/^~(?=[\\/]|$)/, home));
    return roots.filter((root) => root !== '').map((root) => posix.join(root, 'projects'));
  }
  const xdg = variables['XDG_CONFIG_HOME'] || posix.join(home, '.config');
  return [posix.join(home, '.claude', 'projects'), posix.join(xdg, 'claude', 'projects')];
}

/** The desktop app keeps a `.claude/projects` for each of its local agent sessions. */
function desktopFolders({ home, platform, variables }: AgentEnvironment): readonly string[] {
  const name = 'local-agent-mode-sessions';
  if (platform === 'darwin') return [posix.join(home, 'Library', 'Application Support', 'Claude', name)];
  if (platform === 'win32')
    return [posix.join(variables['APPDATA'] || posix.join(home, 'AppData/Roaming'), 'Claude', name)];
  return [posix.join(variables['XDG_CONFIG_HOME'] || posix.join(home, '.config'), 'Claude', name)];
}

const lines = {
  kind: 'lines',
  needles: ['"user"', '"usage"', '"compact_boundary"', '-title"', '"summary"', '"cost-state"'],
  companions: (relativePath: string) =>
    /(^|\/)agent-[^/]*\.jsonl$/.test(relativePath) ? [relativePath.replace(/\.jsonl$/, '.meta.json')] : [],
  parseLine,
  parseBytes,
} as const;

const isTranscript = (relativePath: string) =>
  relativePath.endsWith('.jsonl') && !/(^|\/)(journal\.jsonl|tool-results\/.*)$/.test(relativePath);

export const claudeCode: Agent = {
  id: 'claude-code',
  label: 'Claude Code',
  sources: [
    { ...lines, id: 'projects', folders, owns: isTranscript },
    {
      ...lines,
      id: 'desktop',
      folders: desktopFolders,
      owns: (path) => /(^|\/)\.claude\/projects\//.test(path) && isTranscript(path),
    },
  ],
  notes: [
    'Title calls, /compact calls and streams cut before their first block are in no log.',
    'Versions 2.0.7x to 2.1.5x mostly did not record the output: such calls are marked, with the least it can have been.',
  ],
  textAt(record) {
    for (const row of recordsOfLine(record).records) {
      const title =
        textOf(row['customTitle']) ?? textOf(row['aiTitle']) ?? textOf(row['title']) ?? textOf(row['summary']);
      if (title && row['type'] !== 'user') return title;
      const content = recordOf(row['message'])?.['content'];
      if (row['type'] === 'user')
        return typeof content === 'string' ? content : promptText(listOf(content).map(recordOf));
    }
    return undefined;
  },
};
