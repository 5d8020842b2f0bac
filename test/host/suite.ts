// `node out/host/suite.js unit|e2e COUNTS_FILE [GREP] [--file NAME]`: one suite, or one file of it, in a plain Node of its
// own, its result left as a file.
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { checkoutFolder } from './folders';
import { HumanError, runScript } from './humanError';
import { stopAllMachines, takePicturesOfOpenWindows } from './machine';
import { runMocha, writeCounts } from './mochaRun';

runScript(async () => {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { file: { type: 'string' } } });
  const [kind, countsFile, grep] = positionals;
  if ((kind !== 'unit' && kind !== 'e2e') || countsFile === undefined) {
    throw new HumanError('Usage: node out/host/suite.js unit|e2e COUNTS_FILE [GREP] [--file NAME]');
  }
  const counts = await runMocha({
    folder: path.join(checkoutFolder, 'out', kind),
    file: values.file,
    grep,
    // A workbench's start takes seconds, on a busy machine many.
    timeoutMs: kind === 'unit' ? 20_000 : 180_000,
    retries: kind === 'unit' ? 0 : 2,
    print: (text) => console.log(text),
    onFail: takePicturesOfOpenWindows,
  });
  await stopAllMachines();
  writeCounts(countsFile, counts);
  return counts.failed === 0 ? 0 : 1;
});
