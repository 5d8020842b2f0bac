// Weighing many files: a few at once, what cannot be counted told, and an end as soon as the person has had enough.
import * as assert from 'node:assert/strict';
import { type Estimate } from '../../../src/tokens/estimate.js';
import { weighAll } from '../../../src/tokens/weighFiles.js';

const figureOf = (tokens: number): Estimate => ({ tokens }) as Estimate;

/** Files by number, and whether the source was told to stop. */
async function* numbered(count: number, seen: { asked: number; isEnded: boolean }): AsyncGenerator<number> {
  try {
    for (let at = 0; at < count; at++) {
      await Promise.resolve();
      seen.asked++;
      yield at;
    }
  } finally {
    seen.isEnded = true;
  }
}

describe('weighing files', () => {
  it('weighs all of them, at most eight at once, and counts those that have no figure or fail', async () => {
    const seen = { asked: 0, isEnded: false };
    let under = 0;
    let most = 0;
    const shown: number[] = [];
    const result = await weighAll(numbered(50, seen), {
      weigh: async (file) => {
        most = Math.max(most, ++under);
        await new Promise((done) => setImmediate(done));
        under--;
        if (file === 3) throw new Error('gone');
        return file % 10 === 0 ? undefined : figureOf(file);
      },
      isCancelled: () => false,
      onWeighed: (count) => shown.push(count),
    });
    assert.equal(result!.skipped, 6);
    assert.deepEqual(
      result!.files.map(({ file, figure }) => file === figure.tokens && file).sort((a, b) => Number(a) - Number(b)),
      Array.from({ length: 50 }, (_, at) => at).filter((at) => at % 10 !== 0 && at !== 3),
    );
    assert.equal(most, 8);
    assert.equal(shown.at(-1), 44);
  });

  it('ends without a result when cancelled: no further file is begun, and the source is closed', async () => {
    const seen = { asked: 0, isEnded: false };
    const begun: number[] = [];
    let isCancelled = false;
    const result = await weighAll(numbered(1000, seen), {
      weigh: async (file) => {
        begun.push(file);
        await new Promise((done) => setImmediate(done));
        if (file === 20) isCancelled = true;
        return figureOf(1);
      },
      isCancelled: () => isCancelled,
      onWeighed: () => undefined,
    });
    assert.equal(result, undefined);
    assert.ok(begun.length < 40, `${begun.length} begun`);
    assert.ok(seen.asked <= begun.length + 1);
    assert.ok(seen.isEnded);
  });

  it('gives no half result where the last file is still under way when it is cancelled', async () => {
    let isCancelled = false;
    const result = await weighAll(numbered(1, { asked: 0, isEnded: false }), {
      weigh: () => {
        isCancelled = true;
        return Promise.resolve(figureOf(1));
      },
      isCancelled: () => isCancelled,
      onWeighed: () => undefined,
    });
    assert.equal(result, undefined);
  });

  it('of nothing is nothing', async () => {
    const result = await weighAll(numbered(0, { asked: 0, isEnded: false }), {
      weigh: () => Promise.resolve(figureOf(1)),
      isCancelled: () => false,
      onWeighed: () => undefined,
    });
    assert.deepEqual(result, { files: [], skipped: 0 });
  });
});
