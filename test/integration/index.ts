// What a VS Code under test calls inside its extension host: runs the integration tests beside this file.
import { runMocha, writeCounts } from '../host/mochaRun';
import { countsFileIn, say, transcriptVariable } from '../host/transcript';

/** Rejects where a test failed: that is the host's exit code. */
export async function run(): Promise<void> {
  const folder = process.env[transcriptVariable];
  if (folder === undefined) throw new Error(`${transcriptVariable} names no folder`);
  const counts = await runMocha({ folder: __dirname, timeoutMs: 60_000, print: (text) => say(folder, text) });
  writeCounts(countsFileIn(folder), counts);
  if (counts.failed > 0) throw new Error(`${counts.failed} integration tests failed`);
}
