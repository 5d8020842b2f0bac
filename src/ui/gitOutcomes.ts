// What VS Code's Git extension knows of commits in the repositories that are open: lines added, lines that still stand,
// and commits where a repository keeps no reflog. Asks the extension, never starts git; without it there are no lines.
import * as vscode from 'vscode';
import { type LocalCommit } from '../ledger/gitReflog';
import { keptLines, type LineHistory } from '../report/keptLines';
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
    const history: LineHistory = {
      changedPaths: async (from, to) => (await repository.diffBetween(from, to)).map(({ uri }) => uri.fsPath),
      blame: (path) => repository.blame(path),
    };
    return keptLines(
      history,
      log.filter(({ hash }) => wanted.has(hash)),
      this.kept,
    );
  }
}
