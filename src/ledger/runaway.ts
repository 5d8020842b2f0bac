// Recent events of one session -> is it going in circles, with what was seen. Works on hashes and sizes: it never sees a
// word of what was said. Errs towards silence: a false alarm in 200 ordinary sessions is already too many.
import { type CompactionEvent, type PromptEvent, type ToolEvent, type UsageEvent } from '../agents/agent';

export type SessionHappening =
  | Pick<
      UsageEvent,
      | 'kind'
      | 'atMs'
      | 'sessionId'
      | 'inputTokens'
      | 'cacheWrite5mTokens'
      | 'cacheWrite1hTokens'
      | 'outputTokens'
      | 'isSubagent'
    >
  | Pick<
      ToolEvent,
      | 'kind'
      | 'atMs'
      | 'sessionId'
      | 'key'
      | 'name'
      | 'argumentsHash'
      | 'isError'
      | 'errorHash'
      | 'resultCharacters'
      | 'changedFile'
    >
  | Pick<CompactionEvent, 'kind' | 'atMs' | 'sessionId'>
  | Pick<PromptEvent, 'kind' | 'atMs' | 'sessionId'>;

type Tool = Extract<SessionHappening, { kind: 'tool' }>;
type Call = Extract<SessionHappening, { kind: 'call' }>;

/** What is usual for this user; leave out where too little is known, and speed is not judged. */
export interface UsualSpeed {
  /** Fresh input and output tokens a minute over ten calls: the highest of all but one in a hundred of such stretches. */
  readonly tokensPerMinute: number;
  /** Of how many sessions. */
  readonly sessions: number;
}

export type RunawayKind = 'same-call' | 'same-error' | 'repeated-reads' | 'compactions' | 'speed';

export interface Runaway {
  readonly kind: RunawayKind;
  readonly sessionId: string;
  /** The first and the last thing that was seen of it. */
  readonly sinceMs: number;
  readonly untilMs: number;
  /** How often: the same call, the same error, reads of what was read before, compactions, or times the usual speed. */
  readonly times: number;
  /** Out of how many tool uses or calls. */
  readonly among: number;
  /** The tool that came up most, where tools are the matter. */
  readonly tool?: string;
  /** Keys of the tool uses seen, for opening the log there. */
  readonly keys: readonly string[];
}

const windowSize = 10;
const sameCallTimes = 6;
const sameCallAnyResult = 8;
const sameErrorTimes = 5;
const repeatedReads = 6;
const compactionTimes = 3;
const speedTimes = 4;
const speedSessions = 20;
const minuteMs = 60_000;

/** Tools that wait or keep a list: repeating them is how they are used. */
const waiting = /wait|sleep|poll|output|status|todo|plan|stdin|kill|ask|question|think|terminal_last/i;
const reading = /^(?:read|view|cat|grep|rg|glob|ls|list|search|find|open|fetch|web_?fetch|get)|read|search|list/i;

/**
 * Looks at the end of one session's events (in the order of time; a few hundred are enough). What a person's prompt
 * started anew counts from that prompt.
 */
export function runaway(events: readonly SessionHappening[], usual?: UsualSpeed): Runaway | undefined {
  const since = events.slice(events.findLastIndex((event) => event.kind === 'prompt') + 1);
  const tools = since.filter((event): event is Tool => event.kind === 'tool').slice(-windowSize);
  return (
    compactions(since) ??
    sameError(tools) ??
    rereading(tools) ??
    sameCall(tools) ??
    speed(since.filter((event): event is Call => event.kind === 'call').slice(-windowSize), usual)
  );
}

const fingerprint = (tool: Tool): string => `${tool.name}\n${tool.argumentsHash}`;

function finding(kind: RunawayKind, seen: readonly Tool[], among: number): Runaway {
  const names = new Map<string, number>();
  for (const { name } of seen) names.set(name, (names.get(name) ?? 0) + 1);
  const [tool] = [...names].sort((a, b) => b[1] - a[1])[0]!;
  return {
    kind,
    sessionId: seen[0]!.sessionId,
    sinceMs: seen[0]!.atMs,
    untilMs: seen.at(-1)!.atMs,
    times: seen.length,
    among,
    tool,
    keys: seen.map(({ key }) => key),
  };
}

/** The largest group of tools that agree, in their order. */
function largestGroup(tools: readonly Tool[], by: (tool: Tool) => string | undefined): readonly Tool[] {
  const groups = new Map<string, Tool[]>();
  for (const tool of tools) {
    const key = by(tool);
    if (key === undefined) continue;
    groups.set(key, [...(groups.get(key) ?? []), tool]);
  }
  return [...groups.values()].reduce<readonly Tool[]>((best, group) => (group.length > best.length ? group : best), []);
}

const changes = (tools: readonly Tool[]): boolean => tools.some((tool) => tool.changedFile !== undefined);

/** The stretch of the window from the first of these uses to the last. */
function stretchOf(tools: readonly Tool[], seen: readonly Tool[]): readonly Tool[] {
  return tools.slice(tools.indexOf(seen[0]!), tools.indexOf(seen.at(-1)!) + 1);
}

/**
 * One use again and again (six times with the same result, or eight with any), or two or three in turn, and no file
 * changed between. Still going on: the last use is one of them.
 */
