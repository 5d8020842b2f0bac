// `calibrate [--json] [FOLDER…]`: the Claude estimate held against Claude Code's logs, read line by line and not kept.
// Tells samples, error, bias and how often the bands hold, by tokenizer generation and kind of content: for the shipped
// model alone, and with what the earlier half of each project teaches, tested on its later half.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { claudeLogFolders, logFiles, readSamples } from '../ledger/ownTexts';
import {
  type Correction,
  generations,
  type Generation,
  halves,
  judge,
  learn,
  type Mismatch,
  type Quality,
  sortSamples,
  uncorrected,
} from '../tokens/calibration';
import { LEAST_TOKENS, type Sample } from '../tokens/calibrationSamples';
import { type ContentKind } from '../tokens/contentKind';
import { type Io, table, UsageError } from './terminal';

export const calibrateUsage = `Usage: tokenometer calibrate [--json] [FOLDER…]

Holds the token estimate for Claude against Claude Code's logs (CLAUDE_CONFIG_DIR or ~/.claude, or the folders named).
Only numbers are kept of what is read.
`;

/** One generation's figures: all samples and the later halves by the shipped model, the later halves corrected. */
interface GenerationReport {
  readonly samples: number;
  readonly shipped: Quality | undefined;
  readonly shippedByKind: Partial<Record<ContentKind, Quality>>;
  readonly laterHalf: { readonly shipped: Quality | undefined; readonly calibrated: Quality | undefined };
  readonly laterHalfByKind: Partial<Record<ContentKind, { shipped: Quality; calibrated: Quality }>>;
  /** Projects whose earlier half changed the estimate, of all with a later half. */
  readonly corrected: { readonly projects: number; readonly of: number };
}

interface CalibrationReport {
  readonly files: number;
  readonly unreadableFiles: number;
  readonly samples: number;
  readonly leastTokens: number;
  readonly generations: Partial<Record<Generation, GenerationReport>>;
  readonly mismatches: readonly Mismatch[];
}

type CalibrateIo = Pick<Io, 'write' | 'error' | 'env' | 'home' | 'programFolder'>;

/** Exit code 0, or 1 where no log was found. Throws a UsageError on unknown options. */
export async function calibrate(args: readonly string[], io: CalibrateIo): Promise<number> {
  const { isJson, folders } = optionsOf(args);
  const roots = folders.length > 0 ? folders : claudeLogFolders(io.home, io.env);
  const files = (await Promise.all(roots.map(logFiles))).flat();
  const packed = await readFile(join(io.programFolder, 'o200k_base.bin'));
  const samples: Sample[] = [];
  const unreadableFiles = await readSamples(files, packed, (sample) => samples.push(sample));
  const report = reportOf(samples, files.length, unreadableFiles);
  if (files.length === 0) io.error(`No Claude Code logs (*.jsonl) under ${roots.join(', ')}.\n`);
  io.write(isJson ? JSON.stringify(report, undefined, 2) + '\n' : inWords(report));
  return files.length === 0 ? 1 : 0;
}

function optionsOf(args: readonly string[]): { isJson: boolean; folders: string[] } {
  try {
    const options = { json: { type: 'boolean' }, help: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help) throw new UsageError(calibrateUsage);
    return { isJson: values.json ?? false, folders: positionals };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function reportOf(samples: readonly Sample[], files: number, unreadableFiles: number): CalibrationReport {
  const { byGeneration, mismatches } = sortSamples(samples);
  const reports: Partial<Record<Generation, GenerationReport>> = {};
  for (const generation of generations) {
    const own = byGeneration.get(generation) ?? [];
    if (own.length > 0) reports[generation] = generationReport(own, generation);
  }
  return {
    files,
    unreadableFiles,
    samples: samples.length,
    leastTokens: LEAST_TOKENS,
    generations: reports,
    mismatches,
  };
}

function generationReport(samples: readonly Sample[], generation: Generation): GenerationReport {
  const shippedOnly = () => uncorrected(generation);
  const { early, late } = halves(samples);
  const learnt = new Map<string, Correction>();
  for (const project of new Set(late.map((sample) => sample.project))) {
    learnt.set(
      project,
      learn(
        early.filter((sample) => sample.project === project),
        generation,
      ),
    );
  }
  const corrections = (sample: Sample) => learnt.get(sample.project)!;
  const shippedByKind: GenerationReport['shippedByKind'] = {};
  const laterHalfByKind: GenerationReport['laterHalfByKind'] = {};
  for (const kind of new Set(samples.map((sample) => sample.kind))) {
    shippedByKind[kind] = judge(
      samples.filter((sample) => sample.kind === kind),
      generation,
      shippedOnly,
    );
    const later = late.filter((sample) => sample.kind === kind);
    const shipped = judge(later, generation, shippedOnly);
    const calibrated = judge(later, generation, corrections);
    if (shipped && calibrated) laterHalfByKind[kind] = { shipped, calibrated };
  }
  const changed = [...learnt.values()].filter(({ factor, kinds }) => factor !== 1 || Object.keys(kinds).length > 0);
  return {
    samples: samples.length,
    shipped: judge(samples, generation, shippedOnly),
    shippedByKind,
    laterHalf: { shipped: judge(late, generation, shippedOnly), calibrated: judge(late, generation, corrections) },
    laterHalfByKind,
    corrected: { projects: changed.length, of: learnt.size },
  };
}

const names: Readonly<Record<Generation, string>> = {
  'claude-new': 'Claude from 4.7 on',
  'claude-old': 'Claude up to 4.6 and Haiku 4.5',
};

function inWords(report: CalibrationReport): string {
  const parts = [
    `${report.samples} texts of known size (${report.leastTokens} tokens and more) in ${report.files} log files` +
      (report.unreadableFiles > 0 ? `, ${report.unreadableFiles} files not readable.` : '.'),
  ];
  for (const generation of generations) {
    const found = report.generations[generation];
    if (found) parts.push(`${names[generation]}\n${tableOf(found)}`);
  }
  for (const { day, model, samples, countedBy, ratio } of report.mismatches) {
    const by = countedBy ? `by the tokenizer of ${names[countedBy]}` : 'by neither known tokenizer';
    parts.push(`${day}: ${samples} texts of ${model} were counted ${by} (${ratio.toFixed(2)} times the estimate).`);
  }
  return parts.join('\n\n') + '\n';
}

function tableOf(report: GenerationReport): string {
  const rows = [['', 'texts', 'median', 'p90', 'sum', '80 % band', '±', '90 % band', '±']];
  const add = (name: string, quality: Quality | undefined) => {
    if (quality) rows.push([name, ...figures(quality)]);
  };
  add('shipped model, all', report.shipped);
  const kinds = Object.entries(report.shippedByKind).sort(([, left], [, right]) => right.samples - left.samples);
  for (const [kind, quality] of kinds) add(`  ${kind}`, quality);
  add('shipped model, later halves', report.laterHalf.shipped);
  add('calibrated, later halves', report.laterHalf.calibrated);
  const { projects, of } = report.corrected;
  return table(rows, [1, 2, 3, 4, 5, 6, 7, 8]) + `Corrected in ${projects} of ${of} projects.`;
}

function figures({ samples, medianError, p90Error, bias, band80, band90 }: Quality): string[] {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  return [
    String(samples),
    ...[medianError, p90Error, bias, band80.held, band80.halfWidth, band90.held, band90.halfWidth].map(percent),
  ];
}
