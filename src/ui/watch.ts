// When to look at the logs again: file events where VS Code delivers them, a slow timer where it does not (network and
// WSL shares), at midnight, at once when the window gets the focus back. One refresh at a time, one more if something
// came meanwhile.
import * as vscode from 'vscode';
import { msToNextLook } from '../ledger/turns';
import { type Guard } from './guard';
import { userTimeZone } from './userTimeZone';

/** An agent writes several lines at once, and a refresh is work: rest in proportion after one. */
const leastRestMs = 150;
const mostRestMs = 5000;
const restFactor = 4;
/** A first event is answered at once, but for the line that follows it. */
const firstMs = 20;

/** A new watcher hears nothing for its first moments, and does not say when it begins to: looks that make up for it. */
const settlingMs = [2000, 6000, 15_000];

/** What a refresh found. */
export interface Looked {
  readonly changed: boolean;
  readonly hasLogs: boolean;
}

export class Watch implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private watchers: vscode.Disposable = vscode.Disposable.from();
  private watched = '';
  private timer: NodeJS.Timeout | undefined;
  private dueMs = Infinity;
  private running = false;
  private again = false;
  private heard = true;
  private readonly changed = new Set<string>();
  private missesEvents = false;
  private restUntilMs = 0;
  private disposed = false;

  /** `refresh` resolves when the answer is on screen; `guard` logs what it throws. */
  constructor(
    private readonly refresh: () => Promise<Looked | undefined>,
    /** Whether a change of these paths can matter. */
    private readonly concerns: (paths: readonly string[]) => Promise<boolean>,
    private readonly guard: Guard,
  ) {
    this.subscription = vscode.Disposable.from(
      vscode.window.onDidChangeWindowState((state) => {
        if (state.focused) this.soon(0);
      }),
      { dispose: () => clearTimeout(this.timer) },
      { dispose: () => void this.watchers.dispose() },
    );
  }

  /** Watches exactly these folders and files from now on. */
  watchFolders(folders: readonly string[]): void {
    const wanted = [...folders].sort().join('\n');
    if (wanted === this.watched || this.disposed) return;
    this.watched = wanted;
    this.watchers.dispose();
    const settling = settlingMs.map((ms) => setTimeout(() => this.soon(0), ms));
    this.watchers = vscode.Disposable.from(
      { dispose: () => settling.forEach(clearTimeout) },
      ...folders.map((folder) => {
        const watcher = vscode.workspace.createFileSystemWatcher(
          new vscode.RelativePattern(vscode.Uri.file(folder), '**'),
        );
        return vscode.Disposable.from(
          watcher,
          watcher.onDidChange((uri) => this.hear(uri.fsPath)),
          watcher.onDidCreate((uri) => this.hear(uri.fsPath)),
          watcher.onDidDelete((uri) => this.hear(uri.fsPath)),
        );
      }),
    );
  }

  /** Refreshes after at most `delayMs`; an earlier appointment stands. */
  soon(delayMs: number): void {
    if (this.disposed) return;
    if (this.running) {
      this.again = true;
      return;
    }
    const dueMs = Date.now() + delayMs;
    if (this.timer && delayMs > 0 && this.dueMs <= dueMs) return;
    clearTimeout(this.timer);
    this.dueMs = dueMs;
    this.timer = setTimeout(() => this.run(), delayMs);
  }

  dispose(): void {
    this.disposed = true;
    this.subscription.dispose();
  }

  /** Asks whether what changed is a log at all: the editor itself writes into some of these folders every second. */
  private hear(path: string): void {
    if (path.endsWith('vscode.lock')) return;
    this.changed.add(path);
    if (this.changed.size > 1) return;
    setTimeout(() => {
      const paths = [...this.changed];
      this.changed.clear();
      this.guard('watch', async () => {
        if (await this.concerns(paths).catch(() => true)) this.come();
      });
    }, 0);
  }

  private come(): void {
    this.heard = true;
    this.missesEvents = false;
    // A clock that was put back must not make it wait.
    this.soon(Math.min(mostRestMs, Math.max(firstMs, this.restUntilMs - Date.now())));
  }

  private run(): void {
    this.running = true;
    this.again = false;
    this.timer = undefined;
    const wasHeard = this.heard;
    this.heard = false;
    const startMs = Date.now();
    this.guard('refresh', async () => {
      try {
        const looked = await this.refresh();
        // Without any log there is no folder to hear from.
        if (looked?.hasLogs === false || (looked?.changed && !wasHeard && !this.heard)) this.missesEvents = true;
      } finally {
        this.running = false;
        this.appoint(Date.now(), startMs);
      }
    });
  }

  private appoint(nowMs: number, startMs: number): void {
    const restMs = Math.min(mostRestMs, Math.max(leastRestMs, restFactor * (nowMs - startMs)));
    this.restUntilMs = nowMs + restMs;
    const next = msToNextLook({
      nowMs,
      timeZone: userTimeZone(),
      isFocused: vscode.window.state.focused,
      missesEvents: this.missesEvents,
    });
    this.soon(this.again ? restMs : next);
  }
}
