// The commands that open something to read: the cost report, where a figure comes from, and which logs were looked for.
import * as vscode from 'vscode';
import { type LedgerClient } from '../ledger/ledgerClient';
import { type Budget } from '../ledger/budget';
import { dayOf, isDay } from '../ledger/calendar';
import { type SumQuery } from '../ledger/figuresBy';
import { doctorMarkdown } from '../report/doctorMarkdown';
import { explanationMarkdown } from '../report/explanation';
import { markdownCell } from '../report/markdown';
import { pageQuery } from '../report/pageModel';
import { outcomeSections, shownCommits } from '../report/pageOutcomes';
import { passportMarkdown } from '../report/passport';
import { lightWorkOf } from './advisorHindsight';
import { commands } from './commands';
import { registerCostTrailer } from './costTrailer';
import { GitOutcomes } from './gitOutcomes';
import { machineWords } from './machineWords';
import { exportReport } from './reportExport';
import { registerSpendTool } from './spendTool';
import { registerTeamRollUp } from './teamRollUp';
import { type LaterSections, ReportPanel } from './reportPanel';
import { userTimeZone } from './userTimeZone';
import { VirtualText } from './virtualText';
import { registerWeeklyLetter } from './weeklyLetter';

const translate = (words: string, ...values: string[]) => vscode.l10n.t(words, ...values);

const doctorName = 'Agent Logs';
const explainName = 'Why This Number';

export interface ReportDeps {
  readonly ledger: LedgerClient;
  readonly extensionUri: vscode.Uri;
  /** The person's, not the workspace's. */
  readonly memory: vscode.Memento;
  /** Of the task that runs in this workspace. */
  readonly taskBudget: () => Budget | undefined;
}

export function registerReportCommands({ ledger, extensionUri, memory, taskBudget }: ReportDeps): vscode.Disposable {
  let explained: string | SumQuery | undefined;
  const panel = new ReportPanel(ledger, extensionUri, [outcomesOf(ledger), lightWorkOf(ledger)]);
  const texts = new VirtualText({
    [doctorName]: async () => {
      await ledger.refresh();
      return doctorMarkdown(await ledger.doctor(), machineWords(), translate, vscode.env.language);
    },
    [explainName]: () => explanation(ledger, explained ?? dayOf(Date.now(), userTimeZone())),
  });
  return vscode.Disposable.from(
    texts,
    panel,
    registerWeeklyLetter(ledger, memory),
    registerTeamRollUp(ledger),
    registerCostTrailer(ledger),
    registerSpendTool(ledger, taskBudget),
    vscode.commands.registerCommand(commands.showReport, () => panel.show()),
    vscode.commands.registerCommand(commands.exportReport, () => exportReport(ledger, panel.shown)),
    vscode.commands.registerCommand(commands.showDoctor, () => texts.preview(doctorName)),
    vscode.commands.registerCommand(commands.explain, async (target?: unknown) => {
      const chosen = typeof target === 'string' || isSumQuery(target) ? target : await chooseTarget(ledger);
      if (chosen === undefined) return;
      explained = chosen;
      await texts.preview(explainName);
    }),
  );
}

function outcomesOf(ledger: LedgerClient): LaterSections {
  const git = new GitOutcomes();
  return async (request, around) => {
    const { stackBy: _, ...query } = pageQuery(request, around.timeZone);
    const found = await ledger.outcomes(query, await git.commits());
    return outcomeSections(found, await git.lines(shownCommits(found)), around);
  };
}

function isSumQuery(target: unknown): target is SumQuery {
  return typeof target === 'object' && target !== null && 'timeZone' in target && typeof target.timeZone === 'string';
}

/** A day is a sum; sessions and calls are told row by row. */
async function explanation(ledger: LedgerClient, target: string | SumQuery): Promise<string> {
  const timeZone = userTimeZone();
  const query = typeof target === 'string' ? { since: target, until: target, timeZone } : target;
  if (typeof target === 'string' && !isDay(target)) {
    const found = await ledger.explain(target, timeZone);
    return found ? explanationMarkdown(found, translate, vscode.env.language) : nothing(target);
  }
  const [found, labels] = await Promise.all([ledger.passport(query), ledger.agentLabels()]);
  if (found.totals.calls === 0) return nothing([query.since, query.until].join(' – '));
  return passportMarkdown(found, query, {
    t: translate,
    locale: vscode.env.language,
    agentLabel: (id) => labels[id] ?? id,
  });
}

function nothing(target: string): string {
  return `# ${explainName}\n\n${vscode.l10n.t('No call is logged for {0}.', markdownCell(target))}\n`;
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
