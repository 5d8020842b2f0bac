// Two windows and the command line on one store at once: the same figures everywhere, nothing counted twice.
import assert from 'node:assert/strict';
import * as path from 'node:path';
import { eventually } from '../host/eventually';
import { startMachine, type Machine } from '../host/machine';
import { type Workbench } from '../host/workbench';
import { appendClaudeCall } from './claudeCalls';
import { meterCents, reportedCents } from './figures';

describe('Two windows and the command line at once', () => {
  let machine: Machine;
  let windows: Workbench[];

  before(async () => {
    machine = await startMachine();
    const other = path.join(machine.home, 'projects', 'lantern-web');
    windows = await Promise.all([machine.openWindow(), machine.openWindow(other)]);
  });
  after(() => machine.stop());

  it('agree on a first reading that all three began together', async () => {
    const [first, second, reported] = await Promise.all([
      meterCents(windows[0]!),
      meterCents(windows[1]!),
      reportedCents(machine),
    ]);
    assert.deepEqual([first, second], [reported, reported]);
  });

  it('agree while lines are appended', async () => {
    const before = await reportedCents(machine);
    for (let call = 0; call < 20; call++) {
      appendClaudeCall(machine, `burst-${call}`, 5000);
      if (call % 5 === 0) await reportedCents(machine);
    }
    const expected = before + 200;
    assert.equal(await reportedCents(machine), expected);
    for (const window of windows) await eventually(async () => assert.equal(await meterCents(window), expected));
  });

  it('say nothing of a locked store', async () => {
    for (const window of windows) assert.deepEqual(await window.notifications(), []);
    assert.doesNotMatch(machine.log(), /SQLITE_BUSY|database is locked/);
  });
});
