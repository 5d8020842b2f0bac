// The extension for a browser: its bundle needs nothing but VS Code's own module, and no command is offered there that
// only a machine can answer.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { PriceBook } from '../../src/pricing/priceBook';
import { type BundledPrices } from '../../src/pricing/priceSources';

interface Manifest {
  readonly browser: string;
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: { readonly commandPalette: readonly { readonly command: string; readonly when: string }[] };
  };
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const extension = readFileSync(manifest.browser, 'utf8');
const worker = readFileSync(join('dist', 'web', 'countWorker.js'), 'utf8');

describe('the extension in a browser', () => {
  it('imports no Node module', () => {
    const required = [...extension.matchAll(/\brequire\(\s*["']([^"']+)["']\s*\)/g)].map((match) => match[1]!);
    assert.deepEqual([...new Set(required)], ['vscode']);
    assert.ok(!required.some((name) => isBuiltin(name)));
    assert.doesNotMatch(extension, /\bimport\(/);
  });

  it('counts on a thread that imports nothing at all', () => {
    assert.doesNotMatch(worker, /\brequire\(|\bimport\(|\bimportScripts\(/);
  });

  it('leaves the price lists in a file of their own, whole', () => {
    assert.ok(!extension.includes('claude-3-haiku'));
    const { genai, modelsDev } = JSON.parse(readFileSync(join('dist', 'prices.json'), 'utf8')) as BundledPrices;
    const book = new PriceBook({}, { genai, modelsDev });
    assert.equal(book.version, new PriceBook().version);
    assert.deepEqual(book.knownModels(), new PriceBook().knownModels());
  });

  it('uses no global of Node without asking for it first', () => {
    for (const text of [extension, worker]) {
      const found = text.split('\n').filter((line) => /(?<![.\w$'"`])(?:Buffer|setImmediate|process)\.?\b/.test(line));
      const unasked = found.filter((line) => !line.includes('typeof process') && !/^\s*(?:\/\/|["'])/.test(line));
      assert.deepEqual(unasked, []);
    }
  });

  it('offers no command that needs a machine', () => {
    const { commands, menus } = manifest.contributes;
    for (const { command } of commands) {
      const rule = menus.commandPalette.find((entry) => entry.command === command);
      if (rule?.when.split(' && ').includes('tokenometer.onMachine')) continue;
      assert.ok(
        extension.includes(`"${command}"`),
        `${command} is offered in a browser, too, and nothing registers it there: give it the when-clause ` +
          'tokenometer.onMachine under menus.commandPalette in package.json',
      );
    }
  });
});
