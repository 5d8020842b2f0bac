// What VS Code's Git extension knows of commits in the repositories that are open: lines added, lines that still stand,
// and commits where a repository keeps no reflog. Asks the extension, never starts git; without it there are no lines.
import * as vscode from 'vscode';
import { type LocalCommit } from '../ledger/gitReflog';
import { type KeptLines } from '../report/pageOutcomes';

/** The part of the Git extension's interface (version 1) that is used. */
interface Commit {
  readonly hash: string;
  readonly message: string;
  readonly parents: readonly string[];
  readonly authorDate?: Date;
  readonly authorEmail?: string;
  readonly shortStat?: { readonly insertions: number };
}
interface Repository {
  readonly rootUri: vscode.Uri;
  readonly state: { readonly HEAD?: { readonly commit?: string; readonly name?: string } };
  log(options: { readonly maxEntries: number; readonly shortStats?: boolean }): Promise<readonly Commit[]>;
  diffBetween(from: string, to: string): Promise<readonly { readonly uri: vscode.Uri }[]>;
  blame(path: string): Promise<string>;
  getConfig(key: string): Promise<string>;
}
interface GitExports {
  readonly enabled: boolean;
  getAPI(version: 1): { readonly repositories: readonly Repository[] };
}

const mostLog = 500;
const mostCommits = 12;
const mostFiles = 25;

export class GitOutcomes {
  /** By commit, of one HEAD. */
  private readonly kept = new Map<string, KeptLines>();
  private keptHead: string | undefined;

  private repositories(): readonly Repository[] {
    const extension = vscode.extensions.getExtension<GitExports>('vscode.git');
    if (!extension?.isActive || !extension.exports.enabled) return [];
    return extension.exports.getAPI(1).repositories;
  }

  /** Commits of the person's own in the open repositories, by root: for those without a reflog. */
  async commits(): Promise<Record<string, LocalCommit[]>> {
    const found: Record<string, LocalCommit[]> = {};
    for (const repository of this.repositories()) {
      try {
        const email = await repository.getConfig('user.email');
        const branch = repository.state.HEAD?.name;
        found[repository.rootUri.fsPath] = (await repository.log({ maxEntries: mostLog }))
          .filter((commit) => email !== '' && commit.authorEmail === email && commit.authorDate !== undefined)
          .map((commit): LocalCommit => ({
            hash: commit.hash,
            atMs: commit.authorDate!.getTime(),
            subject: commit.message.split('\n', 1)[0]!,
            state: 'stands',
            ...(branch === undefined ? {} : { branch }),
          }))
          .reverse();
      } catch {
        // A repository that cannot be asked tells nothing.
      }
    }
    return found;
  }

  /** Lines of these commits, as far as their repositories are open; a commit of another clone is not found. */
  async lines(
    commits: readonly { readonly project: string; readonly hash: string }[],
  ): Promise<ReadonlyMap<string, KeptLines>> {
    const lines = new Map<string, KeptLines>();
    for (const repository of this.repositories()) {
      const own = commits.filter(({ project }) => project === repository.rootUri.fsPath);
      if (own.length === 0) continue;
      try {
        for (const [hash, line] of await this.linesOf(repository, new Set(own.map(({ hash }) => hash))))
          lines.set(hash, line);
      } catch {
        // Lines are an extra: without them the cells stay empty.
      }
    }
    return lines;
  }

  private async linesOf(repository: Repository, wanted: ReadonlySet<string>): Promise<Map<string, KeptLines>> {
    const head = repository.state.HEAD?.commit;
    if (head !== this.keptHead) this.kept.clear();
    this.keptHead = head;
    const log = await repository.log({ maxEntries: mostLog, shortStats: true });
    const found = new Map<string, KeptLines>();
    const blamed = new Map<string, Promise<readonly string[]>>();
    let looked = 0;
    for (const commit of log.filter(({ hash }) => wanted.has(hash))) {
      const added = commit.shortStat?.insertions ?? 0;
      const known = this.kept.get(commit.hash);
      if (known !== undefined || looked >= mostCommits || commit.parents.length !== 1) {
        found.set(commit.hash, known ?? { added });
        continue;
      }
      looked += 1;
      const kept = await stillThere(repository, commit, blamed);
      const line: KeptLines = { added, ...(kept === undefined ? {} : { kept }) };
      this.kept.set(commit.hash, line);
      found.set(commit.hash, line);
    }
    return found;
  }
}

/** Lines of the files that a commit changed which blame it now; `undefined` where too many files would have to be read. */
async function stillThere(
  repository: Repository,
  { hash, parents }: Commit,
  blamed: Map<string, Promise<readonly string[]>>,
): Promise<number | undefined> {
  const changes = await repository.diffBetween(parents[0]!, hash);
  const paths = [...new Set(changes.map(({ uri }) => uri.fsPath))];
  if (paths.length + blamed.size > mostFiles) return undefined;
  let count = 0;
  for (const path of paths) {
    let authors = blamed.get(path);
    // A file that is gone has no lines left.
    if (!authors) blamed.set(path, (authors = repository.blame(path).then(blamedHashes, () => [])));
    count += (await authors).filter((prefix) => hash.startsWith(prefix)).length;
  }
  return count;
}

/** The commit of each line, abbreviated as blame prints it. */
function blamedHashes(blame: string): readonly string[] {
  return blame.split('\n').flatMap((line) => /^\^?([0-9a-f]{7,64}) /.exec(line)?.[1] ?? []);
}
