// What each prompt of a period led to: model, calls, tokens, tools, changed lines, how full the context was. One answer
// for those who judge the size of work afterwards. Figures and ids only; judges nothing itself.
import { type AgentId } from '../agents/agent';
import { quarterMs } from './calendar';
import { isOfManyPrompts } from './promptOwner';
import { type Store, type StoreRow, textIn } from './store';
import { type Sums } from './sums';
import { type Figures } from './totals';

export interface PromptWorkQuery {
  /** Epoch milliseconds; prompts sent from then on … */
  readonly sinceMs: number;
  /** … and before then. Default: to the last one. */
  readonly untilMs?: number;
  /** Of these the newest. */
  readonly most: number;
}

/** Tokens of calls of one model, buckets disjoint. */
export interface ModelWork {
  readonly inputTokens: number;
  readonly cacheWriteTokens: number;
  readonly cacheReadTokens: number;
  readonly outputTokens: number;
}

export interface PromptWork {
  readonly agent: AgentId;
  readonly sessionId: string;
  readonly key: string;
  /** The folder that counts as the session's project; empty where not logged. */
  readonly project: string;
  readonly atMs: number;
  /** Of its last call. */
  readonly lastMs: number;
  /** 0 for the session's first prompt. */
  readonly turn: number;
  readonly characters: number;
  readonly planMode: boolean;
  readonly isInterrupted: boolean;
  /** The one that did most of it, by cost. */
  readonly model: string;
  /** All calls, subagents' included, and those of `model`. */
  readonly requests: number;
  readonly modelRequests: number;
  /** Tokens of the calls of `model`. */
  readonly work: ModelWork;
  /** At list prices of the day, all calls and those of `model`; absent where a call has no price. */
  readonly costUsd?: number;
  readonly modelUsd?: number;
  /** Every token figure is exact and every price the model's own. */
  readonly isExact: boolean;
  /** Of the first call of the main thread: what was not in the cache, and what of that was written there. */
  readonly firstUncachedTokens: number;
  readonly firstWrittenTokens: number;
  /** The whole prompt of the first call of the main thread, and of the last one with its answer. */
  readonly contextTokens: number;
  readonly endContextTokens: number;
  /** How long the agent lets the provider keep what it caches, where it showed. */
  readonly cacheTtl?: '5m' | '1h';
  /** All calls' output. */
  readonly outputTokens: number;
  /** One entry for each use, at most `mostTools`. */
  readonly toolNames: readonly string[];
  readonly toolUses: number;
  /** The most failed tool uses in a row. */
  readonly errorStreak: number;
  readonly filesEdited: number;
  readonly linesChanged: number;
  /** The calls' role, where the log tells one for all of them. */
  readonly role?: string;
}

const mostTools = 60;

/** Oldest first. Prompts that led to no call are left out. */
export function promptWork(store: Store, sums: Sums, { sinceMs, untilMs, most }: PromptWorkQuery): PromptWork[] {
  const prompts = store
    .all(
      // A prompt's calls come after it: only sessions with calls since then can hold one.
      'SELECT id, key, session, at_ms, turn, characters, is_plan, is_interrupted FROM prompts ' +
        'WHERE session IN (SELECT DISTINCT session FROM sums WHERE quarter >= ?) AND at_ms >= ? AND at_ms < ? ' +
        'ORDER BY at_ms DESC LIMIT ?',
      Math.floor(sinceMs / quarterMs),
      sinceMs,
      untilMs ?? Number.MAX_SAFE_INTEGER,
      most,
    )
    .reverse();
  const sessions = new Map<number, StoreRow[]>();
  for (const prompt of prompts) {
    const session = Number(prompt['session']);
    const found = sessions.get(session);
    if (found) found.push(prompt);
    else sessions.set(session, [prompt]);
  }
  return [...sessions]
    .flatMap(([session, own]) => ofSession(store, sums, session, own))
    .sort((a, b) => a.atMs - b.atMs);
}

