// In a browser no price list is part of the code: dist/prices.json holds them, and whoever makes a price book hands them
// in. The build for a browser takes this file where others take `bundledPrices.ts`.
import { type BundledPrices } from './priceSources';

export const bundledPrices = (): BundledPrices => {
  throw new Error('In a browser a price book is made with the lists of dist/prices.json');
};
