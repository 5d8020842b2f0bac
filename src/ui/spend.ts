// Keeps the meter true: asks the ledger after every change and shows the answer. Starts nothing before the window is
// idle, and survives a ledger that cannot be opened.
import * as vscode from 'vscode';
import { type LedgerClient } from '../ledger/ledgerClient';
import { takeGlance } from '../report/glance';
import { type Guard } from './guard';
import { type Meter } from './meter';
import { userTimeZone } from './userTimeZone';
import { Watch } from './watch';

/** After start-up, leave the first moments to the editor. */
const idleMs = 800;

export class Spend implements vscode.Disposable {
  private readonly watch: Watch;
  private readonly subscription: vscode.Disposable;
  private readonly told = new Set<string>();
  private hasRead = false;

  constructor(
    private readonly ledger: LedgerClient,
    private readonly meter: Meter,
    private readonly log: vscode.LogOutputChannel,
    guard: Guard,
    /** The logs have been read once: what was answered before may have been empty. */
    private readonly onFirstReading: () => void,
  ) {
    this.watch = new Watch(() => this.refresh(), guard);
    const first = setTimeout(() => this.watch.soon(0), idleMs);
    this.subscription = vscode.Disposable.from(this.watch, { dispose: () => clearTimeout(first) });
  }

  /** Looks at once. */
  look(): void {
    this.watch.soon(0);
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private async refresh(): Promise<void> {
    try {
      const outcome = await this.ledger.refresh();
      this.watch.watchFolders(outcome.folders);
      if (outcome.setAside !== undefined) this.tellSetAside(outcome.setAside);
      await this.tellPriceProblems();
      await this.redraw(outcome.hasLogs);
      if (!this.hasRead && outcome.hasLogs) {
        this.hasRead = true;
        this.onFirstReading();
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.log.error('could not refresh the ledger:', why);
      this.meter.show({ kind: 'failed', why });
    }
  }

  /** The figures may be smaller than yesterday: that needs a word. */
  private tellSetAside(path: string): void {
    this.log.warn('the store was damaged and is set aside as', path);
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        'Tokenometer’s store was damaged. It is kept as {0}, and a new one is built from the logs that are still there.',
        path,
      ),
    );
  }

  /** Each bad price row is named once, with the way to mend it. */
  private async tellPriceProblems(): Promise<void> {
    const problems = (await this.ledger.prices()).problems.filter((problem) => !this.told.has(problem));
    if (problems.length === 0) return;
    for (const problem of problems) {
      this.told.add(problem);
      this.log.warn('prices:', problem);
    }
    const open = vscode.l10n.t('Open Settings');
    const words = vscode.l10n.t('Tokenometer leaves out a price setting: {0}', problems.join(' · '));
    void vscode.window.showWarningMessage(words, open).then((answer) => {
      if (answer === open) void vscode.commands.executeCommand('workbench.action.openSettings', 'tokenometer.prices');
    });
  }

  private async redraw(hasLogs: boolean): Promise<void> {
    if (!hasLogs) {
      this.meter.show({ kind: 'no-logs' });
      return;
    }
    const glance = await takeGlance(this.ledger, Date.now(), userTimeZone());
    this.meter.show({ kind: 'glance', glance });
  }
}
