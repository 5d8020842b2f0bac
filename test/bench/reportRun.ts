// One opening of the report's page over the store of a folder, in a process of its own. Prints what it measured as JSON.
import { Ledger } from '../../src/ledger/ledger';
import { pageModel, pageQuery } from '../../src/report/pageModel';
import { type PageRequest } from '../../src/report/pageShapes';
import { lastMs, longOptions } from './longHistory';

export interface ReportRun {
  readonly openMs: number;
  readonly monthMs: number;
  readonly everythingMs: number;
  readonly projectMs: number;
  readonly dayPassportMs: number;
  readonly megabytes: number;
  readonly isEqual: boolean;
  /** The page's model of everything, as JSON. */
  readonly model: string;
}

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function run(folder: string): ReportRun {
  const started = performance.now();
  const ledger = Ledger.open(longOptions(folder));
  const page = (request: PageRequest) =>
    pageModel(ledger.pageFacts(pageQuery(request, timeZone)), request, {
      t: (words) => words,
      locale: 'en',
      timeZone,
      machine: 'this machine',
      pricesAsOf: '2026-09-23',
      agentLabel: (id) => id,
    });
  const timed = (action: () => unknown) => {
    const start = performance.now();
    action();
    return performance.now() - start;
  };
  const day = (atMs: number) => new Date(atMs).toISOString().slice(0, 10);
  const until = day(lastMs);
  const month: PageRequest = { since: day(lastMs - 29 * 86_400_000), until, stackBy: 'model' };
  const everything: PageRequest = { since: '2000-01-01', until, stackBy: 'model' };
  const monthMs = timed(() => page(month));
  const openMs = performance.now() - started;
  const everythingMs = timed(() => page(everything));
  const [project] = ledger.totals({ by: 'project', timeZone }).rows;
  const projectMs = timed(() => page({ ...everything, project: project!.key }));
  const dayPassportMs = timed(() => ledger.explain(day(lastMs - 86_400_000), timeZone));
  const megabytes = process.resourceUsage().maxRSS / 1024;
  const model = page(everything);
  const shown = model.tiles[0]!.value ?? 0;
  const asked = ledger.totals({ by: 'day', until, timeZone }).totals.costUsd ?? 0;
  ledger.close();
  const isEqual = Math.abs(shown - asked) < 1e-6 * asked;
  return { openMs, monthMs, everythingMs, projectMs, dayPassportMs, megabytes, isEqual, model: JSON.stringify(model) };
}

const [, , folder] = process.argv;
if (folder !== undefined && process.argv[1]?.includes('reportRun')) console.log(JSON.stringify(run(folder)));
