// From a model without a price to one with a price, what the files of a folder weigh, and settings that hold at once: as
// a person does all three.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { eventually } from '../host/eventually';
import { startMachine, type Machine } from '../host/machine';
import { type Workbench } from '../host/workbench';
import { claudeCall, newSessionFile } from './claudeCalls';
import { centsIn } from './figures';

const meter = 'tokenometer.meter';

describe('Prices and folders', () => {
  let machine: Machine;
  let window: Workbench;

  before(async () => {
    machine = await startMachine({
      settings: {
        'tokenometer.tokens.model': 'gpt-5',
        'tokenometer.meter.notices': 'off',
        'tokenometer.prices.refresh': 'manual',
        'tokenometer.report.weeklyReminder': true,
      },
    });
    fs.writeFileSync(path.join(machine.folder, 'binary.dat'), Buffer.from([1, 0, 2]));
    fs.writeFileSync(path.join(machine.folder, 'latin1.txt'), Buffer.from('Hafenamt Süd', 'latin1'));
    fs.symlinkSync(machine.folder, path.join(machine.folder, 'loop'), 'dir');
    window = await machine.openWindow();
    await window.waitForStatusText(meter, /\$/);
  });
  after(() => machine.stop());

  /** Waits until the quick input asks for this: the one before it may still be closing. */
  const asked = (words: string) => window.page.locator('.quick-input-widget', { hasText: words }).waitFor();

  it('a model without a price gets one, and the month is whole', async () => {
    await eventually(async () => assert.match(await window.statusLabel(meter), /≥ \$\S+ this month/));
    await window.runCommand('Tokenometer: Add a Price…');
    await asked('Which model gets a price?');
    const [unpriced] = await window.quickPickLabels();
    assert.ok(unpriced);
    await window.takePicture('add a price');
    await window.pick(unpriced);
    await asked('million input tokens');
    await window.answer('2');
    await asked('million output tokens');
    await window.answer('10');
    await asked('cached input tokens');
    await window.answer('');
    await eventually(async () => {
      const label = await window.statusLabel(meter);
      assert.match(label, /\$\S+ this month/);
      assert.doesNotMatch(label, /≥/);
    }, 30_000);
  });

  it('the files of a folder are listed by weight, and opened from there', async () => {
    await window.runCommand('Tokenometer: Count Tokens');
    await eventually(async () => assert.ok((await window.quickPickLabels()).includes('CLAUDE.md')), 30_000);
    await window.takePicture('count folder');
    const hint = await window.page.locator('.quick-input-widget input').first().getAttribute('placeholder');
    assert.equal(hint, '2 files skipped: binary, too large or not readable');
    assert.ok(!(await window.quickPickLabels()).some((label) => label.startsWith('loop')));
    const { stdout } = await machine.cli('count', '--model', 'gpt-5', '--json', `${machine.folder}/CLAUDE.md`);
    const { total } = JSON.parse(stdout) as { total: number };
    const row = window.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'CLAUDE.md' }).first();
    assert.ok((await row.innerText()).includes(String(total)), await row.innerText());
    await window.pick('CLAUDE.md');
    await window.waitForEditor('CLAUDE.md');
  });

  it('a figure says where it comes from', async () => {
    await window.runCommand('Tokenometer: Why This Number?');
    await asked('Which day’s figure?');
    await window.pick(new Date().toISOString().slice(0, 10));
    const text = await window.pageText('Where this figure comes from');
    assert.ok(text.includes('.jsonl'), text.slice(0, 300));
    await window.takePicture('why this number');
  });

  /** The person's settings for the machine where extensions run, beside what is there. */
  const write = (settings: Readonly<Record<string, unknown>>): void => {
    const file = path.join(machine.host.dataFolder, 'data', 'Machine', 'settings.json');
    const old = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as object) : {};
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify({ ...old, ...settings }));
  };

  it('a setting holds as soon as it is written', async () => {
    await window.openFile(path.join(machine.folder, 'CLAUDE.md'));
    write({ 'tokenometer.meter.show': 'tokens', 'tokenometer.tokens.countFor': 'never' });
    await window.waitForStatusText(meter, /^[\d.]+[kM] tokens/);
    await window.statusItem('tokenometer.tokens').waitFor({ state: 'hidden' });
  });

  it('so does where logs lie, what is paid by the month, what has a flat rate, and whose price a model takes', async () => {
    const cents = async (): Promise<number> => centsIn(await window.statusLabel(meter));
    const becomes = (wanted: (cents: number) => boolean) =>
      eventually(async () => {
        const now = await cents();
        assert.ok(wanted(now), `The meter says ${now} cents: ${await window.statusLabel(meter)}`);
        return now;
      });
    write({ 'tokenometer.meter.show': 'today', 'tokenometer.logs.folders': {}, 'tokenometer.prices.flatRate': [] });
    await window.waitForStatusText(meter, /\$/);
    const before = await cents();
    const elsewhere = path.join(machine.home, 'elsewhere', '.claude');
    const file = newSessionFile(path.dirname(elsewhere), 'far');
    const call = (what: string) => claudeCall(`${what} ${Date.now()}`, 50_000, '/mnt/far');
    fs.writeFileSync(file, call('opus') + call('sonnet').replaceAll('claude-opus-5-5', 'claude-sonnet-5-5'));
    write({
      'tokenometer.logs.folders': { 'claude-code': [elsewhere] },
      'tokenometer.prices.plans': [{ tool: 'claude-code', name: 'Harbour plan', usdPerMonth: 17 }],
    });
    const withBoth = await becomes((now) => now > before + 100);
    await eventually(async () => assert.match(await window.statusTooltip(meter), /Harbour plan: \$17\.00 a month/));
    await window.takePicture('settings at work');
    write({ 'tokenometer.prices.flatRate': ['claude-opus-5-5'] });
    const withoutOpus = await becomes((now) => now <= withBoth - 100);
    write({ 'tokenometer.prices.aliases': { 'claude-sonnet-5-5': 'claude-haiku-5-5' } });
    await becomes((now) => now < withoutOpus);
  });

  it('what is the person’s own on every machine holds, too: reminder, prices to be fetched, no notice', async () => {
    await window.statusItem('tokenometer.weekly').waitFor();
    assert.ok((await window.commandTitles('Tokenometer: Refresh')).includes('Tokenometer: Refresh Prices'));
    write({ 'tokenometer.budgets': { day: 0.01 }, 'tokenometer.meter.show': 'today' });
    await window.waitForStatusText(meter, /\/\$0\.01/);
    assert.deepEqual(await window.notifications(), []);
  });

  it('names in the palette what an open prompt, a setting or a task makes possible', async () => {
    await window.waitForEditor('CLAUDE.md');
    for (const title of [
      'Show What This Prompt Costs',
      'Make This Prompt Smaller…',
      'Suggest a Model',
      'Count Exactly with My API Key…',
      'Stop Claude Code at a Hard Cap…',
    ])
      assert.ok((await window.commandTitles(`Tokenometer: ${title}`)).includes(`Tokenometer: ${title}`), title);
    await window.runCommand('Tokenometer: Start a Task Budget…');
    await asked('How much may this task use?');
    await window.answer('$2');
    await window.runCommand('Tokenometer: End the Task Budget');
    await eventually(async () => assert.match((await window.notifications()).join(), /The task budget has ended/));
    assert.ok((await window.commandTitles('Tokenometer: Start a')).includes('Tokenometer: Start a Task Budget…'));
  });
});
