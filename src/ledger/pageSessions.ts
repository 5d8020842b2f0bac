// The dearest sessions of a query, with what a person recognises them by. Ids and figures only.
import { type AgentId } from '../agents/agent';
import { quarterMs } from './calendar';
import { type Condition, figuresBy, sumConditions, type SumQuery, valuesOf, whereOf } from './figuresBy';
import { type Store, textIn } from './store';
import { type Sums } from './sums';
import { addFigures, noFigures, totalsRow, type TotalsRow } from './totals';

export interface PageSession extends TotalsRow {
  readonly agent: AgentId;
  readonly project: string;
  readonly branch: string;
  /** Epoch milliseconds, to the quarter hour: first and last use within the period. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly prompts: number;
  readonly hasTitle: boolean;
  /** Of its first prompt, whose words stand in for a missing title. */
  readonly firstPromptKey?: string;
}

export interface DearSessions {
  readonly sessions: readonly PageSession[];
  /** How many there are in all. */
  readonly count: number;
}

export function dearestSessions(store: Store, sums: Sums, query: SumQuery, most: number): DearSessions {
  const conditions = sumConditions(store, query);
  if (!conditions) return { sessions: [], count: 0 };
  // In one pass: the sums of a long history are read in their whole width.
  const rows = store.all(
    `WITH found AS MATERIALIZED (SELECT session, sum(usd) AS usd FROM sums WHERE ${whereOf(conditions)} GROUP BY session) ` +
      'SELECT session, (SELECT count(*) FROM found) AS size FROM found ORDER BY usd DESC, session DESC LIMIT ?',
    ...valuesOf(conditions),
    most,
  );
  const sessions = rows.map((row) => sessionOf(store, sums, query, conditions, Number(row['session'])));
  return {
    // Where the kept dollars are another program's, ours may order them otherwise.
    sessions: sessions.sort((a, b) => (b.costUsd ?? 0) - (a.costUsd ?? 0)),
    count: Number(rows[0]?.['size'] ?? 0),
  };
}

function sessionOf(
  store: Store,
  sums: Sums,
  query: SumQuery,
  conditions: readonly Condition[],
  id: number,
): PageSession {
  const figures = noFigures();
  for (const part of figuresBy(store, sums, { ...query, sessionRow: id }, [])) addFigures(figures, part.figures);
  const row = store.get('SELECT agent, name, title_place FROM sessions WHERE id = ?', id);
  const places = store.all(
    'SELECT project, branch, min(quarter) AS first, max(quarter) AS last FROM sums ' +
      `WHERE session = ? AND ${whereOf(conditions)} GROUP BY project, branch ORDER BY sum(usd) DESC`,
    id,
    ...valuesOf(conditions),
  );
  const first = store.get('SELECT key FROM prompts WHERE session = ? ORDER BY at_ms LIMIT 1', id)?.['key'];
  return {
    ...totalsRow(textIn(row, 'name'), figures),
    agent: store.nameOf(row?.['agent']) as AgentId,
    project: store.nameOf(places[0]?.['project']) ?? '',
    branch: store.nameOf(places[0]?.['branch']) ?? '',
    firstMs: Math.min(...places.map((place) => Number(place['first']))) * quarterMs,
    lastMs: (Math.max(...places.map((place) => Number(place['last']))) + 1) * quarterMs,
    prompts: Number(store.get('SELECT count(*) AS n FROM prompts WHERE session = ?', id)?.['n'] ?? 0),
    hasTitle: (row?.['title_place'] ?? null) !== null,
    ...(typeof first === 'string' ? { firstPromptKey: first } : {}),
  };
}
