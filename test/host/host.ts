// Chooses the two VS Codes that the integration tests run in, the oldest promised and the newest known, and says which.
// Desktop where there can be one, else the web server build.
import { downloadedExecutable, hasDisplay, namedExecutable, runDesktopSuite, starts } from './desktopHost';
import { type Counts } from './mochaRun';
import { installRelease, newestRelease, oldestRelease, type WebRelease } from './webRelease';
import { runWebSuite } from './webSuite';

export interface SuiteHost {
  /** For a person: which VS Code, of which kind. */
  readonly label: string;
  runSuite(show: (line: string) => void): Promise<Counts>;
}

/** Installs what it chooses. The newest stands first: it is what most people have. */
export async function chooseHosts(): Promise<readonly SuiteHost[]> {
  const named = namedExecutable();
  if (named !== undefined)
    return [desktop(named, `the VS Code that TOKENOMETER_VSCODE names`), await web(oldestRelease)];
  const why = await whyNoDesktop();
  if (why !== undefined) {
    console.log(`No desktop VS Code here (${why}): the suites run on its web server build.`);
    return [await web(newestRelease), await web(oldestRelease)];
  }
  return [await download('stable', newestRelease), await download(oldestRelease.version, oldestRelease)];
}

/** The reason, or undefined where a desktop VS Code can be had. */
async function whyNoDesktop(): Promise<string | undefined> {
  if (!hasDisplay()) return 'no display';
  const newest = await downloadedExecutable('stable');
  if ('reason' in newest) return `the download failed: ${newest.reason}`;
  return (await starts(newest.executable)) ? undefined : 'the downloaded one does not start';
}

async function download(version: string, instead: WebRelease): Promise<SuiteHost> {
  const found = await downloadedExecutable(version);
  return 'reason' in found ? web(instead) : desktop(found.executable, `desktop VS Code ${version}`);
}

function desktop(executable: string, label: string): SuiteHost {
  return { label, runSuite: (show) => runDesktopSuite(executable, show) };
}

async function web(release: WebRelease): Promise<SuiteHost> {
  const installed = await installRelease(release);
  const node = release.nodeVersion ?? process.versions.node;
  return {
    label: `VS Code ${release.version} (web server build, Node ${node})`,
    runSuite: (show) => runWebSuite(installed, show),
  };
}
