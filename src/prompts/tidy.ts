// White space that says nothing in markdown: at line ends, and blank lines beyond one. Code, front matter and the two
// blanks that break a line stay as they are.
import { eachLine } from './markdownLines';
import { type TextEdit } from './textEdits';

/** Drops blanks at line ends; two or more before a further line of the same paragraph mean a break and become two. */
export function tidyTrailingSpaces(text: string): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  let pending: TextEdit | undefined;
  const settle = (isBreak: boolean) => {
    if (!pending) return;
    const newText = isBreak && /^ {2,}$/.test(text.slice(pending.start, pending.end)) ? '  ' : '';
    if (pending.end - pending.start !== newText.length) edits.push({ ...pending, newText });
    pending = undefined;
  };
  eachLine(text, (start, end, reading) => {
    const line = text.slice(start, end);
    const isBlank = line.trim() === '';
    settle(!isBlank && !reading.isCode);
    if (reading.isCode) return;
    const found = /[ \t]+(?=\r?\n?$)/.exec(line);
    // An underlined heading's own line and a heading with # break nothing.
    if (found) pending = { start: start + found.index, end: start + found.index + found[0].length, newText: '' };
    if (reading.heading || isBlank) settle(false);
  });
  settle(false);
  return edits;
}

/** Blank lines beyond the first between two blocks. */
export function tidyBlankLines(text: string): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  let blanks = 0;
  let from = 0;
  let last = 0;
  const close = () => {
    if (blanks > 1) edits.push({ start: from, end: last, newText: '' });
    blanks = 0;
  };
  eachLine(text, (start, end, reading) => {
    if (reading.isCode || text.slice(start, end).trim() !== '') return close();
    // Blank lines inside an indented block may be code: only those between lines at the margin go.
    blanks++;
    if (blanks === 1) from = end;
    last = end;
  });
  close();
  return edits.filter(
    (edit) => /^(?:\S|$)/.test(text.slice(edit.end, edit.end + 1)) && !isAfterIndent(text, edit.start),
  );
}

/** Is the last line with ink before the blank ones indented as code is? */
function isAfterIndent(text: string, offset: number): boolean {
  const before = text.slice(Math.max(0, offset - 2_000), offset).trimEnd();
  return /^(?: {4}|\t)/.test(before.slice(before.lastIndexOf('\n') + 1));
}
