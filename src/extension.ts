// Introduces the core to the editor and leaves. Reads nothing before the first idle.
import * as vscode from 'vscode';
import { countWorkerLine } from './tokens/countWorkerLine';
import { DocumentCount } from './ui/documentCount';
import { createGuard } from './ui/guard';
import { openLedger } from './ui/openLedger';
import { Meter } from './ui/meter';
import { Models } from './ui/models';
import { registerPriceCommands } from './ui/priceCommands';
import { isPromptDocument } from './ui/promptDocuments';
import { registerReportCommands } from './ui/reportCommands';
import { Spend } from './ui/spend';

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Tokenometer', { log: true });
  const guard = createGuard(log);
  const file = (name: string) => vscode.Uri.joinPath(context.extensionUri, 'dist', name);
  const { ledger, subscription } = openLedger(file('ledgerWorker.js').fsPath, context, () => {
    models.forget();
    spend.look();
  });
  const meter = new Meter();
  const models = new Models(ledger, context.workspaceState);
  const spend = new Spend(ledger, meter, log, guard);
  const counter = new DocumentCount({
    openLine: countWorkerLine(file('countWorker.js').fsPath),
    loadVocabulary: async (encoding) => vscode.workspace.fs.readFile(file(`${encoding}.bin`)),
    models,
    guard,
    log,
    isPrompt: isPromptDocument,
  });
  context.subscriptions.push(log, subscription, meter, models, spend, counter);
  context.subscriptions.push(registerReportCommands(ledger), registerPriceCommands(ledger));
}
