// Which figures are of no single prompt. Knows no store.
import { type StoreRow } from './store';

/** As `calls.quality` has it. */
const sessionTotal = 1;

/** One figure for a whole run of a session, which names no prompt: it is not the last prompt's alone. */
export function isOfManyPrompts(row: StoreRow): boolean {
  return row['quality'] === sessionTotal && typeof row['prompt'] !== 'number';
}
