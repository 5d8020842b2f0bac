// The advisor on its development data, by held-back sessions and by held-back writers' styles, beside the trivial
// baselines. The held-out set of routing.md 6 is not here. Costs of two models on the same tasks are there for one pair.
import { bandOf, chanceAlso, chanceScore, defaultClaimUsd, savingRange } from '../../src/advisor/hindsight.js';
import { logistic } from '../../src/advisor/logisticFit.js';
import { offerOf } from '../../src/advisor/modelOffer.js';
import { judgeTask } from '../../src/advisor/simpleTask.js';
import { PriceBook } from '../../src/pricing/priceBook.js';
import { tierOf } from '../../src/pricing/tiers.js';
import {
  auc,
  bootstrap,
  calibrationError,
  readAdvisorData,
  seededRandom,
  usualDataFile,
  type AdvisorData,
} from './advisorData.js';
import { type BenchRow } from './benchTable.js';
import {
  calibrate,
  fireBound,
  isOpen,
  labelled,
  outOfFold,
  sharedWords,
  splits,
  type Labelled,
} from './fitTaskModel.js';

/** No rows, and one line that says so, where the data is absent. */
export async function advisorBench(dataFile: string = usualDataFile): Promise<BenchRow[]> {
  const data = readAdvisorData(dataFile);
  if (data === undefined) {
    console.log(`advisor: no development data at ${dataFile}, skipped`);
    return [];
  }
  await Promise.resolve();
  return [
    ...presendRows(data),
    ...gateRows(data),
    speedRow(data),
    silenceRow(),
    ...hindsightRows(data),
    ...moneyRows(data),
  ];
}

const three = (value: number): string => value.toFixed(3).replace(/^0/, '');
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const withInterval = (value: number, [low, high]: readonly [number, number], show: (one: number) => string): string =>
  `${show(value)} [${show(low)}-${show(high)}]`;

interface Scored {
  readonly name: string;
  readonly scores: readonly number[];
  /** May it fire on this row? The baselines may on any. */
  readonly mayFire: (index: number) => boolean;
}

const easyWords = /\b(rename|typo|docs?|readme|comment|simple|quick|small|minor|explain|what|list|show|format)\b/gi;
const hardWords =
  /\b(refactor|implement|architecture|migrate|debug|complex|design|optimi[sz]e|concurren\w{0,4}|all|every)\b/gi;

/** Shorter is simpler; easy words less hard words; a coin. */
function baselines(rows: readonly Labelled[]): readonly Scored[] {
  const random = seededRandom(3);
  const matches = (text: string, pattern: RegExp): number => text.slice(0, 4000).match(pattern)?.length ?? 0;
  const keywords = rows.map(
    ({ row }) => matches(row.prompt, easyWords) - matches(row.prompt, hardWords) + 1e-6 * random(),
  );
  const always = (): boolean => true;
  return [
    { name: 'random', scores: rows.map(() => random()), mayFire: always },
    { name: 'length', scores: rows.map(({ row }) => -row.prompt.length), mayFire: always },
    { name: 'keywords', scores: keywords, mayFire: always },
  ];
}

function firedBy(rows: readonly Labelled[], { scores, mayFire }: Scored, share = 0.1): readonly number[] {
  const open = rows.map((_, index) => index).filter(mayFire);
  return open.sort((a, b) => scores[b]! - scores[a]!).slice(0, Math.round(share * rows.length));
}

function presendRows(data: AdvisorData): BenchRow[] {
  const rows = labelled(data.effort);
  const shared = sharedWords(data);
  const folds = splits(data.effort);
  const mayFire = (index: number): boolean => isOpen(rows[index]!);
  const sessions: Scored = { name: 'sessions', scores: outOfFold(rows, folds.sessions, shared), mayFire };
  const styles: Scored = { name: 'styles', scores: outOfFold(rows, folds.styles, shared), mayFire };
  const trivial = baselines(rows);
  return [
    aucRow(
      'P1 AUC not heavy, held-back sessions',
      rows,
      sessions,
      trivial,
      0.66,
      '≥ .66 here (.70 on held-out people)',
    ),
    aucRow('P2 AUC not heavy, held-back writing styles', rows, styles, trivial, 0.62, '≥ .62'),
    ...firedRows(rows, styles, trivial),
    calibrationRow(rows, sessions),
  ];
}

