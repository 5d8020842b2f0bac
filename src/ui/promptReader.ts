// Reads files beside a prompt through VS Code, so that remote and virtual workspaces work as well: open documents as
// they stand in the editor, others from their file system. Remembers nothing for longer than a moment.
import * as vscode from 'vscode';

/** Larger files are no instructions. */
const mostBytes = 5_000_000;
const keepMs = 2_000;

export class PromptReader {
  private readonly texts = new Map<string, { readonly atMs: number; readonly text: Promise<string | undefined> }>();

  /** The place of a path beside a document, in the document's own file system. */
  uriOf(path: string, beside: vscode.Uri): vscode.Uri {
    if (beside.scheme === 'file' || beside.scheme === 'untitled') return vscode.Uri.file(path);
    return beside.with({ path: path.startsWith('/') ? path : `/${path}` });
  }

  /** The file's text; undefined where it is missing, a folder, too large or no text. */
  read(path: string, beside: vscode.Uri): Promise<string | undefined> {
    const uri = this.uriOf(path, beside);
    const id = uri.toString();
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === id);
    if (open) return Promise.resolve(open.getText());
    const known = this.texts.get(id);
    if (known && Date.now() - known.atMs < keepMs) return known.text;
    if (this.texts.size > 300) this.texts.clear();
    const text = readFile(uri);
    this.texts.set(id, { atMs: Date.now(), text });
    return text;
  }

  forget(): void {
    this.texts.clear();
  }
}

async function readFile(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const stat = await vscode.workspace.fs.stat(uri);
    if ((stat.type & vscode.FileType.Directory) !== 0 || stat.size > mostBytes) return undefined;
    const text = new TextDecoder('utf-8').decode(await vscode.workspace.fs.readFile(uri));
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
