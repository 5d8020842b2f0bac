// A machine on which no agent has run yet: calm words instead of a figure, and a figure as soon as there is one.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { startMachine, type Machine } from '../host/machine';
import { type Workbench } from '../host/workbench';
import { claudeCall, newSessionFile } from './claudeCalls';

describe('A machine without agent logs', () => {
  let machine: Machine;
  let window: Workbench;

  before(async () => {
    machine = await startMachine({ home: 'empty' });
    window = await machine.openWindow();
  });
  after(() => machine.stop());

  it('says so in the status bar, and disturbs nobody', async () => {
    await window.waitForStatusText('tokenometer.meter', /no agent logs yet/);
    assert.deepEqual(await window.notifications(), []);
    await window.takePicture('no logs');
  });

  it('shows the first spend without a reload', async () => {
    fs.writeFileSync(newSessionFile(machine.home, 'blank'), claudeCall('first-ever', 50_000, machine.folder));
    await window.waitForStatusText('tokenometer.meter', /\$1\.00/, 60_000);
  });
});
