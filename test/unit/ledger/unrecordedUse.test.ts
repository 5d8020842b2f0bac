// What a running total proves beside the calls of a log: counted once, never for want of a log.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { type Ledger } from '../../../src/ledger/ledger';
import { callLine, type TempLedger, tempLedger } from './tempLedger';

const model = 'claude-opus-4-5';

/** The row that Claude Code writes when it ends. */
function costState(session: string, input: number, output: number, named = model): string {
  const usage = { inputTokens: input, outputTokens: output, cacheReadInputTokens: 0, cacheCreationInputTokens: 0 };
  const row = { type: 'cost-state', sessionId: session, timestamp: '2026-11-02T10:00:00.000Z', totalCostUSD: 1 };
  return `${JSON.stringify({ ...row, modelUsage: { [named]: usage } })}\n`;
}

describe('use without a call', () => {
  let temp: TempLedger;
  let ledger: Ledger;
  beforeEach(() => {
    temp = tempLedger();
    ledger = temp.open();
  });
  afterEach(() => {
    ledger.close();
    temp.remove();
  });
  const missing = async (session: string) => {
    await ledger.refresh();
    return ledger.explain(session, 'UTC')!.unrecorded.map((use) => [use.model, use.inputTokens, use.outputTokens]);
  };
  // Calls 10 and 20: 30 tokens of input and 120 of output in the rows.
  const rows = (session: string) => callLine(10, { session }) + callLine(20, { session });

  it('is what the total holds and the calls do not', async () => {
    temp.write('p/a.jsonl', rows('s-1') + costState('s-1', 532, 125));
    assert.deepEqual(await missing('s-1'), [[model, 502, 5]]);
  });

  it('is none where they agree, also where the total is told twice or names the window', async () => {
    temp.write('p/a.jsonl', rows('s-1') + costState('s-1', 30, 120, `${model}[1m]`) + costState('s-1', 30, 120));
    assert.deepEqual(await missing('s-1'), []);
  });

  it('is not told of a fork again where its parent misses it', async () => {
    temp.write('p/a.jsonl', rows('s-1') + costState('s-1', 532, 125));
    temp.write('p/b.jsonl', rows('s-2') + callLine(30, { session: 's-2' }) + costState('s-2', 532 + 30 + 7, 245 + 1));
    assert.deepEqual(await missing('s-1'), [[model, 502, 5]]);
    assert.deepEqual(await missing('s-2'), [[model, 7, 1]]);
  });

  it('is not claimed where a log of the session is gone', async () => {
    const path = temp.write('p/a.jsonl', rows('s-1') + costState('s-1', 532, 125));
    await ledger.refresh();
    rmSync(path);
    assert.deepEqual(await missing('s-1'), []);
  });
});
