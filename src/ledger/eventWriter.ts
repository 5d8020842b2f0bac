// Writes events into the store: calls merged with the copies that are there, prompts, tools, sessions. Knows the tables;
// which copy of a call wins is decided in merge.ts.
import { type SQLInputValue } from 'node:sqlite';
import {
  type AgentId,
  type CallQuality,
  type CompactionEvent,
  type LogEvent,
  type Place,
  type PlanWindowEvent,
  type PromptEvent,
  type RunningTotalEvent,
  type SessionEvent,
  type ToolEvent,
  type UsageEvent,
} from '../agents/agent';
import { quarterMs } from './calendar';
import { type CallCopy, mergeCalls } from './merge';
import { type Store, type StoreRow, textIn } from './store';

/** Where an event was read. */
export interface Origin {
  readonly agent: AgentId;
  /** Number of the file's mark. */
  readonly file: number;
  readonly bornMs: number;
}

export interface StoredCopy extends CallCopy {
  readonly file: number;
  readonly place: Place | undefined;
}

const qualities: readonly CallQuality[] = ['exact', 'session-total', 'estimated'];

const callColumns =
  'agent, key, session, at_ms, model, provider, input, cache_read, write_5m, write_1h, output, reasoning, searches, ' +
  'tier, speed, region, quality, unrecorded, is_cut, reported_usd, reported_credits, prompt, is_subagent, agent_name, ' +
  'cwd, branch, role, precedence, fingerprint, file, place, born_ms, owner_born_ms';
const insertCall = `INSERT OR IGNORE INTO calls (${callColumns}) VALUES (${callColumns.replace(/\w+/g, '?')})`;
const updateCall = `UPDATE calls SET ${callColumns.replace(/\w+/g, '$& = ?')} WHERE id = ?`;
const selectCall =
  `SELECT calls.id AS id, ${callColumns.replace(/\w+/g, 'calls.$& AS $&')}, sessions.name AS session_name, ` +
  'prompts.key AS prompt_key FROM calls JOIN sessions ON sessions.id = calls.session ' +
  'LEFT JOIN prompts ON prompts.id = calls.prompt WHERE calls.agent = ? AND calls.key = ?';

export class EventWriter {
  readonly #store: Store;
  readonly #sessions = new Map<string, number>();
  readonly #prompts = new Map<string, number>();
  readonly #stale = new Map<number, number>();
  /** Sessions with new prompts whose log does not number them. */
  readonly #unnumbered = new Set<number>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Within a transaction. Events of calls are merged first, so that each call is looked up once. */
  write(
    batch: readonly { readonly origin: Origin; readonly event: LogEvent; readonly place: Place | undefined }[],
  ): void {
    const calls = new Map<string, { agent: AgentId; copy: StoredCopy }>();
    for (const { origin, event, place } of batch) {
      if (event.kind !== 'call') {
        this.#writeOther(origin, event);
        continue;
      }
      const copy: StoredCopy = { call: event, ...origin, ownerBornMs: origin.bornMs, place };
      const id = `${origin.agent}\n${event.key}`;
      const before = calls.get(id);
      calls.set(id, { agent: origin.agent, copy: before ? mergeCalls(before.copy, copy) : copy });
    }
    for (const { agent, copy } of calls.values()) this.#writeCall(agent, copy);
  }

  /** Numbers prompts, and notes whose sums are out of date. The last act in the transaction. */
  finish(): void {
    for (const session of this.#unnumbered) this.#numberPrompts(session);
    this.#unnumbered.clear();
    for (const [session, quarter] of this.#stale) {
      this.#store.run(
        'INSERT INTO stale VALUES (?, ?) ON CONFLICT (session) DO UPDATE SET quarter = min(quarter, excluded.quarter)',
        session,
        quarter,
      );
    }
    this.#stale.clear();
  }

  /** After a transaction that was rolled back: what was learnt in it is forgotten. */
  forget(): void {
    this.#stale.clear();
    this.#unnumbered.clear();
    this.#sessions.clear();
    this.#prompts.clear();
  }

