// Which releases of VS Code's web server build the suites run on, and how one is put into the cache. The build is taken
// from the npm package `code-server`, whose lib/vscode is VS Code of the same minor version; its wrapper is not used.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { runCommand, runNpm } from './command';
import { cacheFolder, checkoutFolder, removeFolder } from './folders';
import { HumanError } from './humanError';

export interface WebRelease {
  /** Of VS Code. */
  readonly version: string;
  /** Of the npm package that carries it. */
  readonly packageVersion: string;
  /** The Node that this VS Code ships with; undefined where the checkout's own will do. */
  readonly nodeVersion?: string;
}

export interface InstalledRelease extends WebRelease {
  readonly serverScript: string;
  readonly node: string;
}

/** The version that `engines.vscode` promises. Its extension host has Node 22, whose SQLite is not that of 24. */
export const oldestRelease: WebRelease = { version: '1.103.2', packageVersion: '4.103.2', nodeVersion: '22.17.0' };
export const newestRelease: WebRelease = { version: '1.139.1', packageVersion: '4.139.1' };

/** Puts the release into the cache unless it is there. A broken installation never stays: it is built beside and renamed. */
export async function installRelease(release: WebRelease): Promise<InstalledRelease> {
  const folder = path.join(cacheFolder, `web-${release.version}`);
  if (!fs.existsSync(folder)) {
    console.log(`Installing the web server build of VS Code ${release.version} into .vscode-test (once)`);
    const partial = `${folder}.partial-${process.pid}`;
    removeFolder(partial);
    fs.mkdirSync(partial, { recursive: true });
    await fillFolder(partial, release);
    fs.renameSync(partial, folder);
  }
  return {
    ...release,
    serverScript: path.join(folder, 'package', 'lib', 'vscode', 'out', 'server-main.js'),
    // These scripts may have been started by the machine's own, older Node: the checkout's is meant.
    node: path.join(release.nodeVersion === undefined ? checkoutFolder : folder, ...nodeInFolder),
  };
}

const nodeInFolder = ['node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node'];

async function fillFolder(folder: string, release: WebRelease): Promise<void> {
  const archive = `code-server-${release.packageVersion}.tgz`;
  const server = path.join(folder, 'package', 'lib', 'vscode');
  const step = async (what: string, exitCode: Promise<number>): Promise<void> => {
    if ((await exitCode) === 0) return;
    throw new HumanError(`${what} failed (see above). Check that npm reaches its registry, then run this again.`);
  };
  const quiet = { cwd: folder, quiet: true };
  await step(
    `Fetching code-server ${release.packageVersion}`,
    runNpm(['pack', `code-server@${release.packageVersion}`, '--silent'], quiet),
  );
  await step(
    `Unpacking ${archive}`,
    runCommand('tar', ['-xzf', archive, 'package/lib/vscode', 'package/LICENSE'], quiet),
  );
  fs.rmSync(path.join(folder, archive));
  // Its install scripts compile native modules (terminal, log files, Kerberos) that nothing here needs.
  await step(
    `Installing what VS Code ${release.version} needs`,
    runNpm(['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], {
      cwd: server,
      quiet: true,
    }),
  );
  if (release.nodeVersion === undefined) return;
  await step(
    `Installing Node ${release.nodeVersion}`,
    runNpm(
      ['install', `node@${release.nodeVersion}`, '--prefix', folder, '--no-audit', '--no-fund', '--silent'],
      quiet,
    ),
  );
}
