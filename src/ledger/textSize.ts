// About how many tokens a text has, in microseconds: for answers whose size no log recorded, by the million. Near
// enough for a lower bound that is shown as one; what a document counts is the business of tokens/.

/** Characters of English and code that a token of Claude's holds: 3.3 to 3.9 by model (measured on logged usage). */
const charactersPerToken = 3.6;
const sampleCharacters = 2000;

export function estimateTokens(text: string): number {
  const sample = text.length > sampleCharacters ? text.slice(0, sampleCharacters) : text;
  let wide = 0;
  for (let i = 0; i < sample.length; i += 1) if (sample.charCodeAt(i) > 0x7ff) wide += 1;
  // Beyond the alphabets a character is about a token.
  const share = sample.length === 0 ? 0 : wide / sample.length;
  return Math.round(text.length * (share + (1 - share) / charactersPerToken));
}
