// The report's page over a long history: 1,000,000 calls of two years, written straight into a store. Facts and model in
// a process of their own, so that time and memory are theirs alone. TOKENOMETER_BENCH_CALLS makes it smaller.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchRow } from './benchTable';
import { drawingMs } from './drawnPage';
import { fillStore } from './longHistory';
import { type ReportRun } from './reportRun';

const calls = Number(process.env['TOKENOMETER_BENCH_CALLS'] ?? 1_000_000);

export async function reportBench(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tokenometer-report-bench-'));
  try {
    await fillStore(folder, calls);
    const script = join(__dirname, 'reportRun.js');
    const run = JSON.parse(
      execFileSync(process.execPath, ['--no-warnings', script, folder], { encoding: 'utf8', maxBuffer: 1 << 28 }),
    ) as ReportRun;
    const drawnMs = await drawingMs(run.model);
    const of = `${calls.toLocaleString('en')} calls of 2 years`;
    const ms = (what: string, measured: number, mostMs: number): BenchRow => ({
      what,
      ours: `${measured.toFixed(0)} ms`,
      target: `under ${mostMs} ms`,
      holds: measured < mostMs,
    });
    return [
      ms(`report page over ${of}: model, last 30 days, first question`, run.monthMs, 300),
      ms('the same, everything', run.everythingMs, 300),
      ms('the same, everything of one project', run.projectMs, 300),
      ms('opening: ledger, facts, model, last 30 days, from a cold process', run.openMs, 500),
      {
        what: 'a browser draws the page of everything from its model',
        ours: `${drawnMs.toFixed(0)} ms`,
        target: '–',
        holds: true,
      },
      ms(
        'the page of everything: facts, model and drawing, to what stands on the screen',
        run.everythingMs + drawnMs,
        500,
      ),
      ms('why a day’s figure is what it is', run.dayPassportMs, 300),
      {
        what: 'memory of the process after these',
        ours: `${run.megabytes.toFixed(0)} MB`,
        target: 'under 150 MB',
        holds: run.megabytes < 150,
      },
      {
        what: 'everything’s cost on the page against `totals`',
        ours: run.isEqual ? 'equal' : 'unequal',
        target: 'equal',
        holds: run.isEqual,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1]?.includes('reportBench')) void reportBench().then((rows) => console.table(rows));
