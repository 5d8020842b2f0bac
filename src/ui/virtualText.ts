// Read-only texts of ours (the report, the doctor) as documents of the scheme `tokenometer:`, shown in VS Code's own
// Markdown preview. A text is built whenever VS Code asks for it, so a tab restored after a reload is never stale or empty.
import * as vscode from 'vscode';

const scheme = 'tokenometer';

/** Builds a text; called again for every showing. */
export type TextBuilder = () => Promise<string>;

export class VirtualText implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscription: vscode.Disposable;

  /** `builders`: the texts by the name their tab bears. */
  constructor(private readonly builders: Readonly<Record<string, TextBuilder>>) {
    this.subscription = vscode.Disposable.from(
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(scheme, {
        onDidChange: this.changed.event,
        provideTextDocumentContent: (uri) => this.text(nameOf(uri)),
      }),
    );
  }

  /** A text that cannot be built says why. */
  private async text(name: string): Promise<string> {
    try {
      return (await this.builders[name]?.()) ?? '';
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return `# ${name}\n\n${vscode.l10n.t('Tokenometer cannot show this now: {0}', why)}\n`;
    }
  }

  /** Shows the text of that name, built anew. */
  async preview(name: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: `/${name}.md` });
    this.changed.fire(uri);
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

function nameOf(uri: vscode.Uri): string {
  return uri.path.replace(/^\//, '').replace(/\.md$/, '');
}
