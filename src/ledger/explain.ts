// Where a figure comes from: a call, a session or a day taken apart into calls, rows of logs, price rows, and what is
// known to be missing. Reads the logs again for the rows; what an agent has deleted is told from the store alone.
import { type Agent, type AgentId, type Place, type UsageEvent } from '../agents/agent';
import { type PriceStatus, type PriceSource } from '../pricing/cost';
import { type PriceBook } from '../pricing/priceBook';
import { addDays, isDay, quarterMs, startOfDay } from './calendar';
import { type CallRecord, type Records } from './records';
import { eventsOf, fileHolds } from './reread';
import { type Store, type StoreRow, textIn } from './store';
import { type Sums } from './sums';
import { type Unrecorded, unrecordedUse } from './unrecordedUse';
import { addFigures, noFigures, type SkippedRecords, totalsRow, type TotalsRow } from './totals';

/** A row of a log that tells of the call. */
export interface ExplainedRow {
  readonly file: string;
  readonly place?: Place;
  readonly sessionId: string;
  readonly atMs: number;
  readonly outputTokens: number;
  /** Another row of the same answer; a copy stands in another file. */
  readonly use: 'kept' | 'same answer' | 'copy';
}

export interface ExplainedPrice {
  readonly status: PriceStatus;
  /** `provider/model` of the price row, the source's name and day. */
  readonly matched?: string;
  readonly source?: PriceSource;
  readonly asOf?: string;
  readonly modifiers: readonly string[];
  readonly tierAboveTokens?: number;
}

export interface ExplainedCall extends CallRecord {
  readonly price: ExplainedPrice;
  readonly rows: readonly ExplainedRow[];
}

/** A call in the store that is left out of all totals. */
export interface LeftOut {
  readonly agent: AgentId;
  readonly key: string;
  readonly sessionId: string;
  readonly file: string;
  readonly reason: 'another store of the session is fuller' | 'repeats a call of a related session';
}

export interface Explanation {
  readonly kind: 'call' | 'session' | 'day';
  readonly target: string;
  readonly totals: TotalsRow;
  /** In the order of time; the first ones, where there are very many. */
  readonly calls: readonly ExplainedCall[];
  readonly moreCalls: number;
  readonly leftOut: readonly LeftOut[];
  /** "Used, no call recorded": at least so much, beside what is missing in the session that this was forked from. */
  readonly unrecorded: readonly Unrecorded[];
  readonly skipped: readonly SkippedRecords[];
  /** What these agents' logs do not hold. */
  readonly notes: readonly string[];
}

const mostCalls = 500;
const mostFiles = 200;

export interface ExplainDeps {
  readonly store: Store;
  readonly sums: Sums;
  readonly records: Records;
  readonly prices: PriceBook;
  readonly agents: readonly Agent[];
  readonly skipped: readonly SkippedRecords[];
}

/** `target`: a call's key, a session's id or a day (`YYYY-MM-DD` in the zone). `undefined` where the store knows none. */
export function explain(deps: ExplainDeps, target: string, timeZone: string): Explanation | undefined {
  const found = find(deps, target, timeZone);
  if (!found) return undefined;
  const { kind, condition, values } = found;
  const all = deps.records.callsWhere(condition, values, Number.MAX_SAFE_INTEGER);
  if (all.length === 0) return undefined;
  const calls = all.slice(0, mostCalls);
  const files = filesOf(deps, kind, condition, values, target);
  // A day's logs may be hundreds of megabytes; the store knows its rows, and a call's own explanation knows the copies.
  const rows = rowsOf(deps, kind === 'day' ? [] : files, new Set(calls.map(callId)));
  const agents = new Set(all.map((call) => call.agent));
  return {
    kind,
    target,
    totals: totalsOf(deps, target, condition, values),
    calls: calls.map((call) => explained(deps, call, rows.get(callId(call)) ?? [])),
    moreCalls: all.length - calls.length,
    leftOut: leftOut(deps, condition, values),
    unrecorded: kind === 'session' ? unrecordedUse(deps, target) : [],
    skipped: deps.skipped.filter((record) => files.some((file) => file.path === record.file)),
    notes: deps.agents.filter((agent) => agents.has(agent.id)).flatMap((agent) => agent.notes),
  };
}

interface Found {
  readonly kind: Explanation['kind'];
  readonly condition: string;
  readonly values: readonly (string | number)[];
}

function find({ store }: ExplainDeps, target: string, timeZone: string): Found | undefined {
  if (isDay(target)) {
    const values = [startOfDay(target, timeZone), startOfDay(addDays(target, 1), timeZone)];
    const [fromQuarter, toQuarter] = values.map((atMs) => Math.floor(atMs / quarterMs));
    // By the sessions of the day: the calls themselves are many, and not in the order of time.
    return {
      kind: 'day',
      condition:
        'calls.session IN (SELECT session FROM sums WHERE quarter >= ? AND quarter < ?) AND calls.at_ms >= ? AND calls.at_ms < ?',
      values: [fromQuarter!, toQuarter!, ...values],
    };
  }
  const session = store.get('SELECT id FROM sessions WHERE name = ?', target)?.['id'];
  if (session !== undefined)
    return {
      kind: 'session',
      condition: 'calls.session IN (SELECT id FROM sessions WHERE name = ?)',
      values: [target],
    };
  const call = store.get('SELECT id FROM calls WHERE key = ?', target)?.['id'];
  return call === undefined ? undefined : { kind: 'call', condition: 'calls.key = ?', values: [target] };
}

