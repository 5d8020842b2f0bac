// The one status item of the extension's spend: short text, the rest in the tooltip and the accessible label.
// Shows what it is given; asks nothing itself.
import * as vscode from 'vscode';
import { formatCompact, formatCost, formatCount, formatCoverage, formatUsd } from '../format';
import { type TotalsRow } from '../ledger/totals';
import { readPlans } from '../pricing/settings';
import { type Glance } from '../report/glance';
import { markdownCell } from '../report/markdown';
import { machineWords } from './machineWords';
import { readSettings } from './settings';

const mostRows = 5;

/** What the meter may be asked to show. */
export type MeterState =
  | { readonly kind: 'reading' }
  | { readonly kind: 'no-logs' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'glance'; readonly glance: Glance };

export class Meter implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('tokenometer.meter', vscode.StatusBarAlignment.Left, 1);

  constructor() {
    this.item.name = vscode.l10n.t('Tokenometer: Spend');
    this.show({ kind: 'reading' });
    this.item.show();
  }

  show(state: MeterState): void {
    const { text, label, tooltip, command } = face(state);
    this.item.text = `$(pulse) ${text}`;
    this.item.accessibilityInformation = { label, role: 'button' };
    this.item.tooltip = tooltip;
    this.item.command = command;
  }

  dispose(): void {
    this.item.dispose();
  }
}

interface Face {
  readonly text: string;
  readonly label: string;
  readonly tooltip: string | vscode.MarkdownString;
  readonly command: string;
}

function face(state: MeterState): Face {
  switch (state.kind) {
    case 'reading': {
      const words = vscode.l10n.t('Tokenometer is reading the agents’ logs for the first time');
      return { text: vscode.l10n.t('reading logs…'), label: words, tooltip: words, command: 'tokenometer.showReport' };
    }
    case 'no-logs': {
      const words = vscode.l10n.t(
        'No agent logs found yet on {0}. Click to see where Tokenometer looked.',
        machineWords(),
      );
      return {
        text: vscode.l10n.t('no agent logs yet'),
        label: words,
        tooltip: words,
        command: 'tokenometer.showDoctor',
      };
    }
    case 'failed': {
      const words = vscode.l10n.t(
        'Tokenometer cannot read its store ({0}). Click to see what was looked for.',
        state.why.replace(/\.$/, ''),
      );
      return { text: vscode.l10n.t('no figures'), label: words, tooltip: words, command: 'tokenometer.showDoctor' };
    }
    case 'glance':
      return glanceFace(state.glance);
  }
}

function glanceFace(glance: Glance): Face {
  const cost = costWords(glance.today);
  return {
    text: cost,
    label: vscode.l10n.t(
      'Tokenometer: {0} today, {1} this week, {2} this month, at public list prices',
      cost,
      costWords(glance.week),
      costWords(glance.month),
    ),
    tooltip: glanceTooltip(glance),
    command: 'tokenometer.showReport',
  };
}

function glanceTooltip(glance: Glance): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const tooltip = new vscode.MarkdownString(undefined, true);
  tooltip.isTrusted = { enabledCommands: ['tokenometer.showReport', 'tokenometer.showDoctor'] };
  const line = (name: string, row: TotalsRow) =>
    `| ${markdownCell(name)} | ${costWords(row)} | ${formatCompact(row.totalTokens, locale())} | ${formatCount(row.calls, locale())} |`;
  const shares = (heading: string, rows: readonly TotalsRow[]) =>
    rows.length === 0
      ? []
      : [`| **${heading}** | | | |`, ...rows.slice(0, mostRows).map((row) => line(lastPart(row.key), row))];
  // One table, so that its columns stand in line.
  const table = [
    `| ${t('API-equivalent cost')} | ${t('Cost')} | ${t('Tokens')} | ${t('Calls')} |`,
    '| :-- | --: | --: | --: |',
    line(t('Today'), glance.today),
    line(t('This week'), glance.week),
    line(t('This month'), glance.month),
    ...shares(t('Today by model'), glance.todayByModel),
    ...shares(t('Today by project'), glance.todayByProject),
  ];
  tooltip.appendMarkdown(`${table.join('\n')}\n\n`);
  tooltip.appendMarkdown(
    [...remarks(glance), t('Public list prices, not your bill. Logs of {0}.', markdownCell(machineWords()))].join(
      '  \n',
    ),
  );
  tooltip.appendMarkdown(`\n\n[${t('Show Cost Report')}](command:tokenometer.showReport)`);
  return tooltip;
}

/** What a reader must know of today's figure before trusting it. */
function remarks(glance: Glance): string[] {
  const { t } = vscode.l10n;
  const { today, month } = glance;
  const lines: string[] = [];
  if (month.unpricedTokens > 0)
    lines.push(
      t(
        '≥: {0} of this month’s tokens have a price; {1} are unpriced.',
        formatCoverage(1 - month.unpricedTokens / month.totalTokens, locale()),
        formatCompact(month.unpricedTokens, locale()),
      ),
    );
  if (today.unrecordedOutputCalls > 0)
    lines.push(
      t(
        '≥: the agent recorded no output for {0} of today’s calls.',
        formatCount(today.unrecordedOutputCalls, locale()),
      ),
    );
  if (today.reportedCredits !== undefined)
    lines.push(t('The agents themselves report {0} credits today.', formatCompact(today.reportedCredits, locale())));
  if (today.reportedCostUsd !== undefined)
    lines.push(t('The agents themselves report {0} today.', formatUsd(today.reportedCostUsd, locale())));
  lines.push(...plans(glance));
  if (glance.skippedLines > 0)
    lines.push(
      t(
        '{0} log lines were not understood: [see which](command:tokenometer.showDoctor).',
        formatCount(glance.skippedLines, locale()),
      ),
    );
  if (!vscode.workspace.isTrusted)
    lines.push(t('Restricted Mode: log folders and prices set by this workspace are ignored until you trust it.'));
  return lines;
}

/** What a subscription costs beside what its agent's tokens would have cost. */
function plans(glance: Glance): string[] {
  return readPlans(readSettings().prices.plans).plans.map(({ tool, name, usdPerMonth }) => {
    const row = glance.monthByAgent.find(({ key }) => key === tool);
    const used = row ? costWords(row) : formatUsd(0, locale());
    return vscode.l10n.t(
      '{0}: {1} a month for the plan, {2} this month at list prices.',
      markdownCell(name),
      formatUsd(usdPerMonth, locale()),
      used,
    );
  });
}

export function costWords(row: TotalsRow): string {
  return formatCost(row, locale()) ?? vscode.l10n.t('unpriced');
}

export function locale(): string {
  return vscode.env.language;
}

/** A folder's own name for a path; anything else as it is. */
function lastPart(key: string): string {
  return key.split(/[\\/]/).filter(Boolean).at(-1) ?? key;
}
