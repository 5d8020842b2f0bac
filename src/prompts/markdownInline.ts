// Spans inside markdown text that are not prose: code, HTML comments, HTML blocks. Offsets only; what they mean to an
// agent is said elsewhere.
import { eachLine } from './markdownLines';

export interface Span {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** A run of lines whose inline markup belongs together: a paragraph, a heading, one list item, one table row. */
export interface Block extends Span {
  readonly isHtml: boolean;
}

export interface CommentSpan extends Span {
  /** Starts a line (after at most three spaces), outside of any paragraph. */
  readonly isBlock: boolean;
}

const blockTags =
  'address|article|aside|base|blockquote|body|center|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|' +
  'form|frame|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|nav|ol|optgroup|option|p|param|pre|script|' +
  'search|section|style|summary|table|tbody|td|textarea|tfoot|th|thead|title|tr|track|ul';
const opensHtml = new RegExp(`^ {0,3}<(?:/?(?:${blockTags})(?:[\\s/>]|$)|/?[a-z][\\w-]*(?:\\s[^<>]*)?/?>\\s*$)`, 'i');
const opensItem = /^\s*(?:>|\||[-*+]\s|\d{1,9}[.)]\s)/;

/** The text's blocks of prose, and its comments, outside of code. */
export function readBlocks(text: string): {
  readonly blocks: readonly Block[];
  readonly comments: readonly CommentSpan[];
} {
  const blocks: Block[] = [];
  const comments: CommentSpan[] = [];
  let open: { start: number; end: number; isHtml: boolean } | undefined;
  let commentEnd = 0;
  const close = () => {
    if (open) blocks.push(open);
    open = undefined;
  };
  eachLine(text, (start, end, reading) => {
    if (start < commentEnd && end <= commentEnd) return;
    if (reading.isCode && start >= commentEnd) return close();
    const from = Math.max(start, commentEnd);
    const line = text.slice(from, end);
    if (line.trim() === '') return close();
    if (!open && /^ {0,3}<!--/.test(line)) {
      commentEnd = takeBlockComments(text, from, end, comments);
      const rest = Math.min(Math.max(commentEnd, from), end);
      if (text.slice(rest, end).trim() !== '') blocks.push({ start: rest, end, isHtml: false });
      return;
    }
    if (open?.isHtml) {
      open.end = end;
      return;
    }
    const isHtml = !open && opensHtml.test(line);
    if (open && (reading.heading || opensItem.test(line))) close();
    if (open) open.end = end;
    else open = { start: from, end, isHtml };
    if (reading.heading) close();
  });
  close();
  for (const block of blocks) {
    if (!block.isHtml) comments.push(...inlineComments(text, block));
  }
  comments.sort((a, b) => a.start - b.start);
  return { blocks, comments };
}

/** Comments from a line's start on; answers where the last one ends. An unclosed one runs to the end of the text. */
function takeBlockComments(text: string, lineStart: number, lineEnd: number, comments: CommentSpan[]): number {
  let at = text.indexOf('<!--', lineStart);
  let end = lineStart;
  while (at >= 0 && at < Math.max(lineEnd, end)) {
    const closing = text.indexOf('-->', at + 4);
    end = closing < 0 ? text.length : closing + 3;
    comments.push({ start: at, end, isBlock: true });
    const gap = /^[ \t]*<!--/.exec(text.slice(end, end + 200));
    if (!gap) break;
    at = end + gap[0].length - 4;
  }
  return end;
}

function inlineComments(text: string, block: Span): CommentSpan[] {
  const found: CommentSpan[] = [];
  const code = codeSpans(text, block);
  const content = text.slice(block.start, block.end);
  for (const match of content.matchAll(/<!--[\s\S]*?-->/g)) {
    const start = block.start + match.index;
    if (!isInside(code, start)) found.push({ start, end: start + match[0].length, isBlock: false });
  }
  return found;
}

/** Inline code in a block: a run of backticks up to the next run of the same length. */
export function codeSpans(text: string, block: Span): readonly Span[] {
  const spans: Span[] = [];
  const content = text.slice(block.start, block.end);
  if (!content.includes('`')) return spans;
  const runs = [...content.matchAll(/`+/g)];
  for (let i = 0; i < runs.length; i++) {
    const opening = runs[i]!;
    if (content[opening.index - 1] === '\\') continue;
    const closing = runs.findIndex((run, at) => at > i && run[0].length === opening[0].length);
    if (closing < 0) continue;
    spans.push({ start: block.start + opening.index, end: block.start + runs[closing]!.index + opening[0].length });
    i = closing;
  }
  return spans;
}

export function isInside(spans: readonly Span[], offset: number): boolean {
  return spans.some((span) => offset >= span.start && offset < span.end);
}

/** The text as Claude Code sends a memory file: without block-level comments outside of code. */
export function withoutBlockComments(text: string): string {
  if (!text.includes('<!--')) return text;
  let kept = '';
  let from = 0;
  for (const comment of readBlocks(text).comments) {
    if (!comment.isBlock) continue;
    kept += text.slice(from, comment.start);
    from = comment.end;
  }
  return kept + text.slice(from);
}
