// "Export Cost Report…": what the page shows, as a file for people (Markdown), for a spreadsheet (CSV) or for a program
// (JSON). Writes only where the person says.
import * as vscode from 'vscode';
import { type LedgerClient } from '../ledger/ledgerClient';
import { dayOf } from '../ledger/calendar';
import { type Totals, type TotalsBy, type TotalsQuery } from '../ledger/totals';
import { groupsCsv } from '../report/csv';
import { reportJson } from '../report/json';
import { reportMarkdown } from '../report/markdown';
import { buildReport, type ReportFilters } from '../report/reportModel';
import { machineWords } from './machineWords';
import { daysOf, type PageFilters } from './reportPeriods';
import { userTimeZone } from './userTimeZone';

type Format = 'md' | 'csv' | 'json';
const dimensions: readonly TotalsBy[] = ['day', 'model', 'agent', 'project', 'branch', 'session', 'subagent'];

export async function exportReport(ledger: LedgerClient, filters: PageFilters): Promise<void> {
  const { t } = vscode.l10n;
  const choices: (vscode.QuickPickItem & { format: Format })[] = [
    { label: 'Markdown', description: t('what the page shows, to read or to paste'), format: 'md' },
    { label: 'CSV', description: t('what the page shows, for a spreadsheet'), format: 'csv' },
    { label: 'JSON', description: t('what the page shows, for a program'), format: 'json' },
  ];
  const picked = await vscode.window.showQuickPick(choices, { title: t('Export the cost report as…') });
  if (!picked) return;
  await ledger.refresh();
  const text = await textOf(ledger, filters, picked.format);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `tokenometer-${dayOf(Date.now(), userTimeZone())}.${picked.format}`;
  const to = await vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    filters: { [picked.label]: [picked.format] },
  });
  if (!to) return;
  await vscode.workspace.fs.writeFile(to, new TextEncoder().encode(text));
}

async function textOf(
  ledger: LedgerClient,
  { period = '30', ...filters }: PageFilters,
  format: Format,
): Promise<string> {
  const timeZone = userTimeZone();
  const nowMs = Date.now();
  const days = daysOf(period, dayOf(nowMs, timeZone));
  if (format === 'md') {
    const report = await buildReport(ledger, nowMs, timeZone, { ...days, filters: filters as ReportFilters });
    return reportMarkdown(report, machineWords(), (await ledger.prices()).asOf);
  }
  const groups: { by: TotalsBy; totals: Totals }[] = [];
  for (const by of dimensions)
    groups.push({ by, totals: await ledger.totals({ ...filters, ...days, by, timeZone } as TotalsQuery) });
  // Excel takes UTF-8 for what it is only with a mark; LibreOffice does not mind it.
  if (format === 'csv') return `\ufeff${groupsCsv(groups.map(({ by, totals }) => ({ by, rows: totals.rows })))}`;
  return `${JSON.stringify(reportJson(groups, { ...days, filters, timeZone }, nowMs), undefined, 2)}\n`;
}
