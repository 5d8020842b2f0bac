// The price lists that are part of the program's own code. In a browser, where all code is one file that is loaded at
// start, `bundledPrices.browser.ts` stands here instead.
import { genaiPrices } from './genaiPrices';
import { modelsDev } from './modelsDev';
import { type BundledPrices } from './priceSources';

export const bundledPrices = (): BundledPrices => ({ genai: genaiPrices, modelsDev });
