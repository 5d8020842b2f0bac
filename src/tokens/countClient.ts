// The editor's side of the counting: documents and their changes in, counts out through a callback. Sends large texts
// in slices so that neither thread is held up, sends a text again when the counting side has lost track of it, and
// starts that side anew should it break off. Speaks offsets; knows nothing of editors.
//
//   const client = new CountClient({
//     openLine: countWorkerLine(workerFile),            // or countTurnsLine where there are no threads
//     loadVocabulary: (encoding) => bytes of dist/<encoding>.bin,
//     textOf: (documentId) => ({ version, text }) or undefined if it is closed,
//     lengthOf: (documentId) => ({ version, length }), for a look now and then,
//     onCounts: (documentId, version, counts) => …,     // at most once in 50 ms per document
//     onProblem: (error) => …,
//   });
//   client.setEncodings(['o200k_base']);                // what `onCounts` is to hold; loads what is missing
//   client.open(id, version, text); client.change(id, version, changes); client.close(id);
//   await client.count(id, encodings, ranges);          // one answer, e.g. for selections
import {
  type CounterLine,
  type CountsByEncoding,
  type FromCounter,
  type OffsetRange,
  type OpenLine,
  type ToCounter,
} from './countProtocol.js';
import { EditGatherer, type LengthOf, type TextChange, type Waiting } from './editGatherer.js';
import { type Encoding } from './vocabulary.js';

/** Code units sent in one message; copying that many holds a thread up for less than half a millisecond. */
const SLICE = 200_000;
/** How often the counting side is started anew before it is given up. */
const RESTARTS = 3;

export interface CountClientOptions {
  readonly openLine: OpenLine;
  readonly loadVocabulary: (encoding: Encoding) => Promise<Uint8Array>;
  /** The document as it is now, or undefined if there is none any more. */
  readonly textOf: (documentId: string) => { readonly version: number; readonly text: string } | undefined;
  /** The same without building the text. Missing: lengths are not checked. */
  readonly lengthOf?: LengthOf;
  readonly onCounts: (documentId: string, version: number, counts: CountsByEncoding) => void;
  /** The vocabulary could not be loaded, or the counting side broke off. Counting goes on if it can. */
  readonly onProblem: (error: Error) => void;
}

/** A document whose text is still being sent: the rest of it, and the changes that came in between. */
interface Sending {
  readonly text: string;
  sent: number;
  readonly changes: Waiting[];
}

export class CountClient {
  readonly #options: CountClientOptions;
  #line: CounterLine | undefined;
  #restarts = 0;
  #isDisposed = false;
  #encodings: readonly Encoding[] = [];
  /** Encodings whose vocabulary could not be loaded or used; left out from then on. */
  readonly #unusable = new Set<Encoding>();
  readonly #edits: EditGatherer;
  readonly #sending = new Map<string, Sending>();
  readonly #questions = new Map<number, (counts: CountsByEncoding | undefined) => void>();
  #lastRequest = 0;