interface Followed {
  readonly calls: StoreRow[];
  readonly tools: StoreRow[];
}

function ofSession(store: Store, sums: Sums, session: number, prompts: readonly StoreRow[]): PromptWork[] {
  const owner = store.get(
    'SELECT sessions.agent AS agent, sessions.name AS name, ' +
      'coalesce((SELECT project FROM projects WHERE projects.cwd = sessions.cwd), sessions.cwd) AS project ' +
      'FROM sessions WHERE id = ?',
    session,
  );
  const agent = store.nameOf(owner?.['agent']) as AgentId;
  const project = store.nameOf(owner?.['project']) ?? '';
  const followed = new Map<unknown, Followed>(prompts.map((prompt) => [prompt['id'], { calls: [], tools: [] }]));
  const later = store.get(
    'SELECT min(at_ms) AS at_ms FROM prompts WHERE session = ? AND at_ms > ?',
    session,
    Number(prompts.at(-1)!['at_ms']),
  )?.['at_ms'];
  const others = new Set(store.all('SELECT id FROM prompts WHERE session = ?', session).map(({ id }) => id));
  const ownerOf = ownerBy(prompts, others, typeof later === 'number' ? later : Infinity);
  const from = Number(prompts[0]!['at_ms']);
  for (const kind of ['calls', 'tools'] as const) {
    const counting = kind === 'calls' ? ' AND counts = 1' : '';
    const sql = `SELECT * FROM ${kind} WHERE session = ? AND at_ms >= ?${counting} ORDER BY at_ms`;
    for (const row of store.iterate(sql, session, from)) followed.get(ownerOf(row))?.[kind].push(row);
  }
  return prompts.flatMap((prompt) => {
    const { calls, tools } = followed.get(prompt['id'])!;
    return calls.length === 0
      ? []
      : [{ agent, sessionId: textIn(owner, 'name'), project, ...workOf(store, sums, prompt, calls, tools) }];
  });
}

/**
 * The prompt that a row names, else the last before it; none where that is a prompt out of the period. Agents also name
 * what they put to the model themselves (a reminder, "go on" after a compaction): that is of the prompt before.
 */
function ownerBy(
  prompts: readonly StoreRow[],
  others: ReadonlySet<unknown>,
  laterMs: number,
): (row: StoreRow) => unknown {
  const known = new Set(prompts.map((prompt) => prompt['id']));
  let at = -1;
  let lastMs = -Infinity;
  return (row) => {
    if (known.has(row['prompt'])) return row['prompt'];
    if (others.has(row['prompt']) || isOfManyPrompts(row)) return undefined;
    const atMs = Number(row['at_ms']);
    if (atMs >= laterMs) return undefined;
    if (atMs < lastMs) at = -1;
    lastMs = atMs;
    while (at + 1 < prompts.length && Number(prompts[at + 1]!['at_ms']) <= atMs) at += 1;
    return prompts[at]?.['id'];
  };
}