function sameCall(tools: readonly Tool[]): Runaway | undefined {
  const busy = tools.filter((tool) => !waiting.test(tool.name));
  const sameResult = (tool: Tool): string => `${fingerprint(tool)}\n${tool.resultCharacters ?? ''}`;
  const groups = [
    { group: largestGroup(busy, sameResult), least: sameCallTimes },
    { group: largestGroup(busy, fingerprint), least: sameCallAnyResult },
  ];
  for (const { group, least } of groups) {
    if (group.length >= least && group.at(-1) === tools.at(-1) && !changes(stretchOf(tools, group))) {
      return finding('same-call', group, tools.length);
    }
  }
  if (busy.length < windowSize || changes(busy)) return undefined;
  return new Set(busy.map(sameResult)).size <= 3 ? finding('same-call', busy, tools.length) : undefined;
}

/**
 * The same error, again the last thing that happened, most of the time of late, and none of the uses that failed so came
 * through in between.
 */
function sameError(tools: readonly Tool[]): Runaway | undefined {
  const group = largestGroup(tools, (tool) => (tool.isError === true ? tool.errorHash : undefined));
  if (group.length < sameErrorTimes || group.at(-1) !== tools.at(-1)) return undefined;
  const failed = new Set(group.map(fingerprint));
  const cameThrough = stretchOf(tools, group).some((tool) => tool.isError !== true && failed.has(fingerprint(tool)));
  return cameThrough ? undefined : finding('same-error', group, tools.length);
}

/** Ten reads of which most were of what had been read just before, and nothing came of them. */
function rereading(tools: readonly Tool[]): Runaway | undefined {
  if (tools.length < windowSize || changes(tools)) return undefined;
  if (!tools.every((tool) => reading.test(tool.name) && !waiting.test(tool.name))) return undefined;
  const seen = new Set<string>();
  const again = tools.filter((tool) => {
    const key = fingerprint(tool);
    const isAgain = seen.has(key);
    seen.add(key);
    return isAgain;
  });
  return again.length >= repeatedReads ? finding('repeated-reads', again, tools.length) : undefined;
}

/** Three compactions within ten calls: the context fills as fast as it is emptied. */
function compactions(since: readonly SessionHappening[]): Runaway | undefined {
  let calls = 0;
  const seen: SessionHappening[] = [];
  for (let at = since.length - 1; at >= 0 && calls <= windowSize; at--) {
    const event = since[at]!;
    if (event.kind === 'call') calls++;
    else if (event.kind === 'compaction') seen.unshift(event);
  }
  if (seen.length < compactionTimes) return undefined;
  return {
    kind: 'compactions',
    sessionId: seen[0]!.sessionId,
    sinceMs: seen[0]!.atMs,
    untilMs: seen.at(-1)!.atMs,
    times: seen.length,
    among: calls,
    keys: [],
  };
}

const freshTokens = (call: Call): number =>
  call.inputTokens + call.cacheWrite5mTokens + call.cacheWrite1hTokens + call.outputTokens;

/** Fresh tokens a minute over these calls; the first call's time starts the clock, its tokens came before. */
function speedOf(calls: readonly Call[]): number {
  const spanMs = Math.max(calls.at(-1)!.atMs - calls[0]!.atMs, minuteMs);
  return calls.slice(1).reduce((sum, call) => sum + freshTokens(call), 0) / (spanMs / minuteMs);
}

function speed(calls: readonly Call[], usual: UsualSpeed | undefined): Runaway | undefined {
  if (usual === undefined || usual.sessions < speedSessions || usual.tokensPerMinute <= 0) return undefined;
  if (calls.length < windowSize) return undefined;
  const times = speedOf(calls) / usual.tokensPerMinute;
  if (times < speedTimes) return undefined;
  return {
    kind: 'speed',
    sessionId: calls[0]!.sessionId,
    sinceMs: calls[0]!.atMs,
    untilMs: calls.at(-1)!.atMs,
    times,
    among: calls.length,
    keys: [],
  };
}

/** This user's habit, from the calls of past sessions, each in the order of time. */
export function usualSpeed(sessions: readonly (readonly SessionHappening[])[]): UsualSpeed | undefined {
  const speeds = sessions.flatMap((events) => {
    const calls = events.filter((event): event is Call => event.kind === 'call');
    const found: number[] = [];
    for (let end = windowSize; end <= calls.length; end++) found.push(speedOf(calls.slice(end - windowSize, end)));
    return found;
  });
  if (speeds.length === 0) return undefined;
  speeds.sort((a, b) => a - b);
  return { tokensPerMinute: speeds[Math.floor(0.99 * (speeds.length - 1))]!, sessions: sessions.length };
}

export interface RunawayBackTest {
  readonly sessions: number;
  /** The first alarm of each session that had one. */
  readonly alarms: readonly Runaway[];
}

const lookedAt = 120;

/** Plays each session event by event, as it would have been seen live. Events in the order of time. */
export function backTestRunaway(
  sessions: readonly (readonly SessionHappening[])[],
  usual?: UsualSpeed,
): RunawayBackTest {
  const alarms = sessions.flatMap((events) => {
    for (let end = 1; end <= events.length; end++) {
      const last = events[end - 1]!.kind;
      if (last === 'prompt') continue;
      const found = runaway(events.slice(Math.max(0, end - lookedAt), end), usual);
      if (found !== undefined) return [found];
    }
    return [];
  });
  return { sessions: sessions.length, alarms };
}
