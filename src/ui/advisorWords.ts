// A hint, its hover and the switch warning in words. Floors are rounded down, so that no figure here is larger than what
// was worked out; every figure says what it rests on.
import * as vscode from 'vscode';
import { type Hint, type NoHint } from '../advisor/advice';
import { effortCommand, switchCommand, type AgentCommand } from '../advisor/agentCommands';
import { stretch } from '../advisor/cheaperModel';
import { hitRate, markRate, type LearningState } from '../advisor/learning';
import { modelName } from '../advisor/modelNames';
import { type ModelOffer } from '../advisor/modelOffer';
import { statedAccuracy, type OwnStudy } from '../advisor/ownStudy';
import { bundledTaskModel } from '../advisor/simpleTask';
import { type SwitchWarning } from '../advisor/switchCost';
import { formatCompact, formatCount, formatShare, formatUsd } from '../format';
import { readPlans } from '../pricing/settings';
import { reasonWords } from './advisorReasons';
import { locale } from './locale';
import { readSettings } from './settings';

const { t } = vscode.l10n;

/** Rounded down to the cent, for "at least". */
function floorUsd(usd: number): string {
  return formatUsd(Math.floor(usd * 100 + 1e-9) / 100, locale());
}

/** `Likely a small job · Haiku 5.5 from the start: at least $0.08 less than Opus 5.5` */
export function hintTitle({ suggestion, situation }: Hint): string {
  const { from, to, savingFloorUsd } = suggestion;
  const values = [modelName(to.id), floorUsd(savingFloorUsd), modelName(from.id)];
  if (situation.sessionId !== undefined)
    return t(
      'Likely a small job · {0}: at least {1} less than {2}, even after reading {3} tokens again',
      ...values,
      formatCompact(situation.cachedContextTokens, locale()),
    );
  // Whoever pays by the month saves no dollars by it, but the plan's room.
  return hasPlan(situation.agent)
    ? t('Likely a small job · {0} from the start: at least {1} less than {2} at list prices', ...values)
    : t('Likely a small job · {0} from the start: at least {1} less than {2}', ...values);
}

function hasPlan(agent: string): boolean {
  return readPlans(readSettings().prices.plans).plans.some(({ tool }) => tool === agent);
}

export interface HintWords {
  readonly title: string;
  readonly reasons: readonly string[];
  /** Short lines: what is known of prompts like this, of one's own, of the hints seen. */
  readonly accuracy: readonly string[];
  readonly saving: string;
  /** What the saving was counted for. */
  readonly basis: string;
  readonly limits: string;
  readonly effort: string | undefined;
}

export function hintWords(hint: Hint, learning: LearningState, study: OwnStudy | undefined): HintWords {
  const effort = effortOf(hint);
  const from = modelName(hint.suggestion.from.id);
  return {
    title: hintTitle(hint),
    reasons: reasonWords(hint.verdict.reasons, locale()),
    accuracy: [sharedAccuracy(), ownAccuracy(study), hintAccuracy(learning)].filter((one) => one !== undefined),
    saving: savingWords(hint),
    basis: basisWords(hint),
    limits: t('This is about the amount of work, not about the quality of the answer.'),
    effort: effort && t('Second lever: stay on {0} with less thinking, {1}.', from, effort.text),
  };
}

function sharedAccuracy(): string {
  const { smallInTen, heavyInTen, prompts } = statedAccuracy(bundledTaskModel);
  return t(
    '{0} in 10 marked like this were small, at most {1} in 10 large ({2} prompts of others).',
    String(smallInTen),
    String(heavyInTen),
    formatCount(prompts, locale()),
  );
}

function ownAccuracy(study: OwnStudy | undefined): string {
  const { right, judged } = markRate(study?.marks ?? []);
  if (study === undefined || judged === 0) return t('None of your own finished prompts has been marked yet.');
  const values = [String(right), String(judged), formatShare(study.small / study.prompts, locale())];
  return study.weights === undefined
    ? t('On your log: {0} of the last {1} marked were small (of all your prompts {2}).', ...values)
    : t('On your log, with weights fitted to it: {0} of the last {1} marked were small (of all {2}).', ...values);
}

function hintAccuracy(learning: LearningState): string | undefined {
  const { right, judged } = hitRate(learning);
  if (judged === 0) return undefined;
  return t('Hints you saw and prompts you then sent: {0} of {1} were small.', String(right), String(judged));
}

