// Our own dated price rows (overlay.json): models that the bundled sources do not have yet (`gap`) and rows that are
// known to be wrong in them (`correction`). Each row says where it was read and when. Few on purpose.

import packed from './overlay.json';
import { type PackedModel, type PricedModel, unpackModel } from './priceList';

export interface OverlayRow {
  readonly provider: string;
  readonly kind: 'gap' | 'correction';
  /** Addresses, or words where the page has none. */
  readonly source: readonly string[];
  /** The day it was last checked, `YYYY-MM-DD`. */
  readonly checked: string;
  readonly note?: string;
  readonly model: PricedModel;
}

type PackedRow = PackedModel & Omit<OverlayRow, 'model'>;

export const overlayRows: readonly OverlayRow[] = (packed as unknown as readonly PackedRow[]).map((row) => ({
  provider: row.provider,
  kind: row.kind,
  source: row.source,
  checked: row.checked,
  ...(row.note !== undefined && { note: row.note }),
  model: unpackModel(row),
}));

/** For the book's version: changes with any row. */
export const overlayText: string = JSON.stringify(packed);
