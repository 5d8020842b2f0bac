// One round over all agents' folders: finds files, passes over those that have not changed, has the rest read, and
// notes which are gone. At most one program ingests at a time (the store's lease). Knows no format and no price.
import { randomUUID } from 'node:crypto';
import { statSync, type Stats } from 'node:fs';
import { basename, join } from 'node:path';
import { type Agent, type AgentEnvironment, type AgentId, type AgentSource } from '../agents/agent';
import { Batch } from './batch';
import { findFiles, type FoundFile } from './discover';
import { FileReader, type Job } from './fileReader';
import { identityOf, isSameFile, type Mark, Marks } from './marks';
import { type Store } from './store';

export interface IngestOptions {
  readonly agents: readonly Agent[];
  readonly environment: AgentEnvironment;
  /** Folders named by the person, beside the agents' own. */
  readonly extraFolders: Partial<Record<AgentId, readonly string[]>>;
  readonly estimateTokens: (text: string) => number;
  readonly now: () => number;
}

/** A folder that was looked under. */
export interface LookedUnder {
  readonly agent: AgentId;
  readonly source: string;
  readonly folder: string;
  readonly exists: boolean;
  readonly files: number;
  /** Folders below that could not be listed. */
  readonly unreadable: readonly string[];
}

export interface IngestOutcome {
  readonly folders: readonly LookedUnder[];
  readonly files: number;
  /** Files that held something new. */
  readonly changedFiles: number;
  readonly readBytes: number;
  /** Another program was ingesting all the time that we were willing to wait. */
  readonly isElsewhere: boolean;
}

interface Look {
  readonly folders: LookedUnder[];
  readonly jobs: Omit<Job, 'mark'>[];
  readonly files: number;
  /** Marks of sources some of whose files were not found. */
  readonly suspects: readonly Mark[];
}

const lease = 'ingest';
const patienceMs = 60_000;
const leaseRenewalMs = 3_000;

export class Ingest {
  readonly #store: Store;
  readonly #options: IngestOptions;
  readonly #marks: Marks;
  readonly #holder = randomUUID();
  #leaseTakenMs = 0;
  #isStopped = false;

  constructor(store: Store, options: IngestOptions) {
    this.#store = store;
    this.#options = options;
    this.#marks = new Marks(store);
  }

