// What an agent is told that asks for spend: a few plain lines in English, each figure with what it is. Formats the
// meter's facts and the project's sums; decides nothing.
import { formatCompact, formatCost, formatCount, formatUsd } from '../format';
import { type BudgetState } from '../ledger/budget';
import { type MeterFacts } from '../ledger/meterFacts';
import { type TotalsRow } from '../ledger/totals';

export interface SpendAnswerParts {
  readonly facts: Pick<MeterFacts, 'session' | 'today' | 'week' | 'month' | 'budgets'>;
  /** Of the projects open here, this month. */
  readonly project?: TotalsRow;
  /** Since the last commit in them. */
  readonly sinceCommit?: TotalsRow;
}

export function spendAnswer({ facts, project, sinceCommit }: SpendAnswerParts): string {
  const { session, budgets } = facts;
  const task = budgets.find(({ state }) => state.budget.period === 'task')?.state;
  return [
    session
      ? `This session (${session.agent}, ${session.model || 'model not logged'}): ${row(session.totals)}; its context holds about ${formatCompact(session.contextTokens)} tokens.`
      : 'No session of an agent is running in the open folders.',
    ...(session && session.besides > 0
      ? [`${formatCount(session.besides)} more sessions had calls here within the last ten minutes.`]
      : []),
    ...(task ? [`This task: ${budget(task)}`] : []),
    ...(sinceCommit ? [`Since the last commit in this project: ${row(sinceCommit)}.`] : []),
    ...(project ? [`This project, this month: ${row(project)}.`] : []),
    `Everything on this machine: today ${row(facts.today)}; this week ${row(facts.week)}; this month ${row(facts.month)}.`,
    ...budgets
      .filter(({ state }) => state !== task)
      .map(({ state }) => `Budget for the ${state.budget.period}: ${budget(state)}`),
    ...(budgets.length === 0 ? ['No budget is set.'] : []),
    'Dollars are API-equivalent: public list prices, not a bill.',
  ].join('\n');
}

function row(totals: TotalsRow): string {
  return `${formatCost(totals) ?? 'unpriced'}, ${formatCompact(totals.totalTokens)} tokens in ${formatCount(totals.calls)} calls`;
}

function budget({ budget: { unit, limit }, spent, left, level, isAtLeast }: BudgetState): string {
  const amount = (value: number) =>
    unit === 'usd' ? formatUsd(value) : `${formatCompact(value)} ${unit === 'tokens' ? 'tokens' : 'credits'}`;
  const state = level === 'over' ? 'used up' : level === 'near' ? 'nearly used up' : 'calm';
  return `${isAtLeast ? 'at least ' : ''}${amount(spent)} of ${amount(limit)} spent, ${isAtLeast ? 'at most ' : ''}${amount(left)} left (${state}).`;
}
