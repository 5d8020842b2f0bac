// The tokens of one encoding, found by their bytes. Knows which byte strings are tokens and which of two was ranked
// earlier; knows nothing of text, pieces or merging.
//
// The packed file (one length byte, then the token's bytes, in rank order) is kept as it is: a token's place in it
// grows with its rank and so serves as its rank. There is no object per token.

export type Encoding = 'o200k_base' | 'cl100k_base';
export const encodings: readonly Encoding[] = ['o200k_base', 'cl100k_base'];

/** No such token. Greater than any place, so that "the smaller is merged first" needs no special case. */
export const NO_TOKEN = 0x7fffffff;

/** Slots of the table: a power of two, at least 2.6 times the tokens of the greater vocabulary. */
const SLOTS = 1 << 19;
/** A slot holds place + 1 in its low bits and some of the hash in the rest, to pass over most other tokens unread. */
const PLACE_BITS = 21;
const PLACE_MASK = (1 << PLACE_BITS) - 1;

/** Hash of `bytes[start, end)`; also used, with other slots, by the cache of pieces. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    hash = Math.imul(hash ^ word, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  let rest = 0;
  for (; at < end; at++) rest = (rest << 8) | bytes[at]!;
  hash = Math.imul(hash ^ rest, 0x85ebca6b);
  return hash ^ (hash >>> 15);
}

export class Vocabulary {
  readonly #slots = new Int32Array(SLOTS);
  readonly #packed: Uint8Array;
  /** Place of each single byte's token. */
  readonly ofByte = new Int32Array(256).fill(NO_TOKEN);
  /** Place of each two-byte token, by first byte * 256 + second. */
  readonly ofTwoBytes = new Int32Array(0x10000).fill(NO_TOKEN);
  readonly longest: number;
  readonly tokens: number;

  /** Throws if `packed` is not a vocabulary file: cut short, too large, or without a token for every byte. */
  constructor(packed: Uint8Array) {
    if (packed.length >= PLACE_MASK) throw new Error('The vocabulary file is larger than this engine can index');
    this.#packed = packed;
    let tokens = 0;
    let longest = 0;
    let place = 0;
    while (place < packed.length) {
      const length = packed[place]!;
      if (length === 0) break;
      if (length === 1) this.ofByte[packed[place + 1]!] = place;
      else if (length === 2) this.ofTwoBytes[packed[place + 1]! * 256 + packed[place + 2]!] = place;
      else this.#insert(place, length);
      if (length > longest) longest = length;
      tokens++;
      place += length + 1;
    }
    if (place !== packed.length || this.ofByte.includes(NO_TOKEN)) throw new Error('The vocabulary file is damaged');
    this.tokens = tokens;
    this.longest = longest;
  }

  #insert(place: number, length: number): void {
    const slots = this.#slots;
    const hash = hashOf(this.#packed, place + 1, place + 1 + length);
    let slot = hash & (SLOTS - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (SLOTS - 1);
    slots[slot] = (place + 1) | (hash & ~PLACE_MASK);
  }

  /** Place of the token with exactly these bytes, or NO_TOKEN. The smaller of two places was ranked earlier. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length === 2) return this.ofTwoBytes[bytes[start]! * 256 + bytes[start + 1]!]!;
    if (length === 1) return this.ofByte[bytes[start]!]!;
    if (length > this.longest) return NO_TOKEN;
    const slots = this.#slots;
    const packed = this.#packed;
    const hash = hashOf(bytes, start, end);
    const tag = hash & ~PLACE_MASK;
    for (let slot = hash & (SLOTS - 1); ; slot = (slot + 1) & (SLOTS - 1)) {
      const entry = slots[slot]!;
      if (entry === 0) return NO_TOKEN;
      if ((entry & ~PLACE_MASK) !== tag) continue;
      const place = (entry & PLACE_MASK) - 1;
      if (packed[place] === length && sameBytes(packed, place + 1, bytes, start, length)) return place;
    }
  }
}

function sameBytes(left: Uint8Array, leftAt: number, right: Uint8Array, rightAt: number, length: number): boolean {
  for (let index = 0; index < length; index++) if (left[leftAt + index] !== right[rightAt + index]) return false;
  return true;
}
