// The language-model tool `spend`: an agent asks what this session, task and project have cost and what is left of the
// budgets. Figures only, no confirmation needed.
import * as vscode from 'vscode';
import { type Budget } from '../ledger/budget';
import { addDays, dayOf, firstOfMonth } from '../ledger/calendar';
import { type LedgerClient } from '../ledger/ledgerClient';
import { sumRows } from '../report/sumRows';
import { spendAnswer } from '../report/spendAnswer';
import { openFolders, windowBudgets } from './budgets';
import { userTimeZone } from './userTimeZone';

const commitDays = 30;

export function registerSpendTool(ledger: LedgerClient, taskBudget: () => Budget | undefined): vscode.Disposable {
  return vscode.lm.registerTool('tokenometer_spend', {
    async invoke() {
      const text = await answer(ledger, taskBudget());
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
    },
  });
}

async function answer(ledger: LedgerClient, task: Budget | undefined): Promise<string> {
  const timeZone = userTimeZone();
  const nowMs = Date.now();
  const today = dayOf(nowMs, timeZone);
  const folders = openFolders().map(({ uri }) => uri.fsPath);
  await ledger.refresh();
  const { budgets } = windowBudgets();
  const facts = await ledger.meterFacts({
    nowMs,
    timeZone,
    folders,
    budgets: task ? [...budgets, task] : budgets,
    isRunawayOff: true,
  });
  const [here, month] = await Promise.all([
    ledger.outcomesHere(folders, { since: addDays(today, 1 - commitDays), until: today, timeZone }),
    ledger.totalsHere(folders, { since: firstOfMonth(today), until: today, timeZone }),
  ]);
  return spendAnswer({
    facts,
    ...(folders.length > 0 ? { project: month } : {}),
    ...(here.length > 0 ? { sinceCommit: sumRows(here.map(({ sinceCommit }) => sinceCommit)) } : {}),
  });
}
