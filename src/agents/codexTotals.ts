// Codex's running totals: what one `token_count` row adds to those before it. Knows the arithmetic of totals, rollbacks
// and interleaved streams; nothing of lines, sessions or models.
import { type JsonRecord, tokensOf } from './record';

/** Tokens in Codex's own terms: input (cached and written inside), cached, written to cache, output (reasoning inside), reasoning. */
export type Usage = readonly [input: number, cached: number, written: number, output: number, reasoning: number];

/** The newest totals of the streams in one file, the latest first. Most files have one. */
export type Streams = readonly Usage[];

const mostStreams = 6;

/** `undefined` where a figure cannot be a token count. */
export function usageOf(logged: JsonRecord): Usage | undefined {
  const input = tokensOf(logged.input_tokens);
  const cached = tokensOf(logged.cached_input_tokens);
  const written = tokensOf(logged.cache_write_input_tokens);
  const output = tokensOf(logged.output_tokens);
  const reasoning = tokensOf(logged.reasoning_output_tokens);
  if (input === undefined || cached === undefined || written === undefined) return undefined;
  if (output === undefined || reasoning === undefined) return undefined;
  return [input, cached, written, output, reasoning];
}

/** Disjoint buckets: cached and written are parts of the input, reasoning is a part of the output. */
export function bucketsOf([input, cached, written, output, reasoning]: Usage) {
  const cacheReadTokens = Math.min(cached, input);
  const cacheWrite5mTokens = Math.min(written, input - cacheReadTokens);
  return {
    inputTokens: input - cacheReadTokens - cacheWrite5mTokens,
    cacheReadTokens,
    cacheWrite5mTokens,
    cacheWrite1hTokens: 0,
    outputTokens: output,
    reasoningTokens: Math.min(reasoning, output),
  };
}

/**
 * What a row with this running total and this last usage adds, and the streams after it. `added` is absent for a repeat.
 * A total that grew past its predecessor by more than the last call holds a call without a row (an aborted turn): the
 * growth counts. A total that no stream leads to was rolled back to, or begins another stream: the last call counts.
 */
export function grown(streams: Streams, total: Usage, last: Usage | undefined): { added?: Usage; streams: Streams } {
  if (streams.some((known) => isEqual(known, total))) return { streams };
  if (!last) return grownWithoutLast(streams, total);
  const base = minus(total, last);
  const known = predecessorOf(streams, base);
  const growth = known && minus(total, known);
  const isOneStream = streams.length === 1 || (growth && sizeOf(growth) <= 4 * sizeOf(last));
  const added = growth && (isEqual(growth, last) || isOneStream) ? growth : last;
  return withTotal(streams, total, known, added);
}

function grownWithoutLast(streams: Streams, total: Usage): { added?: Usage; streams: Streams } {
  const known = predecessorOf(streams, total);
  return withTotal(streams, total, known, known ? minus(total, known) : total);
}

function withTotal(streams: Streams, total: Usage, replaced: Usage | undefined, added: Usage) {
  const next = [total, ...streams.filter((stream) => stream !== replaced)].slice(0, mostStreams);
  return sizeOf(added) > 0 ? { added, streams: next } : { streams: next };
}

/** Takes a call that has a record of its own into the totals, so that its row of totals is no growth. */
export function recorded(streams: Streams, total: Usage | undefined, usage: Usage): Streams {
  const after = total ?? plus(streams[0] ?? [0, 0, 0, 0, 0], usage);
  const known = predecessorOf(streams, minus(after, usage));
  return [after, ...streams.filter((stream) => stream !== known && !isEqual(stream, after))].slice(0, mostStreams);
}

/** The stream whose newest total this base continues: the same total, else the largest that is below it in every part. */
function predecessorOf(streams: Streams, base: Usage): Usage | undefined {
  let best: Usage | undefined;
  for (const known of streams) {
    if (isEqual(known, base)) return known;
    if (known.every((tokens, part) => tokens <= base[part]!) && (!best || sizeOf(known) > sizeOf(best))) best = known;
  }
  return best;
}

function minus(left: Usage, right: Usage): Usage {
  return [left[0] - right[0], left[1] - right[1], left[2] - right[2], left[3] - right[3], left[4] - right[4]];
}

function plus(left: Usage, right: Usage): Usage {
  return [left[0] + right[0], left[1] + right[1], left[2] + right[2], left[3] + right[3], left[4] + right[4]];
}

function isEqual(left: Usage, right: Usage): boolean {
  return left.every((tokens, part) => tokens === right[part]);
}

function sizeOf(usage: Usage): number {
  return usage[0] + usage[3];
}
