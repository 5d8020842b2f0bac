import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { migrations } from '../../../src/ledger/schema';
import { NewerStoreError, Store, textIn } from '../../../src/ledger/store';

describe('store', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tokenometer-store-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('brings an older store up to date after copying it, once', () => {
    const old = Store.open(folder);
    old.write(() => old.setFact('kept', 'yes'));
    old.close();
    const more = [...migrations, 'ALTER TABLE facts ADD COLUMN note TEXT'];
    const store = Store.open(folder, more);
    assert.equal(store.fact('kept'), 'yes');
    assert.equal(store.get('SELECT note FROM facts')?.['note'], null);
    store.close();
    Store.open(folder, more).close();
    const backup = new DatabaseSync(join(folder, `ledger.db.version-${migrations.length}.backup`), { readOnly: true });
    assert.equal(backup.prepare('SELECT value FROM facts').get()?.['value'], 'yes');
    backup.close();
    assert.equal(readdirSync(folder).filter((name) => name.endsWith('.backup')).length, 1);
  });

  it('leaves an old store as it is when a step to the newer one fails', () => {
    Store.open(folder).close();
    assert.throws(() => Store.open(folder, [...migrations, 'CREATE TABLE extra (a); NO SUCH STATEMENT']));
    const store = Store.open(folder);
    assert.equal(store.get("SELECT name FROM sqlite_master WHERE name = 'extra'"), undefined);
    store.close();
  });

  it('will not touch a store from a newer version', () => {
    Store.open(folder, [...migrations, 'CREATE TABLE extra (a)']).close();
    assert.throws(() => Store.open(folder), NewerStoreError);
  });

  it('undoes all of a transaction that throws, the numbers of its texts too', () => {
    const store = Store.open(folder);
    assert.throws(() =>
      store.write(() => {
        store.idOf('a text');
        throw new Error('no');
      }),
    );
    assert.equal(store.knownIdOf('a text'), undefined);
    const id = store.write(() => store.idOf('another'));
    assert.equal(store.nameOf(id), 'another');
    store.close();
  });

  it('gives the lease to one, and to another when the holder drops it, dies or hangs', () => {
    const store = Store.open(folder);
    assert.ok(store.takeLease('work', 'a', 1000));
    assert.ok(store.takeLease('work', 'a', 2000));
    assert.ok(!store.takeLease('work', 'b', 3000));
    store.dropLease('work', 'b');
    assert.ok(!store.takeLease('work', 'b', 4000));
    assert.ok(store.takeLease('work', 'b', 60_000), 'run out');
    store.dropLease('work', 'b');
    assert.ok(store.takeLease('work', 'c', 61_000));
    store.run('UPDATE lease SET process = 2147483646');
    assert.ok(store.takeLease('work', 'd', 61_001), 'its process is gone');
    store.close();
  });

  it('sets a damaged store aside under a name of its own each time', () => {
    for (const expected of ['ledger.db.damaged', 'ledger.db.damaged-2']) {
      Store.open(folder).close();
      assert.equal(Store.setAside(folder), join(folder, expected));
    }
  });

  it('keeps places as they are, a text of digits included', () => {
    const store = Store.open(folder);
    store.run("INSERT INTO facts VALUES ('place', '0012')");
    assert.equal(textIn(store.get('SELECT value FROM facts'), 'value'), '0012');
    store.close();
  });
});
