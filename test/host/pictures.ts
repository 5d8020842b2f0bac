// `npm run pictures`: makes the README's pictures anew, from the invented developer's home in a real VS Code.
import * as path from 'node:path';
import { checkoutFolder } from './folders';
import { runScript } from './humanError';
import { startMachine, stopAllMachines } from './machine';
import { type Workbench } from './workbench';

const folder = path.join(checkoutFolder, 'media', 'readme');
const viewport = { width: 1120, height: 720 };

runScript(async () => {
  const machine = await startMachine({
    viewport,
    settings: { 'tokenometer.budgets': { day: 20, month: 200 }, 'editor.minimap.enabled': false },
  });
  const window = await machine.openWindow();
  await window.waitForStatusText('tokenometer.meter', /\$/);
  await window.openFile(path.join(machine.folder, 'CLAUDE.md'));
  await window.page.locator('.codelens-decoration', { hasText: 'tokens' }).first().waitFor();
  await keep(window, 'prompt');
  await window.press('Mod+K');
  await window.press('Mod+W');
  await window.statusTooltip('tokenometer.meter');
  await keep(window, 'meter', { x: 0, y: viewport.height - 500, width: 720, height: 500 });
  await window.press('Escape');
  await window.runCommand('View: Close Primary Side Bar');
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
