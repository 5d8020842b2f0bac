// What a prompt says twice or lists without end: repeated lines, pasted logs, paragraphs that stand there again.
// Finds places; judges no size.
import { type Span } from './markdownInline';
import { eachLine } from './markdownLines';

/** The same line several times in a row. */
export interface LineRun extends Span {
  /** Where the second of them begins: what can be folded. */
  readonly secondStart: number;
  readonly count: number;
}

/** Runs of at least `least` equal lines that hold something. */
export function repeatedLines(text: string, least = 4): readonly LineRun[] {
  const runs: LineRun[] = [];
  let runStart = 0;
  let secondStart = 0;
  let count = 0;
  let line = '';
  const close = (end: number) => {
    if (count >= least && /[\p{L}\p{N}]/u.test(line)) runs.push({ start: runStart, end, secondStart, count });
  };
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline + 1;
    const here = text.slice(start, end).trimEnd();
    if (count > 0 && here === line) {
      if (count === 1) secondStart = start;
      count++;
    } else {
      close(start);
      runStart = start;
      line = here;
      count = 1;
    }
    start = end;
  }
  close(text.length);
  return runs;
}

/** Lines that a program wrote: a time, a level, a stack frame, a runner's prefix. */
const logLine = new RegExp(
  [
    '^\\s*[\\[(]?\\d{4}[-/]\\d\\d[-/]\\d\\d[T ]\\d\\d:\\d\\d',
    '^\\s*[\\[(]?\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?\\b',
    '^\\s*[A-Z][a-z]{2} +\\d{1,2} \\d\\d:\\d\\d:\\d\\d ',
    '^\\s*[\\[(]?(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL)\\b[\\])]?[: ]',
    '^\\s+at .+(?::\\d+|\\))\\)?\\s*$',
    '^\\s+File ".+", line \\d+',
    '^npm (?:ERR!|WARN|error|warn)',
    '^\\[\\s*\\d+(?:\\.\\d+)?\\] ',
    '^#\\d+ (?:\\d+\\.\\d+|\\[|DONE|CACHED|sha256)',
  ].join('|'),
);

/** A pasted log: its lines, and how many. */
export interface LogSpan extends Span {
  readonly lines: number;
}

/** Stretches of at least `least` lines of which most are a program's output. Never crosses a fence's own lines. */
export function pastedLogs(text: string, least = 40): readonly LogSpan[] {
  const found: LogSpan[] = [];
  let start = -1;
  let end = 0;
  let lines = 0;
  let logs = 0;
  let sinceLog = 0;
  let linesAtEnd = 0;
  const close = () => {
    if (start >= 0 && linesAtEnd >= least && logs >= linesAtEnd * 0.6) found.push({ start, end, lines: linesAtEnd });
    start = -1;
  };
  eachLine(text, (from, to) => {
    const line = text.slice(from, Math.min(to, from + 300));
    if (/^\s*(?:`{3,}|~{3,}|#{1,6} )/.test(line)) return close();
    if (logLine.test(line)) {
      if (start < 0) {
        start = from;
        lines = logs = 0;
      }
      logs++;
      lines++;
      sinceLog = 0;
      end = to;
      linesAtEnd = lines;
    } else if (start >= 0) {
      lines++;
      if (++sinceLog > 6) close();
    }
  });
  close();
  return found;
}

/** A paragraph or a list item. `key` is equal for equal texts, however they are broken into lines or marked. */
export interface Passage extends Span {
  readonly key: string;
  readonly line: number;
  readonly isItem: boolean;
}

/** Passages of at least `least` characters outside of code, tables and quotes. */
export function passages(text: string, least: number): readonly Passage[] {
  const found: Passage[] = [];
  let open: { start: number; end: number; line: number; isItem: boolean } | undefined;
  let line = -1;
  const close = () => {
    if (open) {
      const key = text
        .slice(open.start, open.end)
        .replace(/^\s*(?:[-*+]|\d{1,9}[.)])\s+/, '')
        .replace(/\s+/g, ' ')
        .trim();
      if (key.length >= least && /\p{L}{2}/u.test(key)) found.push({ ...open, key });
    }
    open = undefined;
  };
  eachLine(text, (start, end, reading) => {
    line++;
    const content = text.slice(start, end);
    if (reading.isCode || reading.heading || content.trim() === '' || /^\s*(?:[|>]|<)/.test(content)) return close();
    const isItem = /^\s*(?:[-*+]|\d{1,9}[.)])\s/.test(content);
    if (isItem) close();
    if (open) open.end = end;
    else open = { start, end, line, isItem };
  });
  close();
  return found;
}

export interface Duplicate {
  readonly first: Passage;
  readonly again: Passage;
}

/** Paragraphs (not list items, which may well recur under their headings) that stand in the text once more. */
export function duplicateParagraphs(text: string, least = 100): readonly Duplicate[] {
  const seen = new Map<string, Passage>();
  const found: Duplicate[] = [];
  for (const passage of passages(text, least)) {
    const first = seen.get(passage.key);
    if (first && !passage.isItem && !first.isItem) found.push({ first, again: passage });
    else if (!first) seen.set(passage.key, passage);
  }
  return found;
}

/** What stands word for word in both texts: paragraphs and list items of at least `least` characters. */
export function sharedPassages(text: string, other: string, least = 80): readonly Duplicate[] {
  const there = new Map(passages(other, least).map((passage) => [passage.key, passage]));
  return passages(text, least).flatMap((passage) => {
    const same = there.get(passage.key);
    return same ? [{ first: same, again: passage }] : [];
  });
}
