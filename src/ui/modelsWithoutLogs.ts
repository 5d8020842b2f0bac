// What Models asks, where no agent's log can be read: prices and limits from the bundled lists and the person's own
// rows; nothing is in use. For an editor in a browser.
import { fillRates } from '../pricing/cost';
import { PriceBook } from '../pricing/priceBook';
import { type ModelSource } from './models';
import { readSettings } from './settings';

export function modelsWithoutLogs(): ModelSource {
  // Unpacked with the first question, and anew after a change of the person's rows.
  let known: { readonly settings: string; readonly book: PriceBook } | undefined;
  const prices = (): PriceBook => {
    const settings = readSettings().prices;
    const text = JSON.stringify(settings);
    if (known?.settings !== text) known = { settings: text, book: new PriceBook(settings) };
    return known.book;
  };
  return {
    totals: () => Promise.resolve({ rows: [] }),
    knownModels: () => Promise.resolve(prices().knownModels()),
    modelFacts: (model, atMs) => {
      const { status, rates } = prices().rates(model, atMs);
      const priced = rates ? { inputPerMillionUsd: rates.input, rates: fillRates(rates) } : {};
      return Promise.resolve({ ...prices().limits(model), status, ...priced });
    },
  };
}