  /**
   * `afterwards` runs while the lease is still held, unless `isIdle` says that it has nothing to do and no file has
   * either: then nothing is written.
   */
  async run(isIdle: () => boolean, afterwards: () => Promise<void>): Promise<IngestOutcome> {
    this.#marks.load();
    const { folders, jobs, files, suspects } = this.#look();
    const gone = goneOf(suspects, folders);
    const outcome = { folders, files, changedFiles: jobs.length, readBytes: 0, isElsewhere: false };
    if (jobs.length === 0 && gone.length === 0 && isIdle()) return outcome;
    if (!(await this.#takeLease())) return { ...outcome, changedFiles: 0, isElsewhere: true };
    try {
      // Meanwhile another program may have read all of it.
      const readBytes = jobs.length > 0 ? await this.#readAll(jobs) : 0;
      this.#noteGone(gone);
      await afterwards();
      return { ...outcome, readBytes };
    } finally {
      this.#store.dropLease(lease, this.#holder);
    }
  }

  async #readAll(jobs: readonly Omit<Job, 'mark'>[]): Promise<number> {
    this.#marks.load();
    const byIdentity = new Map<string, Mark>();
    for (const mark of this.#marks.all()) byIdentity.set(`${mark.agent} ${mark.source} ${mark.identity}`, mark);
    const batch = new Batch(this.#store, this.#marks);
    const reader = new FileReader(this.#marks, batch, this.#options.estimateTokens, () => this.#pause());
    for (const job of jobs) {
      const mark = this.#markFor(job, byIdentity);
      if (mark && isUnchanged(mark, job.stats)) continue;
      await reader.read({ ...job, mark });
    }
    batch.flush();
    return reader.readBytes;
  }

  /** Lets questions be answered between two transactions, and keeps the lease. */
  async #pause(): Promise<void> {
    this.#goOn();
    const nowMs = this.#options.now();
    if (nowMs - this.#leaseTakenMs > leaseRenewalMs) {
      this.#store.takeLease(lease, this.#holder, nowMs);
      this.#leaseTakenMs = nowMs;
    }
    await new Promise<void>((resolve) => setImmediate(resolve));
  }

  /** Ends the round at the next transaction: what was written stays, the lease is given back, `run` throws. */
  stop(): void {
    this.#isStopped = true;
  }

  #goOn(): void {
    if (this.#isStopped) throw new Error('the ledger is being closed');
  }

  async #takeLease(): Promise<boolean> {
    const startMs = this.#options.now();
    for (;;) {
      this.#goOn();
      const nowMs = this.#options.now();
      if (this.#store.takeLease(lease, this.#holder, nowMs)) {
        this.#leaseTakenMs = nowMs;
        return true;
      }
      if (nowMs - startMs > patienceMs) return false;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** What is there, without reading any of it. */
  look(): readonly LookedUnder[] {
    this.#marks.load();
    return this.#look().folders;
  }

  #look(): Look {
    const folders: LookedUnder[] = [];
    const suspects: Mark[] = [];
    const jobs: Omit<Job, 'mark'>[] = [];
    let files = 0;
    for (const agent of this.#options.agents) {
      for (const source of agent.sources) {
        const roots = this.#foldersOf(agent, source);
        // Folders may lie in one another; a single one cannot name a file twice.
        const seen = roots.length > 1 ? new Set<string>() : undefined;
        let known = 0;
        const marks = this.#marks.of(agent.id, source.id);
        for (const folder of roots) {
          const skips = (path: string) => source.skipsFolder?.(path) ?? false;
          const found = findFiles(folder, (path) => source.owns(path), skips);
          const unreadable = [...found.unreadable];
          const { exists } = found;
          folders.push({ agent: agent.id, source: source.id, folder, exists, files: found.files.length, unreadable });
          for (const file of found.files) {
            if (seen?.has(file.path)) continue;
            seen?.add(file.path);
            files += 1;
            const stats = statsOf(source, folder, file);
            const mark = marks.get(file.path);
            if (mark && mark.state !== 'gone') known += 1;
            if (stats === 'unreadable') unreadable.push(file.path);
            else if (stats && !(mark && isUnchanged(mark, stats))) jobs.push({ agent, source, folder, file, stats });
          }
        }
        const expected = known < marks.size ? [...marks.values()].filter(({ state }) => state !== 'gone') : [];
        if (known < expected.length) suspects.push(...expected);
      }
    }
    return { folders, jobs, files, suspects };
  }

  /** The agent's own folders, then the person's; a folder that holds the usual one below it means that one. */
  #foldersOf(agent: Agent, source: AgentSource): string[] {
    const own = source.folders(this.#options.environment);
    const extra = (this.#options.extraFolders[agent.id] ?? []).map((folder) => {
      const inner = own.map((usual) => join(folder, basename(usual))).find((path) => exists(path));
      return inner ?? folder;
    });
    return [...new Set([...own, ...extra])];
  }

  /** The mark of a path; for an unknown path that of the file that was renamed to it. */
  #markFor({ agent, source, file, stats }: Omit<Job, 'mark'>, byIdentity: ReadonlyMap<string, Mark>): Mark | undefined {
    const known = this.#marks.get(agent.id, source.id, file.path);
    if (known) return known;
    const mark = byIdentity.get(`${agent.id} ${source.id} ${identityOf(stats)}`);
    if (!mark || mark.offset === 0 || exists(mark.path) || !isSameFile(mark, file.path)) return undefined;
    return this.#store.write(() => this.#marks.rename(mark, file.path));
  }

  /** Files that are gone keep their mark and their calls: agents delete their logs after a month. */
  #noteGone(gone: readonly Mark[]): void {
    // A renamed file's mark has moved on by now.
    const still = gone.filter((mark) => this.#marks.get(mark.agent, mark.source, mark.path) === mark);
    if (still.length === 0) return;
    const written = this.#store.write(() =>
      still.map((mark) => this.#marks.write({ ...mark, state: 'gone', size: -1 }, this.#marks.skipsOf(mark))),
    );
    for (const mark of written) if (mark) this.#marks.remember(mark);
  }
}

/** What is below a folder that cannot be listed may still be there. */
function goneOf(suspects: readonly Mark[], folders: readonly LookedUnder[]): Mark[] {
  const unlistable = folders.flatMap((looked) => looked.unreadable);
  return suspects.filter((mark) => !unlistable.some((folder) => mark.path.startsWith(folder)) && !exists(mark.path));
}

function isUnchanged(mark: Mark, stats: Stats): boolean {
  return mark.size === stats.size && mark.modifiedMs === stats.mtimeMs && mark.identity === identityOf(stats);
}

/** Of a database with its write-ahead log, of a document with its companions: a change of either is a change. */
function statsOf(source: AgentSource, folder: string, file: FoundFile): Stats | 'unreadable' | undefined {
  try {
    const stats = statSync(file.path, { throwIfNoEntry: false });
    const beside =
      source.kind === 'database'
        ? [`${file.path}-wal`]
        : source.kind === 'document'
          ? (source.companions?.(file.relativePath) ?? []).map((name) => join(folder, name))
          : [];
    for (const path of stats ? beside : []) {
      const more = statSync(path, { throwIfNoEntry: false });
      if (!stats || !more) continue;
      stats.size += more.size;
      stats.mtimeMs = Math.max(stats.mtimeMs, more.mtimeMs);
    }
    return stats;
  } catch {
    return 'unreadable';
  }
}

function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
