// Where things lie in the checkout: every script is started from its root, by npm or by .ci/run.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { atExit } from './atExit';

export const checkoutFolder = process.cwd();

/** Hosts, pictures and logs of runs; ignored by git, may be deleted at any time. */
export const cacheFolder = path.join(checkoutFolder, '.vscode-test');
export const screenshotFolder = path.join(cacheFolder, 'screenshots');

/** A folder that goes with the process at the latest. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

/** A new empty folder. Its path is short: VS Code makes sockets in it. */
export function makeTemporaryFolder(name: string): TemporaryFolder {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), `tkm-${name}-`)));
  return { path: folder, remove: atExit(() => removeFolder(folder)) };
}

/** Removes a folder that processes just ended may still hold for a moment. */
export function removeFolder(folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
