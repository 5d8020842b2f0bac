// What was looked for, what was found, what could not be understood, agent by agent: the facts behind `doctor`.
import { type Agent, type AgentId, type SkipReason } from '../agents/agent';
import { type LookedUnder } from './ingest';
import { type Store } from './store';
import { type SkippedRecords } from './totals';

export interface AgentFindings {
  readonly agent: AgentId;
  readonly label: string;
  readonly folders: readonly LookedUnder[];
  /** Log files known, those included that are gone by now. */
  readonly files: number;
  readonly goneFiles: number;
  /** Lines, documents or rows read that could hold something. */
  readonly records: number;
  readonly calls: number;
  readonly sessions: number;
  readonly skipped: readonly { readonly file: string; readonly reason: SkipReason; readonly count: number }[];
  /** What this agent's logs do not hold. */
  readonly notes: readonly string[];
}

export interface DoctorReport {
  readonly agents: readonly AgentFindings[];
  readonly store: {
    readonly path: string;
    readonly sizeBytes: number;
    readonly calls: number;
    readonly sessions: number;
    /** Epoch milliseconds of the oldest and newest call. */
    readonly oldestMs?: number;
    readonly newestMs?: number;
  };
  readonly prices: { readonly asOf: string; readonly version: string; readonly problems: readonly string[] };
}

export function examine(
  store: Store,
  agents: readonly Agent[],
  looked: readonly LookedUnder[],
  skipped: readonly SkippedRecords[],
  prices: DoctorReport['prices'],
): DoctorReport {
  const count = (sql: string, ...values: number[]) => Number(store.get(sql, ...values)?.['n'] ?? 0);
  const findings = agents.map(({ id, label, notes }): AgentFindings => {
    const agent = store.knownIdOf(id) ?? -1;
    const files = store.get(
      "SELECT count(*) AS n, total(state = 'gone') AS gone, total(records) AS records FROM files WHERE agent = ?",
      agent,
    );
    return {
      agent: id,
      label,
      folders: looked.filter((folder) => folder.agent === id),
      files: Number(files?.['n']),
      goneFiles: Number(files?.['gone']),
      records: Number(files?.['records']),
      calls: count('SELECT count(*) AS n FROM calls WHERE agent = ? AND counts = 1', agent),
      sessions: count('SELECT count(*) AS n FROM sessions WHERE agent = ?', agent),
      skipped: skipped
        .filter((record) => record.agent === id)
        .map(({ file, reason, count }) => ({ file, reason, count })),
      notes,
    };
  });
  const ends = store.get('SELECT min(at_ms) AS oldest, max(at_ms) AS newest FROM calls');
  return {
    agents: findings,
    store: {
      path: store.path,
      sizeBytes: store.sizeBytes(),
      calls: findings.reduce((sum, { calls }) => sum + calls, 0),
      sessions: findings.reduce((sum, { sessions }) => sum + sessions, 0),
      ...(typeof ends?.['oldest'] === 'number' ? { oldestMs: ends['oldest'] } : {}),
      ...(typeof ends?.['newest'] === 'number' ? { newestMs: ends['newest'] } : {}),
    },
    prices,
  };
}
