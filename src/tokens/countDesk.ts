// The counting side: open documents, their counters and encoders; messages in, messages out. Runs in the worker, or
// in turns on the one thread of a browser-hosted editor. Knows nothing of threads.
//
// A document's counts are pushed at most once in PUSH_MS. Large pieces of work are done in turns, between which
// newer messages are heard, so that only the last of a burst of edits is counted.
import { type CountsByEncoding, type FromCounter, type OffsetRange, type ToCounter } from './countProtocol.js';
import { addCounts, type Counts, DocumentCounter, noCounts } from './documentCounter.js';
import { createEncoder, type Encoder } from './encoder.js';
import { type Change, unpackChanges } from './packedChanges.js';
import { type Encoding } from './vocabulary.js';

/** Least time between two pushes of one document's counts, milliseconds. */
export const PUSH_MS = 50;

interface OpenDocument {
  readonly counter: DocumentCounter;
  version: number;
  /** Length the document is known to have; more than the counter's while its text is still arriving. */
  length: number;
  /** When its counts were last pushed, and whether a push is planned. */
  pushedAtMs: number;
  isPushPlanned: boolean;
}

/** `unitsPerTurn`: code units counted before newer messages are let in. `later` runs something after some milliseconds. */
export interface DeskOptions {
  readonly unitsPerTurn: number;
  readonly nowMs: () => number;
  readonly later: (run: () => void, ms: number) => void;
}

export class CountDesk {
  readonly #say: (message: FromCounter) => void;
  readonly #options: DeskOptions;
  readonly #documents = new Map<string, OpenDocument>();
  readonly #encoders = new Map<Encoding, Encoder>();
  readonly #needed = new Set<Encoding>();
  /** Documents lost track of, whose texts have been asked for. */
  readonly #lost = new Set<string>();
  #encodings: readonly Encoding[] = [];
  /** Questions that came before the vocabulary or the text they need. */
  #waiting: Extract<ToCounter, { type: 'count' }>[] = [];

  constructor(say: (message: FromCounter) => void, options: DeskOptions) {
    this.#say = say;
    this.#options = options;
  }

  hear(message: ToCounter): void {
    switch (message.type) {
      case 'vocabulary':
        return this.#takeVocabulary(message.encoding, message.packed);
      case 'encodings':
        this.#encodings = message.encodings;
        for (const id of this.#documents.keys()) this.#plan(id);
        return;
      case 'begin':
        return this.#begin(message.documentId, message.version, message.length);
      case 'slice':
        return this.#takeSlice(message.documentId, message.text);
      case 'changes':
        for (const change of unpackChanges(message.packed)) this.#change(message.documentId, change);
        return;
      case 'close':
        this.#documents.delete(message.documentId);
        this.#lost.delete(message.documentId);
        return this.#askAgain();
      case 'count':
        return this.#answer(message);
    }
  }

  #takeVocabulary(encoding: Encoding, packed: Uint8Array): void {
    try {
      this.#encoders.set(encoding, createEncoder(packed, encoding));
    } catch (error) {
      this.#say({ type: 'broken', encoding, reason: error instanceof Error ? error.message : String(error) });
      return;
    }
    for (const id of this.#documents.keys()) this.#plan(id);
    this.#askAgain();
  }

  #begin(documentId: string, version: number, length: number): void {
    const before = this.#documents.get(documentId);
    const pushedAtMs = before?.pushedAtMs ?? -Infinity;
    const document: OpenDocument = {
      counter: new DocumentCounter(),
      version,
      length,
      pushedAtMs,
      isPushPlanned: false,
    };
    this.#documents.set(documentId, document);
    this.#lost.delete(documentId);
    if (length === 0) this.#plan(documentId);
  }

  #takeSlice(documentId: string, text: string): void {
    const document = this.#documents.get(documentId);
    if (!document) return;
    document.counter.append(text);
    if (document.counter.length > document.length) return this.#mismatch(documentId);
    // Counted as it comes in: the parts of a large text share the work out among their messages.
    for (const encoding of this.#encodings) {
      const encoder = this.#encoders.get(encoding);
      if (encoder) document.counter.countSome(encoder, this.#options.unitsPerTurn);
    }
    if (document.counter.length === document.length) {
      this.#plan(documentId);
      this.#askAgain();
    }
  }

