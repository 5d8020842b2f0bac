// Which of the lines that commits added still stand, from what a repository answers about its history. Asks through the
// part of the Git extension's interface that it needs; starts no program, knows no editor.
import { type KeptLines } from './pageOutcomes';

/** A commit as a repository's log has it. */
export interface LoggedCommit {
  readonly hash: string;
  readonly parents: readonly string[];
  readonly shortStat?: { readonly insertions: number };
}

export interface LineHistory {
  /** The paths that differ between two commits. */
  changedPaths(from: string, to: string): Promise<readonly string[]>;
  /** A file's lines, each with the commit that it is from, as `git blame` prints them; rejects where the file is gone. */
  blame(path: string): Promise<string>;
}

const mostCommits = 12;
const mostFiles = 25;

/** Of these commits; those in `known` are not looked at again, and what is found out is put there. */
export async function keptLines(
  history: LineHistory,
  commits: readonly LoggedCommit[],
  known: Map<string, KeptLines> = new Map(),
): Promise<Map<string, KeptLines>> {
  const found = new Map<string, KeptLines>();
  const blamed = new Map<string, Promise<readonly string[]>>();
  let looked = 0;
  for (const commit of commits) {
    const added = commit.shortStat?.insertions ?? 0;
    const before = known.get(commit.hash);
    if (before !== undefined || looked >= mostCommits || commit.parents.length !== 1) {
      found.set(commit.hash, before ?? { added });
      continue;
    }
    looked += 1;
    const kept = await stillThere(history, commit, blamed);
    const line: KeptLines = { added, ...(kept === undefined ? {} : { kept }) };
    known.set(commit.hash, line);
    found.set(commit.hash, line);
  }
  return found;
}

/** Lines of the files that a commit changed which blame it now; `undefined` where too many files would have to be read. */
async function stillThere(
  history: LineHistory,
  { hash, parents }: LoggedCommit,
  blamed: Map<string, Promise<readonly string[]>>,
): Promise<number | undefined> {
  const paths = [...new Set(await history.changedPaths(parents[0]!, hash))];
  if (paths.length + blamed.size > mostFiles) return undefined;
  let count = 0;
  for (const path of paths) {
    let authors = blamed.get(path);
    // A file that is gone has no lines left.
    if (!authors) blamed.set(path, (authors = history.blame(path).then(blamedHashes, () => [])));
    count += (await authors).filter((prefix) => hash.startsWith(prefix)).length;
  }
  return count;
}

/** The commit of each line, abbreviated as blame prints it. */
function blamedHashes(blame: string): readonly string[] {
  return blame.split('\n').flatMap((line) => /^\^?([0-9a-f]{7,64}) /.exec(line)?.[1] ?? []);
}
