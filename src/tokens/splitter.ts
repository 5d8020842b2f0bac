// Cuts UTF-8 text into pieces exactly as the split patterns of o200k_base and cl100k_base do, without a regular
// expression. Knows characters only: what a piece costs is `pieceCounter`'s business.
//
// The text lies in a byte array and must be well-formed UTF-8 followed by one END byte, which no UTF-8 text holds:
// it stops every loop, so that none has to ask for the length.
import {
  CASELESS,
  classes,
  fillClass,
  LOWER,
  MARK,
  NEWLINE,
  NUMBER,
  SPACE,
  SYMBOL,
  UPPER,
} from './characterClasses.js';

export const END = 0xff;
/** Kind of the END byte: none of the others, so every run ends at it. */
const NOTHING = 0;
/** In `byteKinds`: the byte begins a character of several bytes. */
const MULTIBYTE = 15;

/** Written out for ASCII: to ask the Unicode tables would cost every start of the editor some milliseconds. */
const byteKinds = new Uint8Array(256).fill(SYMBOL, 0, 0x80).fill(MULTIBYTE, 0x80, END);
byteKinds.fill(SPACE, 0x09, 0x0e).fill(NEWLINE, 0x0a, 0x0b).fill(NEWLINE, 0x0d, 0x0e).fill(SPACE, 0x20, 0x21);
byteKinds.fill(NUMBER, 0x30, 0x3a).fill(UPPER, 0x41, 0x5b).fill(LOWER, 0x61, 0x7b);
byteKinds[END] = NOTHING;

/** The code point of several bytes that begins at `at`. */
function decode(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0xe0) return ((first & 0x1f) << 6) | (bytes[at + 1]! & 0x3f);
  if (first < 0xf0) return ((first & 0x0f) << 12) | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f);
  return (
    ((first & 0x07) << 18) | ((bytes[at + 1]! & 0x3f) << 12) | ((bytes[at + 2]! & 0x3f) << 6) | (bytes[at + 3]! & 0x3f)
  );
}

/** Script and kind, as in `characterClasses`, of the character of several bytes that begins at `at`. */
export function classOfMultibyte(bytes: Uint8Array, at: number): number {
  const point = decode(bytes, at);
  return classes[point]! || fillClass(point);
}

function kindOf(bytes: Uint8Array, at: number): number {
  const kind = byteKinds[bytes[at]!]!;
  return kind === MULTIBYTE ? classOfMultibyte(bytes, at) & 15 : kind;
}

/** Length in bytes of the character whose first byte this is. */
function widthOf(firstByte: number): number {
  return firstByte < 0x80 ? 1 : firstByte < 0xe0 ? 2 : firstByte < 0xf0 ? 3 : 4;
}

/** Where the run of characters of the kinds in `set` (a bit per kind) that begins at `at` ends. */
function runEnd(bytes: Uint8Array, at: number, set: number): number {
  let end = at;
  for (;;) {
    const byte = bytes[end]!;
    const kind = byteKinds[byte]!;
    if (kind === MULTIBYTE) {
      if (((set >> (classOfMultibyte(bytes, end) & 15)) & 1) === 0) return end;
      end += widthOf(byte);
    } else if (((set >> kind) & 1) === 0) return end;
    else end++;
  }
}

const LETTERS = (1 << UPPER) | (1 << LOWER) | (1 << CASELESS);
const SMALL = (1 << LOWER) | (1 << CASELESS) | (1 << MARK);
const SYMBOLS = (1 << SYMBOL) | (1 << MARK);
const WHITE = (1 << SPACE) | (1 << NEWLINE);

/** End of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d`, in either case, at `at`; or `at`. */
function contractionEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 0x27) return at;
  const first = bytes[at + 1]!;
  const second = bytes[at + 2]!;
  switch (first | 0x20) {
    case 0x73: // s
    case 0x74: // t
    case 0x6d: // m
    case 0x64: // d
      return first < 0x80 ? at + 2 : at;
    case 0x72: // re
    case 0x76: // ve
      return first < 0x80 && (second | 0x20) === 0x65 && second < 0x80 ? at + 3 : at;
    case 0x6c: // ll
      return first < 0x80 && (second | 0x20) === 0x6c && second < 0x80 ? at + 3 : at;
    default:
      // Without regard to case, the long s of old print is an s.
      return first === 0xc5 && second === 0xbf ? at + 3 : at;
  }
}

function numberEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  for (let count = 0; count < 3 && kindOf(bytes, end) === NUMBER; count++) end += widthOf(bytes[end]!);
  return end;
}

/** ` ?[^\s\p{L}\p{N}]+` and the newlines (and, if asked, slashes) after it, of which `at` is the first symbol. */
function symbolsEnd(bytes: Uint8Array, at: number, withSlashes: boolean): number {
  let end = runEnd(bytes, at, SYMBOLS);
  for (let byte = bytes[end]!; byte === 10 || byte === 13 || (byte === 0x2f && withSlashes); byte = bytes[end]!) end++;
  return end;
}

