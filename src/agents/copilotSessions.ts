// VS Code's own chat sessions: a snapshot (`.json`) or a log of changes to one (`.jsonl`), and what a request in them says
// of its use. `promptTokens` is the size of the turn's last model call alone, so a turn without `modelTotals` is an
// estimate from below. Serves two agents: requests that the agent host answered have better stores elsewhere.
import { type LogEvent, type ParseContext, type Parsed, type SkipReason, type UsageEvent } from './agent';
import { hashOf, type JsonRecord, listOf, recordOf, textOf, timeOf, tokensOf } from './record';

/** What is kept of a request while a log is replayed: answers and edits are large and of no use here. */
const requestFields = [
  'requestId',
  'timestamp',
  'modelId',
  'message',
  'agent',
  'promptTokens',
  'completionTokens',
  'modelTotals',
  'copilotCredits',
  'sessionCopilotCredits',
  'generatedTitle',
  'isCanceled',
  'result',
];
const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

type Tree = Record<string, unknown>;

export interface ChatReading {
  /** Requests of the agent host, or all others. */
  readonly isHosted: boolean;
  readonly precedence: number;
}

export function parseChatSession(text: string, context: ParseContext, reading: ChatReading): Parsed {
  const { session, skipped } = sessionOf(text, context.path);
  if (!session) return { events: [], skipped };
  const sessionId = textOf(session.sessionId) ?? nameOf(context.path);
  const cwd = folderOf(context.companions);
  const requests = listOf(session.requests).map((request) => recordOf(request) ?? {});
  const events: LogEvent[] = [];
  let credits = 0;
  let broken: SkipReason | undefined;
  requests.forEach((request, turn) => {
    const before = credits;
    credits = Math.max(credits + creditsOf(request), amountOf(request.sessionCopilotCredits));
    if (isHosted(request) !== reading.isHosted) return;
    const base: CallBase = { sessionId, cwd, precedence: reading.precedence, atMs: timeOf(request.timestamp) };
    const calls = callsOf(request, base, credits - before, session);
    if (!calls) broken = 'broken-record';
    else events.push(...calls);
    if (!reading.isHosted) events.push(...promptOf(request, sessionId, turn), ...toolsOf(request, sessionId));
  });
  const isShown = reading.isHosted ? events.length > 0 : requests.some((request) => !isHosted(request));
  if (isShown) events.unshift({ kind: 'session', sessionId, cwd, surface: 'vscode', titlePlace: titleOf(session) });
  return { events, skipped: skipped ?? broken };
}

/** The text at a JSON pointer of the session that a snapshot or a log holds. */
export function chatTextAt(text: string, pointer: string): string | undefined {
  let value: unknown = sessionOf(text, text.trimStart().startsWith('{"kind"') ? '.jsonl' : '.json').session;
  for (const step of pointer.split('/').slice(1))
    value = Array.isArray(value) ? value[Number(step)] : recordOf(value)?.[step];
  return textOf(value);
}

function sessionOf(text: string, path: string): { session?: JsonRecord; skipped?: SkipReason } {
  if (path.endsWith('.jsonl')) return replayed(text);
  const session = recordOf(parsed(text));
  return session ? { session } : { skipped: text.trim() === '' ? undefined : 'broken-json' };
}

/**
 * A log of changes, one a line: 0 = the whole object, 1 = set, 2 = push (after cutting the list to `i` items: updated
 * items are pushed again), 3 = delete.
 */