function workOf(
  store: Store,
  sums: Sums,
  prompt: StoreRow,
  calls: readonly StoreRow[],
  tools: readonly StoreRow[],
): Omit<PromptWork, 'agent' | 'sessionId' | 'project'> {
  const priced = calls.map((row) => ({ row, figures: sums.figuresOf(row) }));
  const model = chiefModel(priced);
  const own = priced.filter(({ row }) => row['model'] === model);
  const main = calls.filter((row) => row['is_subagent'] !== 1);
  const [first, last] = [main[0] ?? calls[0]!, main.at(-1) ?? calls.at(-1)!];
  const lines = (column: string) => tools.reduce((sum, tool) => sum + Number(tool[column] ?? 0), 0);
  const roles = new Set(calls.map((row) => store.nameOf(row['role']) ?? ''));
  const [role] = roles;
  const costUsd = usdOf(priced);
  const modelUsd = usdOf(own);
  return {
    key: textIn(prompt, 'key'),
    atMs: Number(prompt['at_ms']),
    lastMs: Number(calls.at(-1)!['at_ms']),
    turn: Number(prompt['turn']),
    characters: Number(prompt['characters']),
    planMode: prompt['is_plan'] === 1,
    isInterrupted: prompt['is_interrupted'] === 1,
    model: store.nameOf(model) ?? '',
    requests: calls.length,
    modelRequests: own.length,
    work: tokensOf(own.map(({ figures }) => figures)),
    ...(costUsd === undefined ? {} : { costUsd }),
    ...(modelUsd === undefined ? {} : { modelUsd }),
    isExact: priced.every(({ figures }) => isExact(figures)),
    firstUncachedTokens: promptOf(first) - Number(first['cache_read']),
    firstWrittenTokens: Number(first['write_5m']) + Number(first['write_1h']),
    contextTokens: promptOf(first),
    endContextTokens: promptOf(last) + Number(last['output']),
    ...ttlOf(calls),
    outputTokens: priced.reduce((sum, { figures }) => sum + figures.outputTokens + figures.unrecordedOutputTokens, 0),
    toolNames: tools.slice(0, mostTools).map((tool) => store.nameOf(tool['name']) ?? ''),
    toolUses: tools.length,
    errorStreak: longestStreak(tools.map((tool) => tool['is_error'] === 1)),
    filesEdited: new Set(tools.map((tool) => tool['changed']).filter((file) => typeof file === 'number')).size,
    linesChanged: lines('added') + lines('removed'),
    ...(roles.size === 1 && role ? { role } : {}),
  };
}

interface PricedRow {
  readonly row: StoreRow;
  readonly figures: Figures;
}

function chiefModel(priced: readonly PricedRow[]): StoreRow[string] {
  const weights = new Map<StoreRow[string], number>();
  for (const { row, figures } of priced) {
    // Without a price, tokens decide among themselves: a millionth of a cent each.
    const weight = figures.costUsd + (figures.outputTokens + figures.inputTokens) * 1e-8;
    weights.set(row['model']!, (weights.get(row['model']!) ?? 0) + weight);
  }
  return [...weights].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

function usdOf(priced: readonly PricedRow[]): number | undefined {
  if (priced.some(({ figures }) => figures.unpricedTokens > 0)) return undefined;
  return priced.reduce((sum, { figures }) => sum + figures.costUsd, 0);
}

function isExact(figures: Figures): boolean {
  const { unpricedTokens, estimatedTokens, estimatedCostUsd, unrecordedOutputCalls } = figures;
  return unpricedTokens === 0 && estimatedTokens === 0 && estimatedCostUsd === 0 && unrecordedOutputCalls === 0;
}

function tokensOf(figures: readonly Figures[]): ModelWork {
  const sum = (of: (one: Figures) => number) => figures.reduce((total, one) => total + of(one), 0);
  return {
    inputTokens: sum((one) => one.inputTokens),
    cacheWriteTokens: sum((one) => one.cacheWrite5mTokens + one.cacheWrite1hTokens),
    cacheReadTokens: sum((one) => one.cacheReadTokens),
    outputTokens: sum((one) => one.outputTokens),
  };
}

function promptOf(row: StoreRow): number {
  return Number(row['input']) + Number(row['cache_read']) + Number(row['write_5m']) + Number(row['write_1h']);
}

function ttlOf(calls: readonly StoreRow[]): { cacheTtl?: '5m' | '1h' } {
  const written = (column: string) => calls.reduce((sum, row) => sum + Number(row[column]), 0);
  const [short, long] = [written('write_5m'), written('write_1h')];
  return short + long === 0 ? {} : { cacheTtl: long > short ? '1h' : '5m' };
}

function longestStreak(failed: readonly boolean[]): number {
  let longest = 0;
  let streak = 0;
  for (const one of failed) {
    streak = one ? streak + 1 : 0;
    longest = Math.max(longest, streak);
  }
  return longest;
}
