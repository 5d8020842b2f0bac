// The fitted weights and how a prompt's features become a score: the same few lines for the shipped model, a refit on the
// user's own prompts, and the fit itself.
import { type PromptText } from './readPrompt.js';
import { featureValues, phrasesOf, taskFeatures, type PromptPlace } from './taskFeatures.js';

export interface FeatureWeight {
  readonly mean: number;
  /** The feature's standard deviation where it was fitted. */
  readonly scale: number;
  /** Per standard deviation. Above zero: towards small work. */
  readonly weight: number;
}

/** `p = 1 / (1 + exp(-(intercept + slope * score)))`. */
export interface Calibration {
  readonly intercept: number;
  readonly slope: number;
}

/** What simpleTask.json holds. */
export interface TaskModel {
  /** ISO day. */
  readonly fitOn: string;
  /** First 16 hex digits of the SHA-256 of the data that it was fitted on. */
  readonly dataHash: string;
  readonly prompts: number;
  readonly sessions: number;
  readonly features: Readonly<Record<string, FeatureWeight>>;
  readonly phrases: Readonly<Record<string, number>>;
  readonly small: Calibration;
  readonly notHeavy: Calibration;
  /** A prompt that passes the gates gets a hint from this score on. */
  readonly fireAbove: number;
  /** What was measured by cross-validation at the fit, by name. */
  readonly scores: Readonly<Record<string, number>>;
}

/** One thing that moved a score. */
export interface Contribution {
  readonly id: string;
  /** "ends in a question": to follow "it". */
  readonly says: string;
  /** In units of the score (log odds). */
  readonly weight: number;
  /** The prompt has it. What it lacks moves the score too, but is no reason to name. */
  readonly isPresent: boolean;
}

/** What the features and phrases of a prompt add to its score, in the order of the model. */
export function contributions(prompt: PromptText, place: PromptPlace, model: TaskModel): readonly Contribution[] {
  const found: Contribution[] = [];
  featureValues(prompt, place).forEach((value, at) => {
    const { id, says } = taskFeatures[at]!;
    const fitted = model.features[id];
    if (fitted === undefined || value === undefined) return;
    found.push({ id, says, weight: (fitted.weight * (value - fitted.mean)) / fitted.scale, isPresent: value !== 0 });
  });
  for (const phrase of phrasesOf(prompt)) {
    if (!Object.hasOwn(model.phrases, phrase)) continue;
    found.push({
      id: `phrase ${phrase}`,
      says: `says "${phrase.replace('^', '')}"`,
      weight: model.phrases[phrase]!,
      isPresent: true,
    });
  }
  return found;
}

export const scoreOf = (parts: readonly Contribution[]): number => parts.reduce((sum, part) => sum + part.weight, 0);
