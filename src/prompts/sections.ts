// Markdown cut at its headings, with the tokens of each part, kept current from edits: only what an edit touched is
// cut and counted again. Knows no editor and no clock; the tokens come from the counter it is given.
import { addTimes, type Features, noFeatures } from '../tokens/textFeatures';
import {
  type LineHeading,
  type LineState,
  cleanState,
  continuesParagraph,
  openingState,
  readLine,
} from './markdownLines';

/** A heading and what stands under it. Offsets in UTF-16 code units, lines from 0; ends are exclusive. */
export interface Section {
  readonly title: string;
  /** 1 to 6. */
  readonly level: number;
  readonly line: number;
  readonly startOffset: number;
  /** Up to the next heading of any level. */
  readonly ownEndOffset: number;
  /** Up to the next heading of this level or above. */
  readonly endOffset: number;
  readonly ownTokens: number;
  readonly tokens: number;
}

export interface SectionTable {
  /** Tokens of the whole text, the part before the first heading included. */
  readonly tokens: number;
  /** Of the whole text, as the counter saw them: what `estimate` needs. */
  readonly features: Features;
  readonly characters: number;
  readonly lines: number;
  readonly sectionCount: number;
  /** Line of the section that itself (without its subsections) weighs most, or -1. */
  readonly heaviestLine: number;
  /** Those whose heading is on these lines, both inclusive; all of them unless told. */
  readonly sections: (firstLine?: number, lastLine?: number) => readonly Section[];
}

/** A run of whole lines that is counted alone. Cut only where token counts add up exactly. */
interface Piece {
  readonly text: string;
  readonly newlines: number;
  /** The heading its first lines are. */
  readonly heading: Pick<LineHeading, 'title' | 'level'> | undefined;
  readonly before: LineState;
  readonly after: LineState;
  tokens: number | undefined;
  features: Features | undefined;
}

/** `Encoder.measure`, or any other count that adds up; one that looks at no features leaves them alone. */
export type Measure = (text: string, features: Features) => number;

/** Long sections are counted in pieces of about this many characters, so that an edit recounts little. */
const pieceCharacters = 6_000;

export class SectionCounter {
  private pieces: Piece[];
  private length: number;

  /** `measure` must be an encoder's exact count: then the sum over the pieces is the count of the whole. */
  constructor(
    text: string,
    private readonly measure: Measure,
  ) {
    this.pieces = cut(text, openingState(text), true);
    this.length = text.length;
  }

  get characters(): number {
    return this.length;
  }

  /** The whole text, put together again. */
  get text(): string {
    return textOf(this.pieces, 0, this.pieces.length);
  }

  /**
   * Counts up to so many characters that have no count yet; true when all is counted. A caller that must not block
   * calls it in slices; `table()` counts the rest.
   */
  countSome(maxCharacters: number): boolean {
    let left = maxCharacters;
    for (const piece of this.pieces) {
      if (piece.tokens !== undefined) continue;
      if (left <= 0) return false;
      piece.features = noFeatures();
      piece.tokens = this.measure(piece.text, piece.features);
      left -= piece.text.length;
    }
    return true;
  }

  /** One edit, as editors report it. The pieces it touches are cut and counted anew. */
  edit(offset: number, removedLength: number, inserted: string): void {
    if (this.pieces.length === 0) {
      this.restart(inserted);
      return;
    }
    let first = 0;
    let start = 0;
    while (first < this.pieces.length - 1 && start + this.pieces[first]!.text.length < offset) {
      start += this.pieces[first++]!.text.length;
    }
    // An edit at a piece's start can change what the line before is, so the piece before is cut again, too.
    if (first > 0) start -= this.pieces[--first]!.text.length;
    const editEnd = offset + removedLength;
    let last = first;
    let end = start;
    do end += this.pieces[last++]!.text.length;
    while (last < this.pieces.length && end <= editEnd);
    const old = textOf(this.pieces, first, last);
    let text = old.slice(0, offset - start) + inserted + old.slice(editEnd - start);
    if (this.touchesFrontMatter(first, old, text)) {
      const all = textOf(this.pieces, 0, first) + text + textOf(this.pieces, last, this.pieces.length);
      this.restart(all);
      return;
    }
    let fresh = this.cutAgain(text, first);
    // What opens or closes here can change what follows: take in more until both sides agree again.
    while (last < this.pieces.length && !joins(fresh, this.pieces[last]!)) {
      const until = Math.min(this.pieces.length, last + Math.max(2, last - first));
      text += textOf(this.pieces, last, until);
      last = until;
      fresh = this.cutAgain(text, first);
    }
    keepCounts(this.pieces.slice(first, last), fresh);
    this.pieces.splice(first, last - first, ...fresh);
    this.length += inserted.length - removedLength;
  }

