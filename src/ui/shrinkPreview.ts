// A look at what a fix would make of a prompt: the editor's own comparison of the document and a read-only text of ours.
import * as vscode from 'vscode';

const previewScheme = 'tokenometer-preview';
export const previewCommand = 'tokenometer.previewShrink';

export interface Preview {
  readonly uri: string;
  readonly title: string;
  /** What the document would hold. */
  readonly text: string;
}

/** Shows what a fix would make of the document, beside the document. */
export function registerPreview(): vscode.Disposable {
  let shown: Preview | undefined;
  const changed = new vscode.EventEmitter<vscode.Uri>();
  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(previewScheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: () => shown?.text ?? '',
    }),
    vscode.commands.registerCommand(previewCommand, async (preview: Preview) => {
      shown = preview;
      const left = vscode.Uri.parse(preview.uri);
      const right = vscode.Uri.from({ scheme: previewScheme, path: left.path });
      changed.fire(right);
      await vscode.commands.executeCommand('vscode.diff', left, right, preview.title);
    }),
  );
}
