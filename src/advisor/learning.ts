// What the hints have earned: a running hit rate from what really happened, the quiet budget, and what dismissals mute
// (reference/routing.md 7, rules 5 and 6). The state is a plain object that the caller keeps; every function returns a new one.

export type HintFate = 'used' | 'ignored' | 'not-small' | 'hide-kind';

export interface HintRecord {
  /** The prompt's key. */
  readonly id: string;
  readonly atMs: number;
  readonly sessionId: string;
  /** What kind of prompt it was: the signal that spoke most for it. */
  readonly pattern: string;
  readonly fate?: HintFate;
  /** Length and fingerprint of the text it was given on, by which the prompt is found in the log once it was sent. */
  readonly characters?: number;
  readonly textMark?: number;
  /** Did the work turn out small, by the log. */
  readonly wasSmall?: boolean;
}

export type OffReason = 'user' | 'dismissed' | 'often-wrong';

export interface LearningState {
  /** Oldest first, at most `keptHints`. */
  readonly hints: readonly HintRecord[];
  /** By pattern: until when (epoch milliseconds) it is not spoken of; `Infinity` does not survive JSON, so "for good" is a far year. */
  readonly mutedUntilMs: Readonly<Record<string, number>>;
  /** "Not small" answers since the hints were last switched on. */
  readonly notSmall: number;
  readonly off?: OffReason;
  /** The one notice that the hints turned themselves off is still to be given. */
  readonly owesNotice?: boolean;
  /** Since when the hints are judged by what the log tells: the user switched them on again then. */
  readonly sinceMs?: number;
}

export const freshLearning: LearningState = { hints: [], mutedUntilMs: {}, notSmall: 0 };

const dayMs = 86_400_000;
const keptHints = 300;
const hintsADay = 3;
const ignoredPerHalving = 2;
const muteDays = 30;
const notSmallToMuteAll = 3;
const judgedHints = 30;
const leastHitRate = 0.55;
export const forGoodMs = Date.UTC(9999, 0, 1);

export interface HintMoment {
  readonly nowMs: number;
  /** When the user's day began. */
  readonly dayStartMs: number;
  readonly sessionId: string;
  readonly pattern: string;
}

export type Quiet = 'off' | 'muted' | 'session' | 'day' | 'rate';

/** Why a hint must not be shown now, or `undefined` where it may. */
export function quietReason(state: LearningState, moment: HintMoment): Quiet | undefined {
  if (state.off !== undefined) return 'off';
  if ((state.mutedUntilMs[moment.pattern] ?? 0) > moment.nowMs) return 'muted';
  if (state.hints.some((hint) => hint.sessionId === moment.sessionId)) return 'session';
  const today = state.hints.filter((hint) => hint.atMs >= moment.dayStartMs).length;
  if (today >= hintsADay) return 'day';
  const allowance = hintsADay / 2 ** Math.floor(ignoredInRow(state) / ignoredPerHalving);
  if (allowance >= hintsADay) return undefined;
  const spacingMs = dayMs / allowance;
  const last = state.hints.at(-1)?.atMs ?? -Infinity;
  return moment.nowMs - last < spacingMs ? 'rate' : undefined;
}

/** Hints passed over since the last one that was used. */
function ignoredInRow({ hints }: LearningState): number {
  const fated = hints.filter((hint) => hint.fate !== undefined);
  const used = fated.findLastIndex((hint) => hint.fate === 'used');
  return fated.slice(used + 1).filter((hint) => hint.fate === 'ignored').length;
}

/** A hint is shown. Those before it that nobody answered were passed over. */
export function recordHint(
  state: LearningState,
  id: string,
  moment: HintMoment,
  text: Pick<HintRecord, 'characters' | 'textMark'> = {},
): LearningState {
  const { nowMs: atMs, sessionId, pattern } = moment;
  const hint: HintRecord = { id, atMs, sessionId, pattern, ...text };
  const before = state.hints
    .filter((one) => one.id !== id)
    .map((one): HintRecord => (one.fate === undefined ? { ...one, fate: 'ignored' } : one));
  return { ...state, hints: [...before, hint].slice(-keptHints) };
}

