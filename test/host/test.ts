// `npm test`: everything, in one go; collects all failures and ends with the line `N passed, N failed`.
// `npm test -- e2e` runs only the steps named; `npm test -- e2e --grep TEXT` only the tests whose title holds TEXT.
import * as fs from 'node:fs';
import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { findChromium } from './chromium';
import { runCommand, runNpm } from './command';
import { runCiLab } from '../lab/ciLab';
import { checkoutFolder, makeTemporaryFolder } from './folders';
import { chooseHosts, type SuiteHost } from './host';
import { HumanError, runScript } from './humanError';
import { installForTests } from './installedExtension';
import { readCounts, testFiles, type Counts } from './mochaRun';
import { installRelease, newestRelease, oldestRelease } from './webRelease';

const steps = ['types', 'lint', 'unit', 'integration', 'e2e', 'lab'] as const;
type Step = (typeof steps)[number];

interface Result extends Counts {
  readonly label: string;
  readonly seconds: number;
}

const results: Result[] = [];

runScript(async () => {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { grep: { type: 'string' } } });
  const chosen = chooseSteps(positionals);
  const hosts: SuiteHost[] = [];
  const lanes = Math.min(2, availableParallelism());
  // The cheap steps run beside the installing, which mostly waits; nothing heavy runs beside an editor under test.
  await Promise.all([
    inLanes(lanes, cheapSteps(chosen, values.grep)),
    ...(chosen.has('integration') || chosen.has('e2e') ? [measured('install', () => install(chosen, hosts))] : []),
  ]);
  // An editor under test waits half of its time: two of them keep two cores busy.
  await inLanes(lanes, [
    ...hosts.map((host) => () => integration(host)),
    ...(chosen.has('lab') ? [lab] : []),
    ...(chosen.has('e2e') ? e2eFiles().map((file) => () => e2e(file, values.grep)) : []),
  ]);
  return summarize();
});

function chooseSteps(names: readonly string[]): ReadonlySet<Step> {
  const unknown = names.find((name) => !steps.some((step) => step === name));
  if (unknown !== undefined) throw new HumanError(`There is no step ${unknown}. The steps: ${steps.join(', ')}.`);
  return new Set(names.length === 0 ? steps : steps.filter((step) => names.includes(step)));
}

function cheapSteps(chosen: ReadonlySet<Step>, grep: string | undefined): (() => Promise<void>)[] {
  return [
    ...(chosen.has('unit') ? [() => measured('unit', () => suite('unit', '[unit] ', grep))] : []),
    ...(['lint', 'types'] as const).filter((step) => chosen.has(step)).map((step) => () => script(step)),
  ];
}

/** One of the manifest's scripts that says by its exit code whether all is well. */
async function script(step: 'types' | 'lint'): Promise<void> {
  await measured(step, async () => {
    const exitCode = await runNpm(['run', '--silent', step], { prefix: `[${step}] ` });
    console.log(`[${step}] ${exitCode === 0 ? 'clean' : 'failed'}`);
    return { passed: 0, failed: exitCode === 0 ? 0 : 1 };
  });
}

async function install(chosen: ReadonlySet<Step>, hosts: SuiteHost[]): Promise<Counts> {
  await findChromium();
  if (chosen.has('integration')) hosts.push(...(await chooseHosts()));
  if (chosen.has('e2e')) {
    await installRelease(oldestRelease);
    await installForTests(await installRelease(newestRelease));
  }
  return { passed: 0, failed: 0 };
}

async function integration(host: SuiteHost): Promise<void> {
  const label = `integration, ${host.label}`;
  await measured(label, () => host.runSuite((line) => console.log(`[${label}] ${line}`)));
}

async function lab(): Promise<void> {
  await measured('lab', () => runCiLab((line) => console.log(`[lab] ${line}`)));
}

/** The end-to-end tests, the longest file first, so that no lane is left alone with it at the end. */
function e2eFiles(): string[] {
  const folder = path.join(checkoutFolder, 'out', 'e2e');
  const size = (file: string) => fs.statSync(path.join(folder, file)).size;
  return testFiles(folder).sort((a, b) => size(b) - size(a));
}

async function e2e(file: string, grep: string | undefined): Promise<void> {
  const name = file.replace(/\.test\.js$/, '');
  await measured(`e2e, ${name}`, () => suite('e2e', `[${name}] `, grep, file));
}

/** Runs the steps in order, as many at once as there are lanes. */
async function inLanes(lanes: number, tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const queue = [...tasks];
  const lane = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) await task();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function suite(kind: 'unit' | 'e2e', prefix: string, grep: string | undefined, file?: string): Promise<Counts> {
  const folder = makeTemporaryFolder('counts');
  const countsFile = path.join(folder.path, 'counts.json');
  const suiteScript = path.join(checkoutFolder, 'out', 'host', 'suite.js');
  const args = [
    suiteScript,
    kind,
    countsFile,
    ...(grep === undefined ? [] : [grep]),
    ...(file === undefined ? [] : ['--file', file]),
  ];
  await runCommand(process.execPath, args, { prefix });
  const counts = readCounts(countsFile) ?? { passed: 0, failed: 1 };
  folder.remove();
  return counts;
}

/** A step that breaks is one failure of the whole, not its end. */
async function measured(label: string, step: () => Promise<Counts>): Promise<void> {
  const startMs = Date.now();
  let counts: Counts;
  try {
    counts = await step();
  } catch (error) {
    console.error(error instanceof HumanError ? error.message : error);
    counts = { passed: 0, failed: 1 };
  }
  results.push({ label, ...counts, seconds: (Date.now() - startMs) / 1000 });
}

function summarize(): number {
  console.log('');
  for (const { label, passed, failed, seconds } of results) {
    const counted = passed + failed === 0 ? 'done' : `${passed} passed${failed === 0 ? '' : `, ${failed} FAILED`}`;
    console.log(`${seconds.toFixed(1).padStart(6)} s  ${label}: ${counted}`);
  }
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
