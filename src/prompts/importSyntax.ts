// How each agent finds `@path` imports in a text and where it looks for them. Seen in the requests of Claude Code
// 2.1.330, Gemini CLI and Qwen Code (a memory file with every form below, read off what they sent), and in
// google-gemini/gemini-cli packages/core/src/utils/memoryImportProcessor.ts and code.claude.com/docs/en/memory.
import { type PathStyle, below, folderOf, isAbsolute, resolveFrom } from './filePath';
import { type Span, codeSpans, isInside, readBlocks } from './markdownInline';
import { eachLine } from './markdownLines';

export const importAgents = ['claude-code', 'gemini-cli', 'qwen-code'] as const;
export type ImportAgent = (typeof importAgents)[number];

/** One `@path` that the agent takes for an import. */
export interface Mention extends Span {
  /** Without `@`, fragment and escapes. */
  readonly path: string;
}

/** Where an import leads by the agent's rules. `isOutside`: not below the project's root. */
export interface Target {
  readonly path: string;
  readonly isOutside: boolean;
}

export interface ImportPlace {
  /** The importing file. */
  readonly file: string;
  readonly projectRoot: string | undefined;
  readonly home: string | undefined;
  readonly style: PathStyle;
}

export interface ImportRules {
  /** Files this many imports away are still read. */
  readonly maxHops: number;
  /** A file is read once per session, however often it is named; else once per chain. */
  readonly readsOnce: boolean;
  /** Outside of the project: never, or after the person's consent. */
  readonly outside: 'never' | 'with-consent';
  find(text: string): readonly Mention[];
  resolve(mention: Mention, place: ImportPlace): Target | undefined;
}

/** Endings that Claude Code reads as text; others it leaves out without a word. Names without an ending are read. */
const claudeEndings = new Set(
  (
    'md txt text json yaml yml toml xml csv html htm css scss sass less js ts tsx jsx mjs cjs mts cts py pyi pyw rb erb ' +
    'rake go rs java kt kts scala c cpp cc cxx h hpp hxx cs swift sh bash zsh fish ps1 bat cmd env ini cfg conf config ' +
    'properties sql graphql gql proto vue svelte astro ejs hbs pug jade php pl pm lua r dart ex exs erl hrl clj cljs ' +
    'cljc edn hs lhs elm ml mli f f90 f95 for cmake make makefile gradle sbt rst adoc asciidoc org tex latex lock log ' +
    'diff patch'
  ).split(' '),
);

export const importRules: Readonly<Record<ImportAgent, ImportRules>> = {
  'claude-code': {
    maxHops: 4,
    readsOnce: true,
    outside: 'with-consent',
    find: findForClaude,
    resolve: resolveForClaude,
  },
  'gemini-cli': { maxHops: 5, readsOnce: false, outside: 'never', find: findForGemini, resolve: resolveInProject },
  'qwen-code': { maxHops: 5, readsOnce: false, outside: 'never', find: findForQwen, resolve: resolveInProject },
};

// ---- Claude Code: markdown text only, a path ends at white space or where its run of text ends

function findForClaude(text: string): readonly Mention[] {
  if (!text.includes('@')) return [];
  const { blocks, comments } = readBlocks(text);
  const found: Mention[] = [];
  for (const block of blocks) {
    if (block.isHtml) continue;
    const at = text.indexOf('@', block.start);
    if (at < 0 || at >= block.end) continue;
    const hidden = [
      ...codeSpans(text, block),
      ...comments.filter((c) => !c.isBlock && c.start >= block.start && c.end <= block.end),
    ];
    for (let start = at; start >= 0 && start < block.end; start = text.indexOf('@', start + 1)) {
      if (isInside(hidden, start)) continue;
      const mention = mentionAt(text, start, block, hidden);
      if (mention) found.push(mention);
    }
  }
  return found;
}