  #change(documentId: string, { version, edits, length }: Change): void {
    const document = this.#documents.get(documentId);
    if (!document || document.counter.length !== document.length) return this.#mismatch(documentId);
    // The text was taken after this change already. (A later version need not be the very next: editors skip some.)
    if (version < document.version) return;
    if (version === document.version && length === document.length) return;
    try {
      document.counter.apply(edits);
    } catch {
      return this.#mismatch(documentId);
    }
    if (document.counter.length !== length) return this.#mismatch(documentId);
    document.version = version;
    document.length = length;
    this.#plan(documentId);
  }

  #mismatch(documentId: string): void {
    this.#documents.delete(documentId);
    // Changes that were under way when the text was asked for are in it: one request is enough.
    if (this.#lost.has(documentId)) return;
    this.#lost.add(documentId);
    this.#say({ type: 'mismatch', documentId });
  }

  /** Pushes a document's counts: now if the last push is long enough ago, else as soon as it is. */
  #plan(documentId: string, atLeastMs = 0): void {
    const document = this.#documents.get(documentId);
    if (!document || document.isPushPlanned || document.counter.length !== document.length) return;
    document.isPushPlanned = true;
    const waitMs = document.pushedAtMs + PUSH_MS - this.#options.nowMs();
    this.#options.later(() => this.#push(documentId, document), Math.max(atLeastMs, waitMs, 0));
  }

  #push(documentId: string, document: OpenDocument): void {
    document.isPushPlanned = false;
    if (this.#documents.get(documentId) !== document || document.counter.length !== document.length) return;
    for (const encoding of this.#encodings) {
      const encoder = this.#encoderFor(encoding);
      if (!encoder) return;
      if (!document.counter.countSome(encoder, this.#options.unitsPerTurn)) {
        document.isPushPlanned = true;
        this.#options.later(() => this.#push(documentId, document), 0);
        return;
      }
    }
    if (this.#encodings.length === 0) return;
    document.pushedAtMs = this.#options.nowMs();
    const counts = this.#countsOf(document, this.#encodings, undefined);
    if (counts) this.#say({ type: 'counts', documentId, version: document.version, counts });
  }

  #answer(message: Extract<ToCounter, { type: 'count' }>): void {
    const document = this.#documents.get(message.documentId);
    if (!document) return this.#say({ type: 'answer', request: message.request });
    const isComplete = document.counter.length === document.length;
    const counts = isComplete ? this.#countsOf(document, message.encodings, message.ranges) : undefined;
    if (counts) this.#say({ type: 'answer', request: message.request, version: document.version, counts });
    else this.#waiting.push(message);
  }

  #askAgain(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const question of waiting) this.#answer(question);
  }

  /** Undefined where a vocabulary is missing; it is asked for. */
  #countsOf(
    document: OpenDocument,
    encodings: readonly Encoding[],
    ranges: readonly OffsetRange[] | undefined,
  ): CountsByEncoding | undefined {
    const encoders = encodings.map((encoding) => this.#encoderFor(encoding));
    const counts: Partial<Record<Encoding, Counts>> = {};
    for (const encoder of encoders) {
      if (!encoder) return undefined;
      counts[encoder.encoding] = ranges
        ? sumOfRanges(document.counter, encoder, ranges)
        : document.counter.counts(encoder);
    }
    return counts;
  }

  #encoderFor(encoding: Encoding): Encoder | undefined {
    const encoder = this.#encoders.get(encoding);
    if (!encoder && !this.#needed.has(encoding)) {
      this.#needed.add(encoding);
      this.#say({ type: 'need', encoding });
    }
    return encoder;
  }
}

function sumOfRanges(counter: DocumentCounter, encoder: Encoder, ranges: readonly OffsetRange[]): Counts {
  const sum = noCounts(encoder.encoding);
  for (const { start, end } of ranges) {
    addCounts(sum, counter.countRange(encoder, Math.max(0, start), Math.min(end, counter.length)), 1);
  }
  return sum;
}
