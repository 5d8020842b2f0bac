// Every setting about prompts has its effect, as the editor itself asks for it: lenses, hints at headings, problems.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from '../host/eventually';

const paragraph = 'The harbour master writes down which boat lies at which berth, and for how many nights.\n\n';
const longText = `# Berths\n\n${Array.from({ length: 80 }, (_, index) => `${index + 1}. ${paragraph}`).join('')}## Tides\n\nNone.\n`;

describe('A setting about prompts', () => {
  const configuration = () => vscode.workspace.getConfiguration('tokenometer.prompts');
  const changed = new Set<string>();
  const root = vscode.workspace.workspaceFolders![0]!.uri;
  const folder = vscode.Uri.joinPath(root, 'settings-at-work');

  const set = async (name: string, value: unknown): Promise<void> => {
    changed.add(name);
    await configuration().update(name, value, vscode.ConfigurationTarget.Global);
  };
  const open = async (name: string): Promise<vscode.Uri> => {
    const uri = vscode.Uri.joinPath(folder, ...name.split('/'));
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(longText));
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
    return uri;
  };
  const lenses = async (uri: vscode.Uri): Promise<readonly string[]> => {
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 50);
    return found.map(({ command }) => command?.title ?? '').filter((title) => title.includes('tokens'));
  };
  const hints = async (uri: vscode.Uri): Promise<number> => {
    const all = new vscode.Range(0, 0, 10_000, 0);
    return (await vscode.commands.executeCommand<vscode.InlayHint[]>('vscode.executeInlayHintProvider', uri, all))
      .length;
  };
  const sizes = (uri: vscode.Uri): readonly string[] =>
    vscode.languages
      .getDiagnostics(uri)
      .filter(({ source, code }) => source === 'Tokenometer' && typeof code === 'object' && code.value === 'size')
      .map(({ message }) => message);

  after(async () => {
    for (const name of changed) await configuration().update(name, undefined, vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const made of [folder, vscode.Uri.joinPath(root, '.github')])
      await vscode.workspace.fs.delete(made, { recursive: true });
  });

  it('makes a file of one’s own choice a prompt: files', async () => {
    const uri = await open('letter.txt');
    assert.deepEqual(await lenses(uri), []);
    await set('files', ['settings-at-work/*.txt']);
    await eventually(async () => assert.notEqual((await lenses(uri)).length, 0));
  });

  it('takes the lenses and the hints at headings away: codeLens, headingHints', async () => {
    const uri = vscode.Uri.joinPath(folder, 'letter.txt');
    await set('codeLens', false);
    await eventually(async () => assert.deepEqual(await lenses(uri), []));
    const prompt = await open('CLAUDE.md');
    await eventually(async () => assert.equal(await hints(prompt), 2));
    await set('headingHints', false);
    await eventually(async () => assert.equal(await hints(prompt), 0));
  });

  for (const [setting, name] of [
    ['largeAlwaysLoaded', '../.github/copilot-instructions.md'],
    ['largeOnDemand', '.claude/agents/clerk.md'],
    ['largePrompt', 'berths.prompt.md'],
  ] as const)
    it(`says from where on a file is large: ${setting}`, async () => {
      const uri = await open(name);
      assert.deepEqual(sizes(uri), []);
      await set(setting, 0.1);
      await eventually(() => assert.equal(sizes(uri).length, 1));
    });

  it('says how many findings are shown: problemsPerFile', async () => {
    const uri = vscode.Uri.joinPath(folder, 'berths.prompt.md');
    await set('problemsPerFile', 0);
    await eventually(() => assert.deepEqual(sizes(uri), []));
  });
});
