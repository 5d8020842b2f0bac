// The dearest prompts of a period, and what made them dear. Which they are is known from the sums by prompt; their
// figures and reasons come from their calls.
import { type AgentId } from '../agents/agent';
import { type PriceableCall } from '../pricing/cost';
import { sessionsOf, type Span, spanOf } from './cacheFacts';
import { rebuiltTokens } from './cacheLoss';
import { type SumQuery } from './figuresBy';
import { isOfManyPrompts } from './promptOwner';
import { type Store, type StoreRow, textIn } from './store';
import { type Sums } from './sums';
import { addFigures, noFigures, quartersOf, totalsRow, type TotalsRow } from './totals';

/** As data: the words are the page's. Tokens, characters, calls or a share between 0 and 1, by its kind. */
export interface DearReason {
  readonly kind: 'cache-rebuilt' | 'long-context' | 'huge-result' | 'many-calls' | 'subagents' | 'large-context';
  readonly amount: number;
}

export interface DearPrompt extends TotalsRow {
  readonly agent: AgentId;
  readonly sessionId: string;
  readonly atMs: number;
  readonly models: readonly string[];
  readonly reasons: readonly DearReason[];
}

interface Deps {
  readonly store: Store;
  readonly sums: Sums;
  readonly prices: { cost(call: PriceableCall): { readonly tierAboveTokens?: number } };
}

const hugeResultCharacters = 40_000;
const manyCalls = 30;
const largeContextTokens = 100_000;

/** Of the prompts' calls within the query's days. */
export function dearestPrompts(deps: Deps, query: SumQuery, most: number): DearPrompt[] {
  const { store } = deps;
  const sessions = sessionsOf(store, query);
  if (!sessions) return [];
  const { from, to } = quartersOf(query);
  const model = query.model === undefined ? undefined : (store.knownIdOf(query.model) ?? -1);
  const rows = store.all(
    'SELECT session, prompt, sum(usd) AS usd FROM prompt_sums ' +
      `WHERE quarter >= ? AND quarter < ? AND ${sessions.sql}${model === undefined ? '' : ' AND model = ?'} ` +
      'GROUP BY session, prompt HAVING usd > 0 ORDER BY usd DESC LIMIT ?',
    from,
    to,
    ...sessions.values,
    ...(model === undefined ? [] : [model]),
    most,
  );
  return rows
    .flatMap((row) => promptOf(deps, Number(row['session']), Number(row['prompt']), spanOf(query), model))
    .sort((a, b) => (b.costUsd ?? 0) - (a.costUsd ?? 0));
}

/** A prompt with its calls: those that name it, else those between it and the next. */
function promptOf(deps: Deps, session: number, id: number, span: Span, model: number | undefined): DearPrompt[] {
  const { store, sums } = deps;
  const prompts = store.all('SELECT id, key, at_ms FROM prompts WHERE session = ? ORDER BY at_ms', session);
  const prompt = prompts.find((one) => one['id'] === id);
  if (!prompt) return [];
  const known = new Set(prompts.map((one) => one['id']));
  const figures = noFigures();
  const rows: StoreRow[] = [];
  let at = -1;
  // A long session has many calls, and few of them are this prompt's: those alone are read in their whole width.
  for (const row of store.all(
    `SELECT id, at_ms, prompt, quality FROM calls WHERE session = ? AND at_ms >= ? AND at_ms < ? AND counts = 1${model === undefined ? '' : ' AND model = ?'} ORDER BY at_ms`,
    session,
    span.fromMs,
    span.toMs,
    ...(model === undefined ? [] : [model]),
  )) {
    while (at + 1 < prompts.length && Number(prompts[at + 1]!['at_ms']) <= Number(row['at_ms'])) at += 1;
    if (isOfManyPrompts(row)) continue;
    if ((known.has(row['prompt']) ? row['prompt'] : prompts[at]?.['id']) !== id) continue;
    const call = store.get('SELECT * FROM calls WHERE id = ?', row['id']!)!;
    rows.push(call);
    addFigures(figures, sums.figuresOf(call));
  }
  return rows.length === 0 ? [] : [summary(deps, session, prompt, rows, totalsRow(textIn(prompt, 'key'), figures))];
}

function summary(
  deps: Deps,
  session: number,
  prompt: StoreRow,
  rows: readonly StoreRow[],
  totals: TotalsRow,
): DearPrompt {
  const { store } = deps;
  const owner = store.get('SELECT agent, name FROM sessions WHERE id = ?', session);
  return {
    ...totals,
    agent: store.nameOf(owner?.['agent']) as AgentId,
    sessionId: textIn(owner, 'name'),
    atMs: Number(prompt['at_ms']),
    models: [...new Set(rows.map((row) => store.nameOf(row['model']) ?? ''))].filter(Boolean).sort(),
    reasons: reasonsOf(deps, session, prompt, rows, totals),
  };
}

function reasonsOf(
  { store, sums, prices }: Deps,
  session: number,
  prompt: StoreRow,
  rows: readonly StoreRow[],
  totals: TotalsRow,
): DearReason[] {
  const contextOf = (row: StoreRow) => Number(row['cache_read']) + freshOf(row);
  const freshOf = (row: StoreRow) => Number(row['input']) + Number(row['write_5m']) + Number(row['write_1h']);
  const mine = rows.filter((row) => row['is_subagent'] !== 1);
  const before = store.get(
    'SELECT * FROM calls WHERE session = ? AND counts = 1 AND is_subagent IS NOT 1 AND at_ms < ? ORDER BY at_ms DESC LIMIT 1',
    session,
    Number(mine[0]?.['at_ms'] ?? 0),
  );
  let last = before;
  let rebuilt = 0;
  let longContext = 0;
  for (const row of mine) {
    if (last && last['model'] === row['model'])
      rebuilt += rebuiltTokens(contextOf(last), Number(row['cache_read']), freshOf(row));
    last = row;
  }
  let subagentsUsd = 0;
  for (const row of rows) {
    if (row['is_subagent'] === 1) subagentsUsd += sums.figuresOf(row).costUsd;
    if (prices.cost(sums.priceable(row)).tierAboveTokens !== undefined) longContext += 1;
  }
  const huge = store.get(
    'SELECT max(result) AS size FROM tools WHERE session = ? AND at_ms >= ? AND at_ms <= ?',
    session,
    Number(prompt['at_ms']),
    Number(rows.at(-1)?.['at_ms'] ?? 0),
  );
  const context = mine.reduce((sum, row) => sum + contextOf(row), 0) / Math.max(1, mine.length);
  const share = totals.costUsd ? subagentsUsd / totals.costUsd : 0;
  const found: DearReason[] = [
    { kind: 'cache-rebuilt', amount: rebuilt },
    { kind: 'huge-result', amount: Number(huge?.['size'] ?? 0) >= hugeResultCharacters ? Number(huge!['size']) : 0 },
    { kind: 'long-context', amount: longContext },
    { kind: 'subagents', amount: share >= 0.3 ? share : 0 },
    { kind: 'many-calls', amount: rows.length >= manyCalls ? rows.length : 0 },
    { kind: 'large-context', amount: context >= largeContextTokens ? Math.round(context) : 0 },
  ];
  return found.filter(({ amount }) => amount > 0);
}
