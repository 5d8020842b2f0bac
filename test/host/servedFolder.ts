// A web extension for tests: the folder that `browserHost` serves, as a file system of VS Code's. Runs in the browser.
import * as vscode from 'vscode';

type Answer = vscode.FileStat | readonly (readonly [string, vscode.FileType])[];

export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider('served', new ServedFolder()));
}

class ServedFolder implements vscode.FileSystemProvider {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;

  watch(): vscode.Disposable {
    return vscode.Disposable.from();
  }

  stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return this.ask(uri, '?stat') as Promise<vscode.FileStat>;
  }

  readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return this.ask(uri, '?list') as unknown as Promise<[string, vscode.FileType][]>;
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return new Uint8Array(await (await this.send(uri, '')).arrayBuffer());
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    await this.send(uri, '', { method: 'PUT', body: content as BufferSource });
    this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  async delete(uri: vscode.Uri): Promise<void> {
    await this.send(uri, '', { method: 'DELETE' });
    this.changed.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
  }

  createDirectory(): void {
    // A file that is written makes its folders.
  }

  rename(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  private async ask(uri: vscode.Uri, question: string): Promise<Answer> {
    return (await this.send(uri, question)).json() as Promise<Answer>;
  }

  private async send(uri: vscode.Uri, question: string, init?: RequestInit): Promise<Response> {
    const path = uri.path.split('/').map(encodeURIComponent).join('/');
    const response = await fetch(`http://${uri.authority}/files${path}${question}`, init);
    if (!response.ok) throw vscode.FileSystemError.FileNotFound(uri);
    return response;
  }
}
