// Where things lie in the checkout: every script is started from its root, by npm or by .ci/run.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

export const checkoutFolder = process.cwd();

/** Hosts, pictures and logs of runs; ignored by git, may be deleted at any time. */
export const cacheFolder = path.join(checkoutFolder, '.vscode-test');
export const screenshotFolder = path.join(cacheFolder, 'screenshots');

/** A new empty folder of the system's temporary ones. Its path is short: VS Code makes sockets in it. */
export function makeTemporaryFolder(name: string): string {
  return fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), `tkm-${name}-`)));
}

/** Removes a folder that processes just ended may still hold for a moment. */
export function removeFolder(folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