function savingWords({ suggestion }: Hint): string {
  return t(
    'At least {0} less, even if {1} takes {2} times the tokens.',
    floorUsd(suggestion.savingFloorUsd),
    modelName(suggestion.to.id),
    stretch.toLocaleString(locale()),
  );
}

function basisWords({ situation }: Hint): string {
  const { inputTokens = 0, cacheWriteTokens = 0 } = situation.work ?? {};
  return situation.sessionId === undefined
    ? t(
        'Counted for the first {0} tokens alone: half of the least that your last {1} cold starts took. Public list prices.',
        formatCompact(Math.round(inputTokens + cacheWriteTokens), locale()),
        String(situation.starts),
      )
    : t(
        'Counted for one call, with this session’s {0} tokens read again. Public list prices.',
        formatCompact(situation.cachedContextTokens, locale()),
      );
}

/** Only where a session starts: in the middle of one a change of effort reads the context again too. */
export function effortOf({ situation, suggestion }: Hint): AgentCommand | undefined {
  return situation.sessionId === undefined ? effortCommand(situation.agent, suggestion.from.tier) : undefined;
}

export function switchOf({ situation, suggestion }: Hint, offers: readonly ModelOffer[]): AgentCommand {
  return switchCommand(situation.agent, suggestion.to, offers);
}

/** Why nothing is suggested, to a person who asked. */
export function silenceWords({ why }: NoHint): string {
  switch (why) {
    case 'empty':
      return t('There is no prompt here to look at.');
    case 'approval':
    case 'answer':
      return t('No suggestion: this answers something said before, and how much work that is cannot be seen here.');
    case 'no-signal':
    case 'not-small':
      return t('No suggestion: nothing here speaks for a small job clearly enough.');
    case 'too-long':
      return t('No suggestion: the text is too long to be judged.');
    case 'image':
      return t('No suggestion: what an image asks for cannot be seen here.');
    case 'plan-mode':
      return t('No suggestion for planning.');
    case 'risk':
      return t('No suggestion: this touches something where mistakes are dear.');
    case 'report':
      return t('No suggestion: a report of something going wrong can hide work of any size.');
    case 'language':
      return t('No suggestion: only English prompts can be judged.');
    case 'unknown-model':
      return t('No suggestion: the model in use, or its exact price, is not known from your agents’ logs.');
    case 'flat-plan':
      return t('No suggestion: your plan costs the same with either model.');
    case 'work-unknown':
      return t(
        'Likely a small job, but what it would save cannot be said: too few sessions of yours started cold in the last month, or one is still warm elsewhere.',
      );
    case 'no-candidate':
      return t('Likely a small job, but there is no smaller model to suggest.');
    case 'saving-too-small':
      return t('Likely a small job, but switching to a smaller model now would save nothing that can be vouched for.');
  }
}

/** `Switching to Sonnet 5.5 now costs about $0.30 more: this session’s 92k tokens are cached for Opus 5.5. Free at your next /clear.` */
export function switchWarningWords(warning: SwitchWarning, agent: string): string {
  const values = [
    modelName(warning.to.id),
    formatUsd(warning.extraUsd, locale()),
    formatCompact(warning.contextTokens, locale()),
    modelName(warning.from.id),
  ];
  return agent === 'claude-code'
    ? t(
        'Switching to {0} now costs about {1} more: this session’s {2} tokens are cached for {3}. Free at your next /clear.',
        ...values,
      )
    : t(
        'Switching to {0} now costs about {1} more: this session’s {2} tokens are cached for {3}. Free in a new session.',
        ...values,
      );
}

/** Less than half a cent is no difference. */
const noDifferenceUsd = 0.005;

/** What the next call costs more or less. */
export function nextCallWords({ extraUsd }: SwitchWarning): string {
  if (Math.abs(extraUsd) < noDifferenceUsd) return t('the same on the next call');
  const usd = formatUsd(Math.abs(extraUsd), locale());
  return extraUsd > 0 ? t('about {0} more on the next call', usd) : t('about {0} less on the next call', usd);
}

/** After how many calls a lower price has paid for the switch; undefined where there is nothing to pay back. */
export function paybackWords({ extraUsd, callsToPayBack }: SwitchWarning): string | undefined {
  if (extraUsd < noDifferenceUsd) return undefined;
  return callsToPayBack === undefined
    ? t('Never pays back in this session.')
    : t('Pays back after {0} calls of this size.', formatCount(callsToPayBack, locale()));
}
