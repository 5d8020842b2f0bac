// What kind of character a code point is, as the encodings' split patterns see it, and which script it belongs to.
// One byte per code point, filled by page on first use from the engine's own Unicode tables. Knows nothing of tokens.

/** Kinds, in the low four bits of a class. 0 is kept for "not looked up yet". */
export const UPPER = 1;
export const LOWER = 2;
/** A letter without case: \p{Lm}, \p{Lo}. */
export const CASELESS = 3;
export const MARK = 4;
export const NUMBER = 5;
/** Unicode White_Space but for CR and LF: U+0085 is in it, U+FEFF is not. */
export const SPACE = 6;
export const NEWLINE = 7;
/** All the rest, lone surrogates included. */
export const SYMBOL = 8;

/** Scripts, in the high four bits, as far as the estimates tell them apart. */
export const scripts = [
  'ascii',
  'latin',
  'cyrillic',
  'arabic',
  'han',
  'kana',
  'hangul',
  'otherLetters',
  'emoji',
  'otherSymbols',
] as const;
export type Script = (typeof scripts)[number];

const LATIN = 1;
const CYRILLIC = 2;
const ARABIC = 3;
const HAN = 4;
const KANA = 5;
const HANGUL = 6;
const OTHER_LETTERS = 7;
const EMOJI = 8;
const OTHER_SYMBOLS = 9;

/** Class of every code point; 0 = its page is not filled yet (see `classAt`). */
export const classes = new Uint8Array(0x110000);
const PAGE = 256;

const uppercase = /[\p{Lu}\p{Lt}]/u;
const lowercase = /\p{Ll}/u;
const letter = /\p{L}/u;
const mark = /\p{M}/u;
const number = /\p{N}/u;
const whiteSpace = /\p{White_Space}/u;
const emoji = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u200d|\ufe0f/u;
const scriptPatterns: readonly (readonly [RegExp, number])[] = [
  [/\p{Script=Latin}/u, LATIN],
  [/\p{Script=Cyrillic}/u, CYRILLIC],
  [/\p{Script=Arabic}/u, ARABIC],
  [/\p{Script=Han}/u, HAN],
  [/[\p{Script=Hiragana}\p{Script=Katakana}ー]/u, KANA],
  [/\p{Script=Hangul}/u, HANGUL],
];

function kindOf(character: string, codePoint: number): number {
  if (codePoint === 10 || codePoint === 13) return NEWLINE;
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return SYMBOL;
  if (lowercase.test(character)) return LOWER;
  if (letter.test(character)) return uppercase.test(character) ? UPPER : CASELESS;
  if (mark.test(character)) return MARK;
  if (number.test(character)) return NUMBER;
  return whiteSpace.test(character) ? SPACE : SYMBOL;
}

function scriptOf(character: string, codePoint: number, kind: number): number {
  if (codePoint < 0x80) return 0;
  for (const [pattern, script] of scriptPatterns) if (pattern.test(character)) return script;
  if (kind <= MARK) return OTHER_LETTERS;
  return emoji.test(character) ? EMOJI : OTHER_SYMBOLS;
}

/** The two great uniform blocks are filled at once: testing each of their characters would cost a first count dearly. */
function fillUniform(first: number): boolean {
  const isHan = first >= 0x4e00 && first < 0x9f00;
  const isHangul = first >= 0xac00 && first < 0xd700;
  if (!isHan && !isHangul) return false;
  classes.fill(((isHan ? HAN : HANGUL) << 4) | CASELESS, first, first + PAGE);
  return true;
}

/** The class of a code point whose entry in `classes` is still 0; fills its page. */
export function fillClass(codePoint: number): number {
  const first = codePoint - (codePoint % PAGE);
  if (!fillUniform(first)) {
    for (let point = first; point < first + PAGE; point++) {
      const character = String.fromCodePoint(point);
      const kind = kindOf(character, point);
      classes[point] = (scriptOf(character, point, kind) << 4) | kind;
    }
  }
  return classes[codePoint]!;
}

/** Script number (index into `scripts`) and kind of a code point, packed: `class >> 4` and `class & 15`. */
export function classAt(codePoint: number): number {
  return classes[codePoint]! || fillClass(codePoint);
}

/** The kind of a code point. */
export function kindAt(codePoint: number): number {
  return classAt(codePoint) & 15;
}
