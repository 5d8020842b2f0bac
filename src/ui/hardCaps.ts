// Budgets with a hard cap that are used up, as the budget state file holds them: until when, where, and in which words.
import * as vscode from 'vscode';
import { type Budget, periodEndMs } from '../ledger/budget';
import { type ReachedCap } from '../ledger/hardCaps';
import { type MeterFacts } from '../ledger/meterFacts';
import { budgetSentence } from './meterWords';

/** Caps without a calendar are put forward as long as a window is open to see them. */
const openEndMs = 12 * 60 * 60 * 1000;
/** In steps, so that the file is not written anew at every look. */
const stepMs = 60 * 60 * 1000;

export function reachedCaps({ budgets }: MeterFacts, nowMs: number, timeZone: string): ReachedCap[] {
  return budgets.flatMap(({ state }) => {
    const { budget } = state;
    if (budget.isHardCap !== true || state.level !== 'over') return [];
    const isSession = budget.period === 'session';
    const words = vscode.l10n.t(
      '{0}: this hard cap is used up, so the prompt was refused. Raise the budget in VS Code’s settings (tokenometer.budgets) to go on.',
      budgetSentence(state),
    );
    return [
      {
        id: isSession ? `session ${budget.scope}` : budget.id,
        untilMs: periodEndMs(budget.period, nowMs, timeZone) ?? openEnd(nowMs),
        ...whereOf(budget),
        words,
      },
    ];
  });
}

function openEnd(nowMs: number): number {
  return Math.ceil((nowMs + openEndMs) / stepMs) * stepMs;
}

function whereOf(budget: Budget): Pick<ReachedCap, 'folder' | 'sessionId'> {
  if (budget.scope === undefined) return {};
  return budget.period === 'session' ? { sessionId: budget.scope } : { folder: budget.scope };
}
