// Runs the integration tests inside the extension host of the web build: a server, a page that opens it, an exit code.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { launchChromium } from './chromium';
import { sealedEnvironment } from './environment';
import { checkoutFolder, makeTemporaryFolder, screenshotFolder } from './folders';
import { readCounts, type Counts } from './mochaRun';
import { writeSampleHome } from './sampleHome';
import { countsFileIn, follow, transcriptVariable } from './transcript';
import { startWebHost } from './webHost';
import { type InstalledRelease } from './webRelease';

const timeLimitMs = 180_000;

/** `show` gets each line of the report. A host that gives no answer in time counts as a failed test. */
export async function runWebSuite(release: InstalledRelease, show: (line: string) => void): Promise<Counts> {
  const home = makeTemporaryFolder('home');
  const transcript = makeTemporaryFolder('run');
  const sample = writeSampleHome(home.path, Date.now());
  const unfollow = follow(transcript.path, show);
  const env = sealedEnvironment(home.path, { [transcriptVariable]: transcript.path });
  const host = await startWebHost({ release, env, extension: 'development' });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const said: string[] = [];
    await page.exposeFunction('codeAutomationLog', (type: string, parts: unknown[]) => {
      said.push(`[${type}] ${parts.map(String).join(' ')}`);
    });
    const exited = new Promise<number>((resolve) => {
      setTimeout(() => resolve(-1), timeLimitMs).unref();
      page.exposeFunction('codeAutomationExit', resolve).catch(() => resolve(-1));
    });
    const testsScript = path.join(checkoutFolder, 'out', 'integration', 'index.js');
    await page.goto(host.pageUrl({ folder: sample.folder, testsScript }), {
      waitUntil: 'commit',
      timeout: timeLimitMs,
    });
    const exitCode = await exited;
    const counts = readCounts(countsFileIn(transcript.path));
    if (counts !== undefined) return counts;
    const picture = path.join(screenshotFolder, `integration ${release.version}.png`);
    fs.mkdirSync(screenshotFolder, { recursive: true });
    await page.screenshot({ path: picture });
    const why = exitCode === -1 ? 'gave no answer in time' : `ended with code ${exitCode} before the tests did`;
    show(`VS Code ${release.version} ${why}. Its window: ${path.relative(checkoutFolder, picture)}. It said last:`);
    for (const line of said.slice(-20)) show(line);
    show(fs.readFileSync(host.logFile, 'utf8').slice(-4000));
    return { passed: 0, failed: 1 };
  } finally {
    unfollow();
    await browser.close();
    await host.stop();
    home.remove();
    transcript.remove();
  }
}
