import assert from 'node:assert/strict';
import { LineBuffer, LineReader } from '../../../src/ledger/lineReader';

function read(text: string | Buffer, bufferBytes: number, limit = 1000, pieceBytes = 7): string[] {
  const bytes = Buffer.from(text);
  const reader = new LineReader(
    new LineBuffer(bufferBytes),
    (into, at, length, from) => bytes.copy(into, at, from, Math.min(bytes.length, from + Math.min(length, pieceBytes))),
    0,
    limit,
  );
  const found: string[] = [];
  for (;;) {
    const kind = reader.next();
    found.push(`${kind}@${reader.offset}:${reader.bytes.toString('utf8', reader.start, reader.end)}`);
    if (kind === 'rest') return found;
  }
}

describe('line reader', () => {
  it('finds lines whatever the size of the buffer, and what has no newline yet', () => {
    const text = 'one\ntwo 🦜 größer\r\n\nlast';
    const expected = ['line@0:one', 'line@4:two 🦜 größer', 'line@23:', 'rest@24:last'];
    for (const size of [1, 2, 3, 5, 8, 64]) assert.deepEqual(read(text, size), expected, `buffer of ${size}`);
    assert.deepEqual(read('a\n', 4), ['line@0:a', 'rest@2:']);
    assert.deepEqual(read('', 4), ['rest@0:']);
  });

  it('passes over a line longer than its limit in bounded memory, and finds the next', () => {
    const text = `a\n${'x'.repeat(5000)}\nb\n`;
    const buffer = new LineBuffer(16);
    assert.deepEqual(read(text, 16, 100), ['line@0:a', 'too-long@2:', 'line@5003:b', 'rest@5005:']);
    assert.ok(buffer.bytes.length <= 256);
  });

  it('leaves a long line without an end for later', () => {
    assert.deepEqual(read(`a\n${'x'.repeat(5000)}`, 16, 100), ['line@0:a', 'rest@2:']);
  });

  it('lets a grown buffer go', () => {
    const buffer = new LineBuffer(8);
    buffer.grow(buffer.bytes);
    assert.ok(buffer.bytes.length > 8);
    buffer.shrink();
    assert.equal(buffer.bytes.length, 8);
  });
});
