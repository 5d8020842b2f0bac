// Reads what is new in append-only logs, line by line, and hands events and marks to a sink: in the ledger's own thread
// or, for a long history, in one beside it. Knows nothing of what events mean and of no store.
import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AgentSource,
  type Carry,
  type LineParser,
  type LineSource,
  type ParseContext,
  type Parsed,
  type SkipReason,
} from '../agents/agent';
import { type FoundFile } from './discover';
import { holdsNeedle, LineBuffer, LineReader } from './lineReader';
import { type Mark, type MarkOwner, freshMark, tailOf } from './marks';
import { type Sink, unfinished } from './sink';
import { isSound } from './sound';

const largestCompanionBytes = 8 * 1024 * 1024;

/** A file to be read from where its mark says. */
export interface LineJob {
  readonly owner: MarkOwner;
  /** The folder that the file was found below: companions are named from it. */
  readonly folder: string;
  readonly file: FoundFile;
  readonly mark: Mark | undefined;
  readonly skips: ReadonlyMap<SkipReason, number>;
}

export class LineFiles {
  /** Bytes read so far, of all files. */
  readBytes = 0;
  readonly #sink: Sink;
  readonly #estimateTokens: (text: string) => number;
  readonly #buffer = new LineBuffer();
  readonly #needles = new Map<LineParser, readonly Buffer[]>();

  constructor(sink: Sink, estimateTokens: (text: string) => number) {
    this.#sink = sink;
    this.#estimateTokens = estimateTokens;
  }

