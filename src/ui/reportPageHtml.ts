// The frame of the report's page: policy, style sheet, script and the fixed words. Holds no figure and no text from a log.
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { type Period, periods } from './reportPeriods';

export function reportPageHtml(webview: vscode.Webview, folder: vscode.Uri): string {
  const nonce = randomBytes(18).toString('base64');
  const uri = (name: string) => attribute(webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString());
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="${attribute(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${attribute(vscode.l10n.t('Cost Report'))}</title>
<link rel="stylesheet" href="${uri('report.css')}">
</head>
<body data-words="${attribute(JSON.stringify(words()))}">
<main aria-busy="true"><p>${attribute(vscode.l10n.t('Reading…'))}</p></main>
<script nonce="${nonce}" src="${uri('report.js')}"></script>
</body>
</html>`;
}

function words(): Record<string, unknown> {
  const { t } = vscode.l10n;
  const periodWords: Record<Period, string> = {
    today: t('Today'),
    week: t('This week'),
    '30': t('Last 30 days'),
    month: t('This month'),
    lastMonth: t('Last month'),
    '90': t('Last 90 days'),
    '365': t('Last 365 days'),
    all: t('Everything'),
  };
  return {
    all: t('All'),
    filters: t('Filters'),
    period: t('Period'),
    stackBy: t('Stacked by'),
    agent: t('Agent'),
    project: t('Project'),
    model: t('Model'),
    spend: t('Spend over time'),
    // Filled in by the page.
    highest: t('Highest: {0}', '{0}'),
    figures: t('The figures of this chart'),
    empty: t('Nothing is logged for this choice.'),
    periods: periods.map((id) => ({ id, label: periodWords[id] })),
    stacks: [
      { id: 'model', label: t('Model') },
      { id: 'agent', label: t('Agent') },
      { id: 'project', label: t('Project') },
    ],
  };
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
