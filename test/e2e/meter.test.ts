// The meter as a person keeps a budget with it: set from its menu, coloured at its thresholds in every theme, one notice
// in one of two windows, a task that ends with a commit, a session in circles, the hook shown before it is there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { eventually } from '../host/eventually';
import { startMachine, type Machine, type Theme } from '../host/machine';
import { type Workbench } from '../host/workbench';
import { claudeCall, latestSessionFile } from './claudeCalls';
import { meterCents } from './figures';

const meter = 'tokenometer.meter';
const themes: readonly Theme[] = ['dark', 'light', 'hc-dark', 'hc-light'];
const settings = {
  'git.enabled': true,
  'git.autoRepositoryDetection': true,
  'git.openRepositoryInParentFolders': 'never',
};

function git(folder: string, ...words: readonly string[]): void {
  const who = ['-c', 'user.name=Nobody', '-c', 'user.email=nobody@example.com', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...who, ...words], { cwd: folder, stdio: 'ignore' });
}

/** A call of now that wrote to the one-hour cache. */
function cachedCall(cwd: string): string {
  const row = JSON.parse(claudeCall('cached', 1000, cwd)) as { message: { usage: Record<string, unknown> } };
  row.message.usage['cache_creation_input_tokens'] = 60_000;
  row.message.usage['cache_creation'] = { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 60_000 };
  return `${JSON.stringify(row)}\n`;
}

