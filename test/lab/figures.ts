// What Tokenometer itself says of a home: the ledger of the product reads it, and its calls and totals are handed out.
// Decides nothing.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type AgentId } from '../../src/agents/agent';
import { Ledger } from '../../src/ledger/ledger';
import { platformOf } from '../../src/ledger/machine';
import { storeFile } from '../../src/ledger/dataFiles';
import { type TotalsRow } from '../../src/ledger/totals';

/** A call that counts. */
export interface LoggedCall {
  readonly agent: AgentId;
  readonly key: string;
  readonly model: string;
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly output: number;
  readonly reasoning: number;
  /** Not null: the output is known to be not recorded. */
  readonly unrecorded: number | null;
}

/** Tokens that a running total proves beside the calls. */
export interface WithoutCall {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
}

export interface Figures {
  readonly calls: readonly LoggedCall[];
  readonly totals: TotalsRow;
  readonly withoutCall: WithoutCall;
}

const callsQuery = `
  SELECT (SELECT name FROM names WHERE id = agent) AS agent, key, (SELECT name FROM names WHERE id = model) AS model,
    input, cache_read AS cacheRead, write_5m AS cacheWrite5m, write_1h AS cacheWrite1h, output, reasoning, unrecorded
  FROM calls WHERE counts = 1 ORDER BY at_ms, key`;

export async function figuresOf(home: string, dataFolder: string): Promise<Figures> {
  const platform = platformOf(process.platform);
  const environment = { home, platform, variables: {}, editorUserFolders: [] };
  const ledger = Ledger.open({ dataFolder, environment, now: () => Date.now() });
  try {
    await ledger.refresh();
    const { totals } = ledger.totals({ by: 'agent', timeZone: 'UTC' });
    return { totals, calls: callsIn(join(dataFolder, storeFile)), withoutCall: withoutCallIn(ledger) };
  } finally {
    ledger.close();
  }
}

function withoutCallIn(ledger: Ledger): WithoutCall {
  const uses = ledger.sessions().flatMap(({ sessionId }) => ledger.explain(sessionId, 'UTC')?.unrecorded ?? []);
  const sum = (of: (use: (typeof uses)[number]) => number) => uses.reduce((all, use) => all + of(use), 0);
  return {
    input: sum((use) => use.inputTokens),
    cacheRead: sum((use) => use.cacheReadTokens),
    cacheWrite: sum((use) => use.cacheWriteTokens),
    output: sum((use) => use.outputTokens),
  };
}

function callsIn(path: string): LoggedCall[] {
  const store = new DatabaseSync(path, { readOnly: true });
  try {
    return store.prepare(callsQuery).all() as unknown as LoggedCall[];
  } finally {
    store.close();
  }
}
