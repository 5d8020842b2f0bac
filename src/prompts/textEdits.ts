// Edits as plain offsets: how they are applied, joined, and what they save, counted to the token.
import { isSafeBoundary } from '../tokens/safeBoundary';

/** Replaces `[start, end)` by `newText`. Offsets into the text before any edit of the list. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** The edits in order; one that overlaps an earlier one is left out. */
export function inOrder(edits: readonly TextEdit[]): readonly TextEdit[] {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let end = -1;
  return sorted.filter((edit) => {
    const fits = edit.start >= end;
    if (fits) end = edit.end;
    return fits;
  });
}

export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let from = 0;
  for (const edit of inOrder(edits)) {
    result += text.slice(from, edit.start) + edit.newText;
    from = edit.end;
  }
  return result + text.slice(from);
}

/**
 * Tokens before minus tokens after, exact: only the surroundings of the edits are counted, up to places where counts
 * add up with the rest. `count` must be an encoder's exact count.
 */
export function savedTokens(text: string, edits: readonly TextEdit[], count: (text: string) => number): number {
  let saved = 0;
  let group: TextEdit[] = [];
  let from = 0;
  let to = -1;
  const close = () => {
    if (group.length === 0) return;
    const shifted = group.map((edit) => ({ ...edit, start: edit.start - from, end: edit.end - from }));
    const before = text.slice(from, to);
    saved += count(before) - count(applyEdits(before, shifted));
    group = [];
  };
  for (const edit of inOrder(edits)) {
    const start = boundaryBefore(text, edit.start);
    const end = boundaryAfter(text, edit.end);
    if (group.length > 0 && start <= to) {
      group.push(edit);
      to = Math.max(to, end);
    } else {
      close();
      group = [edit];
      from = start;
      to = end;
    }
  }
  close();
  return saved;
}

/** A safe cut whose both sides lie before the edit. */
function boundaryBefore(text: string, offset: number): number {
  for (let at = offset - 1; at > 0; at--) if (text.charCodeAt(at - 1) === 10 && isSafeBoundary(text, at)) return at;
  return 0;
}

/** A safe cut whose both sides lie behind the edit. */
function boundaryAfter(text: string, offset: number): number {
  for (let at = text.indexOf('\n', offset); at >= 0; at = text.indexOf('\n', at + 1)) {
    if (isSafeBoundary(text, at + 1)) return at + 1;
  }
  return text.length;
}
