// The token count of what a person has open: there for prompts, up to date while typing, and of the selection if any.
import assert from 'node:assert/strict';
import * as path from 'node:path';
import { startMachine, type Machine } from '../host/machine';
import { type Workbench } from '../host/workbench';

const tokens = 'tokenometer.tokens';

describe('The open document', () => {
  let machine: Machine;
  let window: Workbench;

  before(async () => {
    machine = await startMachine({ settings: { 'tokenometer.tokens.model': 'gpt-5', 'editor.wordWrap': 'on' } });
    window = await machine.openWindow();
  });
  after(() => machine.stop());

  const count = async (): Promise<number> => {
    const text = await window.waitForStatusText(tokens, /[\d,]+ tokens/);
    return Number(/([\d,]+) tokens/.exec(text)![1]!.replaceAll(',', ''));
  };

  it('has its tokens in the status bar', async () => {
    await window.openFile(path.join(machine.folder, 'CLAUDE.md'));
    const { stdout } = await machine.cli('count', '--model', 'gpt-5', '--json', path.join(machine.folder, 'CLAUDE.md'));
    assert.equal(await count(), (JSON.parse(stdout) as { total: number }).total);
  });

  it('is counted again while one types', async () => {
    await window.newFile();
    await window.insert('hello world');
    await window.waitForStatusText(tokens, /^2 tokens/);
    await window.type(' again');
    await window.waitForStatusText(tokens, /^3 tokens/);
    await window.press('Mod+A');
    await window.press('Backspace');
    await window.waitForStatusText(tokens, /^0 tokens/);
  });

  it('gives way to the selection', async () => {
    await window.openFile(path.join(machine.folder, 'README.md'));
    const whole = await count();
    await window.press('Mod+Home');
    await window.press('Shift+End');
    await window.waitForStatusText(tokens, new RegExp(`^(?!.*${whole.toLocaleString('en-US')} tokens)`), 5000);
    assert.ok((await count()) < whole);
    await window.takePicture('document count');
  });
});
