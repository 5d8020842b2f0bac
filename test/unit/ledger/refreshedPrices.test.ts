// Fetched price data on disk: kept only when it passes, used by ledgers opened later, ignored when damaged or old.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRefreshedPrices, takeRefreshedPrices } from '../../../src/ledger/refreshedPrices';
import { genaiPrices } from '../../../src/pricing/genaiPrices';
import { parseLists } from '../../../src/pricing/priceList';

describe('refreshed prices on disk', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tokenometer-prices-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const keep = (text: string) => writeFileSync(join(folder, 'refreshed-prices.json'), text);

  it('takes nothing that is no price data, and leaves the last good in place', () => {
    keep(JSON.stringify({ asOf: '2099-01-01', lists: parseLists(genaiPrices) }));
    for (const text of ['', 'null', '{}', '[]', '<html>', '{"anthropic":']) {
      const taken = takeRefreshedPrices(folder, text, '2099-02-02');
      assert.equal(taken.accepted, false, text);
      assert.ok(taken.reasons.length > 0, text);
    }
    assert.equal(readRefreshedPrices(folder)?.asOf, '2099-01-01');
  });

  it('is not there where it is missing, damaged or older than what came with this version', () => {
    assert.equal(readRefreshedPrices(folder), undefined);
    for (const text of ['', '{', '{}', '{"asOf":"2099-01-01"}', '{"asOf":"2020-01-01","lists":{}}']) {
      keep(text);
      assert.equal(readRefreshedPrices(folder), undefined, text);
    }
  });
});