  #writeOther(origin: Origin, event: Exclude<LogEvent, UsageEvent>): void {
    switch (event.kind) {
      case 'prompt':
        return this.#writePrompt(origin, event);
      case 'tool':
        return this.#writeTool(origin, event);
      case 'session':
        return this.#writeSession(origin, event);
      case 'compaction':
        return this.#writeCompaction(origin, event);
      case 'running-total':
        return this.#writeRunningTotal(origin, event);
      case 'plan-window':
        return this.#writePlanWindow(origin, event);
    }
  }

  #writeCall(agent: AgentId, copy: StoredCopy): void {
    // Most calls are new: then nothing has to be looked up.
    const values = this.#callValues(agent, copy);
    if (this.#store.run(insertCall, ...values) === 1) {
      this.#touch(Number(values[2]), copy.call);
      return;
    }
    const found = this.#store.get(selectCall, values[0]!, copy.call.key)!;
    const before = this.#copyOf(found);
    const merged = this.#callValues(agent, mergeCalls(before, copy));
    const old = this.#callValues(agent, before);
    if (merged.every((value, index) => value === old[index])) return;
    this.#store.run(updateCall, ...merged, found['id']!);
    this.#touch(Number(old[2]), before.call);
    this.#touch(Number(merged[2]), { ...copy.call, atMs: Number(merged[3]) });
  }

  #touch(session: number, call: UsageEvent): void {
    const needsChoice = call.precedence !== undefined || call.fingerprint !== undefined;
    if (needsChoice) this.#store.run('UPDATE sessions SET needs_choice = 1 WHERE id = ? AND needs_choice = 0', session);
    const quarter = needsChoice ? 0 : Math.floor(call.atMs / quarterMs);
    this.#stale.set(session, Math.min(quarter, this.#stale.get(session) ?? quarter));
  }

  #callValues(agent: AgentId, { call, file, place, bornMs, ownerBornMs }: StoredCopy): SQLInputValue[] {
    const named = (name: string | undefined) => (name === undefined ? null : this.#store.idOf(name));
    return [
      this.#store.idOf(agent),
      call.key,
      this.#sessionId(agent, call.sessionId),
      call.atMs,
      this.#store.idOf(call.model),
      named(call.provider),
      call.inputTokens,
      call.cacheReadTokens,
      call.cacheWrite5mTokens,
      call.cacheWrite1hTokens,
      call.outputTokens,
      call.reasoningTokens,
      call.webSearches ?? null,
      named(call.serviceTier),
      named(call.speed),
      named(call.region),
      qualities.indexOf(call.quality),
      call.unrecordedOutputTokens ?? null,
      call.isCutOff ? 1 : null,
      call.reportedCostUsd ?? null,
      call.reportedCredits ?? null,
      call.promptKey === undefined ? null : this.#promptId(agent, call.promptKey),
      call.isSubagent ? 1 : null,
      named(call.agentName),
      named(call.cwd),
      named(call.branch),
      named(call.role),
      call.precedence ?? null,
      call.fingerprint ?? null,
      file,
      place ?? null,
      bornMs,
      ownerBornMs,
    ];
  }

  #copyOf(row: StoreRow): StoredCopy {
    return {
      call: callOf(row, (id) => this.#store.nameOf(id)),
      file: Number(row['file']),
      place: (row['place'] ?? undefined) as Place | undefined,
      bornMs: Number(row['born_ms']),
      ownerBornMs: Number(row['owner_born_ms']),
    };
  }

  #sessionId(agent: AgentId, name: string): number {
    return this.#idIn('sessions', 'name', this.#sessions, agent, name);
  }

  #promptId(agent: AgentId, key: string): number {
    return this.#idIn('prompts', 'key', this.#prompts, agent, key);
  }

  #idIn(table: string, column: string, known: Map<string, number>, agent: AgentId, name: string): number {
    const cacheKey = `${agent}\n${name}`;
    let id = known.get(cacheKey);
    if (id !== undefined) return id;
    if (known.size > 50_000) known.clear();
    const agentId = this.#store.idOf(agent);
    this.#store.run(`INSERT OR IGNORE INTO ${table} (agent, ${column}) VALUES (?, ?)`, agentId, name);
    id = Number(this.#store.get(`SELECT id FROM ${table} WHERE agent = ? AND ${column} = ?`, agentId, name)!['id']);
    known.set(cacheKey, id);
    return id;
  }

  #numberPrompts(session: number): void {
    this.#store.run(
      'UPDATE prompts SET turn = numbered.turn FROM ' +
        '(SELECT id, row_number() OVER (ORDER BY at_ms, id) - 1 AS turn FROM prompts WHERE session = ?) AS numbered ' +
        'WHERE prompts.id = numbered.id AND prompts.turn IS NOT numbered.turn',
      session,
    );
  }

  /** A prompt that forks copied belongs to the oldest file that holds it. */
  #writePrompt({ agent, file, bornMs }: Origin, event: PromptEvent): void {
    const id = this.#promptId(agent, event.key);
    const before = this.#store.get(
      'SELECT session, at_ms, is_plan, is_interrupted, file, files.born_ms AS born_ms FROM prompts ' +
        'LEFT JOIN files ON files.id = prompts.file WHERE prompts.id = ?',
      id,
    );
    const isInterrupted = event.isInterrupted === true || before?.['is_interrupted'] === 1;
    const isKnown = typeof before?.['session'] === 'number';
    const isOlder = isKnown && Number(before['born_ms']) < bornMs && Number(before['at_ms']) <= event.atMs;
    if (isOlder || (isKnown && event.isSecondHand)) {
      this.#store.run('UPDATE prompts SET is_interrupted = ? WHERE id = ?', isInterrupted ? 1 : null, id);
      return;
    }
    const session = this.#sessionId(agent, event.sessionId);
    if (event.turn === undefined) this.#unnumbered.add(session);
    this.#store.run(
      'UPDATE prompts SET session = ?, at_ms = ?, turn = ?, file = ?, place = ?, characters = ?, is_plan = ?, ' +
        'is_interrupted = ? WHERE id = ?',
      session,
      event.atMs,
      event.turn ?? null,
      file,
      event.place,
      event.characters,
      event.planMode ? 1 : null,
      isInterrupted ? 1 : null,
      id,
    );
  }

  /** Told with its result it stays so. */
  #writeTool({ agent }: Origin, event: ToolEvent): void {
    this.#store.run(
      'INSERT INTO tools VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (agent, key) DO UPDATE SET ' +
        'session = excluded.session, at_ms = excluded.at_ms, prompt = excluded.prompt, is_error = excluded.is_error, ' +
        'error = excluded.error, result = excluded.result, changed = excluded.changed, added = excluded.added, ' +
        'removed = excluded.removed WHERE tools.result IS NULL',
      this.#store.idOf(agent),
      event.key,
      this.#sessionId(agent, event.sessionId),
      event.atMs,
      event.promptKey === undefined ? null : this.#promptId(agent, event.promptKey),
      this.#store.idOf(event.name),
      event.argumentsHash,
      event.isError ? 1 : null,
      event.errorHash ?? null,
      event.resultCharacters ?? null,
      event.changedFile === undefined ? null : this.#store.idOf(event.changedFile),
      event.linesAdded ?? null,
      event.linesRemoved ?? null,
    );
  }

  #writeSession({ agent, file }: Origin, event: SessionEvent): void {
    const id = this.#sessionId(agent, event.sessionId);
    const named = (name: string | undefined) => (name === undefined ? null : this.#store.idOf(name));
    this.#store.run(
      'UPDATE sessions SET parent = coalesce(?, parent), relation = coalesce(?, relation), cwd = coalesce(cwd, ?), ' +
        'branch = coalesce(?, branch), repository = coalesce(?, repository), version = coalesce(?, version), ' +
        'surface = coalesce(?, surface) WHERE id = ?',
      event.parentSessionId ?? null,
      event.relation ?? null,
      named(event.cwd),
      named(event.branch),
      named(event.repository),
      event.agentVersion ?? null,
      event.surface ?? null,
      id,
    );
    if (event.titlePlace !== undefined)
      this.#store.run(
        `UPDATE sessions SET title_file = ?, title_place = ? WHERE id = ?${event.isTitleMade ? ' AND title_place IS NULL' : ''}`,
        file,
        event.titlePlace,
        id,
      );
    // Families decide which calls count.
    if (event.parentSessionId !== undefined) this.#stale.set(id, 0);
  }

  #writeCompaction({ agent }: Origin, event: CompactionEvent): void {
    this.#store.run(
      'INSERT OR IGNORE INTO compactions VALUES (?, ?, ?, ?, ?, ?)',
      this.#store.idOf(agent),
      event.key,
      this.#sessionId(agent, event.sessionId),
      event.atMs,
      event.tokensBefore ?? null,
      event.tokensAfter ?? null,
    );
  }

  #writeRunningTotal({ agent }: Origin, event: RunningTotalEvent): void {
    this.#store.run(
      'INSERT INTO running_totals VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (session, model) DO UPDATE SET ' +
        'at_ms = excluded.at_ms, input = excluded.input, cache_read = excluded.cache_read, ' +
        'cache_write = excluded.cache_write, output = excluded.output, reported_usd = excluded.reported_usd ' +
        'WHERE excluded.at_ms >= running_totals.at_ms',
      this.#sessionId(agent, event.sessionId),
      this.#store.idOf(event.model),
      event.atMs,
      event.inputTokens,
      event.cacheReadTokens,
      event.cacheWriteTokens,
      event.outputTokens,
      event.reportedCostUsd ?? null,
    );
  }

  #writePlanWindow({ agent }: Origin, event: PlanWindowEvent): void {
    this.#store.run(
      'INSERT INTO plan_windows VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (agent, name, minutes) DO UPDATE SET ' +
        'at_ms = excluded.at_ms, used = excluded.used, resets_ms = excluded.resets_ms, plan = excluded.plan ' +
        'WHERE excluded.at_ms >= plan_windows.at_ms',
      this.#store.idOf(agent),
      event.name,
      event.windowMinutes,
      event.atMs,
      event.usedPercent,
      event.resetsAtMs ?? null,
      event.plan ?? null,
    );
  }
}

