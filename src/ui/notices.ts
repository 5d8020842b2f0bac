// The few notices of the meter: one for each threshold of a budget and period, one for a session in circles. Which window
// may speak, and whether at all, is the ledger's to say.
// Presenting: VS Code has no way to ask for Zen mode or do-not-disturb, and needs none. Under do-not-disturb it shows no
// information or warning toast, and Zen mode turns that on (`zenMode.silentNotifications`, on by default): see
// code.visualstudio.com/docs/editing/userinterface, "Zen mode", and /docs/configure/settings. So nothing here is ever an error.
import * as vscode from 'vscode';
import { formatShare } from '../format';
import { type LedgerClient } from '../ledger/ledgerClient';
import { type MeterFacts } from '../ledger/meterFacts';
import { type BudgetNotice } from '../ledger/notices';
import { type RunawaySighting } from '../ledger/recentRunaways';
import { commands } from './commands';
import { type Guard } from './guard';
import { locale } from './locale';
import { budgetSentence } from './meterWords';
import { runawayWords } from './runawayWords';
import { type NoticeChoice, readSettings, section } from './settings';

const snoozeMs = 60 * 60 * 1000;
/** A window in the background leaves the first word to the one that is looked at. */
const politeMs = 3000;

export class Notices implements vscode.Disposable {
  private isStart = true;
  private timer: NodeJS.Timeout | undefined;
  private latest: MeterFacts | undefined;

  constructor(
    private readonly ledger: LedgerClient,
    private readonly guard: Guard,
  ) {}

  /** After each reading. The first one only takes note of what is there. */
  async look(facts: MeterFacts): Promise<void> {
    this.latest = facts;
    if (this.isStart || vscode.window.state.focused) {
      await this.speak(facts);
      return;
    }
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.guard('show notices', () => this.speak(this.latest!));
    }, politeMs);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private async speak({ budgets, runaways }: MeterFacts): Promise<void> {
    const { notices: choice } = readSettings();
    const { isStart } = this;
    this.isStart = false;
    const nowMs = Date.now();
    if (choice === 'all' || choice === 'budgets') {
      const states = budgets.map(({ state }) => state);
      for (const notice of await this.ledger.claimNotices(states, nowMs))
        this.guard('show a notice', () => this.tellBudget(notice));
    }
    if (choice === 'all' || choice === 'runaway') {
      for (const sighting of runaways) {
        const key = JSON.stringify(['runaway', sighting.agent, sighting.sessionId, sighting.kind]);
        if (await this.ledger.claimAlarm(key, isStart, nowMs))
          this.guard('show an alarm', () => this.tellRunaway(sighting));
      }
    }
  }

  private async tellBudget(notice: BudgetNotice): Promise<void> {
    const { t } = vscode.l10n;
    const snooze = t('Snooze');
    const change = t('Change Budget');
    const never = t('Don’t Show Again');
    const sentence = budgetSentence(notice.state);
    const answer =
      notice.threshold >= 1
        ? await vscode.window.showWarningMessage(t('{0}: the budget is used up.', sentence), snooze, change, never)
        : await vscode.window.showInformationMessage(
            t('{0}: over {1} of the budget.', sentence, formatShare(notice.threshold, locale())),
            snooze,
            change,
            never,
          );
    if (answer === snooze) await this.ledger.snoozeNotice(notice, Date.now() + snoozeMs, Date.now());
    else if (answer === change) await changeBudget(notice);
    else if (answer === never) await silence('budgets');
  }

  private async tellRunaway(sighting: RunawaySighting): Promise<void> {
    const { t } = vscode.l10n;
    const open = t('Open Log');
    const never = t('Don’t Show Again');
    const answer = await vscode.window.showWarningMessage(runawayWords(sighting), open, never);
    if (answer === open) await this.openLog(sighting);
    else if (answer === never) await silence('runaway');
  }

  /** At the session's last call; where the log is no text, the session is explained instead. */
  private async openLog({ agent, sessionId }: RunawaySighting): Promise<void> {
    const place = await this.ledger.sessionLog(agent, sessionId);
    if (!place) {
      await vscode.commands.executeCommand(commands.explain, sessionId);
      return;
    }
    const at = place.line === undefined ? {} : { selection: new vscode.Range(place.line, 0, place.line, 0) };
    // The editor itself says so of a file that is too large for it.
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(place.path), at);
  }
}

async function changeBudget({ state: { budget } }: BudgetNotice): Promise<void> {
  if (budget.period === 'task') await vscode.commands.executeCommand(commands.startTaskBudget);
  else await vscode.commands.executeCommand(commands.setBudget, budget.id.split(' ')[0]);
}

/** Turns off this kind of notice in the person's settings, where they can turn it on again. */
async function silence(kind: 'budgets' | 'runaway'): Promise<void> {
  const { notices } = readSettings();
  const left: NoticeChoice = notices === 'all' ? (kind === 'budgets' ? 'runaway' : 'budgets') : 'off';
  const configuration = vscode.workspace.getConfiguration(section);
  await configuration.update('meter.notices', left, vscode.ConfigurationTarget.Global);
}
