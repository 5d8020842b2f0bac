// Tokens a second: from the prompt or the tool's result to the answer's row, the median, and nothing of few calls.
import assert from 'node:assert/strict';
import { type Ledger } from '../../../src/ledger/ledger';
import { callLine, tempLedger, type TempLedger } from './tempLedger';

describe('how fast models answer', () => {
  let temp: TempLedger;
  let ledger: Ledger;
  beforeEach(() => (temp = tempLedger()));
  afterEach(() => {
    ledger.close();
    temp.remove();
  });

  const startMs = Date.UTC(2026, 10, 2, 9);
  const iso = (second: number) => new Date(startMs + second * 1000).toISOString();
  const prompt = (n: number, second: number) =>
    `${JSON.stringify({ type: 'user', uuid: `p-${n}`, sessionId: 's-1', timestamp: iso(second), cwd: '/code/app', message: { role: 'user', content: 'Go on.' } })}\n`;
  const speeds = async (text: string) => {
    temp.write('p/a.jsonl', text);
    ledger = temp.open();
    await ledger.refresh();
    return ledger.pageFacts({ since: '2026-11-01', until: '2026-11-30', timeZone: 'UTC', stackBy: 'model' }).speeds;
  };

  it('is output by the time since what was answered', async () => {
    let text = '';
    for (let n = 1; n <= 12; n += 1)
      text += prompt(n, n * 100) + callLine(n, { at: iso(n * 100 + 5), output: n === 12 ? 100_000 : 500 });
    const [speed, ...others] = await speeds(text);
    assert.deepEqual(others, []);
    assert.equal(speed!.calls, 12);
    assert.equal(speed!.tokensPerSecond, 100);
  });

  it('says nothing of a few calls, short answers and long waits', async () => {
    let text = '';
    for (let n = 1; n <= 30; n += 1)
      text += prompt(n, n * 5000) + callLine(n, { at: iso(n * 5000 + (n < 20 ? 900 : 5)), output: n < 20 ? 500 : 10 });
    assert.deepEqual(await speeds(text), []);
  });
});
