// `npm start`: opens a real VS Code with the extension on this machine's own agent logs, and stays until it is closed or
// Ctrl+C. `npm start -- --sample` shows the invented developer's home instead; `-- --web` passes over a desktop VS Code.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { downloadedExecutable, hasDisplay, installedExecutable, namedExecutable, openDesktop } from './desktopHost';
import { openEnvironment, sealedEnvironment } from './environment';
import { checkoutFolder, makeTemporaryFolder } from './folders';
import { runScript } from './humanError';
import { writeSampleHome } from './sampleHome';
import { startWebHost } from './webHost';
import { installRelease, newestRelease } from './webRelease';

interface View {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

runScript(async () => {
  const { values } = parseArgs({ options: { sample: { type: 'boolean' }, web: { type: 'boolean' } } });
  const home = values.sample ? makeTemporaryFolder('home') : undefined;
  const view: View =
    home === undefined
      ? { folder: checkoutFolder, env: openEnvironment() }
      : { folder: writeSampleHome(home.path, Date.now()).folder, env: sealedEnvironment(home.path) };
  console.log(
    home === undefined ? "Showing this machine's own agent logs." : 'Showing the logs of an invented developer.',
  );
  const executable = values.web ? undefined : await findDesktop();
  if (executable === undefined) await serve(view);
  else await showDesktop(executable, view);
  return 0;
});

async function findDesktop(): Promise<string | undefined> {
  const present = namedExecutable() ?? (hasDisplay() ? installedExecutable() : undefined);
  if (present !== undefined || !hasDisplay()) return present;
  console.log('Looking for a desktop VS Code to download (once)');
  const found = await downloadedExecutable('stable');
  return 'executable' in found ? found.executable : undefined;
}

async function showDesktop(executable: string, view: View): Promise<void> {
  console.log(`Opening ${executable}. Close its window or press Ctrl+C to end.`);
  await openDesktop(executable, view.folder, view.env);
}

async function serve(view: View): Promise<void> {
  const release = await installRelease(newestRelease);
  const host = await startWebHost({ release, env: view.env, extension: 'installed', builtIn: 'all' });
  const url = host.pageUrl({ folder: view.folder });
  console.log(`No desktop VS Code here: VS Code ${release.version} is served at\n\n  ${url}\n\nPress Ctrl+C to end.`);
  if (hasDisplay()) openInBrowser(url);
  await host.ended;
}

function openInBrowser(url: string): void {
  const [command, ...args] = {
    darwin: ['open', url],
    win32: ['rundll32', 'url.dll,FileProtocolHandler', url],
  }[process.platform as string] ?? ['xdg-open', url];
  // Where there is none, the printed address is enough.
  spawn(command!, args, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}
