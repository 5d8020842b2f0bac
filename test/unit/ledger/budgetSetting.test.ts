import assert from 'node:assert/strict';
import { readAmount, readBudgets } from '../../../src/ledger/budgetSetting';

describe('the budgets setting', () => {
  it('is nothing where nothing is set', () => {
    assert.deepEqual(readBudgets(undefined, []), { budgets: [], problems: [] });
    assert.deepEqual(readBudgets({}, [['/code/app', {}]]), { budgets: [], problems: [] });
  });

  it('takes numbers as dollars, and objects with unit, cap and thresholds', () => {
    const { budgets, problems } = readBudgets(
      {
        day: 20,
        week: { limit: 5e6, unit: 'tokens' },
        month: { limit: 300, hardCap: true },
        session: null,
        warnAt: [50, 90],
      },
      [],
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(budgets, [
      { id: 'day', period: 'day', unit: 'usd', limit: 20, thresholds: [0.5, 0.9] },
      { id: 'week', period: 'week', unit: 'tokens', limit: 5e6, thresholds: [0.5, 0.9] },
      { id: 'month', period: 'month', unit: 'usd', limit: 300, thresholds: [0.5, 0.9], isHardCap: true },
    ]);
  });

  it('gives each folder the project budget of its own settings', () => {
    const { budgets, problems } = readBudgets({ project: 9, timeZone: 'Europe/Berlin' }, [
      ['/code/app', { project: 50 }],
      ['/code/lib', { project: { limit: 9, per: 'week' } }],
      ['/code/old', { project: { limit: 80, per: 'total', since: '2026-11-01' } }],
      ['/code/off', { project: 0 }],
    ]);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      budgets.map(({ id, period, scope, limit, sinceMs }) => [id, period, scope, limit, sinceMs]),
      [
        ['project /code/app', 'month', '/code/app', 50, undefined],
        ['project /code/lib', 'week', '/code/lib', 9, undefined],
        ['project /code/old', 'project', '/code/old', 80, Date.UTC(2026, 9, 31, 23)],
      ],
    );
  });

  it('reads working days and zone', () => {
    const { workingDays, timeZone } = readBudgets({ workingDays: ['fri', 'mon', 'mon'], timeZone: 'Asia/Tokyo' }, []);
    assert.deepEqual(workingDays, [1, 5]);
    assert.equal(timeZone, 'Asia/Tokyo');
    assert.deepEqual(readBudgets({ workingDays: [], timeZone: '' }, []), { budgets: [], problems: [] });
  });

  it('names what it cannot read and goes on', () => {
    const { budgets, workingDays, problems } = readBudgets(
      {
        day: 'much',
        week: { limit: -1 },
        month: { limit: 5, unit: 'euro' },
        session: { limit: Infinity },
        warnAt: ['x', 80],
        workingDays: ['tue', 'noday'],
        timeZone: 'Mars/Base',
        weekly: 5,
      },
      [['/a', { project: { limit: 5, per: 'year', since: 'soon' } }]],
    );
    assert.deepEqual(
      budgets.map(({ id }) => id),
      ['project /a'],
    );
    assert.deepEqual(workingDays, [2]);
    assert.deepEqual([...problems].sort(), [
      'day.limit',
      'month.unit',
      'project.per',
      'project.since',
      'session.limit',
      'timeZone',
      'warnAt',
      'week.limit',
      'weekly',
      'workingDays',
    ]);
    for (const value of [[], 'x', 3, null]) assert.deepEqual(readBudgets(value, []).problems, ['budgets']);
  });
});

describe('an amount as a person types it', () => {
  const cases: readonly (readonly [string, number | undefined, string?])[] = [
    ['2', 2],
    ['$2', 2],
    [' $ 2.50 ', 2.5],
    ['2,50', 2.5],
    ['1,000', 1000],
    ['1,234.5', 1234.5],
    ['1.234,5', 1234.5],
    ['1.5', 1.5],
    ['20 usd', 20],
    ['500k tokens', 500_000, 'tokens'],
    ['5M tokens', 5_000_000, 'tokens'],
    ['1.2m tok', 1_200_000, 'tokens'],
    ['300 credits', 300, 'credits'],
    ['1 credit', 1, 'credits'],
    ['', undefined],
    ['0', undefined],
    ['-3', undefined],
    ['two', undefined],
    ['$5 tokens', undefined],
    ['1.2.3,4,5x', undefined],
  ];
  for (const [text, limit, unit = 'usd'] of cases)
    it(`"${text}"`, () => assert.deepEqual(readAmount(text), limit === undefined ? undefined : { limit, unit }));
});