  private restart(text: string): void {
    const fresh = cut(text, openingState(text), true);
    keepCounts(this.pieces, fresh);
    this.pieces = fresh;
    this.length = text.length;
  }

  private cutAgain(text: string, first: number): Piece[] {
    return cut(text, first === 0 ? openingState(text) : this.pieces[first]!.before, first === 0);
  }

  /** Whether the file opens with front matter hangs on a closing line that may stand anywhere below. */
  private touchesFrontMatter(first: number, old: string, text: string): boolean {
    if (first === 0) return startsWithRule(text) ? openingState(text).fence === '' : startsWithRule(old);
    const isOpen = this.pieces[0]!.before.fence === '' || this.pieces[first]!.before.fence === '---';
    return isOpen && startsWithRule(this.pieces[0]!.text) && (old.includes('---') || text.includes('---'));
  }

  table(): SectionTable {
    this.countSome(Infinity);
    return buildTable(this.pieces);
  }
}

/** The sections of a text, once. */
export function sectionsOf(text: string, measure: Measure): SectionTable {
  return new SectionCounter(text, measure).table();
}

function textOf(pieces: readonly Piece[], from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += pieces[i]!.text;
  return text;
}

function startsWithRule(text: string): boolean {
  return /^\uFEFF?---[ \t]*\r?(?:\n|$)/.test(text);
}

/** Pieces whose text did not change keep their count. */
function keepCounts(old: readonly Piece[], fresh: readonly Piece[]): void {
  const known = new Map(old.map((piece) => [piece.text, piece]));
  for (const piece of fresh) {
    piece.tokens = known.get(piece.text)?.tokens;
    piece.features = known.get(piece.text)?.features;
  }
}

/** Does the known piece follow the new ones as it followed the old ones? */
function joins(fresh: readonly Piece[], next: Piece): boolean {
  const last = fresh.at(-1);
  if (!last?.text.endsWith('\n')) return false;
  const now = last.after;
  if (now.fence !== next.before.fence) return false;
  // A `#` line starts a heading after anything; whatever else begins a piece needs a closed paragraph before it.
  const isAtx = next.heading !== undefined && /^ {0,3}#/.test(next.text);
  return isAtx || (now.paragraphStart < 0 && now.inOther === next.before.inOther);
}

const slash = 47;

/**
 * May a count be cut before this line? After a newline: before anything but white space and `/`, and before an indent
 * that is not a blank line's (tokenizers.md 4.1, proven for o200k_base and cl100k_base).
 */
function isSafeStart(text: string, start: number): boolean {
  let at = start;
  while (text.charCodeAt(at) === 32) at++;
  const unit = text.charCodeAt(at);
  if (Number.isNaN(unit) || unit <= 32 || unit === slash) return false;
  return unit < 0x80 || !/[\s\u0085]/.test(text[at]!);
}

