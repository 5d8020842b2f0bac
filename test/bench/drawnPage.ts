// How long a browser takes to draw the report's page from its model: style sheet, script and words as the extension has
// them, without the editor around.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { launchChromium } from '../host/chromium';

const words = { all: 'All', filters: 'Filters', highest: 'Highest: {0}', figures: 'Figures', periods: [], stacks: [] };

/** From the message with the model, still as JSON, to the second frame after it: then the first one is on the screen. */
const drawing = `(text) => new Promise((done) => {
  const start = performance.now();
  window.dispatchEvent(new MessageEvent('message', { data: { kind: 'model', model: JSON.parse(text) } }));
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
})`;

/** Milliseconds of the first drawing in a new page; the median of three pages. Throws where nothing was drawn. */
export async function drawingMs(model: string): Promise<number> {
  const file = (name: string) => readFileSync(resolve('media', 'report', name), 'utf8');
  const browser = await launchChromium();
  try {
    const times: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.setContent('<!DOCTYPE html><html lang="en"><body><main aria-busy="true"></main></body></html>');
      await page.addStyleTag({ content: file('report.css') });
      await page.evaluate(`document.body.dataset.words = ${JSON.stringify(JSON.stringify(words))}`);
      await page.addScriptTag({
        content: 'acquireVsCodeApi = () => ({ getState() {}, setState() {}, postMessage() {} });',
      });
      await page.addScriptTag({ content: file('report.js') });
      times.push(await page.evaluate<number>(`(${drawing})(${JSON.stringify(model)})`));
      if ((await page.locator('main[aria-busy="false"] table').count()) === 0) throw new Error('The page is empty');
      await page.close();
    }
    return times.sort((a, b) => a - b)[1]!;
  } finally {
    await browser.close();
  }
}
