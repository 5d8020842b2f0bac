// Starts and stops one server of VS Code's web build. Knows its flags and addresses; opens no page.
import { spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { atExit } from './atExit';
import { checkoutFolder, makeTemporaryFolder } from './folders';
import { extensionUnderTest } from './installedExtension';
import { type InstalledRelease } from './webRelease';

export interface WebHostOptions {
  readonly release: InstalledRelease;
  readonly env: NodeJS.ProcessEnv;
  /** The user's settings.json. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Ask whether a folder is trusted, as a desktop VS Code does; off by default. */
  readonly workspaceTrust?: boolean;
  /**
   * `installed`: the extension under test stands among the installed ones, as for a person. `development`: the page's
   * address names the checkout, which a run of tests inside the extension host needs. `none`: nobody has installed it yet.
   */
  readonly extension: 'installed' | 'development' | 'none';
  /** Another copy of the extension than the one under test, to stand among the installed ones. */
  readonly extensionFolder?: string;
  /** VS Code's own extensions: all of them, or only those that a test may look at. Default: few. */
  readonly builtIn?: 'all' | 'few';
}

export interface PageOptions {
  readonly folder: string;
  /** The suite's script, exporting `run()`; only with a development extension. */
  readonly testsScript?: string;
}

export interface WebHost {
  /** The workbench's address with `folder` open. */
  pageUrl(options: PageOptions): string;
  /** What the server and its extension hosts printed. */
  readonly logFile: string;
  /** What VS Code itself keeps: settings, extensions' own storage. */
  readonly dataFolder: string;
  readonly extensionsFolder: string;
  /** Resolves when the server has ended, for whatever reason. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Settings that keep a workbench under test quiet; a caller's own settings win. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'telemetry.telemetryLevel': 'off',
  'git.enabled': false,
  'remote.autoForwardPorts': false,
  'files.simpleDialog.enable': true,
  'window.confirmBeforeClose': 'never',
  // What moves on the screen is painted by the processor here.
  'editor.cursorBlinking': 'solid',
  'editor.minimap.enabled': false,
  'workbench.reduceMotion': 'on',
};

/**
 * VS Code's own extensions that start processes and language services of their own, which no test looks at: without
 * them a window is up in two thirds of the time. Those for Git, Markdown, notebooks, grammars and themes stay.
 */
const leftOut =
  /^(copilot|emmet|grunt|gulp|jake|npm|github|tunnel-forwarding|terminal-suggest|simple-browser|ms-vscode\.|debug-|.+-authentication$|(css|html|json|php|typescript)-language-features$)/;

const startTimeoutMs = 60_000;

/** Resolves once the server answers. */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const temporary = makeTemporaryFolder('web');
  const folder = temporary.path;
  const logFile = path.join(folder, 'server.log');
  const userFolder = path.join(folder, 'data', 'User');
  const extensionsFolder = path.join(folder, 'extensions');
  fs.mkdirSync(userFolder, { recursive: true });
  fs.mkdirSync(extensionsFolder);
  const settings = JSON.stringify({ ...quietSettings, ...options.settings }, undefined, 2);
  fs.writeFileSync(path.join(userFolder, 'settings.json'), settings);
  if (options.extension === 'installed')
    linkExtension(extensionsFolder, options.extensionFolder ?? extensionUnderTest());

  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const log = fs.openSync(logFile, 'w');
  const server = spawn(options.release.node, serverArguments(options, port, folder, extensionsFolder), {
    env: options.env,
    stdio: ['ignore', log, log],
  });
  fs.closeSync(log);
  const forget = atExit(() => server.kill('SIGKILL'));
  const startError = new Promise<never>((_, reject) => server.once('error', reject));
  await Promise.race([answers(`${origin}/version`, server, logFile), startError]);
  return {
    logFile,
    dataFolder: folder,
    extensionsFolder,
    ended: new Promise((resolve) => server.once('exit', () => resolve())),
    pageUrl: (page) => pageUrl(origin, page, options.extension),
    stop: async () => {
      await end(server);
      forget();
      temporary.remove();
    },
  };
}

function serverArguments(options: WebHostOptions, port: number, folder: string, extensionsFolder: string): string[] {
  return [
    options.release.serverScript,
    ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--accept-server-license-terms'],
    ...['--telemetry-level', 'off', '--server-data-dir', folder, '--extensions-dir', extensionsFolder],
    ...(options.builtIn === 'all' ? [] : ['--builtin-extensions-dir', fewBuiltIn(options.release, folder)]),
    // A login shell's profile would bring the real machine's variables back in, and takes seconds.
    '--force-disable-user-env',
    // Without it a built VS Code passes over an extension under development without a word.
    ...(options.extension === 'development' ? ['--enable-smoke-test-driver'] : []),
    ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
  ];
}

function fewBuiltIn({ serverScript }: InstalledRelease, folder: string): string {
  const all = path.resolve(path.dirname(serverScript), '..', 'extensions');
  const few = path.join(folder, 'built-in');
  fs.mkdirSync(few);
  for (const { name } of fs.readdirSync(all, { withFileTypes: true }).filter((entry) => entry.isDirectory()))
    if (!leftOut.test(name)) fs.symlinkSync(path.join(all, name), path.join(few, name), 'junction');
  return few;
}

function pageUrl(origin: string, page: PageOptions, extension: WebHostOptions['extension']): string {
  const url = new URL(origin);
  url.searchParams.set('folder', page.folder);
  if (extension === 'development') {
    const remote = `vscode-remote://${url.host}`;
    const payload = [['extensionDevelopmentPath', remote + checkoutFolder]];
    if (page.testsScript !== undefined) payload.push(['extensionTestsPath', remote + page.testsScript]);
    url.searchParams.set('payload', JSON.stringify(payload));
  }
  return url.href;
}

/** Listed as VS Code lists what it installed: in a hurry it takes away what stands in the folder and in no list. */
function linkExtension(extensionsFolder: string, extension: string): void {
  const { publisher, name, version } = JSON.parse(
    fs.readFileSync(path.join(checkoutFolder, 'package.json'), 'utf8'),
  ) as Record<'publisher' | 'name' | 'version', string>;
  const id = `${publisher}.${name}`;
  const link = path.join(extensionsFolder, `${id}-${version}`);
  fs.symlinkSync(extension, link, 'junction');
  const location = { $mid: 1, path: pathToFileURL(link).pathname, scheme: 'file' };
  const entry = { identifier: { id }, version, location, relativeLocation: path.basename(link) };
  fs.writeFileSync(path.join(extensionsFolder, 'extensions.json'), JSON.stringify([entry]));
}

/** A port that was free a moment ago; the server wants to be told one, since it prints its own too late to be parsed. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function answers(url: string, server: ChildProcess, logFile: string): Promise<void> {
  const deadlineMs = Date.now() + startTimeoutMs;
  while (Date.now() < deadlineMs && server.exitCode === null) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  server.kill('SIGKILL');
  throw new Error(`The web server build of VS Code did not start:\n${fs.readFileSync(logFile, 'utf8').slice(-4000)}`);
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  const impatience = setTimeout(() => server.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(impatience);
}