function aucRow(
  what: string,
  rows: readonly Labelled[],
  ours: Scored,
  trivial: readonly Scored[],
  bound: number,
  target: string,
): BenchRow {
  const positive = rows.map((row) => row.notHeavy);
  const measure = (scores: readonly number[], indices: readonly number[]): number =>
    auc(
      indices.map((index) => scores[index]!),
      indices.map((index) => positive[index]!),
    );
  const all = rows.map((_, index) => index);
  const value = measure(ours.scores, all);
  const interval = bootstrap(
    rows.map(({ row }) => row.group),
    (indices) => measure(ours.scores, indices),
  );
  return {
    what,
    ours: withInterval(value, interval, three),
    others: {
      ...Object.fromEntries(trivial.map((one) => [one.name, three(measure(one.scores, all))])),
      'always strong': '.500',
    },
    target,
    holds: value >= bound,
  };
}

function firedRows(rows: readonly Labelled[], ours: Scored, trivial: readonly Scored[]): BenchRow[] {
  const share = (indices: readonly number[], test: (row: Labelled) => boolean): number =>
    indices.filter((index) => test(rows[index]!)).length / Math.max(1, indices.length);
  const bound = fireBound(rows, ours.scores);
  const isFired = (index: number): boolean => ours.mayFire(index) && ours.scores[index]! >= bound;
  const fired = rows.map((_, index) => index).filter(isFired);
  const row = (
    what: string,
    test: (row: Labelled) => boolean,
    target: string,
    holds: (value: number) => boolean,
  ): BenchRow => {
    const value = share(fired, test);
    const interval = bootstrap(
      rows.map((one) => one.row.group),
      (indices) => share(indices.filter(isFired), test),
    );
    return {
      what: `${what} (${percent(fired.length / rows.length)} of prompts fired)`,
      ours: withInterval(value, interval, percent),
      others: {
        ...Object.fromEntries(trivial.map((one) => [one.name, percent(share(firedBy(rows, one), test))])),
        'always strong': 'never fires',
        'all prompts': percent(
          share(
            rows.map((_, index) => index),
            test,
          ),
        ),
      },
      target,
      holds: holds(value),
    };
  };
  return [
    row(
      'P3 heavy among fired',
      (one) => !one.notHeavy,
      '≤ 8 %',
      (value) => value <= 0.08,
    ),
    row(
      'P4 small among fired',
      (one) => one.small,
      '≥ 62 %',
      (value) => value >= 0.62,
    ),
  ];
}

/** Chances calibrated on one half of the sessions, held against the other half. */
function calibrationRow(rows: readonly Labelled[], { scores }: Scored): BenchRow {
  const halves = rows.map(({ row }) => row.group.charCodeAt(0) % 2);
  const of = <T>(values: readonly T[], half: number): readonly T[] =>
    values.filter((_, index) => halves[index] === half);
  const small = rows.map((row) => row.small);
  const { intercept, slope } = calibrate(of(scores, 0), of(small, 0));
  const stated = of(scores, 1).map((score) => logistic(intercept + slope * score));
  const error = calibrationError(stated, of(small, 1));
  return {
    what: 'P6 calibration error of "small", other half of the sessions',
    ours: three(error),
    target: '≤ .07',
    holds: error <= 0.07,
  };
}

const approvals = [
  'yes',
  'Yes.',
  'y',
  'ok',
  'okay, do it',
  'go on',
  'go ahead',
  'continue',
  '1',
  '2.',
  'a',
  'option 2',
  'lgtm',
  'sounds good',
  "let's do it",
  'proceed',
  'perfect',
  'both',
  'the first one',
  'keep going',
  "done, what's next?",
  'and now?',
  'so?',
  'should we continue?',
  'by all means',
  'as you suggest',
  'tell me more',
  'what about 2?',
  'it works, next one please',
  'can you go ahead?',
];

function gateRows(data: AdvisorData): BenchRow[] {
  const fires = (prompt: string): boolean =>
    [undefined, 0, 8, 40].some((turn) => judgeTask({ prompt, ...(turn === undefined ? {} : { turn }) }).isLikelySmall);
  const onApprovals = approvals.filter(fires).length;
  const issues = data.texts.filter((row) => row.kind === 'story-points');
  const onIssues = issues.filter((row) => fires(row.prompt)).length / Math.max(1, issues.length);
  return [
    {
      what: `P5 fired on ${approvals.length} approvals`,
      ours: String(onApprovals),
      target: '0',
      holds: onApprovals === 0,
    },
    {
      what: `P5 fired on ${issues.length} issue texts of other projects`,
      ours: percent(onIssues),
      target: '≤ 5 %',
      holds: onIssues <= 0.05,
    },
  ];
}

