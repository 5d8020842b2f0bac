import assert from 'node:assert/strict';
import {
  budgetState,
  daysOfPeriod,
  periodEndMs,
  periodName,
  type Budget,
  type BudgetState,
} from '../../../src/ledger/budget.js';

const berlin = { timeZone: 'Europe/Berlin', workingDays: [1, 2, 3, 4, 5] };
const day: Budget = { id: 'day', period: 'day', unit: 'usd', limit: 10 };
const month: Budget = { id: 'month', period: 'month', unit: 'usd', limit: 200 };
// Tuesday, 24 November 2026, noon in Berlin.
const noon = Date.UTC(2026, 10, 24, 11);

describe('budget', () => {
  it('is calm, near and over, with amounts', () => {
    const at = (amount: number): BudgetState => budgetState(day, { amount }, noon, berlin);
    assert.deepEqual(
      [at(7.99).level, at(8).level, at(9.99).level, at(10).level, at(30).level],
      ['calm', 'near', 'near', 'over', 'over'],
    );
    assert.equal(at(7).left, 3);
    assert.equal(at(30).left, 0);
    assert.equal(at(30).share, 3);
    assert.equal(budgetState(day, { amount: 1, isAtLeast: true }, noon, berlin).isAtLeast, true);
    assert.equal(budgetState({ ...day, limit: 0 }, { amount: 0 }, noon, berlin).level, 'calm');
    assert.equal(budgetState({ ...day, thresholds: [0.5] }, { amount: 5 }, noon, berlin).level, 'near');
  });

  it("names its period in the user's zone", () => {
    const late = Date.UTC(2026, 10, 30, 23, 30);
    assert.equal(periodName(day, late, 'Europe/Berlin'), '2026-12-01');
    assert.equal(periodName(day, late, 'America/New_York'), '2026-11-30');
    assert.equal(periodName({ period: 'week' }, late, 'Europe/Berlin'), '2026-11-30');
    assert.equal(periodName(month, late, 'Europe/Berlin'), '2026-12');
    assert.equal(periodName({ period: 'task', scope: 't1' }, late, 'Europe/Berlin'), 't1');
  });

  it('ends with the day of the zone, also when the clocks change', () => {
    assert.equal(periodEndMs('day', noon, 'Europe/Berlin'), Date.UTC(2026, 10, 24, 23));
    assert.equal(periodEndMs('week', noon, 'Europe/Berlin'), Date.UTC(2026, 10, 29, 23));
    assert.equal(periodEndMs('month', Date.UTC(2026, 9, 25, 0, 30), 'Europe/Berlin'), Date.UTC(2026, 9, 31, 23));
    assert.equal(periodEndMs('day', Date.UTC(2026, 9, 25, 0, 30), 'Europe/Berlin'), Date.UTC(2026, 9, 25, 23));
    assert.equal(periodEndMs('task', noon, 'Europe/Berlin'), undefined);
  });

  it("lists a period's days", () => {
    assert.deepEqual(daysOfPeriod('week', '2026-11-29').slice(0, 2), ['2026-11-23', '2026-11-24']);
    assert.equal(daysOfPeriod('week', '2026-11-29').length, 7);
    assert.equal(daysOfPeriod('month', '2028-02-10').length, 29);
    assert.deepEqual(daysOfPeriod('day', '2026-11-29'), ['2026-11-29']);
  });

  it('paces by working days and hours, also on the day the clocks change', () => {
    assert.ok(Math.abs(budgetState(day, { amount: 1 }, noon, berlin).evenShare! - 0.5) < 1e-9);
    const week: Budget = { ...day, id: 'week', period: 'week' };
    const state = budgetState(week, { amount: 2 }, noon, berlin);
    assert.ok(Math.abs(state.evenShare! - 1.5 / 5) < 1e-9);
    assert.equal(state.leftPerWorkingDay, 2);
    const sunday = budgetState(week, { amount: 2 }, noon + 5 * 86_400_000, berlin);
    assert.equal(sunday.evenShare, 1);
    assert.equal(sunday.leftPerWorkingDay, undefined);
    assert.ok(
      Math.abs(budgetState(week, { amount: 0 }, noon, { timeZone: 'Europe/Berlin' }).evenShare! - 1.5 / 7) < 1e-9,
    );
    // 25 October 2026 has 25 hours in Berlin: noon is 13 hours in.
    assert.ok(Math.abs(budgetState(day, { amount: 0 }, Date.UTC(2026, 9, 25, 11), berlin).evenShare! - 13 / 25) < 1e-9);
    assert.equal(budgetState({ ...day, period: 'task', scope: 't' }, { amount: 1 }, noon, berlin).evenShare, undefined);
  });
});
