// The periods that the report's page offers, and what a page's wish means today. A wish is a page's data: whatever is
// not understood is left out.
import { addDays, dayOf, firstOfMonth, isDay, mondayOf } from '../ledger/calendar';
import { type PageRequest, type StackBy, type SumName } from '../report/pageShapes';

export type Period = 'today' | 'week' | '30' | 'month' | 'lastMonth' | '90' | '365' | 'all';

export const periods: readonly Period[] = ['today', 'week', '30', 'month', 'lastMonth', '90', '365', 'all'];

export interface PageFilters {
  readonly period?: Period;
  readonly agent?: string;
  readonly project?: string;
  readonly model?: string;
}

export function requestOf(
  asked: Readonly<Record<string, unknown>>,
  nowMs: number,
  timeZone: string,
): { readonly request: PageRequest; readonly filters: PageFilters } {
  const period = periods.find((one) => one === asked['period']) ?? '30';
  const text = (name: 'agent' | 'project' | 'model') => {
    const value = asked[name];
    return typeof value === 'string' && value !== '' ? { [name]: value } : {};
  };
  const chosen: PageFilters = { ...text('agent'), ...text('project'), ...text('model') };
  const stackBy = (['model', 'agent', 'project'] as const satisfies readonly StackBy[]).find(
    (one) => one === asked['stackBy'],
  );
  return {
    request: { ...daysOf(period, dayOf(nowMs, timeZone)), stackBy: stackBy ?? 'model', ...chosen },
    filters: { period, ...chosen },
  };
}

const sums = ['total', 'day', 'week', 'month', 'model', 'agent', 'project', 'branch', 'subagent'] as const;

/** The sum that a page's figure says it is. */
export function sumNameOf(asked: Readonly<Record<string, unknown>>): SumName | undefined {
  const by = sums.find((one) => one === asked['by']);
  const { key, project } = asked;
  if (by === undefined || typeof key !== 'string') return undefined;
  const isDated = by !== 'day' && by !== 'week' ? by !== 'month' || isDay(`${key}-01`) : isDay(key);
  return isDated ? { by, key, ...(typeof project === 'string' ? { project } : {}) } : undefined;
}

/** First and last day, both inclusive. */
export function daysOf(period: Period, today: string): { readonly since: string; readonly until: string } {
  switch (period) {
    case 'today':
      return { since: today, until: today };
    case 'week':
      return { since: mondayOf(today), until: today };
    case 'month':
      return { since: firstOfMonth(today), until: today };
    case 'lastMonth': {
      const until = addDays(firstOfMonth(today), -1);
      return { since: firstOfMonth(until), until };
    }
    case 'all':
      return { since: '2000-01-01', until: today };
    case '30':
    case '90':
    case '365':
      return { since: addDays(today, 1 - Number(period)), until: today };
  }
}
