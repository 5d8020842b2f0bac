// The line to a browser's counting thread: a thread that never speaks, breaks later, or may not be started at all.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type BrowserWorker, countBrowserLine } from '../../../src/tokens/countBrowserLine';
import { CountClient } from '../../../src/tokens/countClient';
import { CountDesk } from '../../../src/tokens/countDesk';
import { type ToCounter } from '../../../src/tokens/countProtocol';

/** A thread as a browser hands it out, with a real desk behind it. */
class FakeWorker {
  onmessage: BrowserWorker['onmessage'] = null;
  onerror: BrowserWorker['onerror'] = null;
  isTerminated = false;
  private readonly desk = new CountDesk((data) => this.say(data), {
    unitsPerTurn: 1_000,
    nowMs: () => performance.now(),
    later: (run, ms) => void setTimeout(run, ms),
  });

  constructor(private readonly isMute = false) {}

  postMessage(message: unknown): void {
    if (!this.isMute) setTimeout(() => this.desk.hear(message as ToCounter), 0);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  breakOff(): void {
    this.onerror?.call(this as never, { preventDefault: () => undefined, message: 'refused' } as ErrorEvent);
  }

  private say(data: unknown): void {
    this.onmessage?.call(this as never, { data } as MessageEvent);
  }
}

const asWorker = (worker: FakeWorker): BrowserWorker => worker;

function clientWith(start: () => FakeWorker) {
  const problems: string[] = [];
  const client = new CountClient({
    openLine: countBrowserLine(() => asWorker(start())),
    loadVocabulary: (encoding) => Promise.resolve(readFileSync(`dist/${encoding}.bin`)),
    textOf: () => ({ version: 1, text: 'hello there' }),
    onCounts: () => undefined,
    onProblem: (error) => problems.push(error.message),
  });
  return { client, problems };
}

const tokensOf = async (client: CountClient): Promise<number | undefined> =>
  (await client.count('a', ['o200k_base']))?.o200k_base?.tokens;

describe('counting in a browser', () => {
  it('goes on a thread, which ends with the client', async () => {
    const worker = new FakeWorker();
    const { client, problems } = clientWith(() => worker);
    client.open('a', 1, 'hello there');
    assert.equal(await tokensOf(client), 2);
    client.dispose();
    assert.ok(worker.isTerminated);
    assert.deepEqual(problems, []);
  });

  it('goes on in turns where no thread may be started', async () => {
    const { client, problems } = clientWith(() => {
      throw new Error('not from a remote extension');
    });
    client.open('a', 1, 'hello there');
    assert.equal(await tokensOf(client), 2);
    client.dispose();
    assert.deepEqual(problems, []);
  });

  it('goes on in turns where the thread breaks before its first word, and tries no other', async () => {
    const workers: FakeWorker[] = [];
    const { client, problems } = clientWith(() => {
      workers.push(new FakeWorker(true));
      return workers.at(-1)!;
    });
    client.open('a', 1, 'hello there');
    workers[0]!.breakOff();
    assert.equal(await tokensOf(client), 2);
    client.dispose();
    assert.equal(workers.length, 1);
    assert.ok(workers[0]!.isTerminated);
    assert.equal(problems.length, 1);
  });

  it('starts a thread anew that has worked before', async () => {
    const workers: FakeWorker[] = [];
    const { client } = clientWith(() => {
      workers.push(new FakeWorker());
      return workers.at(-1)!;
    });
    client.open('a', 1, 'hello there');
    assert.equal(await tokensOf(client), 2);
    workers[0]!.breakOff();
    assert.equal(await tokensOf(client), 2);
    client.dispose();
    assert.equal(workers.length, 2);
  });
});
