// Encoded bytes inside a prompt: data URIs and runs of base64. A model reads nothing in them and pays for each.

export interface Blob {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** The media type of a data URI, else undefined. */
  readonly mediaType: string | undefined;
  /** The encoded part alone: what can be cut. */
  readonly payloadStart: number;
}

/** Shorter ones are icons and hashes that may be meant as examples. */
const leastCharacters = 256;

/** Data URIs and base64, one line or many, of at least 256 characters. */
export function findBlobs(text: string): readonly Blob[] {
  const found: Blob[] = [];
  if (text.includes('base64,')) {
    for (const match of text.matchAll(
      /data:([\w.+-]+\/[\w.+-]+)?(?:;[\w.+-]+=[\w.+-]+)*;base64,([A-Za-z0-9+/_-]+={0,2})/g,
    )) {
      if (match[2]!.length < leastCharacters) continue;
      const end = match.index + match[0].length;
      found.push({
        start: match.index,
        end,
        mediaType: match[1] ?? 'text/plain',
        payloadStart: end - match[2]!.length,
      });
    }
  }
  for (const match of text.matchAll(/(?<![\w+/=-])(?:[A-Za-z0-9+/]{60,}\r?\n)*[A-Za-z0-9+/]{20,}={0,2}(?![\w+/=-])/g)) {
    const start = match.index;
    if (match[0].length < leastCharacters || !looksEncoded(match[0])) continue;
    if (found.some((blob) => start < blob.end && start + match[0].length > blob.start)) continue;
    found.push({ start, end: start + match[0].length, mediaType: undefined, payloadStart: start });
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Capitals, small letters and digits well mixed: no word, path or hexadecimal is. */
function looksEncoded(text: string): boolean {
  const share = (expression: RegExp) => (text.match(expression)?.length ?? 0) / text.length;
  return share(/[A-Z]/g) > 0.15 && share(/[a-z]/g) > 0.15 && share(/[0-9]/g) > 0.04;
}
