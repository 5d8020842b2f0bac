// What a VS Code under test calls inside its extension host: runs the integration tests beside this file.
import { runMocha, writeCounts } from '../host/mochaRun';
import { countsFileIn, say, transcriptVariable } from '../host/transcript';

/** Rejects where a test failed: that is the host's exit code. Started by hand (F5), it reports to the debug console. */
export async function run(): Promise<void> {
  const folder = process.env[transcriptVariable];
  const print = (text: string): void => (folder === undefined ? console.log(text) : say(folder, text));
  const counts = await runMocha({ folder: __dirname, timeoutMs: 60_000, print });
  if (folder !== undefined) writeCounts(countsFileIn(folder), counts);
  if (counts.failed > 0) throw new Error(`${counts.failed} integration tests failed`);
}
