// Keeps the store's quarter-hour sums true: after new calls, of the sessions they belong to; after a change of prices,
// of all. Decides with merge.ts which calls count, prices each call by itself, and remembers projects.
import { type SQLInputValue } from 'node:sqlite';
import { type CallCost, type PriceableCall } from '../pricing/cost';
import { quarterMs } from './calendar';
import { type Candidate, countedCalls, unrecordedOutput } from './merge';
import { projectOf } from './projects';
import { LossFinder, PromptSums, RollUps } from './rollUps';
import { type Store, type StoreRow, textIn } from './store';
import { addFigures, type Figures, noFigures } from './totals';

/** The part of the price book that sums need. */
export interface Prices {
  readonly version: string;
  cost(call: PriceableCall): CallCost;
}

/** Grows when calls are summed by other rules: then all sums are made anew, as after a change of prices. */
const rules = 3;
const sessionsPerTransaction = 200;
/** For so long a store keeps another program's prices before this one's replace them. */
const otherPricesMs = 10 * 60 * 1000;

const columns =
  'id, prompt, agent, session, at_ms, model, provider, input, cache_read, write_5m, write_1h, output, reasoning, searches, tier, ' +
  'speed, region, quality, unrecorded, is_cut, reported_usd, reported_credits, is_subagent, agent_name, cwd, branch';

export class Sums {
  readonly #store: Store;
  readonly #prices: Prices;
  readonly #version: string;
  readonly #projects = new Map<number, number>();
  readonly rollUps: RollUps;

  /** `zone`: the machine's time zone (IANA), whose days are kept ready. */
  constructor(store: Store, prices: Prices, zone = 'UTC') {
    this.#store = store;
    this.#prices = prices;
    this.rollUps = new RollUps(store, zone);
    this.#version = `${prices.version}/${rules}`;
  }

  /** Does the store hold dollars by these prices? */
  isPricedByUs(): boolean {
    return this.#store.fact('price version') === this.#version;
  }

