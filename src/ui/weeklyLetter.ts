// "Write Weekly Check-In": the letter of a week as a Markdown document of the person's own, to read, fill in and keep.
// Where the setting asks for it, a quiet item in the status bar offers last week's once a week; never a notice.
import * as vscode from 'vscode';
import { addDays, dayOf, mondayOf, startOfDay } from '../ledger/calendar';
import { type LedgerClient } from '../ledger/ledgerClient';
import { hindsightLine } from '../report/hindsightWords';
import { type PageSurroundings } from '../report/pageShapes';
import { weeklyLetter } from '../report/weeklyLetter';
import { ledgerHindsight } from './advisorHindsight';
import { commands } from './commands';
import { reportSurroundings } from './reportSurroundings';
import { onDidChangeSettings, readSettings } from './settings';
import { oneLine } from '../report/oneLine';
import { userTimeZone } from './userTimeZone';

/** The Monday of the week whose letter was last opened or waved off. */
const doneKey = 'weeklyLetter.done';
const hourMs = 60 * 60 * 1000;

export function registerWeeklyLetter(ledger: LedgerClient, memory: vscode.Memento): vscode.Disposable {
  const reminder = new WeeklyReminder(memory);
  return vscode.Disposable.from(
    reminder,
    vscode.commands.registerCommand(commands.writeWeeklyLetter, async (asked?: unknown) => {
      const monday = asked === 'last' ? lastMonday() : await chooseWeek();
      if (monday === undefined) return;
      if (monday === lastMonday()) await reminder.done();
      const content = await letterOf(ledger, monday);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'markdown', content }));
    }),
    vscode.commands.registerCommand(commands.skipWeeklyLetter, () => reminder.done()),
  );
}

function lastMonday(): string {
  return addDays(mondayOf(dayOf(Date.now(), userTimeZone())), -7);
}

async function chooseWeek(): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const last = lastMonday();
  const picked = await vscode.window.showQuickPick(
    [
      { label: t('Last week'), description: t('{0} to {1}', last, addDays(last, 6)), monday: last },
      { label: t('This week so far'), description: t('from {0}', addDays(last, 7)), monday: addDays(last, 7) },
    ],
    { title: t('Which week’s check-in?') },
  );
  return picked?.monday;
}

async function letterOf(ledger: LedgerClient, monday: string): Promise<string> {
  const timeZone = userTimeZone();
  const today = dayOf(Date.now(), timeZone);
  await ledger.refresh();
  const query = { since: monday, until: addDays(monday, 6), timeZone };
  const [facts, outcomes, around] = await Promise.all([
    ledger.weekFacts({ monday, timeZone }),
    ledger.outcomes(query),
    reportSurroundings(ledger),
  ]);
  const texts = new Map<unknown, string>();
  for (const session of facts.sessions) {
    const text = session.hasTitle ? await ledger.sessionTitle(session.agent, session.key) : undefined;
    const opening = text ?? (await openingOf(ledger, session.agent, session.firstPromptKey));
    if (opening !== undefined) texts.set(session, oneLine(opening));
  }
  for (const prompt of facts.prompts) {
    const opening = await openingOf(ledger, prompt.agent, prompt.key);
    if (opening !== undefined) texts.set(prompt, oneLine(opening));
  }
  const hindsight = await hindsightOf(ledger, monday, around);
  return weeklyLetter(
    {
      facts,
      outcomes,
      sessionText: (session) => texts.get(session),
      promptText: (prompt) => texts.get(prompt),
      ...(hindsight === undefined ? {} : { hindsight }),
      ...(today < query.until ? { soFar: today } : {}),
    },
    around,
  );
}

/** Words are an extra: where a log is gone the letter does without. */
async function openingOf(
  ledger: LedgerClient,
  agent: Parameters<LedgerClient['promptText']>[0],
  key: string | undefined,
): Promise<string | undefined> {
  return key === undefined ? undefined : ledger.promptText(agent, key).catch(() => undefined);
}

async function hindsightOf(
  ledger: LedgerClient,
  monday: string,
  around: PageSurroundings,
): Promise<string | undefined> {
  const sinceMs = startOfDay(monday, around.timeZone);
  const untilMs = startOfDay(addDays(monday, 7), around.timeZone);
  const report = await ledgerHindsight(ledger, { sinceMs, untilMs });
  return report.looked === 0 ? undefined : hindsightLine(report, around);
}

class WeeklyReminder implements vscode.Disposable {
  private item: vscode.StatusBarItem | undefined;
  private readonly subscription: vscode.Disposable;

  constructor(private readonly memory: vscode.Memento) {
    const timer = setInterval(() => this.show(), hourMs);
    this.subscription = vscode.Disposable.from(
      onDidChangeSettings(() => this.show()),
      { dispose: () => clearInterval(timer) },
      { dispose: () => this.item?.dispose() },
    );
    this.show();
  }

  dispose(): void {
    this.subscription.dispose();
  }

  /** Of last week: nothing more is said of it, in any window. */
  async done(): Promise<void> {
    await this.memory.update(doneKey, lastMonday());
    this.show();
  }

  private show(): void {
    const isDue = readSettings().weeklyReminder && this.memory.get<string>(doneKey) !== lastMonday();
    if (!isDue) {
      this.item?.dispose();
      this.item = undefined;
      return;
    }
    if (this.item) return;
    const { t } = vscode.l10n;
    const item = vscode.window.createStatusBarItem('tokenometer.weekly', vscode.StatusBarAlignment.Left, 0);
    item.name = t('Tokenometer: Weekly Check-In');
    item.text = `$(mail) ${t('weekly check-in')}`;
    item.accessibilityInformation = { label: t('Last week’s check-in can be written'), role: 'button' };
    const tooltip = new vscode.MarkdownString(
      `${t('Last week’s check-in can be written.')}\n\n[${t('Not this week')}](command:${commands.skipWeeklyLetter})`,
    );
    tooltip.isTrusted = { enabledCommands: [commands.skipWeeklyLetter] };
    item.tooltip = tooltip;
    item.command = { command: commands.writeWeeklyLetter, title: item.name, arguments: ['last'] };
    item.show();
    this.item = item;
  }
}