function callId(call: { readonly agent: AgentId; readonly key: string }): string {
  return `${call.agent}\n${call.key}`;
}

function totalsOf({ store, sums }: ExplainDeps, target: string, condition: string, values: Found['values']): TotalsRow {
  const figures = noFigures();
  for (const row of store.iterate(`SELECT * FROM calls WHERE counts = 1 AND ${condition}`, ...values))
    addFigures(figures, sums.figuresOf(row));
  return totalsRow(target, figures);
}

interface LogFile {
  readonly agent: AgentId;
  readonly source: string;
  readonly path: string;
}

/** The files that hold the kept rows; for a single call all files of the agent in which its id occurs. */
function filesOf(
  { store }: ExplainDeps,
  kind: Explanation['kind'],
  condition: string,
  values: Found['values'],
  target: string,
): readonly LogFile[] {
  const sql =
    kind === 'call'
      ? `SELECT * FROM files WHERE agent IN (SELECT agent FROM calls WHERE ${condition})`
      : `SELECT * FROM files WHERE id IN (SELECT file FROM calls WHERE ${condition})`;
  const files = store.all(sql, ...values).map((row: StoreRow) => ({
    agent: store.nameOf(row['agent']) as AgentId,
    source: textIn(row, 'source'),
    path: textIn(row, 'path'),
  }));
  const id = target.split('/')[0]!;
  return (kind === 'call' ? files.filter((file) => fileHolds(file.path, id)) : files).slice(0, mostFiles);
}

type PlacedCall = Omit<ExplainedRow, 'use'> & { readonly call: UsageEvent };

function rowsOf(
  deps: ExplainDeps,
  files: readonly LogFile[],
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, readonly PlacedCall[]> {
  const rows = new Map<string, PlacedCall[]>();
  for (const file of files) {
    for (const { event, place } of eventsOfFile(deps, file)) {
      if (event.kind !== 'call') continue;
      const id = callId({ agent: file.agent, key: event.key });
      if (!wanted.has(id)) continue;
      const { sessionId, atMs, outputTokens } = event;
      const at = place === undefined ? {} : { place };
      rows.set(id, [...(rows.get(id) ?? []), { file: file.path, ...at, sessionId, atMs, outputTokens, call: event }]);
    }
  }
  return rows;
}

function eventsOfFile({ agents }: ExplainDeps, { agent, source, path }: LogFile) {
  const found = agents.find(({ id }) => id === agent)?.sources.find(({ id }) => id === source);
  return found ? eventsOf(found, path) : [];
}

function explained({ prices, store }: ExplainDeps, call: CallRecord, placed: readonly PlacedCall[]): ExplainedCall {
  const cost = prices.cost(call);
  const { asOf } = prices.rates(call.model, call.atMs, {
    agent: call.agent,
    ...(call.provider === undefined ? {} : { provider: call.provider }),
  });
  const kept = store.get(
    'SELECT files.path AS path, place FROM calls JOIN files ON files.id = calls.file JOIN names ON names.id = calls.agent ' +
      'WHERE names.name = ? AND key = ?',
    call.agent,
    call.key,
  );
  const keptPlace = kept?.['place'] ?? undefined;
  const isKept = (row: PlacedCall) => row.file === kept?.['path'] && row.place === keptPlace;
  const rows = placed.map(({ call: event, ...row }): ExplainedRow => {
    if (isKept({ ...row, call: event })) return { ...row, use: 'kept' };
    return { ...row, use: row.file === kept?.['path'] ? 'same answer' : 'copy' };
  });
  if (!rows.some(({ use }) => use === 'kept') && kept) {
    const place = keptPlace === undefined ? {} : { place: keptPlace as Place };
    const { sessionId, atMs, outputTokens } = call;
    rows.unshift({ file: textIn(kept, 'path'), ...place, sessionId, atMs, outputTokens, use: 'kept' });
  }
  return {
    ...call,
    price: {
      status: cost.status,
      modifiers: cost.modifiers,
      ...(cost.matched === undefined ? {} : { matched: cost.matched }),
      ...(cost.source === undefined ? {} : { source: cost.source }),
      ...(asOf === undefined ? {} : { asOf }),
      ...(cost.tierAboveTokens === undefined ? {} : { tierAboveTokens: cost.tierAboveTokens }),
    },
    rows,
  };
}

function leftOut({ store }: ExplainDeps, condition: string, values: Found['values']): LeftOut[] {
  const rows = store.all(
    'SELECT calls.agent AS agent, key, sessions.name AS session, files.path AS path, precedence, ' +
      '(SELECT max(precedence) FROM calls AS others WHERE others.session = calls.session) AS highest ' +
      'FROM calls JOIN sessions ON sessions.id = calls.session LEFT JOIN files ON files.id = calls.file ' +
      `WHERE counts = 0 AND ${condition} LIMIT ?`,
    ...values,
    mostCalls,
  );
  return rows.map((row) => ({
    agent: store.nameOf(row['agent']) as AgentId,
    key: textIn(row, 'key'),
    sessionId: textIn(row, 'session'),
    file: textIn(row, 'path'),
    reason:
      Number(row['precedence'] ?? 0) < Number(row['highest'] ?? 0)
        ? 'another store of the session is fuller'
        : 'repeats a call of a related session',
  }));
}
