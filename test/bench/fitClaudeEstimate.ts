// Fits the Claude estimate (src/tokens/tokenizers.json, "features") on a file of samples and says how well it does on
// projects left out. A sample is numbers only: what a known text cost by a Claude Code log, its features, its framing.
//
//   node out/bench/fitClaudeEstimate.js <samples.jsonl> [--write]      or CLAUDE_TOKEN_SAMPLES=<samples.jsonl>
//
// The model is a linear sum of counts, fitted on the relative error with Huber's loss (a log holds hidden reminders
// that no text explains), each project weighted by the root of its size. Since the loss looks away from those
// reminders, the sum comes out low: a third of what is missing is given back. Bands come from the errors on projects
// that the fit had not seen, one point further out at each end than the level says: those quantiles are themselves only
// a sample. On each project in turn, with weights and bands from the others, they hold 82 and 92 %.
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

type Generation = 'old' | 'new';
interface Sample {
  readonly g: Generation;
  readonly p: string;
  readonly t: string;
  readonly s: 'result' | 'output' | 'pair';
  readonly y: number;
  readonly f: readonly number[];
  readonly nr: number;
  readonly use: number;
  readonly par: number;
}

/** The order of a sample's features. */
const order = [
  ...['tokens', 'cl100kTokens', 'chars', 'capitals', 'lowercase', 'digits', 'newlines', 'blanks', 'nonAscii'],
  ...['asciiPunctuation', 'pieces', 'words', 'camelHumps', 'tabs', 'indentedLines', 'underscores', 'slashes'],
];
const base = ['tokens', 'capitals', 'asciiPunctuation', 'camelHumps', 'words', 'newlines', 'digits', 'pieces'];
const chosen: Readonly<Record<Generation, readonly string[]>> = {
  old: [...base, 'nonAscii', 'underscores'],
  new: base,
};
const framing = ['firstResult', 'furtherResult', 'toolUse', 'parameter', 'output', 'pair'];
const huber: Readonly<Record<Generation, number>> = { old: 0.02, new: 0.06 };
/** Share of the missing sum that is given back. */
const GIVEN_BACK = 0.35;
const LEAST_TOKENS = 200;

function rowOf(sample: Sample, generation: Generation): number[] {
  return [
    ...chosen[generation].map((name) => sample.f[order.indexOf(name)]!),
    sample.nr > 0 ? 1 : 0,
    Math.max(0, sample.nr - 1),
    sample.use,
    sample.par,
    sample.s === 'output' ? 1 : 0,
    sample.s === 'pair' ? 1 : 0,
  ];
}

/** Solves the symmetric system `matrix * x = right` by elimination. */
function solve(matrix: number[][], right: number[]): number[] {
  const size = right.length;
  const rows = matrix.map((row, index) => [...row, right[index]!]);
  for (let pivot = 0; pivot < size; pivot++) {
    let best = pivot;
    for (let row = pivot + 1; row < size; row++) {
      if (Math.abs(rows[row]![pivot]!) > Math.abs(rows[best]![pivot]!)) best = row;
    }
    [rows[pivot], rows[best]] = [rows[best]!, rows[pivot]!];
    for (let row = pivot + 1; row < size; row++) {
      const factor = rows[row]![pivot]! / rows[pivot]![pivot]!;
      for (let column = pivot; column <= size; column++) rows[row]![column]! -= factor * rows[pivot]![column]!;
    }
  }
  const solution = new Array<number>(size).fill(0);
  for (let row = size - 1; row >= 0; row--) {
    let sum = rows[row]![size]!;
    for (let column = row + 1; column < size; column++) sum -= rows[row]![column]! * solution[column]!;
    solution[row] = sum / rows[row]![row]!;
  }
  return solution;
}

function dot(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, index) => sum + value * right[index]!, 0);
}

/** Weights of features and framing, by iteratively reweighted least squares on the relative error. */
function fit(samples: readonly Sample[], generation: Generation): number[] {
  const sizes = new Map<string, number>();
  for (const { p } of samples) sizes.set(p, (sizes.get(p) ?? 0) + 1);
  const rows = samples.map((sample) => rowOf(sample, generation).map((value) => value / sample.y));
  const width = rows[0]!.length;
  const scale = Array.from(
    { length: width },
    (_, at) => rows.reduce((sum, row) => sum + Math.abs(row[at]!), 1e-9) / rows.length,
  );
  const scaled = rows.map((row) => row.map((value, at) => value / scale[at]!));
  let trust = samples.map(() => 1);
  let weights: number[] = [];
  for (let round = 0; round < 25; round++) {
    const matrix = Array.from({ length: width }, (_, at) =>
      Array.from({ length: width }, (_, to) => (at === to ? 1e-6 * samples.length : 0)),
    );
    const right = new Array<number>(width).fill(0);
    scaled.forEach((row, index) => {
      const weight = trust[index]! / Math.sqrt(sizes.get(samples[index]!.p)!);
      for (let at = 0; at < width; at++) {
        right[at]! += weight * row[at]!;
        for (let to = 0; to < width; to++) matrix[at]![to]! += weight * row[at]! * row[to]!;
      }
    });
    weights = solve(matrix, right);
    trust = scaled.map((row) => Math.min(1, huber[generation] / Math.max(1e-9, Math.abs(dot(row, weights) - 1))));
  }
  const result = weights.map((weight, at) => weight / scale[at]!);
  const logged = samples.reduce((sum, { y }) => sum + y, 0);
  const found = samples.reduce((sum, sample) => sum + dot(rowOf(sample, generation), result), 0);
  const missing = (logged / found - 1) * GIVEN_BACK;
  return result.map((weight, at) => (at < chosen[generation].length ? weight * (1 + Math.max(0, missing)) : weight));
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)]!;
  return low + (sorted[Math.ceil(at)]! - low) * (at - Math.floor(at));
}

