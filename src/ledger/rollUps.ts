// What the report asks of long histories, kept ready beside the quarter-hour sums: sums by day of the machine's time
// zone, each session's first context, contexts that were paid anew, and what each prompt cost by the quarter hour.
// Written in the transactions that settle sums; holds nothing that could not be made again from the calls.
import { addDays, dayOf, quarterMs, startOfDay } from './calendar';
import { rebuiltTokens } from './cacheLoss';
import { isOfManyPrompts } from './promptOwner';
import { type Store, type StoreRow } from './store';

/** Days as numbers: since 1 January 1970, by the zone's own calendar. */
export function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000);
}

export function dayName(number: number): string {
  return new Date(number * 86_400_000).toISOString().slice(0, 10);
}

/** The columns of a sum that are added up, in the order of `sums` and `days`. */
export const figureColumns = [
  'calls',
  'input',
  'write_5m',
  'write_1h',
  'cache_read',
  'output',
  'reasoning',
  'priced',
  'usd',
  'estimated_usd',
  'unpriced',
  'estimated',
  'unrecorded_calls',
  'unrecorded',
  'reported_usd',
  'reported_credits',
] as const;

/** Sums by day: the smallest table first, the last one has all keys. Each in the order of its rows. */
export const dayTables = [
  { table: 'day_subagents', keys: ['agent_name', 'day'] },
  { table: 'day_models', keys: ['day', 'agent', 'model'] },
  { table: 'day_branches', keys: ['project', 'branch', 'day'] },
  { table: 'days', keys: ['day', 'agent', 'model', 'project', 'branch', 'agent_name'] },
] as const;

const daysPerTransaction = 60;
const zoneFact = 'day zone';
const addedUp = figureColumns.map((column) => `sum(${column})`).join(', ');

export class RollUps {
  readonly #store: Store;
  readonly #zone: string;

  /** `zone`: the time zone (IANA) whose days are kept. */
  constructor(store: Store, zone: string) {
    this.#store = store;
    this.#zone = zone;
  }

  /** Are the sums of these days (both inclusive) kept, and true? */
  hasDays(since: string | undefined, until: string | undefined, timeZone: string): boolean {
    if (this.#store.fact(zoneFact) !== timeZone) return false;
    const stale = this.#store.get(
      'SELECT 1 FROM stale_days WHERE day >= ? AND day <= ? LIMIT 1',
      since === undefined ? 0 : dayNumber(since),
      until === undefined ? Number.MAX_SAFE_INTEGER : dayNumber(until),
    );
    return stale === undefined;
  }

  isSettled(): boolean {
    return (
      this.#store.fact(zoneFact) !== undefined && this.#store.get('SELECT 1 FROM stale_days LIMIT 1') === undefined
    );
  }

  /** The days are made for the first time, or the machine has moved to another zone. Within a transaction. */
  adoptZone(): void {
    if (this.#store.fact(zoneFact) === this.#zone) return;
    for (const { table } of dayTables) this.#store.run(`DELETE FROM ${table}`);
    this.#store.run('DELETE FROM stale_days');
    this.#store.setFact(zoneFact, this.#zone);
    for (const row of this.#store.all('SELECT DISTINCT quarter FROM sums')) this.#touch(Number(row['quarter']));
  }

  /** Another program's zone stays as long as that program is at work: its days are as true as ours. */
  get #keptZone(): string {
    const kept = this.#store.fact(zoneFact);
    return typeof kept === 'string' ? kept : this.#zone;
  }

  /** Before a session's sums from a quarter hour on are made anew. Within a transaction. */
  forget(session: number, quarter: number): void {
    const gone = this.#store.all(
      'SELECT DISTINCT quarter FROM sums WHERE session = ? AND quarter >= ?',
      session,
      quarter,
    );
    for (const row of gone) this.#touch(Number(row['quarter']));
    this.#store.run('DELETE FROM prompt_sums WHERE session = ? AND quarter >= ?', session, quarter);
    this.#store.run('DELETE FROM cache_losses WHERE session = ? AND at_ms >= ?', session, quarter * quarterMs);
  }

