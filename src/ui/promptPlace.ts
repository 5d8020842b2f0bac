// Where a prompt's document lies, as the core speaks of places, and what follows from that: whose imports, whose calls, and
// which files load beside it.
import * as vscode from 'vscode';
import { folderOf, normalise } from '../prompts/filePath';
import { importAgentsOf, type ImportGraph } from '../prompts/imports';
import { type Chain } from '../prompts/instructionChain';
import { type Companion } from '../prompts/oversize';
import { type PromptFile } from '../prompts/promptFiles';

/** A folder that has one of these at its top will have prompts opened. */
const signs = [
  'CLAUDE.md',
  'AGENTS.md',
  'GEMINI.md',
  '.github/copilot-instructions.md',
  '.cursor',
  '.claude',
  '.clinerules',
];

export interface Place {
  readonly path: string;
  readonly folder: string;
  readonly root: string;
}

/** Where the document lies, as the core speaks of it; undefined for an untitled one. */
export function placeOf(document: vscode.TextDocument): Place | undefined {
  if (document.isUntitled) return undefined;
  const path = normalise(document.uri.fsPath);
  const folder = folderOf(path);
  const root = vscode.workspace.getWorkspaceFolder(document.uri)?.uri.fsPath;
  // A file in an agent's own folder speaks for the folder above: .claude/CLAUDE.md, .github/copilot-instructions.md.
  const start = /\/\.[\w-]+$/.test(folder) ? folderOf(folder) : folder;
  return { path, folder: start, root: root === undefined ? start : normalise(root) };
}

/** The agents whose calls carry the file; undefined: any, a person sends a prompt with whichever they like. */
export function payersOf(file: PromptFile): readonly string[] | undefined {
  return file.kind === 'prompt' || file.kind === 'custom' ? undefined : file.agents;
}

/** Claude Code reads AGENTS.md, and so its imports, only where no CLAUDE.md stands in the way. */
export function importersOf(file: PromptFile, chains: readonly Chain[]): readonly ImportGraph['agent'][] {
  return importAgentsOf(file).filter(
    (agent) => file.kind !== 'agents-md' || chains.some((chain) => chain.agent === agent),
  );
}

export function companionsIn(chains: readonly Chain[], path: string | undefined, text: string): readonly Companion[] {
  const found = new Map<string, Companion>();
  for (const chain of chains) {
    for (const file of chain.files) {
      // An equal text is a link, or kept equal on purpose.
      if (file.path === path || file.text === text || found.has(file.path)) continue;
      found.set(file.path, { path: file.path, text: file.text, agent: chain.agent });
    }
  }
  return [...found.values()];
}

/** A look at a few names, no search. */
export async function hasInstructions(): Promise<boolean> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const places = folders.flatMap((folder) => signs.map((name) => vscode.Uri.joinPath(folder.uri, name)));
  const found = await Promise.allSettled(places.map((uri) => vscode.workspace.fs.stat(uri)));
  return found.some((answer) => answer.status === 'fulfilled');
}
