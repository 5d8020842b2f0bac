// Introduces the core to the editor and leaves. Reads nothing before the first idle.
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { realPathOf } from './ledger/realPath';
import { countWorkerLine } from './tokens/countWorkerLine';
import { registerAdvisor } from './ui/advisorFeature';
import { registerCounting } from './ui/counting';
import { reportCommands } from './ui/commands';
import { registerDeleteStore } from './ui/deleteStore';
import { createGuard } from './ui/guard';
import { habitsFrom } from './ui/habits';
import { registerLater } from './ui/laterPart';
import { Models } from './ui/models';
import { openLedger } from './ui/openLedger';
import { openMeter } from './ui/openMeter';
import { registerPromptHints } from './ui/promptHints';
import { registerPriceCommands } from './ui/priceCommands';
import { registerRefreshPrices } from './ui/refreshPrices';

export function activate(context: vscode.ExtensionContext): void {
  // Commands that need the machine's logs are shown from now on; in a browser never.
  void vscode.commands.executeCommand('setContext', 'tokenometer.onMachine', true);
  const log = vscode.window.createOutputChannel('Tokenometer', { log: true });
  const guard = createGuard(log);
  const bundle = (name: string) => vscode.Uri.joinPath(context.extensionUri, 'dist', name).fsPath;
  const { ledger, subscription, restart, dataFolder } = openLedger(bundle('ledgerWorker.js'), context, () => {
    models.forget();
    meter.look();
  });
  const openLine = countWorkerLine(bundle('countWorker.js'));
  const loadVocabulary = async (encoding: string) =>
    vscode.workspace.fs.readFile(vscode.Uri.file(bundle(`${encoding}.bin`)));
  const habits = habitsFrom(ledger);
  const models = new Models(ledger, context.workspaceState);
  const memory = context.workspaceState;
  const meter = openMeter({ ledger, memory, log, guard, models, switchLine: (session) => advisor.switchLine(session) });
  const { taskBudget } = meter;
  const { extensionUri, globalState } = context;
  const loadReport = async () => {
    const { registerReportCommands } = await import('./ui/reportCommands');
    return () => registerReportCommands({ ledger, extensionUri, memory: globalState, taskBudget });
  };
  context.subscriptions.push(
    log,
    subscription,
    meter.subscription,
    models,
    registerCounting({ context, openLine, loadVocabulary, models, guard, log }),
    registerPromptHints({ loadVocabulary, models, habits, home: homedir(), realPath: realPathOf, guard, memory }),
    registerLater(reportCommands, loadReport, guard),
    registerPriceCommands(ledger),
    registerDeleteStore({ ledger, dataFolder, memory: globalState, onChange: () => meter.look() }),
    registerRefreshPrices({ ledger, memory: globalState, guard, log, onRefreshed: restart }),
  );
  // After the prompts' own lenses: of one line's lenses the editor shows the last provider's first.
  const advisor = registerAdvisor({ ledger, models, home: homedir(), guard, memory: globalState });
  context.subscriptions.push(advisor);
}
