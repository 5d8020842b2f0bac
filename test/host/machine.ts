// A sealed machine for e2e tests: a home folder with agents' logs, a VS Code server that lives in it, windows that a
// person would look at, and the command line in the same environment. One browser serves all machines of a process.
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Browser } from 'playwright-core';
import { launchChromium } from './chromium';
import { sealedEnvironment } from './environment';
import { checkoutFolder, makeTemporaryFolder, type TemporaryFolder } from './folders';
import { writeSampleHome } from './sampleHome';
import { startWebHost, type WebHost } from './webHost';
import { installRelease, newestRelease, type WebRelease } from './webRelease';
import { type Theme, Workbench } from './workbench';

export type { Theme };

export interface MachineOptions {
  /** Newest unless named. */
  readonly release?: WebRelease;
  /** The invented developer's home, or a home in which no agent ever ran. Default: sample. */
  readonly home?: 'sample' | 'empty';
  /** The user's settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly theme?: Theme;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Folders open in Restricted Mode. */
  readonly restricted?: boolean;
  /** Changes the home before the editor starts. */
  readonly prepare?: (home: string) => void;
  /** `none`: nobody has installed the extension yet. */
  readonly extension?: 'installed' | 'none';
  /** Another copy of the extension than the one under test. */
  readonly extensionFolder?: string;
  /** VS Code's own extensions: all of them, or only those that a test may look at. Default: few. */
  readonly builtIn?: 'all' | 'few';
  /** Variables beside those of a sealed home. */
  readonly variables?: Readonly<Record<string, string>>;
}

export class Machine {
  private readonly windows: Workbench[] = [];

  constructor(
    private readonly temporary: TemporaryFolder,
    /** The folder that a window opens unless told another. */
    readonly folder: string,
    readonly env: NodeJS.ProcessEnv,
    readonly host: WebHost,
    private readonly viewport: { width: number; height: number },
  ) {}

  get home(): string {
    return this.temporary.path;
  }

  /**
   * Opens a window and waits until the extension has put its meter into the status bar. `language`: what a language pack
   * would have told VS Code; the editor's own words stay English, which it has none of.
   */
  async openWindow(folder = this.folder, language?: string): Promise<Workbench> {
    const workbench = await this.openPage(folder, language);
    await workbench.waitForExtension();
    return workbench;
  }

  /** The same without waiting for the extension: where there is none. */
  async openPage(folder = this.folder, language?: string): Promise<Workbench> {
    const context = await (await browser()).newContext({ viewport: this.viewport, locale: 'en-US' });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    if (language !== undefined) await context.addInitScript(`_VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)}`);
    const workbench = new Workbench(await context.newPage());
    this.windows.push(workbench);
    await workbench.open(this.host.pageUrl({ folder }));
    return workbench;
  }

  /** Runs dist/cli.js as a person in this home would. */
  cli(...args: readonly string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
    const script = path.join(checkoutFolder, 'dist', 'cli.js');
    return new Promise((resolve) => {
      execFile(process.execPath, [script, ...args], { env: this.env }, (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ exitCode, stdout, stderr });
      });
    });
  }

  /** What the server and the extension hosts printed so far. */
  log(): string {
    return fs.readFileSync(this.host.logFile, 'utf8');
  }

  async takePictures(name: string): Promise<void> {
    for (const [index, window] of this.windows.entries()) {
      await window.takePicture(index === 0 ? name : `${name} (window ${index + 1})`);
    }
  }

  async stop(): Promise<void> {
    shared.machines.delete(this);
    await shared.pictures;
    for (const window of this.windows) await window.close();
    await this.host.stop();
    this.temporary.remove();
  }
}

/** Kept where every test file finds it: each is bundled with a copy of this module of its own. */
interface Shared {
  readonly machines: Set<Machine>;
  browser?: Promise<Browser>;
  /** Pictures of a failure that are being taken: no window is closed before they are. */
  pictures?: Promise<unknown>;
}
const sharedKey = Symbol.for('tokenometer.machines');
const shared = ((globalThis as Record<symbol, unknown>)[sharedKey] ??= { machines: new Set<Machine>() }) as Shared;

function browser(): Promise<Browser> {
  return (shared.browser ??= launchChromium());
}

export async function startMachine(options: MachineOptions = {}): Promise<Machine> {
  const release = options.release ?? newestRelease;
  const temporary = makeTemporaryFolder('home');
  const home = temporary.path;
  const folder = options.home === 'empty' ? makeProject(home) : writeSampleHome(home, Date.now()).folder;
  options.prepare?.(home);
  const env = sealedEnvironment(home, options.variables);
  const host = await startWebHost({
    release: await installRelease(release),
    env,
    settings: { ...themeSettings(options.theme ?? 'dark', release), ...options.settings },
    workspaceTrust: options.restricted,
    extension: options.extension ?? 'installed',
    extensionFolder: options.extensionFolder,
    builtIn: options.builtIn,
  });
  const viewport = options.viewport ?? { width: 1280, height: 800 };
  const machine = new Machine(temporary, folder, env, host, viewport);
  shared.machines.add(machine);
  return machine;
}

/** For the end of a suite, whatever its tests left behind. */
export async function stopAllMachines(): Promise<void> {
  for (const machine of shared.machines) await machine.stop();
  await (await shared.browser)?.close();
}

/** Pictures of every open window, named after a test that failed. */
export function takePicturesOfOpenWindows(name: string): void {
  const pictures = [...shared.machines].map((machine) => machine.takePictures(`failed - ${name}`));
  shared.pictures = Promise.allSettled([shared.pictures, ...pictures]);
}

function makeProject(home: string): string {
  const folder = path.join(home, 'projects', 'blank');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'notes.md'), '# Notes\n\nNothing has happened here yet.\n');
  return folder;
}

/** The themes that a new installation of that release has. */
function themeSettings(theme: Theme, release: WebRelease): Record<string, unknown> {
  const is2026 = release.version === newestRelease.version;
  const names: Record<Theme, string> = {
    dark: is2026 ? 'Dark 2026' : 'Default Dark Modern',
    light: is2026 ? 'Light 2026' : 'Default Light Modern',
    'hc-dark': 'Default High Contrast',
    'hc-light': 'Default High Contrast Light',
  };
  return { 'workbench.colorTheme': names[theme], 'window.autoDetectColorScheme': false };
}
