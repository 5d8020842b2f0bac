// The browser that shows the web host: finds one, installs Debian's where that is allowed, starts it.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { runCommand } from './command';
import { HumanError } from './humanError';

const debianChromium = '/usr/bin/chromium';

/** Chromium, Chrome or Edge where their installers put them. */
function candidates(): string[] {
  const { CHROME_PATH, ProgramFiles, 'ProgramFiles(x86)': programFilesX86, LOCALAPPDATA } = process.env;
  const windows = [ProgramFiles, programFilesX86, LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => [
      path.join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      path.join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ]);
  return [
    ...(CHROME_PATH === undefined ? [] : [CHROME_PATH]),
    debianChromium,
    ...['chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'].map(
      (name) => `/usr/bin/${name}`,
    ),
    '/snap/bin/chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ...(process.platform === 'win32' ? windows : []),
  ];
}

/** The path of a browser; on Debian, as root, one is installed where there is none. */
export async function findChromium(): Promise<string> {
  const found = candidates().find((candidate) => fs.existsSync(candidate));
  if (found !== undefined) return found;
  const canInstall = fs.existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (!canInstall) {
    throw new HumanError(
      'No Chromium, Chrome or Edge was found. Install one (Debian: sudo apt-get install chromium) ' +
        'or set CHROME_PATH to the executable of one, then run this again.',
    );
  }
  console.log('Installing Chromium with apt-get, once (about half a minute)');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const packages = ['chromium', 'fonts-liberation'];
  await runCommand('apt-get', ['update', '-q'], { env, quiet: true });
  const exitCode = await runCommand('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], {
    env,
    quiet: true,
  });
  if (exitCode !== 0) {
    throw new HumanError(
      'apt-get could not install chromium (see above). Install it, or set CHROME_PATH to a browser.',
    );
  }
  return debianChromium;
}

/** Starts a browser without a window. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: await findChromium(),
    args: [
      // Its sandbox does not work for root, nor in most containers; it only ever shows pages of this machine here.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
