// A process of its own that reads logs into a store, to be killed by the tests. Arguments: home, data folder.
import { Ledger } from '../../../src/ledger/ledger';
import { environmentOf } from '../agents/fixtureCase';

const [, , home = '', dataFolder = ''] = process.argv;
const ledger = Ledger.open({ dataFolder, environment: environmentOf(home), now: () => Date.now() });
process.stdout.write('ready\n');
async function read(): Promise<void> {
  await ledger.refresh();
  await ledger.catchUp();
  ledger.close();
}

read().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
