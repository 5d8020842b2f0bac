// The token count of what a person has open: there for prompts and notebooks, up to date while typing, of the selection
// if any; and the one command that has a text counted by the vendor.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as http from 'node:http';
import { type AddressInfo } from 'node:net';
import * as path from 'node:path';
import { eventually } from '../host/eventually';
import { startMachine, type Machine } from '../host/machine';
import { addExtension } from '../host/otherExtension';
import { type Workbench } from '../host/workbench';

const tokens = 'tokenometer.tokens';
const cells = ['# Load\n\nReads the readings of every buoy.', 'readings = load("buoys.csv")\nprint(len(readings))'];

/** Writes documents that lie in no file, as Git's old versions do not: longer by a word each time it is asked for one. */
const letters = {
  name: 'letters',
  commands: { 'letters.write': 'Write a Letter' },
  activate: `
    const changed = new vscode.EventEmitter();
    const uri = vscode.Uri.parse('letters:/to the harbour master.md?draft=1');
    let words = 2;
    context.subscriptions.push(
      vscode.workspace.registerTextDocumentContentProvider('letters', {
        onDidChange: changed.event,
        provideTextDocumentContent: () => Array(words).fill('boat').join(' '),
      }),
      vscode.commands.registerCommand('letters.write', async () => {
        words++;
        changed.fire(uri);
        await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
      }),
    );`,
};

describe('The open document', () => {
  let machine: Machine;
  let window: Workbench;
  let vendor: Vendor;

  before(async () => {
    vendor = await Vendor.start();
    machine = await startMachine({
      settings: { 'tokenometer.tokens.model': 'gpt-5', 'editor.wordWrap': 'on' },
      variables: { OPENAI_BASE_URL: vendor.address },
    });
    fs.writeFileSync(path.join(machine.folder, 'readings.ipynb'), notebook(cells));
    addExtension(machine, letters);
    window = await machine.openWindow();
  });
  after(async () => {
    vendor.stop();
    await machine.stop();
  });

  /** What the command line counts for a file of the open folder, as the status bar writes it. */
  const reported = async (name: string): Promise<string> => {
    const { stdout } = await machine.cli('count', '--model', 'gpt-5', '--json', path.join(machine.folder, name));
    return (JSON.parse(stdout) as { total: number }).total.toLocaleString('en-US');
  };
  const open = (name: string) => window.openFile(path.join(machine.folder, name));

  it('has its tokens in the status bar', async () => {
    await open('CLAUDE.md');
    await window.waitForStatusText(tokens, new RegExp(`^${await reported('CLAUDE.md')} tokens$`));
  });

  it('is counted again while one types', async () => {
    await window.newFile();
    await window.insert('hello world');
    await window.waitForStatusText(tokens, /^2 tokens$/);
    await window.type(' again');
    await window.waitForStatusText(tokens, /^3 tokens$/);
    await window.press('Mod+A');
    await window.waitForStatusText(tokens, /^3 tokens selected$/);
    await window.press('Backspace');
    await window.waitForStatusText(tokens, /^0 tokens$/);
  });

  it('gives way to the selection', async () => {
    await open('README.md');
    await window.waitForStatusText(tokens, new RegExp(`^${await reported('README.md')} tokens$`));
    await window.press('Mod+Home');
    await window.press('Shift+ArrowRight');
    await window.waitForStatusText(tokens, /^1 token selected$/);
    await window.takePicture('document count');
  });

  it('may lie in no file, and is counted again when its source has changed', async () => {
    await window.runCommand('Write a Letter');
    await window.waitForStatusText(tokens, /^3 tokens$/);
    await window.runCommand('Write a Letter');
    await window.waitForStatusText(tokens, /^4 tokens$/);
  });

  it('may be a notebook: its cells are summed', async () => {
    for (const [at, cell] of cells.entries()) fs.writeFileSync(path.join(machine.folder, `cell-${at}.txt`), cell);
    const { stdout } = await machine.cli(
      ...['count', '--model', 'gpt-5', '--json'],
      ...cells.map((_, at) => path.join(machine.folder, `cell-${at}.txt`)),
    );
    const { total } = JSON.parse(stdout) as { total: number };
    await open('readings.ipynb');
    await window.waitForStatusText(tokens, new RegExp(`^${total} tokens$`));
  });

  it('is counted by the vendor when asked to, who is sent the text once and only after a yes', async () => {
    await open('CLAUDE.md');
    const text = fs.readFileSync(path.join(machine.folder, 'CLAUDE.md'), 'utf8');
    const dialog = window.page.locator('.monaco-dialog-box');
    const key = window.page.locator('.quick-input-widget input[type="password"]');
    const ask = async (): Promise<string> => {
      await window.runCommand('Tokenometer: Count Exactly with My API Key…');
      const words = await dialog.innerText();
      assert.equal(vendor.asked.length, said);
      await dialog.getByRole('button', { name: 'Send and Count' }).click();
      return words;
    };
    const says = (pattern: RegExp) =>
      eventually(async () => assert.match((await window.notifications()).join('\n'), pattern));

    let said = 0;
    const words = await ask();
    assert.ok(words.includes(vendor.origin) && words.includes(text.length.toLocaleString('en-US')), words);
    await key.fill('a wrong key');
    await window.press('Enter');
    await says(/OpenAI refused the API key\./);
    said = 1;
    await ask();
    await key.fill(vendor.key);
    await window.press('Enter');
    await says(/4,321 tokens as a message to gpt-5, says OpenAI\./);
    await window.takePicture('count exactly');
    assert.deepEqual(vendor.asked, [
      { url: '/v1/responses/input_tokens', body: { model: 'gpt-5', input: text } },
      { url: '/v1/responses/input_tokens', body: { model: 'gpt-5', input: text } },
    ]);

    await window.runCommand('Notifications: Clear All Notifications');
    await window.runCommand('Tokenometer: Count Exactly with My API Key…');
    await says(/4,321 tokens as a message/);
    assert.equal(vendor.asked.length, 2);

    vendor.stop();
    said = 2;
    await open('README.md');
    await ask();
    await says(/OpenAI could not be reached \(ECONNREFUSED\)\. Nothing was counted\./);
  });
});

/** A counting service like OpenAI's, on this machine, that knows one key. */
class Vendor {
  readonly key = 'an-invented-key';
  readonly asked: { url: string | undefined; body: unknown }[] = [];

  private constructor(private readonly server: http.Server) {}

  static async start(): Promise<Vendor> {
    const server = http.createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        vendor.asked.push({ url: request.url, body: JSON.parse(body) });
        const isKnown = request.headers.authorization === `Bearer ${vendor.key}`;
        response.writeHead(isKnown ? 200 : 401).end(JSON.stringify(isKnown ? { input_tokens: 4321 } : {}));
      });
    });
    const vendor = new Vendor(server);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return vendor;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get address(): string {
    return `${this.origin}/v1`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** A notebook as Jupyter writes it: the first cell is Markdown, the others are code with an output. */
function notebook(sources: readonly string[]): string {
  return JSON.stringify({
    cells: sources.map((source, at) =>
      at === 0
        ? { cell_type: 'markdown', metadata: {}, source: [source] }
        : {
            cell_type: 'code',
            metadata: {},
            execution_count: 1,
            source: [source],
            outputs: [{ output_type: 'stream', name: 'stdout', text: ['1234567890\n'.repeat(100)] }],
          },
    ),
    metadata: { language_info: { name: 'python' } },
    nbformat: 4,
    nbformat_minor: 5,
  });
}
