// Sums by week, agent, model and project with how many sessions are in each: what a roll-up for a team is made from.
import { mondayOf } from './calendar';
import { figuresBy, type SumQuery } from './figuresBy';
import { type Store } from './store';
import { type Sums } from './sums';
import { addFigures, type Figures, noFigures, totalsRow, type TotalsRow } from './totals';

export interface TeamFact extends TotalsRow {
  /** The week's Monday. */
  readonly week: string;
  readonly agent: string;
  readonly model: string;
  readonly project: string;
  /** By number, so that a session with several models is one when these are merged. */
  readonly sessions: readonly string[];
}

export function teamFacts(store: Store, sums: Sums, query: SumQuery): TeamFact[] {
  const groups = new Map<string, { keys: string[]; figures: Figures; sessions: Set<string> }>();
  for (const part of figuresBy(store, sums, query, ['day', 'agent', 'model', 'project', 'session'])) {
    const [day = '', agent = '', model = '', project = '', session = ''] = part.keys;
    const keys = [mondayOf(day), agent, model, project];
    const id = keys.join('\n');
    const group = groups.get(id) ?? { keys, figures: noFigures(), sessions: new Set() };
    groups.set(id, group);
    addFigures(group.figures, part.figures);
    group.sessions.add(session);
  }
  return [...groups.values()].map(({ keys, figures, sessions }) => {
    const [week = '', agent = '', model = '', project = ''] = keys;
    return { ...totalsRow(week, figures), week, agent, model, project, sessions: [...sessions] };
  });
}
