// What could be done to make a prompt smaller: each proposal is edits on plain offsets. What it saves is counted by
// `priced`, on the very text that would result. Chooses nothing by itself and changes nothing.
import { findBlobs } from './blobs';
import { type ImportEdge } from './imports';
import { type Span, readBlocks } from './markdownInline';
import { minifiedJsonBlocks } from './jsonBlocks';
import { duplicateParagraphs, pastedLogs, repeatedLines } from './repetition';
import { type TextEdit, inOrder, savedTokens } from './textEdits';
import { tidyBlankLines, tidyTrailingSpaces } from './tidy';

export type ShrinkKind =
  | 'fold-lines'
  | 'trim-log'
  | 'minify-json'
  | 'drop-comment'
  | 'trailing-spaces'
  | 'blank-lines'
  | 'cut-blob'
  | 'duplicate-paragraph'
  | 'import-to-path'
  | 'move-section'
  | 'all-safe';

export interface Shrink {
  readonly kind: ShrinkKind;
  /** Where the proposal belongs: a cursor in it is offered it. */
  readonly span: Span;
  readonly edits: readonly TextEdit[];
  /** The text means the same to any reader: white space and JSON layout only. */
  readonly isSafe: boolean;
  /** Worth a look before it is done. */
  readonly needsPreview: boolean;
  /** What the words of its title need: lines left out, lines kept at either end, an imported path … */
  readonly detail: Readonly<Record<string, string | number>>;
  /** Tokens that go besides the text's own: an import's files. */
  readonly importedTokens?: number;
  /** A file that is made with it. */
  readonly newFile?: { readonly path: string; readonly text: string };
}

/** Lines of a log that stay at either end. */
export const logLinesKept = 30;

/** Words that stand where something was left out. English: they are read by models. */
export interface LeftOutWords {
  lines(count: number): string;
  repeats(count: number): string;
  bytes(characters: number): string;
}

export const leftOut: LeftOutWords = {
  lines: (count) => `[… ${count} lines left out …]`,
  repeats: (count) => `[… the line above ${count} more times …]`,
  bytes: (characters) => `[… ${characters} characters left out …]`,
};

/** Every proposal that needs nothing but the text. `dropsComments`: the agent leaves comments out itself. */
export function proposals(text: string, options: { readonly dropsComments?: boolean } = {}): readonly Shrink[] {
  const logs = trimmedLogs(text);
  const inLog = (span: Span) => logs.some((log) => span.start < log.span.end && span.end > log.span.start);
  const found: Shrink[] = [
    ...logs,
    ...foldedLines(text).filter((fold) => !inLog(fold.span)),
    ...cutBlobs(text),
    ...removedDuplicates(text),
    ...minifiedJsonBlocks(text).map(({ span, edits }): Shrink => ({
      kind: 'minify-json',
      span,
      edits,
      isSafe: true,
      needsPreview: true,
      detail: {},
    })),
    ...(options.dropsComments ? [] : droppedComments(text)),
  ];
  const whole = { start: 0, end: text.length };
  const spaces = tidyTrailingSpaces(text);
  if (spaces.length > 0) {
    found.push({
      kind: 'trailing-spaces',
      span: whole,
      edits: spaces,
      isSafe: true,
      needsPreview: false,
      detail: { lines: spaces.length },
    });
  }
  const blanks = tidyBlankLines(text);
  if (blanks.length > 0) {
    found.push({
      kind: 'blank-lines',
      span: whole,
      edits: blanks,
      isSafe: true,
      needsPreview: false,
      detail: { places: blanks.length },
    });
  }
  return found.filter((shrink) => shrink.edits.length > 0);
}

/** The safe proposals as one, or undefined where there are fewer than two. */
export function allSafe(text: string, from: readonly Shrink[]): Shrink | undefined {
  const safe = from.filter((shrink) => shrink.isSafe);
  if (safe.length < 2) return undefined;
  const edits = inOrder(safe.flatMap((shrink) => shrink.edits));
  const span = { start: 0, end: text.length };
  return { kind: 'all-safe', span, edits, isSafe: true, needsPreview: true, detail: { fixes: safe.length } };
}

/** What a proposal saves, in tokens of the encoder that counts; its import's files included. */
export function savingOf(text: string, shrink: Shrink, count: (text: string) => number): number {
  return savedTokens(text, shrink.edits, count) + (shrink.importedTokens ?? 0);
}

