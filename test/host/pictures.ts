// `npm run pictures`: makes the README's pictures anew, from the invented developer's home in a real VS Code.
import * as path from 'node:path';
import { eventually } from './eventually';
import { checkoutFolder } from './folders';
import { runScript } from './humanError';
import { startMachine, stopAllMachines } from './machine';
import { type Workbench } from './workbench';

const folder = path.join(checkoutFolder, 'media', 'readme');
const viewport = { width: 1120, height: 860 };

runScript(async () => {
  const machine = await startMachine({
    viewport,
    settings: { 'tokenometer.budgets': { day: 20, month: 200 }, 'editor.minimap.enabled': false },
  });
  const window = await machine.openWindow();
  // The same under a name that a person's own server could have: it stands in the pictures.
  await window.open(machine.host.pageUrl({ folder: machine.folder }).replace('127.0.0.1', 'devbox.localhost'));
  await window.waitForStatusText('tokenometer.meter', /\$/);
  await window.runCommand('View: Close Primary Side Bar');
  await window.openFile(path.join(machine.folder, 'CLAUDE.md'));
  // What the file costs a month and what its import weighs come last; so do Markdown's colours.
  for (const words of ['a month', '@prompts/style.md'])
    await window.page.locator('.codelens-decoration', { hasText: words }).first().waitFor();
  await window.page.locator('.view-line .mtkb').first().waitFor();
  await keep(window, 'prompt', { x: 0, y: 0, width: viewport.width, height: 660 });
  await window.runCommand('View: Close All Editors');
  await eventually(async () => {
    await window.statusTooltip('tokenometer.meter');
    await keep(window, 'meter', { x: 0, y: viewport.height - 500, width: 656, height: 500 });
    // The meter's next figure takes a hover away.
    if ((await window.page.locator('.workbench-hover').count()) === 0) throw new Error('The hover went away');
  }, 60_000);
  await window.press('Escape');
  await window.runCommand('Tokenometer: Show Cost Report');
  await window.pageText('Spend over time');
  await keep(window, 'report');
  await stopAllMachines();
  return 0;
});

async function keep(
  window: Workbench,
  name: string,
  clip?: { x: number; y: number; width: number; height: number },
): Promise<void> {
  // What slides or fades in has come to rest after a second.
  await window.page.waitForTimeout(1000);
  const file = path.join(folder, `${name}.png`);
  await window.page.screenshot({ path: file, ...(clip && { clip }) });
  console.log(path.relative(checkoutFolder, file));
}