export function recordFate(state: LearningState, id: string, fate: HintFate, nowMs: number): LearningState {
  const hint = state.hints.find((one) => one.id === id);
  if (hint === undefined) return state;
  const next = { ...state, hints: state.hints.map((one) => (one.id === id ? { ...one, fate } : one)) };
  return answered(next, hint.pattern, fate, nowMs, hint.fate !== 'not-small');
}

/** The same for a hint that was asked for: it counts for no budget and no rate, but what it was answered holds. */
export function recordAsked(state: LearningState, pattern: string, fate: HintFate, nowMs: number): LearningState {
  return answered(state, pattern, fate, nowMs, true);
}

function answered(
  state: LearningState,
  pattern: string,
  fate: HintFate,
  nowMs: number,
  isNews: boolean,
): LearningState {
  if (fate === 'hide-kind') return mute(state, pattern, forGoodMs);
  if (fate !== 'not-small') return state;
  const notSmall = state.notSmall + (isNews ? 1 : 0);
  const muted = mute({ ...state, notSmall }, pattern, nowMs + muteDays * dayMs);
  return notSmall >= notSmallToMuteAll ? { ...muted, off: muted.off ?? 'dismissed' } : muted;
}

function mute(state: LearningState, pattern: string, untilMs: number): LearningState {
  const longest = Math.max(untilMs, state.mutedUntilMs[pattern] ?? 0);
  return { ...state, mutedUntilMs: { ...state.mutedUntilMs, [pattern]: longest } };
}

/** The log's word on a hint. Below 55 % right over the last 30 the hints turn themselves off, and owe one notice of it. */
export function recordOutcome(state: LearningState, id: string, wasSmall: boolean): LearningState {
  const next = { ...state, hints: state.hints.map((hint) => (hint.id === id ? { ...hint, wasSmall } : hint)) };
  if (next.off !== undefined) return next;
  const { right, judged } = hitRate(next);
  if (judged < judgedHints || right / judged >= leastHitRate) return next;
  return { ...next, off: 'often-wrong', owesNotice: true };
}

export interface HitRate {
  readonly right: number;
  readonly judged: number;
}

/** Over the last 30 hints whose outcome is known: to be shown also when it is bad. */
export function hitRate({ hints }: LearningState): HitRate {
  const judged = hints.filter((hint) => hint.wasSmall !== undefined).slice(-judgedHints);
  return { right: judged.filter((hint) => hint.wasSmall === true).length, judged: judged.length };
}

export const switchOff = (state: LearningState): LearningState => ({ ...state, off: 'user' });

export const noticeGiven = (state: LearningState): LearningState => ({ ...state, owesNotice: false });

/** Starts afresh, as the user asked: nothing muted, no count kept against the hints from before now. */
export const switchOn = (nowMs: number): LearningState => ({ ...freshLearning, sinceMs: nowMs });

/**
 * How the marks would have done on the user's own finished prompts, of which only those since the hints were switched on
 * count: below 55 % right over the last 30 the hints turn themselves off before more of them are shown.
 */
export function recordOwnMarks(state: LearningState, marks: readonly OwnMark[]): LearningState {
  const { right, judged } = markRate(marks.filter((mark) => mark.atMs >= (state.sinceMs ?? 0)));
  if (state.off !== undefined || judged < judgedHints || right / judged >= leastHitRate) return state;
  return { ...state, off: 'often-wrong', owesNotice: true };
}

/** A finished prompt of the user's that would have been called likely small. */
export interface OwnMark {
  readonly atMs: number;
  readonly wasSmall: boolean;
}

/** Over the last 30. */
export function markRate(marks: readonly OwnMark[]): HitRate {
  const judged = [...marks].sort((a, b) => a.atMs - b.atMs).slice(-judgedHints);
  return { right: judged.filter(({ wasSmall }) => wasSmall).length, judged: judged.length };
}
