// `report --weekly`: the letter of a week, as the editor writes it, on standard output.
import { addDays, dayOf, isDay, mondayOf } from '../ledger/calendar';
import { type Ledger } from '../ledger/ledger';
import { oneLine } from '../report/oneLine';
import { weeklyLetter } from '../report/weeklyLetter';
import { UsageError } from './terminal';

/** `day`: any day of the week wanted; last week's where none is named. */
export function weekly(ledger: Ledger, day: string | undefined, nowMs: number, timeZone: string): string {
  if (day !== undefined && !isDay(day)) throw new UsageError(`report: --since takes a day as YYYY-MM-DD, not "${day}"`);
  const today = dayOf(nowMs, timeZone);
  const monday = day === undefined ? addDays(mondayOf(today), -7) : mondayOf(day);
  const until = addDays(monday, 6);
  const labels = ledger.agentLabels();
  return weeklyLetter(
    {
      facts: ledger.weekFacts({ monday, timeZone }),
      outcomes: ledger.outcomes({ since: monday, until, timeZone }),
      sessionText: ({ agent, key, hasTitle, firstPromptKey }) =>
        short(
          (hasTitle ? ledger.sessionTitle(agent, key) : undefined) ??
            (firstPromptKey === undefined ? undefined : ledger.promptText(agent, firstPromptKey)),
        ),
      promptText: ({ agent, key }) => short(ledger.promptText(agent, key)),
      ...(today < until ? { soFar: today } : {}),
    },
    {
      t: (words, ...values) => words.replace(/\{(\d)\}/g, (_, index: string) => values[Number(index)] ?? ''),
      locale: 'en',
      timeZone,
      machine: 'this machine',
      pricesAsOf: ledger.prices().asOf,
      agentLabel: (id) => labels[id] ?? id,
    },
  );
}

function short(text: string | undefined): string | undefined {
  return text === undefined ? undefined : oneLine(text);
}
