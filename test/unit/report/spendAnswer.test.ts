// What an agent is told about spend, and the line for a commit message: plain, honest about gaps, no names.
import assert from 'node:assert/strict';
import { noFigures, totalsRow, type TotalsRow } from '../../../src/ledger/totals';
import { costTrailer } from '../../../src/report/costTrailer';
import { spendAnswer } from '../../../src/report/spendAnswer';
import { sumRows } from '../../../src/report/sumRows';

const row = (usd: number, more: Partial<TotalsRow> = {}): TotalsRow => ({
  ...totalsRow('x', { ...noFigures(), calls: 3, pricedCalls: 3, costUsd: usd, inputTokens: 1200 }),
  ...more,
});

describe('spend in words', () => {
  const facts = { today: row(2), week: row(5), month: row(9), budgets: [] };

  it('tells an agent what is spent and what is left', () => {
    const budget = { id: 'task 1', period: 'task', unit: 'usd', limit: 2 } as const;
    const state = { budget, period: '', level: 'near', spent: 1.7, isAtLeast: true, left: 0.3, share: 0.85 } as const;
    const text = spendAnswer({ facts: { ...facts, budgets: [{ state }] }, project: row(4), sinceCommit: row(1) });
    assert.match(text, /This task: at least \$1\.70 of \$2\.00 spent, at most \$0\.30 left \(nearly used up\)\./);
    assert.match(text, /Since the last commit in this project: \$1\.00/);
    assert.match(text, /today \$2\.00, 1\.2k tokens in 3 calls/);
    assert.match(text, /not a bill/);
  });

  it('says so where nothing runs and no budget is set', () => {
    const text = spendAnswer({ facts });
    assert.match(text, /^No session/);
    assert.match(text, /No budget is set\./);
  });

  it('makes a trailer that git reads as one', () => {
    assert.equal(costTrailer(row(1.2345), 2), 'Agent-cost: $1.23 (1.2k tokens, 2 sessions; list prices)');
    assert.match(costTrailer(row(1, { unpricedTokens: 5 }), 1), /^Agent-cost: ≥ \$1\.00 \(1\.2k tokens, 1 session;/);
    assert.match(costTrailer(row(0, { costUsd: undefined, unpricedTokens: 1200 }), 1), /^Agent-cost: unpriced/);
  });

  it('adds rows up without making the unknown 0', () => {
    const unknown = row(0, { costUsd: undefined });
    assert.equal(sumRows([unknown, unknown]).costUsd, undefined);
    assert.equal(sumRows([unknown, row(2)]).costUsd, 2);
    assert.equal(sumRows([row(1), row(2)]).totalTokens, 2400);
  });
});
