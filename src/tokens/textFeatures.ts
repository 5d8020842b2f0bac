// What the estimates need to know of a text besides its token count: sums of plain character counts, taken in one
// pass over its UTF-8 bytes. All of them add up over parts cut at safe boundaries, so a document keeps them from
// chunk to chunk. Knows nothing of models.
import { scripts } from './characterClasses.js';

/** Counts seen in a text. `tokensByScript` holds tokens of pieces that end in a character of that script. */
export interface Features {
  /** ASCII capitals and small letters. */
  capitals: number;
  lowercase: number;
  /** ASCII digits, and groups of up to three of them as the encodings cut them. */
  digits: number;
  digitGroups: number;
  newlines: number;
  /** Spaces and tabs. */
  blanks: number;
  tabs: number;
  asciiPunctuation: number;
  underscores: number;
  slashes: number;
  /** Runs of ASCII letters. */
  words: number;
  /** Places where a capital follows a small letter. */
  camelHumps: number;
  /** Lines that begin with a blank, but for a text's first. */
  indentedLines: number;
  /** Characters beyond ASCII (code points). */
  nonAscii: number;
  /** Controls other than tab and newlines; NUL. */
  controls: number;
  /** Pieces the encoding cut the text into. */
  pieces: number;
  readonly tokensByScript: Float64Array;
}

export function noFeatures(): Features {
  return {
    capitals: 0,
    lowercase: 0,
    digits: 0,
    digitGroups: 0,
    newlines: 0,
    blanks: 0,
    tabs: 0,
    asciiPunctuation: 0,
    underscores: 0,
    slashes: 0,
    words: 0,
    camelHumps: 0,
    indentedLines: 0,
    nonAscii: 0,
    controls: 0,
    pieces: 0,
    tokensByScript: new Float64Array(scripts.length),
  };
}

/** Adds `times` (1 or -1, say) of `from` to `into`. */
export function addTimes(into: Features, from: Features, times: number): void {
  into.capitals += from.capitals * times;
  into.lowercase += from.lowercase * times;
  into.digits += from.digits * times;
  into.digitGroups += from.digitGroups * times;
  into.newlines += from.newlines * times;
  into.blanks += from.blanks * times;
  into.tabs += from.tabs * times;
  into.asciiPunctuation += from.asciiPunctuation * times;
  into.underscores += from.underscores * times;
  into.slashes += from.slashes * times;
  into.words += from.words * times;
  into.camelHumps += from.camelHumps * times;
  into.indentedLines += from.indentedLines * times;
  into.nonAscii += from.nonAscii * times;
  into.controls += from.controls * times;
  into.pieces += from.pieces * times;
  for (let script = 0; script < scripts.length; script++) {
    into.tokensByScript[script]! += from.tokensByScript[script]! * times;
  }
}

const CAPITAL = 1;
const SMALL = 2;
const DIGIT = 4;
const PUNCTUATION = 8;
const BLANK = 16;
const LINE_FEED = 32;
const CONTROL = 64;
const FIRST_OF_MANY = 128;

const kinds = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  const character = String.fromCharCode(byte);
  if (/[A-Z]/.test(character)) kinds[byte] = CAPITAL;
  else if (/[a-z]/.test(character)) kinds[byte] = SMALL;
  else if (/[0-9]/.test(character)) kinds[byte] = DIGIT;
  else if (/[!-~]/.test(character)) kinds[byte] = PUNCTUATION;
  else if (byte === 0x20 || byte === 0x09) kinds[byte] = BLANK;
  else if (byte === 0x0a) kinds[byte] = LINE_FEED;
  else if (byte >= 0xc0) kinds[byte] = FIRST_OF_MANY;
  else kinds[byte] = byte < 0x80 && byte !== 0x0d ? CONTROL : 0;
}

/** Adds what `bytes[0, length)`, well-formed UTF-8, holds. */
export function addFeatures(features: Features, bytes: Uint8Array, length: number): void {
  const seen = new Int32Array(256);
  let previous = 0;
  let digitRun = 0;
  let words = 0;
  let humps = 0;
  let groups = 0;
  let indented = 0;
  for (let at = 0; at < length; at++) {
    const byte = bytes[at]!;
    const kind = kinds[byte]!;
    seen[byte]!++;
    // Sums of single bits: a branch per character would be guessed wrong at every word.
    const isLetter = (kind | (kind >> 1)) & 1;
    const wasLetter = (previous | (previous >> 1)) & 1;
    words += isLetter & (wasLetter ^ 1);
    humps += kind & (previous >> 1) & 1;
    indented += (kind >> 4) & (previous >> 5) & 1;
    if (kind === DIGIT) {
      digitRun = previous === DIGIT ? digitRun + 1 : 0;
      if (digitRun % 3 === 0) groups++;
    }
    previous = kind;
  }
  features.words += words;
  features.camelHumps += humps;
  features.digitGroups += groups;
  features.indentedLines += indented;
  addSeen(features, seen);
}

function addSeen(features: Features, seen: Int32Array): void {
  for (let byte = 0; byte < 256; byte++) {
    const times = seen[byte]!;
    if (times === 0) continue;
    const kind = kinds[byte]!;
    if (kind === CAPITAL) features.capitals += times;
    else if (kind === SMALL) features.lowercase += times;
    else if (kind === DIGIT) features.digits += times;
    else if (kind === PUNCTUATION) features.asciiPunctuation += times;
    else if (kind === BLANK) features.blanks += times;
    else if (kind === LINE_FEED) features.newlines += times;
    else if (kind === FIRST_OF_MANY) features.nonAscii += times;
    else if (kind === CONTROL) features.controls += times;
  }
  features.tabs += seen[0x09]!;
  features.underscores += seen[0x5f]!;
  features.slashes += seen[0x2f]!;
}
