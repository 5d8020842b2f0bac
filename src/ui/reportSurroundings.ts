// What every report needs of this window beside its figures: language, zone, machine, price date, agents' names.
import * as vscode from 'vscode';
import { type LedgerClient } from '../ledger/ledgerClient';
import { type PageSurroundings } from '../report/pageShapes';
import { machineWords } from './machineWords';
import { userTimeZone } from './userTimeZone';

export async function reportSurroundings(
  ledger: Pick<LedgerClient, 'prices' | 'agentLabels'>,
): Promise<PageSurroundings> {
  const [{ asOf }, labels] = await Promise.all([ledger.prices(), ledger.agentLabels()]);
  return {
    t: (words, ...values) => vscode.l10n.t(words, ...values),
    locale: vscode.env.language,
    timeZone: userTimeZone(),
    machine: machineWords(),
    pricesAsOf: asOf,
    agentLabel: (id) => labels[id] ?? id,
  };
}
