// When to look at the logs again: file events where VS Code delivers them, a slow timer where it does not (network and
// WSL shares), at once when the window gets the focus back. One refresh at a time, one more if something came meanwhile.
import * as vscode from 'vscode';
import { type Guard } from './guard';

/** Wait this long after an event: an agent writes several lines at once. */
const settleMs = 150;
const pollMs = 20_000;

export class Watch implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private watchers: vscode.Disposable = vscode.Disposable.from();
  private watched = '';
  private timer: NodeJS.Timeout | undefined;
  private running = false;
  private again = false;
  private disposed = false;

  /** `refresh` resolves when the answer is on screen; `guard` logs what it throws. */
  constructor(
    private readonly refresh: () => Promise<void>,
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
    this.watchers = vscode.Disposable.from(
      ...folders.map((folder) => {
        const watcher = vscode.workspace.createFileSystemWatcher(
          new vscode.RelativePattern(vscode.Uri.file(folder), '**'),
        );
        return vscode.Disposable.from(
          watcher,
          watcher.onDidChange(() => this.soon(settleMs)),
          watcher.onDidCreate(() => this.soon(settleMs)),
          watcher.onDidDelete(() => this.soon(settleMs)),
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
    if (this.timer && delayMs > 0 && this.dueMs <= Date.now() + delayMs) return;
    clearTimeout(this.timer);
    this.dueMs = Date.now() + delayMs;
    this.timer = setTimeout(() => this.run(), delayMs);
  }

  dispose(): void {
    this.disposed = true;
    this.subscription.dispose();
  }

  private dueMs = Infinity;

  private run(): void {
    this.running = true;
    this.again = false;
    this.timer = undefined;
    this.guard('refresh', async () => {
      try {
        await this.refresh();
      } finally {
        this.running = false;
        const quiet = !vscode.window.state.focused;
        this.soon(this.again ? settleMs : quiet ? pollMs * 6 : pollMs);
      }
    });
  }
}
