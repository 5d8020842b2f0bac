// Keeps the meter true: asks the ledger after every change and shows the answer. Starts nothing before the window is
// idle, and survives a ledger that cannot be opened.
import * as vscode from 'vscode';
import { type Budget, type BudgetState } from '../ledger/budget';
import { type BudgetSetting } from '../ledger/budgetSetting';
import { type LedgerClient } from '../ledger/ledgerClient';
import { type LiveSession } from '../ledger/liveSession';
import { openFolders, windowBudgets } from './budgets';
import { type Guard } from './guard';
import { reachedCaps } from './hardCaps';
import { type Meter } from './meter';
import { type TooltipFacts } from './meterTooltip';
import { Notices } from './notices';
import { onDidChangeSettings, readSettings } from './settings';
import { userTimeZone } from './userTimeZone';
import { type Looked, Watch } from './watch';

/** After start-up, leave the first moments to the editor. */
const idleMs = 800;
/** How often a countdown on the hover is brought up to date while a cache is warm. */
const countdownMs = 10_000;

export interface SpendDeps {
  readonly ledger: LedgerClient;
  readonly meter: Meter;
  readonly log: vscode.LogOutputChannel;
  readonly guard: Guard;
  /** The budget of the task at hand. */
  readonly taskBudget: () => Budget | undefined;
  /** The logs have been read once: what was answered before may have been empty. */
  readonly onFirstReading: () => void;
  /** Asked after each reading: one sentence on changing the running session's model, where there is something to say. */
  readonly switchLine: (session: LiveSession | undefined) => Promise<string | undefined>;
}

export class Spend implements vscode.Disposable {
  private readonly watch: Watch;
  private readonly notices: Notices;
  private readonly subscription: vscode.Disposable;
  private readonly told = new Set<string>();
  private hasRead = false;
  private hasCaps = true;
  private countdown: NodeJS.Timeout | undefined;

  constructor(private readonly deps: SpendDeps) {
    const { ledger, guard } = deps;
    this.watch = new Watch(
      () => this.refresh(),
      (paths) => ledger.concerns(paths),
      guard,
    );
    this.notices = new Notices(ledger, guard);
    const first = setTimeout(() => this.watch.soon(0), idleMs);
    this.subscription = vscode.Disposable.from(
      this.watch,
      this.notices,
      onDidChangeSettings(() => this.look()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.look()),
      { dispose: () => clearTimeout(first) },
      { dispose: () => clearTimeout(this.countdown) },
    );
  }

  /** Looks at once. */
  look(): void {
    this.watch.soon(0);
  }

  /** How the running task stands, read anew. */
  async taskState(): Promise<BudgetState | undefined> {
    await this.deps.ledger.refresh();
    const { budgets } = await this.ask(windowBudgets());
    return budgets.find(({ state }) => state.budget.period === 'task')?.state;
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private async refresh(): Promise<Looked | undefined> {
    try {
      const outcome = await this.deps.ledger.refresh();
      this.watch.watchFolders(outcome.folders);
      if (outcome.setAside !== undefined) this.tellSetAside(outcome.setAside);
      await this.redraw(outcome.hasLogs);
      await this.tellPriceProblems();
      if (!this.hasRead && outcome.hasLogs) {
        this.hasRead = true;
        this.deps.onFirstReading();
      }
      return outcome;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.deps.log.error('could not refresh the ledger:', why);
      this.deps.meter.show({ kind: 'failed', why });
      return undefined;
    }
  }

  private ask({ budgets, workingDays }: BudgetSetting): Promise<TooltipFacts> {
    const task = this.deps.taskBudget();
    const { notices } = readSettings();
    return this.deps.ledger.meterFacts({
      nowMs: Date.now(),
      timeZone: userTimeZone(),
      folders: openFolders().map(({ uri }) => uri.fsPath),
      budgets: [...(task ? [task] : []), ...budgets],
      ...(workingDays && { workingDays }),
      isRunawayOff: notices === 'off' || notices === 'budgets',
    });
  }

  private async redraw(hasLogs: boolean): Promise<void> {
    if (!hasLogs) {
      this.deps.meter.show({ kind: 'no-logs' });
      return;
    }
    const setting = windowBudgets();
    this.tellOnce(
      setting.problems.map((problem) => `budgets.${problem}`),
      (problems) => vscode.l10n.t('Tokenometer leaves out a budget setting: {0}', problems),
      'tokenometer.budgets',
    );
    const asked = await this.ask(setting);
    const switchLine = await this.deps.switchLine(asked.session).catch(() => undefined);
    const facts = { ...asked, ...(switchLine === undefined ? {} : { switchLine }) };
    this.show(facts);
    await this.notices.look(facts);
    await this.keepHardCaps(facts);
  }

  private show(facts: TooltipFacts): void {
    clearTimeout(this.countdown);
    const { meterShow } = readSettings();
    const nowMs = Date.now();
    this.deps.meter.show({ kind: 'facts', facts, subject: meterShow, nowMs, timeZone: userTimeZone() });
    const isWarm = (facts.session?.cache?.warmUntilMs ?? 0) > nowMs;
    if (isWarm && vscode.window.state.focused) this.countdown = setTimeout(() => this.show(facts), countdownMs);
  }

  /** The state file is written for those who asked for a hard cap, and cleared once nobody does. */
  private async keepHardCaps(facts: TooltipFacts): Promise<void> {
    const owner = openFolders()
      .map(({ uri }) => uri.fsPath)
      .join('\n');
    const hasCaps = facts.budgets.some(({ state }) => state.budget.isHardCap === true);
    if (!hasCaps && !this.hasCaps) return;
    this.hasCaps = hasCaps;
    const nowMs = Date.now();
    await this.deps.ledger.keepHardCaps(reachedCaps(facts, nowMs, userTimeZone()), owner, nowMs);
  }

  /** The figures may be smaller than yesterday: that needs a word. */
  private tellSetAside(path: string): void {
    this.deps.log.warn('the store was damaged and is set aside as', path);
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        'Tokenometer’s store was damaged. It is kept as {0}, and a new one is built from the logs that are still there.',
        path,
      ),
    );
  }

  private async tellPriceProblems(): Promise<void> {
    this.tellOnce(
      (await this.deps.ledger.prices()).problems,
      (problems) => vscode.l10n.t('Tokenometer leaves out a price setting: {0}', problems),
      'tokenometer.prices',
    );
  }

  /** Each bad part of the settings is named once, with the way to mend it. */
  private tellOnce(found: readonly string[], words: (problems: string) => string, setting: string): void {
    const problems = found.filter((problem) => !this.told.has(problem));
    if (problems.length === 0) return;
    for (const problem of problems) {
      this.told.add(problem);
      this.deps.log.warn(`${setting}:`, problem);
    }
    const open = vscode.l10n.t('Open Settings');
    void vscode.window.showWarningMessage(words(problems.join(' · ')), open).then((answer) => {
      if (answer === open) void vscode.commands.executeCommand('workbench.action.openSettings', setting);
    });
  }
}
