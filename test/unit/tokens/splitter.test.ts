import * as assert from 'node:assert/strict';
import { isSafeBoundary, isSafeSeam, lastSafeBoundary, nextSafeBoundary } from '../../../src/tokens/safeBoundary.js';
import { cl100kPieceEnd, END, o200kPieceEnd } from '../../../src/tokens/splitter.js';
import { dice, randomText } from './material.js';

// The published patterns, with Unicode's white space and the case-blind contractions spelled out.
const W = '\\p{White_Space}';
const contractions = "'[sStTmMdDſ]|'[rR][eE]|'[vV][eE]|'[lL][lL]";
const upper = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]';
const lower = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]';
const prefix = '[^\\r\\n\\p{L}\\p{N}]?';
const white = `${W}*[\\r\\n]+|${W}+(?![^${W}])|${W}+`;
const patterns = {
  o200k: new RegExp(
    `${prefix}${upper}*${lower}+(?:${contractions})?|${prefix}${upper}+${lower}*(?:${contractions})?|\\p{N}{1,3}| ?[^${W}\\p{L}\\p{N}]+[\\r\\n/]*|${white}`,
    'gu',
  ),
  cl100k: new RegExp(`(?:${contractions})|${prefix}\\p{L}+|\\p{N}{1,3}| ?[^${W}\\p{L}\\p{N}]+[\\r\\n]*|${white}`, 'gu'),
};
const pieceEnds = { o200k: o200kPieceEnd, cl100k: cl100kPieceEnd };
type Name = keyof typeof patterns;
const names: readonly Name[] = ['o200k', 'cl100k'];

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function ours(text: string, name: Name): string[] {
  const bytes = new Uint8Array(text.length * 3 + 1);
  const { written } = encoder.encodeInto(text, bytes);
  bytes[written] = END;
  const pieces: string[] = [];
  for (let start = 0; start < written;) {
    const end = pieceEnds[name](bytes, start);
    pieces.push(decoder.decode(bytes.subarray(start, end)));
    start = end;
  }
  return pieces;
}

function theirs(text: string, name: Name): string[] {
  return decoder.decode(encoder.encode(text)).match(patterns[name]) ?? [];
}

/** One character for everything the patterns or the boundary rule tell apart. */
const representatives = [
  'a',
  'A',
  '中',
  'ʰ',
  '\u0301',
  '1',
  ' ',
  '\u3000',
  '\n',
  '\r',
  '!',
  '/',
  "'",
  's',
  'L',
  '\u0085',
  '😀',
];

function* strings(alphabet: readonly string[], longest: number): Generator<string> {
  if (longest === 0) return;
  for (const character of alphabet) {
    yield character;
    for (const rest of strings(alphabet, longest - 1)) yield character + rest;
  }
}

describe('splitter', () => {
  for (const name of names) {
    it(`cuts every string of up to four kinds of character as the pattern of ${name} does`, function () {
      this.timeout(60_000);
      for (const text of strings(representatives, 4)) {
        const pieces = ours(text, name);
        const expected = theirs(text, name);
        if (pieces.join('|') !== expected.join('|')) assert.deepEqual(pieces, expected, JSON.stringify(text));
      }
    });

    it(`cuts any two ASCII characters as the pattern of ${name} does`, () => {
      const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
      for (const text of strings(ascii, 2)) {
        const pieces = ours(text, name);
        const expected = theirs(text, name);
        if (pieces.join('|') !== expected.join('|')) assert.deepEqual(pieces, expected, JSON.stringify(text));
      }
    });

    it(`cuts random text as the pattern of ${name} does`, () => {
      const roll = dice(name.length);
      for (let turn = 0; turn < 4000; turn++) {
        const text = randomText(roll, 20);
        assert.deepEqual(ours(text, name), theirs(text, name), JSON.stringify(text));
      }
    });
  }
});

describe('safe boundaries', () => {
  it('part every string of up to four kinds of character so that the pieces of the parts are those of the whole', function () {
    this.timeout(60_000);
    let claimed = 0;
    const pieces = { o200k: new Map<string, string>(), cl100k: new Map<string, string>() };
    const joined = (text: string, name: Name): string => {
      let known = pieces[name].get(text);
      if (known === undefined) pieces[name].set(text, (known = theirs(text, name).join('|')));
      return known;
    };
    for (const text of strings(representatives, 4)) {
      for (let cut = 1; cut < text.length; cut++) {
        if (!isSafeBoundary(text, cut)) continue;
        claimed++;
        for (const name of names) {
          const parts = joined(text.slice(0, cut), name) + '|' + joined(text.slice(cut), name);
          if (parts !== joined(text, name)) assert.equal(parts, joined(text, name), JSON.stringify([text, cut]));
        }
      }
    }
    // A rule that claims nothing would be safe too.
    assert.ok(claimed > 80_000, `only ${claimed} cuts were claimed safe`);
  });

  it('never lie inside a surrogate pair, nor where a pair would form', () => {
    assert.equal(isSafeBoundary('1😀', 2), false);
    assert.equal(isSafeSeam('1\ud83d', '\ude00'), false);
    assert.equal(isSafeSeam('a', ' b'), true);
    assert.equal(isSafeSeam('', 'b'), true);
    assert.equal(isSafeSeam('😀', '1'), true);
    assert.equal(isSafeSeam('a', 'b'), false);
  });

  it('are found in nearly every line of code and prose', () => {
    const text = 'for (const line of lines) {\n  total += line.length;\n}\n';
    const offsets = Array.from({ length: text.length - 1 }, (_, at) => at + 1).filter((at) => isSafeBoundary(text, at));
    assert.deepEqual(offsets, [3, 10, 15, 18, 24, 25, 35, 38, 43, 50, 52]);
    assert.equal(lastSafeBoundary('aaaa bbbb', 0, 8), 4);
    assert.equal(lastSafeBoundary('aaaa bbbb', 4, 8), -1);
    assert.equal(nextSafeBoundary('aaaa bbbb', 5), 9);
  });
});
