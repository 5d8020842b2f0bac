// The one place that decides which copy of a call is kept, and which calls count: pure, and independent of the order
// in which copies arrive (the merge is commutative, associative and idempotent). Knows no file and no store.
import { type UsageEvent } from '../agents/agent';

/** A call with where it was read. */
export interface CallCopy {
  readonly call: UsageEvent;
  /** When the file that holds it came into being, epoch ms: of two sessions that hold one call, the older owns it. */
  readonly bornMs: number;
  /** The session's file may differ from the kept row's. */
  readonly ownerBornMs: number;
}

/**
 * Two copies of one call become one. The row with the largest output is kept (then the larger prompt, then the later
 * one): early rows hold a placeholder. What either copy knows beside the figures is joined.
 */
export function mergeCalls<Copy extends CallCopy>(a: Copy, b: Copy): Copy {
  const [kept, other] = compareCopies(a, b) >= 0 ? [a, b] : [b, a];
  const owner = ownerOf(kept, other);
  return {
    ...kept,
    ownerBornMs: owner.ownerBornMs,
    call: {
      ...kept.call,
      sessionId: owner.call.sessionId,
      ...joined(kept.call, other.call),
    },
  };
}

function ownerOf<Copy extends CallCopy>(a: Copy, b: Copy): Copy {
  if (a.ownerBornMs !== b.ownerBornMs) return a.ownerBornMs < b.ownerBornMs ? a : b;
  return a.call.sessionId <= b.call.sessionId ? a : b;
}

type Joined = Pick<
  UsageEvent,
  | 'unrecordedOutputTokens'
  | 'isCutOff'
  | 'isSubagent'
  | 'agentName'
  | 'promptKey'
  | 'reportedCostUsd'
  | 'reportedCredits'
  | 'precedence'
>;

/** A stream known to be cut says more than a row that looks finished, and that more than rows without an end. */
function joined(a: UsageEvent, b: UsageEvent): Joined {
  const isCutOff = a.isCutOff === true || b.isCutOff === true;
  const ofCut = largest(
    a.isCutOff ? a.unrecordedOutputTokens : undefined,
    b.isCutOff ? b.unrecordedOutputTokens : undefined,
  );
  const isUnrecorded = a.unrecordedOutputTokens !== undefined && b.unrecordedOutputTokens !== undefined;
  const ofBoth = isUnrecorded ? largest(a.unrecordedOutputTokens, b.unrecordedOutputTokens) : undefined;
  return {
    unrecordedOutputTokens: isCutOff ? ofCut : ofBoth,
    isCutOff: isCutOff || undefined,
    // A side question replays its parent's calls: what also stands in the main thread belongs there.
    isSubagent: (a.isSubagent === true && b.isSubagent === true) || undefined,
    agentName: smallest(a.agentName, b.agentName),
    promptKey: smallest(a.promptKey, b.promptKey),
    reportedCostUsd: largest(a.reportedCostUsd, b.reportedCostUsd),
    reportedCredits: largest(a.reportedCredits, b.reportedCredits),
    precedence: largest(a.precedence, b.precedence),
  };
}

function largest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.max(a, b);
}

function smallest(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined ? b : b === undefined ? a : a < b ? a : b;
}

/** Positive where `a` is fuller. A total order over all that is kept of a row, so that no arrival decides. */
function compareCopies(a: CallCopy, b: CallCopy): number {
  return (
    a.call.outputTokens - b.call.outputTokens ||
    promptOf(a.call) - promptOf(b.call) ||
    a.call.atMs - b.call.atMs ||
    b.bornMs - a.bornMs ||
    compareTexts(rest(a.call), rest(b.call))
  );
}

function promptOf(call: UsageEvent): number {
  return call.inputTokens + call.cacheReadTokens + call.cacheWrite5mTokens + call.cacheWrite1hTokens;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function rest(call: UsageEvent): string {
  const { inputTokens, cacheReadTokens, cacheWrite1hTokens, reasoningTokens, webSearches, quality } = call;
  const { model, provider, serviceTier, speed, region, cwd, branch, role, fingerprint } = call;
  const numbers = [inputTokens, cacheReadTokens, cacheWrite1hTokens, reasoningTokens, webSearches];
  return JSON.stringify([
    numbers,
    quality,
    model,
    provider,
    serviceTier,
    speed,
    region,
    cwd,
    branch,
    role,
    fingerprint,
  ]);
}

/** Outputs up to this size are what an answer's first row holds before anything is written. */
const placeholderTokens = 4;

/**
 * The output of a call that may not have been recorded, in tokens at least; undefined where what was logged can be the
 * whole of it. Rows without a reason to have stopped are no proof: many such calls have their true output. One that is
 * far below its own logged text, or no larger than a placeholder, has not.
 */
export function unrecordedOutput(call: {
  readonly outputTokens: number;
  readonly unrecordedOutputTokens?: number;
  readonly isCutOff?: boolean;
}): number | undefined {
  const { outputTokens, unrecordedOutputTokens, isCutOff } = call;
  if (unrecordedOutputTokens === undefined) return undefined;
  const isPlausible = outputTokens > placeholderTokens && unrecordedOutputTokens <= outputTokens * 1.25;
  return isPlausible && !isCutOff ? undefined : unrecordedOutputTokens;
}

/** What decides whether a call counts. */
export interface Candidate {
  readonly key: string;
  readonly atMs: number;
  readonly sessionId: string;
  readonly precedence?: number;
  readonly fingerprint?: string;
}

/**
 * The calls that count: of several stores of one session's traffic the one that ranks highest, of a family's calls
 * with one fingerprint the earliest. `parentOf` names the session that a session was forked or spawned from.
 */
export function countedCalls<Call extends Candidate>(
  calls: readonly Call[],
  parentOf: (sessionId: string) => string | undefined,
): readonly Call[] {
  const highest = new Map<string, number>();
  for (const { sessionId, precedence = 0 } of calls) {
    if (precedence > (highest.get(sessionId) ?? -Infinity)) highest.set(sessionId, precedence);
  }
  const ranked = calls.filter((call) => (call.precedence ?? 0) === highest.get(call.sessionId));
  const first = new Map<string, Call>();
  const familyKey = (call: Call) => `${familyOf(call.sessionId, parentOf)}\n${call.fingerprint}`;
  for (const call of ranked) {
    if (call.fingerprint === undefined) continue;
    const before = first.get(familyKey(call));
    if (!before || isEarlier(call, before)) first.set(familyKey(call), call);
  }
  return ranked.filter((call) => call.fingerprint === undefined || first.get(familyKey(call)) === call);
}

function isEarlier(a: Candidate, b: Candidate): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.key < b.key);
}

/** The oldest known ancestor of a session. */
export function familyOf(sessionId: string, parentOf: (sessionId: string) => string | undefined): string {
  const seen = new Set<string>();
  let current = sessionId;
  for (let parent = parentOf(current); parent && !seen.has(parent); parent = parentOf(current)) {
    seen.add(current);
    current = parent;
  }
  return current;
}
