// Why spend changed: each cause alone is found alone, and whatever happens the parts sum to the change, to the cent.
import assert from 'node:assert/strict';
import { type Bucket, buckets, type Buckets, type ModelUse } from '../../../src/ledger/weekFacts';
import { inCents, type SpendChange, spendChange } from '../../../src/report/spendChange';

const rates: Buckets = { input: 5e-6, cacheWrite5m: 6e-6, cacheWrite1h: 10e-6, cacheRead: 0.5e-6, output: 25e-6 };

function use(
  model: string,
  tokens: Partial<Buckets>,
  more: { rates?: Buckets; before?: Buckets; extraUsd?: number } = {},
): ModelUse {
  const all = Object.fromEntries(buckets.map((bucket) => [bucket, tokens[bucket] ?? 0])) as Record<Bucket, number>;
  const paid = more.rates ?? rates;
  const baseUsd = Object.fromEntries(buckets.map((bucket) => [bucket, all[bucket] * paid[bucket]])) as Record<
    Bucket,
    number
  >;
  const usd = buckets.reduce((sum, bucket) => sum + baseUsd[bucket], 0) + (more.extraUsd ?? 0);
  return { agent: 'a', model, tokens: all, baseUsd, usd, ratesBefore: more.before ?? rates };
}

const scaled = (by: number): Buckets =>
  Object.fromEntries(buckets.map((bucket) => [bucket, rates[bucket] * by])) as Record<Bucket, number>;

function only(change: SpendChange, part: keyof SpendChange): void {
  for (const name of ['volumeUsd', 'mixUsd', 'cacheUsd', 'priceUsd', 'surchargeUsd'] as const)
    if (name !== part) assert.ok(Math.abs(change[name]) < 1e-9, `${name} is ${change[name]}`);
  assert.ok(Math.abs(change[part] - (change.nowUsd - change.beforeUsd)) < 1e-9);
  assert.notEqual(change[part], 0);
}

describe('the change of spend', () => {
  const week = { input: 1e6, cacheRead: 8e6, cacheWrite5m: 1e6, output: 1e5 };
  const twice = { input: 2e6, cacheRead: 16e6, cacheWrite5m: 2e6, output: 2e5 };

  it('is volume where all is twice as much', () => only(spendChange([use('m', week)], [use('m', twice)]), 'volumeUsd'));

  it('is volume after a week without use', () => only(spendChange([], [use('m', week)]), 'volumeUsd'));

  it('is volume where nothing is used any more', () => only(spendChange([use('m', week)], []), 'volumeUsd'));

  it('is mix where another model does the same', () => {
    const cheap = { rates: scaled(0.2), before: scaled(0.2) };
    only(spendChange([use('m', week)], [use('n', week, cheap)]), 'mixUsd');
  });

  it('is caching where the same prompts were sent anew', () =>
    only(spendChange([use('m', week)], [use('m', { input: 10e6, output: 1e5 })]), 'cacheUsd'));

  it('is price where the list has changed', () =>
    only(spendChange([use('m', week)], [use('m', week, { rates: scaled(1.5) })]), 'priceUsd'));

  it('is none of these where only surcharges came', () =>
    only(spendChange([use('m', week)], [use('m', week, { extraUsd: 3 })]), 'surchargeUsd'));

  it('sums to the change, to the cent, for any two weeks', () => {
    let seed = 7;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const some = () =>
      ['m', 'n', 'o'].flatMap((model) =>
        random() < 0.3
          ? []
          : [
              use(
                model,
                Object.fromEntries(buckets.map((bucket) => [bucket, random() < 0.2 ? 0 : Math.floor(random() * 1e7)])),
                {
                  rates: scaled(random() * 2),
                  before: random() < 0.2 ? scaled(0) : scaled(random()),
                  extraUsd: random(),
                },
              ),
            ],
      );
    for (let round = 0; round < 2000; round += 1) {
      const { beforeUsd, nowUsd, ...parts } = spendChange(some(), some());
      const sum = Object.values(parts).reduce((total, part) => total + part, 0);
      assert.ok(Math.abs(sum - (nowUsd - beforeUsd)) < 1e-6);
      const whole = Math.round(nowUsd * 100) - Math.round(beforeUsd * 100);
      const cents = inCents(Object.values(parts), whole);
      assert.equal(
        cents.reduce((total, cent) => total + cent, 0),
        whole,
      );
      cents.forEach((cent, index) => assert.ok(Math.abs(cent - Object.values(parts)[index]! * 100) < 1.6));
    }
  });

  it('rounds so that cents sum', () => {
    assert.deepEqual(inCents([0.333, 0.333, 0.334], 100), [33, 33, 34]);
    assert.deepEqual(inCents([0.333, 0.333, 0.334], 99), [33, 33, 33]);
    assert.deepEqual(inCents([-0.004, 0.008], 0), [-1, 1]);
    assert.deepEqual(inCents([], 0), []);
  });
});