function replayed(text: string): { session?: JsonRecord; skipped?: SkipReason } {
  let session: Tree | undefined;
  let skipped: SkipReason | undefined;
  const lines = text.split('\n');
  lines.forEach((line, index) => {
    if (line.trim() === '') return;
    const change = recordOf(parsed(line));
    if (!change) {
      // What stands after the last newline is still being written.
      if (index < lines.length - 1) skipped = 'broken-json';
      return;
    }
    if (change.kind === 0) session = slimSession(change.v);
    else if (session) apply(session, change);
  });
  return { session, skipped };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function slimSession(value: unknown): Tree {
  const session: Tree = { ...recordOf(value) };
  session['requests'] = listOf(session['requests']).map(slimRequest);
  return session;
}

function slimRequest(value: unknown): Tree {
  const request = recordOf(value) ?? {};
  return Object.fromEntries(requestFields.filter((name) => name in request).map((name) => [name, request[name]]));
}

function apply(session: Tree, change: JsonRecord): void {
  const path = listOf(change.k).map(String);
  const last = path.at(-1);
  if (last === undefined || path.some((step) => forbidden.has(step))) return;
  if (path[0] === 'requests' && path.length > 2 && !requestFields.includes(path[2]!)) return;
  const parent = childOf(session, path.slice(0, -1));
  if (parent === undefined) return;
  const isRequests = path.length === 1 && last === 'requests';
  if (change.kind === 1) put(parent, last, isRequests ? listOf(change.v).map(slimRequest) : change.v);
  else if (change.kind === 3) remove(parent, last);
  else if (change.kind === 2) push(parent, last, change, isRequests);
}

function childOf(root: Tree, path: readonly string[]): Tree | unknown[] | undefined {
  let value: unknown = root;
  for (const step of path) value = Array.isArray(value) ? value[Number(step)] : recordOf(value)?.[step];
  return Array.isArray(value) ? value : recordOf(value);
}

function put(parent: Tree | unknown[], name: string, value: unknown): void {
  if (!Array.isArray(parent)) parent[name] = value;
  else if (Number(name) <= parent.length) parent[Number(name)] = value;
}

function remove(parent: Tree | unknown[], name: string): void {
  if (Array.isArray(parent)) parent.splice(Number(name), 1);
  else delete parent[name];
}

function push(parent: Tree | unknown[], name: string, { v, i }: JsonRecord, isRequests: boolean): void {
  const list = Array.isArray(parent) ? parent[Number(name)] : parent[name];
  const items: unknown[] = Array.isArray(list) ? list : [];
  if (typeof i === 'number' && i >= 0 && i < items.length) items.length = Math.trunc(i);
  for (const item of listOf(v)) items.push(isRequests ? slimRequest(item) : item);
  put(parent, name, items);
}

/** Chats that the agent host or Copilot CLI answers are written under `~/.copilot` too. */
function isHosted(request: JsonRecord): boolean {
  const agent = textOf(recordOf(request.agent)?.id) ?? textOf(request.agent) ?? '';
  return /agent-?host|copilot-?cli/i.test(agent);
}

type CallBase = Pick<UsageEvent, 'sessionId' | 'cwd' | 'precedence'> & { readonly atMs: number | undefined };

/** `undefined` for a request whose figures cannot be read. */
function callsOf(request: JsonRecord, base: CallBase, credits: number, session: JsonRecord): UsageEvent[] | undefined {
  const key = textOf(request.requestId);
  const totals = listOf(request.modelTotals).map((total) => recordOf(total) ?? {});
  const metadata = recordOf(recordOf(request.result)?.metadata);
  const usage = recordOf(recordOf(request.result)?.usage) ?? recordOf(metadata?.usage);
  const input = tokensOf(request.promptTokens ?? usage?.promptTokens ?? metadata?.promptTokens);
  const output = tokensOf(request.completionTokens ?? usage?.completionTokens ?? metadata?.outputTokens);
  if (input === undefined || output === undefined) return undefined;
  const reportedCredits = credits > 0 ? Math.round(credits * 1e6) / 1e6 : undefined;
  if (totals.length === 0 && input + output === 0 && reportedCredits === undefined) return [];
  if (!key || base.atMs === undefined) return undefined;
  const common = {
    kind: 'call',
    ...base,
    atMs: base.atMs,
    promptKey: key,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
  } as const;
  if (totals.length === 0) {
    const model = modelOf(request, metadata, session);
    const figures = { inputTokens: input, cacheReadTokens: 0, outputTokens: output, reasoningTokens: 0 };
    return [{ ...common, key, model, ...figures, quality: 'estimated', reportedCredits }];
  }
  const calls: UsageEvent[] = [];
  for (const total of totals) {
    const [all, cached, out] = [
      tokensOf(total.inputTokens),
      tokensOf(total.cachedTokens),
      tokensOf(total.outputTokens),
    ];
    if (all === undefined || cached === undefined || out === undefined) return undefined;
    const model = textOf(total.model) ?? '';
    const cacheReadTokens = Math.min(cached, all);
    const figures = { inputTokens: all - cacheReadTokens, cacheReadTokens, outputTokens: out, reasoningTokens: 0 };
    const own = calls.length === 0 ? reportedCredits : undefined;
    calls.push({ ...common, key: `${key}.${model}`, model, ...figures, quality: 'exact', reportedCredits: own });
  }
  return calls;
}

/** Behind `copilot/auto` stands the model that the session's picker knew, as near as the log tells. */
function modelOf(request: JsonRecord, metadata: JsonRecord | undefined, session: JsonRecord): string {
  const resolved = textOf(metadata?.resolvedModel);
  const chosen = (textOf(request.modelId) ?? '').replace(/^copilot\//, '');
  if (resolved || (chosen !== '' && chosen !== 'auto')) return resolved ?? chosen;
  const selected = recordOf(recordOf(session.inputState)?.selectedModel);
  return textOf(recordOf(selected?.metadata)?.family) ?? chosen;
}

function amountOf(value: unknown): number {
  return typeof value === 'number' && value > 0 && value < 1e9 ? value : 0;
}

/** Some builds write the credits into a line of words only. */
function creditsOf(request: JsonRecord): number {
  const told = /([\d.]+)\s+credits?\b/i.exec(textOf(recordOf(request.result)?.details) ?? '');
  return amountOf(request.copilotCredits) || amountOf(Number(told?.[1] ?? 0));
}

function promptOf(request: JsonRecord, sessionId: string, turn: number): LogEvent[] {
  const key = textOf(request.requestId);
  const atMs = timeOf(request.timestamp);
  const text = textOf(recordOf(request.message)?.text);
  if (!key || atMs === undefined || !text) return [];
  const place = `/requests/${turn}/message/text`;
  const isInterrupted = request.isCanceled === true || undefined;
  return [{ kind: 'prompt', key, atMs, sessionId, turn, place, characters: text.length, isInterrupted }];
}

function toolsOf(request: JsonRecord, sessionId: string): LogEvent[] {
  const atMs = timeOf(request.timestamp);
  const promptKey = textOf(request.requestId);
  const metadata = recordOf(recordOf(request.result)?.metadata);
  if (atMs === undefined) return [];
  return listOf(metadata?.toolCallRounds).flatMap((round) =>
    listOf(recordOf(round)?.toolCalls).flatMap((call): LogEvent[] => {
      const { id, name, arguments: used } = recordOf(call) ?? {};
      const key = textOf(id);
      const tool = textOf(name);
      if (!key || !tool) return [];
      const argumentsHash = hashOf(`${tool}\n${typeof used === 'string' ? used : JSON.stringify(used ?? {})}`);
      return [{ kind: 'tool', key, atMs, sessionId, promptKey, name: tool, argumentsHash }];
    }),
  );
}

function titleOf(session: JsonRecord): string | undefined {
  if (textOf(session.customTitle)) return '/customTitle';
  const first = recordOf(listOf(session.requests)[0]);
  if (textOf(first?.generatedTitle)) return '/requests/0/generatedTitle';
  return textOf(recordOf(first?.message)?.text) ? '/requests/0/message/text' : undefined;
}

function nameOf(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).replace(/\.jsonl?$/, '');
}

/** The folder of the workspace, from the `workspace.json` beside the sessions; of a remote one, its path there. */
function folderOf(companions: ParseContext['companions']): string | undefined {
  for (const text of Object.values(companions)) {
    const workspace = recordOf(parsed(text));
    const folder = textOf(workspace?.folder);
    const path = pathOfUri(folder ?? textOf(workspace?.workspace));
    if (path) return folder ? path : path.replace(/[\\/][^\\/]*$/, '');
  }
  return undefined;
}

function pathOfUri(uri: string | undefined): string | undefined {
  const path = /^[a-z][\w+.-]*:\/\/[^/]*(\/.*)$/i.exec(uri ?? '')?.[1];
  if (path === undefined) return undefined;
  const plain = /%[0-9a-f]{2}/i.test(path) ? decoded(path) : path;
  return /^\/[a-z]:/i.test(plain) ? plain.slice(1).replaceAll('/', '\\') : plain;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
