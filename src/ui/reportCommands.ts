// The commands that open a text of ours: the cost report, and which logs were looked for and found.
import * as vscode from 'vscode';
import { type LedgerClient } from '../ledger/ledgerClient';
import { doctorMarkdown } from '../report/doctorMarkdown';
import { reportMarkdown } from '../report/markdown';
import { buildReport } from '../report/reportModel';
import { commands } from './commands';
import { machineWords } from './machineWords';
import { userTimeZone } from './userTimeZone';
import { VirtualText } from './virtualText';

const reportName = 'Cost Report';
const doctorName = 'Agent Logs';

export function registerReportCommands(ledger: LedgerClient): vscode.Disposable {
  const texts = new VirtualText({
    [reportName]: async () => {
      await ledger.refresh();
      const report = await buildReport(ledger, Date.now(), userTimeZone());
      return reportMarkdown(report, machineWords(), (await ledger.prices()).asOf);
    },
    [doctorName]: async () => {
      await ledger.refresh();
      return doctorMarkdown(await ledger.doctor(), machineWords());
    },
  });
  return vscode.Disposable.from(
    texts,
    vscode.commands.registerCommand(commands.showReport, () => texts.preview(reportName)),
    vscode.commands.registerCommand(commands.showDoctor, () => texts.preview(doctorName)),
  );
}
