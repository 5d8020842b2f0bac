// How many tokens a piece becomes: byte pair merging, counted but not listed. Knows one vocabulary; knows nothing of
// how text is cut into pieces.
//
// Merging always joins the adjacent pair whose union has the smallest rank, the leftmost first. What a pair of tokens
// joins to is remembered by the two tokens, so that most steps hash no bytes. Short pieces are scanned for the
// smallest; long ones keep a heap of pairs over a linked list, which makes the worst case n log n.
import { NO_TOKEN, type Vocabulary } from './vocabulary.js';

/** Longest piece, in bytes, that is merged by scanning. */
const SCANNED = 160;
/** Pairs remembered; a power of two. */
const PAIRS = 1 << 16;
/** A heap key is rank * POSITIONS + position; ranks are below 2^21, so that a double holds it exactly. */
const POSITIONS = 2 ** 31;

export class PieceCounter {
  readonly #vocabulary: Vocabulary;
  readonly #pairLeft = new Int32Array(PAIRS).fill(-1);
  readonly #pairRight = new Int32Array(PAIRS);
  readonly #pairUnion = new Int32Array(PAIRS);
  /** Parts of the piece being scanned: token, first byte, rank of the union with the next part. */
  readonly #tokens = new Int32Array(SCANNED + 1);
  readonly #starts = new Int32Array(SCANNED + 1);
  readonly #unions = new Int32Array(SCANNED + 1);

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  /** Tokens of the piece `bytes[start, end)`, which must not be empty. */
  count(bytes: Uint8Array, start: number, end: number): number {
    if (end - start === 1) return 1;
    if (this.#vocabulary.find(bytes, start, end) !== NO_TOKEN) return 1;
    return end - start <= SCANNED ? this.#scan(bytes, start, end) : this.#merge(bytes, start, end);
  }

  /** The token that `left` and `right`, which lie side by side in `bytes[start, end)`, join to. */
  #union(left: number, right: number, bytes: Uint8Array, start: number, end: number): number {
    const slot = (Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b)) >>> 16;
    if (this.#pairLeft[slot] === left && this.#pairRight[slot] === right) return this.#pairUnion[slot]!;
    const union = this.#vocabulary.find(bytes, start, end);
    this.#pairLeft[slot] = left;
    this.#pairRight[slot] = right;
    this.#pairUnion[slot] = union;
    return union;
  }

  #scan(bytes: Uint8Array, start: number, end: number): number {
    const tokens = this.#tokens;
    const starts = this.#starts;
    const unions = this.#unions;
    const { ofByte, ofTwoBytes } = this.#vocabulary;
    let parts = end - start;
    for (let part = 0; part < parts; part++) {
      const byte = bytes[start + part]!;
      tokens[part] = ofByte[byte]!;
      starts[part] = start + part;
      unions[part] = part + 1 < parts ? ofTwoBytes[byte * 256 + bytes[start + part + 1]!]! : NO_TOKEN;
    }
    starts[parts] = end;
    for (;;) {
      let smallest = NO_TOKEN;
      let at = -1;
      for (let part = 0; part < parts - 1; part++) {
        const union = unions[part]!;
        if (union < smallest) {
          smallest = union;
          at = part;
        }
      }
      if (at < 0) return parts;
      tokens[at] = smallest;
      parts--;
      for (let part = at + 1; part < parts; part++) {
        tokens[part] = tokens[part + 1]!;
        starts[part] = starts[part + 1]!;
        unions[part] = unions[part + 1]!;
      }
      starts[parts] = end;
      unions[at] =
        at + 1 < parts ? this.#union(smallest, tokens[at + 1]!, bytes, starts[at]!, starts[at + 2]!) : NO_TOKEN;
      if (at > 0) unions[at - 1] = this.#union(tokens[at - 1]!, smallest, bytes, starts[at - 1]!, starts[at + 1]!);
    }
  }

  #merge(bytes: Uint8Array, start: number, end: number): number {
    const list = new PartList(bytes, start, end, this.#vocabulary);
    const heap = new PairHeap(list.unions, end - start - 1);
    let parts = end - start;
    for (let at = heap.pop(list.unions); at >= 0; at = heap.pop(list.unions)) {
      const next = list.join(at);
      parts--;
      const after = list.next[next]!;
      const union =
        next < list.length
          ? this.#union(list.tokens[at]!, list.tokens[next]!, bytes, start + at, start + after)
          : NO_TOKEN;
      list.unions[at] = union;
      if (union !== NO_TOKEN) heap.push(union, at);
      const previous = list.previous[at]!;
      if (previous < 0) continue;
      const before = this.#union(list.tokens[previous]!, list.tokens[at]!, bytes, start + previous, start + next);
      list.unions[previous] = before;
      if (before !== NO_TOKEN) heap.push(before, previous);
    }
    return parts;
  }
}

