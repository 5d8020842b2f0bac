// Labelled prompts -> a TaskModel, and the out-of-fold scores by which it is judged. Used by the fit and by the bench.
// The settings were chosen by the four ways of splitting at the foot of this file, not by one of them.
import { fitOrdinal, type FitRow } from '../../src/advisor/logisticFit.js';
import { readPrompt, type PromptText } from '../../src/advisor/readPrompt.js';
import { silentGate } from '../../src/advisor/silentGates.js';
import { featureValues, phrasesOf, taskFeatures } from '../../src/advisor/taskFeatures.js';
import { contributions, scoreOf, type Calibration, type TaskModel } from '../../src/advisor/taskModel.js';
import { wordGroups } from '../../src/advisor/taskWords.js';
import { foldOf, stretches, writerStyles, type AdvisorData, type EffortRow } from './advisorData.js';

export const settings = {
  /** Ridge on the features (in standard deviations) and on the phrases (present or not). */
  featureRidge: 112,
  phraseRidge: 45,
  /** A phrase must occur in this many sessions … */
  phraseSessions: 6,
  /** … be made of words that other sources use too, and be among this many heaviest. */
  phrasesKept: 300,
  /** Share of all prompts that may get a hint. */
  fired: 0.1,
} as const;

type Weights = Pick<TaskModel, 'features' | 'phrases'>;

export interface Labelled {
  readonly row: EffortRow;
  readonly prompt: PromptText;
  readonly small: boolean;
  readonly notHeavy: boolean;
  /** How much was done, on one scale: 1 where a bound of "heavy" is met (20 calls, 150 lines, 3 files). */
  readonly work: number;
}

export function labelled(rows: readonly EffortRow[]): readonly Labelled[] {
  return rows.map((row) => ({
    row,
    prompt: readPrompt(row.prompt),
    small: row.label === 'small',
    notHeavy: row.label !== 'heavy',
    work: Math.max(
      Math.log1p(row.trace.toolCalls) / Math.log(21),
      Math.log1p(row.trace.linesChanged) / Math.log(151),
      Math.log1p(row.trace.filesEdited) / Math.log(4),
    ),
  }));
}

const placeOf = ({ row }: Labelled): { turn?: number; contextTokens?: number } => ({
  ...(row.turn === undefined ? {} : { turn: row.turn }),
  ...(row.contextTokens === undefined ? {} : { contextTokens: row.contextTokens }),
});

/** Words that a stranger may use too: those of texts from other sources, and those of the word groups and of small talk. */
export function sharedWords(data: AdvisorData): ReadonlySet<string> {
  const smallTalk =
    'thanks thank hey hi well so maybe perhaps just really still again have has had im ive its dont doesnt didnt isnt arent wasnt cant couldnt wont wouldnt shouldnt thats theres whats lets lot okay';
  return new Set([
    ...data.texts.flatMap((row) => readPrompt(row.prompt).words),
    ...Object.values(wordGroups).flatMap((words) => [...words]),
    ...smallTalk.split(' '),
  ]);
}

/** Fits weights: the two cuts of the label, twice, and six more of the amount of work, share them. */
export function fitWeights(rows: readonly Labelled[], shared: ReadonlySet<string>): Weights {
  const values = rows.map((one) => featureValues(one.prompt, placeOf(one)));
  const spread = taskFeatures.map((_, at) =>
    meanAndScale(values.map((row) => row[at]).filter((value) => value !== undefined)),
  );
  const phrases = frequentPhrases(rows, shared);
  const column = new Map(phrases.map((phrase, at) => [phrase, taskFeatures.length + at]));
  const fitRows = rows.map((one, index): FitRow => {
    const columns: number[] = [];
    const numbers: number[] = [];
    values[index]!.forEach((value, at) => {
      if (value === undefined) return;
      columns.push(at);
      numbers.push((value - spread[at]!.mean) / spread[at]!.scale);
    });
    for (const phrase of phrasesOf(one.prompt)) {
      const at = column.get(phrase);
      if (at === undefined) continue;
      columns.push(at);
      numbers.push(1);
    }
    return { columns, values: numbers };
  });
  const ridge = new Float64Array(taskFeatures.length + phrases.length).fill(settings.phraseRidge);
  ridge.fill(settings.featureRidge, 0, taskFeatures.length);
  const { weights } = fitOrdinal(fitRows, cutsOf(rows), ridge);
  const heaviest = phrases
    .map((phrase, at) => [phrase, weights[taskFeatures.length + at]!] as const)
    .sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]) || (a[0] < b[0] ? -1 : 1))
    .slice(0, settings.phrasesKept);
  return {
    features: Object.fromEntries(
      taskFeatures.map(({ id }, at) => [
        id,
        { mean: rounded(spread[at]!.mean), scale: rounded(spread[at]!.scale), weight: rounded(weights[at]!) },
      ]),
    ),
    phrases: Object.fromEntries(heaviest.map(([phrase, weight]) => [phrase, rounded(weight)])),
  };
}

