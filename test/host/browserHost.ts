// VS Code in nothing but a browser: the same web build, served as plain files, without a server's extension host. The
// extension under test and one that offers a real folder as the workspace run in the browser's worker.
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as path from 'node:path';
import { checkoutFolder } from './folders';
import { extensionUnderTest } from './installedExtension';
import { type InstalledRelease } from './webRelease';

export interface BrowserHostOptions {
  readonly release: InstalledRelease;
  /** Offered as the workspace, to be read and written. */
  readonly folder: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface BrowserHost {
  readonly pageUrl: string;
  /** The path of every address that was asked for. */
  readonly asked: readonly string[];
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
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'files.simpleDialog.enable': true,
  'window.confirmBeforeClose': 'never',
};

/** The scheme of the workspace's files, as the serving extension registers it, and the workspace's name. */
const servedScheme = 'served';
const projectName = 'project';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

export async function startBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  const build = path.resolve(path.dirname(options.release.serverScript), '..');
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', origin());
    asked.push(url.pathname);
    answer(request, url, response, { ...options, build, authority: url.host }).catch((error: unknown) => {
      response.writeHead(404).end(String(error));
    });
  });
  const origin = () => {
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    pageUrl: `${origin()}/`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

interface Served extends BrowserHostOptions {
  readonly build: string;
  readonly authority: string;
}

async function answer(
  request: http.IncomingMessage,
  url: URL,
  response: http.ServerResponse,
  served: Served,
): Promise<void> {
  const [, top = '', ...rest] = decodeURIComponent(url.pathname).split('/');
  const name = rest.join('/');
  if (rest.includes('..')) throw new Error('outside');
  const send = (text: string | Buffer, as: string) =>
    response.writeHead(200, { 'content-type': types[path.extname(as)] ?? 'application/octet-stream' }).end(text);
  switch (top) {
    case '':
      send(page(served), 'page.html');
      return;
    case 'build':
      send(buildFile(served.build, name), name);
      return;
    case 'tokenometer':
      send(fs.readFileSync(path.join(extensionUnderTest(), name)), name);
      return;
    case 'serving':
      if (name === 'package.json') send(JSON.stringify(servingManifest), name);
      else if (name === 'package.nls.json') send('{}', name);
      else send(fs.readFileSync(path.join(checkoutFolder, 'out', 'host', 'servedFolder.js')), name);
      return;
    case 'files':
      if (rest[0] !== projectName) throw new Error(`There is only ${projectName}`);
      await answerFile(request, url, path.join(served.folder, ...rest.slice(1)), response);
      return;
    default:
      throw new Error(`There is no ${url.pathname}`);
  }
}

/** This build insists on a server behind it, and keeps the user's data there; without these two it runs by itself. */
function buildFile(build: string, name: string): Buffer | string {
  const file = path.join(build, name);
  if (name !== workbenchScript) return fs.readFileSync(file);
  let script = fs.readFileSync(file, 'utf8');
  for (const [part, instead] of serverParts) {
    if (!part.test(script)) throw new Error(`The web build has nothing like ${String(part)} any more`);
    script = script.replace(part, instead);
  }
  return script;
}
const workbenchScript = 'out/vs/code/browser/workbench/workbench.js';
const serverParts: readonly (readonly [part: RegExp, instead: string])[] = [
  [/,remoteAuthority:location\.host/, ''],
  [/(\.file\(this\.userDataPath\)\.with\(\{scheme:\w+\.)vscodeRemote\b/, '$1vscodeUserData'],
];

const servingManifest = {
  name: 'served-folder',
  publisher: 'tokenometer-tests',
  version: '1.0.0',
  engines: { vscode: '^1.103.0' },
  browser: './servedFolder.js',
  activationEvents: [`onFileSystem:${servedScheme}`],
  contributes: {
    resourceLabelFormatters: [{ scheme: servedScheme, formatting: { label: '${path}', separator: '/' } }],
  },
};

function page({ authority, settings }: Served): string {
  const at = (folder: string) => ({ scheme: 'http', authority, path: folder });
  const configuration = {
    folderUri: { scheme: servedScheme, authority, path: `/${projectName}` },
    enableWorkspaceTrust: false,
    // This build asks for these even where no server is.
    userDataPath: '/',
    isEnabledFileDownloads: true,
    isEnabledFileUploads: true,
    isEnabledCoderGettingStarted: false,
    additionalBuiltinExtensions: [at('/tokenometer'), at('/serving')],
    configurationDefaults: { ...quietSettings, ...settings },
    productConfiguration: { enableTelemetry: false, extensionsGallery: undefined },
  };
  const escaped = JSON.stringify(configuration).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<!DOCTYPE html>
<html>
  <head>
    <meta charset="utf-8" />
    <meta id="vscode-workbench-web-configuration" data-settings="${escaped}" />
    <link rel="stylesheet" href="/build/out/vs/code/browser/workbench/workbench.css" />
  </head>
  <body aria-label="">
    <script>globalThis._VSCODE_FILE_ROOT = location.origin + '/build/out/';</script>
    <script type="module" src="/build/out/nls.messages.js"></script>
    <script type="module" src="/build/${workbenchScript}"></script>
  </body>
</html>`;
}

/** What the serving extension asks of a file: `GET` its bytes, `?stat`, `?list`; `PUT` and `DELETE` change it. */
async function answerFile(
  request: http.IncomingMessage,
  url: URL,
  file: string,
  response: http.ServerResponse,
): Promise<void> {
  const json = (value: unknown) =>
    response.writeHead(200, { 'content-type': types['.json'] }).end(JSON.stringify(value));
  if (request.method === 'PUT') {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const parts: Uint8Array[] = [];
    for await (const part of request) parts.push(part as Uint8Array);
    fs.writeFileSync(file, Buffer.concat(parts));
    json({});
  } else if (request.method === 'DELETE') {
    fs.rmSync(file, { recursive: true });
    json({});
  } else if (url.searchParams.has('stat')) {
    const { size, ctimeMs, mtimeMs } = fs.statSync(file);
    json({ type: typeOf(fs.statSync(file)), size, ctime: ctimeMs, mtime: mtimeMs });
  } else if (url.searchParams.has('list')) {
    json(fs.readdirSync(file, { withFileTypes: true }).map((entry) => [entry.name, typeOf(entry)]));
  } else {
    const bytes = fs.readFileSync(file);
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
  }
}

/** VS Code's FileType. */
function typeOf(entry: fs.Stats | fs.Dirent): number {
  return entry.isDirectory() ? 2 : 1;
}