  constructor(options: CountClientOptions) {
    this.#options = options;
    this.#edits = new EditGatherer(
      (documentId, packed) => this.#line?.post({ type: 'changes', documentId, packed }),
      options.lengthOf,
    );
  }

  /** The encodings that every document is counted by from now on. */
  setEncodings(encodings: readonly Encoding[]): void {
    const isKnown =
      encodings.length === this.#encodings.length && encodings.every((one) => this.#encodings.includes(one));
    this.#encodings = encodings;
    if (!isKnown) this.#sendEncodings();
  }

  /** A document to keep counted. Also for one known before: its text is taken as it is now. */
  open(documentId: string, version: number, text: string): void {
    if (!this.#lineNow()) return;
    this.#post({ type: 'begin', documentId, version, length: text.length });
    this.#edits.open(documentId, text.length);
    this.#sending.set(documentId, { text, sent: 0, changes: [] });
    this.#sendOn(documentId);
  }

  /**
   * The edits of one event, with offsets into the document before it, and its version after. On the way of every
   * keystroke: all that can be done later is.
   */
  change(documentId: string, version: number, changes: readonly TextChange[]): void {
    this.#take({ documentId, version, changes, length: undefined });
  }

  /** Tells the counting side how long a document is; if that is news to it, it asks for the text. */
  check(documentId: string, version: number, length: number): void {
    this.#take({ documentId, version, changes: [], length });
  }

  close(documentId: string): void {
    this.#sending.delete(documentId);
    if (!this.#edits.isOpen(documentId)) return;
    this.#post({ type: 'close', documentId });
    this.#edits.close(documentId);
  }

  /**
   * Exact counts of an open document, or of parts of it summed, each part as a text of its own. Undefined if the
   * document is not open (any more) or a vocabulary cannot be had.
   */
  count(
    documentId: string,
    encodings: readonly Encoding[],
    ranges?: readonly OffsetRange[],
  ): Promise<CountsByEncoding | undefined> {
    const isPossible = this.#edits.isOpen(documentId) && !encodings.some((encoding) => this.#unusable.has(encoding));
    if (!isPossible || !this.#lineNow()) return Promise.resolve(undefined);
    const request = ++this.#lastRequest;
    return new Promise((resolve) => {
      this.#questions.set(request, resolve);
      this.#post(
        ranges
          ? { type: 'count', request, documentId, encodings, ranges }
          : { type: 'count', request, documentId, encodings },
      );
    });
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#edits.dispose();
    this.#line?.close();
    this.#line = undefined;
    this.#sending.clear();
    this.#dropQuestions();
  }

  /** Everything but changes goes at once, after the changes that came before it. */
  #post(message: ToCounter): void {
    this.#edits.flush();
    this.#line?.post(message);
  }

  #take(waiting: Waiting): void {
    if (!this.#edits.isOpen(waiting.documentId)) return;
    const sending = this.#sending.get(waiting.documentId);
    if (sending) sending.changes.push(waiting);
    else this.#edits.take(waiting);
  }

  /** The first slice goes at once, each further one after the thread was free for others. */
  #sendOn(documentId: string): void {
    const sending = this.#sending.get(documentId);
    if (!sending || !this.#line) return;
    if (sending.sent < sending.text.length) {
      const text = sending.text.slice(sending.sent, sending.sent + SLICE);
      this.#post({ type: 'slice', documentId, text });
      sending.sent += text.length;
    }
    if (sending.sent < sending.text.length) {
      setTimeout(() => {
        // The same document may have been opened anew meanwhile.
        if (this.#sending.get(documentId) === sending) this.#sendOn(documentId);
      }, 0);
      return;
    }
    this.#sending.delete(documentId);
    this.#edits.send(documentId, sending.changes);
  }

  #hear(message: FromCounter): void {
    switch (message.type) {
      case 'need':
        void this.#sendVocabulary(message.encoding);
        return;
      case 'counts':
        if (this.#edits.isOpen(message.documentId)) {
          this.#options.onCounts(message.documentId, message.version, message.counts);
        }
        return;
      case 'mismatch':
        return this.#sendAgain(message.documentId);
      case 'answer':
        this.#questions.get(message.request)?.(message.counts);
        this.#questions.delete(message.request);
        return;
      case 'broken':
        return this.#giveUp(message.encoding, message.reason);
    }
  }

  async #sendVocabulary(encoding: Encoding): Promise<void> {
    const line = this.#line;
    try {
      const packed = await this.#options.loadVocabulary(encoding);
      if (line === this.#line) this.#post({ type: 'vocabulary', encoding, packed });
    } catch (error) {
      this.#giveUp(encoding, error instanceof Error ? error.message : String(error));
    }
  }

  #giveUp(encoding: Encoding, reason: string): void {
    if (this.#isDisposed) return;
    this.#unusable.add(encoding);
    this.#sendEncodings();
    this.#dropQuestions();
    this.#options.onProblem(new Error(`Nothing can be counted by ${encoding}: ${reason}`));
  }

  #sendEncodings(): void {
    this.#post({ type: 'encodings', encodings: this.#encodings.filter((one) => !this.#unusable.has(one)) });
  }

  #sendAgain(documentId: string): void {
    if (!this.#edits.isOpen(documentId)) return;
    const now = this.#options.textOf(documentId);
    if (now) this.open(documentId, now.version, now.text);
    else this.close(documentId);
  }

  #lineNow(): CounterLine | undefined {
    if (this.#isDisposed || this.#restarts > RESTARTS) return undefined;
    if (!this.#line) {
      this.#line = this.#options.openLine(
        (message) => this.#hear(message),
        (reason) => this.#lost(reason),
      );
      this.#sendEncodings();
    }
    return this.#line;
  }

  #lost(reason: Error): void {
    this.#line = undefined;
    this.#edits.drop();
    this.#restarts++;
    this.#sending.clear();
    this.#dropQuestions();
    this.#options.onProblem(reason);
    if (this.#restarts <= RESTARTS) for (const documentId of this.#edits.documentIds) this.#sendAgain(documentId);
  }

  #dropQuestions(): void {
    for (const resolve of this.#questions.values()) resolve(undefined);
    this.#questions.clear();
  }
}
