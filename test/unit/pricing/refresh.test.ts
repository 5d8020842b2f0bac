// Downloaded price data is used only where it makes sense, and a book with it says so.
import assert from 'node:assert/strict';
import { REMOTE_DATA_JSON_URL, findProvider } from '@pydantic/genai-prices';
import { genaiPrices } from '../../../src/pricing/genaiPrices';
import { PriceBook } from '../../../src/pricing/priceBook';
import { parseLists } from '../../../src/pricing/priceList';
import { checkRefreshed, refreshUrl } from '../../../src/pricing/refresh';
import { noonMs } from './knownIds';

interface RawModel {
  id: string;
  match: unknown;
  prices: Record<string, unknown> | unknown[];
}

/** A fresh copy of the raw data of the three makers that a file must have. */
function download(): { id: string; models: RawModel[] }[] {
  return ['anthropic', 'openai', 'google'].map(
    (providerId) => JSON.parse(JSON.stringify(findProvider({ providerId }))) as { id: string; models: RawModel[] },
  );
}

const bundled = parseLists(genaiPrices);

describe('refreshed prices', () => {
  it('come from where genai-prices publishes', () => {
    assert.equal(refreshUrl, REMOTE_DATA_JSON_URL);
  });

  it('are accepted when nothing changed, and change nothing', () => {
    const verdict = checkRefreshed(download(), bundled);
    assert.deepEqual([verdict.reasons, verdict.changed], [[], []]);
    assert.deepEqual(verdict.lists?.anthropic, bundled.anthropic);
  });

  it('bring new models and new prices, with their source and day', () => {
    const data = download();
    data[0]!.models.push({
      id: 'claude-opus-6',
      match: { equals: 'claude-opus-6' },
      prices: { input_mtok: 3, output_mtok: 15, cache_read_mtok: 0.1 },
    });
    const opus = data[0]!.models.find(({ id }) => id === 'claude-opus-5-5')!;
    opus.prices = { ...(opus.prices as Record<string, unknown>), input_mtok: 3.5 };
    const { lists, changed, reasons } = checkRefreshed(data, bundled);
    assert.ok(lists);
    assert.deepEqual(changed, ['anthropic/claude-opus-5-5', 'anthropic/claude-opus-6']);
    assert.deepEqual(reasons, []);
    const book = new PriceBook({ refreshed: { lists, asOf: '2026-11-20' } });
    const answer = book.rates('claude-opus-6', noonMs);
    assert.deepEqual(
      [answer.status, answer.source, answer.rates?.input, answer.asOf],
      ['exact', 'genai-refreshed', 3, '2026-11-20'],
    );
    assert.equal(book.rates('claude-opus-5-5', noonMs).rates?.input, 3.5);
    assert.equal(book.rates('grok-4.5', noonMs).source, 'genai');
    assert.equal(book.asOf, '2026-11-20');
    assert.notEqual(book.version, new PriceBook().version);
  });

  it('are passed over once the bundled prices are newer', () => {
    const { lists } = checkRefreshed(download(), bundled);
    const book = new PriceBook({ refreshed: { lists: lists ?? {}, asOf: '2026-09-01' } });
    assert.equal(book.rates('claude-opus-5-5', noonMs).source, 'genai');
    assert.equal(book.asOf, genaiPrices.asOf);
  });

  it('keep the old price of a model that jumped more than tenfold without a date', () => {
    const data = download();
    const opus = data[0]!.models.find(({ id }) => id === 'claude-opus-5-5')!;
    opus.prices = { ...(opus.prices as Record<string, unknown>), output_mtok: 0.0002 };
    const { lists, reasons } = checkRefreshed(data, bundled);
    assert.deepEqual(lists?.anthropic, bundled.anthropic);
    assert.match(reasons[0] ?? '', /^anthropic\/claude-opus-5-5: a rate changed more than 10 times/);
  });

  it('leave out rows that make no sense, and name them', () => {
    const data = download();
    data[0]!.models.push({ id: 'negative', match: { equals: 'negative' }, prices: { input_mtok: -1, output_mtok: 1 } });
    data[0]!.models.push({ id: 'odd', match: { sounds_like: 'odd' }, prices: { input_mtok: 1, output_mtok: 1 } });
    const { lists, reasons } = checkRefreshed(data, bundled);
    assert.deepEqual(lists?.anthropic, bundled.anthropic);
    assert.deepEqual(reasons, [
      'anthropic/negative: bad price input_mtok; left out',
      'anthropic/odd: unknown match rule sounds_like; left out',
    ]);
  });

  it('are refused whole when they are no price data or lack a maker', () => {
    for (const json of [undefined, null, 'text', {}, 5]) assert.equal(checkRefreshed(json, bundled).lists, undefined);
    const verdict = checkRefreshed(download().slice(1), bundled);
    assert.deepEqual([verdict.lists, verdict.reasons], [undefined, ['most models of anthropic are missing']]);
    assert.equal(checkRefreshed([], bundled).lists, undefined);
  });
});
