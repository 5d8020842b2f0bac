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
import { packChange } from './packedChanges.js';
import { type Encoding } from './vocabulary.js';

/** Code units sent in one message; copying that many holds a thread up for less than half a millisecond. */
const SLICE = 200_000;
/**
 * How long changes wait for more of a burst, milliseconds. To wake the other thread is what a change costs this one:
 * it is done once for a burst, and not in the turn in which others have a keystroke to work on.
 */
const GATHER_MS = 1;
/** Lengths are added up from edits; when the editing has rested this long, or twice, they are held against the document. */
const CHECK_MS = 1000;
/** How often the counting side is started anew before it is given up. */
const RESTARTS = 3;

export interface CountClientOptions {
  readonly openLine: OpenLine;
  readonly loadVocabulary: (encoding: Encoding) => Promise<Uint8Array>;
  /** The document as it is now, or undefined if there is none any more. */
  readonly textOf: (documentId: string) => { readonly version: number; readonly text: string } | undefined;
  /** The same without building the text. Missing: lengths are not checked. */
  readonly lengthOf?: (documentId: string) => { readonly version: number; readonly length: number } | undefined;
  readonly onCounts: (documentId: string, version: number, counts: CountsByEncoding) => void;
  /** The vocabulary could not be loaded, or the counting side broke off. Counting goes on if it can. */
  readonly onProblem: (error: Error) => void;
}

/** One replacement in the fields in which an editor tells it: nothing is built anew for each keystroke. */
export interface TextChange {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/** An event that has not been sent yet. `length`: the document's, where it is known and not to be added up. */
interface Waiting {
  readonly documentId: string;
  readonly version: number;
  readonly changes: readonly TextChange[];
  readonly length: number | undefined;
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
  /** Open documents, and their lengths as the counting side knows them after what has been sent. */
  readonly #documents = new Map<string, number>();
  readonly #sending = new Map<string, Sending>();
  #gathered: Waiting[] = [];
  #gathering: ReturnType<typeof setTimeout> | undefined;
  readonly #sendGatheredLater = () => this.#sendGathered();
  /** Documents edited since their lengths were last checked, and whether any was since the timer was set. */
  readonly #unchecked = new Set<string>();
  #isEdited = false;
  #checking: ReturnType<typeof setTimeout> | undefined;
  readonly #questions = new Map<number, (counts: CountsByEncoding | undefined) => void>();
  #lastRequest = 0;

  constructor(options: CountClientOptions) {
    this.#options = options;
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
    this.#documents.set(documentId, text.length);
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
    this.#unchecked.delete(documentId);
    if (!this.#documents.has(documentId)) return;
    this.#post({ type: 'close', documentId });
    this.#documents.delete(documentId);
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
    const isPossible = this.#documents.has(documentId) && !encodings.some((encoding) => this.#unusable.has(encoding));
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
    this.#dropGathered();
    clearTimeout(this.#checking);
    this.#line?.close();
    this.#line = undefined;
    this.#documents.clear();
    this.#sending.clear();
    this.#dropQuestions();
  }

  /** Everything but changes goes at once, after the changes that came before it. */
  #post(message: ToCounter): void {
    this.#sendGathered();
    this.#line?.post(message);
  }

  #take(waiting: Waiting): void {
    if (!this.#documents.has(waiting.documentId)) return;
    const sending = this.#sending.get(waiting.documentId);
    if (sending) sending.changes.push(waiting);
    else {
      this.#gathered.push(waiting);
      this.#gathering ??= setTimeout(this.#sendGatheredLater, GATHER_MS);
    }
  }

  #sendGathered(): void {
    const gathered = this.#dropGathered();
    for (let at = 0; at < gathered.length;) {
      const { documentId } = gathered[at]!;
      let end = at + 1;
      while (gathered[end]?.documentId === documentId) end++;
      this.#sendChanges(documentId, gathered.slice(at, end));
      at = end;
    }
  }

  #sendChanges(documentId: string, waiting: readonly Waiting[]): void {
    let length = this.#documents.get(documentId);
    if (length === undefined || waiting.length === 0) return;
    const packed: (number | string)[] = [];
    for (const { version, changes, length: known } of waiting) {
      const edits = changes.map(({ rangeOffset, rangeLength, text }) => {
        length! += text.length - rangeLength;
        return { offset: rangeOffset, removed: rangeLength, inserted: text };
      });
      length = known ?? length;
      packChange(packed, { version, edits, length });
      if (known === undefined) this.#unchecked.add(documentId);
    }
    this.#documents.set(documentId, length);
    this.#line?.post({ type: 'changes', documentId, packed });
    this.#checkLater();
  }

  #dropGathered(): readonly Waiting[] {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    const gathered = this.#gathered;
    this.#gathered = [];
    return gathered;
  }

  /** One timer for as long as somebody edits: it is not set anew for each edit, but looks whether there was one. */
  #checkLater(): void {
    if (!this.#options.lengthOf || this.#unchecked.size === 0) return;
    this.#isEdited = true;
    this.#checking ??= setTimeout(() => this.#checkIfRested(), CHECK_MS);
  }

  #checkIfRested(): void {
    this.#checking = this.#isEdited ? setTimeout(() => this.#checkIfRested(), CHECK_MS) : undefined;
    this.#isEdited = false;
    if (this.#checking) return;
    for (const documentId of this.#unchecked) {
      const now = this.#options.lengthOf?.(documentId);
      if (now) this.check(documentId, now.version, now.length);
    }
    this.#unchecked.clear();
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
    this.#sendChanges(documentId, sending.changes);
  }

  #hear(message: FromCounter): void {
    switch (message.type) {
      case 'need':
        void this.#sendVocabulary(message.encoding);
        return;
      case 'counts':
        if (this.#documents.has(message.documentId)) {
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
    if (!this.#documents.has(documentId)) return;
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
    this.#dropGathered();
    this.#restarts++;
    this.#sending.clear();
    this.#dropQuestions();
    this.#options.onProblem(reason);
    if (this.#restarts <= RESTARTS) for (const documentId of [...this.#documents.keys()]) this.#sendAgain(documentId);
  }

  #dropQuestions(): void {
    for (const resolve of this.#questions.values()) resolve(undefined);
    this.#questions.clear();
  }
}
