// What sessions begin with: the first call of each, with all that goes along before a word is said. Knows calls as plain
// numbers; which of them are asked for is the caller's question.
import { below } from './filePath';

/** A call; a structural part of the ledger's records. */
export interface WorkedCall {
  readonly agent: string;
  readonly sessionId: string;
  readonly atMs: number;
  readonly isSubagent?: boolean;
  readonly cwd?: string;
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWrite5mTokens: number;
  readonly cacheWrite1hTokens: number;
  readonly outputTokens: number;
}

/** A session's first call. */
export interface FirstCall {
  readonly agent: string;
  readonly atMs: number;
  /** Its whole prompt in tokens, cached or not. */
  readonly promptTokens: number;
}

/** All of a call's prompt, cached or not. */
export function promptTokensOf(call: WorkedCall): number {
  return call.inputTokens + call.cacheReadTokens + call.cacheWrite5mTokens + call.cacheWrite1hTokens;
}

/** A main thread's calls of the agents named (undefined: of any), made in the folder or below it ('': in any). */
export function callsIn<Call extends WorkedCall>(
  calls: readonly Call[],
  folder: string,
  agents: readonly string[] | undefined,
): readonly Call[] {
  return calls.filter(
    (call) =>
      call.isSubagent !== true &&
      (agents === undefined || agents.includes(call.agent)) &&
      (folder === '' || (call.cwd !== undefined && below(folder, call.cwd) !== undefined)),
  );
}

/** The first call of each of the sessions named: one that began before the first call given is not among them. */
export function firstCallsOf(calls: readonly WorkedCall[], begun: ReadonlySet<string>): readonly FirstCall[] {
  const first = new Map<string, FirstCall>();
  for (const call of calls) {
    const session = `${call.agent} ${call.sessionId}`;
    if (first.has(session) || !begun.has(session)) continue;
    first.set(session, { agent: call.agent, atMs: call.atMs, promptTokens: promptTokensOf(call) });
  }
  return [...first.values()];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
