// One document's exact count, kept up to date from its edits. The text lies in chunks that end at safe boundaries, so
// that counts add up; an edit rebuilds the chunks it touches and leaves all others as they are. Speaks UTF-16 offsets;
// knows nothing of lines, versions or editors.
//
// Chunks are counted when a count is asked for, not when they change: a burst of edits costs one count.
import { type Encoder } from './encoder.js';
import { isSafeSeam, lastSafeBoundary, nextSafeBoundary } from './safeBoundary.js';
import { addTimes, type Features, noFeatures } from './textFeatures.js';
import { type Encoding } from './vocabulary.js';

/** Length chunks are cut to, and the lengths at which they are cut again or joined to a neighbour. */
const USUAL = 2048;
const LONGEST = 4096;
const SHORTEST = 256;

/** What one vocabulary counted. */
export interface Counts {
  readonly encoding: Encoding;
  tokens: number;
  readonly features: Features;
}

export interface Edit {
  /** Where the replaced text began, and how much of it there was, before any edit of its event. */
  readonly offset: number;
  readonly removed: number;
  readonly inserted: string;
}

interface Chunk {
  readonly text: string;
  /** By encoding; missing until counted. */
  readonly counts: Partial<Record<Encoding, Counts>>;
}

/** The sums for one encoding, and the chunks that are not in them yet. */
interface Sums {
  readonly encoder: Encoder;
  readonly total: Counts;
  readonly uncounted: Set<Chunk>;
}

export class DocumentCounter {
  #chunks: Chunk[] = [];
  #length = 0;
  readonly #sums = new Map<Encoding, Sums>();

  constructor(text = '') {
    this.edit({ offset: 0, removed: 0, inserted: text });
  }

  /** Length of the document in UTF-16 code units. */
  get length(): number {
    return this.#length;
  }

  /** The edits of one event, whose offsets all mean the document before it; they must not overlap. */
  apply(edits: readonly Edit[]): void {
    const backwards = edits.length > 1 ? [...edits].sort((left, right) => right.offset - left.offset) : edits;
    for (const edit of backwards) this.edit(edit);
  }

