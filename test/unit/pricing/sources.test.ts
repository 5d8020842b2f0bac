// The bundled price data: fresh packs of the installed packages, in agreement with each other but for the known
// differences, and with no row of our own that the sources have made needless.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { findModel } from '../../../src/pricing/matchGuard';
import { overlayRows } from '../../../src/pricing/overlay';
import { genaiPrices } from '../../../src/pricing/genaiPrices';
import { modelsDev } from '../../../src/pricing/modelsDev';
import { PriceBook } from '../../../src/pricing/priceBook';
import disagreements from '../../../src/pricing/price-disagreements.json';
import {
  type PackedLists,
  type PricePeriod,
  dayMs,
  parseLists,
  periodAt,
  unpackModel,
} from '../../../src/pricing/priceList';
import { noonMs } from './knownIds';
import { watchList } from './watchList';

const root = process.cwd();
const bundled = { genai: parseLists(genaiPrices), modelsDev: parseLists(modelsDev) };

interface Pack {
  packPrices(): Promise<Readonly<Record<string, string>>>;
  undatedChanges(before: PackedLists, after: PackedLists, today: string): readonly unknown[];
}

const loadPack = (): Pack => createRequire(path.join(root, 'package.json'))('./test/build/packPrices.js') as Pack;

interface Disagreement {
  readonly provider: string;
  readonly id: string;
  readonly field: string;
  readonly right: string;
  readonly reason: string;
  readonly source: string;
  readonly checked: string;
}

function priceIn(lists: PackedLists, provider: string, id: string): PricePeriod | undefined {
  const match = findModel((lists[provider] ?? []).map(unpackModel), id);
  return match?.isExact ? periodAt(match.model.periods, noonMs) : undefined;
}

const rateFields = ['input', 'output', 'cacheRead', 'cacheWrite5m'] as const;

/** What is compared of a price; an absent rate is no statement. */
function figuresOf(price: PricePeriod): Readonly<Record<string, number | undefined>> {
  const [step] = price.longContext;
  return {
    ...Object.fromEntries(rateFields.map((field) => [field, price.rates[field]])),
    longContextAbove: step?.aboveTokens ?? Infinity,
    longContextInput: step?.rates.input,
    longContextOutput: step?.rates.output,
  };
}

/** "272k" is 271,999 in one source and 272,000 in the other: which side of it the one token falls is nobody's news. */
const differ = (a: number, b: number): boolean => a !== b && Math.abs(a - b) > (a > 1000 ? 1 : 1e-9);

function differencesOn(provider: string, id: string): { field: string; genai: number; modelsDev: number }[] {
  const genai = priceIn(bundled.genai, provider, id);
  const modelsDev = priceIn(bundled.modelsDev, provider, id);
  if (!genai || !modelsDev) return [];
  const theirs = figuresOf(modelsDev);
  return Object.entries(figuresOf(genai)).flatMap(([field, value]) => {
    const other = theirs[field];
    return value !== undefined && other !== undefined && differ(value, other)
      ? [{ field, genai: value, modelsDev: other }]
      : [];
  });
}

const figures = (price: PricePeriod | undefined): string => JSON.stringify([price?.rates, price?.longContext]);

const watched = Object.entries(watchList).flatMap(([provider, ids]) => ids.map((id) => ({ provider, id })));
const known = new Map(
  (disagreements as readonly Disagreement[]).map((row) => [`${row.provider}/${row.id} ${row.field}`, row]),
);

describe('bundled price data', () => {
  it('is a fresh pack of the installed packages', async () => {
    const files = await loadPack().packPrices();
    assert.deepEqual(Object.keys(files), ['genaiPrices.ts', 'modelsDev.ts']);
    for (const [name, text] of Object.entries(files))
      assert.ok(
        readFileSync(path.join(root, 'src/pricing', name), 'utf8') === text,
        `${name} is not what the installed package says: run node test/build/packPrices.js and read the diff`,
      );
  });

  it('keeps the old price of a model that a source overwrote without a day', () => {
    const before = {
      x: [
        { id: 'a', match: ['^a'], prices: [{ rates: [5, 25] }] },
        { id: 'b', prices: [{ rates: [1, 1] }] },
      ],
    };
    const after = {
      x: [
        { id: 'a', match: ['^a'], prices: [{ rates: [4, 20] }] },
        { id: 'b', prices: [{ rates: [1, 1] }, { from: '2026-12-01', rates: [2, 2] }] },
        { id: 'c', prices: [{ rates: [3, 3] }] },
      ],
    };
    assert.deepEqual(loadPack().undatedChanges(before, after, '2026-11-25'), [
      { provider: 'x', kind: 'correction', id: 'a', match: ['^a'], prices: [{ until: '2026-11-25', rates: [5, 25] }] },
    ]);
  });

  it('says from which day it is', () => {
    for (const { asOf } of [genaiPrices, modelsDev]) assert.match(asOf, /^20\d{2}-\d{2}-\d{2}$/);
    assert.equal(new PriceBook().asOf, genaiPrices.asOf);
  });

  it('has no rate that is no rate', () => {
    for (const lists of [bundled.genai, bundled.modelsDev])
      for (const [provider, models] of Object.entries(lists))
        for (const model of models)
          for (const { rates, above = [] } of model.prices)
            for (const list of [rates, ...above.map(([, step]) => step)])
              for (const rate of list)
                assert.ok(rate === null || (rate >= 0 && rate < 1000), `${provider}/${model.id}: ${rate}`);
  });
});

