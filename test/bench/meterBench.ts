// The meter's promises, back-tested on invented users: does the forecast's stated range hold as often as it says, is a
// session in circles caught in time, and how often does the alarm cry wolf.
import { backTest } from '../../src/ledger/pace.js';
import { backTestRunaway, runaway, usualSpeed } from '../../src/ledger/runaway.js';
import { type BenchRow } from './benchTable.js';
import { daysOfUser, loopKinds, ordinarySession, runawaySession, usersHabits } from './generatedUse.js';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export function meterBench(): BenchRow[] {
  return [...(['day', 'week', 'month'] as const).map(forecastRow), ...alarmRows()];
}

function forecastRow(period: 'day' | 'week' | 'month'): BenchRow {
  const shares = Object.entries(usersHabits).map(([name, habit]) => {
    const tests = [1, 2, 3].map((seed) => backTest(daysOfUser(habit, seed), period, { workingDays: [1, 2, 3, 4, 5] }));
    const sum = (value: (one: (typeof tests)[number]) => number): number =>
      tests.reduce((all, one) => all + value(one), 0);
    return { name, share: sum((one) => one.held) / sum((one) => one.forecasts) };
  });
  const held = shares.map(({ share }) => share);
  return {
    what: `forecast of the ${period}: the 80 % range held, by kind of user`,
    ours: `${percent(Math.min(...held))} to ${percent(Math.max(...held))} (${shares.map(({ name, share }) => `${name} ${percent(share)}`).join(', ')})`,
    target: '70 to 90 %',
    holds: held.every((share) => share >= 0.7 && share <= 0.9),
  };
}

function alarmRows(): BenchRow[] {
  const ordinary = Array.from({ length: 1000 }, (_, seed) => ordinarySession(seed + 1));
  const usual = usualSpeed(ordinary);
  const { alarms } = backTestRunaway(ordinary, usual);
  const per200 = (200 * alarms.length) / ordinary.length;
  const plantings = loopKinds.flatMap((kind) =>
    Array.from({ length: 40 }, (_, seed) => ({ kind, seed: 31 * (seed + 1) })),
  );
  const caught = plantings.filter(({ kind, seed }) => {
    const { before, loop } = runawaySession(kind, seed);
    return loop.some((_, at) => runaway([...before, ...loop.slice(0, at + 1)], usual) !== undefined);
  });
  return [
    {
      what: `runaway: planted loops (${loopKinds.length} kinds) caught within 10 calls`,
      ours: `${caught.length} of ${plantings.length}`,
      target: 'all',
      holds: caught.length === plantings.length,
    },
    {
      what: `runaway: false alarms per 200 of ${ordinary.length} ordinary sessions`,
      ours: per200.toFixed(1),
      target: '≤ 1',
      holds: per200 <= 1,
    },
  ];
}
