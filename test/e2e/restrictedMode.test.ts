// A folder that is not trusted: spend and counts go on, and one line says what is off and why.
import assert from 'node:assert/strict';
import * as path from 'node:path';
import { startMachine, type Machine } from '../host/machine';
import { type Workbench } from '../host/workbench';
import { meterCents, reportedCents } from './figures';

describe('Restricted Mode', () => {
  let machine: Machine;
  let window: Workbench;

  before(async () => {
    machine = await startMachine({ restricted: true });
    window = await machine.openWindow();
    await meterCents(window);
  });
  after(() => machine.stop());

  it('is what VS Code says the window is in', async () => {
    assert.ok((await window.statusBar()).includes('Restricted Mode'));
  });

  it('shows spend as ever', async () => {
    assert.equal(await meterCents(window), await reportedCents(machine));
  });

  it('counts the open document', async () => {
    await window.openFile(path.join(machine.folder, 'CLAUDE.md'));
    await window.waitForStatusText('tokenometer.tokens', /^≈? ?[\d,]+ tokens/);
  });

  it('says in one line what is off', async () => {
    const tooltip = await window.statusTooltip('tokenometer.meter');
    const lines = tooltip.split('\n').filter((line) => line.includes('Restricted Mode'));
    assert.equal(lines.length, 1, tooltip);
    await window.takePicture('restricted mode');
  });
});
