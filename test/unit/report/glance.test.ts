// What stands in the status bar: the person's choice, unless a task runs or a budget is used up.
import assert from 'node:assert/strict';
import { type Budget, type BudgetPeriod, budgetState } from '../../../src/ledger/budget';
import { type LiveSession } from '../../../src/ledger/liveSession';
import { type BudgetReading } from '../../../src/ledger/budgetReadings';
import { type MeterFacts } from '../../../src/ledger/meterFacts';
import { noFigures, totalsRow } from '../../../src/ledger/totals';
import { glanceOf, meterSubjects } from '../../../src/report/glance';

const row = totalsRow('total', noFigures());
const none: MeterFacts = {
  day: '2026-11-25',
  today: row,
  week: row,
  month: row,
  todayByModel: [],
  todayByAgent: [],
  todayByProject: [],
  monthByAgent: [],
  budgets: [],
  forecasts: {},
  burn: { lastMinutes: 0, lastHour: 0 },
  runaways: [],
  planWindows: [],
};
const reading = (period: BudgetPeriod, amount: number, more: Partial<Budget> = {}): BudgetReading => {
  const budget: Budget = { id: period, period, unit: 'usd', limit: 10, ...more };
  return { state: budgetState(budget, { amount }, Date.UTC(2026, 10, 25), { timeZone: 'UTC' }) };
};
const session = (contextTokens: number, contextWindow?: number): LiveSession => ({
  agent: 'codex',
  sessionId: 's',
  project: '/code/app',
  model: 'm',
  lastMs: 0,
  contextTokens,
  ...(contextWindow !== undefined && { contextWindow }),
  totals: row,
  besides: 0,
});
const glance = (facts: Partial<MeterFacts>, subject: (typeof meterSubjects)[number] = 'today') =>
  glanceOf({ ...none, ...facts }, subject);
const shownId = (facts: Partial<MeterFacts>, subject: (typeof meterSubjects)[number] = 'today') => {
  const { shown, level } = glance(facts, subject);
  return [shown.kind === 'budget' ? shown.state.budget.id : shown.kind, level];
};

describe('a glance', () => {
  it('has something to show for every choice, also where there is nothing', () => {
    for (const subject of meterSubjects) assert.equal(glance({}, subject).level, 'calm', subject);
  });

  it('sets what was chosen against its budget', () => {
    assert.deepEqual(shownId({ budgets: [reading('day', 5), reading('month', 9)] }), ['day', 'calm']);
    assert.deepEqual(shownId({ budgets: [reading('day', 5), reading('month', 9)] }, 'month'), ['month', 'near']);
    assert.deepEqual(shownId({ budgets: [reading('session', 8)] }, 'session'), ['session', 'near']);
    assert.deepEqual(shownId({ budgets: [reading('month', 9)] }), ['cost', 'calm']);
  });

  it('shows a budget that is used up in place of what is not', () => {
    assert.deepEqual(shownId({ budgets: [reading('day', 5), reading('month', 12)] }), ['month', 'over']);
    assert.deepEqual(shownId({ budgets: [reading('day', 11), reading('month', 12)] }), ['day', 'over']);
    assert.deepEqual(shownId({ budgets: [reading('month', 12)] }, 'context'), ['month', 'over']);
  });

  it('shows the task while it runs', () => {
    const budgets = [reading('task', 5, { id: 'task 1' }), reading('day', 9)];
    assert.deepEqual(shownId({ budgets }), ['task 1', 'calm']);
    assert.deepEqual(shownId({ budgets }, 'context'), ['task 1', 'calm']);
  });

  it('warns of a full context and a full plan window', () => {
    assert.equal(glance({ session: session(79, 100) }, 'context').level, 'calm');
    assert.equal(glance({ session: session(80, 100) }, 'context').level, 'near');
    assert.equal(glance({ session: session(80) }, 'context').level, 'calm');
    const window = { agent: 'codex', name: 'primary', windowMinutes: 300, atMs: 0 } as const;
    const planWindows = [
      { ...window, usedPercent: 3 },
      { ...window, windowMinutes: 10_080, usedPercent: 85 },
    ];
    const { shown, level } = glance({ planWindows }, 'planWindow');
    assert.deepEqual([shown.kind === 'planWindow' && shown.window?.windowMinutes, level], [10_080, 'near']);
    assert.equal(glance({ planWindows: [{ ...window, usedPercent: 100 }] }, 'planWindow').level, 'over');
  });

  it('is coloured while a session goes in circles', () => {
    const runaway = { kind: 'speed', sessionId: 's', sinceMs: 0, untilMs: 0, times: 5, among: 10, keys: [] } as const;
    const facts = { runaways: [{ ...runaway, agent: 'codex', project: '' }] } as const;
    assert.equal(glance(facts).level, 'near');
    assert.equal(glance({ ...facts, budgets: [reading('day', 20)] }).level, 'over');
  });
});
