// Every word of ours in a language that nobody speaks: what is shown without its brackets could not be translated, and
// what is clipped would be clipped in German. VS Code itself has no such language; its own words stay English.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { oneLine } from '../../src/report/oneLine';
import { pseudo, pseudoLanguage, pseudoTexts } from '../build/pseudoLanguage';
import { bundleFile, manifestFile, readTexts, sourceTexts } from '../build/translations';
import { eventually } from '../host/eventually';
import { checkoutFolder, makeTemporaryFolder, type TemporaryFolder } from '../host/folders';
import { extensionUnderTest } from '../host/installedExtension';
import { startMachine, type Machine } from '../host/machine';
import { type Workbench } from '../host/workbench';
import { writeReflogs } from './reportTrouble';

/** The extension under test with one more language. */
function writePseudoExtension(folder: string): void {
  const original = extensionUnderTest();
  for (const name of fs.readdirSync(original))
    if (/^(package.*\.json|dist|media|l10n)$/.test(name))
      fs.cpSync(path.join(original, name), path.join(folder, name), { recursive: true });
  const write = (file: string, texts: unknown): void => {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), JSON.stringify(texts));
  };
  write(bundleFile(pseudoLanguage), pseudoTexts(sourceTexts(checkoutFolder)));
  write(manifestFile(pseudoLanguage), pseudoTexts(readTexts(checkoutFolder, manifestFile())));
}

/** Shown words that are neither in brackets nor from the logs: figures, dates, units and symbols aside. */
function untranslated(texts: readonly string[], data: ReadonlySet<string>): readonly string[] {
  const isCut = (part: string): boolean =>
    part.endsWith('…') && [...data].some((whole) => whole.startsWith(part.slice(0, -1)));
  const isData = (part: string): boolean =>
    !/[a-z]{3}/i.test(part) || data.has(part) || /^[A-Z][a-z]{2} \d+(, \d{4})?$/.test(part) || isCut(part);
  const isLogged = (text: string): boolean =>
    isData(text) || text.split(/ ·(?: |$)|:(?: |$)|\t|, /).every((part) => isData(part.trim()));
  return texts.filter(
    (text) =>
      !isLogged(
        outsideBrackets(text)
          .trim()
          .replace(/^[0-9a-f]{8} /, '')
          // A name that stands before a translated word.
          .replace(/ ?[:·,]$/, ''),
      ),
  );
}

/** Brackets stand in brackets where a sentence holds another. */
function outsideBrackets(text: string): string {
  let depth = 0;
  let outside = '';
  for (const letter of text) {
    if (letter === '⟦') depth++;
    if (depth === 0) outside += letter;
    if (letter === '⟧') depth = Math.max(0, depth - 1);
  }
  return outside;
}

/** Every text of the home's logs by itself, and what the extension calls things by their own names. */
function dataOf(machine: Machine): ReadonlySet<string> {
  const data = new Set(['Claude Code', 'Copilot', 'Copilot CLI', 'Count <b>berths</b>']);
  const add = (value: unknown): void => {
    if (typeof value === 'string') for (const line of [value, path.basename(value), oneLine(value)]) data.add(line);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(add);
  };
  const logs = path.join(machine.home, '.claude');
  for (const name of fs.readdirSync(logs, { recursive: true, encoding: 'utf8' }))
    if (/\.jsonl?$/.test(name)) {
      const text = fs.readFileSync(path.join(logs, name), 'utf8');
      for (const part of name.endsWith('l') ? text.split('\n') : [text]) if (part !== '') add(JSON.parse(part));
    }
  return data;
}

/** All that the page says, with what only a screen reader or a resting pointer is told. */
const pageTexts = `(() => {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(walker.currentNode.textContent.trim());
  for (const element of document.querySelectorAll('[aria-label], [title]'))
    texts.push(element.getAttribute('aria-label') ?? '', element.getAttribute('title') ?? '');
  return texts.filter((text) => text !== '');
})()`;

/** Words that are cut at the edge of their box. */
const clipped = `[...document.querySelectorAll('main, main *')]
  .filter((element) => getComputedStyle(element).overflowX !== 'auto' && element.scrollWidth > element.clientWidth + 1)
  .filter((element) => element.clientWidth > 0 && !element.closest('svg, .scroll'))
  .map((element) => element.tagName + ' ' + element.textContent.slice(0, 60))`;

describe('In another language', () => {
  let copy: TemporaryFolder;
  let machine: Machine;
  let window: Workbench;
  let data: ReadonlySet<string>;

  before(async () => {
    copy = makeTemporaryFolder('pseudo');
    writePseudoExtension(copy.path);
    machine = await startMachine({ extensionFolder: copy.path, prepare: writeReflogs });
    data = dataOf(machine);
    window = await machine.openWindow(machine.folder, pseudoLanguage);
  });
  after(async () => {
    await machine.stop();
    copy.remove();
  });

  const assertTranslated = (texts: readonly string[]): void => {
    assert.ok(
      texts.some((text) => text.includes('⟦')),
      texts.join('\n'),
    );
    assert.deepEqual(untranslated(texts, data), []);
  };

  it('the meter, its hover and its menu have no word left over', async () => {
    await window.waitForStatusText('tokenometer.meter', /\$/);
    assertTranslated([await window.statusLabel('tokenometer.meter')]);
    assertTranslated((await window.statusTooltip('tokenometer.meter')).split('\n'));
    await window.takePicture('another language, meter');
    await window.press('Escape');
    await window.clickStatus('tokenometer.meter');
    assertTranslated(await window.quickPickRows());
    await window.press('Escape');
  });

  it('nor has the report, and it clips nothing', async () => {
    const title = pseudo(readTexts(checkoutFolder, manifestFile())['command.showReport']!);
    await window.runCommand(`Tokenometer: ${title}`);
    // What takes longer comes last.
    await window.pageText(pseudo('What it was for'));
    const page = window.page.frames().find((frame) => frame.url().includes('fake.html'))!;
    await page.locator('main[aria-busy="false"] h2').first().waitFor();
    assertTranslated(await page.evaluate<string[]>(pageTexts));
    assert.deepEqual(await page.evaluate<string[]>(clipped), []);
    await window.takePicture('another language, report');
  });

  it('nor have a prompt’s lenses', async () => {
    await window.openFile(path.join(machine.folder, 'CLAUDE.md'));
    await eventually(async () => assert.match((await window.codeLenses()).join(), /⟦.*⟧/));
    assertTranslated([...(await window.codeLenses()), ...(await window.codeLensTooltips())]);
    assertTranslated([await window.statusText('tokenometer.tokens')]);
    await window.takePicture('another language, prompt');
  });
});
