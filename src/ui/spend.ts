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
  private day = '';

  constructor(
    private readonly ledger: LedgerClient,
    private readonly meter: Meter,
    private readonly log: vscode.LogOutputChannel,
    guard: Guard,
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
      await this.redraw(outcome.hasLogs);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.log.error('could not refresh the ledger:', why);
      this.meter.show({ kind: 'failed', why });
    }
  }

  private async redraw(hasLogs: boolean): Promise<void> {
    if (!hasLogs) {
      this.meter.show({ kind: 'no-logs' });
      return;
    }
    const glance = await takeGlance(this.ledger, Date.now(), userTimeZone());
    if (glance.day !== this.day) {
      this.day = glance.day;
      this.log.debug(`today is ${glance.day} in ${userTimeZone()}`);
    }
    this.meter.show({ kind: 'glance', glance });
  }
}
