// Caches that were lost and written again, and what a new session starts with: from calls in their order. Guesses no
// reason for a loss; a shrunken context (compaction, a cleared chat) is no loss.
import { fillRates } from '../pricing/cost';
import { type PriceBook } from '../pricing/priceBook';
import { type Store, type StoreRow } from './store';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface RebuiltCaches {
  readonly calls: number;
  /** Tokens that the call before had in its context and this one paid for anew. */
  readonly tokens: number;
  /** At base list rates, against reading them from the cache; of the calls that have a price. */
  readonly usd: number;
}

export interface NewSession {
  readonly agent: string;
  readonly project: string;
  readonly sessions: number;
  /** The median prompt of a session's first call, the person's own first words included. */
  readonly tokens: number;
}

/** Smaller contexts are written anew without anybody noticing; below a provider's least cacheable length there is none. */
export const leastContextTokens = 20_000;

/** A call whose context stayed but was mostly paid for anew, by the call before it: how many tokens. */
export function rebuiltTokens(before: number, read: number, fresh: number): number {
  if (before < leastContextTokens || read >= before / 2 || fresh < before / 2) return 0;
  return Math.min(before, read + fresh) - read;
}

export function rebuiltCaches(
  store: Store,
  prices: PriceBook,
  sessions: readonly number[],
  { fromMs, toMs }: Span,
  model?: number,
): RebuiltCaches {
  const rows = store.all(
    'SELECT * FROM (SELECT agent, model, at_ms, cache_read AS read, input + write_5m + write_1h AS fresh, write_5m, write_1h, ' +
      'lag(input + cache_read + write_5m + write_1h) OVER one AS before, lag(model) OVER one AS model_before FROM calls ' +
      'WHERE session IN (SELECT value FROM json_each(?)) AND at_ms >= ? AND at_ms < ? AND counts = 1 AND is_subagent IS NOT 1 ' +
      'WINDOW one AS (PARTITION BY session ORDER BY at_ms)) ' +
      'WHERE model = model_before AND before >= ? AND 2 * read < before AND 2 * fresh >= before' +
      (model === undefined ? '' : ' AND model = ?'),
    JSON.stringify(sessions),
    fromMs,
    toMs,
    leastContextTokens,
    ...(model === undefined ? [] : [model]),
  );
  let tokens = 0;
  let usd = 0;
  for (const row of rows) {
    const lost = rebuiltTokens(Number(row['before']), Number(row['read']), Number(row['fresh']));
    tokens += lost;
    usd += (lost * extraRate(store, prices, row)) / 1e6;
  }
  return { calls: rows.length, tokens, usd };
}

/** What a token costs more written than read. */
function extraRate(store: Store, prices: PriceBook, row: StoreRow): number {
  const agent = store.nameOf(row['agent']);
  const { rates } = prices.rates(store.nameOf(row['model']) ?? '', Number(row['at_ms']), agent ? { agent } : {});
  if (!rates) return 0;
  const full = fillRates(rates);
  const paid =
    Number(row['write_1h']) > 0 ? full.cacheWrite1h : Number(row['write_5m']) > 0 ? full.cacheWrite5m : full.input;
  return Math.max(0, paid - full.cacheRead);
}

/** By agent and project, the commonest first. Sessions that continue or branch off another one do not start anew. */
export function newSessions(store: Store, sessions: readonly number[], { fromMs, toMs }: Span): NewSession[] {
  const rows = store.all(
    'SELECT sessions.agent AS agent, min(at_ms) AS at_ms, input + cache_read + write_5m + write_1h AS prompt, ' +
      'coalesce((SELECT project FROM projects WHERE projects.cwd = coalesce(calls.cwd, sessions.cwd)), sessions.cwd) AS project ' +
      'FROM calls JOIN sessions ON sessions.id = session WHERE session IN (SELECT value FROM json_each(?)) ' +
      'AND parent IS NULL AND counts = 1 AND is_subagent IS NOT 1 GROUP BY session HAVING min(at_ms) >= ? AND min(at_ms) < ?',
    JSON.stringify(sessions),
    fromMs,
    toMs,
  );
  const groups = new Map<string, { agent: string; project: string; prompts: number[] }>();
  for (const row of rows) {
    const agent = store.nameOf(row['agent']) ?? '';
    const project = store.nameOf(row['project']) ?? '';
    const prompt = Number(row['prompt']);
    if (prompt === 0) continue;
    const key = `${agent}\n${project}`;
    const group = groups.get(key) ?? { agent, project, prompts: [] };
    groups.set(key, group);
    group.prompts.push(prompt);
  }
  return [...groups.values()]
    .map(({ agent, project, prompts }) => {
      const sorted = prompts.sort((a, b) => a - b);
      return { agent, project, sessions: sorted.length, tokens: sorted[Math.floor((sorted.length - 1) / 2)]! };
    })
    .sort((a, b) => b.sessions - a.sessions || b.tokens - a.tokens);
}
