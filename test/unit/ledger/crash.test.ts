import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Ledger } from '../../../src/ledger/ledger';
import { generateHistory, seeded } from '../../bench/generateHistory';
import { environmentOf } from '../agents/fixtureCase';
import { callLine, figures, sumOfCalls, type TempLedger, tempLedger } from './tempLedger';

const child = join(__dirname, 'ingestChild.js');

function start(home: string, dataFolder: string): ChildProcess {
  return spawn(process.execPath, ['--no-warnings', child, home, dataFolder], { stdio: ['ignore', 'pipe', 'pipe'] });
}

const isReady = (process: ChildProcess) =>
  new Promise<void>((resolve) => process.stdout?.once('data', () => resolve()));

function ended(process: ChildProcess): Promise<string> {
  let complaint = '';
  process.stderr?.on('data', (text: Buffer) => (complaint += text.toString()));
  return new Promise((resolve) => process.once('close', () => resolve(complaint)));
}

describe('ledger: several processes', () => {
  let temp: TempLedger;
  let truth: Record<string, number>;
  const home = () => join(temp.folder, 'home');
  const open = () =>
    Ledger.open({ dataFolder: temp.options.dataFolder, environment: environmentOf(home()), now: () => Date.now() });
  before(() => {
    temp = tempLedger();
    const { calls, inputTokens, cacheWrite5mTokens, cacheWrite1hTokens, cacheReadTokens, outputTokens } =
      generateHistory(join(home(), '.claude'), { bytes: 6_000_000 });
    // One log longer than a transaction.
    const numbers = Array.from({ length: 9000 }, (_, n) => n + 1);
    temp.write('big/b.jsonl', numbers.map((n) => callLine(n)).join(''));
    const big = sumOfCalls(numbers);
    const rest = { calls, inputTokens, cacheWrite5mTokens, cacheWrite1hTokens, cacheReadTokens, outputTokens };
    truth = { ...big };
    for (const [name, value] of Object.entries(rest)) truth[name] = value + (big[name] ?? 0);
  });
  after(() => temp.remove());

  it('comes to the truth after being killed again and again', async () => {
    const random = seeded(3);
    for (let round = 0; round < 8; round += 1) {
      const process = start(home(), temp.options.dataFolder);
      const end = ended(process);
      await isReady(process);
      await new Promise((resolve) => setTimeout(resolve, random() * 400));
      process.kill('SIGKILL');
      await end;
    }
    const ledger = open();
    try {
      await ledger.refresh();
      assert.deepEqual(figures(ledger.totals({ by: 'day', timeZone: 'UTC' }).totals), truth);
      assert.deepEqual(ledger.totals({ by: 'day', timeZone: 'UTC' }).skipped, []);
    } finally {
      ledger.close();
    }
  }).timeout(120_000);

  it('counts once what three processes read at once', async () => {
    const data = join(temp.folder, 'other-data');
    const processes = [0, 1, 2].map(() => start(home(), data));
    assert.deepEqual(await Promise.all(processes.map(ended)), ['', '', '']);
    const ledger = Ledger.open({ dataFolder: data, environment: environmentOf(home()), now: () => Date.now() });
    try {
      const outcome = await ledger.refresh();
      assert.equal(outcome.readBytes, 0);
      assert.deepEqual(figures(ledger.totals({ by: 'session', timeZone: 'UTC' }).totals), truth);
    } finally {
      ledger.close();
    }
  }).timeout(120_000);
});
