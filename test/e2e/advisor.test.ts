// The advisor as a person meets it: a hint above a prompt, its hover, what can be done with it, and a warm session where it
// stays silent and, asked, warns of what a change of the model would cost.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { eventually } from '../host/eventually';
import { startMachine, type Machine } from '../host/machine';
import { type Workbench } from '../host/workbench';

const hourMs = 3_600_000;
const question = 'Can you explain what the config file is for?';

interface Call {
  readonly written: number;
  readonly read: number;
}

/** A session as Claude Code writes it: a prompt and the calls that answered it. */
function writeSession(home: string, id: string, prompt: string, startMs: number, calls: readonly Call[]): void {
  const cwd = path.join(home, 'projects', 'blank');
  const folder = path.join(home, '.claude', 'projects', cwd.replace(/[^A-Za-z0-9]/g, '-'));
  const sessionId = `00000000-0000-4000-8000-${id.padStart(12, '0')}`;
  const row = (index: number, more: object) => ({
    uuid: `${id}-${index}`,
    sessionId,
    timestamp: new Date(startMs + index * 1000).toISOString(),
    cwd,
    version: '2.1.330',
    isSidechain: false,
    ...more,
  });
  const rows = [
    row(0, { type: 'user', message: { role: 'user', content: prompt } }),
    ...calls.map(({ written, read }, index) =>
      row(index + 1, {
        type: 'assistant',
        requestId: `req_${id}_${index}`,
        message: {
          id: `msg_${id}_${index}`,
          type: 'message',
          role: 'assistant',
          model: 'claude-opus-5-5',
          content: [{ type: 'text', text: 'It says where the lamp is.' }],
          stop_reason: 'end_turn',
          usage: {
            input_tokens: 3,
            cache_creation_input_tokens: written,
            cache_read_input_tokens: read,
            cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: written },
            output_tokens: 300,
          },
        },
      }),
    ),
  ];
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, `${sessionId}.jsonl`), rows.map((one) => `${JSON.stringify(one)}\n`).join(''));
}