/** Eight thousand characters of every kind that tempts a careless pattern, and of real prompts; CPU time, for a busy machine. */
function speedRow(data: AdvisorData): BenchRow {
  const real = data.effort.map((row) => row.prompt).join('\n');
  const pieces = ['a', 'x/', 'a_b.c ', 'at foo(', ' ', '1', '\n', 'FAIL ', '![a', '"\')', 'what is ', 'é'];
  const texts = [
    ...pieces.map((piece) => piece.repeat(Math.ceil(8000 / piece.length))),
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((at) => real.slice(at * 9000, at * 9000 + 8000)),
  ];
  for (const prompt of texts) for (let round = 0; round < 20; round++) judgeTask({ prompt });
  const timesMs: number[] = [];
  for (let round = 0; round < 50; round++) {
    for (const prompt of texts) {
      const before = process.cpuUsage();
      judgeTask({ prompt });
      const { user, system } = process.cpuUsage(before);
      timesMs.push((user + system) / 1000);
    }
  }
  timesMs.sort((a, b) => a - b);
  const p99 = timesMs[Math.floor(0.99 * timesMs.length)]!;
  const median = timesMs[Math.floor(timesMs.length / 2)]!;
  return {
    what: 'P7 CPU time per prompt of 8 kB, 99 % (median)',
    ours: `${p99.toFixed(2)} ms (${median.toFixed(2)} ms)`,
    target: '≤ 2 ms',
    holds: p99 <= 2,
  };
}

/** What must be met with silence at once, whatever its size. */
function silenceRow(): BenchRow {
  const texts = [
    '',
    'yes',
    'go on',
    '1',
    'was macht diese Funktion hier?',
    'この関数は何をしますか?',
    'what is in this picture? [Image #1]',
    'Traceback (most recent call last):\n  File "a.py", line 3, in f\nValueError: no\n',
    'what is this? '.repeat(75_000),
    'x'.repeat(1_000_000),
  ];
  for (const prompt of texts) for (let round = 0; round < 200; round++) judgeTask({ prompt });
  const fired = texts.filter((prompt) => judgeTask({ prompt, turn: 8 }).isLikelySmall).length;
  const timesMs: number[] = [];
  for (let round = 0; round < 200; round++) {
    for (const prompt of texts) {
      const before = process.cpuUsage();
      judgeTask({ prompt });
      const { user, system } = process.cpuUsage(before);
      timesMs.push((user + system) / 1000);
    }
  }
  timesMs.sort((a, b) => a - b);
  const p99 = timesMs[Math.floor(0.99 * timesMs.length)]!;
  return {
    what: `Approvals, other languages, image, stack trace, nothing, 1 MB: fired of ${texts.length}, CPU time (99 %)`,
    ours: `${fired}, ${p99.toFixed(2)} ms`,
    target: '0, 2 ms',
    holds: fired === 0 && p99 <= 2,
  };
}

/** Characters of a patch to a line, for the runs whose lines are not known. */
const charactersPerLine = 40;

interface PairRun {
  readonly pair: string;
  readonly group: string;
  readonly requests: number;
  readonly costUsd: number;
  readonly score: number;
  readonly ok: boolean;
}

function pairRuns(data: AdvisorData): readonly PairRun[] {
  return data.outcomes
    .filter((row) => row.strongOk === 1)
    .flatMap((row) =>
      Object.entries(row.cheapOk).flatMap(([cheap, ok]) =>
        ok === null
          ? []
          : [
              {
                pair: `${row.strong} to ${cheap}`,
                group: row.group,
                requests: row.trace.requests,
                costUsd: row.trace.costUsd,
                score: chanceScore(row.trace.requests, row.trace.patchChars / charactersPerLine),
                ok: ok === 1,
              },
            ],
      ),
    );
}

