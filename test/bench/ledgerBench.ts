// The ledger against its targets, and against ccusage's native program on the same generated history: first scan,
// refresh, memory, store, ten thousand files, delays on the main thread, kills. Needs dist/ and out/ built.
// TOKENOMETER_BENCH_MEGABYTES and TOKENOMETER_BENCH_KILLS make it smaller.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Ledger } from '../../src/ledger/ledger';
import { type BenchRow } from './benchTable';
import { type GeneratedHistory, generateHistory, seeded } from './generateHistory';
import { type LedgerRun } from './ledgerRun';

/** Exact: the figures of another version would be another comparison. */
const peer = '20.0.24';
const megabytes = Number(process.env['TOKENOMETER_BENCH_MEGABYTES'] ?? 1000);
const kills = Number(process.env['TOKENOMETER_BENCH_KILLS'] ?? 200);

export async function ledgerBench(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tokenometer-ledger-bench-'));
  try {
    const claude = join(folder, 'claude');
    const truth = generateHistory(claude, { bytes: megabytes * 1e6 });
    const theirs = await timePeer(claude);
    const ours = runLedger(claude, join(folder, 'data'));
    return [
      ...scanRows(ours, theirs, truth, storeBytes(join(folder, 'data'))),
      manyFiles(join(folder, 'many')),
      await killedRow(join(folder, 'killed')),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function scanRows(ours: LedgerRun, theirs: number | undefined, truth: GeneratedHistory, store: number): BenchRow[] {
  const size = megabytes >= 1000 ? `${megabytes / 1000} GB` : `${megabytes} MB`;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  const name = `ccusage ${peer}`;
  const others = theirs === undefined ? {} : { others: { [name]: seconds(theirs) } };
  const ratio = (ms: number) => (theirs === undefined ? {} : { ratio: (ms / theirs).toFixed(2) });
  const isExact = ours.calls === truth.calls + 3 && ours.outputTokens === truth.outputTokens;
  return [
    {
      what: `first scan of ${size}`,
      ours: seconds(ours.firstMs),
      ...others,
      ...ratio(ours.firstMs),
      target: 'ratio at most 1.0',
      holds: theirs !== undefined && ours.firstMs <= theirs,
    },
    {
      what: 'the same until tools and their results are read too',
      ours: seconds(ours.wholeMs),
      target: 'in the background, at most 4 times as long',
      holds: ours.wholeMs <= ours.firstMs * 4,
    },
    {
      what: `its totals, against what was written`,
      ours: isExact ? 'equal' : 'unequal',
      target: 'equal',
      holds: isExact,
    },
    {
      what: 'refresh after one appended line',
      ours: `${ours.appendedMs.toFixed(1)} ms`,
      ...others,
      ...ratio(ours.appendedMs),
      target: 'at most 1/50 of the peer’s report',
      holds: theirs !== undefined && ours.appendedMs <= theirs / 50,
    },
    {
      what: 'peak memory of the process while it reads',
      ours: `${ours.peakMegabytes.toFixed(0)} MB`,
      target: 'at most 200 MB',
      holds: ours.peakMegabytes <= 200,
    },
    {
      what: 'size of the store, of the logs',
      ours: `${((store / truth.bytes) * 100).toFixed(1)} %`,
      target: 'under 5 %',
      holds: store < truth.bytes * 0.05,
    },
    {
      what: 'longest delay on the main thread meanwhile',
      ours: `${ours.longestDelayMs.toFixed(0)} ms`,
      target: 'under 50 ms',
      holds: ours.longestDelayMs < 50,
    },
    {
      what: 'totals by day after it',
      ours: `${ours.totalsMs.toFixed(1)} ms`,
      target: 'under 300 ms',
      holds: ours.totalsMs < 300,
    },
  ];
}

function runLedger(claude: string, data: string): LedgerRun {
  const log = readdirSync(join(claude, 'projects'), { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('.jsonl'),
  )!;
  const script = join(__dirname, 'ledgerRun.js');
  const worker = resolve('dist', 'ledgerWorker.js');
  const args = ['--no-warnings', script, claude, data, worker, join(claude, 'projects', log)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as LedgerRun;
}

function storeBytes(data: string): number {
  return readdirSync(data).reduce((sum, name) => sum + statSync(join(data, name)).size, 0);
}

/** Milliseconds of ccusage's daily report, the better of two; `undefined` where the program cannot be had. */
async function timePeer(claude: string): Promise<number | undefined> {
  const program = await installPeer();
  if (program === undefined) return undefined;
  const env = { ...process.env, CLAUDE_CONFIG_DIR: claude };
  const times = [0, 1].map(() => {
    const start = performance.now();
    const { status } = spawnSync(program, ['daily', '--json', '--offline'], { env, maxBuffer: 1e9 });
    return status === 0 ? performance.now() - start : Infinity;
  });
  const best = Math.min(...times);
  return Number.isFinite(best) ? best : undefined;
}

async function installPeer(): Promise<string | undefined> {
  const folder = resolve('.vscode-test', 'bench');
  const platform = process.platform === 'win32' ? 'win32' : process.platform;
  const program = join(
    folder,
    'node_modules',
    '@ccusage',
    `ccusage-${platform}-${process.arch}`,
    'bin',
    process.platform === 'win32' ? 'ccusage.exe' : 'ccusage',
  );
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const args = ['install', '--no-audit', '--no-fund', '--prefix', folder, `ccusage@${peer}`];
    await new Promise((done) =>
      spawn(npm, args, { stdio: 'ignore', shell: process.platform === 'win32' })
        .on('close', done)
        .on('error', done),
    );
  }
  if (!existsSync(program)) return undefined;
  chmodSync(program, 0o755);
  return program;
}

/** Ten thousand small logs, nothing new in any. */
function manyFiles(folder: string): BenchRow {
  const claude = join(folder, 'claude');
  for (let n = 0; n < 10_000; n += 1) {
    const project = join(claude, 'projects', `p-${n % 100}`);
    if (n < 100) mkdirSync(project, { recursive: true });
    writeFileSync(
      join(project, `${n}.jsonl`),
      `{"type":"user","sessionId":"s-${n}","timestamp":"2026-11-01T00:00:00.000Z"}\n`,
    );
  }
  const { idleMs } = runLedger(claude, join(folder, 'data'));
  return {
    what: 'refresh of 10,000 files without news',
    ours: `${idleMs.toFixed(0)} ms`,
    target: 'under 100 ms',
    holds: idleMs < 100,
  };
}

interface Found {
  readonly calls: number;
  readonly outputTokens: number;
  readonly tools: number;
}

async function readToTheEnd(home: string, data: string): Promise<Found> {
  const ledger = Ledger.open({
    dataFolder: data,
    environment: { home, platform: 'linux', variables: {}, editorUserFolders: [] },
    now: () => Date.now(),
  });
  try {
    await ledger.refresh();
    await ledger.catchUp();
    const { calls, outputTokens } = ledger.totals({ by: 'day', timeZone: 'UTC' }).totals;
    return { calls, outputTokens, tools: ledger.toolUses(0, 1e9).length };
  } finally {
    ledger.close();
  }
}

/** Killed at random moments; after each, a copy of what is left of the store is brought up to date. */
async function killedRow(folder: string): Promise<BenchRow> {
  const random = seeded(5);
  const truth = generateHistory(join(folder, '.claude'), { bytes: 20e6 });
  const undisturbed = await readToTheEnd(folder, join(folder, 'undisturbed'));
  const data = join(folder, 'data');
  const copy = join(folder, 'copy');
  const script = join(__dirname, '..', 'unit', 'ledger', 'ingestChild.js');
  let equal = 0;
  for (let round = 0; round < kills; round += 1) {
    // Each fifth time from nothing, so that every stage is hit.
    if (round % 5 === 0) rmSync(data, { recursive: true, force: true });
    const child = spawn(process.execPath, ['--no-warnings', script, folder, data], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const end = new Promise((done) => child.once('close', done));
    await new Promise((ready) => child.stdout.once('data', ready));
    await new Promise((wait) => setTimeout(wait, random() * 250));
    child.kill('SIGKILL');
    await end;
    rmSync(copy, { recursive: true, force: true });
    cpSync(data, copy, { recursive: true });
    const found = await readToTheEnd(folder, copy);
    const isEqual = found.calls === undisturbed.calls && found.outputTokens === undisturbed.outputTokens;
    if (isEqual && found.tools === undisturbed.tools) equal += 1;
  }
  const isTrue = undisturbed.calls === truth.calls && undisturbed.outputTokens === truth.outputTokens;
  return {
    what: `killed ${kills} times while reading, each time run to the end`,
    ours: `${equal} of ${kills} equal`,
    target: 'all equal',
    holds: isTrue && equal === kills,
  };
}

if (process.argv[1]?.includes('ledgerBench') && process.argv[2] === 'kills')
  void killedRow(mkdtempSync(join(tmpdir(), 'tokenometer-kills-'))).then((row) => console.table([row]));
else if (process.argv[1]?.includes('ledgerBench')) void ledgerBench().then((rows) => console.table(rows));
