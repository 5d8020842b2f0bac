// Fits src/advisor/simpleTask.json from the advisor's development data: `fitAdvisor <routing-dev.jsonl> [--check]`.
// Prints what it measured; --check writes nothing and fails where the committed file is not what the data gives.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TaskModel } from '../../src/advisor/taskModel.js';
import { auc, readAdvisorData, usualDataFile, type AdvisorData } from './advisorData.js';
import { calibrate, fireBound, fitWeights, isOpen, labelled, outOfFold, sharedWords, splits } from './fitTaskModel.js';

const target = path.resolve('src', 'advisor', 'simpleTask.json');
const rounded = (value: number): number => Number(value.toFixed(3));

export function fitAdvisor(data: AdvisorData, fitOn: string): TaskModel {
  const rows = labelled(data.effort);
  const shared = sharedWords(data);
  const small = rows.map((row) => row.small);
  const notHeavy = rows.map((row) => row.notHeavy);
  const scores: Record<string, number> = {};
  let bySession: readonly number[] = [];
  for (const [name, folds] of Object.entries(splits(data.effort))) {
    const held = outOfFold(rows, folds, shared);
    if (name === 'sessions') bySession = held;
    const bound = fireBound(rows, held);
    const fired = rows.filter((row, index) => isOpen(row) && held[index]! >= bound);
    const share = (test: (row: (typeof rows)[number]) => boolean): number =>
      rounded(fired.filter(test).length / fired.length);
    scores[`${name}: AUC small`] = rounded(auc(held, small));
    scores[`${name}: AUC not heavy`] = rounded(auc(held, notHeavy));
    scores[`${name}: fired`] = rounded(fired.length / rows.length);
    scores[`${name}: small among fired`] = share((row) => row.small);
    scores[`${name}: heavy among fired`] = share((row) => !row.notHeavy);
  }
  return {
    fitOn,
    dataHash: data.hash,
    prompts: rows.length,
    sessions: new Set(data.effort.map((row) => row.group)).size,
    small: calibrate(bySession, small),
    notHeavy: calibrate(bySession, notHeavy),
    fireAbove: fireBound(rows, bySession),
    scores,
    ...fitWeights(rows, shared),
  };
}

/** The committed file's date stays where nothing else changed. */
function main(file: string, check: boolean): number {
  const data = readAdvisorData(file);
  if (data === undefined) {
    console.error(`No data at ${file}.`);
    return 2;
  }
  let before: TaskModel | undefined;
  try {
    before = JSON.parse(readFileSync(target, 'utf8')) as TaskModel;
  } catch {
    before = undefined;
  }
  const fitted = fitAdvisor(data, before?.fitOn ?? new Date().toISOString().slice(0, 10));
  const isSame = JSON.stringify(before) === JSON.stringify(fitted);
  console.log(`${fitted.prompts} prompts of ${fitted.sessions} sessions, data ${fitted.dataHash}`);
  for (const [name, value] of Object.entries(fitted.scores)) console.log(`${name.padEnd(32)} ${value.toFixed(3)}`);
  console.log(isSame ? 'The committed weights are what this data gives.' : 'The committed weights differ.');
  if (check) return isSame ? 0 : 1;
  if (!isSame) {
    const dated = { ...fitted, fitOn: new Date().toISOString().slice(0, 10) };
    writeFileSync(target, `${JSON.stringify(dated, undefined, 2)}\n`);
  }
  return 0;
}

if (process.argv[1]?.includes('fitAdvisor') === true) {
  const rest = process.argv.slice(2);
  process.exitCode = main(rest.find((one) => !one.startsWith('--')) ?? usualDataFile, rest.includes('--check'));
}
