// The shipped weights refitted on the user's own finished prompts, and kept only where they win on later ones. Strangers'
// habits differ: routing.md 4.2 saw the measure rise by .15 for some and fall for others, so the proof is the user's own.
import { fitOrdinal, type FitRow } from './logisticFit.js';
import { readPrompt } from './readPrompt.js';
import { contributions, scoreOf, type Calibration, type TaskModel } from './taskModel.js';
import { featureValues, taskFeatures, type PromptPlace } from './taskFeatures.js';

/** A finished prompt of the user's, with the size of its work as the log tells it. */
export interface OwnPrompt extends PromptPlace {
  readonly text: string;
  readonly atMs: number;
  readonly size: 'small' | 'medium' | 'heavy';
}

export interface WorkCount {
  readonly toolCalls: number;
  readonly filesEdited: number;
  readonly linesChanged: number;
  readonly outputTokens: number;
  readonly planMode: boolean;
}

/** The label of the development data (routing-dev-PROVENANCE.md), counted on the user's own log. */
export function sizeOfWork(work: WorkCount): OwnPrompt['size'] {
  if (work.toolCalls >= 20 || work.filesEdited >= 3 || work.linesChanged >= 150) return 'heavy';
  const isSmall =
    work.toolCalls <= 5 &&
    work.filesEdited <= 1 &&
    work.linesChanged <= 20 &&
    work.outputTokens <= 2500 &&
    !work.planMode;
  return isSmall ? 'small' : 'medium';
}

export interface PersonalFit {
  readonly model: TaskModel;
  /** Fitted on the earlier prompts only: what the proof was made with. */
  readonly trial: TaskModel;
  /** AUC of "small" on the later prompts that neither model has seen: ours, and the shipped one's. */
  readonly ownAuc: number;
  readonly shippedAuc: number;
  readonly testedOn: number;
}

const leastPrompts = 100;
const laterShare = 1 / 3;
/** A win has to be more than a whisker: two in a hundred pairs put right. */
const leastGain = 0.02;
/** How firmly the refit is held to the shipped weights, in prompts per standard deviation. */
const ridge = 60;
const firedShare = 0.1;

/** `undefined` where there is too little to learn from, or the shipped weights do as well. */
export function personalFit(prompts: readonly OwnPrompt[], shipped: TaskModel): PersonalFit | undefined {
  const steps = personalFitSteps(prompts, shipped);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same in steps of some ten milliseconds, for whoever has other things to do in between. */
export function* personalFitSteps(
  prompts: readonly OwnPrompt[],
  shipped: TaskModel,
): Generator<undefined, PersonalFit | undefined, undefined> {
  if (prompts.length < leastPrompts) return undefined;
  const ordered = [...prompts].sort((a, b) => a.atMs - b.atMs);
  const cut = Math.floor(ordered.length * (1 - laterShare));
  const later = ordered.slice(cut);
  const isSmall = later.map((one) => one.size === 'small');
  if (isSmall.every(Boolean) || !isSmall.some(Boolean)) return undefined;
  const trial = refit(ordered.slice(0, cut), shipped);
  yield undefined;
  const auc = (model: TaskModel): number =>
    areaUnder(
      later.map((one) => scoreBy(one, model)),
      isSmall,
    );
  const ownAuc = auc(trial);
  const shippedAuc = auc(shipped);
  yield undefined;
  if (ownAuc < shippedAuc + leastGain) return undefined;
  return { model: refit(ordered, shipped), trial, ownAuc, shippedAuc, testedOn: later.length };
}

const scoreBy = (one: OwnPrompt, model: TaskModel): number => scoreOf(contributions(readPrompt(one.text), one, model));

/** Shipped weights plus a correction of each feature's, kept small; phrases stay as shipped. */
function refit(prompts: readonly OwnPrompt[], shipped: TaskModel): TaskModel {
  const scales = taskFeatures.map(({ id }) => shipped.features[id]);
  const rows = prompts.map((one): FitRow => {
    const columns: number[] = [];
    const values: number[] = [];
    featureValues(readPrompt(one.text), one).forEach((value, at) => {
      const fitted = scales[at];
      if (value === undefined || fitted === undefined) return;
      columns.push(at);
      values.push((value - fitted.mean) / fitted.scale);
    });
    return { columns, values, offset: scoreBy(one, shipped) };
  });
  const bits = (test: (one: OwnPrompt) => boolean): readonly number[] => prompts.map((one) => (test(one) ? 1 : 0));
  const cuts = [bits((one) => one.size === 'small'), bits((one) => one.size !== 'heavy')];
  const { weights } = fitOrdinal(rows, cuts, new Float64Array(taskFeatures.length).fill(ridge));
  const features = Object.fromEntries(
    taskFeatures.flatMap(({ id }, at) => {
      const fitted = shipped.features[id];
      return fitted === undefined ? [] : [[id, { ...fitted, weight: fitted.weight + weights[at]! }]];
    }),
  );
  const model = { ...shipped, features };
  const scores = prompts.map((one) => scoreBy(one, model));
  return {
    ...model,
    small: recalibrated(scores, cuts[0]!),
    notHeavy: recalibrated(scores, cuts[1]!),
    fireAbove: Math.max(shipped.fireAbove, quantile(scores, 1 - firedShare)),
  };
}

function recalibrated(scores: readonly number[], came: readonly number[]): Calibration {
  const rows = scores.map((score): FitRow => ({ columns: [0], values: [score] }));
  const fit = fitOrdinal(rows, [came], new Float64Array([5]));
  return { intercept: fit.intercepts[0]!, slope: Math.max(0, fit.weights[0]!) };
}

function quantile(values: readonly number[], share: number): number {
  const ordered = [...values].sort((a, b) => a - b);
  return ordered[Math.min(ordered.length - 1, Math.floor(share * ordered.length))]!;
}

/** The chance that a positive scores above a negative, ties counting half. */
function areaUnder(scores: readonly number[], positive: readonly boolean[]): number {
  let won = 0;
  let pairs = 0;
  scores.forEach((one, i) => {
    if (!positive[i]) return;
    scores.forEach((other, j) => {
      if (positive[j]) return;
      pairs++;
      won += one > other ? 1 : one === other ? 0.5 : 0;
    });
  });
  return pairs === 0 ? 0.5 : won / pairs;
}
