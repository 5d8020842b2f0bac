// Where a prompt would be sent from: the agent and model in use, how full and how warm the session is, and the least that
// sending costs, all from the user's own finished prompts. Rows come in as numbers; whose they are, the ledger knows.
import { type CacheTtl, type WorkTokens } from './modelOffer.js';

/** A finished prompt, as the ledger tells of it. */
export interface SentPrompt {
  readonly agent: string;
  readonly sessionId: string;
  readonly project: string;
  readonly atMs: number;
  readonly lastMs: number;
  readonly turn: number;
  readonly model: string;
  readonly isExact: boolean;
  readonly firstUncachedTokens: number;
  readonly firstWrittenTokens: number;
  readonly contextTokens: number;
  readonly endContextTokens: number;
  readonly cacheTtl?: CacheTtl;
}

export interface Situation {
  readonly agent: string;
  readonly model: string;
  readonly cacheTtl: CacheTtl;
  /** The session that the prompt would go on with; absent where it would start one. */
  readonly sessionId?: string;
  /** 0 where it would start one. */
  readonly turn: number;
  readonly contextTokens: number;
  /** Of these, what is still in the model's cache. */
  readonly cachedContextTokens: number;
  /** What sending it takes at the very least; `undefined` where that is not known. */
  readonly work: WorkTokens | undefined;
  /** How many of the user's own starts that rests on; 0 in a warm session, whose context is known. */
  readonly starts: number;
}

const minuteMs = 60_000;
const ttlMs: Readonly<Record<CacheTtl, number>> = { '5m': 5 * minuteMs, '1h': 60 * minuteMs };
const leastStarts = 10;
/** Instructions and tools change: older ones tell less. */
const mostStarts = 20;
/** Of the least that a start ever took. Whoever halves their instructions and tools hears too small a figure, not too large. */
const sureShare = 0.5;

/** `undefined` where no prompt of the user's is known. `rows` in any order; `project`: the open folder's. */
export function situationOf(
  rows: readonly SentPrompt[],
  { nowMs, project }: { readonly nowMs: number; readonly project?: string },
): Situation | undefined {
  const here = rows.filter((row) => project !== undefined && row.project === project);
  const latest = newest(here) ?? newest(rows);
  if (latest === undefined) return undefined;
  const { agent, model, cacheTtl = '5m' } = latest;
  const common = { agent, model, cacheTtl };
  const isHere = project === undefined || latest.project === project;
  if (isHere && nowMs - latest.lastMs < ttlMs[cacheTtl]) {
    const context = latest.endContextTokens;
    return {
      ...common,
      sessionId: latest.sessionId,
      turn: latest.turn + 1,
      contextTokens: context,
      cachedContextTokens: context,
      work: { inputTokens: 0, cacheWriteTokens: 0, cacheReadTokens: context, outputTokens: 0 },
      starts: 0,
    };
  }
  const starts = coldStarts(rows, agent);
  const own = starts.filter((row) => row.project === latest.project);
  const telling = (own.length >= leastStarts ? own : starts).slice(-mostStarts);
  const contexts = telling.map((row) => row.contextTokens).sort((a, b) => a - b);
  const isCold = !rows.some((row) => row.agent === agent && nowMs - row.lastMs < ttlMs[row.cacheTtl ?? '5m']);
  const least = (of: (row: SentPrompt) => number): number => sureShare * Math.min(...telling.map(of));
  return {
    ...common,
    turn: 0,
    contextTokens: contexts[contexts.length >> 1] ?? 0,
    cachedContextTokens: 0,
    work:
      isCold && telling.length >= leastStarts
        ? {
            inputTokens: least((row) => row.firstUncachedTokens - row.firstWrittenTokens),
            cacheWriteTokens: least((row) => row.firstWrittenTokens),
            cacheReadTokens: 0,
            outputTokens: 0,
          }
        : undefined,
    starts: telling.length,
  };
}

function newest(rows: readonly SentPrompt[]): SentPrompt | undefined {
  return rows.reduce<SentPrompt | undefined>(
    (last, row) => (last && last.lastMs >= row.lastMs ? last : row),
    undefined,
  );
}

/** First prompts sent when nothing of the agent's could still be in a cache. */
function coldStarts(rows: readonly SentPrompt[], agent: string): readonly SentPrompt[] {
  const own = rows.filter((row) => row.agent === agent).sort((a, b) => a.atMs - b.atMs);
  let warmUntilMs = -Infinity;
  return own.filter((row) => {
    const isCold = row.atMs >= warmUntilMs;
    warmUntilMs = Math.max(warmUntilMs, row.lastMs + ttlMs[row.cacheTtl ?? '5m']);
    return isCold && row.turn === 0 && row.isExact && row.contextTokens > 0;
  });
}
