import assert from 'node:assert/strict';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ledger } from '../../../src/ledger/ledger';
import { allFigures, callLine, sumOfCalls, type TempLedger, tempLedger } from './tempLedger';

const time = '2026-11-02T09:00:00.000Z';

/** A tool's use and its result, with `n` in its id. */
function toolLines(n: number, padding = ''): string {
  const base = { sessionId: 's-1', timestamp: time };
  const use = { type: 'tool_use', id: `toolu_${n}`, name: 'Bash', input: { command: `run ${n}` } };
  const result = { tool_use_id: `toolu_${n}`, type: 'tool_result', content: `done ${padding}` };
  const answer = JSON.parse(callLine(n)) as { message: { content: unknown[] } };
  answer.message.content = [use];
  return [
    answer,
    {
      ...base,
      type: 'user',
      uuid: `r-${n}`,
      message: { role: 'user', content: [result] },
      toolUseResult: { stdout: '' },
    },
  ]
    .map((row) => `${JSON.stringify(row)}\n`)
    .join('');
}

describe('ledger: what is read after the calls', () => {
  let temp: TempLedger;
  let ledger: Ledger;
  beforeEach(() => {
    temp = tempLedger();
    ledger = temp.open();
  });
  afterEach(async () => {
    await ledger.stop();
    temp.remove();
  });
  const tools = () => ledger.toolUses(0).map(({ name }) => name);
  const large = 'x'.repeat(9_000_000);

  it('comes with a refresh where it is little', async () => {
    const path = temp.write('p/a.jsonl', toolLines(1));
    await ledger.refresh();
    assert.deepEqual(tools(), ['Bash']);
    appendFileSync(path, toolLines(2));
    await ledger.refresh();
    assert.deepEqual(tools(), ['Bash', 'Bash']);
    assert.deepEqual(allFigures(ledger), sumOfCalls([1, 2]));
  });

  it('comes afterwards where it is much, and tells the next refresh so', async () => {
    temp.write('p/a.jsonl', toolLines(1, large));
    temp.write('p/b.jsonl', toolLines(2, large));
    await ledger.refresh();
    assert.deepEqual(tools(), []);
    assert.deepEqual(allFigures(ledger), sumOfCalls([1, 2]));
    await ledger.catchUp();
    assert.deepEqual(tools(), ['Bash', 'Bash']);
    assert.equal((await ledger.refresh()).changed, true);
    assert.equal((await ledger.refresh()).changed, false);
  });

  it('goes on where another run broke off, and gives way to a refresh', async () => {
    temp.write('p/a.jsonl', toolLines(1, large));
    const path = temp.write('p/b.jsonl', toolLines(2, large));
    await ledger.refresh();
    const caughtUp = ledger.catchUp();
    appendFileSync(path, callLine(3));
    await ledger.refresh();
    assert.deepEqual(allFigures(ledger), sumOfCalls([1, 2, 3]));
    await ledger.stop();
    await caughtUp.catch(() => undefined);
    ledger = temp.open();
    await ledger.catchUp();
    assert.deepEqual(tools(), ['Bash', 'Bash']);
  });

  it('ends where a file is gone or another by now', async () => {
    const first = temp.write('p/a.jsonl', toolLines(1, large));
    const second = temp.write('p/b.jsonl', toolLines(2, large));
    await ledger.refresh();
    rmSync(first);
    writeFileSync(second, toolLines(3));
    await ledger.catchUp();
    assert.deepEqual(tools(), []);
    await ledger.refresh();
    await ledger.catchUp();
    assert.deepEqual(tools(), ['Bash']);
    assert.deepEqual(allFigures(ledger), sumOfCalls([1, 2, 3]));
  });

  it('a call that follows a tool’s result on one line, its newline lost, counts', async () => {
    temp.write('p/a.jsonl', toolLines(1).trimEnd() + callLine(2));
    await ledger.refresh();
    assert.deepEqual(allFigures(ledger), sumOfCalls([1, 2]));
  });
});

describe('ledger: a thread that reads beside', () => {
  // So much that a thread is worth it; most of it is of no interest.
  const filler = `${JSON.stringify({ type: 'file-history-snapshot', snapshot: 'x'.repeat(1_000_000) })}\n`;
  let temp: TempLedger;
  beforeEach(() => {
    temp = tempLedger();
    for (let file = 0; file < 4; file += 1) {
      const lines = Array.from({ length: 3000 }, (_, n) => callLine(file * 3000 + n + 1));
      temp.write(`p/${file}.jsonl`, lines.join('') + filler.repeat(9));
    }
  });
  afterEach(() => temp.remove());
  const numbers = Array.from({ length: 12_000 }, (_, n) => n + 1);
  const figuresWith = async (readingWorker: string) => {
    const ledger = temp.open({ readingWorker });
    try {
      const outcome = await ledger.refresh();
      assert.equal((await ledger.refresh()).readBytes, 0);
      return { figures: allFigures(ledger), read: outcome.readBytes > 36_000_000 };
    } finally {
      await ledger.stop();
    }
  };

  it('comes to the same', async () => {
    const built = join(process.cwd(), 'dist', 'readingWorker.js');
    assert.deepEqual(await figuresWith(built), { figures: sumOfCalls(numbers), read: true });
  }).timeout(60_000);

  it('is done without where it cannot be started', async () => {
    const missing = join(temp.folder, 'nowhere.js');
    assert.deepEqual(await figuresWith(missing), { figures: sumOfCalls(numbers), read: true });
  }).timeout(60_000);
});
