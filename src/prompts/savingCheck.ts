// Did fixes save what they promised? Holds the promises against the first calls of sessions before and after them: what
// every session begins with (system prompt, tools, instruction files) should have shrunk by as much.
import { type FirstCall, median } from './sessionStarts';

/** What a fix in a file that every session loads said it would save. */
export interface PromisedSaving {
  readonly atMs: number;
  readonly tokens: number;
  /** Those that load the file. */
  readonly agents: readonly string[];
}

export interface SavingCheck {
  readonly agent: string;
  /** When the first and the last of the fixes were made that are judged together. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly expectedTokens: number;
  /** Median before minus median after; negative = it has grown. Undefined as long as there are too few sessions. */
  readonly seenTokens: number | undefined;
  readonly sessionsBefore: number;
  readonly sessionsAfter: number;
}

/** Fewer sessions on either side prove nothing: their first prompts differ in length. */
export const leastSessions = 3;
/** Of the sessions before, only the latest: older ones had other tools and files. */
const mostSessions = 20;
/** Fixes made in one sitting cannot be told apart: no session lies between them, or too few. */
const sittingMs = 60 * 60 * 1000;

/**
 * One check for each sitting and each agent that has made calls, the latest sitting first. Sessions count for a sitting
 * back to the one before it and up to the next.
 */
export function checkSavings(
  promises: readonly PromisedSaving[],
  firstCalls: readonly FirstCall[],
): readonly SavingCheck[] {
  const agents = [...new Set(firstCalls.map((call) => call.agent))].sort();
  const checks = agents.flatMap((agent) =>
    checksOf(
      agent,
      promises.filter((promise) => promise.agents.includes(agent)),
      firstCalls.filter((call) => call.agent === agent),
    ),
  );
  return checks.sort((a, b) => b.fromMs - a.fromMs);
}

function checksOf(agent: string, promises: readonly PromisedSaving[], calls: readonly FirstCall[]): SavingCheck[] {
  const sorted = [...calls].sort((a, b) => a.atMs - b.atMs);
  const sittings = sittingsOf(promises);
  return sittings.map((sitting, index) => {
    const fromMs = sitting[0]!.atMs;
    const untilMs = sitting.at(-1)!.atMs;
    const previousMs = sittings[index - 1]?.at(-1)!.atMs ?? -Infinity;
    const nextMs = sittings[index + 1]?.[0]!.atMs ?? Infinity;
    const between = (startMs: number, endMs: number) =>
      sorted.filter((call) => call.atMs >= startMs && call.atMs < endMs).map((call) => call.promptTokens);
    const before = between(previousMs, fromMs).slice(-mostSessions);
    const after = between(untilMs, nextMs).slice(0, mostSessions);
    const isEnough = before.length >= leastSessions && after.length >= leastSessions;
    return {
      agent,
      fromMs,
      untilMs,
      expectedTokens: sitting.reduce((sum, promise) => sum + promise.tokens, 0),
      seenTokens: isEnough ? Math.round(median(before) - median(after)) : undefined,
      sessionsBefore: before.length,
      sessionsAfter: after.length,
    };
  });
}

function sittingsOf(promises: readonly PromisedSaving[]): readonly (readonly PromisedSaving[])[] {
  const sittings: PromisedSaving[][] = [];
  for (const promise of [...promises].sort((a, b) => a.atMs - b.atMs)) {
    const last = sittings.at(-1);
    if (last && promise.atMs - last.at(-1)!.atMs < sittingMs) last.push(promise);
    else sittings.push([promise]);
  }
  return sittings;
}
