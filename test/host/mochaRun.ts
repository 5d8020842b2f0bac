// Runs mocha on built test files and counts. The same for unit tests, e2e tests and the tests inside an extension host.
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as util from 'node:util';
import Mocha from 'mocha';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export interface MochaRunOptions {
  /** Every *.test.js below it is run, in the order of their paths. */
  readonly folder: string;
  /** Only this one of them, as `testFiles` names it. */
  readonly file?: string;
  /** Only tests whose full title holds it. */
  readonly grep?: string;
  readonly timeoutMs: number;
  /** How often a failed test is tried again: a slow machine drops a keystroke now and then. */
  readonly retries?: number;
  /** Where the report goes, line by line. */
  readonly print: (text: string) => void;
  /** Told at once of each failed test or hook, by its full title; not waited for. */
  readonly onFail?: (title: string) => void;
}

export async function runMocha(options: MochaRunOptions): Promise<Counts> {
  Mocha.reporters.Base.consoleLog = (...parts: unknown[]) => options.print(util.format(...parts));
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: options.timeoutMs,
    retries: options.retries ?? 0,
    reporter: 'spec',
    grep: options.grep,
  });
  for (const name of testFiles(options.folder)) {
    if (options.file === undefined || options.file === name) mocha.addFile(path.join(options.folder, name));
  }
  return new Promise((resolve) => {
    const runner = mocha.run(() => {
      const { passes = 0, failures = 0, tests = 0 } = runner.stats ?? {};
      const isEmpty = tests === 0 && options.grep === undefined;
      if (isEmpty) options.print(`No tests were found in ${options.folder}`);
      resolve({ passed: passes, failed: isEmpty ? 1 : failures });
    });
    runner.on('fail', (test) => options.onFail?.(test.fullTitle()));
  });
}

/** The built test files below a folder, by their paths in it. */
export function testFiles(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js'))
    .sort();
}

/** A suite's result, left as a file for the process that started it. */
export function writeCounts(file: string, counts: Counts): void {
  fs.writeFileSync(file, JSON.stringify(counts));
}

/** The result that a suite left, or undefined where it came to no end. */
export function readCounts(file: string): Counts | undefined {
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Counts) : undefined;
}
