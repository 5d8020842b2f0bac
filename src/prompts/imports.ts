// The graph of `@path` imports under a prompt file as one agent would follow it: what is read, how far, what it weighs,
// and why an edge leads nowhere. Reads through the caller; knows no file system.
import { type PathStyle, normalise, pathKey, styleOf } from './filePath';
import {
  type ImportAgent,
  type ImportRules,
  type Mention,
  importAgents,
  importRules,
  looksLikeFile,
} from './importSyntax';
import { withoutBlockComments } from './markdownInline';
import { type PromptFile } from './promptFiles';

/**
 * `loaded`: its text is sent. `again`: sent already in this session, so it adds nothing. `cycle`: it is being read.
 * `too-deep`: past the agent's last hop. `outside`: beyond the project, where the agent reads nothing.
 * `needs-consent`: beyond the project, read only if the person once agreed. `missing`: no such file, or no text.
 */
export type ImportStatus = 'loaded' | 'again' | 'cycle' | 'too-deep' | 'outside' | 'needs-consent' | 'missing';

export interface ImportEdge {
  readonly mention: Mention;
  /** The line in the importing file, from 0. */
  readonly line: number;
  /** Normalised, with `/`; undefined where the agent has no place to look. */
  readonly target: string | undefined;
  /** 1 for an import in the root file. */
  readonly hop: number;
  readonly status: ImportStatus;
  /** A missing file's name that reads like one: a person's handle does not. */
  readonly looksLikeFile: boolean;
  /** Of the imported text alone; 0 where it is not sent. With `needs-consent`: what it would be. */
  readonly ownTokens: number;
  /** With all that it imports. */
  readonly tokens: number;
  readonly edges: readonly ImportEdge[];
}

export interface ImportGraph {
  readonly agent: ImportAgent;
  readonly path: string;
  /** The root file itself, as this agent sends it. */
  readonly ownTokens: number;
  /** Everything imported that is surely sent. */
  readonly importedTokens: number;
  /** More, if the person agreed to imports from outside. */
  readonly consentTokens: number;
  readonly edges: readonly ImportEdge[];
  /** Every path that was asked for, to watch for changes. */
  readonly paths: readonly string[];
  /** Too many files: the figures are lower bounds. */
  readonly isIncomplete: boolean;
}

export interface ReadFile {
  readonly text: string;
  /** The path behind symbolic links, where it differs. */
  readonly realPath?: string;
}

export interface ImportEnvironment {
  readonly projectRoot: string | undefined;
  readonly home: string | undefined;
  readonly style?: PathStyle;
  /** Undefined for what is not there, is a folder, is no text, or runs in circles of links. */
  read(path: string): Promise<ReadFile | undefined>;
  readonly count: (text: string) => number;
  /** The root file is the user's own: then Claude Code reads imports from anywhere without asking. */
  readonly isUserFile?: boolean;
}

/** No honest memory file comes near; a graph that does is a mistake and is cut off. */
const mostEdges = 2_000;

class Walk {
  readonly paths = new Set<string>();
  readonly read = new Set<string>();
  edges = 0;
  consentTokens = 0;

  constructor(
    readonly rules: ImportRules,
    readonly agent: ImportAgent,
    readonly environment: ImportEnvironment,
    readonly style: PathStyle,
  ) {}

  /** The text as the agent sends it. */
  sent(text: string): string {
    return this.agent === 'claude-code' ? withoutBlockComments(text) : text;
  }

  /** A file's identity: the one behind links for Claude Code, the spelled path for the others. */
  key(path: string, file: ReadFile | undefined): string {
    return pathKey(this.agent === 'claude-code' ? (file?.realPath ?? path) : path, this.style);
  }

  async edgesOf(path: string, text: string, hop: number, chain: readonly string[]): Promise<ImportEdge[]> {
    const edges: ImportEdge[] = [];
    const lines = lineCounter(text);
    for (const mention of this.rules.find(text)) {
      if (++this.edges > mostEdges) break;
      edges.push(await this.edge(path, mention, lines(mention.start), hop, chain));
    }
    return edges;
  }

