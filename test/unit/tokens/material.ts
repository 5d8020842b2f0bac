// What the tests of tokens/ share: the packed vocabularies of the build, a repeatable dice, and texts of many kinds.
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { createEncoder, type Encoder } from '../../../src/tokens/encoder.js';
import { type Encoding } from '../../../src/tokens/vocabulary.js';

/** Where the build put the vocabularies and the worker. */
export const distFolder = process.env['TOKENOMETER_DIST'] ?? path.join(process.cwd(), 'dist');

export function packed(encoding: Encoding): Uint8Array {
  return readFileSync(path.join(distFolder, `${encoding}.bin`));
}

const ready = new Map<Encoding, Encoder>();
export function encoderOf(encoding: Encoding): Encoder {
  let encoder = ready.get(encoding);
  if (!encoder) ready.set(encoding, (encoder = createEncoder(packed(encoding), encoding)));
  return encoder;
}

/** Whole numbers in [0, below), the same ones every time. */
export function dice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

/** Code points that Unicode 17 added and the reference encoder's tables (Unicode 16) do not know. */
const newer: readonly (readonly [first: number, last: number])[] = [
  ...([
    [0x088f, 0x088f],
    [0x0c5c, 0x0c5c],
    [0x0cdc, 0x0cdc],
    [0x1acf, 0x1add],
    [0x1ae0, 0x1aeb],
    [0xa7ce, 0xa7d4],
  ] as const),
  ...([
    [0xa7f1, 0xa7f1],
    [0x10940, 0x10959],
    [0x10ec5, 0x10ec7],
    [0x10efa, 0x10efb],
    [0x11b60, 0x11b67],
  ] as const),
  ...([
    [0x11db0, 0x11de9],
    [0x16ea0, 0x16ed3],
    [0x16ff2, 0x16ff6],
    [0x187f8, 0x187ff],
    [0x18d09, 0x18df2],
  ] as const),
  ...([
    [0x1e6c0, 0x1e6ff],
    [0x323b0, 0x33479],
  ] as const),
];
export function isNewerThanReference(text: string): boolean {
  return [...text].some((character) => {
    const point = character.codePointAt(0)!;
    return newer.some(([first, last]) => first <= point && point <= last);
  });
}

/** Bits of text that the split patterns treat in special ways. */
export const fragments: readonly string[] = [
  ...["don't", "'s", "'LL", "'ſ", "'r", "'", 'the', 'The', 'HTML', 'camelCase', 'É', 'é', 'ß', 'ǅ', 'ʰ', 'e\u0301'],
  ...[
    '\u0301',
    '中',
    '中文字',
    '，',
    '。',
    'ー',
    'かな',
    '한국어',
    'Привет',
    'مرحبا',
    'שלום',
    'नमस्ते',
    'ไทย',
    '😀',
    '👨‍👩‍👧‍👦',
    '🇫🇷',
  ],
  ...[
    '\ud83d',
    '\ude00',
    '\u200d',
    ' ',
    '  ',
    '   ',
    '\t',
    '\n',
    '\r\n',
    '\r',
    '\n\n',
    '\u0085',
    '\u00a0',
    '\u3000',
    '\ufeff',
  ],
  ...['1', '23', '4567', '٣', '½', '!', '/', '//', ';\n//', '=', '==>', '{}', '();', '<|endoftext|>', '<|im_start|>'],
  ...[
    'a'.repeat(40),
    ' '.repeat(90),
    '\n'.repeat(30),
    '='.repeat(70),
    '0'.repeat(25),
    'x = 1;\n',
    'const count = text.length;\n',
  ],
];

/** Random text of up to `most` fragments, with a random code unit now and then. */
export function randomText(roll: (below: number) => number, most: number): string {
  let text = '';
  for (let left = 1 + roll(most); left > 0; left--) {
    text += roll(25) === 0 ? String.fromCharCode(roll(0x10000)) : fragments[roll(fragments.length)]!;
  }
  return isNewerThanReference(text) ? randomText(roll, most) : text;
}

/** Real text in several scripts from packages that are installed anyway. Read, never copied. */
export function realTexts(): readonly string[] {
  const folder = path.join(process.cwd(), 'node_modules');
  const typescript = path.join(folder, 'typescript', 'lib');
  const languages = ['zh-cn', 'zh-tw', 'ja', 'ko', 'ru', 'de', 'fr', 'pl', 'pt-br', 'tr', 'cs', 'es', 'it'];
  return [
    ...languages.map((one) => path.join(typescript, one, 'diagnosticMessages.generated.json')),
    path.join(typescript, 'lib.dom.d.ts'),
    path.join(folder, '@types', 'vscode', 'index.d.ts'),
    path.join(folder, 'esbuild', 'README.md'),
    path.join(folder, 'prettier', 'README.md'),
    path.join(folder, 'prettier', 'plugins', 'typescript.mjs'),
    path.join(process.cwd(), 'package-lock.json'),
  ].map((file) => readFileSync(file, 'utf8').slice(0, 400_000));
}
