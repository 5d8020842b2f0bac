// Invented users: days of spending for the forecast's back-test, and sessions of tool uses for the runaway alarm's. Seeded,
// so that every run sees the same.
import { type SessionHappening } from '../../src/ledger/runaway.js';
import { addDays } from '../../src/ledger/calendar.js';
import { weekdayOf } from '../../src/ledger/budget.js';
import { type DayUse } from '../../src/ledger/pace.js';
import { seededRandom } from './advisorData.js';

export interface Habit {
  readonly days: number;
  /** How likely a Saturday or Sunday sees work, and a weekday sees none. */
  readonly weekendShare: number;
  readonly idleShare: number;
  /** Spread of a day's spending (log scale), how much of it carries over to the next day, and growth a day. */
  readonly spread: number;
  readonly carryOver: number;
  readonly growth: number;
  readonly takesHolidays: boolean;
}

const plain: Habit = {
  days: 300,
  weekendShare: 0.1,
  idleShare: 0.1,
  spread: 0.5,
  carryOver: 0.3,
  growth: 0,
  takesHolidays: false,
};

export const usersHabits: Readonly<Record<string, Habit>> = {
  steady: { ...plain, weekendShare: 0, idleShare: 0.05, spread: 0.4, carryOver: 0 },
  bursty: { ...plain, weekendShare: 0.3, idleShare: 0.2, spread: 1, carryOver: 0.5 },
  'every day': { ...plain, weekendShare: 0.9, idleShare: 0, spread: 0.6 },
  growing: { ...plain, growth: 0.005 },
  falling: { ...plain, growth: -0.005 },
  'with holidays': { ...plain, days: 360, spread: 0.6, takesHolidays: true },
  'in clumps': { ...plain, weekendShare: 0.5, idleShare: 0.4, spread: 1.2, carryOver: 0.8 },
};

export function daysOfUser(habit: Habit, seed: number): readonly DayUse[] {
  const random = seededRandom(seed);
  let level = 0;
  return Array.from({ length: habit.days }, (_, index) => {
    const day = addDays('2025-06-02', index);
    level = habit.carryOver * level + Math.sqrt(1 - habit.carryOver ** 2) * habit.spread * normal(random);
    const isAway = habit.takesHolidays && index % 90 > 70 && index % 90 < 80;
    const isWeekend = weekdayOf(day) % 6 === 0;
    const isOff = isAway || (isWeekend ? random() > habit.weekendShare : random() < habit.idleShare);
    return { day, hours: spreadOverDay(isOff ? 0 : 10 * Math.exp(level + habit.growth * index), random) };
  });
}

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(random() || 1e-9)) * Math.cos(2 * Math.PI * random());

function spreadOverDay(total: number, random: () => number): readonly number[] {
  const start = 8 + Math.floor(random() * 3);
  const parts = Array.from({ length: 24 }, (_, hour) =>
    hour >= start && hour < 19 ? random() ** 2 : hour >= 19 && hour < 23 ? 0.15 * random() ** 2 : 0,
  );
  const sum = parts.reduce((all, part) => all + part, 0);
  return parts.map((part) => (part / sum) * total);
}

export type LoopKind =
  | 'same call'
  | 'two in turn'
  | 'three in turn'
  | 'same error'
  | 'edit and fail'
  | 'reading on'
  | 'compactions'
  | 'speed';
export const loopKinds: readonly LoopKind[] = [
  'same call',
  'two in turn',
  'three in turn',
  'same error',
  'edit and fail',
  'reading on',
  'compactions',
  'speed',
];

class SessionWriter {
  readonly events: SessionHappening[] = [];
  private atMs = Date.UTC(2026, 0, 5, 9);
  private count = 0;

  constructor(
    readonly sessionId: string,
    readonly random: () => number,
  ) {}

  prompt(): void {
    this.atMs += 60_000 * (1 + 5 * this.random());
    this.events.push({ kind: 'prompt', atMs: this.atMs, sessionId: this.sessionId });
  }

  call(scale = 1, seconds = 5 + 20 * this.random()): void {
    this.atMs += seconds * 1000;
    const { sessionId, atMs } = this;
    this.events.push({
      kind: 'call',
      atMs,
      sessionId,
      inputTokens: 10,
      cacheWrite5mTokens: Math.floor(scale * (200 + 4000 * this.random())),
      cacheWrite1hTokens: 0,
      outputTokens: Math.floor(scale * (50 + 600 * this.random())),
    });
  }

