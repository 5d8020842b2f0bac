// The zone in which the person's days begin. Asked each time: a laptop travels, and a container's clock is often UTC, which
// the budgets' setting can put right.
import { isTimeZone } from '../ledger/calendar';
import { readSettings } from './settings';

/** An IANA name. */
export function userTimeZone(): string {
  const { budgets } = readSettings();
  const named = typeof budgets === 'object' && budgets !== null && 'timeZone' in budgets ? budgets.timeZone : undefined;
  if (typeof named === 'string' && named !== '' && isTimeZone(named)) return named;
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}