describe('the two price sources against each other', () => {
  it('watch at least 120 models', () => {
    assert.ok(new Set(watched.map(({ provider, id }) => `${provider}/${id}`)).size >= 120);
    const compared = watched.filter(
      ({ provider, id }) => priceIn(bundled.genai, provider, id) && priceIn(bundled.modelsDev, provider, id),
    );
    assert.ok(compared.length >= 90, `${compared.length} are in both`);
  });

  it('agree on all of them, but for the differences on file', () => {
    const fresh = watched.flatMap(({ provider, id }) =>
      differencesOn(provider, id)
        .filter(({ field }) => !known.has(`${provider}/${id} ${field}`))
        .map(
          ({ field, genai, modelsDev }) => `${provider}/${id} ${field}: genai-prices ${genai}, models.dev ${modelsDev}`,
        ),
    );
    assert.deepEqual(fresh, [], 'find out who is right and write it into src/pricing/price-disagreements.json');
  });

  it('still differ where the file says so, and the book sides with the right one', () => {
    const book = new PriceBook();
    for (const [key, row] of known) {
      const found = differencesOn(row.provider, row.id).find(({ field }) => field === row.field);
      assert.ok(found, `${key}: the sources agree now; remove the row`);
      const answer = book.rates(row.id, noonMs, { provider: row.provider });
      const right = row.right === 'genai' ? found.genai : found.modelsDev;
      const ours =
        row.field === 'longContextAbove'
          ? answer.longContext[0]?.aboveTokens
          : answer.rates?.[row.field as (typeof rateFields)[number]];
      assert.equal(ours, right, key);
      assert.ok(row.reason && row.source.startsWith('https://') && /^20\d{2}-\d{2}-\d{2}$/.test(row.checked), key);
    }
  });

  for (const [provider, ids] of Object.entries(watchList))
    it(`have an exact price for every watched model of ${provider}`, () => {
      const book = new PriceBook();
      for (const id of ids) assert.equal(book.rates(id, noonMs, { provider }).status, 'exact', id);
    });
});

describe('our own price rows', () => {
  it('say where and when they were read', () => {
    for (const { model, source, checked } of overlayRows) {
      assert.ok(source.length > 0 && source[0]!.startsWith('https://'), model.id);
      assert.match(checked, /^20\d{2}-\d{2}-\d{2}$/);
      assert.ok(model.periods.length > 0);
    }
  });

  it('are needed: no bundled source has a gap row exactly, at the same price', () => {
    for (const { kind, provider, model } of overlayRows.filter((row) => row.kind === 'gap')) {
      const theirs = priceIn(bundled.genai, provider, model.id);
      const ours = periodAt(model.periods, noonMs);
      assert.ok(
        !theirs || JSON.stringify(theirs.rates) !== JSON.stringify(ours?.rates),
        `${kind} ${model.id}: genai-prices has it now; remove the row`,
      );
    }
  });

  it('correct something: a correction differs from what it corrects at some time', () => {
    for (const { provider, model } of overlayRows.filter((row) => row.kind === 'correction')) {
      const match = findModel((bundled.genai[provider] ?? []).map(unpackModel), model.id);
      assert.ok(match, model.id);
      const moments = Array.from({ length: 700 }, (_, day) => noonMs - 9 * 3_600_000 + (day - 600) * dayMs);
      const differs = moments.some((atMs) => {
        const ours = periodAt(model.periods, atMs);
        return ours && figures(ours) !== figures(periodAt(match.model.periods, atMs));
      });
      assert.ok(differs, `${model.id}: genai-prices is right now; remove the row`);
    }
  });

  it('never overlap so that a later price is hidden', () => {
    for (const { model } of overlayRows) {
      const starts = model.periods.filter((period) => !period.hours).map((period) => period.fromMs);
      const ordered = starts.toSorted((a, b) => a - b);
      assert.deepEqual(starts, ordered, model.id);
    }
  });
});
