// Did a fix save what it promised? Holds the promise against the first calls of sessions before and after it: what
// every session begins with (system prompt, tools, instruction files) should have shrunk by as much.

/** A session's first call here. */
export interface FirstCall {
  readonly atMs: number;
  /** Its whole prompt in tokens, cached or not. */
  readonly promptTokens: number;
}

export interface SavingCheck {
  readonly expectedTokens: number;
  /** Median before minus median after; negative = it has grown. Undefined as long as there are too few sessions. */
  readonly seenTokens: number | undefined;
  readonly sessionsBefore: number;
  readonly sessionsAfter: number;
}

/** Fewer sessions on either side prove nothing: their first prompts differ in length. */
const leastSessions = 3;
/** Of the sessions before, only the latest: older ones had other tools and files. */
const mostSessions = 20;

export function checkSaving(
  promise: { readonly atMs: number; readonly tokens: number },
  firstCalls: readonly FirstCall[],
): SavingCheck {
  const sorted = [...firstCalls].sort((a, b) => a.atMs - b.atMs);
  const before = sorted.filter((call) => call.atMs < promise.atMs).slice(-mostSessions);
  const after = sorted.filter((call) => call.atMs >= promise.atMs).slice(0, mostSessions);
  const isEnough = before.length >= leastSessions && after.length >= leastSessions;
  return {
    expectedTokens: promise.tokens,
    seenTokens: isEnough ? Math.round(median(before) - median(after)) : undefined,
    sessionsBefore: before.length,
    sessionsAfter: after.length,
  };
}

function median(calls: readonly FirstCall[]): number {
  const sorted = calls.map((call) => call.promptTokens).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