  /** After them: `quarters` that now have sums. Within a transaction. */
  note(session: number, quarters: Iterable<number>): void {
    for (const quarter of new Set(quarters)) this.#touch(quarter);
    this.#store.run('DELETE FROM starts WHERE session = ?', session);
    this.#store.run(
      'INSERT INTO starts SELECT session, at_ms, input + cache_read + write_5m + write_1h, ' +
        'coalesce((SELECT project FROM projects WHERE projects.cwd = coalesce(calls.cwd, sessions.cwd)), sessions.cwd) ' +
        'FROM calls JOIN sessions ON sessions.id = session WHERE session = ? AND counts = 1 AND is_subagent IS NOT 1 ' +
        'ORDER BY at_ms LIMIT 1',
      session,
    );
  }

  #touch(quarter: number): void {
    this.#store.run(
      'INSERT OR IGNORE INTO stale_days VALUES (?)',
      dayNumber(dayOf(quarter * quarterMs, this.#keptZone)),
    );
  }

  /** Makes days anew, some at a time; `pause` lets others have the store in between. */
  async settle(pause: () => Promise<void>): Promise<void> {
    for (;;) {
      const stale = this.#store.all('SELECT day FROM stale_days LIMIT ?', daysPerTransaction);
      if (stale.length === 0) return;
      this.#store.write(() => {
        for (const row of stale) this.#settleDay(Number(row['day']));
      });
      await pause();
    }
  }

  #settleDay(day: number): void {
    const name = dayName(day);
    const zone = this.#keptZone;
    for (const { table } of dayTables) this.#store.run(`DELETE FROM ${table} WHERE day = ?`, day);
    this.#store.run(
      `INSERT INTO days SELECT ?, agent, model, project, sums.branch, agent_name, ${addedUp} FROM sums ` +
        'JOIN sessions ON sessions.id = session WHERE quarter >= ? AND quarter < ? GROUP BY 2, 3, 4, 5, 6',
      day,
      Math.floor(startOfDay(name, zone) / quarterMs),
      Math.floor(startOfDay(addDays(name, 1), zone) / quarterMs),
    );
    for (const { table, keys } of dayTables.slice(0, -1))
      this.#store.run(
        `INSERT INTO ${table} SELECT ${keys.join(', ')}, ${addedUp} FROM days WHERE day = ? GROUP BY ${keys.join(', ')}`,
        day,
      );
    this.#store.run('DELETE FROM stale_days WHERE day = ?', day);
  }
}

/** Follows a session's calls in the order of time: which of them paid anew for a context that was there before. */
export class LossFinder {
  readonly #store: Store;
  readonly #session: number;
  #before: StoreRow | undefined;

  constructor(store: Store, session: number, fromMs: number) {
    this.#store = store;
    this.#session = session;
    this.#before = store.get(
      'SELECT model, input, cache_read, write_5m, write_1h FROM calls WHERE session = ? AND at_ms < ? AND counts = 1 ' +
        'AND is_subagent IS NOT 1 ORDER BY at_ms DESC LIMIT 1',
      session,
      fromMs,
    );
  }

  /** Within a transaction. */
  see(call: StoreRow): void {
    if (call['is_subagent'] === 1) return;
    const { model, write_5m, write_1h } = call;
    const fresh = Number(call['input']) + Number(write_5m) + Number(write_1h);
    const before = this.#before;
    this.#before = call;
    if (before?.['model'] !== model) return;
    const lost = rebuiltTokens(contextOf(before!), Number(call['cache_read']), fresh);
    if (lost === 0) return;
    const paidAs = Number(write_1h) > 0 ? 2 : Number(write_5m) > 0 ? 1 : 0;
    const values = [this.#session, Number(call['at_ms']), Number(call['id']), Number(model), paidAs, lost];
    this.#store.run('INSERT OR REPLACE INTO cache_losses VALUES (?, ?, ?, ?, ?, ?)', ...values);
  }
}

function contextOf(call: StoreRow): number {
  return Number(call['input']) + Number(call['cache_read']) + Number(call['write_5m']) + Number(call['write_1h']);
}

/** What a session's prompts cost by the quarter hour: a prompt's calls are those that name it, else those after it. */
export class PromptSums {
  readonly #store: Store;
  readonly #session: number;
  readonly #prompts: readonly StoreRow[];
  readonly #known: ReadonlySet<unknown>;
  readonly #sums = new Map<string, { readonly keys: readonly number[]; usd: number }>();
  #at = -1;

  constructor(store: Store, session: number) {
    this.#store = store;
    this.#session = session;
    this.#prompts = store.all('SELECT id, at_ms FROM prompts WHERE session = ? ORDER BY at_ms', session);
    this.#known = new Set(this.#prompts.map(({ id }) => id));
  }

  /** Calls in the order of time. */
  see(call: StoreRow, usd: number): void {
    const atMs = Number(call['at_ms']);
    while (this.#at + 1 < this.#prompts.length && Number(this.#prompts[this.#at + 1]!['at_ms']) <= atMs) this.#at += 1;
    if (isOfManyPrompts(call)) return;
    const owner = this.#known.has(call['prompt']) ? call['prompt'] : this.#prompts[this.#at]?.['id'];
    if (typeof owner !== 'number') return;
    const keys = [owner, Math.floor(atMs / quarterMs), Number(call['model'])];
    const id = keys.join();
    const sum = this.#sums.get(id);
    if (sum) sum.usd += usd;
    else this.#sums.set(id, { keys, usd });
  }

  /** Within a transaction. */
  write(): void {
    for (const { keys, usd } of this.#sums.values())
      this.#store.run('INSERT OR REPLACE INTO prompt_sums VALUES (?, ?, ?, ?, ?)', this.#session, ...keys, usd);
  }
}
