// Commits from a reflog and what was spent before each: every call goes to one place, and what cannot be told stays open.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitsIn, type LocalCommit, localCommits } from '../../../src/ledger/gitReflog';
import { outcomeOf, type Piece } from '../../../src/ledger/outcomes';
import { noFigures } from '../../../src/ledger/totals';

const hash = (n: number) => String(n).padStart(40, '0');
/** Minutes after a day's start. */
const at = (minutes: number) => Date.UTC(2026, 10, 2) + minutes * 60_000;
const line = (before: number, after: number, minutes: number, action: string) =>
  `${hash(before)} ${hash(after)} Some <One> Body <a@example.com> ${at(minutes) / 1000} +0100\t${action}\n`;

describe('a reflog', () => {
  it('tells commits, their branches, and nobody', () => {
    const commits = commitsIn(
      line(0, 1, 0, 'commit (initial): Begin') +
        line(1, 1, 5, 'checkout: moving from main to feature/x') +
        line(1, 2, 10, 'commit: Add a thing: part 1') +
        'no line of a reflog\n' +
        line(2, 7, 12, 'pull: Fast-forward'),
    );
    assert.deepEqual(commits, [
      { hash: hash(1), atMs: at(0), subject: 'Begin', state: 'stands', branch: 'main' },
      { hash: hash(2), atMs: at(10), subject: 'Add a thing: part 1', state: 'stands', branch: 'feature/x' },
    ] satisfies LocalCommit[]);
    assert.doesNotMatch(JSON.stringify(commits), /Body|example/);
  });

  it('takes an amended commit for one, at its last time', () => {
    const commits = commitsIn(line(0, 1, 0, 'commit: A') + line(1, 2, 30, 'commit (amend): A, better'), 'main');
    assert.deepEqual(
      commits.map(({ subject, atMs }) => [subject, atMs]),
      [['A, better', at(30)]],
    );
  });

  it('marks what was reverted or reset away', () => {
    const states = (text: string) => commitsIn(text, 'main').map(({ subject, state }) => `${subject} ${state}`);
    assert.deepEqual(states(line(0, 1, 0, 'commit: A') + line(1, 2, 9, 'commit: Revert "A"')), [
      'A reverted',
      'Revert "A" stands',
    ]);
    const two = line(0, 1, 0, 'commit: A') + line(1, 2, 1, 'commit: B');
    assert.deepEqual(states(two + line(2, 1, 2, 'reset: moving to HEAD~1')), ['A stands', 'B undone']);
    assert.deepEqual(states(two + line(2, 2, 2, 'reset: moving to HEAD')), ['A stands', 'B stands']);
    assert.deepEqual(states(two + line(2, 99, 2, 'reset: moving to origin/main')), ['A stands', 'B stands']);
  });

  it('follows a rebase to the new hash', () => {
    const [commit] = commitsIn(line(0, 1, 0, 'commit: A') + line(5, 6, 3, 'rebase (pick): A'), 'main');
    assert.equal(commit!.hash, hash(6));
    assert.equal(commit!.atMs, at(0));
  });

  it('is read below .git, of worktrees too; without one there is nothing', () => {
    const root = mkdtempSync(join(tmpdir(), 'tokenometer-reflog-'));
    try {
      assert.equal(localCommits(root), undefined);
      const write = (path: string, text: string) => {
        mkdirSync(join(root, path, '..'), { recursive: true });
        writeFileSync(join(root, path), text);
      };
      write('.git/HEAD', 'ref: refs/heads/main\n');
      assert.equal(localCommits(root), undefined);
      write('.git/logs/HEAD', line(0, 1, 0, 'commit: A'));
      write('.git/worktrees/w/HEAD', 'ref: refs/heads/side\n');
      write('.git/worktrees/w/logs/HEAD', line(1, 2, 5, 'commit: B'));
      assert.deepEqual(
        localCommits(root)?.map(({ subject, branch }) => [subject, branch]),
        [
          ['A', 'main'],
          ['B', 'side'],
        ],
      );
      assert.equal(localCommits(join(root, 'gone')), undefined);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

describe('outcomes', () => {
  const piece = (session: number, minutes: number, usd: number, branch = ''): Piece => ({
    session,
    branch,
    atMs: at(minutes),
    figures: { ...noFigures(), calls: 1, pricedCalls: 1, costUsd: usd },
  });
  const commit = (n: number, minutes: number, more: Partial<LocalCommit> = {}): LocalCommit => ({
    hash: hash(n),
    atMs: at(minutes),
    subject: `c${n}`,
    state: 'stands',
    ...more,
  });

  it('give each commit what its session spent since the one before', () => {
    const found = outcomeOf(
      'p',
      [piece(1, 0, 1), piece(1, 10, 2), piece(1, 20, 4), piece(1, 40, 8)],
      [commit(1, 12), commit(2, 25)],
    );
    assert.deepEqual(
      found.commits.map(({ spend, sessions }) => [spend.costUsd, sessions]),
      [
        [3, 1],
        [4, 1],
      ],
    );
    assert.equal(found.uncommitted.costUsd, 8);
    assert.equal(found.sinceCommit.costUsd, 8);
    assert.equal(found.total.costUsd, 15);
  });

  it('leave open whose work a commit holds where several sessions ran', () => {
    const found = outcomeOf('p', [piece(1, 0, 1), piece(2, 5, 2), piece(2, 30, 4)], [commit(1, 10)]);
    assert.equal(found.commits[0]!.sessions, 2);
    assert.equal(found.commits[0]!.spend.costUsd, 3);
  });

  it('leave open what was committed after the session had ended', () => {
    const found = outcomeOf('p', [piece(1, 0, 1)], [commit(1, 120)]);
    assert.equal(found.commits.length, 0);
    assert.equal(found.unclear.costUsd, 1);
    const late = outcomeOf('p', [piece(1, 0, 1)], [commit(1, 3 * 24 * 60)]);
    assert.equal(late.uncommitted.costUsd, 1);
  });

  it('keep branches apart', () => {
    const found = outcomeOf('p', [piece(1, 0, 1, 'a'), piece(2, 5, 2, 'b')], [commit(1, 10, { branch: 'b' })]);
    assert.equal(found.commits[0]!.spend.costUsd, 2);
    assert.equal(found.uncommitted.costUsd, 1);
  });

  it('put every call in one place, whatever happens', () => {
    let seed = 1;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    for (let round = 0; round < 300; round += 1) {
      const pieces = Array.from({ length: 30 }, () =>
        piece(Math.floor(random() * 4), Math.floor(random() * 3000), 1, random() < 0.5 ? 'a' : 'b'),
      );
      const commits = Array.from({ length: 8 }, (_, n) =>
        commit(n, Math.floor(random() * 4000), random() < 0.5 ? {} : { branch: random() < 0.5 ? 'a' : 'b' }),
      ).sort((a, b) => a.atMs - b.atMs);
      const { commits: made, unclear, uncommitted, total } = outcomeOf('p', pieces, commits);
      const calls = made.reduce((sum, { spend }) => sum + spend.calls, 0) + unclear.calls + uncommitted.calls;
      assert.equal(calls, total.calls);
    }
  });
});
