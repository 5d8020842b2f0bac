// What one does after a look at the meter: the quick pick behind the status item.
import * as vscode from 'vscode';
import { commands } from './commands';

const ownSettings = '@ext:tokenometer.tokenometer';

interface Action extends vscode.QuickPickItem {
  readonly run: () => Thenable<unknown>;
}

/** Asked each time the menu opens. */
export function registerMeterMenu(asked: {
  readonly isTaskRunning: () => boolean;
  /** What the meter says. */
  readonly describe: () => string;
  /** The day or session that the figure is of. */
  readonly explains: () => string | undefined;
}): vscode.Disposable {
  return vscode.commands.registerCommand(commands.showMeterMenu, async () => {
    const picked = await vscode.window.showQuickPick<Action>(actions(asked.isTaskRunning(), asked.explains()), {
      title: asked.describe(),
      placeHolder: vscode.l10n.t('What next?'),
    });
    await picked?.run();
  });
}

function actions(isTaskRunning: boolean, explains: string | undefined): Action[] {
  const { t } = vscode.l10n;
  const execute =
    (command: string, ...args: unknown[]) =>
    () =>
      vscode.commands.executeCommand(command, ...args);
  const separator = { label: '', kind: vscode.QuickPickItemKind.Separator, run: () => Promise.resolve() };
  const task: Action = isTaskRunning
    ? { label: `$(check) ${t('End the Task Budget')}`, run: execute(commands.endTaskBudget) }
    : { label: `$(target) ${t('Start a Task Budget…')}`, run: execute(commands.startTaskBudget) };
  return [
    { label: `$(graph) ${t('Show Cost Report')}`, run: execute(commands.showReport) },
    {
      label: `$(question) ${t('Why This Number?')}`,
      run: execute(commands.explain, explains),
    },
    separator,
    { label: `$(dashboard) ${t('Set a Budget…')}`, run: execute(commands.setBudget) },
    task,
    { label: `$(eye) ${t('Choose What the Meter Shows…')}`, run: execute(commands.chooseMeter) },
    separator,
    { label: `$(settings-gear) ${t('Open Settings')}`, run: execute('workbench.action.openSettings', ownSettings) },
    { label: `$(checklist) ${t('Check Agent Logs')}`, run: execute(commands.showDoctor) },
  ];
}
