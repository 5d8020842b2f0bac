// The report's page as a person reads it: the meter's figure on it, filters, a figure's explanation, what a screen reader
// is told, nothing clipped from 320 to 1600 pixels in four themes, and still there after a reload.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Frame } from 'playwright-core';
import { type RollUp } from '../../src/report/teamRollUp';
import { eventually } from '../host/eventually';
import { startMachine, type Machine, type Theme } from '../host/machine';
import { type Workbench } from '../host/workbench';
import { meterCents } from './figures';
import { hostileNames, writeReflogs, writeTrouble } from './reportTrouble';

/** The frame that holds the page; waits until the page stands. */
async function pageFrame(window: Workbench): Promise<Frame> {
  return eventually(async () => {
    for (const frame of window.page.frames()) {
      if (frame === window.page.mainFrame()) continue;
      if ((await frame.locator('main[aria-busy="false"] h2').count()) > 0) return frame;
    }
    throw new Error('no report page stands yet');
  }, 60_000);
}

const axe = fs.readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

/** What axe-core calls serious or critical on the whole page. */
async function seriousFindings(page: Frame, rules: 'everything' | 'colours'): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe);
  const only = rules === 'colours' ? ', runOnly: ["color-contrast", "link-in-text-block"]' : '';
  const { violations } = await page.evaluate<{
    violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
  }>(`axe.run(document, { resultTypes: ["violations"]${only} })`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map((node) => `${node.html.slice(0, 200)} ${node.failureSummary}`)
          .join(' | ')}`,
    );
}

interface Control {
  readonly name: string;
  readonly isReached: boolean;
  readonly outline: string;
}

/** Every control of the page, focused in turn as a key would: what it is called, whether it takes part, its ring. */
const controlsScript = `[...document.querySelectorAll('main :is(button, select, summary, [tabindex])')]
  .filter((one) => one.checkVisibility())
  .map((one) => {
    one.focus({ focusVisible: true });
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    return {
      name: one.getAttribute('aria-label') ?? one.textContent.slice(0, 80),
      isReached: document.activeElement === one && one.tabIndex === 0,
      outline: outlineStyle + ' ' + outlineWidth,
    };
  })`;

/**
 * Has the workbench written down that the page is open and what it is filtered to? A browser keeps what a window's
 * editors hold now and then, when it has nothing else to do.
 */
const isPageKept = `(async () => {
  const answer = (request) =>
    new Promise((done, fail) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
  for (const { name } of await indexedDB.databases()) {
    const database = await answer(indexedDB.open(name));
    try {
      if (!database.objectStoreNames.contains('ItemTable')) continue;
      const values = await answer(database.transaction('ItemTable').objectStore('ItemTable').getAll());
      if (values.some((value) => /tokenometer\\.report.*period[\\\\"]+:[\\\\"]+all/s.test(String(value)))) return true;
    } finally {
      database.close();
    }
  }
  return false;
})()`;

/** Somebody else's roll-up, as a file. */
const theirs = {
  kind: 'tokenometer-roll-up',
  schemaVersion: 1,
  since: '2026-01-05',
  until: '2026-02-01',
  files: 1,
  leastSessions: 5,
  rows: [
    {
      week: '2026-01-05',
      agent: 'codex',
      model: 'gpt-5',
      project: 'harbor-lights',
      sessions: 9,
      calls: 90,
      inputTokens: 1000,
      cacheWriteTokens: 0,
      cacheReadTokens: 5000,
      outputTokens: 700,
      costUsd: 12.34,
      unpricedTokens: 0,
    },
  ],
  leftOutSessions: 0,
} satisfies RollUp;

describe('The report page', () => {
  let machine: Machine;
  let window: Workbench;

  before(async () => {
    machine = await startMachine({
      settings: { 'tokenometer.report.weeklyReminder': true },
      prepare: writeReflogs,
    });
    window = await machine.openWindow();
    await meterCents(window);
  });
  after(() => machine.stop());

  it("opens from the meter and shows the meter's figure", async () => {
    const dollars = ((await meterCents(window)) / 100).toFixed(2);
    await window.clickStatus('tokenometer.meter');
    await window.pick('Show Cost Report');
    const page = await pageFrame(window);
    await page.getByLabel('Period', { exact: true }).selectOption({ label: 'Today' });
    await eventually(async () => {
      const cost = await (await pageFrame(window)).locator('.tiles dd').first().innerText();
      assert.ok(cost.includes(`$${dollars}`), `${cost} is not $${dollars}`);
    });
  });

  it('shows all sections with what the sessions were about', async () => {
    const page = await pageFrame(window);
    await page.getByLabel('Period', { exact: true }).selectOption({ label: 'Everything' });
    await eventually(async () => {
      const headings = await page.locator('h2').allInnerTexts();
      for (const heading of ['Spend over time', 'By day', 'By model', 'By project', 'By branch', 'Dearest sessions'])
        assert.ok(headings.includes(heading), `${heading} is not among ${headings.join(', ')}`);
    });
    const rows = page.locator('table[aria-labelledby="sessions"] tbody th');
    await eventually(async () => assert.match((await rows.allInnerTexts()).join('\n'), /[a-z]+ [a-z]+/));
    // What takes longer comes afterwards.
    await page.locator('h2', { hasText: 'What it was for' }).waitFor();
    await window.takePicture('report page');
    await page.locator('h2', { hasText: 'What it was for' }).scrollIntoViewIfNeeded();
    await window.takePicture('report page, outcomes');
  });

  it('is filtered by a project, and says so in its filter', async () => {
    const page = await pageFrame(window);
    const before = await page.locator('table[aria-labelledby="projects"] tbody tr').count();
    assert.ok(before > 1);
    const first = page.locator('table[aria-labelledby="projects"] tbody th button').first();
    const project = await first.innerText();
    // By key: the row may be gone afterwards, and the focus is on the filter then.
    await first.press('Enter');
    await eventually(async () =>
      assert.equal(await page.locator('table[aria-labelledby="projects"] tbody tr').count(), 1),
    );
    assert.equal(await page.getByLabel('Project', { exact: true }).inputValue(), project);
    assert.equal(await page.evaluate('document.activeElement.id'), 'filter-project');
    await page.getByLabel('Project', { exact: true }).selectOption({ label: 'All' });
    await eventually(async () =>
      assert.equal(await page.locator('table[aria-labelledby="projects"] tbody tr').count(), before),
    );
  });

  it('gives the chart a text, every table a name, every control a label', async () => {
    const page = await pageFrame(window);
    assert.match((await page.locator('svg[role="img"]').getAttribute('aria-label')) ?? '', /Spend for each day/);
    for (const table of await page.locator('table').all()) {
      const id = await table.getAttribute('aria-labelledby');
      assert.notEqual(await page.locator(`[id="${id}"]`).innerText(), '');
    }
    for (const name of ['Period', 'Stacked by', 'Agent', 'Project', 'Model'])
      assert.equal(await page.getByRole('combobox', { name, exact: true }).count(), 1, name);
    assert.equal(await page.locator('main [style]').count(), 0);
  });

  it('is reached by keys alone, with a ring around what has the focus', async () => {
    const page = await pageFrame(window);
    await page.getByLabel('Period', { exact: true }).focus();
    for (const name of ['Stacked by', 'Agent', 'Project', 'Model']) {
      await window.press('Tab');
      assert.equal(await page.evaluate('document.activeElement.labels?.[0].textContent'), name);
    }
    const controls = await page.evaluate<readonly Control[]>(controlsScript);
    assert.ok(controls.length > 40, `${controls.length} controls`);
    for (const { name, isReached, outline } of controls)
      assert.deepEqual([isReached, outline], [true, 'solid 2px'], name);
  });

  it('keeps the chart’s colours apart where the system forces its own', async () => {
    const page = await pageFrame(window);
    await page.locator('h2', { hasText: 'Spend over time' }).scrollIntoViewIfNeeded();
    for (const colorScheme of ['dark', 'light'] as const) {
      await window.page.emulateMedia({ forcedColors: 'active', colorScheme });
      const fills = await page.evaluate<readonly string[]>(
        '[...document.querySelectorAll(".legend .swatch")].map((one) => getComputedStyle(one).backgroundColor)',
      );
      assert.ok(fills.length > 1 && new Set(fills).size === fills.length, fills.join(', '));
      await window.takePicture(`report page, forced colours, ${colorScheme}`);
    }
    await window.page.emulateMedia({ forcedColors: null, colorScheme: null });
  });

  it('survives a reload with its filters', async () => {
    const filters = (await pageFrame(window)).locator('form');
    assert.equal(await filters.getByLabel('Period', { exact: true }).inputValue(), 'all');
    await eventually(async () => assert.ok(await window.page.evaluate<boolean>(isPageKept)), 30_000);
    await window.page.reload();
    await window.waitForExtension();
    const page = await pageFrame(window);
    assert.equal(await page.getByLabel('Period', { exact: true }).inputValue(), 'all');
  });

  it('opens the explanation of a day', async () => {
    const page = await pageFrame(window);
    await page.locator('table[aria-labelledby="days"] tbody th button').first().click();
    await window.pageText('Where this figure comes from');
    await window.takePicture('why this day');
  });

  it('writes last week’s check-in from a quiet item that goes away', async () => {
    assert.match(await window.statusText('tokenometer.weekly'), /weekly check-in/);
    assert.deepEqual(await window.notifications(), []);
    await window.clickStatus('tokenometer.weekly');
    await eventually(async () => assert.match(await window.editorText(), /Week of \d{4}-\d\d-\d\d/));
    await window.statusItem('tokenometer.weekly').waitFor({ state: 'detached' });
  });

  it('writes the check-in of a week, and a team roll-up to be read before it is saved', async () => {
    await window.runCommand('Tokenometer: Write Weekly Check-In…');
    await window.pick('This week so far');
    await eventually(async () => assert.match(await window.editorText(), /Week of \d{4}-\d\d-\d\d/));
    await window.takePicture('weekly check-in');
    await window.runCommand('Tokenometer: Export Team Roll-Up…');
    await window.pick('Without projects');
    await eventually(async () => assert.match(await window.editorText(), /"kind": "tokenometer-roll-up"/));
    assert.doesNotMatch(await window.editorText(), /harbor|projects/);
    await window.takePicture('team roll-up');
  });

  it('merges the roll-ups of several people', async () => {
    const file = path.join(machine.home, 'theirs.json');
    fs.writeFileSync(file, JSON.stringify(theirs));
    await window.runCommand('Tokenometer: Merge Team Roll-Ups…');
    await window.answer(file);
    await eventually(async () => assert.match(await window.editorText(), /harbor-lights[^]*12\.34/));
    await window.takePicture('merged roll-ups');
  });

  it('shows hostile names as names', async () => {
    writeTrouble(machine.home);
    await window.runCommand('View: Close Primary Side Bar');
    await window.page.setViewportSize({ width: 1600, height: 1000 });
    await window.runCommand('Tokenometer: Show Cost Report');
    const page = await pageFrame(window);
    await page.locator('table[aria-labelledby="models"] tbody th', { hasText: '<img' }).waitFor();
    assert.equal(await page.locator('main :is(img, script, iframe, style, object)').count(), 0);
    for (const table of await page.locator('table').all()) {
      const columns = await table.locator('thead th').count();
      for (const row of await table.locator('tbody tr').all()) assert.equal(await row.locator('> *').count(), columns);
    }
    const models = (await page.locator('table[aria-labelledby="models"] tbody th').allInnerTexts()).join('\n');
    for (const name of hostileNames.slice(0, 3))
      assert.ok(models.includes(name), `${name} is not in ${models.slice(0, 500)}`);
    assert.equal(await page.evaluate<string>('document.title'), 'Cost Report');
  });

  for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] satisfies Theme[]) {
    it(`clips nothing at 320 and at 1600 pixels: ${theme}`, async () => {
      await window.page.setViewportSize({ width: 1600, height: 1000 });
      if (theme !== 'dark') await window.changeTheme(theme);
      const page = await pageFrame(window);
      for (const width of [1600, 320]) {
        await window.page.setViewportSize({ width, height: 1000 });
        await eventually(async () => {
          const [inner, needed] = await page.evaluate<[number, number]>(
            '[document.documentElement.clientWidth, document.documentElement.scrollWidth]',
          );
          assert.ok(needed <= inner, `the page needs ${needed} of ${inner} pixels`);
        });
        await window.takePicture(`report page ${theme} ${width}`);
      }
      // A theme is colours: all else is the same page.
      assert.deepEqual(await seriousFindings(page, theme === 'dark' ? 'everything' : 'colours'), []);
    });
  }
});
