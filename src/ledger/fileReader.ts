// Reads what is new in one log file of any kind and hands events and marks to the batch. The only opener of logs. Knows
// nothing of what events mean; a parser that throws costs its line, not the run.
import { closeSync, fstatSync, openSync, readFileSync, readSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Agent,
  type AgentSource,
  type Carry,
  type DatabaseSource,
  type DocumentSource,
  type LineSource,
  type LogEvent,
  type ParseContext,
  type Parsed,
  type SkipReason,
} from '../agents/agent';
import { type Batch } from './batch';
import { isAnswerable, openReadOnly, readRows, type Watermark } from './database';
import { type FoundFile } from './discover';
import { holdsNeedle, LineBuffer, LineReader } from './lineReader';
import { identityOf, type Mark, type Marks, tailOf } from './marks';

const largestDocumentBytes = 128 * 1024 * 1024;
const largestCompanionBytes = 8 * 1024 * 1024;

/** The size in the mark of a file that has not been read to its end, or could not be: it is looked at again. */
const unfinished = -1;

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
  readBytes = 0;
  readonly #marks: Marks;
  readonly #batch: Batch;
  readonly #estimateTokens: (text: string) => number;
  /** Called whenever the batch was written: lets others in. */
  readonly #pause: () => Promise<void>;
  readonly #buffer = new LineBuffer();
  #isWriting = false;
  readonly #needles = new Map<LineSource, readonly Buffer[]>();

  constructor(marks: Marks, batch: Batch, estimateTokens: (text: string) => number, pause: () => Promise<void>) {
    this.#marks = marks;
    this.#batch = batch;
    this.#estimateTokens = estimateTokens;
    this.#pause = pause;
  }

  async read(job: Job): Promise<void> {
    try {
      if (job.source.kind === 'lines') await this.#readLines(job, job.source);
      else if (job.source.kind === 'document') this.#readDocument(job, job.source);
      else this.#readDatabase(job, job.source);
    } catch (error) {
      if (this.#isWriting || !isReadError(error)) throw error;
      // Vanished while it was read: what was read of it counts, and there is nothing to complain of.
      if (errorCode(error) !== 'ENOENT' && job.mark?.state !== 'unreadable') this.#setUnreadable(job);
    }
    await this.#flushIfFull();
  }

  #setUnreadable(job: Job): void {
    const mark = job.mark ?? this.#freshMark(job, job.stats);
    const skips = this.#marks.skipsOf(job.mark).set('unreadable', 1);
    this.#batch.setMark({ ...mark, size: unfinished, state: 'unreadable' }, skips);
  }

  async #flushIfFull(): Promise<void> {
    if (!this.#batch.isFull) return;
    this.#flush();
    await this.#pause();
  }

  /** Errors of our own store are never mistaken for those of a log. */
  #flush(): void {
    this.#isWriting = true;
    this.#batch.flush();
    this.#isWriting = false;
  }

  #freshMark({ agent, source, file, mark }: Job, stats: Stats): Mark {
    return {
      id: mark?.id ?? 0,
      agent: agent.id,
      source: source.id,
      path: file.path,
      identity: identityOf(stats),
      size: stats.size,
      modifiedMs: stats.mtimeMs,
      bornMs: Math.floor(stats.birthtimeMs > 0 ? Math.min(stats.birthtimeMs, stats.mtimeMs) : stats.mtimeMs),
      offset: 0,
      tail: '',
      carry: undefined,
      records: 0,
      state: 'read',
      version: mark?.version ?? 0,
    };
  }

  async #readLines(job: Job, source: LineSource): Promise<void> {
    const file = openSync(job.file.path, 'r');
    try {
      const stats = fstatSync(file);
      const { mark } = job;
      const isContinued = mark !== undefined && stats.size >= mark.offset && tailOf(file, mark.offset) === mark.tail;
      const fresh = this.#freshMark(job, stats);
      const start = isContinued
        ? { ...fresh, bornMs: mark.bornMs, offset: mark.offset, carry: mark.carry, records: mark.records }
        : fresh;
      const skips = isContinued ? this.#marks.skipsOf(mark) : new Map<SkipReason, number>();
      skips.delete('unreadable');
      await this.#readLinesFrom(file, source, start, skips, this.#contextOf(job));
    } finally {
      closeSync(file);
      this.#buffer.shrink();
    }
  }

  async #readLinesFrom(
    file: number,
    source: LineSource,
    start: Mark,
    skips: Map<SkipReason, number>,
    context: ParseContext,
  ): Promise<void> {
    const needles = this.#needlesOf(source);
    const read = (into: Buffer, at: number, length: number, position: number) => {
      const count = readSync(file, into, at, length, position);
      this.readBytes += count;
      this.#batch.addBytes(count);
      return count;
    };
    const reader = new LineReader(this.#buffer, read, start.offset);
    let mark = start;
    let { carry, records } = start;
    const markAt = (offset: number): Mark => ({ ...mark, offset, carry, records, tail: tailOf(file, offset) });
    for (;;) {
      const found = reader.next();
      if (found === 'too-long') count(skips, 'line-too-long');
      else if (holdsNeedle(reader.bytes, reader.start, reader.end, needles)) {
        const parsed = guarded(() => parseAt(source, reader, carry, context));
        this.#take(mark, parsed, reader.offset, found === 'rest' ? undefined : skips);
        // What has no newline yet is read again with it: its events count now, its traces do not.
        if (found === 'line') {
          carry = parsed.carry ?? carry;
          records += 1;
        }
      }
      if (found === 'rest') break;
      if (!this.#batch.isFull) continue;
      // Not of the file's size: a run that ends here is to be gone on with.
      this.#batch.setMark({ ...markAt(reader.nextOffset), size: unfinished }, skips);
      this.#flush();
      mark = { ...mark, ...pick(this.#batch.latest(mark)) };
      await this.#pause();
    }
    this.#batch.setMark(markAt(reader.offset), skips);
  }

  #readDocument(job: Job, source: DocumentSource): void {
    const { path } = job.file;
    const skips = new Map<SkipReason, number>();
    const stats = job.stats;
    const mark = {
      ...this.#freshMark(job, stats),
      offset: stats.size,
      bornMs: job.mark?.bornMs ?? this.#freshMark(job, stats).bornMs,
    };
    if (stats.size > largestDocumentBytes) count(skips, 'line-too-long');
    else {
      const text = readFileSync(path, 'utf8');
      this.readBytes += text.length;
      this.#batch.addBytes(text.length);
      const parsed = guarded(() => source.parseDocument(text, this.#contextOf(job)));
      this.#take(mark, parsed, undefined, skips);
    }
    this.#batch.setMark({ ...mark, records: 1 }, skips);
  }

  #readDatabase(job: Job, source: DatabaseSource): void {
    let fresh = this.#freshMark(job, job.stats);
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
          fresh = { ...fresh, ...pick(this.#batch.latest(fresh)) };
        });
      }
      if (source.queries.length > 0 && !source.queries.some((query) => isAnswerable(database, query)))
        skips.set('unknown-format', 1);
    } finally {
      database.close();
    }
    this.#batch.setMark(markNow(), skips);
  }

  #take(mark: Mark, parsed: Parsed, offset: number | undefined, skips: Map<SkipReason, number> | undefined): void {
    if (parsed.skipped && skips) count(skips, parsed.skipped);
    for (const event of parsed.events) {
      if (isSound(event)) this.#batch.add(mark, event, offset);
      else if (skips) count(skips, 'broken-number');
    }
  }

  #needlesOf(source: LineSource): readonly Buffer[] {
    let needles = this.#needles.get(source);
    if (!needles) this.#needles.set(source, (needles = source.needles.map((needle) => Buffer.from(needle))));
    return needles;
  }

  #contextOf({ source, folder, file }: Job): ParseContext {
    const companions: Record<string, string> = {};
    for (const name of source.companions?.(file.relativePath) ?? []) {
      try {
        const path = join(folder, name);
        if ((statSync(path, { throwIfNoEntry: false })?.size ?? Infinity) <= largestCompanionBytes)
          companions[name] = readFileSync(path, 'utf8');
      } catch {
        // A companion that cannot be read is as good as none.
      }
    }
    return { path: file.path, estimateTokens: this.#estimateTokens, companions };
  }
}

