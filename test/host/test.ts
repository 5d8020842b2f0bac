// `npm test`: everything, in one go; collects all failures and ends with the line `N passed, N failed`.
// `npm test -- e2e` runs only the steps named; `npm test -- e2e --grep TEXT` only the tests whose title holds TEXT.
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { findChromium } from './chromium';
import { runCommand, runNpm } from './command';
import { runCiLab } from '../lab/ciLab';
import { checkoutFolder, makeTemporaryFolder } from './folders';
import { chooseHosts, type SuiteHost } from './host';
import { HumanError, runScript } from './humanError';
import { readCounts, type Counts } from './mochaRun';
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
  // The cheap steps run beside the installing, which mostly waits; nothing runs beside an editor under test.
  await Promise.all([
    inOrder(chosen, values.grep),
    ...(chosen.has('integration') || chosen.has('e2e') ? [measured('install', () => install(chosen, hosts))] : []),
  ]);
  for (const host of hosts) {
    console.log(`\nIntegration tests in ${host.label}`);
    await measured(`integration, ${host.label}`, () => host.runSuite((line) => console.log(line)));
  }
  if (chosen.has('e2e')) {
    console.log('\nEnd-to-end tests in the workbench');
    await measured('e2e', () => suite('e2e', '', values.grep));
  }
  if (chosen.has('lab')) {
    console.log('\nReal agents against the scripted model server');
    await measured('lab', () => runCiLab((line) => console.log(line)));
  }
  return summarize();
});

function chooseSteps(names: readonly string[]): ReadonlySet<Step> {
  const unknown = names.find((name) => !steps.some((step) => step === name));
  if (unknown !== undefined) throw new HumanError(`There is no step ${unknown}. The steps: ${steps.join(', ')}.`);
  return new Set(names.length === 0 ? steps : steps.filter((step) => names.includes(step)));
}

async function inOrder(chosen: ReadonlySet<Step>, grep: string | undefined): Promise<void> {
  if (chosen.has('unit')) await measured('unit', () => suite('unit', '[unit] ', grep));
  for (const step of ['types', 'lint'] as const) {
    if (!chosen.has(step)) continue;
    await measured(step, async () => {
      const exitCode = await runNpm(['run', '--silent', step], { prefix: `[${step}] ` });
      console.log(`[${step}] ${exitCode === 0 ? 'clean' : 'failed'}`);
      return { passed: 0, failed: exitCode === 0 ? 0 : 1 };
    });
  }
}

async function install(chosen: ReadonlySet<Step>, hosts: SuiteHost[]): Promise<Counts> {
  await findChromium();
  if (chosen.has('integration')) hosts.push(...(await chooseHosts()));
  if (chosen.has('e2e')) for (const release of [newestRelease, oldestRelease]) await installRelease(release);
  return { passed: 0, failed: 0 };
}

async function suite(kind: 'unit' | 'e2e', prefix: string, grep: string | undefined): Promise<Counts> {
  const folder = makeTemporaryFolder('counts');
  const countsFile = path.join(folder.path, 'counts.json');
  const script = path.join(checkoutFolder, 'out', 'host', 'suite.js');
  const args = [script, kind, countsFile, ...(grep === undefined ? [] : [grep])];
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
