// One run of the ledger behind its worker, in a process of its own so that memory and delays are its alone. Arguments:
// Claude folder, data folder, built worker, file to append a line to. Prints what it measured as JSON.
import { appendFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { LedgerClient } from '../../src/ledger/ledgerClient';

export interface LedgerRun {
  /** Until the totals were there, and until tools and their results had been read too. */
  readonly firstMs: number;
  readonly wholeMs: number;
  /** Processor time of all threads until then. */
  readonly cpuMs: number;
  readonly totalsMs: number;
  readonly appendedMs: number;
  readonly idleMs: number;
  readonly longestDelayMs: number;
  readonly peakMegabytes: number;
  readonly calls: number;
  readonly outputTokens: number;
}

async function run(claude: string, data: string, worker: string, appendTo: string): Promise<LedgerRun> {
  const environment = {
    home: data,
    platform: 'linux',
    variables: { CLAUDE_CONFIG_DIR: claude },
    editorUserFolders: [],
  } as const;
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const client = new LedgerClient(worker, { dataFolder: data, environment });
  const keepAlive = setInterval(() => undefined, 1000);
  const timed = async (action: () => Promise<unknown>) => {
    const start = performance.now();
    await action();
    return performance.now() - start;
  };
  delay.enable();
  const startMs = performance.now();
  const firstMs = await timed(() => client.refresh());
  delay.disable();
  const cpuMs = (process.cpuUsage().user + process.cpuUsage().system) / 1000;
  const totalsMs = await timed(() => client.totals({ by: 'day', timeZone: 'Europe/Berlin' }));
  while ((await client.refresh()).laterBytes > 0) await new Promise((resolve) => setTimeout(resolve, 100));
  const wholeMs = performance.now() - startMs;
  const idle = [
    await timed(() => client.refresh()),
    await timed(() => client.refresh()),
    await timed(() => client.refresh()),
  ];
  const appended: number[] = [];
  for (let n = 0; n < 3; n += 1) {
    appendFileSync(appendTo, callLine(n));
    appended.push(await timed(() => client.refresh()));
  }
  const { totals } = await client.totals({ by: 'day', timeZone: 'UTC' });
  await client.close();
  clearInterval(keepAlive);
  return {
    firstMs,
    wholeMs,
    cpuMs,
    totalsMs,
    appendedMs: Math.min(...appended),
    idleMs: Math.min(...idle),
    longestDelayMs: delay.max / 1e6,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    calls: totals.calls,
    outputTokens: totals.outputTokens,
  };
}

/** A call without any tokens: it changes the count and nothing else. */
function callLine(n: number): string {
  const usage = { input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 };
  const message = {
    id: `msg_bench_${n}`,
    role: 'assistant',
    model: 'claude-opus-4-5',
    stop_reason: 'end_turn',
    content: [],
    usage,
  };
  const row = {
    type: 'assistant',
    sessionId: 's-bench',
    requestId: `r${n}`,
    timestamp: '2026-11-19T10:00:00.000Z',
    message,
  };
  return `${JSON.stringify(row)}\n`;
}

const [, , claude, data, worker, appendTo] = process.argv;
if (claude && data && worker && appendTo)
  void run(claude, data, worker, appendTo).then((measured) => console.log(JSON.stringify(measured)));
