// The language-model tool `countTokens`: an agent asks what a text or a file of the workspace weighs. Read-only, small
// answers, no confirmation needed.
import * as vscode from 'vscode';
import { formatGraded } from '../format';
import { partsOf, readText } from '../tokens/countText';
import { type Estimate, kindOfText, sumOf } from '../tokens/estimate';

interface CountInput {
  readonly text?: unknown;
  readonly file?: unknown;
  readonly model?: unknown;
}

export type CountText = (text: string, model: string, kind: ReturnType<typeof kindOfText>) => Promise<Estimate>;

/** `modelInUse` answers for calls that name no model. */
export function registerCountTool(countText: CountText, modelInUse: () => Promise<string>): vscode.Disposable {
  return vscode.lm.registerTool<CountInput>('tokenometer_countTokens', {
    async invoke({ input }) {
      const model = typeof input.model === 'string' && input.model !== '' ? input.model : await modelInUse();
      const read = await readInput(input);
      if ('refused' in read) return answer(read.refused);
      const kind = kindOfText('', read.name);
      const parts = partsOf(read.name, read.text).map((part) => countText(part, model, kind));
      const estimate = sumOf(await Promise.all(parts));
      return answer(`${formatGraded(estimate)} tokens for ${model} (${estimate.basis})`);
    },
  });
}

function answer(text: string): vscode.LanguageModelToolResult {
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
}

/** A text as it is, or a file inside the open folders: nothing else is read for an agent. */
async function readInput(input: CountInput): Promise<{ text: string; name: string } | { refused: string }> {
  if (typeof input.text === 'string') return { text: input.text, name: '' };
  if (typeof input.file !== 'string') return { refused: 'Give either "text" or "file".' };
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    const uri =
      input.file.startsWith('/') || /^[a-z]:/i.test(input.file)
        ? vscode.Uri.file(input.file)
        : vscode.Uri.joinPath(folder.uri, input.file);
    if (!vscode.workspace.getWorkspaceFolder(uri)) continue;
    try {
      const read = readText(await vscode.workspace.fs.readFile(uri));
      return 'refused' in read ? read : { text: read.text, name: uri.path };
    } catch {
      continue;
    }
  }
  return { refused: `There is no readable file ${input.file} in the open folders.` };
}