describe('The advisor', () => {
  let machine: Machine;
  let window: Workbench;
  const file = () => path.join(machine.folder, 'ask.prompt.md');

  before(async () => {
    machine = await startMachine({
      home: 'empty',
      prepare: (home) => {
        fs.writeFileSync(path.join(home, 'projects', 'blank', 'ask.prompt.md'), `${question}\n`);
        // Twelve days that each began with a question: the least of these starts took 30,003 tokens.
        for (let day = 1; day <= 12; day++)
          writeSession(home, `1${day}`, 'What is this for?', Date.now() - day * 24 * hourMs, [
            { written: 30_000 + (day % 4) * 1000, read: 0 },
            { written: 800, read: 30_000 },
          ]);
      },
    });
    window = await machine.openWindow();
    await window.waitForStatusText('tokenometer.meter', /\$/);
  });
  after(() => machine.stop());

  const hint = () =>
    eventually(async () => {
      const found = (await window.codeLenses()).find((lens) => lens.includes('Likely a small job'));
      if (found === undefined) throw new Error(`No hint among ${(await window.codeLenses()).join(' | ')}`);
      return found;
    }, 90_000);
  const noHint = () =>
    eventually(async () => {
      const lenses = await window.codeLenses();
      if (lenses.length === 0 || lenses.some((lens) => lens.includes('Likely'))) throw new Error(lenses.join(' | '));
    }, 90_000);
  const hover = () => window.page.locator('.monaco-hover:not(.hidden)', { hasText: 'Likely a small job' }).first();
  const list = (words: string) => window.page.locator('.quick-input-widget', { hasText: words }).waitFor();
  const clipboard = () => window.page.evaluate<string>('navigator.clipboard.readText()');
  const notice = (pattern: RegExp) =>
    eventually(async () => {
      const found = (await window.notifications()).find((text) => pattern.test(text));
      if (found === undefined)
        throw new Error(`Not among the notifications: ${(await window.notifications()).join(' | ')}`);
      return found;
    }, 90_000);

  it('says above a small question which model would do from the start, and the least that it saves', async () => {
    await window.openFile(file());
    const words = await hint();
    // Half of 30,003 tokens, written for an hour: at $8 per million by Opus 5.5; at $0.20, 2.5 times, by Haiku 5.5.
    assert.match(words, /Haiku 5\.5 from the start: at least \$0\.11 less than Opus 5\.5/);
  });

  it('gives its reasons, its record and its limits in the hover, and copies the command from there', async () => {
    await window.page.locator('.view-line span', { hasText: 'config file' }).last().hover();
    await hover().waitFor();
    const text = (await hover().innerText()).replaceAll('\u00a0', ' ');
    assert.match(text, /Why: .*asking for an explanation \(\+0\.\d\d\)/);
    assert.match(text, /7 in 10 marked like this were small, at most 1 in 10 large \([\d,]+ prompts of others\)/);
    assert.match(text, /At least \$0\.11 less, even if Haiku 5\.5 takes 2\.5 times the tokens/);
    assert.match(text, /not about the quality of the answer/);
    assert.match(text, /Second lever: stay on Opus 5\.5 with less thinking/);
    await window.takePicture('advisor hover');
    await hover().locator('a', { hasText: 'Copy /model haiku' }).click();
    await eventually(async () => assert.equal(await clipboard(), '/model haiku'));
    await hover().locator('a', { hasText: 'Copy /effort low' }).click();
    await eventually(async () => assert.equal(await clipboard(), '/effort low'));
    await hover().locator('a', { hasText: 'Hide for This Kind' }).click();
    await noHint();
  });

  it('answers when asked, shows what was hidden again, and is gone once it was called not small', async () => {
    await window.runCommand('Tokenometer: Suggest a Model');
    await list('Switch Hints On Again');
    await window.pick('Switch Hints On Again');
    await hint();
    await window.clickCodeLens('Likely a small job');
    await list('Not Small');
    await window.takePicture('advisor list');
    await window.pick('Not Small');
    await noHint();
    await window.runCommand('Tokenometer: Suggest a Model');
    await list('Switch Hints On Again');
    await window.pick('Switch Hints On Again');
    await hint();
  });

  it('can be turned off, and on again as new', async () => {
    await window.clickCodeLens('Likely a small job');
    await list('Off');
    await window.pick('Off');
    await noHint();
    await window.runCommand('Tokenometer: Suggest a Model');
    await list('Switch Hints On Again');
    assert.ok(!(await window.quickPickLabels()).includes('Off'));
    await window.pick('Switch Hints On Again');
    await hint();
  });

  it('keeps silent in a warm session and, asked, says what a change of the model would cost there', async () => {
    writeSession(machine.home, '99', 'Look at the lamp.', Date.now() - 60_000, [{ written: 92_000, read: 0 }]);
    await noHint();
    await window.runCommand('Tokenometer: Suggest a Model');
    const words = await notice(/Switching to Sonnet 5\.5 now costs about \$0\.3\d more/);
    assert.match(words, /this session’s 92\.3k tokens are cached for Opus 5\.5\. Free at your next \/clear\./);
    await eventually(async () =>
      assert.match(
        await window.statusTooltip('tokenometer.meter'),
        /Switching to Sonnet 5\.5 now costs about \$0\.3\d more/,
      ),
    );
    await window.takePicture('advisor warm session');
    await window.runCommand('Tokenometer: What Would Changing the Model Cost?');
    await list('What changing the model now would cost');
    assert.ok((await window.quickPickLabels()).includes('Sonnet 5.5'));
    await window.takePicture('advisor switch cost');
    await window.press('Escape');
  });

  it('says in the report which finished work a cheaper model had probably done too, most at first', async () => {
    await window.runCommand('Tokenometer: Show Cost Report');
    const text = await window.pageText('Light work on dear models');
    assert.match(text, /\d+ light tasks on Opus 5\.5 cost \$\d+\.\d\d\. On Haiku 5\.5 they had cost at most \$/);
    assert.match(text, /Most of them: explanations \(\d+\)/);
    for (const frame of window.page.frames()) {
      const heading = frame.locator('h2', { hasText: 'Light work on dear models' });
      if ((await heading.count()) > 0) await heading.scrollIntoViewIfNeeded();
    }
    await window.takePicture('advisor hindsight');
  });
});
