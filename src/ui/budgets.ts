// The budgets that hold in this window: those of the settings, folder by folder, and the task's. And the commands that
// set one, and choose what the meter shows: both write the person's own settings.
import * as vscode from 'vscode';
import { type Budget } from '../ledger/budget';
import { type BudgetName, budgetNames, type BudgetSetting, readAmount, readBudgets } from '../ledger/budgetSetting';
import { type MeterSubject, meterSubjects } from '../report/glance';
import { commands } from './commands';
import { limitWords } from './meterWords';
import { readSettings, section } from './settings';

/** Folders that agents can work in. */
export function openFolders(): readonly vscode.WorkspaceFolder[] {
  return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
}

export function windowBudgets(): BudgetSetting {
  return readBudgets(
    plain(readSettings().budgets),
    openFolders().map(({ uri }) => [uri.fsPath, plain(readSettings(uri).budgets)]),
  );
}

/** Without the proxies of VS Code's settings, which cannot cross to a worker. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** `setBudget` takes the name of a budget, to ask for its amount at once. */
export function registerBudgetCommands(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(commands.setBudget, async (name?: unknown) => {
      const known = budgetNames.find((one) => one === name) ?? (await chooseBudget());
      if (known !== undefined) await askLimit(known);
    }),
    vscode.commands.registerCommand(commands.chooseMeter, () => chooseSubject()),
  );
}

function titleOf(name: BudgetName): string {
  const { t } = vscode.l10n;
  switch (name) {
    case 'day':
      return t('Budget for Each Day');
    case 'week':
      return t('Budget for Each Week');
    case 'month':
      return t('Budget for Each Month');
    case 'session':
      return t('Budget for Each Session');
    case 'project':
      return t('Budget for This Project');
  }
}

function currentOf(name: BudgetName): Budget | undefined {
  return windowBudgets().budgets.find(({ id }) => id === name || (name === 'project' && id.startsWith('project ')));
}

async function chooseBudget(): Promise<BudgetName | undefined> {
  const names = budgetNames.filter((name) => name !== 'project' || openFolders().length > 0);
  const items = names.map((name) => {
    const budget = currentOf(name);
    return { label: titleOf(name), description: budget ? limitWords(budget) : '', name };
  });
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Which budget?') });
  return picked?.name;
}

async function askLimit(name: BudgetName): Promise<void> {
  const { t } = vscode.l10n;
  const current = currentOf(name);
  const text = await vscode.window.showInputBox({
    title: titleOf(name),
    prompt: t('For example $20, 5M tokens or 300 credits. Dollars are at public list prices. Empty for no budget.'),
    value: current ? limitWords(current) : '',
    validateInput: (value) =>
      value.trim() === '' || readAmount(value) ? undefined : t('An amount, for example $20, 5M tokens or 300 credits'),
  });
  if (text === undefined) return;
  const folder = name === 'project' ? await chooseFolder() : undefined;
  if (name === 'project' && !folder) return;
  await writeBudget(name, text.trim() === '' ? undefined : readAmount(text), folder);
}

async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  return openFolders().length > 1 ? vscode.window.showWorkspaceFolderPick() : openFolders()[0];
}

/** A project's goes into its folder's settings, the others into the person's own. Keeps what else was set. */
async function writeBudget(
  name: BudgetName,
  amount: ReturnType<typeof readAmount>,
  folder: vscode.WorkspaceFolder | undefined,
): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(section, folder?.uri);
  const found = configuration.inspect<Record<string, unknown>>('budgets');
  const target = folder ? vscode.ConfigurationTarget.WorkspaceFolder : vscode.ConfigurationTarget.Global;
  const own = (folder ? (found?.workspaceFolderValue ?? found?.workspaceValue) : found?.globalValue) ?? {};
  const { [name]: before, ...others } = own;
  const kept = typeof before === 'object' && before !== null ? before : {};
  const next =
    amount === undefined
      ? undefined
      : { ...kept, limit: amount.limit, ...(amount.unit === 'usd' ? { unit: undefined } : { unit: amount.unit }) };
  // The shortest way to write it.
  const short = next && Object.keys(plain(next) as object).length === 1 ? next.limit : next;
  await configuration.update('budgets', plain({ ...others, ...(short !== undefined && { [name]: short }) }), target);
  if (currentOf(name)?.limit !== amount?.limit) tellOverruled();
}

/** A workspace's or a remote machine's settings win over the person's own. */
function tellOverruled(): void {
  const open = vscode.l10n.t('Open Settings');
  const words = vscode.l10n.t(
    'The budget is saved, but other settings (of the workspace or the remote machine) set it too.',
  );
  void vscode.window.showInformationMessage(words, open).then((answer) => {
    if (answer === open) void vscode.commands.executeCommand('workbench.action.openSettings', `${section}.budgets`);
  });
}

function subjectLabel(subject: MeterSubject): string {
  const { t } = vscode.l10n;
  switch (subject) {
    case 'today':
      return t('Today’s Cost');
    case 'week':
      return t('This Week’s Cost');
    case 'month':
      return t('This Month’s Cost');
    case 'session':
      return t('This Session’s Cost');
    case 'context':
      return t('Context Fill');
    case 'tokens':
      return t('Today’s Tokens');
    case 'planWindow':
      return t('Plan Window');
  }
}

async function chooseSubject(): Promise<void> {
  const { meterShow } = readSettings();
  const items = meterSubjects.map((subject) => ({
    label: subjectLabel(subject),
    description: subject === meterShow ? vscode.l10n.t('shown now') : '',
    subject,
  }));
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('What should the meter show?') });
  if (!picked) return;
  const configuration = vscode.workspace.getConfiguration(section);
  await configuration.update('meter.show', picked.subject, vscode.ConfigurationTarget.Global);
}
