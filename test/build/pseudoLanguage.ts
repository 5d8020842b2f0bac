// A language that nobody speaks, for tests: every sentence in brackets, its letters with accents, a good third longer as
// German is; what a translation must keep stays as it is. What a person sees without brackets was never translated.
import { keptParts, type Texts } from './translations';

/** As VS Code names it: the private use of language tags, so that `Intl` takes it and falls back. */
export const pseudoLanguage = 'qps-ploc';

const plain = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const accented = 'åƀçđéƒĝĥîĵķłɱñöþǫŕšţûṽŵẋýžÅƁÇĐÉƑĜĤÎĴĶĻḾÑÖÞǪŔŠŢÛṼŴẊÝŽ';

/** The sentence as the pseudo-language has it. */
export function pseudo(sentence: string): string {
  const kept = keptParts(sentence);
  let rest = sentence;
  let written = '';
  while (rest !== '') {
    const next = kept.find((part) => rest.startsWith(part));
    written += next ?? accent(rest[0]!);
    rest = rest.slice(next?.length ?? 1);
  }
  return `⟦${written}${padding(Math.ceil(sentence.length * 0.35))}⟧`;
}

export function pseudoTexts(texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, pseudo(text)]));
}

function accent(letter: string): string {
  const index = plain.indexOf(letter);
  return index < 0 ? letter : accented[index]!;
}

/** Words of eight letters, for lines to break between. */
function padding(length: number): string {
  return 'ẋẋẋẋẋẋẋ '
    .repeat(Math.ceil(length / 8))
    .slice(0, length)
    .trimEnd()
    .replace(/^/, ' ');
}
