// The extension as people have it: packed as for the stores, installed by VS Code's own command, production code only.
// Made once for a run of tests; every machine of that run then has it among its extensions.
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { packageVsix } from '../build/packageVsix';
import { atExit } from './atExit';
import { cacheFolder, checkoutFolder, removeFolder } from './folders';
import { HumanError } from './humanError';
import { type InstalledRelease } from './webRelease';

const variable = 'TOKENOMETER_INSTALLED';
const vsixName = 'tokenometer.vsix';

/** The folder that machines under test take the extension from: the installed one, else the checkout. */
export function extensionUnderTest(): string {
  return process.env[variable] ?? checkoutFolder;
}

/** The package itself; made and installed now, where this is a run of one file. */
export async function vsixUnderTest(release: InstalledRelease): Promise<string> {
  if (process.env[variable] === undefined) await installForTests(release);
  return path.join(extensionUnderTest(), '..', '..', vsixName);
}

/** Packs and installs the extension; this process and those it starts test that one from now on. */
export async function installForTests(release: InstalledRelease): Promise<void> {
  const folder = path.join(cacheFolder, `installed-${process.pid}`);
  atExit(() => removeFolder(folder));
  const vsix = path.join(folder, vsixName);
  fs.mkdirSync(folder, { recursive: true });
  await packageVsix(vsix);
  const extensions = path.join(folder, 'extensions');
  await runServerCommand(release, folder, extensions, ['--install-extension', vsix]);
  const name = fs.readdirSync(extensions).find((entry) => entry.startsWith('tokenometer.'));
  if (name === undefined) throw new HumanError('VS Code said that it installed the package, and did not.');
  process.env[variable] = path.join(extensions, name);
}

/** One of the server's commands that install, list and uninstall. Resolves with what it printed. */
export function runServerCommand(
  release: InstalledRelease,
  dataFolder: string,
  extensionsFolder: string,
  args: readonly string[],
): Promise<string> {
  const folders = ['--server-data-dir', dataFolder, '--extensions-dir', extensionsFolder];
  const all = [release.serverScript, '--accept-server-license-terms', ...folders, ...args];
  return new Promise((resolve, reject) => {
    execFile(release.node, all, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new HumanError(`VS Code could not do ${args.join(' ')}:\n${stdout}\n${stderr.slice(-2000)}`));
    });
  });
}
