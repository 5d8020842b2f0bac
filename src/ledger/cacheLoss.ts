// Was a cache lost between two calls of one session, and how much was paid for anew? Guesses no reason for it; a
// shrunken context (compaction, a cleared chat) is no loss.

/** Smaller contexts are written anew without anybody noticing; below a provider's least cacheable length there is none. */
export const leastContextTokens = 20_000;

/** A call whose context stayed but was mostly paid for anew, by the call before it: how many tokens. */
export function rebuiltTokens(before: number, read: number, fresh: number): number {
  if (before < leastContextTokens || read >= before / 2 || fresh < before / 2) return 0;
  return Math.min(before, read + fresh) - read;
}
