// The Claude estimate held against the user's own logs: how far off it is on their texts, whether a call was counted
// by another tokenizer than its model's name says, and a correction where later samples confirm it. Works on samples
// (numbers); reading logs is `calibrationSamples`' business.
import { type Sample } from './calibrationSamples.js';
import { type ContentKind } from './contentKind.js';
import { type Estimate, type FeatureModel, featureModels, predict } from './estimate.js';
import { familyOf } from './families.js';

export type Generation = 'claude-old' | 'claude-new';
export const generations: readonly Generation[] = ['claude-new', 'claude-old'];

/** From this many samples on a correction may be made, and bands taken from the user's own errors. */
const LEAST_TO_CORRECT = 20;
const LEAST_FOR_BANDS = 60;
/** How many samples' weight the shipped model has against the user's. */
const SHRINKAGE = 40;
/** A correction must better the median error on later samples by this much to be used. */
const LEAST_GAIN = 0.004;
/** No call before this day was counted by the newer tokenizer: its first model came out in the middle of April 2026. */
const NEWER_SINCE_MS = Date.UTC(2026, 3, 1);
/** A day must lie this near to the other tokenizer's estimate to be taken for its work. */
const NEAR = Math.log(1.1);

type Band = readonly [low: number, high: number];

/** A correction of one generation's estimates. */
export interface Correction {
  /** Of the whole; 1 where nothing was confirmed. */
  readonly factor: number;
  /** Of a kind of content, where it differs and later samples confirm it. */
  readonly kinds: Readonly<Partial<Record<ContentKind, number>>>;
  readonly band80: Band;
  readonly band90: Band;
  readonly samples: number;
}

/** How well estimates did. Shares, not percent. */
export interface Quality {
  readonly samples: number;
  readonly medianError: number;
  readonly p90Error: number;
  /** Sum of the estimates over the sum logged, minus 1. */
  readonly bias: number;
  readonly band80: BandQuality;
  readonly band90: BandQuality;
}
export interface BandQuality {
  /** Share of the samples inside. */
  readonly held: number;
  /** Mean half width as a share of the estimate. */
  readonly halfWidth: number;
}

/** Calls of a session that another tokenizer counted than the model's name says. */
export interface Mismatch {
  readonly project: string;
  readonly day: string;
  readonly model: string;
  readonly samples: number;
  /** The generation whose estimate fits; undefined where neither does. */
  readonly countedBy: Generation | undefined;
  /** Median of logged over estimated tokens, by the tokenizer of the name. */
  readonly ratio: number;
}

/** Samples by the tokenizer that counted them. */
export interface SortedSamples {
  readonly byGeneration: ReadonlyMap<Generation, readonly Sample[]>;
  readonly mismatches: readonly Mismatch[];
}

/** What the shipped model says of a sample: its texts and the framing around them, in tokens. */
export function estimateOf(sample: Sample, generation: Generation): number {
  const model = modelOf(generation);
  const { framing } = model;
  return (
    predict(model, sample.tokens, sample.features) +
    (sample.results > 0 ? framing.firstResult + (sample.results - 1) * framing.furtherResult : 0) +
    sample.toolUses * framing.toolUse +
    sample.parameters * framing.parameter +
    (sample.source === 'output' ? framing.output : 0) +
    (sample.source === 'pair' ? framing.pair : 0)
  );
}

/**
 * Assigns samples to tokenizers: by the model's name, unless a day of one model in one project says otherwise. Samples
 * of models that are not Claude, and days that fit neither tokenizer, are in no generation.
 */
