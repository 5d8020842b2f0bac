// Where a text may be cut so that the counts of the parts add up to the count of the whole, for both encodings.
// The rule looks at one code point on each side of the cut and at nothing else; it knows nothing of vocabularies.
//
// Why it holds: in each case below no alternative of either split pattern has a string with the left character
// directly before the right one inside a piece, so every match open to the whole before the cut is open to the left
// part alone, in the same order of preference. The patterns' only look-ahead can end at the cut only behind a
// newline, and there the alternative tried before it always ends at the cut. Merges never cross pieces.
import { CASELESS, kindAt, MARK, NEWLINE, NUMBER, SPACE, SYMBOL } from './characterClasses.js';

/** The code point that ends at `offset`, a UTF-16 offset above 0; half a pair counts as itself. */
function codePointBefore(text: string, offset: number): number {
  const unit = text.charCodeAt(offset - 1);
  if ((unit & 0xfc00) !== 0xdc00 || offset < 2) return unit;
  const high = text.charCodeAt(offset - 2);
  return (high & 0xfc00) === 0xd800 ? (high - 0xd800) * 0x400 + (unit - 0xdc00) + 0x10000 : unit;
}

/** May the code points `before | after` be parted? */
export function isSafeBetween(before: number, after: number): boolean {
  const left = kindAt(before);
  const right = kindAt(after);
  if (right === SPACE) return left !== SPACE && left !== NEWLINE;
  if (left === NEWLINE) return right !== NEWLINE && after !== 0x2f;
  if (right === NUMBER) return left <= MARK || left === SYMBOL;
  if (left === NUMBER) return true;
  return left <= CASELESS && (right === NEWLINE || (right === SYMBOL && after !== 0x27));
}

/**
 * May `text` be cut at this UTF-16 offset? True at both ends. A cut inside a surrogate pair is never safe.
 */
export function isSafeBoundary(text: string, offset: number): boolean {
  if (offset <= 0 || offset >= text.length) return true;
  const unit = text.charCodeAt(offset);
  if ((unit & 0xfc00) === 0xdc00 && (text.charCodeAt(offset - 1) & 0xfc00) === 0xd800) return false;
  return isSafeBetween(codePointBefore(text, offset), text.codePointAt(offset)!);
}

/** May two texts that lie side by side be counted apart? True if either is empty. */
export function isSafeSeam(left: string, right: string): boolean {
  return isSafeBoundary(left.slice(-2) + right.slice(0, 2), Math.min(left.length, 2));
}

/** The last safe boundary in (`from`, `to`], or -1. */
export function lastSafeBoundary(text: string, from: number, to: number): number {
  for (let offset = to; offset > from; offset--) if (isSafeBoundary(text, offset)) return offset;
  return -1;
}

/** The first safe boundary in [`from`, end of text]. */
export function nextSafeBoundary(text: string, from: number): number {
  let offset = from;
  while (!isSafeBoundary(text, offset)) offset++;
  return offset;
}
