// Cuts bytes into lines without decoding them, in memory bounded by the longest line it is willing to hold. Knows
// nothing of what a line says; which bytes come next is asked of a function, so that tests can read from memory.

/** Fills `into` from `at` with at most `length` bytes of the file at `position`; answers how many there were. */
export type ReadBytes = (into: Buffer, at: number, length: number, position: number) => number;

/** Longer lines are passed over: a call's row is never near this. */
export const longestLineBytes = 32 * 1024 * 1024;
const newline = 10;

/** Reused from file to file: the buffer only grows for long lines, and is let go again. */
export class LineBuffer {
  bytes: Buffer;

  constructor(readonly usualBytes = 512 * 1024) {
    this.bytes = Buffer.allocUnsafe(usualBytes);
  }

  grow(keep: Buffer): void {
    const larger = Buffer.allocUnsafe(Math.max(this.usualBytes, this.bytes.length * 2));
    keep.copy(larger);
    this.bytes = larger;
  }

  shrink(): void {
    if (this.bytes.length > this.usualBytes) this.bytes = Buffer.allocUnsafe(this.usualBytes);
  }
}

export class LineReader {
  /** The line just found: `bytes` from `start` to `end`, at `offset` in the file. */
  start = 0;
  end = 0;
  offset: number;
  readonly #buffer: LineBuffer;
  readonly #read: ReadBytes;
  readonly #limit: number;
  /** Bytes held: `buffer.bytes` up to here. `#base` is the file's offset of the buffer's first byte. */
  #held = 0;
  #view: Buffer;
  #base: number;
  #next = 0;

  constructor(buffer: LineBuffer, read: ReadBytes, fromOffset: number, limitBytes = longestLineBytes) {
    this.#buffer = buffer;
    this.#read = read;
    this.#base = fromOffset;
    this.offset = fromOffset;
    this.#limit = limitBytes;
    this.#view = buffer.bytes.subarray(0, 0);
  }

  /** Other bytes are another object. */
  get bytes(): Buffer {
    return this.#view;
  }

  /** Where the bytes after the line just found begin. */
  get nextOffset(): number {
    return this.#base + this.#next;
  }

  /** `rest`: no newline follows; `start` to `end` is what stands after the last one (perhaps nothing). */
  next(): 'line' | 'too-long' | 'rest' {
    let searchFrom = this.#next;
    for (;;) {
      const at = this.#held > searchFrom ? this.#view.indexOf(newline, searchFrom) : -1;
      if (at >= 0) return this.#found(at);
      searchFrom = this.#held - this.#next;
      if (!this.#more()) return this.#finish();
      if (this.#held - this.#next > this.#limit) return this.#skipLine();
      searchFrom += this.#next;
    }
  }

  #found(at: number): 'line' {
    this.start = this.#next;
    this.end = at > this.start && this.bytes[at - 1] === 13 ? at - 1 : at;
    this.offset = this.#base + this.start;
    this.#next = at + 1;
    return 'line';
  }

  #finish(): 'rest' {
    this.start = this.#next;
    this.end = this.#held;
    this.offset = this.#base + this.start;
    return 'rest';
  }

  /** Moves what is unfinished to the front and reads on; false at the end of the file. */
  #more(): boolean {
    const unfinished = this.#held - this.#next;
    if (this.#next > 0) {
      this.#buffer.bytes.copyWithin(0, this.#next, this.#held);
      this.#base += this.#next;
      this.#next = 0;
      this.#held = unfinished;
    }
    if (this.#held === this.#buffer.bytes.length) this.#buffer.grow(this.#buffer.bytes);
    const { bytes } = this.#buffer;
    const count = this.#read(bytes, this.#held, bytes.length - this.#held, this.#base + this.#held);
    this.#held += count;
    this.#view = bytes.subarray(0, this.#held);
    return count > 0;
  }

  /** Passes over a line that is too long to hold. Unfinished at the end of the file, it is left for later. */
  #skipLine(): 'too-long' | 'rest' {
    this.offset = this.#base + this.#next;
    for (;;) {
      const at = this.#view.indexOf(newline);
      if (at >= 0) {
        this.#next = at + 1;
        this.start = this.end = 0;
        return 'too-long';
      }
      this.#base += this.#held;
      this.#held = 0;
      this.#next = 0;
      const { bytes } = this.#buffer;
      this.#view = bytes.subarray(0, 0);
      const count = this.#read(bytes, 0, bytes.length, this.#base);
      if (count === 0) {
        this.start = this.end = 0;
        return 'rest';
      }
      this.#held = count;
      this.#view = bytes.subarray(0, count);
    }
  }
}

/** Does the line hold one of the byte strings? None asked for: yes. */
export function holdsNeedle(line: Buffer, needles: readonly Buffer[]): boolean {
  return needles.length === 0 || needles.some((needle) => line.includes(needle));
}