/** A long piece's parts, each named by the offset of its first byte, as a doubly linked list. */
class PartList {
  readonly length: number;
  readonly tokens: Int32Array;
  readonly next: Int32Array;
  readonly previous: Int32Array;
  /** Rank of a part's union with the next; NO_TOKEN also where the part is gone. */
  readonly unions: Int32Array;

  constructor(bytes: Uint8Array, start: number, end: number, vocabulary: Vocabulary) {
    const length = end - start;
    this.length = length;
    this.tokens = new Int32Array(length);
    this.next = new Int32Array(length + 1);
    this.previous = new Int32Array(length);
    this.unions = new Int32Array(length).fill(NO_TOKEN);
    for (let at = 0; at < length; at++) {
      const byte = bytes[start + at]!;
      this.tokens[at] = vocabulary.ofByte[byte]!;
      this.next[at] = at + 1;
      this.previous[at] = at - 1;
      if (at + 1 < length) this.unions[at] = vocabulary.ofTwoBytes[byte * 256 + bytes[start + at + 1]!]!;
    }
    this.next[length] = length;
  }

  /** Joins the part at `at` with the one after it; returns where the part after both begins (`length` = none). */
  join(at: number): number {
    const gone = this.next[at]!;
    const next = this.next[gone]!;
    this.tokens[at] = this.unions[at]!;
    this.unions[gone] = NO_TOKEN;
    this.next[at] = next;
    if (next < this.length) this.previous[next] = at;
    return next;
  }
}

/** Pairs by rank, then position. Pairs that have changed since are left in and passed over when they come up. */
class PairHeap {
  #keys: Float64Array;
  #size = 0;

  constructor(unions: Int32Array, pairs: number) {
    this.#keys = new Float64Array(pairs + 64);
    for (let at = 0; at < pairs; at++) {
      const union = unions[at]!;
      if (union !== NO_TOKEN) this.#keys[this.#size++] = union * POSITIONS + at;
    }
    for (let index = (this.#size >> 1) - 1; index >= 0; index--) this.#sink(index, this.#keys[index]!);
  }

  push(rank: number, at: number): void {
    if (this.#size === this.#keys.length) {
      const wider = new Float64Array(this.#keys.length * 2);
      wider.set(this.#keys);
      this.#keys = wider;
    }
    const keys = this.#keys;
    const key = rank * POSITIONS + at;
    let index = this.#size++;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (keys[parent]! <= key) break;
      keys[index] = keys[parent]!;
      index = parent;
    }
    keys[index] = key;
  }

  /** Position of the smallest pair that still stands, or -1. */
  pop(unions: Int32Array): number {
    while (this.#size > 0) {
      const key = this.#keys[0]!;
      const last = this.#keys[--this.#size]!;
      if (this.#size > 0) this.#sink(0, last);
      const rank = Math.floor(key / POSITIONS);
      const at = key - rank * POSITIONS;
      if (unions[at] === rank) return at;
    }
    return -1;
  }

  #sink(from: number, key: number): void {
    const keys = this.#keys;
    let index = from;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && keys[child + 1]! < keys[child]!) child++;
      if (keys[child]! >= key) break;
      keys[index] = keys[child]!;
      index = child;
    }
    keys[index] = key;
  }
}