  private async edge(
    from: string,
    mention: Mention,
    line: number,
    hop: number,
    chain: readonly string[],
  ): Promise<ImportEdge> {
    const { environment, rules, style } = this;
    const place = { file: from, projectRoot: environment.projectRoot, home: environment.home, style };
    const target = rules.resolve(mention, place);
    const base = { mention, line, hop, target: target?.path, looksLikeFile: looksLikeFile(mention.path, style) };
    const nothing = (status: ImportStatus): ImportEdge => ({ ...base, status, ownTokens: 0, tokens: 0, edges: [] });
    if (!target) return nothing('missing');
    if (target.isOutside && rules.outside === 'never') return nothing('outside');
    this.paths.add(target.path);
    const file = await environment.read(target.path);
    if (!file || file.text.includes('\0')) return nothing('missing');
    const key = this.key(target.path, file);
    if (chain.includes(key)) return nothing('cycle');
    if (hop > rules.maxHops) return nothing('too-deep');
    if (rules.readsOnce && this.read.has(key)) return nothing('again');
    const needsConsent = target.isOutside && !environment.isUserFile;
    if (!needsConsent) this.read.add(key);
    const ownTokens = environment.count(this.sent(file.text));
    const edges = await this.edgesOf(target.path, file.text, hop + 1, [...chain, key]);
    const tokens = ownTokens + sum(edges);
    if (needsConsent) {
      this.consentTokens += tokens;
      return { ...base, status: 'needs-consent', ownTokens, tokens, edges };
    }
    return { ...base, status: 'loaded', ownTokens, tokens, edges };
  }
}

/** Follows the imports of one file as the agent would. `path` absolute, `text` its current text. */
export async function importGraph(
  path: string,
  text: string,
  agent: ImportAgent,
  environment: ImportEnvironment,
): Promise<ImportGraph> {
  const style = environment.style ?? styleOf(path);
  const root = normalise(path, style);
  const walk = new Walk(importRules[agent], agent, environment, style);
  // Gemini and Qwen do not remember the file they began with: a file that imports it back gets it once more.
  const isRemembered = walk.rules.readsOnce;
  const rootKey = walk.key(root, isRemembered && text.includes('@') ? await environment.read(root) : undefined);
  walk.read.add(rootKey);
  const edges = await walk.edgesOf(root, text, 1, isRemembered ? [rootKey] : []);
  return {
    agent,
    path: root,
    ownTokens: environment.count(walk.sent(text)),
    importedTokens: sum(edges),
    consentTokens: walk.consentTokens,
    edges,
    paths: [...walk.paths],
    isIncomplete: walk.edges > mostEdges,
  };
}

/** Of edges whose text is surely sent. */
function sum(edges: readonly ImportEdge[]): number {
  return edges.reduce((total, edge) => total + (edge.status === 'loaded' ? edge.tokens : 0), 0);
}

/** Offsets in rising order to lines. */
function lineCounter(text: string): (offset: number) => number {
  let line = 0;
  let at = 0;
  return (offset) => {
    for (let next = text.indexOf('\n', at); next >= 0 && next < offset; next = text.indexOf('\n', at)) {
      line++;
      at = next + 1;
    }
    return line;
  };
}

/** Every edge of the graph, the deeper ones after their parent. */
export function allEdges(edges: readonly ImportEdge[]): readonly ImportEdge[] {
  return edges.flatMap((edge) => [edge, ...allEdges(edge.edges)]);
}

/** The agents whose imports a file can have: those that read it and know imports. */
export function importAgentsOf(file: PromptFile): readonly ImportAgent[] {
  if (file.kind !== 'memory' && file.kind !== 'agents-md' && file.kind !== 'rule') return [];
  return importAgents.filter((agent) => file.agents.includes(agent));
}
