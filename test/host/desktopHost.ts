// A desktop VS Code: the one named in TOKENOMETER_VSCODE, an installed one, or one downloaded by @vscode/test-electron.
// Decides quickly when there can be none; runs the integration tests in it.
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { downloadAndUnzipVSCode, runTests, SilentReporter } from '@vscode/test-electron';
import { runCommand } from './command';
import { sealedEnvironment } from './environment';
import { cacheFolder, checkoutFolder, makeTemporaryFolder } from './folders';
import { HumanError } from './humanError';
import { readCounts, type Counts } from './mochaRun';
import { writeSampleHome } from './sampleHome';
import { countsFileIn, follow, transcriptVariable } from './transcript';

/** The executable that the environment names. */
export function namedExecutable(): string | undefined {
  const named = process.env.TOKENOMETER_VSCODE;
  if (named === undefined || named === '') return undefined;
  if (!fs.existsSync(named)) throw new HumanError(`TOKENOMETER_VSCODE names ${named}, which does not exist.`);
  return named;
}

/** Can a window be shown here? */
export function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
}

/** An installed VS Code, where its installers put it: the editor itself, not its command-line script, which detaches. */
export function installedExecutable(): string | undefined {
  const { LOCALAPPDATA = '', ProgramFiles = '' } = process.env;
  const candidates = {
    linux: ['/usr/share/code/code', '/opt/visual-studio-code/code', '/usr/share/codium/codium'],
    darwin: ['/Applications/Visual Studio Code.app/Contents/MacOS/Electron'],
    win32: [
      path.join(LOCALAPPDATA, 'Programs', 'Microsoft VS Code', 'Code.exe'),
      path.join(ProgramFiles, 'Microsoft VS Code', 'Code.exe'),
    ],
  }[process.platform as string];
  return candidates?.find((candidate) => fs.existsSync(candidate));
}

/** Seconds, not minutes, where there is no way out: the first question is only which versions exist. */
const silenceMs = 8000;

/** A downloaded VS Code of that version (`stable` = the newest) or the reason why there is none. */
export async function downloadedExecutable(version: string): Promise<{ executable: string } | { reason: string }> {
  try {
    const options = { version, cachePath: cacheFolder, timeout: silenceMs, reporter: new SilentReporter() };
    return { executable: await downloadAndUnzipVSCode(options) };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Does it start at all? A downloaded one may lack system libraries. */
export async function starts(executable: string): Promise<boolean> {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return (await runCommand(executable, ['-e', '0'], { env, quiet: true })) === 0;
}

/** `show` gets each line of the report. */
export async function runDesktopSuite(executable: string, show: (line: string) => void): Promise<Counts> {
  const home = makeTemporaryFolder('home');
  const profile = makeTemporaryFolder('user');
  const transcript = makeTemporaryFolder('run');
  const sample = writeSampleHome(home.path, Date.now());
  const unfollow = follow(transcript.path, show);
  try {
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: checkoutFolder,
      extensionTestsPath: path.join(checkoutFolder, 'out', 'integration', 'index.js'),
      extensionTestsEnv: { ...sealedEnvironment(home.path), [transcriptVariable]: transcript.path },
      launchArgs: [
        sample.folder,
        '--disable-extensions',
        '--disable-workspace-trust',
        `--user-data-dir=${profile.path}`,
        `--extensions-dir=${path.join(profile.path, 'extensions')}`,
      ],
    });
  } catch (error) {
    if (readCounts(countsFileIn(transcript.path)) === undefined) show(String(error));
  } finally {
    unfollow();
  }
  const counts = readCounts(countsFileIn(transcript.path)) ?? { passed: 0, failed: 1 };
  for (const folder of [home, profile, transcript]) folder.remove();
  return counts;
}

/** Opens a window for a person; resolves when the editor has ended. Its profile is this checkout's own. */
export function openDesktop(executable: string, folder: string, env: NodeJS.ProcessEnv): Promise<number> {
  const profile = path.join(cacheFolder, 'profile');
  const editor = spawn(
    executable,
    [
      folder,
      '--new-window',
      '--disable-workspace-trust',
      `--extensionDevelopmentPath=${checkoutFolder}`,
      `--user-data-dir=${profile}`,
      `--extensions-dir=${path.join(profile, 'extensions')}`,
    ],
    { env, stdio: 'ignore' },
  );
  return new Promise((resolve, reject) => {
    editor.on('error', reject);
    editor.on('exit', (code) => resolve(code ?? 0));
  });
}
