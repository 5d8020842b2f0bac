// What one line of markdown is, given the lines before it: heading, fence, code, blank, text. As CommonMark tells
// them apart as far as headings, fences and paragraphs need it; inline markup is not looked at.

/** Outside, in the front matter, or in a fence that opened with this marker. */
export type Fence = string;

/** What the lines before leave for the next one. */
export interface LineState {
  readonly fence: Fence;
  /**
   * The paragraph that the next line may continue: where it starts, or -1 where none is open. `inOther`: the line
   * before belongs to a list, quote, table or HTML block, so that a following text line continues that.
   */
  readonly paragraphStart: number;
  readonly inOther: boolean;
}

export const cleanState: LineState = { fence: '', paragraphStart: -1, inOther: false };

export interface LineHeading {
  /** Where the heading begins: this line, or an underlined paragraph's first line. */
  readonly startOffset: number;
  readonly title: string;
  readonly level: number;
}

export interface LineReading {
  readonly state: LineState;
  readonly heading?: LineHeading;
  /** The line is code or a fence's own marker. */
  readonly isCode: boolean;
}

const hash = 35;
const dash = 45;
const backtick = 96;
const tilde = 126;

/** The first character that is no blank, or `end`. Tabs count as blanks; `indent` is in columns. */
function ink(text: string, start: number, end: number): { at: number; indent: number } {
  let at = start;
  let indent = 0;
  for (; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 32) indent++;
    else if (unit === 9) indent += 4 - (indent % 4);
    else if (unit === 13 || unit === 10) return { at: end, indent };
    else break;
  }
  return { at, indent };
}

const after = (fence: Fence, inOther = false): LineState => ({ fence, paragraphStart: -1, inOther });

/** Reads the line from `start` to `end` (its newline included). */
export function readLine(text: string, start: number, end: number, before: LineState): LineReading {
  const { at, indent } = ink(text, start, end);
  const mark = at < end ? text.charCodeAt(at) : 0;
  if (before.fence === '---') {
    const isEnd = mark === dash && at === start && /^---[ \t\r]*\n?$/.test(text.slice(start, end));
    return { state: isEnd ? cleanState : before, isCode: true };
  }
  if (before.fence !== '') {
    const isEnd = (mark === backtick || mark === tilde) && closesFence(text.slice(at, end), before.fence);
    return { state: isEnd ? after('', before.inOther) : before, isCode: true };
  }
  if (at >= end) return { state: cleanState, isCode: false };
  if (mark === hash && indent < 4) {
    const heading = atxHeading(text, start, at, end);
    if (heading) return { state: cleanState, heading, isCode: false };
  }
  const underlined =
    before.paragraphStart >= 0 && indent < 4 ? underline(text, at, end, before.paragraphStart, start) : undefined;
  if (underlined) return { state: cleanState, heading: underlined, isCode: false };
  if (mark === backtick || mark === tilde || isContainer(mark)) {
    const fence = /^(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]*)*(`{3,}(?=[^`]*$)|~{3,})/.exec(text.slice(at, end).trimEnd())?.[1];
    if (fence !== undefined) return { state: after(fence, at > start || isContainer(mark)), isCode: true };
  }
  if (indent >= 4 && before.paragraphStart < 0 && !before.inOther) return { state: after(''), isCode: true };
  if (isRule(text, at, end, mark)) return { state: cleanState, isCode: false };
  if (before.inOther || startsOther(text, at, end, mark)) return { state: after('', true), isCode: false };
  const paragraphStart = before.paragraphStart >= 0 ? before.paragraphStart : start;
  return { state: { fence: '', paragraphStart, inOther: false }, isCode: false };
}

function closesFence(line: string, fence: Fence): boolean {
  const run = /^(`{3,}|~{3,})[ \t\r]*\n?$/.exec(line)?.[1];
  return run !== undefined && run[0] === fence[0] && run.length >= fence.length;
}

/** A list item or a quote: a fence may stand in it. */
function isContainer(mark: number): boolean {
  return mark === 62 || mark === dash || mark === 42 || mark === 43 || (mark >= 48 && mark <= 57);
}

/** A line that opens a list, quote, table row or HTML block instead of a paragraph. */
function startsOther(text: string, at: number, end: number, mark: number): boolean {
  if (mark === 62 || mark === 124 || mark === 60) return true;
  return isContainer(mark) && /^(?:[-*+]|\d{1,9}[.)])(?:\s|$)/.test(text.slice(at, Math.min(end, at + 12)));
}

/** A thematic break: three or more of one of `-*_`, blanks between. */
function isRule(text: string, at: number, end: number, mark: number): boolean {
  if (mark !== dash && mark !== 42 && mark !== 95) return false;
  return /^([-*_])(?:[ \t]*\1){2,}\s*$/.test(text.slice(at, end));
}

function atxHeading(text: string, start: number, at: number, end: number): LineHeading | undefined {
  const found = /^(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/.exec(text.slice(at, end).trimEnd());
  return found ? { startOffset: start, title: found[2] ?? '', level: found[1]!.length } : undefined;
}

function underline(text: string, at: number, end: number, from: number, to: number): LineHeading | undefined {
  const mark = text.charCodeAt(at);
  if (mark !== 61 && mark !== dash) return undefined;
  const run = text.slice(at, end).trimEnd();
  if (!/^(?:=+|-+)$/.test(run) || text.charCodeAt(from) === 47) return undefined;
  return { startOffset: from, title: text.slice(from, to).trim().replace(/\s+/g, ' '), level: mark === 61 ? 1 : 2 };
}

/**
 * Most lines of most texts: a letter at the margin, in an open paragraph. Such a line changes nothing, whatever it says.
 */
export function continuesParagraph(text: string, start: number, before: LineState): boolean {
  if (before.paragraphStart < 0) return false;
  const unit = text.charCodeAt(start) | 32;
  return unit >= 97 && unit <= 122;
}

/** The state at a text's start: in the front matter where one opens and closes. */
export function openingState(text: string): LineState {
  const opens = /^\uFEFF?---[ \t]*\r?\n/.exec(text);
  return opens && /^---[ \t]*\r?$/m.test(text.slice(opens[0].length)) ? after('---') : cleanState;
}

/** Calls back for every line, in order; the state at the start is worked out. Stops where the callback answers false. */
export function eachLine(
  text: string,
  visit: (start: number, end: number, reading: LineReading) => boolean | void,
): void {
  let state = openingState(text);
  let start = 0;
  if (state.fence === '---') {
    // The opening line looks like the closing one.
    start = text.indexOf('\n') + 1;
    if (visit(0, start, { state, isCode: true }) === false) return;
  }
  let reading: LineReading = { state, isCode: false };
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline + 1;
    if (!continuesParagraph(text, start, state)) reading = readLine(text, start, end, state);
    if (visit(start, end, reading) === false) return;
    state = reading.state;
    start = end;
  }
}
