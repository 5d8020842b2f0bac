// The sentences as they stand in the sources, for a terminal: what an editor's translation does without a language.
import { type Translate } from './pageShapes';

/** Fills `{0}`, `{1}` … in. */
export const english: Translate = (words, ...values) =>
  words.replace(/\{(\d+)\}/g, (placeholder, index: string) => values[Number(index)] ?? placeholder);
