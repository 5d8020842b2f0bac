// Finding the person's own texts, and what a check of the estimates says where there are none, or unreadable ones.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkEstimates } from '../../../src/ledger/estimateCheck';
import { claudeLogFolders, logFiles, newestFiles } from '../../../src/ledger/ownTexts';

describe('own texts', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'tokenometer-own-'));
    mkdirSync(join(home, '.claude/projects/p'), { recursive: true });
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const write = (name: string, size: number, day: number) => {
    const file = join(home, '.claude/projects/p', name);
    writeFileSync(file, 'x'.repeat(size));
    utimesSync(file, day, day);
    return file;
  };

  it('follows the agent’s own variable', () => {
    assert.deepEqual(claudeLogFolders('/h', { CLAUDE_CONFIG_DIR: '/a, /b' }), ['/a/projects', '/b/projects']);
    assert.deepEqual(claudeLogFolders('/h', {}), ['/h/.claude/projects', '/h/.config/claude/projects']);
  });

  it('takes the newest files that fit', async () => {
    const [old, middle, young] = [write('a.jsonl', 60, 1000), write('b.jsonl', 30, 2000), write('c.jsonl', 50, 3000)];
    write('notes.txt', 10, 4000);
    const files = await logFiles(join(home, '.claude/projects'));
    assert.deepEqual(files, [old, middle, young]);
    assert.deepEqual(await newestFiles([...files, join(home, 'gone.jsonl')], 80), [young, middle]);
    assert.deepEqual(await logFiles(join(home, 'nowhere')), []);
  });

  it('says nothing of estimates where the logs hold no text of known size', async () => {
    write('a.jsonl', 100, 1000);
    const start = { home, variables: {}, vocabularyFile: 'dist/o200k_base.bin' };
    assert.deepEqual(await checkEstimates(start), { checked: {}, mismatches: [] });
    await assert.rejects(checkEstimates({ ...start, vocabularyFile: join(home, 'none.bin') }), /ENOENT/);
  });
});
