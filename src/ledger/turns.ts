// When the figures on screen become others by themselves, without a call: at midnight of the person's zone, and while a
// cache cools. Knows no timer.
import { addDays, dayOf, startOfDay } from './calendar';

/** How long until the day turns in that zone, in milliseconds; never less than one. */
export function msToNextDay(nowMs: number, timeZone: string): number {
  return Math.max(1, startOfDay(addDays(dayOf(nowMs, timeZone), 1), timeZone) - nowMs);
}

const lookMs = { focused: 60_000, background: 180_000, unreliable: 15_000 } as const;

export interface LookQuestion {
  readonly nowMs: number;
  readonly timeZone: string;
  readonly isFocused: boolean;
  /** A look without a cause found something new: no file events come from there (network and WSL shares). */
  readonly missesEvents: boolean;
}

/** When to look at the logs again if nothing happens before. */
export function msToNextLook({ nowMs, timeZone, isFocused, missesEvents }: LookQuestion): number {
  const usual = !isFocused ? lookMs.background : missesEvents ? lookMs.unreliable : lookMs.focused;
  return Math.min(usual, msToNextDay(nowMs, timeZone));
}
