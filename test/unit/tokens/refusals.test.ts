// Files that nobody can or should count, as the command line meets them: each is refused with one clear sentence, the
// others are counted all the same.
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { count } from '../../../src/cli/count.js';
import { type Io } from '../../../src/cli/terminal.js';
import { distFolder } from './material.js';

describe('a file that is not to be counted', () => {
  let folder: string;
  before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tokenometer-refused-'))));
  after(() => fs.rmSync(folder, { recursive: true }));

  /** What the command line answers and complains of. */
  async function run(...files: readonly string[]): Promise<{ exitCode: number; total: number; said: string[] }> {
    let written = '';
    const said: string[] = [];
    const io: Io = {
      write: (text) => (written += text),
      error: (text) => said.push(text.trimEnd()),
      async *read() {},
      readBytes: () => Promise.resolve(new Uint8Array()),
      now: () => 0,
      env: {},
      home: folder,
      programFolder: distFolder,
    };
    const exitCode = await count(['--json', ...files], io);
    return { exitCode, total: (JSON.parse(written) as { total: number }).total, said };
  }
  const write = (name: string, bytes: string | Uint8Array): string => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, bytes);
    return file;
  };

  it('is told with its one reason, while the others are counted', async () => {
    const good = write('good.txt', 'hello world');
    const large = write('large.txt', '');
    // Without blocks on the disk: were it read, the test would know by the other reason, its NUL bytes.
    fs.truncateSync(large, 50_000_001);
    const refused: readonly (readonly [file: string, reason: string])[] = [
      [large, 'Not counted: 50.1 MB is over the limit of 50 MB.'],
      [write('nul.txt', 'a\0b'), 'Not counted: a binary file (it holds NUL bytes).'],
      [write('latin1.txt', Uint8Array.of(0x47, 0xfc, 0x74)), 'Not counted: the file is not valid UTF-8 text.'],
      [write('cut.txt', Uint8Array.of(0x41, 0xe2, 0x82)), 'Not counted: the file is not valid UTF-8 text.'],
      [path.join(folder, 'gone.txt'), 'Not counted: there is no such file.'],
      [folder, 'Not counted: a folder. Name its files.'],
    ];
    const { exitCode, total, said } = await run(...refused.map(([file]) => file), good);
    assert.deepEqual(
      said,
      refused.map(([file, reason]) => `${file}: ${reason}`),
    );
    assert.deepEqual([exitCode, total], [1, 2]);
  });

  it('is not one that is empty, or text with its mark in UTF-8 or UTF-16', async () => {
    const files = [
      write('empty.txt', ''),
      write('mark.txt', '\ufeffhello world'),
      write('utf16.txt', Buffer.from('\ufeffhello world', 'utf16le')),
    ];
    assert.deepEqual(await run(...files), { exitCode: 0, total: 4, said: [] });
  });
});
