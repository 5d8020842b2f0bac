// VS Code in a browser alone, as on vscode.dev: counting, hints and fixes without Node and without a server, and nothing
// offered that needs a machine's logs.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Browser } from 'playwright-core';
import { createEncoder } from '../../src/tokens/encoder';
import { type BrowserHost, startBrowserHost } from '../host/browserHost';
import { launchChromium } from '../host/chromium';
import { eventually } from '../host/eventually';
import { checkoutFolder, makeTemporaryFolder } from '../host/folders';
import { installRelease, newestRelease } from '../host/webRelease';
import { Workbench } from '../host/workbench';

const words = (count: number) => 'harbor '.repeat(count).trim();
const json = JSON.stringify({ name: 'pier', boats: Array.from({ length: 9 }, (_, id) => ({ id })) }, undefined, 4);
const files: Readonly<Record<string, string>> = {
  'AGENTS.md': `# Pier\n\n## Build\n\n${words(90)}\n\n## Release\n\n${words(300)}\n\n## Answers\n\n\`\`\`json\n${json}\n\`\`\`\n`,
  'GEMINI.md': `# Pier\n\nRead @AGENTS.md and @gone.md first\n`,
};

describe('In a browser, without a machine', () => {
  const folder = makeTemporaryFolder('browser');
  const encoder = createEncoder(fs.readFileSync(path.join(checkoutFolder, 'dist', 'o200k_base.bin')), 'o200k_base');
  const figure = (text: string) => encoder.count(text).toLocaleString('en-US');
  const onDisk = (name: string) => fs.readFileSync(path.join(folder.path, name), 'utf8');
  let host: BrowserHost;
  let browser: Browser;
  let window: Workbench;

  before(async () => {
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder.path, name), text);
    host = await startBrowserHost({ release: await installRelease(newestRelease), folder: folder.path });
    browser = await launchChromium();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
    window = new Workbench(await context.newPage());
    await window.open(host.pageUrl);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.takePicture(`failed - ${this.currentTest.fullTitle()}`);
  });
  after(async () => {
    await browser?.close();
    await host?.stop();
    folder.remove();
  });

  it('counts what is open, exactly, on a thread of its own', async () => {
    await window.openFromExplorer('AGENTS.md');
    await window.waitForStatusText('tokenometer.tokens', new RegExp(`^${figure(files['AGENTS.md']!)} tokens$`));
    assert.ok(host.asked.includes('/tokenometer/dist/web/countWorker.js'), 'no counting thread was started');
  });

  it('says what a file weighs, section by section', async () => {
    const text = await eventually(async () => {
      const shown = await window.editorText();
      if (!shown.includes('heaviest')) throw new Error(shown);
      return shown;
    });
    const release = /## Release\n\n.*\n\n/.exec(files['AGENTS.md']!)![0];
    assert.match(text, new RegExp(`## Release.*${figure(release)} · .*heaviest`));
    const lenses = (await window.codeLenses()).join(' | ');
    assert.ok(lenses.includes(`${figure(files['AGENTS.md']!)} tokens`), lenses);
    assert.match(lenses, /\$0\.\d+ a send/);
  });

  it('follows what one types, and says what a fix saves and does it', async () => {
    await window.press('Mod+End');
    await window.press('ArrowUp');
    const title = 'Minify JSON block';
    const offered = await eventually(async () => {
      await window.press('Escape');
      const found = (await window.quickFixes()).find((fix) => fix.startsWith(title));
      if (found === undefined) throw new Error(`"${title}" is not offered`);
      return found;
    }, 60_000);
    await window.applyQuickFix(title);
    await saved(window, () => onDisk('AGENTS.md').includes('"boats":[{"id":0},'));
    const less = encoder.count(files['AGENTS.md']!) - encoder.count(onDisk('AGENTS.md'));
    assert.ok(offered.includes(`−${less} tokens`), `${offered}, and it saved ${less}`);
    await window.waitForStatusText('tokenometer.tokens', new RegExp(`^${figure(onDisk('AGENTS.md'))} tokens$`));
    await window.press('Mod+Z');
    await saved(window, () => onDisk('AGENTS.md') === files['AGENTS.md']);
  });

  it('follows imports in the workspace’s own file system', async () => {
    await window.openFromExplorer('GEMINI.md');
    await eventually(async () => {
      const lenses = (await window.codeLenses()).join(' | ');
      assert.ok(lenses.includes(`@AGENTS.md: ${figure(files['AGENTS.md']!)} tokens`), lenses);
      assert.ok(lenses.includes('@gone.md: no such file'), lenses);
    });
    await window.takePicture('in a browser');
  });

  it('offers nothing that needs the logs of a machine', async () => {
    const titles = await window.commandTitles('Tokenometer');
    assert.ok(titles.includes('Tokenometer: Count Tokens'), titles.join(', '));
    assert.ok(!titles.some((title) => /Report|Logs|Price|API/.test(title)), titles.join(', '));
    assert.equal(await window.statusItem('tokenometer.meter').count(), 0);
  });
});

async function saved(window: Workbench, isThere: () => boolean): Promise<void> {
  await eventually(async () => {
    await window.press('Mod+S');
    if (!isThere()) throw new Error('not saved yet');
  }, 20_000);
}
