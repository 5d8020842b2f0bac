// What one does after a look at the meter: the quick pick behind the status item.
import * as vscode from 'vscode';
import { dayOf } from '../ledger/calendar';
import { commands } from './commands';
import { openFolders } from './budgets';
import { section } from './settings';
import { userTimeZone } from './userTimeZone';

interface Action extends vscode.QuickPickItem {
  readonly run: () => Thenable<unknown>;
}

/** `isTaskRunning` and `describe` are asked each time the menu opens. */
export function registerMeterMenu(asked: {
  readonly isTaskRunning: () => boolean;
  /** How the running task stands, or what the meter says. */
  readonly describe: () => string;
}): vscode.Disposable {
  return vscode.commands.registerCommand(commands.showMeterMenu, async () => {
    const picked = await vscode.window.showQuickPick<Action>(actions(asked.isTaskRunning()), {
      title: asked.describe(),
      placeHolder: vscode.l10n.t('What next?'),
    });
    await picked?.run();
  });
}

function actions(isTaskRunning: boolean): Action[] {
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
      run: execute(commands.explain, dayOf(Date.now(), userTimeZone())),
    },
    separator,
    { label: `$(dashboard) ${t('Set a Budget…')}`, run: execute(commands.setBudget) },
    task,
    { label: `$(eye) ${t('Choose What the Meter Shows…')}`, run: execute(commands.chooseMeter) },
    separator,
    { label: `$(settings-gear) ${t('Open Settings')}`, run: execute('workbench.action.openSettings', settingsQuery()) },
    { label: `$(checklist) ${t('Check Agent Logs')}`, run: execute(commands.showDoctor) },
  ];
}

function settingsQuery(): string {
  return openFolders().length === 0 ? section : `@ext:tokenometer.tokenometer meter`;
}