/** The same command with the same result, eight times. */
function circles(cwd: string): string {
  const lines: unknown[] = [];
  for (let turn = 0; turn < 8; turn++) {
    const atMs = Date.now() - (8 - turn) * 1000;
    const asked = JSON.parse(claudeCall(`circle-${turn}`, 10, cwd)) as Record<string, Record<string, unknown>>;
    const input = { command: 'make test' };
    asked['message']!['content'] = [{ type: 'tool_use', id: `toolu_circle_${turn}`, name: 'Bash', input }];
    const content = [{ type: 'tool_result', tool_use_id: `toolu_circle_${turn}`, content: 'make: nothing to do' }];
    const { sessionId } = asked;
    const timestamp = new Date(atMs + 500).toISOString();
    const result = {
      type: 'user',
      uuid: `circle-${turn}`,
      sessionId,
      cwd,
      timestamp,
      message: { role: 'user', content },
    };
    lines.push({ ...asked, timestamp: new Date(atMs).toISOString() }, result);
  }
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

describe('The meter keeps a budget', () => {
  let machine: Machine;
  let window: Workbench;
  let other: Workbench;
  /** Everything that popped up so far, in either window. */
  const notices = async () => [...(await window.notifications()), ...(await other.notifications())];
  /** Half a cent more than asked for, against rounding. */
  const spend = (id: string, cents: number) =>
    fs.appendFileSync(latestSessionFile(machine.home), claudeCall(id, cents * 500 + 250, machine.folder));
  /** Waits until the quick input asks for this: the one before it may still be closing. */
  const asked = (words: string) => window.page.locator('.quick-input-widget', { hasText: words }).waitFor();
  const setBudget = async (name: string, amount: string) => {
    await asked('Which budget?');
    await window.pick(name);
    await asked('For example $20');
    await window.answer(amount);
  };
  const background = (variable?: string) =>
    window.statusItem(meter).evaluate((element, name) => {
      const page = globalThis as unknown as {
        getComputedStyle(of: unknown): Record<string, string> & { getPropertyValue(name: string): string };
      };
      const style = page.getComputedStyle(element);
      return name === undefined ? style['backgroundColor']! : style.getPropertyValue(name).trim();
    }, variable);

  before(async () => {
    machine = await startMachine({
      settings: { ...settings, 'tokenometer.budgets': { day: 23 } },
      prepare: (home) => {
        const folder = path.join(home, 'projects', 'harbor-api');
        git(folder, 'init', '-q', '-b', 'main');
        git(folder, 'add', '.');
        git(folder, 'commit', '-q', '-m', 'Start');
      },
    });
    [window, other] = await Promise.all([
      machine.openWindow(),
      machine.openWindow(path.join(machine.home, 'projects', 'lantern-web')),
    ]);
    await Promise.all([meterCents(window), meterCents(other)]);
  });
  after(() => machine.stop());

  it('offers what one does next, and sets a budget', async () => {
    for (const one of [window, other]) await one.waitForStatusText(meter, /\$\d+\.\d\d\/\$23$/);
    await window.clickStatus(meter);
    const labels = await window.quickPickLabels();
    await window.takePicture('meter menu');
    assert.deepEqual(labels, [
      'Show Cost Report',
      'Why This Number?',
      'Set a Budget…',
      'Start a Task Budget…',
      'Choose What the Meter Shows…',
      'Open Settings',
      'Check Agent Logs',
    ]);
    await window.pick('Set a Budget…');
    await setBudget('Budget for Each Week', '$900');
    fs.appendFileSync(latestSessionFile(machine.home), cachedCall(machine.folder));
    await eventually(async () => {
      const tooltip = await window.statusTooltip(meter);
      assert.match(tooltip, /% of \$900/);
      assert.match(tooltip, /Cache warm for 5\d:\d\d, then this context costs \$0\.\d\d to read again/);
    });
    await window.takePicture('meter cache');
    assert.match(
      await window.statusLabel(meter),
      /Today: \$\S+ of \$23, [\d.]+% of the budget.*today.*this week.*this month/,
    );
    assert.deepEqual(await notices(), []);
  });

  for (const [level, share] of [
    ['warning', 0.85],
    ['error', 1.02],
  ] as const) {
    it(`speaks once in two windows, and has every theme's ${level} colour`, async () => {
      const isWarning = level === 'warning';
      spend(level, Math.ceil(2300 * share) - (await meterCents(window)));
      await eventually(async () => assert.equal((await notices()).length, 1));
      const shower = (await window.notifications()).length > 0 ? window : other;
      await shower.takePicture(`meter notice ${level}`);
      for (const one of [window, other])
        await eventually(async () =>
          assert.match(await one.statusLabel(meter), isWarning ? /nearly used/ : /is used up/),
        );
      const said = await notices();
      assert.equal(said.length, 1);
      assert.match(
        said[0]!,
        isWarning ? /^Today: \$19\.\d\d of \$23, 85%: over 80% of the budget/ : /the budget is used up/,
      );
      if (isWarning) await shower.page.locator('.notification-toast .codicon-notifications-clear').first().click();
      else await shower.clickNotificationButton('Snooze');
      for (const theme of themes) {
        await window.changeTheme(theme);
        await eventually(async () => {
          const wanted = await background(`--vscode-statusBarItem-${level}Background`);
          // This theme has no such colours: the icon and the figures say it.
          if (theme === 'hc-dark') assert.equal(wanted, '');
          else assert.equal(await background(), toRgb(wanted));
        });
        assert.equal(await window.statusItem(meter).locator(`.codicon-${level}`).count(), 1);
        await window.takePicture(`meter ${level} ${theme}`);
        if (!isWarning) continue;
        const tooltip = await window.statusTooltip(meter);
        await window.takePicture(`meter tooltip ${theme}`);
        for (const words of [
          'Claude Code in harbor-api',
          'Context',
          'so far',
          '% of $',
          'This week',
          'claude-opus-5-5',
        ])
          assert.ok(tooltip.includes(words), `"${words}" is not in the tooltip: ${tooltip}`);
        await window.page.mouse.move(700, 300);
      }
      assert.deepEqual(await notices(), []);
    });
  }

  it('keeps a task’s budget without a sound under do-not-disturb, until a commit', async () => {
    // A workspace's own budget rules over the person's.
    fs.mkdirSync(path.join(machine.folder, '.vscode'), { recursive: true });
    fs.writeFileSync(
      path.join(machine.folder, '.vscode', 'settings.json'),
      '{ "tokenometer.budgets": { "day": 500 } }',
    );
    await window.waitForStatusText(meter, /\/\$500$/);
    await window.runCommand('Notifications: Toggle Do Not Disturb Mode');
    await window.runCommand('Tokenometer: Start a Task Budget…');
    await asked('How much may this task use?');
    await window.answer('$2');
    await window.waitForStatusText(meter, /^task: \$2\.00 left$/);
    spend('task', 100);
    await window.waitForStatusText(meter, /^task: \$(0\.99|1\.00) left$/);
    await window.takePicture('meter task');
    spend('task too', 150);
    await window.waitForStatusText(meter, /^task \$2\.5\d\/\$2$/);
    assert.deepEqual(await notices(), []);
    await window.runCommand('Notifications: Toggle Do Not Disturb Mode');
    git(machine.folder, 'commit', '-q', '--allow-empty', '-m', 'Done');
    await eventually(async () =>
      assert.match((await notices()).join(), /The task budget ended with your commit. This task: \$2\.5\d of \$2/),
    );
    await window.waitForStatusText(meter, /^\$\d+\.\d\d\/\$500$/);
  });

  it('shows what one chooses to watch', async () => {
    await window.runCommand('Tokenometer: Choose What the Meter Shows…');
    await asked('What should the meter show?');
    await window.pick('Context Fill');
    await window.waitForStatusText(meter, /^context \d+(\.\d)?%$/);
  });

  it('alarms of a session in circles, and opens its log', async () => {
    fs.appendFileSync(latestSessionFile(machine.home), circles(machine.folder));
    await eventually(async () =>
      assert.match((await notices()).join(), /Claude Code may be going in circles in harbor-api: Bash/),
    );
    const shower = (await window.notifications()).join().includes('circles') ? window : other;
    await shower.takePicture('meter runaway');
    await shower.clickNotificationButton('Open Log');
    await shower.waitForEditor('.jsonl');
  });

  it('shows the change for a hard cap, and writes no file of Claude Code’s', async () => {
    const file = path.join(machine.home, '.claude', 'settings.json');
    await window.runCommand('Tokenometer: Stop Claude Code at a Hard Cap…');
    const proposed = window.page.locator('.monaco-diff-editor .editor.modified .view-lines');
    await eventually(async () => assert.match(await proposed.innerText(), /hard-cap\.sh/));
    await asked('You save the file yourself');
    await window.takePicture('meter hard cap');
    await window.pick('Put It into the Editor');
    await window.waitForEditor('settings.json');
    assert.ok(!fs.existsSync(file));
  });
});

/** `#rrggbb` as a page computes it. */
function toRgb(colour: string): string {
  const [, ...parts] = /^#(..)(..)(..)$/.exec(colour) ?? [];
  return parts.length === 3 ? `rgb(${parts.map((part) => parseInt(part, 16)).join(', ')})` : colour;
}
