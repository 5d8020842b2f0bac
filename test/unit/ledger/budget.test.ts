import assert from 'node:assert/strict';
import {
  budgetState,
  daysOfPeriod,
  dueNotices,
  forget,
  joinNotices,
  noNotices,
  periodName,
  silence,
  snooze,
  type Budget,
  type BudgetState,
  type NoticeMemory,
} from '../../../src/ledger/budget.js';

const berlin = { timeZone: 'Europe/Berlin', workingDays: [1, 2, 3, 4, 5] };
const day: Budget = { id: 'day', period: 'day', unit: 'usd', limit: 10 };
const month: Budget = { id: 'month', period: 'month', unit: 'usd', limit: 200 };
// Tuesday, 24 November 2026, noon in Berlin.
const noon = Date.UTC(2026, 10, 24, 11);
const json = (memory: NoticeMemory): NoticeMemory => JSON.parse(JSON.stringify(memory)) as NoticeMemory;

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

describe('budget notices', () => {
  const state = (amount: number, atMs = noon, budget = day): BudgetState =>
    budgetState(budget, { amount }, atMs, berlin);
  const tell = (
    amount: number,
    memory: NoticeMemory,
    atMs = noon,
    budget = day,
  ): { thresholds: number[]; memory: NoticeMemory } => {
    const round = dueNotices([state(amount, atMs, budget)], memory, atMs);
    return { thresholds: round.notices.map(({ threshold }) => threshold), memory: json(round.memory) };
  };

  it('each threshold once a period, and again in the next', () => {
    let round = tell(5, noNotices);
    assert.deepEqual(round.thresholds, []);
    round = tell(8.5, round.memory);
    assert.deepEqual(round.thresholds, [0.8]);
    assert.deepEqual(tell(9, round.memory).thresholds, []);
    round = tell(11, round.memory);
    assert.deepEqual(round.thresholds, [1]);
    assert.deepEqual(tell(50, round.memory).thresholds, []);
    assert.deepEqual(tell(8.5, round.memory, noon + 86_400_000).thresholds, [0.8]);
  });

  it('two crossed at once are one notice; the lower is not told later', () => {
    const round = tell(12, noNotices);
    assert.deepEqual(round.thresholds, [1]);
    assert.deepEqual(tell(12, round.memory).thresholds, []);
    assert.deepEqual(tell(9, round.memory).thresholds, []);
  });

  it('says nothing at start-up nor while presenting, and does not catch up on it', () => {
    const quiet = dueNotices([state(9)], noNotices, noon, { isQuiet: true });
    assert.deepEqual(quiet.notices, []);
    assert.deepEqual(tell(9.5, quiet.memory).thresholds, []);
    assert.deepEqual(tell(10, quiet.memory).thresholds, [1]);
  });

  it('a snoozed budget speaks afterwards, a silenced one never', () => {
    const snoozed = snooze(noNotices, 'day', noon + 3_600_000);
    assert.deepEqual(tell(9, snoozed).thresholds, []);
    assert.deepEqual(tell(9, tell(9, snoozed).memory, noon + 3_600_001).thresholds, [0.8]);
    assert.deepEqual(tell(99, silence(noNotices, 'day')).thresholds, []);
    const first = dueNotices([state(9)], noNotices, noon);
    assert.deepEqual(tell(9, forget(first.memory, first.notices[0]!)).thresholds, [0.8]);
  });

  it('a changed limit is a new threshold; other budgets are not touched', () => {
    const { memory } = tell(11, noNotices);
    assert.deepEqual(tell(17, memory, noon, { ...day, limit: 20 }).thresholds, [0.8]);
    assert.deepEqual(tell(170, memory, noon, month).thresholds, [0.8]);
  });

  it('two windows join what they told', () => {
    const one = tell(9, noNotices).memory;
    const other = snooze(tell(170, noNotices, noon, month).memory, 'x', 5);
    const joined = joinNotices(one, other);
    assert.deepEqual(tell(9, joined).thresholds, []);
    assert.deepEqual(tell(170, joined, noon, month).thresholds, []);
    assert.equal(joined.snoozedUntilMs.x, 5);
    assert.deepEqual(joinNotices(other, one), joined);
  });

  it('forgets what is long past', () => {
    const { memory } = tell(9, noNotices);
    const later = tell(1, memory, noon + 101 * 86_400_000);
    assert.deepEqual(later.memory.told, {});
  });
});
