// What the letter of a week asks of the store: use by model in this week and the one before, with the list prices that
// held; days and models before it, to know what is new; waste that can be counted. Figures and ids only.
import { addDays } from './calendar';
import { DayRates, newSessions, type NewSession, rebuiltCaches, type RebuiltCaches, spanOf } from './cacheFacts';
import { type DearPrompt, dearestPrompts } from './dearPrompts';
import { figuresBy, type SumQuery } from './figuresBy';
import { dearestSessions, type PageSession } from './pageSessions';
import { type PageDeps } from './pageFacts';
import { dayNumber } from './rollUps';
import { addFigures, type Figures, noFigures, totalsRow, type TotalsRow } from './totals';
import { toolWaste, type ToolWaste } from './toolWaste';

export const buckets = ['input', 'cacheWrite5m', 'cacheWrite1h', 'cacheRead', 'output'] as const;
export type Bucket = (typeof buckets)[number];
export type Buckets = Readonly<Record<Bucket, number>>;

/** A model's calls of one week. */
export interface ModelUse {
  readonly agent: string;
  readonly model: string;
  readonly tokens: Buckets;
  /** Dollars at the base list rates of each day; without long context, modes and the like. */
  readonly baseUsd: Buckets;
  /** What it cost with all of these. */
  readonly usd: number;
  /** Dollars a token on the day before this week: what the price was. All 0 where none is known. */
  readonly ratesBefore: Buckets;
}

export interface WeekFacts {
  /** Its Monday, and its last day. */
  readonly since: string;
  readonly until: string;
  readonly now: readonly ModelUse[];
  readonly before: readonly ModelUse[];
  readonly totals: TotalsRow;
  readonly totalsBefore: TotalsRow;
  /** This week's, the earliest first. */
  readonly days: readonly TotalsRow[];
  /** Cost of the days with use in the four weeks before. */
  readonly usualDaysUsd: readonly number[];
  /** Models of this week that no earlier day has seen. */
  readonly newModels: readonly TotalsRow[];
  readonly projects: readonly TotalsRow[];
  readonly projectsBefore: readonly TotalsRow[];
  readonly sessions: readonly PageSession[];
  readonly sessionCount: number;
  readonly prompts: readonly DearPrompt[];
  readonly rebuilt: RebuiltCaches;
  readonly waste: ToolWaste;
  readonly newSessions: readonly NewSession[];
}

export interface WeekQuery {
  /** The week's Monday. */
  readonly monday: string;
  readonly timeZone: string;
}

export function weekFacts(deps: PageDeps, { monday, timeZone }: WeekQuery): WeekFacts {
  const { store, sums, prices } = deps;
  const rates = new DayRates(prices);
  const until = addDays(monday, 6);
  const query: SumQuery = { since: monday, until, timeZone };
  const queryBefore: SumQuery = { since: addDays(monday, -7), until: addDays(monday, -1), timeZone };
  const usual: SumQuery = { since: addDays(monday, -28), until: addDays(monday, -1), timeZone };
  const rowsBy = (asked: SumQuery, key: 'day' | 'model' | 'project') => {
    const groups = new Map<string, Figures>();
    for (const { keys, figures } of figuresBy(store, sums, asked, [key])) addTo(groups, keys[0]!, figures);
    return [...groups].map(([name, figures]) => totalsRow(name, figures)).sort((a, b) => (a.key < b.key ? -1 : 1));
  };
  const seen = new Set(rowsBy({ until: addDays(monday, -1), timeZone }, 'model').map(({ key }) => key));
  const { sessions, count } = dearestSessions(store, sums, query, 10);
  const now = usesOf(deps, rates, query, monday);
  const before = usesOf(deps, rates, queryBefore, monday);
  return {
    since: monday,
    until,
    now: now.uses,
    before: before.uses,
    totals: totalsRow('total', now.all),
    totalsBefore: totalsRow('total', before.all),
    days: rowsBy(query, 'day'),
    usualDaysUsd: rowsBy(usual, 'day').flatMap(({ costUsd }) => costUsd ?? []),
    newModels: rowsBy(query, 'model').filter(({ key }) => key !== '' && !seen.has(key)),
    projects: rowsBy(query, 'project'),
    projectsBefore: rowsBy(queryBefore, 'project'),
    sessions,
    sessionCount: count,
    prompts: dearestPrompts({ store, sums, prices }, query, 5),
    rebuilt: rebuiltCaches(store, rates, query),
    waste: toolWaste(store, spanOf(query)),
    newSessions: newSessions(store, query),
  };
}

function addTo(groups: Map<string, Figures>, key: string, figures: Figures): void {
  let sum = groups.get(key);
  if (!sum) groups.set(key, (sum = noFigures()));
  addFigures(sum, figures);
}

function usesOf(
  { store, sums }: PageDeps,
  rates: DayRates,
  query: SumQuery,
  monday: string,
): { readonly uses: readonly ModelUse[]; readonly all: Figures } {
  const all = noFigures();
  const uses = new Map<string, { use: ModelUse; figures: Figures; baseUsd: Record<Bucket, number> }>();
  for (const { keys, figures } of figuresBy(store, sums, query, ['day', 'agent', 'model'])) {
    const [day = '', agent = '', model = ''] = keys;
    addFigures(all, figures);
    const key = `${agent}\n${model}`;
    let found = uses.get(key);
    if (!found) {
      const then = rates.of(agent, model, dayNumber(addDays(monday, -1)));
      const use = { agent, model, tokens: none, baseUsd: none, usd: 0, ratesBefore: perToken(then) };
      uses.set(key, (found = { use, figures: noFigures(), baseUsd: { ...none } }));
    }
    addFigures(found.figures, figures);
    // An included or flat-rate model costs what its sums say, whatever the list asks.
    const list = figures.pricedCalls > 0 ? rates.of(agent, model, dayNumber(day)) : undefined;
    const rate = perToken(list);
    const tokens = tokensOf(figures);
    for (const bucket of buckets) found.baseUsd[bucket] += tokens[bucket] * rate[bucket];
  }
  return {
    all,
    uses: [...uses.values()].map(({ use, figures, baseUsd }) => ({
      ...use,
      tokens: tokensOf(figures),
      baseUsd,
      usd: figures.costUsd,
    })),
  };
}

const none: Buckets = { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0 };

function perToken(rates: { readonly [Key in Bucket]: number } | undefined): Buckets {
  if (!rates) return none;
  const { input, cacheWrite5m, cacheWrite1h, cacheRead, output } = rates;
  return {
    input: input / 1e6,
    cacheWrite5m: cacheWrite5m / 1e6,
    cacheWrite1h: cacheWrite1h / 1e6,
    cacheRead: cacheRead / 1e6,
    output: output / 1e6,
  };
}

function tokensOf(figures: Figures): Buckets {
  return {
    input: figures.inputTokens,
    cacheWrite5m: figures.cacheWrite5mTokens,
    cacheWrite1h: figures.cacheWrite1hTokens,
    cacheRead: figures.cacheReadTokens,
    output: figures.outputTokens,
  };
}
