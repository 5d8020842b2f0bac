// Which thresholds still deserve their one notice. What was told is one record in the store, read and written in one
// transaction, so that of several windows exactly one speaks. Each window keeps to itself what it found crossed when it
// first saw a budget: the colour tells that, no notice does.
import { type BudgetState, thresholdsOf } from './budget';
import { type Store } from './store';

export interface NoticeMemory {
  /** By budget, limit, period and threshold (or by alarm): when it was told, epoch milliseconds. */
  readonly told: Readonly<Record<string, number>>;
  /** By budget id: no notices before this time. */
  readonly snoozedUntilMs: Readonly<Record<string, number>>;
}

export const noNotices: NoticeMemory = { told: {}, snoozedUntilMs: {} };

export interface BudgetNotice {
  readonly state: BudgetState;
  /** The highest share that was reached and not told yet. */
  readonly threshold: number;
}

const keptMs = 100 * 86_400_000;
const fact = 'notices';

export function noticeKey({ budget, period }: BudgetState, threshold: number): string {
  return JSON.stringify([budget.id, budget.limit, budget.unit, period, threshold]);
}

/**
 * Each threshold once a period and limit; where several are crossed at once, the highest speaks for all. A snoozed budget
 * keeps its notice for afterwards. `passedOver`: keys that this window is silent about; they do not count as told.
 */
export function dueNotices(
  states: readonly BudgetState[],
  memory: NoticeMemory,
  nowMs: number,
  passedOver: ReadonlySet<string> = new Set(),
): { readonly notices: readonly BudgetNotice[]; readonly memory: NoticeMemory } {
  const told: Record<string, number> = { ...memory.told };
  const notices: BudgetNotice[] = [];
  for (const state of states) {
    if ((memory.snoozedUntilMs[state.budget.id] ?? 0) > nowMs) continue;
    const crossed = thresholdsOf(state.budget).filter((threshold) => state.share >= threshold);
    const highest = crossed.at(-1);
    if (highest === undefined || passedOver.has(noticeKey(state, highest))) continue;
    const isFresh = told[noticeKey(state, highest)] === undefined;
    for (const threshold of crossed) told[noticeKey(state, threshold)] ??= nowMs;
    if (isFresh) notices.push({ state, threshold: highest });
  }
  return { notices, memory: { ...memory, told } };
}

/** One window's part of the telling. */
export class NoticeDesk {
  readonly #seen = new Set<string>();
  readonly #passedOver = new Set<string>();

  /** The notices that this window is to show now. No other window will be given them. */
  claim(store: Store, states: readonly BudgetState[], nowMs: number): readonly BudgetNotice[] {
    const before = memoryOf(store);
    this.#look(states, before, nowMs);
    if (dueNotices(states, before, nowMs, this.#passedOver).notices.length === 0) return [];
    return store.write(() => {
      const { notices, memory } = dueNotices(states, memoryOf(store), nowMs, this.#passedOver);
      if (notices.length > 0) keep(store, memory, nowMs);
      return notices;
    });
  }

  /** A budget, or a new limit of it, that this window has not seen before: what is crossed already is no news. */
  #look(states: readonly BudgetState[], { snoozedUntilMs }: NoticeMemory, nowMs: number): void {
    for (const state of states) {
      const id = JSON.stringify([state.budget.id, state.budget.limit, state.budget.unit]);
      if (this.#seen.has(id)) continue;
      this.#seen.add(id);
      // Who put it off asked to be told.
      if ((snoozedUntilMs[state.budget.id] ?? 0) > nowMs) continue;
      for (const threshold of thresholdsOf(state.budget))
        if (state.share >= threshold) this.#passedOver.add(noticeKey(state, threshold));
    }
  }

  /** May this window sound this alarm? Each is given to one window, once; those of the window's start to none. */
  claimAlarm(store: Store, key: string, isStart: boolean, nowMs: number): boolean {
    if (isStart) this.#passedOver.add(key);
    if (this.#passedOver.has(key) || memoryOf(store).told[key] !== undefined) return false;
    return store.write(() => {
      const memory = memoryOf(store);
      if (memory.told[key] !== undefined) return false;
      keep(store, { ...memory, told: { ...memory.told, [key]: nowMs } }, nowMs);
      return true;
    });
  }

  /** No word of this budget before then; what was told is told again afterwards if it still holds. */
  snooze(store: Store, { state }: BudgetNotice, untilMs: number, nowMs: number): void {
    store.write(() => {
      const memory = memoryOf(store);
      const told: Record<string, number> = { ...memory.told };
      for (const threshold of thresholdsOf(state.budget)) delete told[noticeKey(state, threshold)];
      keep(store, { told, snoozedUntilMs: { ...memory.snoozedUntilMs, [state.budget.id]: untilMs } }, nowMs);
    });
  }
}

function memoryOf(store: Store): NoticeMemory {
  const text = store.fact(fact);
  if (typeof text !== 'string') return noNotices;
  try {
    const { told, snoozedUntilMs } = JSON.parse(text) as Record<string, unknown>;
    return { told: timesIn(told), snoozedUntilMs: timesIn(snoozedUntilMs) };
  } catch {
    return noNotices;
  }
}

function timesIn(value: unknown): Readonly<Record<string, number>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, number>>) : {};
}

function keep(store: Store, memory: NoticeMemory, nowMs: number): void {
  const recent = (times: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(times).filter(([, atMs]) => atMs > nowMs - keptMs));
  const kept: NoticeMemory = { told: recent(memory.told), snoozedUntilMs: recent(memory.snoozedUntilMs) };
  store.setFact(fact, JSON.stringify(kept));
}
