// Finished work of a strong model -> the chance that a cheaper one had done it too, in bands, and what it had cost, as a
// range with the pessimistic end first. Judges tasks (a session, or a run between commits), not prompts
// (reference/routing.md 4.3, 4.4, 5 B).
import { tokenRatio, type ModelOffer, type PlainRates } from './modelOffer.js';
import { type TaskRole } from './roles.js';

export interface FinishedTask {
  /** Model calls the task took. */
  readonly requests: number;
  /** Lines added and removed. */
  readonly linesChanged: number;
  readonly costUsd: number;
  /** There is a commit, the edits survived, or the question was answered and nobody came back to it. */
  readonly isFinished: boolean;
  /** A later prompt of the session undid it or complained. */
  readonly isContested?: boolean;
  readonly planMode?: boolean;
  /** The most tool errors in a row. */
  readonly errorStreak?: number;
}

/**
 * The chance by the two-number formula of routing.md 4.3, fitted on one benchmark (1,232 runs) and tested on another
 * (mean AUC .714 over five pairs of models).
 */
export function chanceAlso(requests: number, linesChanged: number): number {
  return 1 / (1 + Math.exp(-chanceScore(requests, linesChanged)));
}

/** The same in log odds: what the tasks are ranked by. */
export function chanceScore(requests: number, linesChanged: number): number {
  return 3.66 - 0.497 * Math.log1p(Math.max(0, requests)) - 0.26 * Math.log1p(Math.max(0, linesChanged));
}

const objection =
  /^\W*(?:no|nope|wrong|wait|stop)\b|\b(?:undo|revert(?:ed)?|roll (?:it |that |this )?back|rollback|not what i|did(?:n'?t| not) work|does(?:n'?t| not) work|still (?:fails?|failing|broken|wrong|not|does)|you broke|is broken|is wrong|that'?s wrong|try again)\b/i;

/** Does a later prompt complain about what was done before it, or take it back? Looks at its opening only. */
export function objects(prompt: string): boolean {
  return objection.test(prompt.slice(0, 600).replaceAll('’', "'"));
}

export interface Band {
  /** "about 9 in 10": `times` in `of`. */
  readonly times: number;
  readonly of: 10;
  /** The share that the band states. */
  readonly share: number;
  /** Sure enough to be shown. */
  readonly isShown: boolean;
}

/** `undefined` = nothing is said. */
export function bandOf(chance: number): Band | undefined {
  if (chance >= 0.85) return { times: 9, of: 10, share: 0.9, isShown: true };
  if (chance >= 0.75) return { times: 8, of: 10, share: 0.8, isShown: false };
  return undefined;
}

/** The cheaper model's cost, as multiples of the strong one's at its own prices: holds for 91 to 95 % of tasks. */
export const costBounds = { low: 0.25, high: 3 } as const;

export interface SavingRange {
  /** The pessimistic end; below zero = it may have cost more. */
  readonly lowUsd: number;
  readonly highUsd: number;
  /** What the cheaper model had cost. */
  readonly cheapLowUsd: number;
  readonly cheapHighUsd: number;
}

/**
 * `extraUsd`: what reading the context again had cost, for a task in the middle of a session. Where the rates' ratios
 * differ between buckets, each end takes the ratio that speaks against it.
 */
export function savingRange(strongUsd: number, strong: ModelOffer, cheap: ModelOffer, extraUsd = 0): SavingRange {
  const ratios = priceRatios(strong.rates, cheap.rates);
  const tokens = tokenRatio(strong, cheap);
  const isOneMaker = strong.provider === cheap.provider;
  const cheapLowUsd = strongUsd * ratios.low * costBounds.low * (isOneMaker ? tokens : 1 / tokens) + extraUsd;
  const cheapHighUsd = strongUsd * ratios.high * costBounds.high * tokens + extraUsd;
  return { lowUsd: strongUsd - cheapHighUsd, highUsd: strongUsd - cheapLowUsd, cheapLowUsd, cheapHighUsd };
}

function priceRatios(strong: PlainRates, cheap: PlainRates): { low: number; high: number } {
  const ratios = (['input', 'output', 'cacheRead', 'cacheWrite'] as const)
    .filter((bucket) => strong[bucket] > 0)
    .map((bucket) => cheap[bucket] / strong[bucket]);
  return { low: Math.min(...ratios), high: Math.max(...ratios) };
}

export interface Hindsight {
  readonly chance: number;
  readonly band: Band;
  readonly saving: SavingRange;
}

const longestErrorStreak = 2;
export const defaultClaimUsd = 0.05;

/** A claim about one finished task, or `undefined` where none can be stood by. */
export function hindsight(
  task: FinishedTask,
  strong: ModelOffer,
  cheap: ModelOffer,
  { extraUsd = 0, leastUsd = defaultClaimUsd }: { extraUsd?: number; leastUsd?: number } = {},
): Hindsight | undefined {
  if (!task.isFinished || task.isContested === true || task.planMode === true) return undefined;
  if ((task.errorStreak ?? 0) > longestErrorStreak || task.requests <= 0) return undefined;
  const chance = chanceAlso(task.requests, task.linesChanged);
  const band = bandOf(chance);
  if (band?.isShown !== true) return undefined;
  const saving = savingRange(task.costUsd, strong, cheap, extraUsd);
  return saving.lowUsd >= leastUsd ? { chance, band, saving } : undefined;
}

export interface ClaimedTask {
  readonly role: TaskRole;
  readonly costUsd: number;
  readonly claim: Hindsight;
}

export interface HindsightSum {
  readonly tasks: number;
  readonly costUsd: number;
  /** What they had cost on the cheaper model: both ends summed. */
  readonly cheapLowUsd: number;
  readonly cheapHighUsd: number;
  /** Kinds of work, the most frequent first. */
  readonly roles: readonly { readonly role: TaskRole; readonly tasks: number; readonly costUsd: number }[];
}

/** The week's one line: the sum is the message, not the row. `undefined` where there is nothing worth moving. */
export function sumClaims(claims: readonly ClaimedTask[]): HindsightSum | undefined {
  if (claims.length === 0) return undefined;
  const roles = new Map<TaskRole, { role: TaskRole; tasks: number; costUsd: number }>();
  for (const { role, costUsd } of claims) {
    const found = roles.get(role) ?? { role, tasks: 0, costUsd: 0 };
    roles.set(role, { role, tasks: found.tasks + 1, costUsd: found.costUsd + costUsd });
  }
  const total = (value: (one: ClaimedTask) => number): number => claims.reduce((sum, one) => sum + value(one), 0);
  return {
    tasks: claims.length,
    costUsd: total((one) => one.costUsd),
    cheapLowUsd: total((one) => one.claim.saving.cheapLowUsd),
    cheapHighUsd: total((one) => one.claim.saving.cheapHighUsd),
    roles: [...roles.values()].sort((a, b) => b.tasks - a.tasks || b.costUsd - a.costUsd),
  };
}
