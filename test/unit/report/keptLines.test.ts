// Lines kept, and commits reverted or undone, held against a real repository made here by git itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localCommits } from '../../../src/ledger/gitReflog';
import { keptLines, type LineHistory, type LoggedCommit } from '../../../src/report/keptLines';
import { type KeptLines } from '../../../src/report/pageOutcomes';

describe('what became of commits, by a real repository', () => {
  let folder: string;
  const hashes: Record<string, string> = {};
  const asked: string[] = [];

  const git = (...args: string[]) => {
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_EDITOR: 'true' };
    const own = ['-c', 'user.name=Harbor', '-c', 'user.email=harbor@example.com', '-c', 'core.autocrlf=false'];
    return execFileSync('git', [...own, ...args], { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' });
  };
  const commit = (subject: string, files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    git('add', '--all');
    git('commit', '--quiet', '-m', subject);
    hashes[subject] = git('rev-parse', 'HEAD').trim();
  };
  const history: LineHistory = {
    changedPaths: (from, to) => Promise.resolve(git('diff', '--name-only', from, to).trim().split('\n')),
    blame: (path) => {
      asked.push(path);
      // What git refuses rejects, as the extension's promise does.
      return new Promise((done) => done(git('blame', path)));
    },
  };
  const logged = (subject: string, insertions: number): LoggedCommit => ({
    hash: hashes[subject]!,
    parents: git('rev-list', '--parents', '-n', '1', hashes[subject]!).trim().split(' ').slice(1),
    shortStat: { insertions },
  });

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tokenometer-kept-'));
    git('init', '--quiet', '--initial-branch', 'main');
    commit('Begin', { 'pier.txt': 'one\ntwo\n' });
    commit('Add berths', { 'pier.txt': 'one\ntwo\nthree\nfour\nfive\n', 'gone.txt': 'a\nb\n' });
    commit('Change a berth', { 'pier.txt': 'one\ntwo\nthree\n4\nfive\n' });
    git('rm', '--quiet', 'gone.txt');
    commit('Remove a file', {});
    commit('Paint the pier', { 'paint.txt': 'red\nwhite\n' });
    git('revert', '--no-edit', hashes['Paint the pier']!);
    commit('Try a crane', { 'crane.txt': 'tall\n' });
    git('reset', '--quiet', '--hard', 'HEAD~1');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('counts the lines that still blame a commit, none of a file that is gone', async () => {
    const found = await keptLines(history, [logged('Change a berth', 1), logged('Add berths', 5)]);
    assert.deepEqual(found.get(hashes['Change a berth']!), { added: 1, kept: 1 });
    assert.deepEqual(found.get(hashes['Add berths']!), { added: 5, kept: 2 });
  });

  it('finds nothing left of what was reverted', async () => {
    const found = await keptLines(history, [logged('Paint the pier', 2)]);
    assert.deepEqual(found.get(hashes['Paint the pier']!), { added: 2, kept: 0 });
  });

  it('looks once at a file and once at a commit, and not at one without a parent', async () => {
    const known = new Map<string, KeptLines>();
    asked.length = 0;
    const wanted = [logged('Change a berth', 1), logged('Add berths', 5), logged('Begin', 2)];
    const first = await keptLines(history, wanted, known);
    assert.deepEqual(first.get(hashes['Begin']!), { added: 2 });
    assert.deepEqual(await keptLines(history, wanted, known), first);
    assert.deepEqual([...asked].sort(), ['gone.txt', 'pier.txt']);
  });

  it('knows from the reflog what was reverted and what was reset away', () => {
    const states = new Map(localCommits(folder)!.map(({ subject, state }) => [subject, state]));
    assert.equal(states.get('Add berths'), 'stands');
    assert.equal(states.get('Paint the pier'), 'reverted');
    assert.equal(states.get('Try a crane'), 'undone');
  });
});
