// How far the Claude estimate is off on the person's own texts, and the correction that they bear out. The result is
// small and plain: numbers that may be kept.
import { readFileSync } from 'node:fs';
import {
  type Correction,
  generations,
  type Generation,
  judge,
  learn,
  type Mismatch,
  sortSamples,
} from '../tokens/calibration';
import { type Sample } from '../tokens/calibrationSamples';
import { claudeLogFolders, logFiles, newestFiles, readSamples } from './ownTexts';

export interface CheckedEstimate {
  readonly samples: number;
  /** Of the estimates as corrected; a share. */
  readonly medianError: number;
  readonly correction: Correction;
}

export interface EstimateCheck {
  readonly checked: Partial<Record<Generation, CheckedEstimate>>;
  readonly mismatches: readonly Mismatch[];
}

export interface EstimateCheckStart {
  readonly home: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** dist/o200k_base.bin */
  readonly vocabularyFile: string;
  /** Samples from elsewhere: texts that the vendor counted itself. */
  readonly more?: readonly Sample[];
}

/** Newest logs up to this size: some ten seconds of reading, thousands of samples. */
const mostBytes = 200_000_000;

export async function checkEstimates({
  home,
  variables,
  vocabularyFile,
  more = [],
}: EstimateCheckStart): Promise<EstimateCheck> {
  const all = (await Promise.all(claudeLogFolders(home, variables).map(logFiles))).flat();
  const samples: Sample[] = [...more];
  await readSamples(await newestFiles(all, mostBytes), readFileSync(vocabularyFile), (sample) => samples.push(sample));
  const { byGeneration, mismatches } = sortSamples(samples);
  const checked: Partial<Record<Generation, CheckedEstimate>> = {};
  for (const generation of generations) {
    const own = byGeneration.get(generation) ?? [];
    const correction = learn(own, generation);
    const quality = judge(own, generation, () => correction);
    if (quality) checked[generation] = { samples: own.length, medianError: quality.medianError, correction };
  }
  return { checked, mismatches };
}