function mentionAt(text: string, start: number, block: Span, hidden: readonly Span[]): Mention | undefined {
  const before = text[start - 1];
  const isStart =
    start === block.start || before === undefined || /\s/.test(before) || hidden.some((span) => span.end === start);
  const opener = isStart ? undefined : openerBefore(text, start, block);
  if (!isStart && opener === undefined) return undefined;
  const limit = Math.min(block.end, ...hidden.filter((span) => span.start > start).map((span) => span.start));
  const raw = /^(?:[^\s\\]|\\ )*/.exec(text.slice(start + 1, limit))![0];
  const token = raw.slice(0, tokenEnd(raw, text.slice(block.start, start), opener));
  if (opener === '[' && !/^\][([]/.test(text.slice(start + 1 + token.length))) return undefined;
  const path = token.replace(/#.*$/s, '').replaceAll('\\ ', ' ');
  if (!/^(?:[A-Za-z0-9._/-]|~\/)/.test(path) || path === '/' || !hasReadEnding(path)) return undefined;
  return { path, start, end: start + 1 + token.length };
}

/** Markup that begins a new run of text right before the `@`: emphasis that closes later, a link's bracket, a tag. */
function openerBefore(text: string, start: number, block: Span): string | undefined {
  const before = text.slice(block.start, start);
  const emphasis = /(?:^|[\s\p{P}\p{S}])(\*{1,3}|_{1,3})$/u.exec(before)?.[1];
  if (emphasis !== undefined) {
    return text.slice(start + 1, block.end).includes(emphasis) ? emphasis : undefined;
  }
  if (before.endsWith('[')) return '[';
  return /<\/?[a-z][^<>]*>$/i.test(before) ? '>' : undefined;
}

/** Where the run of text ends inside the token: at the emphasis that closes, the link's bracket, or a tag. */
function tokenEnd(token: string, before: string, opener: string | undefined): number {
  const ends = [token.length];
  const tag = /<\/?[a-z][^<>]*>?/i.exec(token);
  if (tag) ends.push(tag.index);
  const bracket = token.search(/\][([]/);
  if (bracket >= 0 && before.includes('[')) ends.push(bracket);
  for (const match of token.matchAll(/(\*{1,3}|_{1,3})(?=[\s\p{P}]|$)/gu)) {
    const opened = before.split(match[1]!).length - 1;
    if (opener === match[1] || opened % 2 === 1) ends.push(match.index);
  }
  return Math.min(...ends);
}

function hasReadEnding(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot <= 0 || claudeEndings.has(name.slice(dot + 1).toLowerCase());
}

function resolveForClaude(mention: Mention, place: ImportPlace): Target | undefined {
  let path = mention.path;
  if (path.startsWith('~/')) {
    if (place.home === undefined) return undefined;
    path = resolveFrom(place.home, path.slice(2), place.style);
  } else path = resolveFrom(folderOf(place.file, place.style), path, place.style);
  const isOutside = place.projectRoot !== undefined && below(place.projectRoot, path, place.style) === undefined;
  return { path, isOutside };
}

// ---- Gemini and Qwen: the raw text, a path ends at white space

function findPlain(text: string, isCode: (offset: number) => boolean): readonly Mention[] {
  const found: Mention[] = [];
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (at > 0 && !/[ \t\r\n]/.test(text[at - 1]!)) continue;
    const path = /^[^ \t\r\n]*/.exec(text.slice(at + 1, at + 4097))![0];
    if (/^[./A-Za-z]/.test(path) && !isCode(at)) found.push({ path, start: at, end: at + 1 + path.length });
    at += path.length;
  }
  return found;
}

/** Gemini: between any two equal runs of backticks, wherever they stand. */
function findForGemini(text: string): readonly Mention[] {
  if (!text.includes('@')) return [];
  const code: Span[] = [...text.matchAll(/(`+)[\s\S]*?\1/g)].map((m) => ({
    start: m.index,
    end: m.index + m[0].length,
  }));
  return findPlain(text, (offset) => isInside(code, offset));
}

/** Qwen reads the code regions off the parsed markdown. */
function findForQwen(text: string): readonly Mention[] {
  if (!text.includes('@')) return [];
  const code: Span[] = readBlocks(text).blocks.flatMap((block) => codeSpans(text, block));
  eachLine(text, (start, end, reading) => {
    if (reading.isCode) code.push({ start, end });
  });
  return findPlain(text, (offset) => isInside(code, offset));
}

/** Relative to the importing file, and only below the project's root; `~` is an ordinary name. */
function resolveInProject(mention: Mention, place: ImportPlace): Target | undefined {
  if (/^(?:file|https?):\/\//.test(mention.path)) return undefined;
  const folder = folderOf(place.file, place.style);
  const path = resolveFrom(folder, mention.path, place.style);
  const root = place.projectRoot ?? folder;
  return { path, isOutside: below(root, path, place.style) === undefined };
}

/** Does it look like a file, and not like a person's handle, a package or a decorator? */
export function looksLikeFile(path: string, style: PathStyle = 'posix'): boolean {
  if (isAbsolute(path, style) || /^(?:~|\.{1,2})\//.test(path)) return true;
  return /\.(?:md|mdc|mdx|txt|rst|adoc|json|ya?ml|toml)$/i.test(path);
}
