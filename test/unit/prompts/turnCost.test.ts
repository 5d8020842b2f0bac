// The price of a turn and of a file that goes along with every turn, by hand-made rates.
import assert from 'node:assert/strict';
import { recurringCost, turnCost } from '../../../src/prompts/turnCost';

const rates = { input: 3, output: 15, cacheRead: 0.3, cacheWrite5m: 3.75, cacheWrite1h: 6, webSearch: 10 };
const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

describe('the cost of a turn', () => {
  const parts = { prompt: 1_000, imports: 500, overhead: 20_000, context: 80_000 };

  it('reads what is known from a warm cache and writes the rest', () => {
    const cost = turnCost(parts, rates);
    assert.equal(cost.tokens, 101_500);
    near(cost.warmUsd, 0.1 * 0.3 + 0.0015 * 3.75);
    near(cost.newUsd, 0.0015 * 3.75);
  });

  it('writes everything when the cache is cold, at the rate of its kind', () => {
    near(turnCost(parts, rates).coldUsd, 0.1015 * 3.75);
    near(turnCost(parts, rates, '1h').coldUsd, 0.1015 * 6);
  });

  it('costs nothing for nothing', () => {
    assert.deepEqual(turnCost({ prompt: 0, imports: 0, overhead: 0, context: 0 }, rates), {
      tokens: 0,
      warmUsd: 0,
      coldUsd: 0,
      newUsd: 0,
    });
  });
});

describe('the recurring cost of a file', () => {
  it('follows the habit: turns a day and share of cache reads', () => {
    const cost = recurringCost(3_000, { turnsPerDay: 61, cacheReadShare: 0.94 }, rates);
    near(cost.perTurnUsd, 0.003 * (0.94 * 0.3 + 0.06 * 3.75));
    near(cost.perMonthUsd, 0.003 * (0.94 * 0.3 + 0.06 * 3.75) * 61 * 30);
    near(cost.coldUsd, 0.003 * 3.75);
    near(recurringCost(3_000, { turnsPerDay: 1, cacheReadShare: 0, ttl: '1h' }, rates).perTurnUsd, 0.003 * 6);
  });

  it('keeps the share within bounds', () => {
    near(recurringCost(1e6, { turnsPerDay: 1, cacheReadShare: 1.5 }, rates).perTurnUsd, 0.3);
    near(recurringCost(1e6, { turnsPerDay: 1, cacheReadShare: -1 }, rates).perTurnUsd, 3.75);
  });
});