/** A line by the faster way where the source has one and the line is as it should be. */
export function parseAt(
  source: LineSource,
  reader: LineReader,
  carry: Carry | undefined,
  context: ParseContext,
): Parsed {
  const { bytes, start, end, offset } = reader;
  return (
    source.parseBytes?.(bytes, start, end, offset, carry, context) ??
    source.parseLine(bytes.toString('utf8', start, end), offset, carry, context)
  );
}

function pick({ id, version }: Mark): Pick<Mark, 'id' | 'version'> {
  return { id, version };
}

function count(skips: Map<SkipReason, number>, reason: SkipReason): void {
  skips.set(reason, (skips.get(reason) ?? 0) + 1);
}

function guarded(parse: () => Parsed): Parsed & { readonly carry?: Carry } {
  try {
    return parse();
  } catch {
    return { events: [], skipped: 'broken-record' };
  }
}

const mostTokens = 1e11;

/** No figure reaches the store that is negative, absurd or none at all. */
function isSound(event: LogEvent): boolean {
  if (event.kind === 'call')
    return (
      isCount(event.inputTokens) &&
      isCount(event.cacheReadTokens) &&
      isCount(event.cacheWrite5mTokens) &&
      isCount(event.cacheWrite1hTokens) &&
      isCount(event.outputTokens) &&
      isCount(event.reasoningTokens) &&
      isCount(event.webSearches ?? 0) &&
      isCount(event.unrecordedOutputTokens ?? 0) &&
      Number.isSafeInteger(event.atMs) &&
      event.atMs >= 0
    );
  return Object.values(event).every((value) => typeof value !== 'number' || (value >= 0 && value < 1e15));
}

function isCount(tokens: number): boolean {
  return Number.isInteger(tokens) && tokens >= 0 && tokens < mostTokens;
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** Errors of the file system and of a database that is locked, damaged or none. */
function isReadError(error: unknown): boolean {
  const code = errorCode(error);
  return code !== undefined && (/^E[A-Z]+$/.test(code) || code === 'ERR_SQLITE_ERROR');
}
