// "Copy Cost for Commit Message": one line to paste under a commit message. Writes into no message itself.
import * as vscode from 'vscode';
import { addDays, dayOf } from '../ledger/calendar';
import { type LedgerClient } from '../ledger/ledgerClient';
import { costTrailer } from '../report/costTrailer';
import { sumRows } from '../report/sumRows';
import { openFolders } from './budgets';
import { commands } from './commands';
import { userTimeZone } from './userTimeZone';

const days = 30;

export function registerCostTrailer(ledger: LedgerClient): vscode.Disposable {
  return vscode.commands.registerCommand(commands.copyCostTrailer, async () => {
    const { t } = vscode.l10n;
    const timeZone = userTimeZone();
    const today = dayOf(Date.now(), timeZone);
    await ledger.refresh();
    const found = await ledger.outcomesHere(
      openFolders().map(({ uri }) => uri.fsPath),
      { since: addDays(today, 1 - days), until: today, timeZone },
    );
    const spend = found.map(({ sinceCommit }) => sinceCommit);
    if (spend.every(({ calls }) => calls === 0)) {
      void vscode.window.showInformationMessage(
        t('No agent has used anything in this repository since its last commit.'),
      );
      return;
    }
    const line = costTrailer(
      sumRows(spend),
      found.reduce((sum, { sessionsSinceCommit }) => sum + sessionsSinceCommit, 0),
    );
    await vscode.env.clipboard.writeText(line);
    vscode.window.setStatusBarMessage(t('Copied: {0}', line), 5000);
  });
}
