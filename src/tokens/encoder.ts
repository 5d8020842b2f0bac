// Text -> exact token count for one encoding, special tokens taken as the plain text they are. Counts only: no ids.
// Knows how to feed text of any length through splitter and piece counter; keeps no text alive between calls.
//
//   const encoder = createEncoder(bytesOfThePackedFile, 'o200k_base');   // throws if the file is damaged
//   encoder.count('any string');                                        // tokens, lone surrogates as U+FFFD
//   encoder.measure('any string', into);                                // the same, and what the estimates need
import { PieceCounter } from './pieceCounter.js';
import { lastSafeBoundary, nextSafeBoundary } from './safeBoundary.js';
import { cl100kPieceEnd, classOfMultibyte, END, o200kPieceEnd } from './splitter.js';
import { addFeatures, type Features } from './textFeatures.js';
import { type Encoding, hashOf, Vocabulary } from './vocabulary.js';

/** UTF-16 units taken at a time, where a safe boundary allows. */
const WINDOW = 1 << 15;
/** Pieces longer than this many bytes are not remembered. */
const LONGEST_REMEMBERED = 200;
/** Slots of the piece cache (a power of two, four numbers each) and bytes of its arena. */
const SLOTS = 1 << 15;
const ARENA = 1 << 20;

const utf8 = new TextEncoder();

export interface Encoder {
  readonly encoding: Encoding;
  /** Tokens of the text. */
  count(text: string): number;
  /** Tokens of the text; adds what was seen in it to `features`. Both add up over safely cut parts. */
  measure(text: string, features: Features): number;
}

/** An encoder from the bytes of dist/<encoding>.bin. Some 20 ms; make one per encoding and thread. Throws on a damaged file. */
export function createEncoder(packed: Uint8Array, encoding: Encoding): Encoder {
  return new BytePairEncoder(new Vocabulary(packed), encoding);
}

class BytePairEncoder implements Encoder {
  readonly encoding: Encoding;
  readonly #pieceEnd: (bytes: Uint8Array, start: number) => number;
  readonly #counter: PieceCounter;
  readonly #cache = new PieceCache();
  #window = new Uint8Array(WINDOW * 3 + 1);

  constructor(vocabulary: Vocabulary, encoding: Encoding) {
    this.encoding = encoding;
    this.#counter = new PieceCounter(vocabulary);
    this.#pieceEnd = encoding === 'o200k_base' ? o200kPieceEnd : cl100kPieceEnd;
  }

  count(text: string): number {
    return this.#sum(text, undefined);
  }

  measure(text: string, features: Features): number {
    return this.#sum(text, features);
  }

  #sum(text: string, features: Features | undefined): number {
    let tokens = 0;
    for (let from = 0; from < text.length;) {
      let to = text.length;
      if (to - from > WINDOW) {
        to = lastSafeBoundary(text, from, from + WINDOW);
        if (to < 0) to = nextSafeBoundary(text, from + WINDOW + 1);
      }
      tokens += this.#countWindow(from === 0 && to === text.length ? text : text.slice(from, to), features);
      from = to;
    }
    return tokens;
  }

  #countWindow(text: string, features: Features | undefined): number {
    const usual = text.length <= WINDOW;
    const bytes = usual ? this.#window : new Uint8Array(text.length * 3 + 1);
    const { written } = utf8.encodeInto(text, bytes);
    bytes[written] = END;
    if (features) addFeatures(features, bytes, written);
    return this.#countBytes(bytes, written, features);
  }

  #countBytes(bytes: Uint8Array, length: number, features: Features | undefined): number {
    const pieceEnd = this.#pieceEnd;
    let tokens = 0;
    let pieces = 0;
    for (let start = 0; start < length; pieces++) {
      const end = pieceEnd(bytes, start);
      const count = this.#countPiece(bytes, start, end);
      tokens += count;
      if (features && bytes[end - 1]! >= 0x80) addScript(features, bytes, end, count);
      start = end;
    }
    if (features) features.pieces += pieces;
    return tokens;
  }

  #countPiece(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length === 1) return 1;
    if (length === 2) return this.#counter.count(bytes, start, end);
    if (length > LONGEST_REMEMBERED) return this.#counter.count(bytes, start, end);
    const hash = hashOf(bytes, start, end);
    const known = this.#cache.find(hash, bytes, start, length);
    if (known > 0) return known;
    const count = this.#counter.count(bytes, start, end);
    this.#cache.add(hash, bytes, start, length, count);
    return count;
  }
}

/** Books a piece that ends in a character beyond ASCII to that character's script. */
function addScript(features: Features, bytes: Uint8Array, end: number, count: number): void {
  let last = end - 1;
  while ((bytes[last]! & 0xc0) === 0x80) last--;
  features.tokensByScript[classOfMultibyte(bytes, last) >> 4]! += count;
}

/** Counts of pieces met before. Holds copies of their bytes in an arena of fixed size, and is emptied when full. */
class PieceCache {
  /** Per slot: hash, place in the arena, length (0 = free), count. */
  readonly #slots = new Int32Array(SLOTS * 4);
  readonly #arena = new Uint8Array(ARENA);
  #used = 0;
  #entries = 0;

  /** The count, or 0. */
  find(hash: number, bytes: Uint8Array, start: number, length: number): number {
    const slots = this.#slots;
    const arena = this.#arena;
    for (let slot = (hash & (SLOTS - 1)) * 4; slots[slot + 2] !== 0; slot = (slot + 4) & (SLOTS * 4 - 1)) {
      if (slots[slot] !== hash || slots[slot + 2] !== length) continue;
      const place = slots[slot + 1]!;
      let same = 0;
      while (same < length && arena[place + same] === bytes[start + same]) same++;
      if (same === length) return slots[slot + 3]!;
    }
    return 0;
  }

  add(hash: number, bytes: Uint8Array, start: number, length: number, count: number): void {
    if (this.#entries * 2 >= SLOTS || this.#used + length > ARENA) {
      this.#slots.fill(0);
      this.#used = 0;
      this.#entries = 0;
    }
    const slots = this.#slots;
    let slot = (hash & (SLOTS - 1)) * 4;
    while (slots[slot + 2] !== 0) slot = (slot + 4) & (SLOTS * 4 - 1);
    slots[slot] = hash;
    slots[slot + 1] = this.#used;
    slots[slot + 2] = length;
    slots[slot + 3] = count;
    for (let index = 0; index < length; index++) this.#arena[this.#used + index] = bytes[start + index]!;
    this.#used += length;
    this.#entries++;
  }
}
