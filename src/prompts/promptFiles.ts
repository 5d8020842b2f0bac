// Which files feed an agent, which agents, and when: by path, front matter and language id. Looks at no file itself.
// The facts are the agents' documented rules of September 2026, most of them seen in the agents' own requests.
import { type PathStyle, below, nameOf, normalise, styleOf } from './filePath';
import { type FrontMatter, globsIn, readFrontMatter, textIn } from './frontMatter';
import { matchesGlob } from './globs';
import { type FileRule, fileRules } from './promptFileRules';

export type PromptKind =
  | 'memory'
  | 'agents-md'
  | 'instructions'
  | 'rule'
  | 'skill'
  | 'agent'
  | 'command'
  | 'prompt'
  | 'auto-memory'
  | 'custom';

/** Ids as everywhere in the product where we read the agent's logs; else the product's name. */
export type PromptAgent =
  | 'claude-code'
  | 'codex'
  | 'copilot-chat'
  | 'copilot-cli'
  | 'gemini-cli'
  | 'qwen-code'
  | 'opencode'
  | 'cline'
  | 'roo-code'
  | 'kilo-code'
  | 'cursor'
  | 'windsurf'
  | 'continue'
  | 'goose'
  | 'crush'
  | 'zed'
  | 'amp'
  | 'pi'
  | 'droid';

/**
 * When the text enters the context: with every turn; once the agent works in the file's folder; once a file matches its
 * globs; when the model asks for it, by its description; when a person names it.
 */
export type Loading = 'always' | 'in-folder' | 'by-glob' | 'on-demand' | 'when-named';

/** Whose the file is. `local` = the project's, but private to this user. */
export type PromptScope = 'managed' | 'user' | 'project' | 'nested' | 'local' | 'none';

/** A size past which an agent stops reading. `isShared` = one budget for all files that load together. */
export interface SizeLimit {
  readonly agent: PromptAgent;
  readonly amount: number;
  readonly unit: 'bytes' | 'characters' | 'lines';
  /** What happens past it: the rest is cut off, or the whole file is left out. */
  readonly effect: 'cut' | 'skipped';
  readonly isShared?: boolean;
}

export interface PromptFile {
  readonly kind: PromptKind;
  readonly agents: readonly PromptAgent[];
  readonly scope: PromptScope;
  readonly loading: Loading;
  /** For `by-glob`. */
  readonly globs: readonly string[];
  /** What of it every turn carries even before it is loaded. */
  readonly everyTurn: 'whole' | 'description' | 'nothing';
  readonly limits: readonly SizeLimit[];
}

export interface PromptFileQuery {
  /** Absolute, with the system's separators. Empty for an untitled document. */
  readonly path: string;
  /** Default: by the path's own look. */
  readonly style?: PathStyle;
  readonly languageId?: string;
  /** The file's first lines, enough to hold its front matter. */
  readonly opening?: string;
  /** The open workspace folders. */
  readonly workspaceFolders?: readonly string[];
  readonly home?: string;
  /** More prompt files, as the user's setting names them: globs relative to a workspace folder. */
  readonly userGlobs?: readonly string[];
  readonly isUntitled?: boolean;
}

/** VS Code's own language ids of prompt files, since 1.103. */
const kindOfLanguage: Readonly<Record<string, PromptKind>> = {
  prompt: 'prompt',
  instructions: 'instructions',
  chatagent: 'agent',
  chatmode: 'agent',
  skill: 'skill',
};

/** What the file is to which agents, or undefined where it is no prompt file. */
export function recognisePromptFile(query: PromptFileQuery): PromptFile | undefined {
  const style = query.style ?? styleOf(query.path);
  const languageKind = kindOfLanguage[query.languageId ?? ''];
  if (query.isUntitled || query.path === '') {
    return languageKind ? plain(languageKind, 'none') : undefined;
  }
  const path = normalise(query.path, style);
  const front = readFrontMatter(query.opening ?? '');
  for (const rule of fileRules) {
    if (rule.test.test(path)) return byRule(rule, path, front, query, style);
  }
  if (languageKind) return plain(languageKind, 'project', front);
  const isNamed = (query.workspaceFolders ?? []).some((folder) => {
    const relative = below(folder, path, style);
    return relative !== undefined && (query.userGlobs ?? []).some((glob) => matchesGlob(glob, relative));
  });
  return isNamed ? plain('custom', 'project') : undefined;
}

/** A prompt file that no agent loads by itself, or that only VS Code knows by its language. */
function plain(kind: PromptKind, scope: PromptScope, front?: FrontMatter): PromptFile {
  const agents: readonly PromptAgent[] = kind === 'custom' || scope === 'none' ? [] : ['copilot-chat'];
  const { loading, globs } =
    kind === 'instructions' && front ? applyTo(front) : ({ loading: 'when-named', globs: [] } as const);
  return { kind, agents, scope, loading, globs, everyTurn: loading === 'always' ? 'whole' : 'nothing', limits: [] };
}