/** Cuts whole lines into pieces at headings and, in long sections, at safe line starts outside of paragraphs. */
function cut(text: string, opening: LineState, isStart: boolean): Piece[] {
  const pieces: Piece[] = [];
  let pieceStart = 0;
  let heading: Piece['heading'];
  let pieceState = opening;
  let state = opening;
  const close = (end: number, stateThere: LineState) => {
    if (end === pieceStart) return;
    const pieceText = text.slice(pieceStart, end);
    pieces.push({
      text: pieceText,
      newlines: newlinesIn(pieceText),
      heading,
      before: pieceState,
      after: stateThere,
      tokens: undefined,
      features: undefined,
    });
    pieceStart = end;
    pieceState = stateThere;
    heading = undefined;
  };
  let start = 0;
  if (isStart && opening.fence === '---') start = text.indexOf('\n') + 1;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline + 1;
    if (continuesParagraph(text, start, state)) {
      start = end;
      continue;
    }
    const reading = readLine(text, start, end, state);
    if (reading.heading) {
      if (isSafeStart(text, reading.heading.startOffset))
        close(reading.heading.startOffset, reading.heading.startOffset === start ? state : cleanState);
      if (pieceStart === reading.heading.startOffset)
        heading = { title: reading.heading.title, level: reading.heading.level };
    } else if (start - pieceStart > pieceCharacters && state.paragraphStart < 0 && isSafeStart(text, start)) {
      close(start, state);
    }
    state = reading.state;
    start = end;
  }
  close(text.length, state);
  return pieces;
}

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

type Draft = { -readonly [K in keyof Section]: Section[K] };

/**
 * Sums in one walk. A table is made at every keystroke, and an object for each of thousands of sections would be waste
 * that is collected in the middle of typing: they are made of the pieces as they were, when somebody looks at them.
 */
function buildTable(pieces: readonly Piece[]): SectionTable {
  const features = noFeatures();
  let characters = 0;
  let line = 0;
  let tokens = 0;
  let sectionCount = 0;
  let headingLine = -1;
  let ownTokens = 0;
  let mostTokens = -1;
  let heaviestLine = -1;
  for (const piece of pieces) {
    if (piece.heading) {
      sectionCount++;
      headingLine = line;
      ownTokens = 0;
    }
    const pieceTokens = piece.tokens ?? 0;
    if (piece.features) addTimes(features, piece.features, 1);
    characters += piece.text.length;
    line += piece.newlines;
    tokens += pieceTokens;
    ownTokens += pieceTokens;
    if (headingLine >= 0 && ownTokens > mostTokens) {
      mostTokens = ownTokens;
      heaviestLine = headingLine;
    }
  }
  const snapshot = [...pieces];
  const sections = (firstLine = 0, lastLine = Infinity) => sectionsBetween(snapshot, firstLine, lastLine);
  return { tokens, features, characters, lines: line + 1, sectionCount, heaviestLine, sections };
}

function sectionsBetween(pieces: readonly Piece[], firstLine: number, lastLine: number): Section[] {
  const sections: Draft[] = [];
  const open: Draft[] = [];
  let current: Draft | undefined;
  let offset = 0;
  let line = 0;
  let tokens = 0;
  for (const piece of pieces) {
    if (piece.heading) {
      const { title, level } = piece.heading;
      while (open.length > 0 && open.at(-1)!.level >= level) finish(open.pop()!, offset, tokens);
      if (line > lastLine && open.length === 0) break;
      const isAsked = line >= firstLine && line <= lastLine;
      const place = { line, startOffset: offset, ownEndOffset: offset, endOffset: offset };
      current = isAsked ? { title, level, ...place, ownTokens: 0, tokens } : undefined;
      if (current) {
        sections.push(current);
        open.push(current);
      }
    }
    const pieceTokens = piece.tokens ?? 0;
    offset += piece.text.length;
    line += piece.newlines;
    tokens += pieceTokens;
    if (current) {
      current.ownEndOffset = offset;
      current.ownTokens += pieceTokens;
    }
  }
  while (open.length > 0) finish(open.pop()!, offset, tokens);
  return sections;
}

/** `tokens` held the sum before the section until now. */
function finish(section: Draft, offset: number, tokensSoFar: number): void {
  section.endOffset = offset;
  section.tokens = tokensSoFar - section.tokens;
}
