// A prompt's text, cut to a bounded size and split into words once, for everything else in this folder to look at.
// Linear in the bound whatever the text: no pattern here can be made to backtrack.
import { groupsOfWord, wordGroupNames, type WordGroup } from './taskWords.js';

/** More than this of a prompt is never looked at. */
export const readCharacters = 4096;
const headCharacters = 3072;

export interface PromptText {
  /** The looked-at part: the whole text, or its start and its end (people paste first and ask last). */
  readonly text: string;
  /** The words of `text` outside code fences: lower case, letters only, apostrophes dropped. */
  readonly words: readonly string[];
  /** Length of the whole text in UTF-16 code units. */
  readonly characters: number;
  /** How many of `words` are in each group. */
  readonly counts: Readonly<Record<WordGroup, number>>;
  /** The groups of the first four words. */
  readonly openings: ReadonlySet<WordGroup>;
  readonly digits: number;
  readonly lineBreaks: number;
}

const openingWords = 4;

export function readPrompt(whole: string): PromptText {
  const text =
    whole.length <= readCharacters
      ? whole
      : `${whole.slice(0, headCharacters)}\n${whole.slice(headCharacters - readCharacters)}`;
  const words = wordsOf(withoutFences(text));
  const counts = Object.fromEntries(wordGroupNames.map((name) => [name, 0])) as Record<WordGroup, number>;
  const openings = new Set<WordGroup>();
  words.forEach((word, at) => {
    for (const name of groupsOfWord(word)) {
      counts[name]++;
      if (at < openingWords) openings.add(name);
    }
  });
  return { text, words, characters: whole.length, counts, openings, ...charactersOf(text) };
}

function charactersOf(text: string): { digits: number; lineBreaks: number } {
  let digits = 0;
  let lineBreaks = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) lineBreaks++;
    else if (code >= 48 && code <= 57) digits++;
  }
  return { digits, lineBreaks };
}

/** An unclosed fence runs to the end, as Markdown has it. */
function withoutFences(text: string): string {
  if (!text.includes('```')) return text;
  return text
    .split('```')
    .filter((_, index) => index % 2 === 0)
    .join(' ');
}

function wordsOf(text: string): readonly string[] {
  return (
    text
      .toLowerCase()
      .replaceAll(/['’]/g, '')
      .match(/[a-z]+/g) ?? []
  );
}