/** Leaves out the days on which a project's calls were counted by the other generation's tokenizer than their name says. */
function withoutForeignDays(all: readonly Sample[], generation: Generation): Sample[] {
  const mine = all.filter(({ g }) => g === generation);
  const own = fit(mine, generation);
  const otherGeneration = generation === 'old' ? 'new' : 'old';
  const other = fit(
    all.filter(({ g }) => g === otherGeneration),
    otherGeneration,
  );
  const days = new Map<string, Sample[]>();
  for (const sample of mine) {
    const day = `${sample.p} ${sample.t.slice(0, 10)}`;
    days.set(day, [...(days.get(day) ?? []), sample]);
  }
  const off = (samples: readonly Sample[], of: Generation, weights: readonly number[]) =>
    Math.abs(
      quantile(
        samples.map((sample) => Math.log(sample.y / dot(rowOf(sample, of), weights))),
        0.5,
      ),
    );
  const kept: Sample[] = [];
  for (const [day, samples] of days) {
    // The same rules as `sortSamples` of src/tokens/calibration.ts. Before April 2026 there was no newer tokenizer.
    const isPossible = generation === 'new' || samples[0]!.t >= '2026-04';
    const distance = off(samples, generation, own);
    const isOthers = isPossible && samples.length >= 3 && off(samples, otherGeneration, other) < distance;
    const isStrange = samples.length >= 5 && distance > Math.log(samples.length >= 8 ? 1.15 : 1.4);
    if (isOthers || isStrange) {
      console.log(
        `  left out: ${samples.length} samples of ${day}, ${isOthers ? 'by the other tokenizer' : 'by neither'}`,
      );
    } else kept.push(...samples);
  }
  return kept;
}

function report(name: string, samples: readonly Sample[], estimates: readonly number[]): void {
  const errors = samples.map(({ y }, index) => Math.abs(estimates[index]! / y - 1));
  const bias = estimates.reduce((sum, value) => sum + value, 0) / samples.reduce((sum, { y }) => sum + y, 0) - 1;
  const percent = (value: number) => (value * 100).toFixed(1);
  console.log(
    `  ${name}: ${samples.length} samples, median ${percent(quantile(errors, 0.5))} %, p90 ${percent(quantile(errors, 0.9))} %, sum ${percent(bias)} %`,
  );
}

function fitGeneration(all: readonly Sample[], generation: Generation) {
  console.log(`${generation} tokenizer`);
  const samples = withoutForeignDays(all, generation);
  const projects = [...new Set(samples.map(({ p }) => p))];
  const unseen = new Map<string, number[]>();
  for (const project of projects)
    unseen.set(
      project,
      fit(
        samples.filter(({ p }) => p !== project),
        generation,
      ),
    );
  const estimates = samples.map((sample) => dot(rowOf(sample, generation), unseen.get(sample.p)!));
  report('projects left out', samples, estimates);
  for (const project of projects) {
    const own = samples.map((_, index) => index).filter((index) => samples[index]!.p === project);
    if (own.length >= 15)
      report(
        `  ${project}`,
        own.map((index) => samples[index]!),
        own.map((index) => estimates[index]!),
      );
  }
  const errors = samples.map(({ y }, index) => y / estimates[index]! - 1);
  const band = (low: number, high: number) =>
    [quantile(errors, low), quantile(errors, high)].map((value) => Math.round(value * 1000) / 1000);
  const weights = fit(samples, generation);
  const named = (names: readonly string[], from: number, digits: number) =>
    Object.fromEntries(names.map((name, at) => [name, Number(weights[from + at]!.toFixed(digits))]));
  return {
    weights: named(chosen[generation], 0, 4),
    framing: named(framing, chosen[generation].length, 1),
    ratio: generation === 'new' ? [1.3, 2.3] : [0.95, 1.6],
    band80: band(0.09, 0.91),
    band90: band(0.04, 0.96),
    source: `published Claude Code logs of ${projects.length} projects, ${generation === 'new' ? 'Opus 4.7 to Fable 5' : 'models up to 4.6 and Haiku 4.5'}, texts of ${LEAST_TOKENS} o200k tokens and more`,
    date: new Date().toISOString().slice(0, 10),
    samples: samples.length,
  };
}

function main(): void {
  const file =
    process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? process.env['CLAUDE_TOKEN_SAMPLES'];
  if (!file) throw new Error('Name the file of samples, or set CLAUDE_TOKEN_SAMPLES');
  const samples = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Sample)
    .filter((sample) => sample.f[0]! >= LEAST_TOKENS && sample.y > 0);
  const features = { 'claude-new': fitGeneration(samples, 'new'), 'claude-old': fitGeneration(samples, 'old') };
  if (!process.argv.includes('--write')) return console.log(JSON.stringify(features, undefined, 2));
  const target = path.join(process.cwd(), 'src', 'tokens', 'tokenizers.json');
  const tokenizers = JSON.parse(readFileSync(target, 'utf8')) as Record<string, unknown>;
  writeFileSync(target, JSON.stringify({ ...tokenizers, features }, undefined, 2) + '\n');
  console.log(`written to ${target}`);
}

main();
