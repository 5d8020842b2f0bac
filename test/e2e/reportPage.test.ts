// The report's page as a person reads it: the meter's figure on it, filters, a figure's explanation, what a screen reader
// is told, nothing clipped from 320 to 1600 pixels in four themes, and still there after a reload.
import assert from 'node:assert/strict';
import { type Frame } from 'playwright-core';
import { eventually } from '../host/eventually';
import { startMachine, type Machine, type Theme } from '../host/machine';
import { type Workbench } from '../host/workbench';
import { meterCents } from './figures';

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

describe('The report page', () => {
  let machine: Machine;
  let window: Workbench;

  before(async () => {
    machine = await startMachine();
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
    await window.takePicture('report page');
  });

  it('is filtered by a project, and says so in its filter', async () => {
    const page = await pageFrame(window);
    const before = await page.locator('table[aria-labelledby="projects"] tbody tr').count();
    assert.ok(before > 1);
    const first = page.locator('table[aria-labelledby="projects"] tbody th button').first();
    const project = await first.innerText();
    await first.click();
    await eventually(async () =>
      assert.equal(await page.locator('table[aria-labelledby="projects"] tbody tr').count(), 1),
    );
    assert.equal(await page.getByLabel('Project', { exact: true }).inputValue(), project);
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

  it('survives a reload with its filters', async () => {
    await (await pageFrame(window)).getByLabel('Period', { exact: true }).selectOption({ label: 'Everything' });
    // A browser keeps what a window's editors hold every five seconds, when it has nothing else to do.
    await window.page.waitForTimeout(15_000);
    await window.page.reload();
    await window.waitForExtension();
    const page = await pageFrame(window);
    assert.equal(await page.getByLabel('Period', { exact: true }).inputValue(), 'all');
  });

  it('opens the explanation of a day', async () => {
    const page = await pageFrame(window);
    await page.locator('table[aria-labelledby="days"] tbody th button').first().click();
    await window.pageText('Where this figure comes from');
  });
});

describe('The report page in every theme', () => {
  let machine: Machine;
  let window: Workbench;

  before(async () => {
    machine = await startMachine({ viewport: { width: 1600, height: 1000 } });
    window = await machine.openWindow();
    await window.waitForStatusText('tokenometer.meter', /\$/);
    await window.runCommand('View: Close Primary Side Bar');
    await window.runCommand('Tokenometer: Show Cost Report');
  });
  after(() => machine.stop());

  for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] satisfies Theme[]) {
    it(`clips nothing at 320 and at 1600 pixels: ${theme}`, async () => {
      await window.page.setViewportSize({ width: 1600, height: 1000 });
      await window.changeTheme(theme);
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
    });
  }
});