/** The call in a row of `calls`, with `session_name` and `prompt_key` beside its own columns. */
export function callOf(row: StoreRow, nameOf: (id: SQLInputValue | undefined) => string | undefined): UsageEvent {
  const number = (name: string) => Number(row[name]);
  const maybe = (name: string) => (typeof row[name] === 'number' ? row[name] : undefined);
  const text = (value: SQLInputValue | undefined) => (typeof value === 'string' ? value : undefined);
  return {
    kind: 'call',
    key: textIn(row, 'key'),
    atMs: number('at_ms'),
    sessionId: textIn(row, 'session_name'),
    model: nameOf(row['model']) ?? '',
    provider: nameOf(row['provider']),
    inputTokens: number('input'),
    cacheReadTokens: number('cache_read'),
    cacheWrite5mTokens: number('write_5m'),
    cacheWrite1hTokens: number('write_1h'),
    outputTokens: number('output'),
    reasoningTokens: number('reasoning'),
    webSearches: maybe('searches'),
    serviceTier: nameOf(row['tier']),
    speed: nameOf(row['speed']),
    region: nameOf(row['region']),
    quality: qualities[number('quality')] ?? 'exact',
    unrecordedOutputTokens: maybe('unrecorded'),
    isCutOff: row['is_cut'] === 1 || undefined,
    reportedCostUsd: maybe('reported_usd'),
    reportedCredits: maybe('reported_credits'),
    promptKey: text(row['prompt_key']),
    isSubagent: row['is_subagent'] === 1 || undefined,
    agentName: nameOf(row['agent_name']),
    cwd: nameOf(row['cwd']),
    branch: nameOf(row['branch']),
    role: nameOf(row['role']),
    precedence: maybe('precedence'),
    fingerprint: text(row['fingerprint']),
  };
}
