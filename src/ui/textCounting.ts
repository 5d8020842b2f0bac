// The counting that every editor can do, in a browser as well: the live count, files and folders, the tool for agents.
import * as vscode from 'vscode';
import { CountClient } from '../tokens/countClient';
import { type OpenLine } from '../tokens/countProtocol';
import { type LoadVocabulary } from '../tokens/countText';
import { type Counts } from '../tokens/documentCounter';
import { encodingFor, estimate } from '../tokens/estimate';
import { type Encoding } from '../tokens/vocabulary';
import { registerCountFolder } from './countFolder';
import { registerCountTool, type CountText } from './countTool';
import { DocumentCount } from './documentCount';
import { type EstimateCorrections } from './estimateCorrections';
import { type Guard } from './guard';
import { type Models } from './models';
import { isPromptDocument } from './promptDocuments';

export interface TextCountingDeps {
  readonly openLine: OpenLine;
  readonly loadVocabulary: LoadVocabulary;
  readonly models: Models;
  readonly own: EstimateCorrections;
  readonly guard: Guard;
  readonly log: vscode.LogOutputChannel;
}

export function registerTextCounting(deps: TextCountingDeps): vscode.Disposable {
  const { openLine, loadVocabulary, models, own, log } = deps;
  const countText: CountText = async (text, model, kind) =>
    own.refine(estimate(await measureText(text, encodingFor(model), deps), model, kind));
  return vscode.Disposable.from(
    new DocumentCount({ ...deps, isPrompt: isPromptDocument }),
    registerCountFolder({ openLine, loadVocabulary, models, log }),
    registerCountTool(countText, () => models.current()),
  );
}

/** One text on a thread of its own. */
export async function measureText(
  text: string,
  encoding: Encoding,
  { openLine, loadVocabulary }: Pick<TextCountingDeps, 'openLine' | 'loadVocabulary'>,
): Promise<Counts> {
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
}