/** `\s*[\r\n]+|\s+(?!\S)|\s+`: to the last newline of the run; else all but its last character, unless the text ends. */
function whiteSpaceEnd(bytes: Uint8Array, at: number): number {
  const end = runEnd(bytes, at, WHITE);
  for (let last = end; last > at; last--) {
    const byte = bytes[last - 1]!;
    if (byte === 10 || byte === 13) return last;
  }
  if (bytes[end] === END) return end;
  let last = end - 1;
  while ((bytes[last]! & 0xc0) === 0x80) last--;
  return last > at ? last : end;
}

/**
 * o200k's words, from the first letter or mark on: capitals, then small letters; letters without case are both. Where
 * capitals follow the last such letter and no small one follows them, the first alternative stops before them.
 * -1 = no letter here.
 */
function casedWordEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  let lastCaseless = -1;
  for (;;) {
    const byte = bytes[end]!;
    const kind = kindOf(bytes, end);
    if (kind !== UPPER && kind !== CASELESS && kind !== MARK) break;
    end += widthOf(byte);
    if (kind !== UPPER) lastCaseless = end;
  }
  if (kindOf(bytes, end) === LOWER) return runEnd(bytes, end, SMALL);
  if (lastCaseless >= 0) return lastCaseless;
  return end > at ? end : -1;
}

/** Is there a small letter, a caseless one or a mark, so that o200k's first alternative matches from here? */
function hasSmallLetter(bytes: Uint8Array, at: number): boolean {
  let end = at;
  let kind = kindOf(bytes, end);
  while (kind === UPPER) {
    end += widthOf(bytes[end]!);
    kind = kindOf(bytes, end);
  }
  return kind === LOWER || kind === CASELESS || kind === MARK;
}

/** Where the piece of o200k_base that begins at `start` ends. */
export function o200kPieceEnd(bytes: Uint8Array, start: number): number {
  // Most pieces are plain words: a space or sign, capitals, small letters, and then something else of one byte.
  let at = start;
  let plain = byteKinds[bytes[at]!]!;
  if (plain === SPACE || plain === SYMBOL) plain = byteKinds[bytes[++at]!]!;
  const word = at;
  while (plain === UPPER) plain = byteKinds[bytes[++at]!]!;
  while (plain === LOWER) plain = byteKinds[bytes[++at]!]!;
  if (at > word && plain !== MULTIBYTE && bytes[at] !== 0x27) return at;
  return anyO200kPieceEnd(bytes, start);
}

function anyO200kPieceEnd(bytes: Uint8Array, start: number): number {
  const kind = kindOf(bytes, start);
  if (kind === NUMBER) return numberEnd(bytes, start);
  const width = widthOf(bytes[start]!);
  let end = -1;
  if (kind <= CASELESS) end = casedWordEnd(bytes, start);
  else if (kind === MARK)
    end = hasSmallLetter(bytes, start + width) ? casedWordEnd(bytes, start + width) : start + width;
  else if (kind !== NEWLINE) end = casedWordEnd(bytes, start + width);
  if (end >= 0) return contractionEnd(bytes, end);
  if (kind === SYMBOL) return symbolsEnd(bytes, start, true);
  if (bytes[start] === 0x20 && kindOf(bytes, start + 1) === SYMBOL) return symbolsEnd(bytes, start + 1, true);
  return whiteSpaceEnd(bytes, start);
}

/** Where the piece of cl100k_base that begins at `start` ends. */
export function cl100kPieceEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  let plain = byteKinds[bytes[at]!]!;
  if (plain === SPACE || (plain === SYMBOL && bytes[at] !== 0x27)) plain = byteKinds[bytes[++at]!]!;
  const word = at;
  while (plain === UPPER || plain === LOWER) plain = byteKinds[bytes[++at]!]!;
  if (at > word && plain !== MULTIBYTE) return at;
  return anyCl100kPieceEnd(bytes, start);
}

function anyCl100kPieceEnd(bytes: Uint8Array, start: number): number {
  const contraction = contractionEnd(bytes, start);
  if (contraction > start) return contraction;
  const kind = kindOf(bytes, start);
  if (kind <= CASELESS) return runEnd(bytes, start, LETTERS);
  if (kind === NUMBER) return numberEnd(bytes, start);
  if (kind !== NEWLINE) {
    const word = start + widthOf(bytes[start]!);
    const end = runEnd(bytes, word, LETTERS);
    if (end > word) return end;
  }
  if (kind === SYMBOL || kind === MARK) return symbolsEnd(bytes, start, false);
  if (bytes[start] === 0x20) {
    const next = kindOf(bytes, start + 1);
    if (next === SYMBOL || next === MARK) return symbolsEnd(bytes, start + 1, false);
  }
  return whiteSpaceEnd(bytes, start);
}