  /** Is there nothing to bring up to date? */
  isSettled(nowMs: number): boolean {
    const usedMs = Number(this.#store.fact('price version used') ?? 0);
    const isRecent = nowMs - usedMs < otherPricesMs / 2;
    if (!this.isPricedByUs()) return isRecent;
    return isRecent && this.#store.get('SELECT 1 FROM stale LIMIT 1') === undefined && this.rollUps.isSettled();
  }

  /** Brings all sums up to date, some sessions at a time; `pause` lets others have the store in between. */
  async settle(nowMs: number, pause: () => Promise<void>): Promise<void> {
    this.#adoptPrices(nowMs);
    // By other prices the sums are another program's to write; ours are worked out when they are asked for.
    if (!this.isPricedByUs()) return;
    for (;;) {
      const stale = this.#store.all('SELECT session, quarter FROM stale LIMIT ?', sessionsPerTransaction);
      if (stale.length === 0) break;
      this.#store.write(() => {
        for (const row of stale) this.#settleSession(Number(row['session']), Number(row['quarter']));
      });
      await pause();
    }
    await this.rollUps.settle(pause);
  }

  /**
   * Sessions that have calls no longer to be expected, as far as one can tell: all but the newest one. For the time in
   * which a long history is read by another thread; `settle` finds what comes after all.
   */
  settleSome(nowMs: number): void {
    this.#adoptPrices(nowMs);
    if (!this.isPricedByUs()) return;
    const stale = this.#store.all(
      'SELECT session, quarter FROM stale WHERE session < (SELECT max(session) FROM stale) LIMIT ?',
      sessionsPerTransaction,
    );
    if (stale.length === 0) return;
    this.#store.write(() => {
      for (const row of stale) this.#settleSession(Number(row['session']), Number(row['quarter']));
    });
  }

  /** Two programs with unlike price settings on one store must not undo each other's work at every refresh. */
  #adoptPrices(nowMs: number): void {
    const usedMs = Number(this.#store.fact('price version used') ?? 0);
    const isOurs = this.isPricedByUs();
    if (!isOurs && nowMs - usedMs < otherPricesMs) return;
    if (isOurs && nowMs - usedMs < otherPricesMs / 2) return;
    this.#store.write(() => {
      if (!isOurs) this.#store.run('INSERT OR REPLACE INTO stale SELECT id, 0 FROM sessions');
      this.rollUps.adoptZone();
      this.#store.setFact('price version', this.#version);
      this.#store.setFact('price version used', nowMs);
    });
  }

  /** Several programs may settle one session: each does it whole, so the last is as right as the first. */
  #settleSession(session: number, quarter: number): void {
    const row = this.#store.get('SELECT agent, name, needs_choice, cwd FROM sessions WHERE id = ?', session);
    if (row?.['needs_choice'] === 1) this.#choose(Number(row['agent']), textIn(row, 'name'), session);
    this.rollUps.forget(session, quarter);
    this.#store.run('DELETE FROM sums WHERE session = ? AND quarter >= ?', session, quarter);
    const calls = this.#store.iterate(
      `SELECT ${columns} FROM calls WHERE session = ? AND at_ms >= ? AND counts = 1 ORDER BY at_ms`,
      session,
      quarter * quarterMs,
    );
    const losses = new LossFinder(this.#store, session, quarter * quarterMs);
    const prompts = new PromptSums(this.#store, session);
    const groups = new Map<string, { readonly keys: readonly number[]; readonly figures: Figures }>();
    for (const call of calls) {
      const keys = this.#keysOf(call, row?.['cwd']);
      const id = keys.join();
      let group = groups.get(id);
      if (!group) groups.set(id, (group = { keys, figures: noFigures() }));
      const own = this.figuresOf(call);
      addFigures(group.figures, own);
      prompts.see(call, own.costUsd);
      losses.see(call);
    }
    for (const { keys, figures } of groups.values()) this.#insert(session, keys, figures);
    prompts.write();
    this.rollUps.note(
      session,
      [...groups.values()].map(({ keys }) => keys[0]!),
    );
    this.#store.run('DELETE FROM stale WHERE session = ?', session);
  }

  /** Marks the calls of a session's family that count. */
  #choose(agent: number, name: string, session: number): void {
    const parents = new Map<string, string>();
    for (const row of this.#store.iterate(
      'SELECT name, parent FROM sessions WHERE agent = ? AND parent IS NOT NULL',
      agent,
    ))
      parents.set(textIn(row, 'name'), textIn(row, 'parent'));
    const family = this.#familyOf(agent, name, parents);
    const calls: (Candidate & { readonly id: number; readonly session: number; readonly counts: boolean })[] = [];
    for (const member of family) {
      for (const row of this.#store.iterate(
        'SELECT id, session, key, at_ms, precedence, fingerprint, counts FROM calls WHERE session = ?',
        member.id,
      )) {
        const { precedence, fingerprint } = row;
        calls.push({
          id: Number(row['id']),
          session: member.id,
          counts: row['counts'] === 1,
          key: textIn(row, 'key'),
          atMs: Number(row['at_ms']),
          sessionId: member.name,
          ...(typeof precedence === 'number' ? { precedence } : {}),
          ...(typeof fingerprint === 'string' ? { fingerprint } : {}),
        });
      }
    }
    const counted = new Set(countedCalls(calls, (id) => parents.get(id)));
    for (const call of calls) {
      if (counted.has(call) === call.counts) continue;
      this.#store.run('UPDATE calls SET counts = ? WHERE id = ?', call.counts ? 0 : 1, call.id);
      if (call.session !== session) this.#store.run('INSERT OR REPLACE INTO stale VALUES (?, 0)', call.session);
    }
  }

  #familyOf(agent: number, name: string, parents: ReadonlyMap<string, string>): { id: number; name: string }[] {
    const children = new Map<string, string[]>();
    for (const [child, parent] of parents) children.set(parent, [...(children.get(parent) ?? []), child]);
    const seen = new Set<string>();
    const queue = [name];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const parent = parents.get(next);
      queue.push(...(parent === undefined ? [] : [parent]), ...(children.get(next) ?? []));
    }
    return [...seen].flatMap((member) => {
      const id = this.#store.get('SELECT id FROM sessions WHERE agent = ? AND name = ?', agent, member)?.['id'];
      return typeof id === 'number' ? [{ id, name: member }] : [];
    });
  }

  #keysOf(call: StoreRow, sessionCwd: SQLInputValue | undefined): number[] {
    const empty = this.#store.idOf('');
    const cwd = call['cwd'] ?? sessionCwd;
    const agentName = call['agent_name'] ?? (call['is_subagent'] === 1 ? this.#store.idOf('subagent') : empty);
    return [
      Math.floor(Number(call['at_ms']) / quarterMs),
      Number(call['model']),
      typeof cwd === 'number' ? this.projectId(cwd) : empty,
      Number(call['branch'] ?? empty),
      Number(agentName),
    ];
  }

  /** The project of a working folder, both by number. Within a transaction. */
  projectId(cwd: number): number {
    let id = this.#projects.get(cwd);
    if (id !== undefined) return id;
    const { project, isCertain } = projectOf(this.#store.nameOf(cwd) ?? '');
    const known = this.#store.get('SELECT project FROM projects WHERE cwd = ?', cwd)?.['project'];
    id = !isCertain && typeof known === 'number' ? known : this.#store.idOf(project);
    if (id !== known) this.#store.run('INSERT OR REPLACE INTO projects VALUES (?, ?)', cwd, id);
    this.#projects.set(cwd, id);
    return id;
  }

  /** What a row of `calls` adds to a sum. */
  figuresOf(row: StoreRow): Figures {
    const number = (name: string) => Number(row[name] ?? 0);
    const maybe = (name: string) => (typeof row[name] === 'number' ? row[name] : undefined);
    const call = this.priceable(row);
    const cost = this.#prices.cost(call);
    const tokens =
      call.inputTokens + call.cacheReadTokens + call.cacheWrite5mTokens + call.cacheWrite1hTokens + call.outputTokens;
    const isPriced = cost.usd !== undefined || cost.status === 'local';
    const unrecorded = unrecordedOutput({
      outputTokens: call.outputTokens,
      unrecordedOutputTokens: maybe('unrecorded'),
      isCutOff: number('is_cut') === 1,
    });
    return {
      calls: 1,
      inputTokens: call.inputTokens,
      cacheWrite5mTokens: call.cacheWrite5mTokens,
      cacheWrite1hTokens: call.cacheWrite1hTokens,
      cacheReadTokens: call.cacheReadTokens,
      outputTokens: call.outputTokens,
      reasoningTokens: number('reasoning'),
      pricedCalls: isPriced ? 1 : 0,
      costUsd: cost.usd ?? 0,
      estimatedCostUsd: cost.status === 'estimated' ? (cost.usd ?? 0) : 0,
      unpricedTokens: isPriced ? 0 : tokens,
      estimatedTokens: number('quality') === 2 ? tokens : 0,
      unrecordedOutputCalls: unrecorded === undefined ? 0 : 1,
      unrecordedOutputTokens: unrecorded ?? 0,
      reportedCostUsd: maybe('reported_usd'),
      reportedCredits: maybe('reported_credits'),
    };
  }

  /** The part of a row of `calls` that prices depend on. */
  priceable(row: StoreRow): PriceableCall {
    const number = (name: string) => Number(row[name]);
    const optional = (key: 'provider' | 'serviceTier' | 'speed' | 'region', name: string | undefined) =>
      name === undefined ? {} : { [key]: name };
    return {
      agent: this.#store.nameOf(row['agent']),
      model: this.#store.nameOf(row['model']) ?? '',
      ...optional('provider', this.#store.nameOf(row['provider'])),
      atMs: number('at_ms'),
      inputTokens: number('input'),
      cacheReadTokens: number('cache_read'),
      cacheWrite5mTokens: number('write_5m'),
      cacheWrite1hTokens: number('write_1h'),
      outputTokens: number('output'),
      ...(typeof row['searches'] === 'number' ? { webSearches: row['searches'] } : {}),
      ...optional('serviceTier', this.#store.nameOf(row['tier'])),
      ...optional('speed', this.#store.nameOf(row['speed'])),
      ...optional('region', this.#store.nameOf(row['region'])),
    };
  }

  #insert(session: number, keys: readonly number[], figures: Figures): void {
    this.#store.run(
      'INSERT OR REPLACE INTO sums VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      session,
      ...keys,
      figures.calls,
      figures.inputTokens,
      figures.cacheWrite5mTokens,
      figures.cacheWrite1hTokens,
      figures.cacheReadTokens,
      figures.outputTokens,
      figures.reasoningTokens,
      figures.pricedCalls,
      figures.costUsd,
      figures.estimatedCostUsd,
      figures.unpricedTokens,
      figures.estimatedTokens,
      figures.unrecordedOutputCalls,
      figures.unrecordedOutputTokens,
      figures.reportedCostUsd ?? null,
      figures.reportedCredits ?? null,
    );
  }
}
