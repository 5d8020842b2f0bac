// The zone in which the person's days begin. Asked each time: a laptop travels.

/** An IANA name. */
export function userTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}
