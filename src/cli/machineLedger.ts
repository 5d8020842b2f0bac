// The ledger of this machine, opened for one command and closed behind it.
import { agents } from '../agents/agents';
import { editorUserFolders } from '../agents/editorFolders';
import { Ledger } from '../ledger/ledger';
import { dataFolderOf, platformOf } from '../ledger/machine';
import { type AgentId } from '../agents/agent';
import { type Io, UsageError } from './terminal';

/** Opens the ledger, runs `work`, closes it whatever happens. */
export async function withLedger<T>(io: Io, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const platform = platformOf(process.platform);
  const ledger = Ledger.open({
    dataFolder: dataFolderOf(platform, io.home, io.env),
    environment: {
      home: io.home,
      platform,
      variables: io.env,
      editorUserFolders: editorUserFolders(io.home, platform, io.env),
    },
    now: () => io.now(),
  });
  try {
    return await work(ledger);
  } finally {
    ledger.close();
  }
}

/** The agent of that id; its list in the message where there is none. */
export function agentIdOf(text: string): AgentId {
  const found = agents.find(({ id }) => id === text);
  if (!found) throw new UsageError(`no agent "${text}": choose one of ${agents.map(({ id }) => id).join(', ')}`);
  return found.id;
}
