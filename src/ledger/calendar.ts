// Days, weeks and months of a time zone. A day is `YYYY-MM-DD`; instants are epoch milliseconds. Knows no clock of its
// own; daylight saving comes from Intl, whose answer is kept per quarter hour: every zone's offset is a multiple of it.

export const quarterMs = 15 * 60 * 1000;
const dayMs = 24 * 60 * 60 * 1000;

interface Zone {
  readonly format: Intl.DateTimeFormat;
  readonly days: Map<number, string>;
}

const zones = new Map<string, Zone>();
const mostKept = 400_000;

/** Throws a RangeError for a zone that Intl does not know. */
function zoneOf(timeZone: string): Zone {
  let zone = zones.get(timeZone);
  if (!zone) {
    const format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    zones.set(timeZone, (zone = { format, days: new Map() }));
  }
  return zone;
}

/** The zone of this process (IANA). */
export function machineZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

export function isTimeZone(timeZone: string): boolean {
  try {
    zoneOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** The day on the calendar of that zone. */
export function dayOf(atMs: number, timeZone: string): string {
  const quarter = Math.floor(atMs / quarterMs);
  const { days } = zoneOf(timeZone);
  let day = days.get(quarter);
  if (day === undefined) {
    if (days.size > mostKept) days.clear();
    day = new Date(atMs + offsetOf(atMs, timeZone)).toISOString().slice(0, 10);
    days.set(quarter, day);
  }
  return day;
}

/** What the zone's clocks show more than UTC, in milliseconds. */
function offsetOf(atMs: number, timeZone: string): number {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of zoneOf(timeZone).format.formatToParts(atMs)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000;
}

/** The first moment of a day in that zone; where midnight is left out by the clocks, the moment after the gap. */
export function startOfDay(day: string, timeZone: string): number {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const guesses = [midnight - offsetOf(midnight - dayMs, timeZone), midnight - offsetOf(midnight + dayMs, timeZone)];
  for (let at = Math.min(...guesses) - dayMs / 8; at <= Math.max(...guesses) + dayMs / 8; at += quarterMs) {
    if (dayOf(at, timeZone) === day) return at;
  }
  // A day that a zone skipped altogether (Samoa, 30 December 2011) begins where the next one does.
  return startOfDay(addDays(day, 1), timeZone);
}

export function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * dayMs).toISOString().slice(0, 10);
}

/** The Monday of a day's week (ISO 8601); it also names the week. */
export function mondayOf(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return addDays(day, -((weekday + 6) % 7));
}

export function firstOfMonth(day: string): string {
  return `${day.slice(0, 7)}-01`;
}
