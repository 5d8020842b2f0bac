// The extension comes up inside a real VS Code, by itself and quickly, and what its manifest promises is there.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from '../host/eventually';

const extensionId = 'tokenometer.tokenometer';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension<unknown>(extensionId);
  assert.ok(found, `${extensionId} is not among the extensions of this VS Code`);
  return found;
}

describe('The extension', () => {
  it('activates by itself once the window has started', async () => {
    await eventually(() => assert.ok(extension().isActive));
  });

  it('registers every command of its manifest', async () => {
    await extension().activate();
    const { commands } = (extension().packageJSON as Manifest).contributes;
    assert.notEqual(commands.length, 0);
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = commands.map(({ command }) => command).filter((command) => !registered.has(command));
    assert.deepEqual(missing, []);
  });
});
