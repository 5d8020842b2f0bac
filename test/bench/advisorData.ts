// The advisor's development data (third-party, in no commit): reading it, splitting it by who wrote it, and the measures
// that the fit and the bench share. Knows nothing of how a prompt is judged.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface EffortRow {
  readonly kind: 'effort';
  readonly id: string;
  readonly group: string;
  readonly prompt: string;
  readonly model?: string | null;
  readonly turn?: number;
  readonly contextTokens?: number;
  readonly label: 'small' | 'medium' | 'heavy';
  readonly trace: {
    readonly requests: number;
    readonly toolCalls: number;
    readonly filesEdited: number;
    readonly linesChanged: number;
  };
}

export interface OutcomeRow {
  readonly kind: 'trace-outcome';
  readonly id: string;
  readonly group: string;
  readonly strong: string;
  readonly strongOk: 0 | 1;
  readonly trace: { readonly requests: number; readonly patchChars: number; readonly costUsd: number };
  readonly cheapOk: Readonly<Record<string, 0 | 1 | null>>;
}

export interface TextRow {
  readonly kind: 'human-difficulty' | 'story-points';
  readonly id: string;
  readonly group: string;
  readonly prompt: string;
  readonly label: 'easy' | 'medium' | 'hard';
}

export interface AdvisorData {
  readonly effort: readonly EffortRow[];
  readonly outcomes: readonly OutcomeRow[];
  readonly texts: readonly TextRow[];
  /** First 16 hex digits of the file's SHA-256. */
  readonly hash: string;
}

/** Where the data lies beside a checkout that has it. */
export const usualDataFile = path.resolve('..', 'shared', 'data', 'routing-dev.jsonl');

export function readAdvisorData(file: string): AdvisorData | undefined {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as EffortRow | OutcomeRow | TextRow);
  return {
    effort: rows.filter((row) => row.kind === 'effort'),
    outcomes: rows.filter((row) => row.kind === 'trace-outcome'),
    texts: rows.filter((row): row is TextRow => row.kind === 'human-difficulty' || row.kind === 'story-points'),
    hash: createHash('sha256').update(text).digest('hex').slice(0, 16),
  };
}

/** Area under the ROC curve: the chance that a positive scores above a negative; ties count half. */
export function auc(scores: readonly number[], positive: readonly boolean[]): number {
  const order = scores.map((_, index) => index).sort((a, b) => scores[a]! - scores[b]!);
  let ranks = 0;
  let positives = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) end++;
    for (let at = start; at < end; at++) {
      if (!positive[order[at]!]) continue;
      ranks += (start + end + 1) / 2;
      positives++;
    }
    start = end;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (order.length - positives));
}

/** The expected calibration error over ten equal-width bins. */
export function calibrationError(stated: readonly number[], came: readonly boolean[]): number {
  const bins = Array.from({ length: 10 }, () => ({ count: 0, stated: 0, came: 0 }));
  stated.forEach((p, index) => {
    const bin = bins[Math.min(9, Math.floor(p * 10))]!;
    bin.count++;
    bin.stated += p;
    bin.came += came[index] ? 1 : 0;
  });
  return bins.reduce((sum, bin) => sum + Math.abs(bin.stated - bin.came) / Math.max(1, stated.length), 0);
}

/** A small, seeded source of numbers in [0, 1): the same figures at every run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A 95 % interval of a measure, drawing whole groups (sessions, repositories) with replacement. */
export function bootstrap(
  groups: readonly string[],
  measure: (indices: readonly number[]) => number,
  draws = 200,
): readonly [low: number, high: number] {
  const members = new Map<string, number[]>();
  groups.forEach((group, index) => members.set(group, [...(members.get(group) ?? []), index]));
  const all = [...members.values()];
  const random = seededRandom(9);
  const found: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const indices = all.flatMap(() => all[Math.floor(random() * all.length)]!);
    const value = measure(indices);
    if (Number.isFinite(value)) found.push(value);
  }
  found.sort((a, b) => a - b);
  return [found[Math.floor(0.025 * found.length)] ?? NaN, found[Math.ceil(0.975 * found.length) - 1] ?? NaN];
}

/** Which of `count` folds a group is in: fixed by its name. */
export function foldOf(group: string, count: number): number {
  let hash = 2_166_136_261;
  for (let at = 0; at < group.length; at++) hash = Math.imul(hash ^ group.charCodeAt(at), 16_777_619);
  return (hash >>> 0) % count;
}

/**
 * A crude stand-in for the writers, whom the data does not name: the habits of hand by which a session's prompts can be
 * told apart (trailing dots and emoji; capital first letters; a space before the question mark; none of these).
 */
export function writerStyles(rows: readonly EffortRow[]): readonly number[] {
  const sessions = new Map<string, string[]>();
  for (const row of rows) sessions.set(row.group, [...(sessions.get(row.group) ?? []), row.prompt]);
  const styles = new Map<string, number>();
  for (const [session, prompts] of sessions) {
    const share = (pattern: RegExp): number => prompts.filter((prompt) => pattern.test(prompt)).length / prompts.length;
    const style =
      share(/\.\.\.|\p{Extended_Pictographic}/u) >= 0.1 ? 0 : share(/^[A-Z]/) > 0.4 ? 1 : share(/ \?/) > 0 ? 2 : 3;
    styles.set(session, style);
  }
  return rows.map((row) => styles.get(row.group)!);
}

/** Groups in the order of the file (by time), cut into `count` stretches of about equal rows. */
export function stretches(rows: readonly EffortRow[], count: number): readonly number[] {
  const sizes = new Map<string, number>();
  for (const row of rows) sizes.set(row.group, (sizes.get(row.group) ?? 0) + 1);
  const place = new Map<string, number>();
  let before = 0;
  for (const [group, size] of sizes) {
    place.set(group, Math.min(count - 1, Math.floor((before * count) / rows.length)));
    before += size;
  }
  return rows.map((row) => place.get(row.group)!);
}
