// Edits of open documents on their way to the counting side: gathered for a moment, their lengths added up, sent packed;
// when the editing rests, the lengths are held against the documents. Knows nothing of threads and of texts.
import { type PackedChanges, packChange } from './packedChanges.js';

/**
 * How long edits wait for more of a burst, milliseconds. To wake the other thread is what an edit costs this one: it is
 * done once for a burst, and not in the turn in which others have a keystroke to work on.
 */
const GATHER_MS = 1;
/** When the editing has rested this long, or twice, lengths are checked. */
const CHECK_MS = 1000;

/** One replacement in the fields in which an editor tells it: nothing is built anew for each keystroke. */
export interface TextChange {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/** An event that has not been sent yet. `length`: the document's, where it is known and not to be added up. */
export interface Waiting {
  readonly documentId: string;
  readonly version: number;
  readonly changes: readonly TextChange[];
  readonly length: number | undefined;
}

/** A document's version and length as they are now; undefined if it is closed. */
export type LengthOf = (documentId: string) => { readonly version: number; readonly length: number } | undefined;

export class EditGatherer {
  readonly #send: (documentId: string, packed: PackedChanges) => void;
  readonly #lengthOf: LengthOf | undefined;
  /** Open documents, and their lengths as the counting side knows them after what has been sent. */
  readonly #lengths = new Map<string, number>();
  #gathered: Waiting[] = [];
  #gathering: ReturnType<typeof setTimeout> | undefined;
  readonly #flushLater = () => this.flush();
  /** Documents edited since their lengths were last checked, and whether any was since the timer was set. */
  readonly #unchecked = new Set<string>();
  #isEdited = false;
  #checking: ReturnType<typeof setTimeout> | undefined;

  /** Without `lengthOf`, lengths are not checked. */
  constructor(send: (documentId: string, packed: PackedChanges) => void, lengthOf: LengthOf | undefined) {
    this.#send = send;
    this.#lengthOf = lengthOf;
  }

  get documentIds(): readonly string[] {
    return [...this.#lengths.keys()];
  }

  isOpen(documentId: string): boolean {
    return this.#lengths.has(documentId);
  }

  /** A document whose text is this long; what was gathered of it before must have been sent or dropped. */
  open(documentId: string, length: number): void {
    this.#lengths.set(documentId, length);
    this.#unchecked.delete(documentId);
  }

  close(documentId: string): void {
    this.#lengths.delete(documentId);
    this.#unchecked.delete(documentId);
  }

  /** On the way of every keystroke: all that can be done later is. */
  take(event: Waiting): void {
    this.#gathered.push(event);
    this.#gathering ??= setTimeout(this.#flushLater, GATHER_MS);
  }

  /** Sends what has been gathered, each run of one document's events as one message. */
  flush(): void {
    const gathered = this.#gathered;
    this.drop();
    for (let at = 0; at < gathered.length;) {
      const { documentId } = gathered[at]!;
      let end = at + 1;
      while (gathered[end]?.documentId === documentId) end++;
      this.send(documentId, gathered.slice(at, end));
      at = end;
    }
  }

  /** Sends events of one document now. */
  send(documentId: string, events: readonly Waiting[]): void {
    let length = this.#lengths.get(documentId);
    if (length === undefined || events.length === 0) return;
    const packed: (number | string)[] = [];
    for (const { version, changes, length: known } of events) {
      for (const { rangeLength, text } of changes) length += text.length - rangeLength;
      length = known ?? length;
      const edits = changes.map((one) => ({ offset: one.rangeOffset, removed: one.rangeLength, inserted: one.text }));
      packChange(packed, { version, edits, length });
      if (known === undefined) this.#unchecked.add(documentId);
    }
    this.#lengths.set(documentId, length);
    this.#send(documentId, packed);
    this.#checkLater();
  }

  /** Forgets what has been gathered. */
  drop(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#gathered = [];
  }

  dispose(): void {
    this.drop();
    clearTimeout(this.#checking);
    this.#lengths.clear();
  }

  /** One timer for as long as somebody edits: it is not set anew for each edit, but looks whether there was one. */
  #checkLater(): void {
    if (!this.#lengthOf || this.#unchecked.size === 0) return;
    this.#isEdited = true;
    this.#checking ??= setTimeout(() => this.#checkIfRested(), CHECK_MS);
  }

  #checkIfRested(): void {
    this.#checking = this.#isEdited ? setTimeout(() => this.#checkIfRested(), CHECK_MS) : undefined;
    this.#isEdited = false;
    if (this.#checking) return;
    for (const documentId of this.#unchecked) {
      const now = this.#lengthOf?.(documentId);
      if (now) this.take({ documentId, version: now.version, changes: [], length: now.length });
    }
    this.#unchecked.clear();
  }
}