  /** Adds to the end. */
  append(text: string): void {
    this.edit({ offset: this.#length, removed: 0, inserted: text });
  }

  /** Replaces `removed` units at `offset`. Throws a RangeError if they do not lie inside the document. */
  edit({ offset, removed, inserted }: Edit): void {
    if (offset < 0 || removed < 0 || offset + removed > this.#length) throw new RangeError('The edit lies outside');
    const [touched, firstStart] = this.#chunkAt(offset, 0, 0);
    let first = touched;
    const [last, lastStart] = this.#chunkAt(offset + removed, first, firstStart);
    let after = last + 1;
    let text =
      (this.#chunks[first]?.text.slice(0, offset - firstStart) ?? '') +
      inserted +
      (this.#chunks[last]?.text.slice(offset + removed - lastStart) ?? '');
    while (first > 0 && (text.length < SHORTEST || !isSafeSeam(this.#chunks[first - 1]!.text, text))) {
      text = this.#chunks[--first]!.text + text;
    }
    while (after < this.#chunks.length && (text.length < SHORTEST || !isSafeSeam(text, this.#chunks[after]!.text))) {
      text += this.#chunks[after++]!.text;
    }
    this.#length += inserted.length - removed;
    this.#replace(first, after, text);
  }

  /** Exact counts of the whole document. The object is the caller's. */
  counts(encoder: Encoder): Counts {
    this.countSome(encoder, Infinity);
    return copyOf(this.#sumsFor(encoder).total);
  }

  /** Counts at least `units` more code units, if that many are uncounted. True = all is counted. */
  countSome(encoder: Encoder, units: number): boolean {
    const { total, uncounted } = this.#sumsFor(encoder);
    let left = units;
    for (const chunk of uncounted) {
      if (left <= 0) return false;
      addCounts(total, countsOf(chunk, encoder), 1);
      uncounted.delete(chunk);
      left -= chunk.text.length;
    }
    return true;
  }

  /** Exact counts of `[start, end)` as a text of its own: stored counts for whole chunks, the rest counted anew. */
  countRange(encoder: Encoder, start: number, end: number): Counts {
    const sum = noCounts(encoder.encoding);
    if (end <= start) return sum;
    const [first, firstStart] = this.#chunkAt(start, 0, 0);
    let chunkStart = firstStart;
    // What has been cut off a chunk and waits for a safe seam to be counted at.
    let open = '';
    for (let index = first; index < this.#chunks.length && chunkStart < end; index++) {
      const chunk = this.#chunks[index]!;
      const isWhole = start <= chunkStart && chunkStart + chunk.text.length <= end;
      const part = isWhole ? chunk.text : chunk.text.slice(Math.max(0, start - chunkStart), end - chunkStart);
      if (isWhole && isSafeSeam(open, part)) {
        addText(sum, open, encoder);
        addCounts(sum, countsOf(chunk, encoder), 1);
        open = '';
      } else if (isSafeSeam(open, part)) {
        addText(sum, open, encoder);
        open = part;
      } else open += part;
      chunkStart += chunk.text.length;
    }
    addText(sum, open, encoder);
    return sum;
  }

  /** Index and start of the chunk that holds `offset` (the later one at a seam), looking from a chunk at or before it. */
  #chunkAt(offset: number, fromIndex: number, fromStart: number): [index: number, start: number] {
    let index = fromIndex;
    let start = fromStart;
    while (index < this.#chunks.length - 1 && start + this.#chunks[index]!.text.length <= offset) {
      start += this.#chunks[index]!.text.length;
      index++;
    }
    return [index, start];
  }

  /** Puts `text`, cut into chunks, in the place of the chunks [first, after). */
  #replace(first: number, after: number, text: string): void {
    const chunks = chunksOf(text);
    for (const { total, uncounted } of this.#sums.values()) {
      for (let index = first; index < Math.min(after, this.#chunks.length); index++) {
        const gone = this.#chunks[index]!;
        if (!uncounted.delete(gone)) addCounts(total, gone.counts[total.encoding]!, -1);
      }
      for (const chunk of chunks) uncounted.add(chunk);
    }
    if (first === 0 && after >= this.#chunks.length) this.#chunks = chunks;
    else if (chunks.length < 1000) this.#chunks.splice(first, after - first, ...chunks);
    else this.#chunks = [...this.#chunks.slice(0, first), ...chunks, ...this.#chunks.slice(after)];
  }

  #sumsFor(encoder: Encoder): Sums {
    let sums = this.#sums.get(encoder.encoding);
    if (!sums) {
      sums = { encoder, total: noCounts(encoder.encoding), uncounted: new Set(this.#chunks) };
      this.#sums.set(encoder.encoding, sums);
    }
    return sums;
  }
}

export function noCounts(encoding: Encoding): Counts {
  return { encoding, tokens: 0, features: noFeatures() };
}

/** Adds `times` (1 or -1) of `from`. */
export function addCounts(into: Counts, from: Counts, times: number): void {
  into.tokens += from.tokens * times;
  addTimes(into.features, from.features, times);
}

function copyOf(counts: Counts): Counts {
  const copy = noCounts(counts.encoding);
  addCounts(copy, counts, 1);
  return copy;
}

function addText(sum: Counts, text: string, encoder: Encoder): void {
  if (text !== '') sum.tokens += encoder.measure(text, sum.features);
}

function countsOf(chunk: Chunk, encoder: Encoder): Counts {
  let counts = chunk.counts[encoder.encoding];
  if (!counts) {
    counts = noCounts(encoder.encoding);
    counts.tokens = encoder.measure(chunk.text, counts.features);
    chunk.counts[encoder.encoding] = counts;
  }
  return counts;
}

/** Cuts a text at safe boundaries into chunks of the usual length; longer where there is none. */
function chunksOf(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  for (let from = 0; from < text.length;) {
    let to = text.length;
    if (to - from > LONGEST) {
      to = lastSafeBoundary(text, from + SHORTEST, from + USUAL);
      if (to < 0) to = nextSafeBoundary(text, from + USUAL + 1);
    }
    chunks.push({ text: text.slice(from, to), counts: {} });
    from = to;
  }
  return chunks;
}