function hindsightRows(data: AdvisorData): BenchRow[] {
  const runs = pairRuns(data);
  const random = seededRandom(4);
  const noise = runs.map(() => random());
  const groups = runs.map((run) => run.group);
  const pairs = [...new Set(runs.map((run) => run.pair))];
  const overPairs = (indices: readonly number[], measure: (part: readonly number[]) => number): number => {
    const values = pairs
      .map((pair) => measure(indices.filter((index) => runs[index]!.pair === pair)))
      .filter(Number.isFinite);
    return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  };
  const areaBy = (score: (index: number) => number) => (part: readonly number[]) =>
    auc(
      part.map(score),
      part.map((index) => runs[index]!.ok),
    );
  const failingBy = (score: (index: number) => number) => (part: readonly number[]) => {
    const simplest = [...part].sort((a, b) => score(b) - score(a)).slice(0, Math.ceil(0.3 * part.length));
    return simplest.filter((index) => !runs[index]!.ok).length / simplest.length;
  };
  const ours = (index: number): number => runs[index]!.score;
  const trivial: Readonly<Record<string, (index: number) => number>> = {
    random: (index) => noise[index]!,
    'requests alone': (index) => -runs[index]!.requests,
  };
  const all = runs.map((_, index) => index);
  const area = overPairs(all, areaBy(ours));
  const failing = overPairs(all, failingBy(ours));
  const base = overPairs(all, (part) => part.filter((index) => !runs[index]!.ok).length / part.length);
  return [
    {
      what: `R1 AUC, mean of ${pairs.length} pairs, runs the strong model solved`,
      ours: withInterval(
        area,
        bootstrap(groups, (indices) => overPairs(indices, areaBy(ours)), 100),
        three,
      ),
      others: Object.fromEntries(
        Object.entries(trivial).map(([name, score]) => [name, three(overPairs(all, areaBy(score)))]),
      ),
      target: '≥ .60 here (.70 on held-out tasks)',
      holds: area >= 0.6,
    },
    {
      what: 'R2 failures among the 30 % called simplest',
      ours: withInterval(
        failing,
        bootstrap(groups, (indices) => overPairs(indices, failingBy(ours)), 100),
        percent,
      ),
      others: {
        ...Object.fromEntries(
          Object.entries(trivial).map(([name, score]) => [name, percent(overPairs(all, failingBy(score)))]),
        ),
        'always strong': 'claims nothing',
        'all runs': percent(base),
      },
      target: 'under three quarters of all runs (harder tasks than the held-out)',
      holds: failing < 0.75 * base,
    },
  ];
}

/** Runs of two models on the same task, with what each cost there. */
function costPairs(
  data: AdvisorData,
): readonly { readonly group: string; readonly strong: number; readonly other: number; readonly chance: number }[] {
  const task = (id: string): string => id.slice(0, id.lastIndexOf(':'));
  const others = new Map(data.outcomes.filter((row) => row.strong === 'gpt-5').map((row) => [task(row.id), row.trace]));
  return data.outcomes.flatMap((row) => {
    const other = others.get(task(row.id));
    if (row.strong !== 'claude-sonnet-4.5' || row.strongOk !== 1 || other === undefined) return [];
    const { requests, patchChars, costUsd } = row.trace;
    const chance = chanceAlso(requests, patchChars / charactersPerLine);
    return [{ group: row.group, strong: costUsd, other: other.costUsd, chance }];
  });
}

/** The one pair whose costs on the same tasks are known; both without a cache, as the benchmark ran them. */
function moneyRows(data: AdvisorData): BenchRow[] {
  const book = new PriceBook();
  const [strong, other] = ['claude-sonnet-4-5', 'gpt-5'].map((id) => offerOf(id, Date.UTC(2025, 9, 1), book, tierOf));
  if (!strong || !other) throw new Error('No price for the pair of models');
  const runs = costPairs(data).map((run) => ({ ...run, range: savingRange(run.strong, strong, other) }));
  const groups = runs.map((run) => run.group);
  const all = runs.map((_, index) => index);
  const holding = (indices: readonly number[]): number =>
    indices.filter((index) => {
      const { range, other: cost } = runs[index]!;
      return cost >= range.cheapLowUsd && cost <= range.cheapHighUsd;
    }).length / indices.length;
  const sameTokens = runs.filter(({ strong: was, other: cost }) => Math.abs(cost / (was * 0.5) - 1) <= 0.25).length;
  const claims = runs.filter(
    ({ range, chance }) => bandOf(chance)?.isShown === true && range.lowUsd >= defaultClaimUsd,
  );
  const wrong = claims.filter(({ strong: was, other: cost }) => cost >= was).length;
  const dearer = runs.filter(({ strong: was, other: cost }) => cost >= was).length;
  return [
    {
      what: `R3 stated dollar interval holds, Sonnet 4.5 to GPT-5, ${runs.length} tasks`,
      ours: withInterval(holding(all), bootstrap(groups, holding), percent),
      others: { 'same tokens, lower price, ±25 %': percent(sameTokens / runs.length) },
      target: '≥ 85 %',
      holds: holding(all) >= 0.85,
    },
    {
      what: 'R4 shown claims whose measured saving is none, same pair',
      ours: `${wrong} of ${claims.length} claims`,
      others: { 'always claims': percent(dearer / runs.length), 'always strong': 'claims nothing' },
      target: '≤ 5 %',
      holds: wrong <= 0.05 * claims.length,
    },
  ];
}
