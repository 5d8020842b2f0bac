// "Stop Claude Code at a Hard Cap": shows the exact change to Claude Code's settings file, and on the person's word puts
// it into an editor. Saving is theirs: no file of another tool's is ever written by us.
import * as vscode from 'vscode';
import { type LedgerClient } from '../ledger/ledgerClient';
import { homeOf } from '../ledger/machine';
import { toggleHook } from '../ledger/hookSettings';
import { commands } from './commands';

const scheme = 'tokenometer-hook';

export function registerHardCapHook(ledger: LedgerClient): vscode.Disposable {
  const texts = new Map<string, string>();
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      provideTextDocumentContent: (uri) => texts.get(uri.path) ?? '',
    }),
    vscode.commands.registerCommand(commands.setUpHardCap, () => propose(ledger, texts)),
  );
}

function settingsFile(): vscode.Uri {
  const named = process.env['CLAUDE_CONFIG_DIR'];
  const folder = named ? vscode.Uri.file(named) : vscode.Uri.joinPath(vscode.Uri.file(homeOf(process.env)), '.claude');
  return vscode.Uri.joinPath(folder, 'settings.json');
}

async function propose(ledger: LedgerClient, texts: Map<string, string>): Promise<void> {
  const { t } = vscode.l10n;
  const file = settingsFile();
  const current = await textOf(file);
  const change = toggleHook(current ?? '', await ledger.writeHookScript());
  if (!change) {
    void vscode.window.showWarningMessage(
      t('{0} is not a JSON object, so the hook cannot be put into it. Mend the file, then try again.', file.fsPath),
    );
    return;
  }
  const [before, after] = ['now', 'proposed'].map((side) =>
    vscode.Uri.from({ scheme, path: `/${side}/settings.json`, query: String(Date.now()) }),
  );
  texts.set(before!.path, current ?? '');
  texts.set(after!.path, change.text);
  const title = change.isAdded
    ? t('Claude Code’s settings: with the hard cap')
    : t('Claude Code’s settings: without the hard cap');
  await vscode.commands.executeCommand('vscode.diff', before, after, title);
  await confirm(file, change.text, change.isAdded, current !== undefined);
}

async function confirm(file: vscode.Uri, text: string, isAdded: boolean, isThere: boolean): Promise<void> {
  const { t } = vscode.l10n;
  const put = {
    label: `$(edit) ${t('Put It into the Editor')}`,
    detail: t('You save the file yourself: Tokenometer does not write other tools’ files.'),
  };
  const leave = { label: `$(close) ${t('Leave It as It Is')}` };
  const title = isAdded
    ? t('With this, Claude Code refuses prompts while a budget with "hardCap" is used up')
    : t('The hook is there: this takes it out again');
  // Stays while one scrolls through the change.
  const picked = await vscode.window.showQuickPick([put, leave], { title, ignoreFocusOut: true });
  if (picked !== put) return;
  const target = isThere ? file : file.with({ scheme: 'untitled' });
  const document = await vscode.workspace.openTextDocument(target);
  const editor = await vscode.window.showTextDocument(document);
  const end = document.lineAt(document.lineCount - 1).range.end;
  await editor.edit((edit) => edit.replace(new vscode.Range(new vscode.Position(0, 0), end), text));
}

/** `undefined` where there is no such file. */
async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}
