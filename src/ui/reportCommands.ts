// The commands that open something to read: the cost report, where a figure comes from, and which logs were looked for.
import * as vscode from 'vscode';
import { type LedgerClient } from '../ledger/ledgerClient';
import { dayOf } from '../ledger/calendar';
import { doctorMarkdown } from '../report/doctorMarkdown';
import { explanationMarkdown } from '../report/explanation';
import { commands } from './commands';
import { machineWords } from './machineWords';
import { exportReport } from './reportExport';
import { ReportPanel } from './reportPanel';
import { userTimeZone } from './userTimeZone';
import { VirtualText } from './virtualText';

const doctorName = 'Agent Logs';
const explainName = 'Why This Number';

export function registerReportCommands(ledger: LedgerClient, extensionUri: vscode.Uri): vscode.Disposable {
  let explained: string | undefined;
  const panel = new ReportPanel(ledger, extensionUri);
  const texts = new VirtualText({
    [doctorName]: async () => {
      await ledger.refresh();
      return doctorMarkdown(await ledger.doctor(), machineWords());
    },
    [explainName]: async () => {
      const target = explained ?? dayOf(Date.now(), userTimeZone());
      const found = await ledger.explain(target, userTimeZone());
      return found
        ? explanationMarkdown(found)
        : `# ${explainName}\n\n${vscode.l10n.t('No call is logged for {0}.', target)}\n`;
    },
  });
  return vscode.Disposable.from(
    texts,
    panel,
    vscode.commands.registerCommand(commands.showReport, () => panel.show()),
    vscode.commands.registerCommand(commands.exportReport, () => exportReport(ledger, panel.shown)),
    vscode.commands.registerCommand(commands.showDoctor, () => texts.preview(doctorName)),
    vscode.commands.registerCommand(commands.explain, async (target?: unknown) => {
      const chosen = typeof target === 'string' ? target : await chooseTarget(ledger);
      if (chosen === undefined) return;
      explained = chosen;
      await texts.preview(explainName);
    }),
  );
}

/** A day or a session of the last weeks. */
async function chooseTarget(ledger: LedgerClient): Promise<string | undefined> {
  const timeZone = userTimeZone();
  const today = dayOf(Date.now(), timeZone);
  const { rows } = await ledger.totals({ by: 'day', timeZone });
  const days = rows.map((row) => row.key).reverse();
  const picked = await vscode.window.showQuickPick(
    [
      { label: today, description: vscode.l10n.t('today') },
      ...days.filter((day) => day !== today).map((day) => ({ label: day, description: '' })),
    ],
    { title: vscode.l10n.t('Which day’s figure?') },
  );
  return picked?.label;
}
