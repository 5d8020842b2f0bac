// The hints held against the user's own finished prompts: which of these would have been called small, and were they; and
// whether weights of their own would do better. Texts come in, numbers go out: what it returns may be kept.
import { type HintRecord, type OwnMark } from './learning.js';
import { personalFitSteps, type OwnPrompt } from './personalFit.js';
import { judgeTask } from './simpleTask.js';
import { type Calibration, type FeatureWeight, type TaskModel } from './taskModel.js';

/** The parts of a refit that differ from the shipped weights. */
export interface OwnWeights {
  readonly features: Readonly<Record<string, FeatureWeight>>;
  readonly small: Calibration;
  readonly notHeavy: Calibration;
  readonly fireAbove: number;
  /** Of the shipped weights that they correct: with others they mean nothing. */
  readonly dataHash: string;
  readonly ownAuc: number;
  readonly shippedAuc: number;
  readonly testedOn: number;
}

export interface OwnStudy {
  readonly atMs: number;
  /** Finished prompts looked at, and how many of them were small. */
  readonly prompts: number;
  readonly small: number;
  /** Those that would have been marked by weights that had not seen them, oldest first. */
  readonly marks: readonly OwnMark[];
  readonly weights?: OwnWeights;
}

const keptMarks = 60;
const promptsAStep = 25;

/** In steps, so that an editor can run it between other things. */
export function* ownStudySteps(
  prompts: readonly OwnPrompt[],
  shipped: TaskModel,
  nowMs: number,
): Generator<undefined, OwnStudy, undefined> {
  const fit = yield* personalFitSteps(prompts, shipped);
  const ordered = [...prompts].sort((a, b) => a.atMs - b.atMs);
  const unseen = fit === undefined ? ordered : ordered.slice(-fit.testedOn);
  const marks: OwnMark[] = [];
  for (const [index, one] of unseen.entries()) {
    if (index % promptsAStep === 0) yield undefined;
    const { text, atMs, size, ...place } = one;
    if (judgeTask({ prompt: text, ...place }, fit?.trial ?? shipped).isLikelySmall)
      marks.push({ atMs, wasSmall: size === 'small' });
  }
  return {
    atMs: nowMs,
    prompts: prompts.length,
    small: prompts.filter(({ size }) => size === 'small').length,
    marks: marks.slice(-keptMarks),
    ...(fit === undefined
      ? {}
      : {
          weights: {
            features: fit.model.features,
            small: fit.model.small,
            notHeavy: fit.model.notHeavy,
            fireAbove: fit.model.fireAbove,
            dataHash: shipped.dataHash,
            ownAuc: fit.ownAuc,
            shippedAuc: fit.shippedAuc,
            testedOn: fit.testedOn,
          },
        }),
  };
}

/** The weights to judge by: the user's own where they were proved against these very shipped ones. */
export function modelWith(own: OwnWeights | undefined, shipped: TaskModel): TaskModel {
  if (own === undefined || own.dataHash !== shipped.dataHash) return shipped;
  const { features, small, notHeavy, fireAbove } = own;
  return { ...shipped, features, small, notHeavy, fireAbove };
}

/** A text's fingerprint, by which a sent prompt is known again without keeping it: spaces and case do not count. */
export function textMark(text: string): number {
  let hash = 2_166_136_261;
  for (const character of text.toLowerCase().replaceAll(/\s+/g, ' ').trim())
    hash = Math.imul(hash ^ character.codePointAt(0)!, 16_777_619);
  return hash >>> 0;
}

const hourMs = 60 * 60 * 1000;
/** A hint's prompt is sent within a day, or not at all. */
const sentWithinMs = 24 * hourMs;
/** Spaces at its ends, which agents cut off. */
const slackCharacters = 40;

/** Is this sent prompt the one that the hint was given on, and not yet judged? */
export function isSentHint(hint: HintRecord, sentMs: number, text: string): boolean {
  const waitedMs = sentMs - hint.atMs;
  return (
    hint.wasSmall === undefined &&
    hint.characters !== undefined &&
    waitedMs >= 0 &&
    waitedMs < sentWithinMs &&
    Math.abs(text.length - hint.characters) <= slackCharacters &&
    textMark(text) === hint.textMark
  );
}

export interface StatedAccuracy {
  /** "small 7 times in 10": rounded down, the worst of the ways of holding people back. */
  readonly smallInTen: number;
  /** "large at most once in 10": rounded up. */
  readonly heavyInTen: number;
  /** Prompts of other people that this was measured on. */
  readonly prompts: number;
}

/** What may be claimed for a mark before the user's own log has spoken. */
export function statedAccuracy(model: TaskModel): StatedAccuracy {
  const of = (ending: string): readonly number[] =>
    Object.entries(model.scores).flatMap(([name, value]) => (name.endsWith(ending) ? [value] : []));
  return {
    smallInTen: Math.floor(10 * Math.min(...of('small among fired'))),
    heavyInTen: Math.ceil(10 * Math.max(...of('heavy among fired'))),
    prompts: model.prompts,
  };
}
