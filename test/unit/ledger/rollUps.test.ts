// What is kept ready for the report says the same as the quarter hours it is made from: by every dimension, in a zone
// with other days, after new lines, and when the machine moves to another zone.
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { agents } from '../../../src/agents/agents';
import { Ledger } from '../../../src/ledger/ledger';
import { type PageQuery } from '../../../src/ledger/pageFacts';
import { type TotalsBy } from '../../../src/ledger/totals';
import { copyEveryFixture } from './everyFixture';
import { callLine, tempLedger, type TempLedger } from './tempLedger';

const dimensions: readonly TotalsBy[] = ['day', 'week', 'month', 'model', 'agent', 'project', 'branch', 'subagent'];
const zone = 'Asia/Kolkata';

/** Sums of floats depend on their order. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, one: unknown) => (typeof one === 'number' ? Number(one.toPrecision(10)) : one)),
  );
}

describe('sums kept ready', () => {
  let temp: TempLedger;
  const open: Ledger[] = [];
  const ledgerIn = (timeZone: string, folder = temp.options.dataFolder) => {
    const ledger = Ledger.open({ ...temp.options, timeZone, dataFolder: folder });
    open.push(ledger);
    return ledger;
  };
  afterEach(() => {
    for (const ledger of open.splice(0)) ledger.close();
    temp.remove();
  });

  function same(fast: Ledger, slow: Ledger): void {
    const filters = [{}, { agent: 'claude-code' as const }, { since: '2026-11-01', until: '2026-11-15' }];
    for (const by of dimensions)
      for (const filter of filters)
        assert.deepEqual(
          rounded(fast.totals({ by, timeZone: zone, ...filter })),
          rounded(slow.totals({ by, timeZone: zone, ...filter })),
          `${by} ${JSON.stringify(filter)}`,
        );
    for (const stackBy of ['model', 'agent', 'project'] as const) {
      const query: PageQuery = { since: '2000-01-01', until: '2100-01-01', timeZone: zone, stackBy };
      assert.deepEqual(rounded(fast.pageFacts(query)), rounded(slow.pageFacts(query)));
    }
  }

  it('say what the quarter hours say, on every fixture', async function () {
    this.timeout(120_000);
    temp = tempLedger(agents);
    copyEveryFixture(temp.options.environment.home);
    const fast = ledgerIn(zone);
    const slow = ledgerIn('Pacific/Auckland', `${temp.folder}/other`);
    await fast.refresh();
    await slow.refresh();
    assert.ok(fast.totals({ by: 'day', timeZone: zone }).rows.length >= 5);
    same(fast, slow);
  });

  it('follow new lines, late ones too', async () => {
    temp = tempLedger();
    const path = temp.write('p/a.jsonl', callLine(1, { at: '2026-11-02T20:00:00.000Z' }));
    const ledger = ledgerIn(zone);
    await ledger.refresh();
    appendFileSync(
      path,
      callLine(2, { at: '2026-11-02T18:00:00.000Z' }) + callLine(3, { at: '2026-11-05T18:31:00.000Z' }),
    );
    await ledger.refresh();
    const { rows } = ledger.totals({ by: 'day', timeZone: zone });
    assert.deepEqual(
      rows.map(({ key, inputTokens }) => [key, inputTokens]),
      [
        ['2026-11-02', 2],
        ['2026-11-03', 1],
        ['2026-11-06', 3],
      ],
    );
    const fresh = ledgerIn('UTC', `${temp.folder}/other`);
    await fresh.refresh();
    same(ledger, fresh);
  });

  it('are made anew when the machine has moved', async () => {
    temp = tempLedger();
    temp.write('p/a.jsonl', callLine(1, { at: '2026-11-02T20:00:00.000Z' }));
    let nowMs = Date.parse('2026-11-06T00:00:00Z');
    const there = Ledger.open({ ...temp.options, timeZone: 'America/New_York', now: () => nowMs });
    await there.refresh();
    there.close();
    nowMs += 11 * 60_000;
    const here = Ledger.open({ ...temp.options, timeZone: zone, now: () => nowMs });
    open.push(here);
    await here.refresh();
    for (const timeZone of [zone, 'America/New_York'])
      assert.deepEqual(
        here.totals({ by: 'day', timeZone }).rows.map(({ key }) => key),
        [timeZone === zone ? '2026-11-03' : '2026-11-02'],
      );
  });
});
