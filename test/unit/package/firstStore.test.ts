// A store that the first version wrote is brought up to date and holds what it held; and it can be deleted.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { deleteStore } from '../../../src/ledger/deleteStore';
import { Ledger } from '../../../src/ledger/ledger';
import { writeFirstStore } from '../../host/firstStore';

const nowMs = Date.UTC(2026, 8, 14, 12);

describe('the store of the first version', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tkm-store-'));
    writeFirstStore(folder, nowMs);
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const open = (): Ledger =>
    Ledger.open({
      dataFolder: folder,
      environment: { home: folder, platform: 'linux', variables: {}, editorUserFolders: [] },
      now: () => nowMs,
    });

  it('keeps its figures, and a copy of itself', async () => {
    const ledger = open();
    const { hasLogs } = await ledger.refresh();
    const { totals, rows } = ledger.totals({ by: 'day', timeZone: 'UTC' });
    await ledger.stop();
    assert.equal(hasLogs, true);
    assert.deepEqual([totals.calls, totals.outputTokens, totals.costUsd], [2, 100_000, 2]);
    assert.deepEqual(
      rows.map(({ key }) => key),
      ['2026-09-14'],
    );
    assert.ok(fs.existsSync(path.join(folder, 'ledger.db.version-1.backup')));
  });

  it('is deleted with all that belongs to it, and the folder with it', async () => {
    const ledger = open();
    await ledger.refresh();
    await ledger.stop();
    fs.writeFileSync(path.join(folder, 'ledger.db.damaged-2'), '');
    fs.writeFileSync(path.join(folder, 'refreshed-prices.json.new'), '');
    fs.writeFileSync(path.join(folder, 'hard-caps.tsv'), '');
    assert.deepEqual(deleteStore(folder), { keepsHookScript: false });
    assert.equal(fs.existsSync(folder), false);
  });

  it('leaves what it does not know, and the script that a hook may call', () => {
    for (const name of ['hard-cap.sh', 'notes.md', 'ledger.dbx']) fs.writeFileSync(path.join(folder, name), '');
    fs.mkdirSync(path.join(folder, 'photos'));
    assert.deepEqual(deleteStore(folder), { keepsHookScript: true });
    assert.deepEqual(fs.readdirSync(folder).sort(), ['hard-cap.sh', 'ledger.dbx', 'notes.md', 'photos']);
  });

  it('that is not there is deleted without a word', () => {
    assert.deepEqual(deleteStore(path.join(folder, 'nowhere')), { keepsHookScript: false });
  });
});
