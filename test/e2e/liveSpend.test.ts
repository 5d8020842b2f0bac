// The meter follows the logs while a person looks at it, and says what the report and the command line say; two windows
// and the command line on one store at once say the same, and count nothing twice.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { eventually } from '../host/eventually';
import { startMachine, type Machine } from '../host/machine';
import { type Workbench } from '../host/workbench';
import { appendClaudeCall, claudeCall, latestSessionFile } from './claudeCalls';
import { centsIn, meterCents, reportedCents } from './figures';

describe('Spend while an agent works', () => {
  let machine: Machine;
  let window: Workbench;
  let windows: readonly Workbench[];

  before(async () => {
    machine = await startMachine();
    const other = path.join(machine.home, 'projects', 'lantern-web');
    windows = await Promise.all([machine.openWindow(), machine.openWindow(other)]);
    window = windows[0]!;
  });
  after(() => machine.stop());

  it('is the same in two windows and on the command line, from a first reading that all three began together', async () => {
    const [first, second, reported] = await Promise.all([
      ...windows.map((one) => meterCents(one)),
      reportedCents(machine),
    ]);
    assert.deepEqual([first, second], [reported, reported]);
  });

  it('is the same in all three while lines are appended, and no store is locked', async () => {
    const before = await reportedCents(machine);
    for (let call = 0; call < 20; call++) {
      appendClaudeCall(machine, `burst-${call}`, 5000);
      if (call % 5 === 0) await reportedCents(machine);
    }
    const expected = before + 200;
    assert.equal(await reportedCents(machine), expected);
    for (const one of windows) await eventually(async () => assert.equal(await meterCents(one), expected));
    for (const one of windows) assert.deepEqual(await one.notifications(), []);
    assert.doesNotMatch(machine.log(), /SQLITE_BUSY|database is locked/);
    await windows[1]!.close();
  });

  it('shows an appended line within two seconds', async () => {
    const tookMs: number[] = [];
    for (const id of ['first', 'second', 'third']) {
      const dearer = (await meterCents(window)) + 100;
      appendClaudeCall(machine, `${id} ${Date.now()}`, 50_000);
      const startMs = Date.now();
      await eventually(async () => assert.equal(await meterCents(window), dearer), 10_000);
      tookMs.push(Date.now() - startMs);
    }
    const median = tookMs.sort((a, b) => a - b)[1]!;
    assert.ok(median <= 2000, `It took ${tookMs.join(', ')} ms`);
  });

  it('counts a half-written line once it is whole, and steps over a broken one', async () => {
    const file = latestSessionFile(machine.home);
    const before = await meterCents(window);
    const line = claudeCall('slow', 100_000, machine.folder);
    fs.appendFileSync(file, `{"type":"assistant","message":{"usage":{"output_tok\n${line.slice(0, 120)}`);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(await meterCents(window), before);
    fs.appendFileSync(file, line.slice(120));
    await eventually(async () => assert.equal(await meterCents(window), before + 200));
    assert.equal(await reportedCents(machine), before + 200);
  });

  it('keeps what was spent when the agent deletes its log', async () => {
    const before = await meterCents(window);
    fs.rmSync(latestSessionFile(machine.home));
    appendClaudeCall(machine, 'after', 50_000);
    await eventually(async () => assert.equal(await meterCents(window), before + 100));
  });

  it('is explained by the tooltip: today, week, month, models, projects', async () => {
    const tooltip = await window.statusTooltip('tokenometer.meter');
    await window.takePicture('meter tooltip');
    assert.equal(centsIn(tooltip.slice(tooltip.indexOf('Today'))), await meterCents(window));
    for (const words of ['This week', 'This month', 'claude-opus-5-5', 'harbor-api']) {
      assert.ok(tooltip.includes(words), `"${words}" is not in the tooltip: ${tooltip}`);
    }
  });

  it('is the same in the report', async () => {
    const dollars = ((await meterCents(window)) / 100).toFixed(2);
    await window.clickStatus('tokenometer.meter');
    await window.pick('Show Cost Report');
    const report = await window.pageText('By day');
    assert.ok(report.includes(`$${dollars}`), `The report does not show $${dollars}: ${report}`);
    await window.takePicture('report');
  });
});