function cutsOf(rows: readonly Labelled[]): readonly (readonly number[])[] {
  const bit = (test: boolean): number => (test ? 1 : 0);
  const label = [rows.map((row) => bit(row.small)), rows.map((row) => bit(row.notHeavy))];
  const ordered = rows.map((row) => row.work).sort((a, b) => b - a);
  const work = [0.08, 0.2, 0.35, 0.5, 0.65, 0.8].map((share) => {
    const bound = ordered[Math.floor(share * ordered.length)]!;
    return rows.map((row) => bit(row.work < bound));
  });
  return [...label, ...label, ...work];
}

function frequentPhrases(rows: readonly Labelled[], shared: ReadonlySet<string>): readonly string[] {
  const sessions = new Map<string, Set<string>>();
  for (const { prompt, row } of rows) {
    for (const phrase of phrasesOf(prompt)) {
      const found = sessions.get(phrase) ?? new Set<string>();
      sessions.set(phrase, found.add(row.group));
    }
  }
  return [...sessions]
    .filter(
      ([phrase, found]) =>
        found.size >= settings.phraseSessions &&
        phrase
          .replace('^', '')
          .split(' ')
          .every((word) => shared.has(word)),
    )
    .map(([phrase]) => phrase);
}

function meanAndScale(values: readonly number[]): { mean: number; scale: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
  return { mean, scale: Math.sqrt(variance) || 1 };
}

const rounded = (value: number): number => Number(value.toPrecision(4));

export function scoreWith(one: Labelled, weights: Weights): number {
  return scoreOf(contributions(one.prompt, placeOf(one), weights as TaskModel));
}

/** Each row's score by weights fitted on the other folds. */
export function outOfFold(
  rows: readonly Labelled[],
  folds: readonly number[],
  shared: ReadonlySet<string>,
): readonly number[] {
  const scores = new Array<number>(rows.length).fill(0);
  for (const fold of new Set(folds)) {
    const weights = fitWeights(
      rows.filter((_, index) => folds[index] !== fold),
      shared,
    );
    rows.forEach((row, index) => {
      if (folds[index] === fold) scores[index] = scoreWith(row, weights);
    });
  }
  return scores;
}

/** Which scores of held-back rows mean which chance. */
export function calibrate(scores: readonly number[], came: readonly boolean[]): Calibration {
  const rows = scores.map((score): FitRow => ({ columns: [0], values: [score] }));
  const fit = fitOrdinal(rows, [came.map((one) => (one ? 1 : 0))], new Float64Array([1]));
  return { intercept: rounded(fit.intercepts[0]!), slope: rounded(fit.weights[0]!) };
}

/** May a hint be given on this row at all? */
export const isOpen = (one: Labelled): boolean =>
  silentGate(one.prompt, {}) === undefined && one.row.prompt.length <= 4000;

/** The score from which on `settings.fired` of all rows pass the gates and the bound. */
export function fireBound(
  rows: readonly Labelled[],
  scores: readonly number[],
  share: number = settings.fired,
): number {
  const open = scores.filter((_, index) => isOpen(rows[index]!)).sort((a, b) => b - a);
  return rounded(open[Math.min(open.length - 1, Math.round(share * rows.length) - 1)]!);
}

/** The ways of splitting: by session, by stretch of time, by the model used, by the writer's habits of hand. */
export function splits(
  rows: readonly EffortRow[],
): Readonly<Record<'sessions' | 'stretches' | 'models' | 'styles', readonly number[]>> {
  return {
    sessions: rows.map((row) => foldOf(row.group, 10)),
    stretches: stretches(rows, 6),
    models: rows.map((row) => (row.model?.includes('opus-4-5') ? 0 : row.model?.includes('opus-4-6') ? 1 : 2)),
    styles: writerStyles(rows),
  };
}
