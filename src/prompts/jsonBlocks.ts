// Fenced JSON written small: only the white space between its tokens goes, so that every number, key and order stays
// as it was written.
import { type Span } from './markdownInline';
import { eachLine } from './markdownLines';
import { type TextEdit } from './textEdits';

export interface JsonBlock {
  readonly span: Span;
  readonly edits: readonly TextEdit[];
}

/** Below this many characters of white space a block is left as it reads best. */
const leastSaved = 40;

/** Fences marked `json` whose content is valid JSON and would shrink. */
export function minifiedJsonBlocks(text: string): readonly JsonBlock[] {
  if (!/(?:`{3}|~{3})\s*json/i.test(text)) return [];
  const found: JsonBlock[] = [];
  let contentStart = -1;
  let fence = '';
  eachLine(text, (start, end, reading) => {
    if (contentStart < 0) {
      if (/^(?:`{3,}|~{3,})[ \t]*json[ \t]*\r?\n$/i.test(text.slice(start, end)) && reading.state.fence !== '') {
        contentStart = end;
        fence = reading.state.fence;
      }
    } else if (reading.state.fence !== fence) {
      const block = minified(text, { start: contentStart, end: start });
      if (block) found.push(block);
      contentStart = -1;
    }
  });
  return found;
}

function minified(text: string, span: Span): JsonBlock | undefined {
  const content = text.slice(span.start, span.end);
  const body = content.trimEnd();
  const small = withoutBlanks(body);
  if (body.length - small.length < leastSaved || !isJson(body) || !isJson(small)) return undefined;
  return { span, edits: [{ start: span.start, end: span.start + body.length, newText: small }] };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function withoutBlanks(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, quoted: string | undefined) => quoted ?? '');
}
