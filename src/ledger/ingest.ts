// One round over all agents' folders: finds files, passes over those that have not changed, has the rest read, and
// notes which are gone. At most one program ingests at a time (the store's lease). Knows no format and no price.
import { randomUUID } from 'node:crypto';
import { statSync, type Stats } from 'node:fs';
import { basename, join } from 'node:path';
import { type Agent, type AgentEnvironment, type AgentId, type AgentSource, type LineSource } from '../agents/agent';
import { Batch } from './batch';
import { findFiles, type FoundFile, Listings } from './discover';
import { FileReader, type Job } from './fileReader';
import { type LineJob } from './lineFiles';
import { identityOf, isSameFile, type Mark, Marks } from './marks';
import { readBeside, ThreadFailure } from './readingThread';
import { type Store } from './store';

export interface IngestOptions {
  readonly agents: readonly Agent[];
  readonly environment: AgentEnvironment;
  /** Folders named by the person, beside the agents' own. */
  readonly extraFolders: Partial<Record<AgentId, readonly string[]>>;
  readonly estimateTokens: (text: string) => number;
  readonly now: () => number;
  /** The built readingWorker.js; without it all is read in this thread. */
  readonly readingWorker?: string | undefined;
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

/** What there is to do beside reading. */
interface Work {
  readonly isIdle: () => boolean;
  readonly meanwhile: () => void;
  readonly afterwards: () => Promise<void>;
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
const laterBytesAtOnce = 16_000_000;
/** A refresh has to wait for no more than this. */
const laterBytesPerBatch = 6_000_000;
/** From so much on a thread is worth its start. */
const threadFromBytes = 32_000_000;

export class Ingest {
  readonly #store: Store;
  readonly #options: IngestOptions;
  readonly #marks: Marks;
  readonly #listings: Listings;
  readonly #holder = randomUUID();
  #leaseTakenMs = 0;
  #isStopped = false;
  /** A piece of what was left for later is being read. */
  #later: Promise<boolean> | undefined;
  #isWanted = false;

  constructor(store: Store, options: IngestOptions) {
    this.#store = store;
    this.#options = options;
    this.#marks = new Marks(store);
    this.#listings = new Listings(options.now);
  }

