// This machine as the readers see it: home folder, platform, the agents' variables, where our own store lies.
// Reads no file; the launcher of a worker or the command line calls it once.
import { homedir } from 'node:os';
import { type AgentEnvironment } from '../agents/agent';
import { pathOf } from '../agents/editorFolders';

type Variables = Readonly<Record<string, string | undefined>>;

/** Unknown systems are read by Linux's rules. */
export function platformOf(platform: NodeJS.Platform): AgentEnvironment['platform'] {
  return platform === 'darwin' || platform === 'win32' ? platform : 'linux';
}

/**
 * The home folder by the variables first (tests and containers set them), else by the system. On Windows the agents go by
 * the profile, whatever a shell or a company's network drive calls HOME.
 */
export function homeOf(variables: Variables, platform = platformOf(process.platform)): string {
  const { HOME: home, USERPROFILE: profile } = variables;
  return (platform === 'win32' ? profile || home : home || profile) || homedir();
}

/**
 * Where the store lies: `TOKENOMETER_DATA_DIR`, else the system's folder for application data. One place for every
 * window and the command line, so that they share one store.
 */
export function dataFolderOf(platform: AgentEnvironment['platform'], home: string, variables: Variables): string {
  const named = variables['TOKENOMETER_DATA_DIR'];
  if (named) return named;
  const path = pathOf(platform);
  if (platform === 'win32')
    return path.join(variables['LOCALAPPDATA'] || path.join(home, 'AppData', 'Local'), 'tokenometer');
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'tokenometer');
  return path.join(variables['XDG_DATA_HOME'] || path.join(home, '.local', 'share'), 'tokenometer');
}
