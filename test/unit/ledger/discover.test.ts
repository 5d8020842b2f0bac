// What folders hold is remembered only as long as it cannot be wrong: the clock is ours, the folders are real.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFiles, Listings } from '../../../src/ledger/discover';

describe('folders looked at again', () => {
  let folder: string;
  let nowMs: number;
  let listings: Listings;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tokenometer-discover-'));
    mkdirSync(join(folder, 'inner'));
    writeFileSync(join(folder, 'inner', 'a.jsonl'), '');
    nowMs = statSync(folder).ctimeMs + 10_000;
    listings = new Listings(() => nowMs);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const names = () => findFiles(folder, () => true, undefined, listings).files.map(({ relativePath }) => relativePath);

  it('are not listed again while nothing in them came or went', () => {
    assert.equal(listings.of(folder), listings.of(folder));
    assert.deepEqual(names(), names());
  });

  it('are listed again when a file came or went', () => {
    assert.deepEqual(names(), ['inner/a.jsonl']);
    const inner = join(folder, 'inner');
    writeFileSync(join(inner, 'b.jsonl'), '');
    utimesSync(inner, nowMs / 1000, nowMs / 1000);
    assert.deepEqual(names(), ['inner/a.jsonl', 'inner/b.jsonl']);
    rmSync(inner, { recursive: true });
    assert.deepEqual(names(), []);
  });

  it('are listed again when they had changed only just before', () => {
    nowMs -= 9000;
    assert.notEqual(listings.of(folder), listings.of(folder));
  });

  it('are listed again after a minute, for file systems whose folders do not tell', () => {
    const before = listings.of(folder);
    nowMs += 61_000;
    assert.notEqual(listings.of(folder), before);
  });
});
