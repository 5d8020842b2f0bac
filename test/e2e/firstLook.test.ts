// What a person sees first, on the oldest and on the newest VS Code: the meter in the status bar, and the report behind it.
import assert from 'node:assert/strict';
import { startMachine, type Machine } from '../host/machine';
import { newestRelease, oldestRelease } from '../host/webRelease';
import { type Workbench } from '../host/workbench';

for (const release of [newestRelease, oldestRelease]) {
  describe(`First look, VS Code ${release.version}`, () => {
    let machine: Machine;
    let window: Workbench;

    before(async () => {
      machine = await startMachine({ release });
      window = await machine.openWindow();
    });
    after(() => machine.stop());

    it("shows today's spend in the status bar", async () => {
      await window.waitForStatusText('tokenometer.meter', /\$\d+\.\d\d/);
      assert.notEqual(await window.statusLabel('tokenometer.meter'), '');
      await window.takePicture(`meter ${release.version}`);
    });

    it('offers the report in the palette and opens it', async () => {
      await window.runCommand('Tokenometer: Show Cost Report');
      await window.pageText('By day');
      await window.takePicture(`report ${release.version}`);
    });
  });
}
