// The calls in a Claude Code log, with its prompts, sessions, titles, compactions and running totals: all that totals
// are made from. Rows of tool results, most of a log's bytes, are passed over; claudeTools.ts reads them later.
import { type ParseContext, type SkipReason, type UsageEvent } from './agent';
import {
  isInterruption,
  notePrompt,
  parserOf,
  roles,
  type RowAt,
  rowShape,
  type RowState,
  tellInterrupted,
  wordsOf,
} from './claudeRow';
import { amountOf, type JsonRecord, listOf, recordOf, textOf, timeOf, tokensOf } from './record';
import { jsonOf, longTextOf, type Shape } from './skim';

/** What one line leaves for the next. */
interface State extends RowState {
  /** Calls whose rows are still coming: what their logged texts amount to. */
  open: readonly OpenCall[];
  /** The call that the next row may show to have been cut off. */
  last?: { readonly call: UsageEvent; readonly estimate: number };
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

type Row = RowAt<State>;

const fresh: State = { turns: 0, open: [], titleRank: 0, summaries: [] };
const mostOpenCalls = 8;
const titleRanks: Readonly<Record<string, number>> = { summary: 1, 'ai-title': 2, 'custom-title': 3 };

const figures: Shape = {
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
};
/** The long texts stay in the bytes until they are needed. */
const message: Shape = {
  fields: {
    id: 'value',
    model: 'value',
    stop_reason: 'value',
    usage: figures,
    content: { items: { fields: { type: 'value', text: 'text', thinking: 'text', input: 'text' } } },
  },
};
const shape = rowShape(
  {},
  {
    subtype: 'value',
    requestId: 'text',
    leafUuid: 'value',
    cwd: 'value',
    gitBranch: 'value',
    version: 'value',
    entrypoint: 'value',
    turnCompanion: 'value',
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
  },
);

/** Of a row with a message its role stands near the front: what is left to the needles is rare. */
function isOfInterest(bytes: Buffer, start: number, end: number): true | undefined {
  return roles.firstIn(bytes, start, end) >= 0 || undefined;
}

/** The answer before this row was not cut off. */
function withoutLast({ last: _, ...state }: State): State {
  return state;
}

function readRow(at: Row): SkipReason | undefined {
  const { row } = at;
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
  const isOpen = isCuttable(message['stop_reason']);
  const estimate = isOpen ? Math.max(estimateRow(at, key, message, inner), tokens.outputTokens) : undefined;
  const call: UsageEvent = {
    kind: 'call',
    key,
    atMs,
    sessionId,
    model: textOf(message['model']) ?? '',
    inputTokens: tokens.inputTokens,
    cacheReadTokens: tokens.cacheReadTokens,
    cacheWrite5mTokens: tokens.cacheWrite5mTokens,
    cacheWrite1hTokens: tokens.cacheWrite1hTokens,
    outputTokens: tokens.outputTokens,
    reasoningTokens: tokens.reasoningTokens,
    webSearches: tokens.webSearches,
    quality: 'exact',
    unrecordedOutputTokens: textOf(message['stop_reason']) ? undefined : estimate,
    provider: providerOf(key),
    serviceTier: textOf(usage['service_tier']),
    speed: textOf(usage['speed']),
    region: regionOf(usage),
    reportedCostUsd: amountOf(row['costUSD']),
    promptKey: state.prompt?.key,
    isSubagent: isSubagent || undefined,
    agentName: isSubagent && !isProgress ? subagentName(at.context) : undefined,
    cwd: textOf(row['cwd']),
    branch: branchOf(row),
  };
  at.events.push(call);
  if (usage['iterations'] !== undefined) tellAdvisors(at, call, usage);
  if (!isProgress) state.last = estimate === undefined ? undefined : { call, estimate };
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
    webSearches: webSearches || undefined,
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

function providerOf(key: string): string | undefined {
  return key.startsWith('msg_bdrk_') ? 'bedrock' : key.startsWith('msg_vrtx_') ? 'vertex' : undefined;
}

function regionOf(usage: JsonRecord): string | undefined {
  const geo = textOf(usage['inference_geo']);
  return geo === 'not_available' ? undefined : geo;
}

function branchOf(row: JsonRecord): string | undefined {
  const branch = textOf(row['gitBranch']);
  return branch === 'HEAD' ? undefined : branch;
}

/** Calls to another model inside an answer: with tokens of their own that the answer's figures do not hold. */
function tellAdvisors(at: Row, call: UsageEvent, usage: JsonRecord): void {
  listOf(usage['iterations']).forEach((value, index) => {
    const iteration = recordOf(value);
    if (iteration?.['type'] !== 'advisor_message') return;
    const tokens = bucketsOf(iteration);
    if (!tokens) return;
    const { sessionId, atMs, promptKey, isSubagent, cwd, branch } = call;
    const own = { kind: 'call', key: `${call.key}/advisor/${index}`, quality: 'exact', role: 'advisor' } as const;
    const model = textOf(iteration['model']) ?? '';
    at.events.push({ ...own, ...tokens, model, sessionId, atMs, promptKey, isSubagent, cwd, branch });
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
  if (state.last) events.push({ ...state.last.call, unrecordedOutputTokens: state.last.estimate, isCutOff: true });
  delete state.last;
}

function readUser(at: Row): void {
  const { row, state } = at;
  if (row['turnCompanion'] !== undefined && row['turnCompanion'] !== false) tellCutOff(at);
  delete state.last;
  const text = wordsOf(row);
  if (text === undefined) return;
  if (isInterruption(text)) return tellInterrupted(at);
  const prompt = notePrompt(at, text);
  if (prompt) at.events.push(prompt);
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
  const cwd = textOf(row['cwd']);
  const branch = branchOf(row);
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

const subagentNames = new WeakMap<ParseContext, string>();

/** The subagent's type, from the small file beside its log. */
function subagentName(context: ParseContext): string | undefined {
  let name = subagentNames.get(context);
  if (name === undefined) {
    const texts = Object.values(context.companions);
    name = texts.map((text) => /"agentType"\s*:\s*"([\w:. -]{1,80})"/.exec(text)?.[1]).find(Boolean) ?? '';
    subagentNames.set(context, name);
  }
  return name || undefined;
}

export const callsParser = parserOf<State>({
  needles: ['"user"', '"usage"', '"compact_boundary"', '-title"', '"summary"', '"cost-state"'],
  isOfInterest,
  fresh,
  shape,
  read: readRow,
  results: (state) => (state.last ? withoutLast(state) : state),
});
