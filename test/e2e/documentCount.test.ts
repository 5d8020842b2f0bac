// The token count of what a person has open: there for prompts, up to date while typing, and of the selection if any.
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

  /** What the command line counts for a file of the open folder, as the status bar writes it. */
  const reported = async (name: string): Promise<string> => {
    const { stdout } = await machine.cli('count', '--model', 'gpt-5', '--json', path.join(machine.folder, name));
    return (JSON.parse(stdout) as { total: number }).total.toLocaleString('en-US');
  };

  it('has its tokens in the status bar', async () => {
    await window.openFile(path.join(machine.folder, 'CLAUDE.md'));
    await window.waitForStatusText(tokens, new RegExp(`^${await reported('CLAUDE.md')} tokens$`));
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
    await window.waitForStatusText(tokens, new RegExp(`^${await reported('README.md')} tokens$`));
    await window.press('Mod+Home');
    await window.press('Shift+ArrowRight');
    await window.waitForStatusText(tokens, /^1 tokens? selected$/);
    await window.takePicture('document count');
  });
});