export function sortSamples(samples: readonly Sample[]): SortedSamples {
  const days = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = `${dayOf(sample)}\n${sample.model}\n${sample.project}`;
    const day = days.get(key);
    if (day) day.push(sample);
    else days.set(key, [sample]);
  }
  const byGeneration = new Map<Generation, Sample[]>(generations.map((generation) => [generation, []]));
  const mismatches: Mismatch[] = [];
  for (const day of days.values()) {
    const first = day[0]!;
    const named = generations.find((generation) => generation === familyOf(first.model).id);
    if (!named) continue;
    const countedBy = tokenizerOf(day, named);
    if (countedBy !== named) {
      const ratio = median(day.map((sample) => sample.loggedTokens / estimateOf(sample, named)));
      const { project, model } = first;
      mismatches.push({ project, day: dayOf(first), model, samples: day.length, countedBy, ratio });
    }
    if (countedBy) byGeneration.get(countedBy)!.push(...day);
  }
  return { byGeneration, mismatches };
}

/** The generation whose estimates are nearer to a day's samples; undefined if the day is well outside of both. */
function tokenizerOf(day: readonly Sample[], named: Generation): Generation | undefined {
  if (day.length < 3) return named;
  const other = named === 'claude-old' ? 'claude-new' : 'claude-old';
  const off = (generation: Generation) =>
    Math.abs(median(day.map((sample) => Math.log(sample.loggedTokens / estimateOf(sample, generation)))));
  const isPossible = other === 'claude-old' || day[0]!.atMs >= NEWER_SINCE_MS;
  const nearest = isPossible && off(other) < off(named) && off(other) < NEAR ? other : named;
  const isStrange = off(nearest) > Math.log(day.length >= 8 ? 1.15 : 1.4);
  return isStrange && day.length >= 5 ? undefined : nearest;
}

/** The shipped model, uncorrected. */
export function uncorrected(generation: Generation): Correction {
  const { band80, band90 } = modelOf(generation);
  return { factor: 1, kinds: {}, band80, band90, samples: 0 };
}

/** What the samples of one generation teach. Equal to `uncorrected` unless there are enough and the later ones agree. */
export function learn(samples: readonly Sample[], generation: Generation): Correction {
  const shipped = uncorrected(generation);
  if (samples.length < LEAST_TO_CORRECT) return { ...shipped, samples: samples.length };
  const inTime = [...samples].sort((left, right) => left.atMs - right.atMs);
  const ratios = inTime.map((sample) => ({ sample, ratio: sample.loggedTokens / estimateOf(sample, generation) }));
  const factor = confirmedFactor(ratios.map(({ ratio }) => ratio));
  const kinds: Partial<Record<ContentKind, number>> = {};
  for (const kind of new Set(samples.map((sample) => sample.kind))) {
    const own = ratios.filter(({ sample }) => sample.kind === kind).map(({ ratio }) => ratio / factor);
    const kindFactor = confirmedFactor(own);
    if (kindFactor !== 1) kinds[kind] = kindFactor * factor;
  }
  const rest = ratios.map(({ sample, ratio }) => ratio / (kinds[sample.kind] ?? factor) - 1);
  return { factor, kinds, ...bandsOf(rest, shipped), samples: samples.length };
}

/**
 * A factor shrunk towards 1, if what the earlier half teaches makes the later half's errors clearly smaller and the
 * other way round; else 1. Of the two halves' factors the gentler: a project drifts more than its samples scatter.
 */
function confirmedFactor(ratios: readonly number[]): number {
  if (ratios.length < LEAST_TO_CORRECT) return 1;
  const middle = Math.ceil(ratios.length / 2);
  const early = ratios.slice(0, middle);
  const late = ratios.slice(middle);
  const factors = [shrunk(early), shrunk(late)];
  if (!isConfirmed(factors[0]!, late) || !isConfirmed(factors[1]!, early)) return 1;
  return factors.reduce((gentler, factor) => (Math.abs(factor - 1) < Math.abs(gentler - 1) ? factor : gentler));
}

function isConfirmed(factor: number, ratios: readonly number[]): boolean {
  const errors = (by: number) => ratios.map((ratio) => Math.abs(by / ratio - 1));
  return (
    median(errors(factor)) < median(errors(1)) - LEAST_GAIN && quantile(errors(factor), 0.9) <= quantile(errors(1), 0.9)
  );
}

