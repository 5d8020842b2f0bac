// A prompt -> "likely a small job", with how sure and why, or silence. Small is the size of the work a strong model would
// do, counted afterwards from logs; it says nothing about answer quality or about a cheaper model's chances
// (reference/routing.md 4.1, 4.2). Prices and caches are cheaperModel.ts's.
import { logistic } from './logisticFit.js';
import { readPrompt } from './readPrompt.js';
import { silentGate, type Gate, type GateFacts } from './silentGates.js';
import fitted from './simpleTask.json';
import { type PromptPlace } from './taskFeatures.js';
import { contributions, scoreOf, type Calibration, type Contribution, type TaskModel } from './taskModel.js';

/** The shipped weights. `test/bench/fitAdvisor.ts` makes them. */
export const bundledTaskModel: TaskModel = fitted;

export interface TaskFacts extends PromptPlace, GateFacts {
  readonly prompt: string;
}

export interface TaskVerdict {
  /** Higher = smaller job. Log odds of the fit, not a probability. */
  readonly score: number;
  /** The chance that the work turns out small, and that it turns out heavy. */
  readonly small: number;
  readonly heavy: number;
  /** Why nothing may be said. */
  readonly gate?: Gate;
  /** Passed every gate and is among the top tenth. */
  readonly isLikelySmall: boolean;
  /** What the prompt has that moved the score most, strongest first, both ways. */
  readonly reasons: readonly Contribution[];
}

const reasonCount = 5;
const leastReason = 0.02;

/** Judges one prompt. Bounded time whatever the text. */
export function judgeTask(facts: TaskFacts, model: TaskModel = bundledTaskModel): TaskVerdict {
  const prompt = readPrompt(facts.prompt);
  const parts = contributions(prompt, facts, model);
  const score = scoreOf(parts);
  const gate = silentGate(prompt, facts);
  return {
    score,
    small: calibrated(score, model.small),
    heavy: 1 - calibrated(score, model.notHeavy),
    ...(gate === undefined ? {} : { gate }),
    isLikelySmall: gate === undefined && score >= model.fireAbove,
    reasons: [...parts]
      .filter((part) => part.isPresent && Math.abs(part.weight) >= leastReason)
      .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
      .slice(0, reasonCount),
  };
}

const calibrated = (score: number, { intercept, slope }: Calibration): number => logistic(intercept + slope * score);