  /** Reads on from the mark, or from the start where the file is another by now. Throws errors of the file system. */
  async read(source: LineSource, { owner, folder, file, mark, skips: known }: LineJob): Promise<void> {
    const handle = openSync(file.path, 'r');
    try {
      const stats = fstatSync(handle);
      const isContinued = mark !== undefined && stats.size >= mark.offset && tailOf(handle, mark.offset) === mark.tail;
      const fresh = freshMark(owner, file.path, stats);
      const start: Mark = isContinued
        ? { ...mark, identity: fresh.identity, size: fresh.size, modifiedMs: fresh.modifiedMs, state: 'read' }
        : fresh;
      const skips = new Map(isContinued ? known : []);
      skips.delete('unreadable');
      const context = contextOf(source, folder, file, this.#estimateTokens);
      const markAt = (offset: number, { carry, records }: Progress): Mark => ({
        ...start,
        offset,
        carry,
        records,
        tail: tailOf(handle, offset),
      });
      await this.#readOn(handle, source, { start, from: start.offset, carry: start.carry, skips, context, markAt });
    } finally {
      closeSync(handle);
      this.#buffer.shrink();
    }
  }

  /** Reads what was left for later, up to the mark. A file that is another by now is left to the next round. */
  async readLater(source: LineSource, mark: Mark, skips: ReadonlyMap<SkipReason, number>): Promise<void> {
    if (!source.later) return;
    const handle = openSync(mark.path, 'r');
    try {
      if (tailOf(handle, mark.offset) !== mark.tail) return;
      const context: ParseContext = { path: mark.path, companions: {}, estimateTokens: this.#estimateTokens };
      const markAt = (offset: number, { carry }: Progress): Mark => ({
        ...mark,
        laterOffset: Math.min(offset, mark.offset),
        laterCarry: carry,
      });
      const from = mark.laterOffset;
      const until = mark.offset;
      const carry = mark.laterCarry;
      await this.#readOn(handle, source.later, { start: mark, from, until, carry, skips, context, markAt });
    } finally {
      closeSync(handle);
      this.#buffer.shrink();
    }
  }

  async #readOn(handle: number, parser: LineParser, reading: Reading): Promise<void> {
    const { start, from, until = Infinity, context, markAt } = reading;
    const isLater = until !== Infinity;
    const needles = this.#needlesOf(parser);
    const read = (into: Buffer, at: number, length: number, position: number) => {
      const count = readSync(handle, into, at, Math.min(length, until - position), position);
      this.readBytes += count;
      this.#sink.addBytes(count);
      return count;
    };
    const reader = new LineReader(this.#buffer, read, from);
    const skips = new Map(reading.skips);
    const progress = { carry: reading.carry, records: start.records };
    for (;;) {
      const found = reader.next();
      if (found === 'too-long') {
        if (!isLater) count(skips, 'line-too-long');
      } else if (isOfInterest(parser, reader, needles)) {
        const parsed = guarded(() => parseAt(parser, reader, progress.carry, context));
        this.#take(start, parsed, reader.offset, found === 'rest' ? undefined : skips);
        // What has no newline yet is read again with it: its events count now, its traces do not.
        if (found === 'line') {
          progress.carry = parsed.carry ?? progress.carry;
          progress.records += 1;
        }
      }
      if (found === 'rest') break;
      if (!this.#sink.isFull) continue;
      // Not of the file's size: a run that ends here is to be gone on with.
      const mark = markAt(reader.nextOffset, progress);
      this.#sink.setMark(isLater ? mark : { ...mark, size: unfinished }, skips);
      await this.#sink.handOver();
    }
    this.#sink.setMark(markAt(reader.offset, progress), skips);
  }

  #take(mark: Mark, parsed: Parsed, offset: number, skips: Map<SkipReason, number> | undefined): void {
    if (parsed.skipped && skips) count(skips, parsed.skipped);
    for (const event of parsed.events) {
      if (isSound(event)) this.#sink.add(mark, event, offset);
      else if (skips) count(skips, 'broken-number');
    }
  }

  #needlesOf(parser: LineParser): readonly Buffer[] {
    let needles = this.#needles.get(parser);
    if (!needles) this.#needles.set(parser, (needles = parser.needles.map((needle) => Buffer.from(needle))));
    return needles;
  }
}

interface Progress {
  readonly carry: Carry | undefined;
  readonly records: number;
}

interface Reading {
  readonly start: Mark;
  readonly from: number;
  /** Where a later reading ends: what lies behind has not been read the first time. */
  readonly until?: number;
  readonly carry: Carry | undefined;
  readonly skips: ReadonlyMap<SkipReason, number>;
  readonly context: ParseContext;
  readonly markAt: (offset: number, progress: Progress) => Mark;
}

/** Is the line just found to be parsed? `needles`: the parser's, as bytes. */
export function isOfInterest(parser: LineParser, reader: LineReader, needles: readonly Buffer[]): boolean {
  const { bytes, start, end } = reader;
  if (end === start) return false;
  return parser.isOfInterest?.(bytes, start, end) ?? holdsNeedle(bytes.subarray(start, end), needles);
}

/** A line by the faster way where the parser has one and the line is as it should be. */
export function parseAt(
  parser: LineParser,
  reader: LineReader,
  carry: Carry | undefined,
  context: ParseContext,
): Parsed {
  const { bytes, start, end, offset } = reader;
  return (
    parser.parseBytes?.(bytes, start, end, offset, carry, context) ??
    parser.parseLine(bytes.toString('utf8', start, end), offset, carry, context)
  );
}

/** What a parser may know beside the bytes. */
export function contextOf(
  source: AgentSource,
  folder: string,
  file: FoundFile,
  estimateTokens: (text: string) => number,
): ParseContext {
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
  return { path: file.path, estimateTokens, companions };
}

export function count(skips: Map<SkipReason, number>, reason: SkipReason): void {
  skips.set(reason, (skips.get(reason) ?? 0) + 1);
}

/** A parser that throws costs its record, not the run. */
export function guarded(parse: () => Parsed): Parsed {
  try {
    return parse();
  } catch {
    return { events: [], skipped: 'broken-record' };
  }
}

/** Errors of the file system, and of a database that is locked, damaged or none. */
export function isReadError(error: unknown): error is Error & { readonly code: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^E[A-Z]+$/.test(code) || code === 'ERR_SQLITE_ERROR';
}
