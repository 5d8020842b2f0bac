// Makes the VSIX: a production build and what .vscodeignore lets through, put into a folder of its own with a manifest
// that holds nothing but what an editor reads, packed by vsce (which looks for secrets), and judged by packageRules.
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { runCommand } from '../host/command';
import { checkoutFolder, makeTemporaryFolder } from '../host/folders';
import { HumanError } from '../host/humanError';
import { packageProblems, type PackageFile, type PackageManifest } from './packageRules';

/** Of package.json, for those who work on the checkout. */
const forDevelopers = ['private', 'scripts', 'devDependencies', 'dependencies', 'mocha', 'prettier'];

/** Zip archives know no earlier time. */
const earliestSeconds = 315_619_200;

export interface Vsix {
  readonly files: readonly PackageFile[];
  readonly packedBytes: number;
  /** By an odd minor version. */
  readonly isPreRelease: boolean;
}

/** Writes the package to `target`. The same checkout gives the same bytes. Throws where a rule is broken. */
export async function packageVsix(target: string): Promise<Vsix> {
  const stage = makeTemporaryFolder('vsix');
  try {
    const repository = repositoryUrl();
    await fillStage(stage.path, repository);
    const manifest = readManifest(stage.path);
    const isPreRelease = isPreReleaseVersion(manifest.version ?? '');
    await withVariables({ SOURCE_DATE_EPOCH: String(committedSeconds()), TZ: 'UTC' }, () =>
      createVSIX({
        cwd: stage.path,
        packagePath: target,
        dependencies: false,
        preRelease: isPreRelease,
        ...(repository === undefined
          ? { allowMissingRepository: true, rewriteRelativeLinks: false }
          : { githubBranch: process.env.GITHUB_REF_NAME ?? 'main' }),
      }),
    );
    const names = await listFiles({ cwd: stage.path, packageManager: PackageManager.None });
    const files = names.map((name) => ({ name, bytes: fs.readFileSync(path.join(stage.path, name)) }));
    const packedBytes = fs.statSync(target).size;
    const problems = packageProblems(manifest, files, packedBytes);
    if (problems.length > 0) throw new HumanError(problems.join('\n'));
    return { files, packedBytes, isPreRelease };
  } finally {
    stage.remove();
  }
}

/** vsce takes the time of all files, and the zone it is written in, from the environment: others' stays as it is. */
async function withVariables(variables: Readonly<Record<string, string>>, work: () => Promise<unknown>): Promise<void> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    await work();
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
}

/** Stores' convention: 1.3.x comes to those who asked for pre-releases, 1.4.x to all. */
export function isPreReleaseVersion(version: string): boolean {
  return Number(version.split('.')[1]) % 2 === 1;
}

async function fillStage(stage: string, repository: string | undefined): Promise<void> {
  const build = [path.join(checkoutFolder, 'esbuild.js'), '--production', `--outdir=${path.join(stage, 'dist')}`];
  if ((await runCommand(process.execPath, build, { cwd: checkoutFolder, quiet: true })) !== 0)
    throw new HumanError('The production build failed: see above.');
  for (const name of await listFiles({ cwd: checkoutFolder, packageManager: PackageManager.None })) {
    if (name.startsWith('dist/')) continue;
    fs.mkdirSync(path.dirname(path.join(stage, name)), { recursive: true });
    fs.copyFileSync(path.join(checkoutFolder, name), path.join(stage, name));
  }
  // The same list holds for the folder that is packed.
  fs.copyFileSync(path.join(checkoutFolder, '.vscodeignore'), path.join(stage, '.vscodeignore'));
  const manifest = Object.fromEntries(
    Object.entries(readManifest(checkoutFolder)).filter(([field]) => !forDevelopers.includes(field)),
  );
  const links =
    repository === undefined
      ? {}
      : {
          repository: { type: 'git', url: repository },
          bugs: `${repository}/issues`,
          homepage: `${repository}#readme`,
        };
  fs.writeFileSync(path.join(stage, 'package.json'), JSON.stringify({ ...manifest, ...links }, undefined, 2));
  if (repository === undefined) leavePicturesOut(path.join(stage, 'README.md'));
  for (const entry of fs.readdirSync(stage, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) fs.chmodSync(path.join(entry.parentPath, entry.name), 0o644);
}

/** A store shows a README's pictures from the repository; without one they would be broken. */
function leavePicturesOut(readme: string): void {
  const text = fs.readFileSync(readme, 'utf8');
  fs.writeFileSync(readme, text.replace(/^!\[[^\]]*\]\((?!https:)[^)]*\)\n+/gm, ''));
}

/** Where the sources lie, as far as this machine knows: the store's page links to it. */
function repositoryUrl(): string | undefined {
  const { GITHUB_SERVER_URL = 'https://github.com', GITHUB_REPOSITORY } = process.env;
  if (GITHUB_REPOSITORY) return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`;
  const origin = git('remote', 'get-url', 'origin');
  const found = /^(?:https:\/\/|git@|ssh:\/\/git@)(github\.com)[/:](.+?)(?:\.git)?$/.exec(origin ?? '');
  return found ? `https://${found[1]}/${found[2]}` : undefined;
}

/** The time that all files in the package have, in seconds: that of the last commit. */
function committedSeconds(): number {
  const given = Number(process.env.SOURCE_DATE_EPOCH ?? git('log', '-1', '--format=%ct'));
  return Number.isFinite(given) ? Math.max(given, earliestSeconds) : earliestSeconds;
}

/** What git says, or undefined where there is none, or no repository. */
function git(...args: readonly string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd: checkoutFolder, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}

function readManifest(folder: string): PackageManifest {
  return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as PackageManifest;
}