function byRule(
  rule: FileRule,
  path: string,
  front: FrontMatter,
  query: PromptFileQuery,
  style: PathStyle,
): PromptFile {
  const scope = rule.scope ?? scopeOf(path, query, style);
  const { loading, globs } = loadingOf(rule, front, scope);
  const agents = scope === 'user' || scope === 'managed' ? (rule.userAgents ?? rule.agents) : rule.agents;
  const hasDescription = rule.describes === true && textIn(front.values.get('description')) !== '';
  const everyTurn = loading === 'always' ? 'whole' : hasDescription ? 'description' : 'nothing';
  return { kind: rule.kind, agents, scope, loading, globs, everyTurn, limits: rule.limits ?? [] };
}

/** Below the home folder but in no workspace folder: the user's. In a workspace: the root's, or nested. */
function scopeOf(path: string, query: PromptFileQuery, style: PathStyle): PromptScope {
  const owner = (query.workspaceFolders ?? []).find((folder) => below(folder, path, style) !== undefined);
  if (owner !== undefined) return isAtRoot(below(owner, path, style)!) ? 'project' : 'nested';
  if (query.home !== undefined && isUserPlace(below(query.home, path, style))) return 'user';
  return 'project';
}

/** The root itself, or one of the agents' own folders directly in it. */
function isAtRoot(relative: string): boolean {
  return !relative.includes('/') || /^\.[\w-]+\//.test(relative);
}

function isUserPlace(relative: string | undefined): boolean {
  return relative !== undefined && /^(?:\.[\w-]+\/|AppData\/|Library\/)/.test(relative);
}

function loadingOf(rule: FileRule, front: FrontMatter, scope: PromptScope): Pick<PromptFile, 'loading' | 'globs'> {
  switch (rule.loads) {
    case 'by-folder':
      return { loading: scope === 'nested' ? 'in-folder' : 'always', globs: [] };
    case 'paths': {
      const globs = globsIn(front.values.get('paths'));
      return globs.length > 0 ? { loading: 'by-glob', globs } : { loading: 'always', globs };
    }
    case 'applyTo':
      return applyTo(front);
    case 'alwaysApply':
      return alwaysApply(front);
    case 'trigger':
      return trigger(front);
    default:
      return { loading: rule.loads, globs: [] };
  }
}

const everything = new Set(['**', '*', '**/*']);

/** Copilot: `applyTo` globs; without any, by the description or by hand. */
function applyTo(front: FrontMatter): Pick<PromptFile, 'loading' | 'globs'> {
  const globs = globsIn(front.values.get('applyTo'));
  if (globs.some((glob) => everything.has(glob))) return { loading: 'always', globs };
  if (globs.length > 0) return { loading: 'by-glob', globs };
  return { loading: textIn(front.values.get('description')) === '' ? 'when-named' : 'on-demand', globs };
}

/** Cursor and Continue: `alwaysApply: true` beats `globs`, `globs` beat `description`. */
function alwaysApply(front: FrontMatter): Pick<PromptFile, 'loading' | 'globs'> {
  const globs = globsIn(front.values.get('globs'));
  if (textIn(front.values.get('alwaysApply')).toLowerCase() === 'true') return { loading: 'always', globs };
  if (globs.length > 0) return { loading: 'by-glob', globs };
  return { loading: textIn(front.values.get('description')) === '' ? 'when-named' : 'on-demand', globs };
}

/** Windsurf: the `trigger` key names the mode; without one a rule is always on. */
function trigger(front: FrontMatter): Pick<PromptFile, 'loading' | 'globs'> {
  const globs = globsIn(front.values.get('globs'));
  switch (textIn(front.values.get('trigger'))) {
    case 'glob':
      return { loading: 'by-glob', globs };
    case 'model_decision':
      return { loading: 'on-demand', globs };
    case 'manual':
      return { loading: 'when-named', globs };
    default:
      return { loading: 'always', globs };
  }
}

/** Every `.md` in such a folder is loaded by itself: text cannot be parked there. */
export function isLoadedFolder(folder: string, style: PathStyle = styleOf(folder)): boolean {
  const probe = `${normalise(folder, style)}/x.md`;
  return fileRules.some((rule) => rule.test.test(probe) && rule.kind === 'rule');
}

/** A file name without its endings, for names made from it: `CLAUDE` of `CLAUDE.md`. */
export function stemOf(path: string, style: PathStyle = styleOf(path)): string {
  return nameOf(path, style).replace(/\.(?:md|mdc|txt)$/i, '');
}
