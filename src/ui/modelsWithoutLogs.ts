// What Models asks, where no agent's log can be read: prices and limits from the package's lists and the person's own
// rows; nothing is in use. For an editor in a browser, which reads the lists with the first question.
import { fillRates } from '../pricing/cost';
import { PriceBook } from '../pricing/priceBook';
import { type BundledPrices } from '../pricing/priceSources';
import { type ModelSource } from './models';
import { readSettings } from './settings';

/** `loadPrices` gives the text of dist/prices.json. */
export function modelsWithoutLogs(loadPrices: () => Promise<string>): ModelSource {
  let loading: Promise<BundledPrices> | undefined;
  const lists = (): Promise<BundledPrices> => {
    loading ??= loadPrices().then((text) => JSON.parse(text) as BundledPrices);
    // What could not be read is tried again with the next question.
    loading.catch(() => (loading = undefined));
    return loading;
  };
  // Made with the first question, and anew after a change of the person's rows.
  let known: { readonly settings: string; readonly book: PriceBook } | undefined;
  const prices = async (): Promise<PriceBook> => {
    const bundled = await lists();
    const settings = readSettings().prices;
    const text = JSON.stringify(settings);
    if (known?.settings !== text) known = { settings: text, book: new PriceBook(settings, bundled) };
    return known.book;
  };
  return {
    totals: () => Promise.resolve({ rows: [] }),
    knownModels: async () => (await prices()).knownModels(),
    modelFacts: async (model, atMs) => {
      const book = await prices();
      const { status, rates } = book.rates(model, atMs);
      const priced = rates ? { inputPerMillionUsd: rates.input, rates: fillRates(rates) } : {};
      return { ...book.limits(model), status, ...priced };
    },
  };
}
