// Which open documents are meant for a model: prompts and instruction files, and the languages people write them in.
import * as vscode from 'vscode';
import { recognisePromptFile } from '../prompts/promptFiles';

const promptLanguages = new Set(['prompt', 'instructions', 'chatagent', 'chatmode', 'skill', 'markdown', 'plaintext']);

export function isPromptDocument(document: vscode.TextDocument): boolean {
  if (promptLanguages.has(document.languageId)) return true;
  return (
    recognisePromptFile({
      path: document.isUntitled ? '' : document.uri.fsPath,
      languageId: document.languageId,
      isUntitled: document.isUntitled,
      workspaceFolders: (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
    }) !== undefined
  );
}
