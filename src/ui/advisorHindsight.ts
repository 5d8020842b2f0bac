// Hindsight over a period, asked of the ledger: for whoever writes a report. Reads prompts' words again from the logs
// for it and keeps none.
import { type AgentId } from '../agents/agent';
import { type LedgerClient } from '../ledger/ledgerClient';
import { addDays, startOfDay } from '../ledger/calendar';
import { hindsightReport, type HindsightReport } from '../report/hindsightModel';
import { hindsightSections } from '../report/hindsightWords';
import { type PageRequest } from '../report/pageShapes';
import { AdvisorOffers } from './advisorOffers';
import { type LaterSections } from './reportPanel';

type HindsightLedger = Pick<LedgerClient, 'promptWork' | 'promptText' | 'modelFacts' | 'knownModels'>;

/** A period's worth of prompts; a person sends fewer in a month. */
const mostPrompts = 4000;

/** Epoch milliseconds, `untilMs` exclusive. `filter`: of which agent, project and model; all of them left out. */
export async function ledgerHindsight(
  ledger: HindsightLedger,
  { sinceMs, untilMs }: { readonly sinceMs: number; readonly untilMs: number },
  filter: Pick<PageRequest, 'agent' | 'project' | 'model'> = {},
): Promise<HindsightReport> {
  const offers = new AdvisorOffers(ledger);
  const all = await ledger.promptWork({ sinceMs, untilMs, most: mostPrompts });
  const prompts = all.filter(
    (one) =>
      (filter.agent ?? one.agent) === one.agent &&
      (filter.project ?? one.project) === one.project &&
      (filter.model ?? one.model) === one.model,
  );
  const report = await hindsightReport(prompts, {
    nowMs: Date.now(),
    offer: (model, atMs) => offers.offer(model, atMs),
    offers: (agent, model, atMs) => offers.offers(agent, model, atMs),
    promptText: (agent, key) => ledger.promptText(agent as AgentId, key),
  });
  return all.length < mostPrompts ? report : { ...report, isCut: true };
}

/** The report's page shows this at its end, once it is ready. */
export function lightWorkOf(ledger: HindsightLedger): LaterSections {
  return async (request, around) => {
    const sinceMs = startOfDay(request.since, around.timeZone);
    const untilMs = startOfDay(addDays(request.until, 1), around.timeZone);
    return hindsightSections(await ledgerHindsight(ledger, { sinceMs, untilMs }, request), around);
  };
}
