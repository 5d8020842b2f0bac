// The ledger's client with this window's surroundings: home, variables, settings. Starts it anew when a setting that it
// was started with changes.
import * as vscode from 'vscode';
import { editorUserFolders } from '../agents/editorFolders';
import { LedgerClient, type LedgerStart } from '../ledger/ledgerClient';
import { dataFolderOf, homeOf, platformOf } from '../ledger/machine';
import { onDidChangeSettings, readSettings, type Settings } from './settings';

export interface OpenLedger {
  readonly ledger: LedgerClient;
  /** Starts it anew: price data has changed. */
  readonly restart: () => Promise<void>;
  /** Where the store lies. */
  readonly dataFolder: () => string;
  readonly subscription: vscode.Disposable;
}

/** `onRestart` is called after it has been started anew. */
export function openLedger(workerPath: string, context: vscode.ExtensionContext, onRestart: () => void): OpenLedger {
  const start = (settings: Settings): LedgerStart => {
    const variables = process.env;
    const platform = platformOf(process.platform);
    const home = homeOf(variables);
    return plain({
      dataFolder: dataFolderOf(platform, home, variables),
      environment: {
        home,
        platform,
        variables,
        editorUserFolders: editorUserFolders(home, platform, variables, context.globalStorageUri.fsPath),
      },
      extraFolders: settings.logFolders,
      priceSettings: settings.prices,
    });
  };
  let current = start(readSettings());
  const ledger = new LedgerClient(workerPath, current);
  const restart = async () => {
    await ledger.restart(current);
    onRestart();
  };
  const subscription = vscode.Disposable.from(
    onDidChangeSettings((settings) => {
      const next = start(settings);
      if (JSON.stringify(next) === JSON.stringify(current)) return;
      current = next;
      void restart();
    }),
    { dispose: () => void ledger.close() },
  );
  return { ledger, restart, dataFolder: () => current.dataFolder, subscription };
}

/** Without the proxies of VS Code's settings and of process.env, which cannot cross to a worker. */
function plain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
