// The environment that a VS Code under test runs in: a home folder of its own and nothing of the real machine's agents.
// What a person runs with `npm start` gets the real environment instead.
import * as path from 'node:path';
import { withoutNpmVariables } from './command';

/** Variables by which agents and this extension find folders, and those that would change how an editor starts. */
const foreign =
  /^(CLAUDE|CODEX|COPILOT|GEMINI|OPENCODE|CLINE|ROO|KILO|CURSOR|QWEN|PI_|AMP|FACTORY|GOOSE|KIMI|CRUSH|CONTINUE|AIDER|ZED|ANTHROPIC|OPENAI|XDG_(CONFIG|DATA|STATE|CACHE)|TOKENOMETER|VSCODE|ELECTRON|NODE_OPTIONS|MOCHA)/i;

/** The variables of a machine whose only user lives in `home`. */
export function sealedEnvironment(home: string, extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(withoutNpmVariables(process.env)).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    ...(process.platform === 'win32' ? windowsFolders(home) : {}),
    CLAUDE_CONFIG_DIR: path.join(home, '.claude'),
    CODEX_HOME: path.join(home, '.codex'),
    TOKENOMETER_DATA_DIR: dataFolder(home),
    ...extra,
  };
}

function windowsFolders(home: string): Record<string, string> {
  const data = path.join(home, 'AppData');
  return { USERPROFILE: home, APPDATA: path.join(data, 'Roaming'), LOCALAPPDATA: path.join(data, 'Local') };
}

/** Where the extension's store is in a sealed home. */
export function dataFolder(home: string): string {
  return path.join(home, '.tokenometer');
}

/** This process's own environment, less what `npm run` or an editor's terminal put into it. */
export function openEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(withoutNpmVariables(process.env));
  return Object.fromEntries(inherited.filter(([name]) => !/^(VSCODE|ELECTRON|NODE_OPTIONS)/i.test(name)));
}
