import * as assert from 'node:assert/strict';
import { createEncoder } from '../../../src/tokens/encoder.js';
import { noFeatures } from '../../../src/tokens/textFeatures.js';
import { encodings } from '../../../src/tokens/vocabulary.js';
import { getEncoding } from 'js-tiktoken';
import { get_encoding } from 'tiktoken';
import { dice, encoderOf, packed, randomText, realTexts } from './material.js';

function show(text: string): string {
  return JSON.stringify(text.length > 200 ? text.slice(0, 200) + '…' : text);
}

for (const encoding of encodings) {
  describe(`encoder, ${encoding}`, () => {
    const encoder = encoderOf(encoding);
    let other: ReturnType<typeof getEncoding>;
    let reference: ReturnType<typeof get_encoding>;
    before(function () {
      this.timeout(60_000);
      other = getEncoding(encoding);
      reference = get_encoding(encoding);
    });
    after(() => reference.free());

    it('counts as the reference does on slices of real text in many scripts', function () {
      this.timeout(60_000);
      const roll = dice(11);
      const texts = realTexts();
      for (let turn = 0; turn < 3000; turn++) {
        const text = texts[turn % texts.length]!;
        const start = roll(text.length);
        const slice = text.slice(start, start + 1 + roll(turn % 50 === 0 ? 4000 : 300));
        assert.equal(encoder.count(slice), reference.encode_ordinary(slice).length, show(slice));
      }
    });

    it('counts as the reference does on random text made to be difficult', function () {
      this.timeout(60_000);
      const roll = dice(encoding.length);
      for (let turn = 0; turn < 6000; turn++) {
        const text = randomText(roll, turn % 100 === 0 ? 300 : 12);
        assert.equal(encoder.count(text), reference.encode_ordinary(text).length, show(text));
      }
    });

    it('counts as js-tiktoken does but for U+0085, U+FEFF and the long s, which that one takes otherwise', function () {
      this.timeout(60_000);
      const roll = dice(5);
      for (let turn = 0; turn < 1500; turn++) {
        const text = randomText(roll, 10).replace(/[\u0085\ufeffſ]/g, '-');
        assert.equal(encoder.count(text), other.encode(text, [], []).length, show(text));
      }
    });

    it('counts special tokens as the plain text they are', () => {
      const text = '<|endoftext|><|im_start|>user<|im_sep|>';
      assert.ok(encoder.count(text) > 10);
      assert.equal(encoder.count(text), other.encode(text, [], []).length);
    });

    it('takes half a surrogate pair for the replacement character', () => {
      assert.equal(encoder.count('a\ud83d'), encoder.count('a\ufffd'));
      assert.equal(encoder.count('\ude00\ud83d b'), encoder.count('\ufffd\ufffd b'));
    });

    it('adds up over texts longer than one window, whatever they are made of', () => {
      const roll = dice(3);
      let text = '';
      while (text.length < 200_000) text += randomText(roll, 200) + 'b'.repeat(roll(400));
      text += 'c'.repeat(70_000) + ' '.repeat(50_000) + '字'.repeat(40_000) + '\ud83d';
      // The reference needs minutes for one long run: it gets the runs apart, and the rest whole.
      const head = text.slice(0, text.indexOf('c'.repeat(1000)));
      assert.equal(encoder.count(head), reference.encode_ordinary(head).length);
      const short = encoder.count('c'.repeat(8000));
      assert.equal(encoder.count('c'.repeat(64_000)), short * 8);
      assert.ok(encoder.count(text) > encoder.count(head));
    });

    it('merges long pieces as it merges short ones', () => {
      const roll = dice(17);
      for (let turn = 0; turn < 60; turn++) {
        const letters = turn % 3 === 0 ? 2 : 26;
        const first = turn % 4 === 0 ? 0x4e00 : 97;
        let piece = '';
        for (let left = 100 + roll(500); left > 0; left--) piece += String.fromCharCode(first + roll(letters));
        assert.equal(encoder.count(piece), reference.encode_ordinary(piece).length, show(piece));
      }
    });

    it('gives the same count when it measures features, and again when asked again', () => {
      const roll = dice(23);
      for (let turn = 0; turn < 300; turn++) {
        const text = randomText(roll, 30);
        const count = encoder.count(text);
        assert.equal(encoder.measure(text, noFeatures()), count);
        assert.equal(encoder.count(text), count);
      }
    });

    it('still counts right after its memory of pieces has been emptied many times', () => {
      const roll = dice(29);
      const sentence = 'The quick brown fox, über 12345 größere Füchse.';
      const count = encoder.count(sentence);
      for (let turn = 0; turn < 60_000; turn++) encoder.count(` ${roll(1 << 23).toString(36)}zq`);
      assert.equal(encoder.count(sentence), count);
    });

    it('refuses a vocabulary that is cut short, holds an empty token, or lacks a byte', () => {
      const bytes = packed(encoding);
      assert.throws(() => createEncoder(bytes.subarray(0, bytes.length - 2), encoding), /damaged/);
      assert.throws(() => createEncoder(bytes.subarray(2), encoding), /damaged/);
      const holed = Uint8Array.from(bytes);
      holed[0] = 0;
      assert.throws(() => createEncoder(holed, encoding), /damaged/);
      assert.throws(() => createEncoder(new Uint8Array(3_000_000), encoding), /larger/);
    });

    it('counts nothing in nothing', () => {
      assert.equal(encoder.count(''), 0);
    });
  });
}
