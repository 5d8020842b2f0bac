// The same extension in a browser's worker, without Node: counts, hints and fixes. No log can be read there, so that
// there is no spend; the commands that need it are shown where `tokenometer.onMachine` is set, which is not here.
import * as vscode from 'vscode';
import { countBrowserLine } from './tokens/countBrowserLine';
import { shippedEstimates } from './ui/estimateCorrections';
import { createGuard } from './ui/guard';
import { noHabits } from './ui/noHabits';
import { Models } from './ui/models';
import { modelsWithoutLogs } from './ui/modelsWithoutLogs';
import { registerPromptHints } from './ui/promptHints';
import { onDidChangeSettings } from './ui/settings';
import { registerTextCounting } from './ui/textCounting';

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Tokenometer', { log: true });
  const guard = createGuard(log);
  const bundle = (...names: string[]) => vscode.Uri.joinPath(context.extensionUri, 'dist', ...names);
  const openLine = countBrowserLine(() => new Worker(bundle('web', 'countWorker.js').toString(true)));
  const loadVocabulary = async (encoding: string) => vscode.workspace.fs.readFile(bundle(`${encoding}.bin`));
  const loadPrices = async () => new TextDecoder().decode(await vscode.workspace.fs.readFile(bundle('prices.json')));
  const models = new Models(modelsWithoutLogs(loadPrices), context.workspaceState);
  const memory = context.workspaceState;
  context.subscriptions.push(
    log,
    models,
    onDidChangeSettings(() => models.forget()),
    registerTextCounting({ openLine, loadVocabulary, models, own: shippedEstimates, guard, log }),
    registerPromptHints({ loadVocabulary, models, habits: noHabits, home: undefined, guard, memory }),
  );
}
