// One prompt, the place it would be sent from, the prices and what the hints have earned so far -> a hint or silence, with
// the reason for either. Every gate in one order; decides nothing about where a hint is shown or how it is worded.
import { cheaperModel, type Silence, type Suggestion } from './cheaperModel.js';
import { quietReason, type LearningState, type Quiet } from './learning.js';
import { type ModelOffer } from './modelOffer.js';
import { judgeTask, type TaskVerdict } from './simpleTask.js';
import { type Situation } from './situation.js';
import { taskFeatures } from './taskFeatures.js';
import { type TaskModel } from './taskModel.js';

export interface AdviceFacts {
  readonly prompt: string;
  readonly situation: Situation | undefined;
  /** The model in use, with its price; `undefined` where that is not exactly known. */
  readonly current: ModelOffer | undefined;
  readonly offers: readonly ModelOffer[];
  readonly hasImage?: boolean;
  readonly planMode?: boolean;
  /** The shipped weights, or a refit that won on the user's own prompts. */
  readonly model?: TaskModel;
}

export interface Hint {
  readonly kind: 'hint';
  readonly verdict: TaskVerdict;
  readonly suggestion: Suggestion;
  readonly situation: Situation;
  /** The kind of prompt, for "Hide for this kind": the request in it that spoke most for little work. */
  readonly pattern: string;
}

export interface NoHint {
  readonly kind: 'silence';
  readonly why: Silence['why'];
  readonly verdict: TaskVerdict;
}

/** What is true of the prompt, whether or not the moment is one to say it. */
export function adviceOn(facts: AdviceFacts): Hint | NoHint {
  const { situation, current } = facts;
  const verdict = judgeTask(
    {
      prompt: facts.prompt,
      ...(situation === undefined ? {} : { turn: situation.turn, contextTokens: situation.contextTokens }),
      isModelKnown: situation !== undefined && current !== undefined,
      hasImage: facts.hasImage === true,
      planMode: facts.planMode === true,
    },
    facts.model,
  );
  if (situation === undefined || current === undefined) return { kind: 'silence', why: 'unknown-model', verdict };
  const found = cheaperModel(verdict, {
    current,
    offers: facts.offers,
    cachedContextTokens: situation.cachedContextTokens,
    contextTokens: situation.contextTokens,
    work: situation.work,
  });
  if (found.kind === 'silence') return { kind: 'silence', why: found.why, verdict };
  return { kind: 'hint', verdict, suggestion: found, situation, pattern: patternOf(verdict) };
}

const signals: ReadonlySet<string> = new Set(
  taskFeatures.filter(({ isSignal }) => isSignal === true).map(({ id }) => id),
);

function patternOf({ reasons }: TaskVerdict): string {
  const speaking = reasons.filter(({ weight }) => weight > 0);
  return (speaking.find(({ id }) => signals.has(id)) ?? speaking[0])?.id ?? 'none';
}

export interface HintMomentNow {
  readonly nowMs: number;
  readonly dayStartMs: number;
  /** The agent's session, or the editor's where a new one would start. */
  readonly sessionId: string;
}

/** Why a hint that is true must still not be shown now. */
export function quietNow(learning: LearningState, hint: Hint, now: HintMomentNow): Quiet | undefined {
  return quietReason(learning, { ...now, pattern: hint.pattern });
}
