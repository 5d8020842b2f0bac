// Hindsight over a period, asked of the ledger: for whoever writes a report. Reads prompts' words again from the logs
// for it and keeps none.
import { type AgentId } from '../agents/agent';
import { type LedgerClient } from '../ledger/ledgerClient';
import { hindsightReport, type HindsightReport } from '../report/hindsightModel';
import { AdvisorOffers } from './advisorOffers';

type HindsightLedger = Pick<LedgerClient, 'promptWork' | 'promptText' | 'modelFacts' | 'knownModels'>;

/** A period's worth of prompts; a person sends fewer in a month. */
const mostPrompts = 4000;

/** Epoch milliseconds, `untilMs` exclusive. */
export async function ledgerHindsight(
  ledger: HindsightLedger,
  { sinceMs, untilMs }: { readonly sinceMs: number; readonly untilMs: number },
): Promise<HindsightReport> {
  const offers = new AdvisorOffers(ledger);
  return hindsightReport(await ledger.promptWork({ sinceMs, untilMs, most: mostPrompts }), {
    nowMs: Date.now(),
    offer: (model, atMs) => offers.offer(model, atMs),
    offers: (agent, model, atMs) => offers.offers(agent, model, atMs),
    promptText: (agent, key) => ledger.promptText(agent as AgentId, key),
  });
}
