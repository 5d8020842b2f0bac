// What a person sees first on the oldest VS Code that is supported: the meter in the status bar, and the report behind it.
// The other suites show the same on the newest.
import assert from 'node:assert/strict';
import { startMachine, type Machine } from '../host/machine';
import { oldestRelease } from '../host/webRelease';
import { type Workbench } from '../host/workbench';

describe(`First look, VS Code ${oldestRelease.version}`, () => {
  let machine: Machine;
  let window: Workbench;

  before(async () => {
    machine = await startMachine({ release: oldestRelease, builtIn: 'all' });
    window = await machine.openWindow();
  });
  after(() => machine.stop());

  it("shows today's spend in the status bar", async () => {
    await window.waitForStatusText('tokenometer.meter', /\$\d+\.\d\d/);
    assert.notEqual(await window.statusLabel('tokenometer.meter'), '');
    await window.takePicture(`meter ${oldestRelease.version}`);
  });

  it('offers the report in the palette and opens it', async () => {
    await window.runCommand('Tokenometer: Show Cost Report');
    await window.pageText('By day');
    await window.takePicture(`report ${oldestRelease.version}`);
  });
});
