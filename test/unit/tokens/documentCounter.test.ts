import * as assert from 'node:assert/strict';
import { DocumentCounter, type Edit } from '../../../src/tokens/documentCounter.js';
import { noFeatures } from '../../../src/tokens/textFeatures.js';
import { encodings } from '../../../src/tokens/vocabulary.js';
import { dice, encoderOf, fragments, randomText } from './material.js';

type Roll = (below: number) => number;

const texts: Readonly<Record<string, (roll: Roll) => string>> = {
  prose: (roll) => ['Some words, and', " it's", ' more. ', 'Then\n\n', ' 1,024', ' “quoted”', ' — dash '][roll(7)]!,
  code: (roll) =>
    ['const a', ' = ', '0x1F;', '\n  ', '\n', '\t}', 'fooBar(', '// note\n', '/*', '*/', '"text"', '\r\n'][roll(12)]!,
  CJK: (roll) => ['这是', '一个', '，', '测试。', 'テスト', '한국어 ', '\n', 'mixed', '　', '123'][roll(10)]!,
  emoji: (roll) => ['😀', '👨‍👩‍👧', '🇩🇪', '\u200d', '\ufe0f', ' ', 'ok', '\ud83d', '\ude00', '❤'][roll(10)]!,
  'white space': (roll) => [' ', '   ', '\t', '\n', '\r\n', '\r', '\u0085', '\u3000', 'x', '\n/'][roll(10)]!,
  'code units': (roll) => String.fromCharCode(roll(0x10000)),
  mixture: (roll) => fragments[roll(fragments.length)]!,
};

/** Typing, deleting, pasting and replacing at random places, as an editor reports them. */
function randomEdit(roll: Roll, length: number, piece: (roll: Roll) => string): Edit {
  const offset = roll(length + 1);
  const most = roll(12) === 0 ? 3000 : 6;
  const removed = roll(3) === 0 ? Math.min(roll(most + 1), length - offset) : 0;
  let inserted = '';
  if (roll(4) > 0) for (let left = roll(30) === 0 ? 600 : 1 + roll(4); left > 0; left--) inserted += piece(roll);
  return { offset, removed, inserted };
}

function after(text: string, { offset, removed, inserted }: Edit): string {
  return text.slice(0, offset) + inserted + text.slice(offset + removed);
}

describe('documentCounter', () => {
  for (const [name, piece] of Object.entries(texts)) {
    it(`equals a full recount all along hundreds of random edits in ${name}`, function () {
      this.timeout(60_000);
      const roll = dice(name.length * 7);
      let text = '';
      while (text.length < 12_000) text += piece(roll);
      const counter = new DocumentCounter(text);
      for (let turn = 0; turn < 600; turn++) {
        const edit =
          text.length > 30_000
            ? { offset: 9000, removed: text.length - 9000, inserted: '' }
            : randomEdit(roll, text.length, piece);
        text = after(text, edit);
        counter.edit(edit);
        assert.equal(counter.length, text.length);
        for (const encoding of encodings) {
          const encoder = encoderOf(encoding);
          const counts = counter.counts(encoder);
          // What is wrong stays wrong: a recount after every edit would find no more.
          if (turn % 3 > 0) continue;
          const features = noFeatures();
          assert.equal(counts.tokens, encoder.measure(text, features), `${encoding}, edit ${turn}`);
          if (turn % 12 === 0) assert.deepEqual(counts.features, features, `${encoding}, edit ${turn}`);
        }
      }
    });
  }

  it('sums a selection as a text of its own, wherever it begins and ends', function () {
    this.timeout(60_000);
    const roll = dice(2);
    let text = '';
    while (text.length < 30_000) text += randomText(roll, 40);
    const counter = new DocumentCounter(text);
    for (let turn = 0; turn < 1500; turn++) {
      const encoder = encoderOf(encodings[turn % 2]!);
      const start = roll(text.length);
      const end = start + roll(turn % 3 === 0 ? text.length - start + 1 : 50);
      assert.equal(counter.countRange(encoder, start, end).tokens, encoder.count(text.slice(start, end)));
    }
    assert.equal(counter.countRange(encoderOf('o200k_base'), 5, 5).tokens, 0);
    assert.equal(counter.countRange(encoderOf('o200k_base'), 9, 5).tokens, 0);
  });

  it('takes the edits of many cursors, whose offsets all mean the document before, in any order', () => {
    const text = 'one two three four five';
    const edits = [
      { offset: 0, removed: 3, inserted: '1' },
      { offset: 8, removed: 5, inserted: 'thirty-three' },
      { offset: 19, removed: 4, inserted: '' },
    ];
    const encoder = encoderOf('o200k_base');
    for (const order of [edits, [...edits].reverse()]) {
      const counter = new DocumentCounter(text);
      counter.apply(order);
      assert.equal(counter.length, '1 two thirty-three four '.length);
      assert.equal(counter.counts(encoder).tokens, encoder.count('1 two thirty-three four '));
    }
  });

  it('takes a replacement of everything, a change of all line ends and a paste of a megabyte', () => {
    const encoder = encoderOf('o200k_base');
    const lines = 'first line\nsecond line\n\n\tthird\n'.repeat(3000);
    const counter = new DocumentCounter(lines);
    const windows = lines.replaceAll('\n', '\r\n');
    counter.edit({ offset: 0, removed: lines.length, inserted: windows });
    assert.equal(counter.counts(encoder).tokens, encoder.count(windows));
    const paste = 'pasted words of no great meaning. '.repeat(30_000);
    counter.edit({ offset: 7, removed: 0, inserted: paste });
    assert.equal(
      counter.counts(encoder).tokens,
      encoder.count(after(windows, { offset: 7, removed: 0, inserted: paste })),
    );
    counter.edit({ offset: 0, removed: counter.length, inserted: '' });
    assert.equal(counter.counts(encoder).tokens, 0);
    assert.equal(counter.length, 0);
    counter.append('again');
    assert.equal(counter.counts(encoder).tokens, 1);
  });

  it('joins half pairs that meet and parts pairs that are torn', () => {
    const encoder = encoderOf('cl100k_base');
    const counter = new DocumentCounter('x'.repeat(5000) + '\ud83d');
    counter.append('\ude00' + ' y'.repeat(3000));
    assert.equal(counter.counts(encoder).tokens, encoder.count('x'.repeat(5000) + '😀' + ' y'.repeat(3000)));
    counter.edit({ offset: 5001, removed: 1, inserted: '' });
    assert.equal(counter.counts(encoder).tokens, encoder.count('x'.repeat(5000) + '\ud83d' + ' y'.repeat(3000)));
  });

  it('counts in portions when asked to, and tells when it is done', () => {
    const encoder = encoderOf('o200k_base');
    const counter = new DocumentCounter('a few words\n'.repeat(5000));
    let portions = 1;
    while (!counter.countSome(encoder, 10_000)) portions++;
    assert.ok(portions >= 5 && portions <= 7, `${portions} portions`);
    assert.equal(counter.countSome(encoder, 1), true);
    assert.equal(counter.counts(encoder).tokens, encoder.count('a few words\n'.repeat(5000)));
  });

  it('refuses an edit that lies outside the document and stays as it was', () => {
    const counter = new DocumentCounter('abc');
    assert.throws(() => counter.edit({ offset: 2, removed: 2, inserted: '' }), RangeError);
    assert.throws(() => counter.edit({ offset: -1, removed: 0, inserted: 'x' }), RangeError);
    assert.equal(counter.length, 3);
    assert.equal(counter.counts(encoderOf('o200k_base')).tokens, 1);
  });
});
