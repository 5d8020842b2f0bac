// One text, one model, one answer; and which files can be counted at all. For the command line, commands and hints;
// a document that is being edited is `documentCounter`'s.
//
//   const encoders = new Encoders(async (encoding) => bytes of dist/<encoding>.bin);
//   const estimate = await countText('…', 'claude-opus-5', encoders, kindOfText('markdown'));
//   const read = readText(bytesOfAFile);           // { text } or { refused: 'one clear reason' }
import { createEncoder, type Encoder } from './encoder.js';
import { encodingFor, type Estimate, estimate, type TextCounts, type TextKind } from './estimate.js';
import { noFeatures } from './textFeatures.js';
import { type Encoding } from './vocabulary.js';

/** Reads the packed vocabulary dist/<encoding>.bin. */
export type LoadVocabulary = (encoding: Encoding) => Promise<Uint8Array>;

/** The encoders of this thread, each made on first use and once. */
export class Encoders {
  readonly #load: LoadVocabulary;
  readonly #ready = new Map<Encoding, Promise<Encoder>>();

  constructor(load: LoadVocabulary) {
    this.#load = load;
  }

  /** Rejects if the file cannot be read or is damaged; the next call tries again. */
  get(encoding: Encoding): Promise<Encoder> {
    let encoder = this.#ready.get(encoding);
    if (!encoder) {
      encoder = this.#load(encoding).then((packed) => createEncoder(packed, encoding));
      encoder.catch(() => this.#ready.delete(encoding));
      this.#ready.set(encoding, encoder);
    }
    return encoder;
  }
}

/** Exact tokens of a text by a ready encoder, with what the estimates need. */
export function measureText(text: string, encoder: Encoder): TextCounts {
  const features = noFeatures();
  const tokens = encoder.measure(text, features);
  return { encoding: encoder.encoding, tokens, features };
}

/** How many tokens `text` is for `model`: exact, near exact or estimated, and told which. The text only, no framing. */
export async function countText(
  text: string,
  model: string,
  encoders: Encoders,
  kind: TextKind = 'other',
): Promise<Estimate> {
  return estimate(measureText(text, await encoders.get(encodingFor(model))), model, kind);
}

/** Files above this many bytes are not counted: nobody sends them, and they would hold up everything else. */
export const LARGEST_FILE_BYTES = 50_000_000;

export type ReadText = { readonly text: string } | { readonly refused: string };

/** The text of a file's bytes (UTF-8, or UTF-16 with its mark), or the one reason why it is not counted. */
export function readText(bytes: Uint8Array): ReadText {
  if (bytes.length > LARGEST_FILE_BYTES) return { refused: tooLarge(bytes.length) };
  const utf16 =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined;
  if (utf16) return { text: new TextDecoder(utf16).decode(bytes) };
  if (bytes.includes(0)) return { refused: 'Not counted: a binary file (it holds NUL bytes).' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { refused: 'Not counted: the file is not valid UTF-8 text.' };
  }
}

/**
 * What of a file's text a model would be given, in parts that are counted each for itself: a notebook's cells without
 * their outputs, anything else whole. Never empty.
 */
export function partsOf(fileName: string, text: string): readonly string[] {
  if (!/\.ipynb$/i.test(fileName)) return [text];
  try {
    const { cells } = JSON.parse(text) as { cells: readonly { source: string | readonly string[] }[] };
    const sources = cells.map(({ source }) => (typeof source === 'string' ? source : source.join('')));
    return sources.length > 0 ? sources : [''];
  } catch {
    // No notebook, whatever its name says: what it holds is counted as it stands.
    return [text];
  }
}

/** The refusal of a file of this size, for callers that know the size before reading. */
export function tooLarge(sizeBytes: number): string {
  // Rounded up, so that it is never said to be the limit itself.
  const megabytes = Math.ceil(sizeBytes / 1e5) / 10;
  return `Not counted: ${megabytes} MB is over the limit of ${LARGEST_FILE_BYTES / 1e6} MB.`;
}
