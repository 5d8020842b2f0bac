import assert from 'node:assert/strict';
import { addDays } from '../../../src/ledger/calendar.js';
import { backTest, burnRate, daysOfSpends, forecast, timeToLimit, type DayUse } from '../../../src/ledger/pace.js';
import { daysOfUser, usersHabits } from '../../bench/generatedUse.js';

const hour = 3_600_000;
const flat = (days: number, perHour: (at: number) => number, first = '2026-06-01'): readonly DayUse[] =>
  Array.from({ length: days }, (_, at) => ({
    day: addDays(first, at),
    hours: new Array<number>(24).fill(perHour(at)),
  }));

describe('pace', () => {
  it('burns per hour over the last minutes and the last hour', () => {
    const now = 100 * hour;
    const spends = [
      { atMs: now - 2 * hour, amount: 9 },
      { atMs: now - 30 * 60_000, amount: 1 },
      { atMs: now - 60_000, amount: 0.5 },
      { atMs: now + 1, amount: 7 },
    ];
    assert.deepEqual(burnRate(spends, now), { lastMinutes: 3, lastHour: 1.5 });
  });

  it('says when a limit would be reached, as a range', () => {
    assert.deepEqual(timeToLimit(3, { lastMinutes: 6, lastHour: 1.5 }), { soonestMs: hour / 2, latestMs: 2 * hour });
    assert.deepEqual(timeToLimit(3, { lastMinutes: 0, lastHour: 1 }), { soonestMs: 3 * hour, latestMs: undefined });
    assert.equal(timeToLimit(3, { lastMinutes: 0, lastHour: 0 }), undefined);
    assert.equal(timeToLimit(-1, { lastMinutes: 1, lastHour: 1 })?.soonestMs, 0);
  });

  it('sorts spends into days without gaps', () => {
    const at = (day: number, hours: number): number => Date.UTC(2026, 5, day, hours);
    const days = daysOfSpends(
      [
        { atMs: at(1, 9), amount: 2 },
        { atMs: at(1, 9), amount: 1 },
        { atMs: at(3, 23), amount: 4 },
      ],
      '2026-06-04',
      'UTC',
      (ms) => new Date(ms).getUTCHours(),
    );
    assert.deepEqual(
      days.map(({ day }) => day),
      ['2026-06-01', '2026-06-02', '2026-06-03', '2026-06-04'],
    );
    assert.equal(days[0]!.hours[9], 3);
    assert.equal(days[2]!.hours[23], 4);
    assert.deepEqual(daysOfSpends([], '2026-06-04', 'UTC', () => 0).length, 1);
  });

  it('forecasts nothing from one morning', () => {
    const question = { period: 'day', today: '2026-06-08', hour: 11, spent: 40 } as const;
    assert.equal(forecast({ ...question, past: [] }), undefined);
    assert.equal(forecast({ ...question, past: flat(7, () => 1) }), undefined);
    assert.notEqual(forecast({ ...question, past: flat(7 + 1, () => 1), today: '2026-06-09' }), undefined);
    assert.equal(forecast({ ...question, period: 'month', today: '2026-06-20', past: flat(19, () => 1) }), undefined);
  });

  it('a user who never varies is known to the cent', () => {
    const past = flat(120, () => 1);
    const today = addDays('2026-06-01', 120);
    const range = forecast({ period: 'day', past, today, hour: 6, spent: 6 })!;
    for (const end of [range.low, range.middle, range.high]) assert.ok(Math.abs(end - 24) < 1e-9);
    const month = forecast({ period: 'month', past, today: '2026-09-29', hour: 12, spent: 28.5 * 24 })!;
    assert.ok(Math.abs(month.low - 720) < 1e-6 && Math.abs(month.high - 720) < 1e-6);
  });

  it('rests on days like today: a quiet Sunday is not forecast from Mondays', () => {
    const past = flat(84, (at) => (at % 7 === 6 ? 0 : 1));
    const sunday = addDays('2026-06-01', 90);
    assert.equal(forecast({ period: 'day', past: past.slice(0, 84), today: sunday, hour: 12, spent: 0 })?.high, 0);
    assert.equal(forecast({ period: 'day', past, today: addDays(sunday, 1), hour: 12, spent: 12 })?.low, 24);
  });

  it('never falls below what is spent already', () => {
    const past = flat(100, (at) => (at % 3 === 0 ? 5 : 0));
    const range = forecast({ period: 'week', past, today: addDays('2026-06-01', 100), hour: 3, spent: 1000 })!;
    assert.ok(range.low >= 1000 && range.low <= range.middle && range.middle <= range.high);
  });

  for (const [name, habit] of Object.entries(usersHabits)) {
    it(`the 80 % range holds 70 to 90 % of the time: ${name}`, () => {
      for (const period of ['day', 'week', 'month'] as const) {
        const tests = [1, 2].map((seed) =>
          backTest(daysOfUser(habit, seed), period, { hours: [13], workingDays: [1, 2, 3, 4, 5] }),
        );
        const forecasts = tests.reduce((sum, one) => sum + one.forecasts, 0);
        const held = tests.reduce((sum, one) => sum + one.held, 0) / forecasts;
        assert.ok(forecasts > 250, `${period}: ${forecasts} forecasts`);
        assert.ok(held >= 0.7 && held <= 0.9, `${period}: ${held.toFixed(3)}`);
      }
    });
  }
});