  /**
   * `afterwards` runs while the lease is still held, unless `isIdle` says that it has nothing to do and no file has
   * either: then nothing is written. `meanwhile` runs now and then while another thread reads.
   */
  async run({ isIdle, meanwhile, afterwards }: Work): Promise<IngestOutcome> {
    this.#isWanted = true;
    await this.#later?.catch(() => undefined);
    this.#isWanted = false;
    this.#marks.load();
    const { folders, jobs, files, suspects } = this.#look();
    const gone = goneOf(suspects, folders);
    const outcome = { folders, files, changedFiles: jobs.length, readBytes: 0, isElsewhere: false };
    if (jobs.length === 0 && gone.length === 0 && isIdle()) return outcome;
    if (!(await this.#takeLease())) return { ...outcome, changedFiles: 0, isElsewhere: true };
    try {
      // Meanwhile another program may have read all of it.
      const readBytes = jobs.length > 0 ? await this.#readAll(jobs, meanwhile) : 0;
      this.#noteGone(gone);
      if (this.laterBytes() <= laterBytesAtOnce) await this.#readBehind(Infinity, () => this.#pause());
      await afterwards();
      return { ...outcome, readBytes };
    } finally {
      this.#store.dropLease(lease, this.#holder);
    }
  }

  async #readAll(jobs: readonly Omit<Job, 'mark'>[], meanwhile: () => void): Promise<number> {
    this.#marks.load();
    const byIdentity = new Map<string, Mark>();
    for (const mark of this.#marks.all()) byIdentity.set(`${mark.agent} ${mark.source} ${mark.identity}`, mark);
    const batch = new Batch(this.#store, this.#marks);
    const reader = new FileReader(this.#marks, batch, this.#options.estimateTokens, () => this.#pause());
    const marked = jobs.map((job): Job => ({ ...job, mark: this.#markFor(job, byIdentity) }));
    const changed = marked.filter(({ mark, stats }) => !mark || !isUnchanged(mark, stats));
    const readBytes = await this.#readBeside(changed, batch, meanwhile);
    // The rest, and what could not be read there or has grown since.
    for (const job of changed) {
      const mark = this.#marks.get(job.agent.id, job.source.id, job.file.path) ?? job.mark;
      if (!mark || !isUnchanged(mark, job.stats)) await reader.read({ ...job, mark });
    }
    batch.flush();
    return readBytes + reader.readBytes;
  }

  /** A long history of lines is read by a thread of its own; answers how many bytes, 0 where none was started. */
  async #readBeside(jobs: readonly Job[], batch: Batch, meanwhile: () => void): Promise<number> {
    const { readingWorker } = this.#options;
    const lines = jobs.filter(({ source }) => source.kind === 'lines');
    const bytes = lines.reduce((sum, { stats, mark }) => sum + Math.max(0, stats.size - (mark?.offset ?? 0)), 0);
    if (readingWorker === undefined || bytes < threadFromBytes) return 0;
    const orders = lines.map(({ agent, source, folder, file, mark }): LineJob => ({
      owner: { agent: agent.id, source: source.id },
      folder,
      file,
      mark,
      skips: this.#marks.skipsOf(mark),
    }));
    try {
      return await readBeside(readingWorker, orders, async ({ files, events, marks }) => {
        for (const { file, event, place } of events) batch.add(files[file]!, event, place);
        for (const { mark, skips } of marks) batch.setMark(mark, skips);
        batch.flush();
        await this.#pause();
        meanwhile();
      });
    } catch (error) {
      // What it has read is written; the rest is read without it.
      if (error instanceof ThreadFailure) return 0;
      throw error;
    }
  }

  /** Bytes that were left for later: what no total needs, of files whose calls have been read. */
  laterBytes(): number {
    return this.#behind().reduce((sum, { mark }) => sum + mark.offset - mark.laterOffset, 0);
  }

  /**
   * Reads some of what was left for later; answers whether it got on and there is more. Does nothing while another
   * program reads, and gives way to `run`.
   */
  readLater(): Promise<boolean> {
    this.#later ??= this.#readPiece().finally(() => (this.#later = undefined));
    return this.#later;
  }

  async #readPiece(): Promise<boolean> {
    this.#marks.load();
    if (this.#behind().length === 0 || !this.#tryLease()) return false;
    try {
      this.#marks.load();
      const readBytes = await this.#readBehind(laterBytesAtOnce, async () => {
        if (this.#isWanted) throw new Interruption();
        await this.#pause();
      });
      return readBytes > 0 && this.#behind().length > 0;
    } catch (error) {
      if (error instanceof Interruption) return true;
      throw error;
    } finally {
      this.#store.dropLease(lease, this.#holder);
    }
  }

  async #readBehind(mostBytes: number, pause: () => Promise<void>): Promise<number> {
    const batch = new Batch(this.#store, this.#marks, laterBytesPerBatch);
    const reader = new FileReader(this.#marks, batch, this.#options.estimateTokens, pause);
    for (const { source, mark } of this.#behind()) {
      await reader.readLater(source, mark);
      if (reader.readBytes > mostBytes) break;
    }
    batch.flush();
    return reader.readBytes;
  }

  #behind(): { readonly source: LineSource; readonly mark: Mark }[] {
    const behind: { readonly source: LineSource; readonly mark: Mark }[] = [];
    for (const agent of this.#options.agents) {
      for (const source of agent.sources) {
        if (source.kind !== 'lines' || !source.later) continue;
        for (const mark of this.#marks.of(agent.id, source.id).values())
          if (mark.laterOffset < mark.offset && mark.state === 'read') behind.push({ source, mark });
      }
    }
    return behind;
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
      if (this.#tryLease()) return true;
      if (this.#options.now() - startMs > patienceMs) return false;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #tryLease(): boolean {
    const nowMs = this.#options.now();
    if (!this.#store.takeLease(lease, this.#holder, nowMs)) return false;
    this.#leaseTakenMs = nowMs;
    return true;
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
          const found = findFiles(folder, (path) => source.owns(path), skips, this.#listings);
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

/** Reading what was left for later gives way: all of it that was read is written. */
class Interruption extends Error {}

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
