// Where editors of the VS Code family keep their user data: candidates by product, system and variables, and the folder
// of the editor that runs us. Names paths only; whether they exist is not known here.
import { posix, win32 } from 'node:path';
import { type AgentEnvironment } from './agent';

type Machine = Pick<AgentEnvironment, 'home' | 'platform' | 'variables'>;

const products = [
  'Code',
  'Code - Insiders',
  'Code - Exploration',
  'VSCodium',
  'VSCodium - Insiders',
  'Cursor',
  'Windsurf',
  'Antigravity',
  'Kiro',
  'Trae',
];

/** Folders in the home of the machine that a window is connected to. */
const servers = [
  '.vscode-server',
  '.vscode-server-insiders',
  '.vscode-remote',
  '.vscodium-server',
  '.cursor-server',
  '.windsurf-server',
  '.antigravity-server',
];

const flatpaks = [
  ['com.visualstudio.code', 'Code'],
  ['com.visualstudio.code.insiders', 'Code - Insiders'],
  ['com.vscodium.codium', 'VSCodium'],
] as const;

/**
 * User-data folders (`…/Code/User`) of this machine's editors, existing or not, each once. `globalStoragePath` is the
 * folder that an editor gave to one of its extensions: the editor's own folder comes first, wherever it was put.
 */
export function editorUserFolders(
  home: string,
  platform: AgentEnvironment['platform'],
  variables: AgentEnvironment['variables'],
  globalStoragePath?: string,
): readonly string[] {
  const machine: Machine = { home, platform, variables };
  const path = pathOf(platform);
  const own = globalStoragePath === undefined ? undefined : userFolderOf(globalStoragePath);
  const folders = own === undefined ? [] : [own];
  if (variables.VSCODE_PORTABLE) folders.push(path.join(variables.VSCODE_PORTABLE, 'user-data', 'User'));
  if (variables.VSCODE_AGENT_FOLDER) folders.push(path.join(variables.VSCODE_AGENT_FOLDER, 'data', 'User'));
  for (const root of settingRoots(machine)) {
    for (const product of products) folders.push(path.join(root, product, 'User'));
  }
  for (const server of servers) folders.push(path.join(home, server, 'data', 'User'));
  if (platform === 'linux') folders.push(...linuxOnly(machine));
  return [...new Set(folders)];
}

/**
 * The user-data folder that holds an extension's global storage (`<User>/globalStorage/<extension>`, inside a profile
 * `<User>/profiles/<id>/globalStorage/<extension>`); undefined for a path of another form.
 */
export function userFolderOf(globalStoragePath: string): string | undefined {
  const at = /[\\/]globalStorage(?:[\\/]|$)/.exec(globalStoragePath)?.index;
  if (at === undefined) return undefined;
  return globalStoragePath.slice(0, at).replace(/[\\/]profiles[\\/][^\\/]+$/, '');
}

function settingRoots({ home, platform, variables }: Machine): readonly string[] {
  const own = variables.VSCODE_APPDATA ? [variables.VSCODE_APPDATA] : [];
  if (platform === 'win32') return [...own, variables.APPDATA || win32.join(home, 'AppData', 'Roaming')];
  if (platform === 'darwin') return [...own, posix.join(home, 'Library', 'Application Support')];
  return [...own, variables.XDG_CONFIG_HOME || posix.join(home, '.config')];
}

function linuxOnly({ home, variables }: Machine): string[] {
  const data = variables.XDG_DATA_HOME || posix.join(home, '.local', 'share');
  return [
    ...flatpaks.map(([app, product]) => posix.join(home, '.var', 'app', app, 'config', product, 'User')),
    posix.join(data, 'code-server', 'User'),
    '/tmp/.vscode-server/data/User',
    '/workspace/.vscode-server/data/User',
  ];
}

export function pathOf(platform: AgentEnvironment['platform']): typeof posix {
  return platform === 'win32' ? win32 : posix;
}
