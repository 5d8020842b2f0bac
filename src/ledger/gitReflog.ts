// The commits that were made in a repository on this machine, as its own reflog tells: times, branches, what was amended,
// rebased, reverted or reset away. Reads text files below .git and runs nothing: a repository's settings may name
// programs. Names and addresses in the log are not kept. A clone without a reflog has none to tell.
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface LocalCommit {
  readonly hash: string;
  readonly atMs: number;
  /** Absent where HEAD was detached. */
  readonly branch?: string;
  readonly subject: string;
  /** `reverted` by a commit that says so; `undone` by a reset to an earlier one. */
  readonly state: 'stands' | 'reverted' | 'undone';
}

const mostBytes = 2_000_000;

/** The earliest first; `undefined` where the folder has no repository with a reflog. */
export function localCommits(root: string): LocalCommit[] | undefined {
  const folder = gitFolder(root);
  if (folder === undefined) return undefined;
  const logs = [folder, ...worktrees(folder)].flatMap((place) => {
    const text = tailOf(join(place, 'logs', 'HEAD'));
    return text === undefined ? [] : [commitsIn(text, branchOf(place))];
  });
  if (logs.length === 0) return undefined;
  const byHash = new Map<string, LocalCommit>();
  for (const commit of logs.flat()) if (!byHash.has(commit.hash)) byHash.set(commit.hash, commit);
  return [...byHash.values()].sort((a, b) => a.atMs - b.atMs);
}

function gitFolder(root: string): string | undefined {
  const git = join(root, '.git');
  try {
    if (statSync(git).isDirectory()) return git;
    const named = /^gitdir:\s*(.+?)\s*$/m.exec(readFileSync(git, 'utf8').slice(0, 4096))?.[1];
    return named === undefined ? undefined : resolve(root, named);
  } catch {
    return undefined;
  }
}

function worktrees(folder: string): string[] {
  try {
    return readdirSync(join(folder, 'worktrees')).map((name) => join(folder, 'worktrees', name));
  } catch {
    return [];
  }
}

function branchOf(folder: string): string | undefined {
  try {
    return /^ref: refs\/heads\/(.+?)\s*$/.exec(readFileSync(join(folder, 'HEAD'), 'utf8').slice(0, 4096))?.[1];
  } catch {
    return undefined;
  }
}

/** The end of a file, from its first whole line on. */
function tailOf(path: string): string | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.alloc(Math.min(size, mostBytes));
      const count = readSync(file, bytes, 0, bytes.length, size - bytes.length);
      const text = bytes.toString('utf8', 0, count);
      return size > bytes.length ? text.slice(text.indexOf('\n') + 1) : text;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

type Draft = { -readonly [Key in keyof LocalCommit]: LocalCommit[Key] } & { parent: string };

/** `branchNow`: the one that HEAD is on at the end. */
export function commitsIn(reflog: string, branchNow?: string): LocalCommit[] {
  const commits: Draft[] = [];
  const rows = rowsOf(reflog);
  const firstMove = rows.map(({ action }) => /^checkout: moving from (\S+) to /.exec(action)).find((found) => found);
  let branch = firstMove ? nameOf(firstMove[1]!) : branchNow;
  for (const { before, after, atMs, action } of rows) {
    const moved = /^checkout: moving from \S+ to (\S+)/.exec(action);
    if (moved) {
      branch = nameOf(moved[1]!);
      continue;
    }
    if (/^reset: moving to /.test(action)) {
      undo(commits, after, branch);
      continue;
    }
    const [, kind = '', subject = ''] = /^([^:]*): (.*)$/.exec(action) ?? [];
    if (/^commit \(amend\)/.test(kind)) amend(commits, before, { hash: after, atMs, subject });
    else if (/\((pick|reword|edit|continue|fixup|squash)\)$/.test(kind)) moveOn(commits, subject, after);
    else if (/^(commit|cherry-pick|revert)\b/.test(kind)) {
      const reverted = /^Revert "(.*)"$/.exec(subject)?.[1];
      const earlier = reverted === undefined ? undefined : commits.findLast((one) => one.subject === reverted);
      if (earlier) earlier.state = 'reverted';
      commits.push({
        hash: after,
        parent: before,
        atMs,
        subject,
        state: 'stands',
        ...(branch === undefined ? {} : { branch }),
      });
    }
  }
  return commits.map(({ parent: _, ...commit }) => commit);
}

interface Row {
  readonly before: string;
  readonly after: string;
  readonly atMs: number;
  readonly action: string;
}

function rowsOf(reflog: string): Row[] {
  return reflog.split('\n').flatMap((line): Row[] => {
    const found = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) .*> (\d{1,12}) [+-]\d{4}\t(.*)$/.exec(line);
    if (!found) return [];
    const [, before = '', after = '', seconds, action = ''] = found;
    return [{ before, after, atMs: Number(seconds) * 1000, action }];
  });
}

function nameOf(target: string): string | undefined {
  return /^[0-9a-f]{7,64}$/.test(target) ? undefined : target;
}

/** The commits of this branch after the one that HEAD now is. */
function undo(commits: Draft[], to: string, branch: string | undefined): void {
  const at = Math.max(
    commits.findLastIndex(({ hash }) => hash === to),
    commits.findLastIndex(({ parent }) => parent === to) - 1,
  );
  const isKnown = commits.some(({ hash, parent }) => hash === to || parent === to);
  if (!isKnown) return;
  for (const commit of commits.slice(at + 1)) if (commit.branch === branch) commit.state = 'undone';
}

/** The same commit, made at another time. */
function amend(commits: Draft[], before: string, now: Pick<LocalCommit, 'hash' | 'atMs' | 'subject'>): void {
  const commit = commits.findLast(({ hash }) => hash === before);
  if (commit) Object.assign(commit, now);
}

/** A rebase gives a commit another hash. */
function moveOn(commits: Draft[], subject: string, hash: string): void {
  const commit = commits.findLast((one) => one.subject === subject);
  if (commit) Object.assign(commit, { hash, state: 'stands' });
}
