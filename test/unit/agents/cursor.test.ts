// Cursor beyond the fixtures: its database is often gigabytes, so no query may sort or copy it; and where it lies.
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { type DatabaseSource } from '../../../src/agents/agent';
import { cursor } from '../../../src/agents/cursor';

const state = cursor.sources.find((source): source is DatabaseSource => source.kind === 'database')!;

describe('cursor', () => {
  it('asks for its rows without a sort, the first time and every later one', () => {
    const database = new DatabaseSync(':memory:');
    database.exec('CREATE TABLE cursorDiskKV (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB)');
    for (const query of state.queries) {
      for (const since of ['', 'rowid >= 5 AND ']) {
        const columns = query.columns.join(', ');
        const sql = `SELECT ${columns} FROM ${query.table} WHERE ${since}(${query.where}) ORDER BY ${query.watermark}`;
        const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
        assert.doesNotMatch(JSON.stringify(plan), /TEMP B-TREE/, query.id);
      }
    }
    database.close();
  });

  it('looks in Cursor’s own folders and in those of its servers, not in other editors’', () => {
    const folders = state.folders({
      home: '/h',
      platform: 'linux',
      variables: {},
      editorUserFolders: ['/h/.config/Code/User', '/data/cursor/User'],
    });
    assert.ok(folders.includes('/h/.config/Cursor/User/globalStorage/state.vscdb'));
    assert.ok(folders.includes('/data/cursor/User/globalStorage/state.vscdb'));
    assert.ok(!folders.some((folder) => folder.includes('/Code/')));
  });

  it('reads the words of a message and the name of a conversation again', () => {
    const row = (value: object) => JSON.stringify({ key: 'bubbleId:c:b', value: JSON.stringify(value) });
    assert.equal(cursor.textAt?.(row({ type: 1, text: 'tidy up' }), 'bubbleId:c:b'), 'tidy up');
    assert.equal(cursor.textAt?.(row({ name: 'a chat' }), 'composerData:c'), 'a chat');
  });
});
