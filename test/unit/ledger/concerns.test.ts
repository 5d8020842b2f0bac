import assert from 'node:assert/strict';
import { concernsLogs, type WatchedUnder } from '../../../src/ledger/concerns.js';

const watched: WatchedUnder[] = [
  { folder: '/home/a/.claude/projects', owns: (path) => /^[^/]+\/[^/]+\.jsonl$/.test(path) },
  { folder: '/home/a/Code/User/workspaceStorage', owns: (path) => /^[^/]+\/chatSessions\/[^/]+\.json$/.test(path) },
  { folder: '/home/a/state.vscdb', owns: (path) => path === 'state.vscdb' },
  { folder: 'C:\\Users\\a\\.codex', owns: (path) => path === 'sessions/one.jsonl' },
];
const concerns = (...paths: string[]) => concernsLogs(paths, watched);

describe('A changed path', () => {
  it('matters where it is a log', () => {
    assert.ok(concerns('/home/a/.claude/projects/-code-x/s.jsonl'));
    assert.ok(concerns('/home/a/Code/User/workspaceStorage/1f/chatSessions/2.json'));
    assert.ok(concerns('C:\\Users\\a\\.codex\\sessions\\one.jsonl'));
  });

  it('does not matter where an editor keeps house in the same folder', () => {
    assert.ok(!concerns('/home/a/Code/User/workspaceStorage/1f/vscode.lock'));
    assert.ok(!concerns('/home/a/Code/User/workspaceStorage/1f/other.vscdb', '/home/a/.claude/projects/notes.txt'));
    assert.ok(!concerns('/home/a/.claude/projects-old/-code-x/s.jsonl'));
    assert.ok(!concerns('/home/b.jsonl'));
  });

  it('matters where a database has its news beside it, and where the log is watched by itself', () => {
    assert.ok(concerns('/home/a/state.vscdb'));
    assert.ok(concerns('/home/a/state.vscdb-wal'));
  });

  it('matters where it may be a folder with logs in it', () => {
    assert.ok(concerns('/home/a/.claude/projects/-code-new'));
  });

  it('is enough among others', () => {
    assert.ok(concerns('/home/a/x.lock', '/home/a/.claude/projects/-code-x/s.jsonl'));
    assert.ok(!concerns());
  });
});
