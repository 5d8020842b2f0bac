// Which instruction files an agent that is started in a folder loads, in order, and where its budget ends. Reads
// through the caller; knows each agent's documented rules, no file system and no rule folders that need a listing.
import { offsetAtByte, utf8Length } from './bytes';
import { type PathStyle, folderOf, foldersDownTo, normalise, styleOf } from './filePath';
import { type PromptAgent } from './promptFiles';
import { codexBytes } from './promptFileRules';

/** The agents whose chain is known here. */
export const chainAgents = [
  'claude-code',
  'codex',
  'gemini-cli',
  'qwen-code',
  'opencode',
  'copilot-chat',
] as const satisfies readonly PromptAgent[];
export type ChainAgent = (typeof chainAgents)[number];

export interface ChainEnvironment {
  /** The repository's root; undefined = none found: then most agents look at the start folder alone. */
  readonly root: string | undefined;
  readonly home: string | undefined;
  readonly style?: PathStyle;
  /** The file's text, or undefined where it does not exist. */
  read(path: string): Promise<string | undefined>;
}

export interface ChainFile {
  readonly path: string;
  readonly text: string;
  readonly scope: 'user' | 'project';
  /** How much of the text arrives, in UTF-16 code units: its length, less where a budget cuts it, 0 where none is left. */
  readonly loadedCharacters: number;
}

export interface Chain {
  readonly agent: ChainAgent;
  readonly files: readonly ChainFile[];
  /** Codex's shared budget, where the agent has one. */
  readonly budgetBytes?: number;
  /** UTF-8 bytes of the project's files together, before any cut. */
  readonly projectBytes: number;
}

/** Files of which the first that is there counts. `mayBeEmpty`: an empty one hides the next, too. */
interface Choice {
  readonly paths: readonly string[];
  readonly scope: ChainFile['scope'];
  readonly mayBeEmpty?: boolean;
}

function each(folders: readonly string[], ...names: readonly string[]): readonly Choice[] {
  return folders.flatMap((folder) => names.map((name) => ({ paths: [join(folder, name)], scope: 'project' as const })));
}

function join(folder: string, name: string): string {
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}

/** Tried in order: the next list only where the one before found no project file. */
function choices(agent: ChainAgent, folder: string, environment: ChainEnvironment): readonly (readonly Choice[])[] {
  const style = environment.style ?? styleOf(folder);
  const root = environment.root;
  const fromRoot = root === undefined ? [normalise(folder, style)] : foldersDownTo(folder, root, style);
  const user = (...names: readonly string[]): readonly Choice[] =>
    environment.home === undefined
      ? []
      : [{ paths: names.map((name) => join(normalise(environment.home!, style), name)), scope: 'user' }];
  switch (agent) {
    case 'codex':
      return [
        [
          ...user('.codex/AGENTS.override.md', '.codex/AGENTS.md'),
          ...fromRoot.map((at) => ({
            paths: [join(at, 'AGENTS.override.md'), join(at, 'AGENTS.md')],
            scope: 'project' as const,
            mayBeEmpty: true,
          })),
        ],
      ];
    case 'claude-code': {
      const everyFolder = foldersDownTo(folder, topOf(folder, style), style);
      const own = user('.claude/CLAUDE.md');
      return [
        [...own, ...each(everyFolder, 'CLAUDE.md', '.claude/CLAUDE.md', 'CLAUDE.local.md')],
        [...own, ...each(everyFolder, 'AGENTS.md', '.claude/AGENTS.md')],
      ];
    }
    case 'gemini-cli':
      return [[...user('.gemini/GEMINI.md'), ...each(fromRoot, 'GEMINI.md')]];
    case 'qwen-code':
      return [[...user('.qwen/QWEN.md'), ...user('.qwen/AGENTS.md'), ...each(fromRoot, 'QWEN.md', 'AGENTS.md')]];
    case 'opencode': {
      const own = user('.config/opencode/AGENTS.md', '.claude/CLAUDE.md');
      return [
        [...own, ...each(fromRoot, 'AGENTS.md')],
        [...own, ...each(fromRoot, 'CLAUDE.md')],
      ];
    }
    case 'copilot-chat':
      return [each([fromRoot[0]!], '.github/copilot-instructions.md', 'AGENTS.md', 'CLAUDE.md')];
  }
}

function topOf(folder: string, style: PathStyle): string {
  let top = normalise(folder, style);
  for (let up = folderOf(top, style); up !== top; up = folderOf(top, style)) top = up;
  return top;
}

/** What an agent started in `folder` loads. Sources: see promptFileRules.ts. */
export async function instructionChain(
  agent: ChainAgent,
  folder: string,
  environment: ChainEnvironment,
): Promise<Chain> {
  let found: readonly Omit<ChainFile, 'loadedCharacters'>[] = [];
  for (const list of choices(agent, folder, environment)) {
    found = (await Promise.all(list.map((choice) => firstOf(choice, environment)))).filter(
      (file) => file !== undefined,
    );
    if (found.some((file) => file.scope === 'project')) break;
  }
  const budgetBytes = agent === 'codex' ? codexBytes : undefined;
  let left = budgetBytes ?? Infinity;
  let projectBytes = 0;
  const files = found.map((file): ChainFile => {
    if (file.scope === 'user') return { ...file, loadedCharacters: file.text.length };
    const size = utf8Length(file.text);
    projectBytes += size;
    const loadedCharacters = size <= left ? file.text.length : offsetAtByte(file.text, left);
    left = Math.max(0, left - size);
    return { ...file, loadedCharacters };
  });
  return { agent, files, projectBytes, ...(budgetBytes === undefined ? {} : { budgetBytes }) };
}

async function firstOf(
  choice: Choice,
  environment: ChainEnvironment,
): Promise<Omit<ChainFile, 'loadedCharacters'> | undefined> {
  for (const path of choice.paths) {
    const text = await environment.read(path);
    if (text === undefined) continue;
    if (text.trim() !== '') return { path, text, scope: choice.scope };
    if (choice.mayBeEmpty) return undefined;
  }
  return undefined;
}
