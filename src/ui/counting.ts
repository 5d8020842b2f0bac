// Everything that counts texts, put together: the live count, files and folders, the tool for agents, the vendors'
// exact counts. One place knows where the worker and the vocabularies lie.
import * as vscode from 'vscode';
import { CountClient } from '../tokens/countClient';
import { type OpenLine } from '../tokens/countProtocol';
import { type Counts } from '../tokens/documentCounter';
import { type LoadVocabulary } from '../tokens/countText';
import { encodingFor, estimate } from '../tokens/estimate';
import { type Encoding } from '../tokens/vocabulary';
import { registerCountFolder } from './countFolder';
import { registerCountTool, type CountText } from './countTool';
import { DocumentCount } from './documentCount';
import { registerExactCount } from './exactCount';
import { type Guard } from './guard';
import { type Models } from './models';
import { OwnEstimates } from './ownEstimates';
import { isPromptDocument } from './promptDocuments';

export interface CountingDeps {
  readonly context: vscode.ExtensionContext;
  readonly openLine: OpenLine;
  readonly loadVocabulary: LoadVocabulary;
  readonly models: Models;
  readonly guard: Guard;
  readonly log: vscode.LogOutputChannel;
}

export function registerCounting({
  context,
  openLine,
  loadVocabulary,
  models,
  guard,
  log,
}: CountingDeps): vscode.Disposable {
  const bundle = (name: string) => vscode.Uri.joinPath(context.extensionUri, 'dist', name).fsPath;
  const own = new OwnEstimates({
    workerPath: bundle('estimateCheckWorker.js'),
    vocabularyFile: bundle('o200k_base.bin'),
    memory: context.globalState,
    guard,
    log,
  });
  /** One text on a thread of its own. */
  const measure = async (text: string, encoding: Encoding): Promise<Counts> => {
    const problems: Error[] = [];
    const client = new CountClient({
      openLine,
      loadVocabulary,
      textOf: () => undefined,
      onCounts: () => undefined,
      onProblem: (error) => problems.push(error),
    });
    try {
      client.open('text', 1, text);
      const found = (await client.count('text', [encoding]))?.[encoding];
      if (!found) throw problems[0] ?? new Error('the text was not counted');
      return found;
    } finally {
      client.dispose();
    }
  };
  const countText: CountText = async (text, model, kind) =>
    own.refine(estimate(await measure(text, encodingFor(model)), model, kind));
  return vscode.Disposable.from(
    own,
    new DocumentCount({ openLine, loadVocabulary, models, own, guard, log, isPrompt: isPromptDocument }),
    registerCountFolder({ openLine, loadVocabulary, models, log }),
    registerCountTool(countText, () => models.current()),
    registerExactCount({
      secrets: context.secrets,
      memory: context.globalState,
      modelFor: (document) => models.current(document),
      onCounted: (text, model, tokens) =>
        guard('learn from the exact count', async () =>
          own.learnFrom(model, tokens, await measure(text, encodingFor(model))),
        ),
    }),
  );
}
