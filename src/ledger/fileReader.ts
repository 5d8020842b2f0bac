// Reads what is new in one log file of any kind and hands events and marks to the batch. Knows nothing of what events
// mean; a parser that throws costs its record, not the run.
import { type Stats } from 'node:fs';
import {
  type Agent,
  type AgentSource,
  type DatabaseSource,
  type DocumentSource,
  type Parsed,
  type Place,
  type SkipReason,
} from '../agents/agent';
import { type Batch } from './batch';
import { isAnswerable, openReadOnly, readRows, type Watermark } from './database';
import { type FoundFile } from './discover';
import { documentText } from './documentText';
import { contextOf, count, guarded, isReadError, LineFiles } from './lineFiles';
import { freshMark, type Mark, type Marks } from './marks';
import { type Sink, unfinished } from './sink';
import { isSound } from './sound';

const largestDocumentBytes = 128 * 1024 * 1024;

export interface Job {
  readonly agent: Agent;
  readonly source: AgentSource;
  /** The folder that the file was found below: companions are named from it. */
  readonly folder: string;
  readonly file: FoundFile;
  readonly stats: Stats;
  readonly mark: Mark | undefined;
}

export class FileReader {
  readonly #marks: Marks;
  readonly #batch: Batch;
  readonly #estimateTokens: (text: string) => number;
  /** Called whenever the batch was written: lets others in. */
  readonly #pause: () => Promise<void>;
  readonly #lines: LineFiles;
  #readBytes = 0;
  #isWriting = false;

  constructor(marks: Marks, batch: Batch, estimateTokens: (text: string) => number, pause: () => Promise<void>) {
    this.#marks = marks;
    this.#batch = batch;
    this.#estimateTokens = estimateTokens;
    this.#pause = pause;
    this.#lines = new LineFiles(this.#sink(), estimateTokens);
  }

  get readBytes(): number {
    return this.#readBytes + this.#lines.readBytes;
  }

  async read(job: Job): Promise<void> {
    const { agent, source, folder, file, mark } = job;
    try {
      if (source.kind === 'document') this.#readDocument(job, source);
      else if (source.kind === 'database') this.#readDatabase(job, source);
      else {
        const owner = { agent: agent.id, source: source.id };
        await this.#lines.read(source, { owner, folder, file, mark, skips: this.#marks.skipsOf(mark) });
      }
    } catch (error) {
      if (this.#isWriting || !isReadError(error)) throw error;
      // Vanished while it was read: what was read of it counts, and there is nothing to complain of.
      if (error.code !== 'ENOENT') this.#setUnreadable(job);
    }
    if (this.#batch.isFull) await this.#handOver();
  }

  /** What a source of lines leaves for later, of a file read so far. Answers whether it could be read. */
  async readLater(source: AgentSource & { kind: 'lines' }, mark: Mark): Promise<void> {
    try {
      await this.#lines.readLater(source, mark, this.#marks.skipsOf(mark));
    } catch (error) {
      if (this.#isWriting || !isReadError(error)) throw error;
      // Gone or closed to us: what is lost is lost, and not tried again.
      this.#batch.setMark({ ...mark, laterOffset: mark.offset }, this.#marks.skipsOf(mark));
    }
    if (this.#batch.isFull) await this.#handOver();
  }

  #setUnreadable({ agent, source, file, stats, mark }: Job): void {
    if (mark?.state === 'unreadable') return;
    const known = mark ?? freshMark({ agent: agent.id, source: source.id }, file.path, stats);
    const skips = this.#marks.skipsOf(mark).set('unreadable', 1);
    this.#batch.setMark({ ...known, size: unfinished, state: 'unreadable' }, skips);
  }

  #sink(): Sink {
    const batch = this.#batch;
    return {
      get isFull() {
        return batch.isFull;
      },
      add: (mark, event, place) => batch.add(mark, event, place),
      addBytes: (bytes) => batch.addBytes(bytes),
      setMark: (mark, skips) => batch.setMark(mark, skips),
      handOver: () => this.#handOver(),
    };
  }

  async #handOver(): Promise<void> {
    this.#flush();
    this.#isWriting = true;
    await this.#pause();
    this.#isWriting = false;
  }

  /** Errors of our own store are never mistaken for those of a log. */
  #flush(): void {
    this.#isWriting = true;
    this.#batch.flush();
    this.#isWriting = false;
  }

  #readDocument(job: Job, source: DocumentSource): void {
    const { path } = job.file;
    const skips = new Map<SkipReason, number>();
    const stats = job.stats;
    const fresh = this.#freshMark(job);
    const mark = { ...fresh, offset: stats.size, bornMs: job.mark?.bornMs ?? fresh.bornMs };
    if (stats.size > largestDocumentBytes) count(skips, 'line-too-long');
    else {
      const text = documentText(path);
      this.#readBytes += text.length;
      this.#batch.addBytes(text.length);
      const parsed = guarded(() => source.parseDocument(text, this.#contextOf(job)));
      this.#take(mark, parsed, undefined, skips);
    }
    this.#batch.setMark({ ...mark, records: 1 }, skips);
  }

  #readDatabase(job: Job, source: DatabaseSource): void {
    const fresh = this.#freshMark(job);
    const isContinued = job.mark?.identity === fresh.identity && job.mark.state === 'read';
    const watermarks: Record<string, unknown> = { ...(isContinued ? job.mark?.carry : undefined) };
    const skips = isContinued ? this.#marks.skipsOf(job.mark) : new Map<SkipReason, number>();
    skips.delete('unreadable');
    const context = this.#contextOf(job);
    let records = isContinued ? (job.mark?.records ?? 0) : 0;
    const markNow = (): Mark => ({ ...fresh, carry: { ...watermarks }, records });
    const database = openReadOnly(job.file.path);
    try {
      for (const query of source.queries) {
        if (!isAnswerable(database, query)) continue;
        const since = watermarks[query.id] as Watermark | undefined;
        readRows(database, query, since, (row, watermark) => {
          // Rows at the last watermark are read again; they were counted then.
          const isNew = since === undefined || watermark !== since;
          this.#take(
            fresh,
            guarded(() => query.parseRow(row, context)),
            undefined,
            isNew ? skips : undefined,
          );
          if (isNew) records += 1;
          if (watermark !== undefined) watermarks[query.id] = watermark;
          if (!this.#batch.isFull) return;
          this.#batch.setMark({ ...markNow(), size: unfinished }, skips);
          this.#flush();
        });
      }
      if (source.queries.length > 0 && !source.queries.some((query) => isAnswerable(database, query)))
        skips.set('unknown-format', 1);
    } finally {
      database.close();
    }
    this.#batch.setMark(markNow(), skips);
  }

  #take(mark: Mark, parsed: Parsed, place: Place | undefined, skips: Map<SkipReason, number> | undefined): void {
    if (parsed.skipped && skips) count(skips, parsed.skipped);
    for (const event of parsed.events) {
      if (isSound(event)) this.#batch.add(mark, event, place);
      else if (skips) count(skips, 'broken-number');
    }
  }

  #freshMark({ agent, source, file, stats }: Job): Mark {
    return freshMark({ agent: agent.id, source: source.id }, file.path, stats);
  }

  #contextOf({ source, folder, file }: Job) {
    return contextOf(source, folder, file, this.#estimateTokens);
  }
}