  tool(name: string, argument: string, more: Partial<Extract<SessionHappening, { kind: 'tool' }>> = {}): void {
    this.call();
    const { sessionId, atMs } = this;
    this.events.push({
      kind: 'tool',
      key: `${sessionId}-${this.count++}`,
      atMs,
      sessionId,
      name,
      argumentsHash: argument,
      resultCharacters: Math.floor(9000 * this.random()),
      ...more,
    });
  }

  compaction(): void {
    this.events.push({ kind: 'compaction', atMs: this.atMs, sessionId: this.sessionId });
  }
}

/** A day's work as it should be: reading, editing, tests that fail and then pass, waiting for a build, a compaction. */
export function ordinarySession(seed: number): readonly SessionHappening[] {
  const session = new SessionWriter(`s${seed}`, seededRandom(seed));
  writeOrdinary(session, 1 + Math.floor(session.random() * 8));
  return session.events;
}

function writeOrdinary(session: SessionWriter, prompts: number): void {
  const { random } = session;
  const pick = (count: number): string => String(Math.floor(random() * count));
  for (let prompt = 0; prompt < prompts; prompt++) {
    session.prompt();
    const steps = 1 + Math.floor(random() * 40);
    for (let step = 0; step < steps; step++) {
      const kind = random();
      if (kind < 0.4) session.tool('Read', `file ${pick(30)}`);
      else if (kind < 0.5) session.tool('Grep', `word ${pick(40)}`);
      else if (kind < 0.7)
        session.tool('Edit', `change ${pick(1e6)}`, { changedFile: `f${pick(9)}`, resultCharacters: 120 });
      else if (kind < 0.8) fixUntilGreen(session, Math.floor(random() * 4));
      else if (kind < 0.84) waitForBuild(session, Math.floor(random() * 12));
      else
        session.tool(
          'Bash',
          `command ${pick(25)}`,
          random() < 0.15 ? { isError: true, errorHash: `e${pick(12)}` } : {},
        );
    }
    if (random() < 0.1) session.compaction();
  }
}

/** Runs the same test after each edit; it fails the same way a few times first. */
function fixUntilGreen(session: SessionWriter, failures: number): void {
  for (let turn = 0; turn < failures; turn++) {
    session.tool('Bash', 'test', { isError: true, errorHash: 'red', resultCharacters: 4000 });
    session.tool('Edit', `attempt ${turn} ${session.random()}`, { changedFile: 'f1' });
  }
  session.tool('Bash', 'test', { resultCharacters: 900 });
}

function waitForBuild(session: SessionWriter, looks: number): void {
  for (let look = 0; look < looks; look++) session.tool('BashOutput', 'build', { resultCharacters: 40 });
}

/** An ordinary session that goes wrong: what came before, and the planted loop by itself. */
export function runawaySession(
  kind: LoopKind,
  seed: number,
): { readonly before: readonly SessionHappening[]; readonly loop: readonly SessionHappening[] } {
  const session = new SessionWriter(`loop${seed}`, seededRandom(seed));
  writeOrdinary(session, 2);
  const before = [...session.events];
  for (let turn = 0; turn < 10; turn++) plant(session, kind, turn);
  return { before, loop: session.events.slice(before.length) };
}

function plant(session: SessionWriter, kind: LoopKind, turn: number): void {
  switch (kind) {
    case 'same call':
      return session.tool('Bash', 'again', { resultCharacters: 77 });
    case 'two in turn':
    case 'three in turn': {
      const which = turn % (kind === 'two in turn' ? 2 : 3);
      return session.tool('Bash', `turn ${which}`, { resultCharacters: 50 + which });
    }
    case 'same error':
      return session.tool('Bash', `try ${turn}`, { isError: true, errorHash: 'stuck' });
    case 'edit and fail':
      return turn % 2 === 0
        ? session.tool('Edit', `guess ${turn}`, { changedFile: 'f1' })
        : session.tool('Bash', 'test', { isError: true, errorHash: 'stuck' });
    case 'reading on':
      return session.tool('Read', `file ${turn % 4}`, { resultCharacters: 500 + (turn % 4) });
    case 'compactions':
      session.call();
      if (turn % 3 === 2) session.compaction();
      return undefined;
    case 'speed':
      return session.call(400, 2);
  }
}