function foldedLines(text: string): Shrink[] {
  return repeatedLines(text).map((run): Shrink => {
    const lineEnd = text.slice(run.start, run.secondStart).endsWith('\r\n') ? '\r\n' : '\n';
    const last = text.slice(run.secondStart, run.end).endsWith('\n') ? lineEnd : '';
    const indent = /^[ \t]*/.exec(text.slice(run.start, run.secondStart))![0];
    const newText = indent + leftOut.repeats(run.count - 1) + last;
    return {
      kind: 'fold-lines',
      span: { start: run.start, end: run.end },
      edits: [{ start: run.secondStart, end: run.end, newText }],
      isSafe: false,
      needsPreview: false,
      detail: { count: run.count },
    };
  });
}

function trimmedLogs(text: string): Shrink[] {
  return pastedLogs(text, logLinesKept * 2 + 10).map((log): Shrink => {
    const start = lineOffset(text, log.start, logLinesKept);
    const end = lineOffset(text, log.start, log.lines - logLinesKept);
    const lines = log.lines - 2 * logLinesKept;
    const lineEnd = text[start - 2] === '\r' ? '\r\n' : '\n';
    return {
      kind: 'trim-log',
      span: { start: log.start, end: log.end },
      edits: [{ start, end, newText: leftOut.lines(lines) + lineEnd }],
      isSafe: false,
      needsPreview: true,
      detail: { kept: logLinesKept, lines },
    };
  });
}

/** Where the line that is so many lines below `from` begins. */
function lineOffset(text: string, from: number, lines: number): number {
  let at = from;
  for (let i = 0; i < lines; i++) at = text.indexOf('\n', at) + 1;
  return at;
}

function cutBlobs(text: string): Shrink[] {
  return findBlobs(text).map((blob): Shrink => {
    const characters = blob.end - blob.payloadStart;
    return {
      kind: 'cut-blob',
      span: { start: blob.start, end: blob.end },
      edits: [{ start: blob.payloadStart, end: blob.end, newText: leftOut.bytes(characters) }],
      isSafe: false,
      needsPreview: false,
      detail: { characters, mediaType: blob.mediaType ?? '' },
    };
  });
}

function removedDuplicates(text: string): Shrink[] {
  return duplicateParagraphs(text).map(({ first, again }): Shrink => {
    // The blank line behind the paragraph goes with it; at the text's end the one before does.
    const behind = /^(?:[ \t]*\r?\n)+/.exec(text.slice(again.end))?.[0].length ?? 0;
    const before = behind === 0 ? (/(?:\r?\n[ \t]*)+$/.exec(text.slice(0, again.start))?.[0].length ?? 0) : 0;
    return {
      kind: 'duplicate-paragraph',
      span: { start: again.start, end: again.end },
      edits: [{ start: again.start - Math.max(0, before - 1), end: again.end + behind, newText: '' }],
      isSafe: false,
      needsPreview: false,
      detail: { line: first.line + 1 },
    };
  });
}

/** Comments that tools act on stay. */
const toolComment =
  /^<!--\s*(?:prettier|markdownlint|eslint|cspell|vale|lint|textlint|toc|tocstop|end|start|begin|omit|#|@|\/)|\b(?:START|END|BEGIN|generated)\b|all-contributors/i;

function droppedComments(text: string): Shrink[] {
  if (!text.includes('<!--')) return [];
  return readBlocks(text)
    .comments.filter((comment) => !toolComment.test(text.slice(comment.start, comment.end)))
    .map((comment): Shrink => {
      const lineStart = text.lastIndexOf('\n', comment.start - 1) + 1;
      const rest = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(comment.end));
      const isAlone = text.slice(lineStart, comment.start).trim() === '' && rest !== null;
      const edit = isAlone
        ? { start: lineStart, end: comment.end + rest[0].length, newText: '' }
        : { start: comment.start, end: comment.end, newText: '' };
      return { kind: 'drop-comment', span: comment, edits: [edit], isSafe: false, needsPreview: false, detail: {} };
    });
}

/** The import written as a path that the agent may open when it needs it. */
export function importToPath(text: string, edge: ImportEdge): Shrink {
  const { start, end, path } = edge.mention;
  return {
    kind: 'import-to-path',
    span: { start, end },
    edits: [{ start, end, newText: `\`${path}\`` }],
    isSafe: false,
    needsPreview: false,
    detail: { path },
    importedTokens: edge.status === 'loaded' ? edge.tokens : 0,
  };
}
