// A budget for the task at hand: asked for in the palette, kept with the workspace, ended by a commit or by command.
// Listens to VS Code's own Git extension only while a task runs; starts no git itself.
import * as vscode from 'vscode';
import { type Budget, type BudgetState, type BudgetUnit } from '../ledger/budget';
import { readAmount } from '../ledger/budgetSetting';
import { endsTask, type HeadState, mayBeCommit } from '../ledger/taskEnd';
import { openFolders } from './budgets';
import { commands } from './commands';
import { type Guard } from './guard';
import { budgetSentence } from './meterWords';

/** The part of the Git extension's interface (version 1) that is used. */
interface GitRepository {
  readonly rootUri: vscode.Uri;
  readonly state: {
    readonly HEAD?: { readonly name?: string; readonly commit?: string };
    readonly onDidChange: vscode.Event<void>;
  };
  getCommit(ref: string): Promise<{ readonly commitDate?: Date }>;
}
interface GitApi {
  readonly repositories: readonly GitRepository[];
  readonly onDidOpenRepository: vscode.Event<GitRepository>;
}
interface GitExports {
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}

interface Task {
  readonly limit: number;
  readonly unit: BudgetUnit;
  readonly sinceMs: number;
}

const key = 'taskBudget';
const context = 'tokenometer.taskRunning';

export interface TaskBudgetDeps {
  readonly memory: vscode.Memento;
  readonly guard: Guard;
  /** The task began or ended: look again. */
  readonly onChange: () => void;
  /** How the running task stands. */
  readonly read: () => Promise<BudgetState | undefined>;
}

export class TaskBudget implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private listening: vscode.Disposable | undefined;

  constructor(private readonly deps: TaskBudgetDeps) {
    this.subscription = vscode.Disposable.from(
      vscode.commands.registerCommand(commands.startTaskBudget, () => this.start()),
      vscode.commands.registerCommand(commands.endTaskBudget, () => this.end('command')),
      { dispose: () => void this.listening?.dispose() },
    );
    this.follow();
  }

  /** The running task as a budget of the open folders' projects; of everything where no folder is open. */
  get budget(): Budget | undefined {
    const task = this.deps.memory.get<Task>(key);
    if (!task) return undefined;
    const folders = openFolders().map(({ uri }) => uri.fsPath);
    const { limit, unit, sinceMs } = task;
    return {
      id: `task ${sinceMs}`,
      period: 'task',
      limit,
      unit,
      sinceMs,
      ...(folders.length > 0 && { scope: folders.join('\n') }),
    };
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private async start(): Promise<void> {
    const { t } = vscode.l10n;
    const text = await vscode.window.showInputBox({
      title: t('Start a Task Budget'),
      prompt: t(
        'How much may this task use? For example $2 or 500k tokens. It counts what agents use in this workspace from now, and ends with your next commit.',
      ),
      value: '$2',
      validateInput: (value) => (readAmount(value) ? undefined : t('An amount, for example $2 or 500k tokens')),
    });
    const amount = text === undefined ? undefined : readAmount(text);
    if (!amount) return;
    await this.deps.memory.update(key, { ...amount, sinceMs: Date.now() } satisfies Task);
    this.follow();
    this.deps.onChange();
  }

  private async end(by: 'commit' | 'command'): Promise<void> {
    if (!this.budget) return;
    const state = await this.deps.read().catch(() => undefined);
    await this.deps.memory.update(key, undefined);
    this.follow();
    this.deps.onChange();
    if (!state) return;
    const sentence = budgetSentence(state);
    const words =
      by === 'commit'
        ? vscode.l10n.t('The task budget ended with your commit. {0}.', sentence)
        : vscode.l10n.t('The task budget has ended. {0}.', sentence);
    void vscode.window.showInformationMessage(words);
  }

  /** Listens for commits while a task runs. */
  private follow(): void {
    const task = this.deps.memory.get<Task>(key);
    void vscode.commands.executeCommand('setContext', context, task !== undefined);
    this.listening?.dispose();
    this.listening = undefined;
    if (task) this.deps.guard('listen for commits', () => this.listen(task));
  }

  private async listen(task: Task): Promise<void> {
    const extension = vscode.extensions.getExtension<GitExports>('vscode.git');
    const git = await extension?.activate();
    if (!git?.enabled || this.deps.memory.get<Task>(key)?.sinceMs !== task.sinceMs) return;
    const api = git.getAPI(1);
    const parts: vscode.Disposable[] = [];
    const watch = (repository: GitRepository) => parts.push(this.watchHead(repository, task));
    api.repositories.forEach(watch);
    parts.push(api.onDidOpenRepository(watch));
    this.listening = { dispose: () => parts.forEach((part) => void part.dispose()) };
  }

  private watchHead(repository: GitRepository, task: Task): vscode.Disposable {
    let before = headOf(repository);
    return repository.state.onDidChange(() => {
      const after = headOf(repository);
      const moved = mayBeCommit(before, after);
      // Git looks at a folder only after it was opened: what it sees first is no commit.
      const isFirst = before.branch === undefined && before.commit === undefined;
      before = after;
      if (!moved || isFirst) return;
      this.deps.guard('look at a commit', async () => {
        const { commitDate } = await repository.getCommit(after.commit!);
        if (commitDate && endsTask(task.sinceMs, commitDate.getTime())) await this.end('commit');
      });
    });
  }
}

function headOf({ state: { HEAD } }: GitRepository): HeadState {
  return {
    ...(HEAD?.name !== undefined && { branch: HEAD.name }),
    ...(HEAD?.commit !== undefined && { commit: HEAD.commit }),
  };
}
