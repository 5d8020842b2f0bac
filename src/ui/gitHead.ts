// A file's text at git HEAD, through VS Code's built-in Git extension where it is there. Never starts git itself.
import * as vscode from 'vscode';

/** The part of the Git extension's interface (version 1) that is used. */
interface GitRepository {
  readonly state: { readonly HEAD?: { readonly commit?: string } };
  show(ref: string, path: string): Promise<string>;
}
interface GitApi {
  getRepository(uri: vscode.Uri): GitRepository | null;
}
interface GitExports {
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}

export class GitHead {
  private readonly texts = new Map<string, Promise<string | undefined>>();

  /** Undefined outside of git, for a new file, and where the Git extension is off. */
  async textOf(uri: vscode.Uri): Promise<string | undefined> {
    if (uri.scheme !== 'file') return undefined;
    const extension = vscode.extensions.getExtension<GitExports>('vscode.git');
    if (!extension?.isActive || !extension.exports.enabled) return undefined;
    const repository = extension.exports.getAPI(1).getRepository(uri);
    const commit = repository?.state.HEAD?.commit;
    if (!repository || commit === undefined) return undefined;
    const key = `${commit} ${uri.toString()}`;
    let text = this.texts.get(key);
    if (!text) {
      if (this.texts.size > 50) this.texts.clear();
      text = repository.show('HEAD', uri.fsPath).catch(() => undefined);
      this.texts.set(key, text);
    }
    return text;
  }
}
