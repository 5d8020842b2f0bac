// What the extension costs while nobody works: the processor time of the extension host of a real VS Code, with ten
// thousand log files in the home, beside that of a host without the extension at the same time. Linux only: elsewhere
// no file tells a process's time.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { claudeCall } from '../e2e/claudeCalls';
import { meterCents } from '../e2e/figures';
import { eventually } from '../host/eventually';
import { startMachine } from '../host/machine';
import { type BenchRow } from './benchTable';

const files = 10_000;
const filesPerFolder = 100;
/** The target names five minutes; the looks at the logs are as frequent in every part of them. */
const measuredMs = 1000 * Number(process.env.TOKENOMETER_BENCH_REST_SECONDS ?? 70);
/** What is looked at once a day, two and three minutes after a window's start, is over by then. */
const settledMs = 1000 * Number(process.env.TOKENOMETER_BENCH_REST_AFTER ?? 210);
const ticksPerSecond = 100;
/** The logs are of three months. */
const spanMs = 90 * 86_400_000;

export async function restBench(): Promise<BenchRow[]> {
  const target = 'below 0.5 % of a core more';
  const what = `Extension host at rest with ${files} log files, window in front, the day’s checks done, over ${measuredMs / 1000} s`;
  if (process.platform !== 'linux') return [{ what, ours: 'not measured on this system', target, holds: true }];
  const machines = [
    await startMachine({ home: 'empty', prepare: writeLogs }),
    await startMachine({ home: 'empty', extension: 'none' }),
  ] as const;
  try {
    const [machine, bare] = machines;
    const window = await machine.openWindow();
    await bare.openPage();
    await eventually(() => meterCents(window), 120_000);
    const hosts = await eventually(() => machines.map(({ home }) => extensionHost(home)));
    await new Promise((resolve) => setTimeout(resolve, settledMs));
    for (const host of hosts) await quiet(host);
    const startTicks = hosts.map(ticksOf);
    const startMs = Date.now();
    await new Promise((resolve) => setTimeout(resolve, measuredMs));
    const seconds = (Date.now() - startMs) / 1000;
    const shares = hosts.map((host, index) => (ticksOf(host) - startTicks[index]!) / ticksPerSecond / seconds);
    const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
    const [used = 0, without = 0] = shares;
    const others = { 'at the same time, without the extension': percent(without) };
    return [{ what, ours: percent(used), others, target, holds: used - without < 0.005 }];
  } finally {
    for (const machine of machines) await machine.stop();
  }
}

function writeLogs(home: string): void {
  for (let file = 0; file < files; file++) {
    const project = `p${Math.floor(file / filesPerFolder)}`;
    const folder = path.join(home, '.claude', 'projects', `-code-${project}`);
    if (file % filesPerFolder === 0) fs.mkdirSync(folder, { recursive: true });
    const row = JSON.parse(claudeCall(`rest-${file}`, 1000, `/code/${project}`)) as object;
    const timestamp = new Date(Date.now() - (file * spanMs) / files).toISOString();
    fs.writeFileSync(
      path.join(folder, `s-${file}.jsonl`),
      `${JSON.stringify({ ...row, sessionId: `s-${file}`, timestamp })}\n`,
    );
  }
}

/** The process of VS Code's server that runs extensions for the windows of this home. */
function extensionHost(home: string): number {
  for (const name of fs.readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const isHost = fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('--type=extensionHost');
      if (isHost && fs.readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(`HOME=${home}`))
        return Number(name);
    } catch {
      // A process may end while it is looked at.
    }
  }
  throw new Error(`No extension host runs for ${home}`);
}

/** User and system time of all threads so far (proc(5): fields 14 and 15 of stat). */
function ticksOf(pid: number): number {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** Start-up work of VS Code's own extensions is over once two seconds went by with little of it; at most a minute. */
async function quiet(pid: number): Promise<void> {
  const untilMs = Date.now() + 60_000;
  for (let used = Infinity; used > 4 && Date.now() < untilMs;) {
    const before = ticksOf(pid);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    used = ticksOf(pid) - before;
  }
}
