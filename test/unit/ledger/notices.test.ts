import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Budget, type BudgetState, budgetState } from '../../../src/ledger/budget';
import { dueNotices, NoticeDesk, noNotices, type NoticeMemory } from '../../../src/ledger/notices';
import { Store } from '../../../src/ledger/store';

const berlin = { timeZone: 'Europe/Berlin' };
const day: Budget = { id: 'day', period: 'day', unit: 'usd', limit: 10 };
const month: Budget = { id: 'month', period: 'month', unit: 'usd', limit: 200 };
// Tuesday, 24 November 2026, noon in Berlin.
const noon = Date.UTC(2026, 10, 24, 11);
const dayMs = 86_400_000;
const state = (amount: number, atMs = noon, budget = day): BudgetState => budgetState(budget, { amount }, atMs, berlin);

describe('due notices', () => {
  const tell = (amount: number, memory: NoticeMemory, atMs = noon, budget = day) => {
    const round = dueNotices([state(amount, atMs, budget)], memory, atMs);
    return { thresholds: round.notices.map(({ threshold }) => threshold), memory: round.memory };
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
    assert.deepEqual(tell(8.5, round.memory, noon + dayMs).thresholds, [0.8]);
  });

  it('two crossed at once are one notice; the lower is not told later', () => {
    const round = tell(12, noNotices);
    assert.deepEqual(round.thresholds, [1]);
    assert.deepEqual(tell(12, round.memory).thresholds, []);
    assert.deepEqual(tell(9, round.memory).thresholds, []);
  });

  it('a snoozed budget speaks afterwards', () => {
    const snoozed: NoticeMemory = { ...noNotices, snoozedUntilMs: { day: noon + 3_600_000 } };
    const during = tell(9, snoozed);
    assert.deepEqual(during.thresholds, []);
    assert.deepEqual(tell(9, during.memory, noon + 3_600_001).thresholds, [0.8]);
  });

  it('a changed limit is a new threshold; other budgets are not touched', () => {
    const { memory } = tell(11, noNotices);
    assert.deepEqual(tell(17, memory, noon, { ...day, limit: 20 }).thresholds, [0.8]);
    assert.deepEqual(tell(170, memory, noon, month).thresholds, [0.8]);
  });
});

describe('notices of several windows', () => {
  let folder: string;
  let stores: Store[];
  const claimed = (desk: NoticeDesk, store: Store, states: readonly BudgetState[], atMs = noon) =>
    desk.claim(store, states, atMs).map(({ threshold }) => threshold);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tokenometer-notices-'));
    stores = [Store.open(folder), Store.open(folder)];
  });
  afterEach(() => {
    for (const store of stores) store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('nothing at start-up, not even later in that window', () => {
    const desk = new NoticeDesk();
    assert.deepEqual(claimed(desk, stores[0]!, [state(9)]), []);
    assert.deepEqual(claimed(desk, stores[0]!, [state(9.5)]), []);
    assert.deepEqual(claimed(desk, stores[0]!, [state(10)]), [1]);
  });

  it('a window that starts at a crossing does not take the word from one that saw it', () => {
    const [watching, starting] = [new NoticeDesk(), new NoticeDesk()];
    claimed(watching, stores[0]!, [state(5)]);
    assert.deepEqual(claimed(starting, stores[1]!, [state(9)]), []);
    assert.deepEqual(claimed(watching, stores[0]!, [state(9)]), [0.8]);
  });

  it('exactly one of two windows speaks', () => {
    const desks = [new NoticeDesk(), new NoticeDesk()];
    desks.forEach((desk, at) => claimed(desk, stores[at]!, [state(5)]));
    const told = desks.flatMap((desk, at) => claimed(desk, stores[at]!, [state(8.5)]));
    assert.deepEqual(told, [0.8]);
  });

  it('a budget that is set below what is spent is no news; the next day it is one', () => {
    const desk = new NoticeDesk();
    claimed(desk, stores[0]!, [state(9)]);
    const lower = { ...day, limit: 5 };
    assert.deepEqual(claimed(desk, stores[0]!, [state(9, noon, lower)]), []);
    assert.deepEqual(claimed(desk, stores[0]!, [state(1, noon + dayMs, lower)], noon + dayMs), []);
    assert.deepEqual(claimed(desk, stores[0]!, [state(6, noon + dayMs, lower)], noon + dayMs), [1]);
  });

  it('a snooze holds in every window, over a restart too, and the notice comes afterwards once', () => {
    const desks = [new NoticeDesk(), new NoticeDesk()];
    desks.forEach((desk, at) => claimed(desk, stores[at]!, [state(5)]));
    const [notice] = desks[0]!.claim(stores[0]!, [state(9)], noon);
    desks[0]!.snooze(stores[0]!, notice!, noon + 1000, noon);
    assert.deepEqual(claimed(desks[1]!, stores[1]!, [state(9)], noon + 500), []);
    const restarted = new NoticeDesk();
    assert.deepEqual(claimed(restarted, stores[1]!, [state(9)], noon + 600), []);
    assert.deepEqual(claimed(restarted, stores[1]!, [state(9)], noon + 1001), [0.8]);
    assert.deepEqual(claimed(desks[0]!, stores[0]!, [state(9)], noon + 1002), []);
  });

  it('an alarm sounds in one window, once, and not for what was there at the start', () => {
    const desks = [new NoticeDesk(), new NoticeDesk()];
    assert.equal(desks[0]!.claimAlarm(stores[0]!, 'old', true, noon), false);
    assert.equal(desks[0]!.claimAlarm(stores[0]!, 'old', false, noon), false);
    assert.equal(desks[0]!.claimAlarm(stores[0]!, 'new', false, noon), true);
    assert.equal(desks[1]!.claimAlarm(stores[1]!, 'new', false, noon), false);
    assert.equal(desks[0]!.claimAlarm(stores[0]!, 'new', false, noon), false);
  });

  it('a spoilt record is begun anew, an old one is forgotten', () => {
    const [store] = stores as [Store, Store];
    for (const text of ['{', '[]', 'null', '{"told":3}', '{"told":{},"snoozedUntilMs":null}']) {
      store.write(() => store.setFact('notices', text));
      const desk = new NoticeDesk();
      claimed(desk, store, [state(5)]);
      assert.deepEqual(claimed(desk, store, [state(8.5)]), [0.8], text);
    }
    const desk = new NoticeDesk();
    claimed(desk, store, [state(1, noon + 101 * dayMs)], noon + 101 * dayMs);
    claimed(desk, store, [state(9, noon + 101 * dayMs)], noon + 101 * dayMs);
    assert.equal(Object.keys((JSON.parse(store.fact('notices') as string) as NoticeMemory).told).length, 1);
  });
});
