// "Delete the Store…": says what is lost, asks, deletes. Reads nothing again before the person says so, for a store that
// comes back at once was not deleted.
import * as vscode from 'vscode';
import { deleteStore } from '../ledger/deleteStore';
import { type LedgerClient } from '../ledger/ledgerClient';
import { commands } from './commands';

export function registerDeleteStore(deps: {
  readonly ledger: LedgerClient;
  readonly dataFolder: () => string;
  /** What was learnt from logs and answers. */
  readonly memory: vscode.Memento;
  /** The meter has something else to show. */
  readonly onChange: () => void;
}): vscode.Disposable {
  return vscode.commands.registerCommand(commands.deleteStore, async () => {
    const { t } = vscode.l10n;
    const { ledger, dataFolder, memory, onChange } = deps;
    const folder = dataFolder();
    const confirm = t('Delete');
    const question = {
      modal: true,
      detail: t(
        'The store in {0} holds what your agents have used: numbers and ids, no text. What their logs still say can be read again; what they have deleted since is lost. What Tokenometer has learnt from your logs and answers is forgotten, too. The logs themselves are not touched.',
        folder,
      ),
    };
    if ((await vscode.window.showWarningMessage(t('Delete Tokenometer’s store?'), question, confirm)) !== confirm)
      return;
    await ledger.pause(t('its store was deleted'));
    try {
      const { keepsHookScript } = deleteStore(folder);
      for (const key of memory.keys()) await memory.update(key, undefined);
      onChange();
      await offerAnew(ledger, onChange, keepsHookScript);
    } catch (error) {
      ledger.resume();
      const why = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(
        t('The store could not be deleted: {0}. Close other windows and programs that use it, then try again.', why),
      );
    }
  });
}

async function offerAnew(ledger: LedgerClient, onChange: () => void, keepsHookScript: boolean): Promise<void> {
  const { t } = vscode.l10n;
  const anew = t('Read the Logs Again');
  const words = keepsHookScript
    ? t(
        'The store is deleted. The script of your hard cap stays, because Claude Code’s settings may still call it. Nothing is read until you open another window or ask for it.',
      )
    : t('The store is deleted. Nothing is read until you open another window or ask for it.');
  if ((await vscode.window.showInformationMessage(words, anew)) !== anew) return;
  ledger.resume();
  onChange();
}
