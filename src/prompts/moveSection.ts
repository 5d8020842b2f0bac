// A section that every turn carries, moved to a file of its own beside the old one and linked: the agent opens it when
// it needs it. In the same folder, so that relative links in it keep their meaning.
import { type PathStyle, folderOf, styleOf } from './filePath';
import { type PromptFile, isLoadedFolder, stemOf } from './promptFiles';
import { type Section } from './sections';
import { type Shrink } from './shrink';

/** Smaller sections are not worth a file. */
const leastTokens = 120;

export interface MoveRequest {
  readonly text: string;
  readonly path: string;
  readonly style?: PathStyle;
  readonly file: PromptFile;
  readonly section: Section;
  /** Is the path taken? */
  isTaken(path: string): boolean;
}

/** The move, or undefined where it would not help or could break something. */
export function moveSection(request: MoveRequest): Shrink | undefined {
  const { text, path, file, section } = request;
  const style = request.style ?? styleOf(path);
  const folder = folderOf(path, style);
  if (file.loading !== 'always' || section.tokens < leastTokens || section.level < 2) return undefined;
  if (isLoadedFolder(folder, style) || !/\.md$/i.test(path)) return undefined;
  const moved = text.slice(section.startOffset, section.endOffset);
  if (usesOutsideDefinitions(moved, text)) return undefined;
  const name = freeName(stemOf(path, style), section.title, folder, request);
  const newline = moved.includes('\r\n') ? '\r\n' : '\n';
  const headingEnd = headingLength(moved);
  const link = `${newline}Read [${name}](${name}) before work on this.${newline}`;
  const isLast = section.endOffset === text.length;
  return {
    kind: 'move-section',
    span: { start: section.startOffset, end: section.startOffset + headingEnd },
    edits: [
      {
        start: section.startOffset + headingEnd,
        end: section.endOffset,
        newText: isLast ? link : link + newline,
      },
    ],
    isSafe: false,
    needsPreview: true,
    detail: { title: section.title, name },
    newFile: { path: `${folder}/${name}`, text: moved.trimEnd() + newline },
  };
}

/** Length of the heading's own lines: one, or two where it is underlined. */
function headingLength(section: string): number {
  const first = section.indexOf('\n') + 1 || section.length;
  if (/^ {0,3}#/.test(section)) return first;
  const underline = /^(?:[^\n]*\n)*? {0,3}(?:=+|-+)[ \t]*\r?(?:\n|$)/.exec(section);
  return underline?.[0].length ?? first;
}

/** Reference links and footnotes whose other half would stay behind. */
function usesOutsideDefinitions(moved: string, text: string): boolean {
  const definitions = (part: string) =>
    new Set([...part.matchAll(/^ {0,3}\[([^\]]+)\]:/gm)].map((match) => match[1]!.toLowerCase()));
  const uses = (part: string) => [...part.matchAll(/\[([^\]]+)\](?![(:])/g)].map((match) => match[1]!.toLowerCase());
  const inside = definitions(moved);
  const all = definitions(text);
  if (all.size === 0) return false;
  if (uses(moved).some((name) => all.has(name) && !inside.has(name))) return true;
  return inside.size > 0 && uses(text.replace(moved, '')).some((name) => inside.has(name));
}

function freeName(stem: string, title: string, folder: string, request: MoveRequest): string {
  const slug =
    title
      .toLowerCase()
      .normalize('NFKD')
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40) || 'section';
  for (let n = 1; ; n++) {
    const name = n === 1 ? `${stem}.${slug}.md` : `${stem}.${slug}-${n}.md`;
    if (!request.isTaken(`${folder}/${name}`)) return name;
  }
}
