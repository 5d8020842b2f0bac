// Everything that counts texts on a machine, put together: what every editor can do, estimates held against the
// person's own logs, the vendors' exact counts. One place knows where the workers and the vocabularies lie.
import * as vscode from 'vscode';
import { encodingFor } from '../tokens/estimate';
import { registerExactCount } from './exactCount';
import { OwnEstimates } from './ownEstimates';
import { measureText, registerTextCounting, type TextCountingDeps } from './textCounting';

export interface CountingDeps extends Omit<TextCountingDeps, 'own'> {
  readonly context: vscode.ExtensionContext;
}

export function registerCounting({ context, ...deps }: CountingDeps): vscode.Disposable {
  const { models, guard, log } = deps;
  const bundle = (name: string) => vscode.Uri.joinPath(context.extensionUri, 'dist', name).fsPath;
  const own = new OwnEstimates({
    workerPath: bundle('estimateCheckWorker.js'),
    vocabularyFile: bundle('o200k_base.bin'),
    memory: context.globalState,
    guard,
    log,
  });
  return vscode.Disposable.from(
    own,
    registerTextCounting({ ...deps, own }),
    registerExactCount({
      secrets: context.secrets,
      memory: context.globalState,
      modelFor: (document) => models.current(document),
      onCounted: (text, model, tokens) =>
        guard('learn from the exact count', async () =>
          own.learnFrom(model, tokens, await measureText(text, encodingFor(model), deps)),
        ),
    }),
  );
}