function shrunk(ratios: readonly number[]): number {
  const found = Math.min(1.25, Math.max(0.8, median(ratios)));
  return 1 + ((found - 1) * ratios.length) / (ratios.length + SHRINKAGE);
}

/** Bands from the user's own errors: outer quantiles, moved out further the fewer there are, averaged with the shipped. */
function bandsOf(errors: readonly number[], shipped: Correction): Pick<Correction, 'band80' | 'band90'> {
  if (errors.length < LEAST_FOR_BANDS) return { band80: shipped.band80, band90: shipped.band90 };
  const moved = 1 + 0.4 / Math.sqrt(errors.length / 10);
  const share = errors.length / (errors.length + 2 * SHRINKAGE);
  const band = (level: number, from: Band): Band => [
    share * Math.min(-0.01, quantile(errors, level) * moved) + (1 - share) * from[0],
    share * Math.max(0.01, quantile(errors, 1 - level) * moved) + (1 - share) * from[1],
  ];
  return { band80: band(0.08, shipped.band80), band90: band(0.035, shipped.band90) };
}

/** An estimate as the user's own logs would have it: moved by what was confirmed, with the range they bear out. */
export function corrected(estimate: Estimate, correction: Correction, kind?: ContentKind): Estimate {
  const tokens = estimate.tokens * ((kind && correction.kinds[kind]) ?? correction.factor);
  return {
    ...estimate,
    tokens: Math.round(tokens),
    low: Math.floor(tokens * (1 + correction.band90[0])),
    high: Math.ceil(tokens * (1 + correction.band90[1])),
  };
}

/** How well the estimates, corrected this way, do on samples. Undefined on none. */
export function judge(
  samples: readonly Sample[],
  generation: Generation,
  correctionOf: (sample: Sample) => Correction,
): Quality | undefined {
  if (samples.length === 0) return undefined;
  const rows = samples.map((sample) => {
    const correction = correctionOf(sample);
    const estimate = estimateOf(sample, generation) * (correction.kinds[sample.kind] ?? correction.factor);
    return { estimate, correction, ratio: sample.loggedTokens / estimate };
  });
  const errors = rows.map(({ ratio }) => Math.abs(1 / ratio - 1));
  const logged = samples.reduce((sum, sample) => sum + sample.loggedTokens, 0);
  const bandQuality = (name: 'band80' | 'band90'): BandQuality => {
    const inside = rows.filter(
      ({ ratio, correction: { [name]: band } }) => ratio - 1 >= band[0] && ratio - 1 <= band[1],
    );
    const width = rows.reduce((sum, { correction: { [name]: band } }) => sum + (band[1] - band[0]) / 2, 0);
    return { held: inside.length / rows.length, halfWidth: width / rows.length };
  };
  return {
    samples: samples.length,
    medianError: median(errors),
    p90Error: quantile(errors, 0.9),
    bias: rows.reduce((sum, { estimate }) => sum + estimate, 0) / logged - 1,
    band80: bandQuality('band80'),
    band90: bandQuality('band90'),
  };
}

/** Earlier and later half of each project's samples. */
export function halves(samples: readonly Sample[]): { early: Sample[]; late: Sample[] } {
  const projects = new Map<string, Sample[]>();
  for (const sample of samples) projects.set(sample.project, [...(projects.get(sample.project) ?? []), sample]);
  const early: Sample[] = [];
  const late: Sample[] = [];
  for (const own of projects.values()) {
    own.sort((left, right) => left.atMs - right.atMs);
    const middle = Math.ceil(own.length / 2);
    early.push(...own.slice(0, middle));
    late.push(...own.slice(middle));
  }
  return { early, late };
}

function dayOf(sample: Sample): string {
  return new Date(sample.atMs).toISOString().slice(0, 10);
}

function modelOf(generation: Generation): FeatureModel {
  return featureModels[generation]!;
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** By linear interpolation between the sorted values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)]!;
  return low + (sorted[Math.ceil(at)]! - low) * (at - Math.floor(at));
}
