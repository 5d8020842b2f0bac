// What the meter says at a glance: which of the ledger's facts stand in the status bar, and how alarmed it looks.
// Decides; words and colours are the ui's.
import { type BudgetLevel, type BudgetState } from '../ledger/budget';
import { type LiveSession } from '../ledger/liveSession';
import { type MeterFacts } from '../ledger/meterFacts';
import { type PlanWindow } from '../ledger/records';
import { type Totals, type TotalsQuery, type TotalsRow } from '../ledger/totals';

/** Whoever answers questions about totals: the ledger itself or its client in front of a worker. */
export interface TotalsSource {
  totals(query: TotalsQuery): Totals | Promise<Totals>;
}

/** What the person chose to watch. */
export const meterSubjects = ['today', 'week', 'month', 'session', 'context', 'tokens', 'planWindow'] as const;
export type MeterSubject = (typeof meterSubjects)[number];

export type GlanceShown =
  | { readonly kind: 'cost'; readonly period: 'day' | 'week' | 'month'; readonly row: TotalsRow }
  | { readonly kind: 'budget'; readonly state: BudgetState }
  | { readonly kind: 'tokens'; readonly row: TotalsRow }
  | { readonly kind: 'session' | 'context'; readonly session: LiveSession | undefined }
  | { readonly kind: 'planWindow'; readonly window: PlanWindow | undefined };

export interface Glance {
  readonly shown: GlanceShown;
  readonly level: BudgetLevel;
}

/** From here on a context or a plan's window is nearly full. */
const nearlyFull = 0.8;

/**
 * What was chosen, against its budget where there is one. A task's budget comes first while the task runs; a budget that
 * is used up takes the place of what is calm, so that number and colour always speak of the same thing.
 */
export function glanceOf(facts: MeterFacts, subject: MeterSubject): Glance {
  const states = facts.budgets.map(({ state }) => state);
  const task = states.find(({ budget }) => budget.period === 'task');
  const chosen = task ? budgetGlance(task) : chosenGlance(facts, subject, states);
  const over = states.find(({ level }) => level === 'over');
  const glance = over && chosen.level !== 'over' ? budgetGlance(over) : chosen;
  return glance.level === 'calm' && facts.runaways.length > 0 ? { ...glance, level: 'near' } : glance;
}

function budgetGlance(state: BudgetState): Glance {
  return { shown: { kind: 'budget', state }, level: state.level };
}

function chosenGlance(facts: MeterFacts, subject: MeterSubject, states: readonly BudgetState[]): Glance {
  const budgetOf = (period: string) => states.find(({ budget }) => budget.id === period);
  const cost = (period: 'day' | 'week' | 'month', row: TotalsRow): Glance => {
    const state = budgetOf(period);
    return state ? budgetGlance(state) : { shown: { kind: 'cost', period, row }, level: 'calm' };
  };
  const { session } = facts;
  switch (subject) {
    case 'today':
      return cost('day', facts.today);
    case 'week':
      return cost('week', facts.week);
    case 'month':
      return cost('month', facts.month);
    case 'tokens':
      return { shown: { kind: 'tokens', row: facts.today }, level: 'calm' };
    case 'session': {
      const state = budgetOf('session');
      return state ? budgetGlance(state) : { shown: { kind: 'session', session }, level: 'calm' };
    }
    case 'context':
      return {
        shown: { kind: 'context', session },
        level: (contextShare(session) ?? 0) >= nearlyFull ? 'near' : 'calm',
      };
    case 'planWindow': {
      const window = fullestWindow(facts.planWindows);
      const share = (window?.usedPercent ?? 0) / 100;
      return {
        shown: { kind: 'planWindow', window },
        level: share >= 1 ? 'over' : share >= nearlyFull ? 'near' : 'calm',
      };
    }
  }
}

/** `undefined` where no session runs or its window is not known. */
export function contextShare(session: LiveSession | undefined): number | undefined {
  return session?.contextWindow === undefined ? undefined : session.contextTokens / session.contextWindow;
}

/** The one that ends the work first. */
function fullestWindow(windows: readonly PlanWindow[]): PlanWindow | undefined {
  return [...windows].sort((a, b) => b.usedPercent - a.usedPercent)[0];
}

/** Dearest first; rows without a price after those with one, by tokens. */
export function byCost(rows: readonly TotalsRow[]): TotalsRow[] {
  return [...rows].sort(
    (a, b) => (b.costUsd ?? -1) - (a.costUsd ?? -1) || b.totalTokens - a.totalTokens || (a.key < b.key ? -1 : 1),
  );
}
