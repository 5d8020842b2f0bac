// Newer prices, only where the person has turned that on: one request for public data, checked before it is used.
import * as vscode from 'vscode';
import { type LedgerClient } from '../ledger/ledgerClient';
import { refreshLimits, refreshUrl } from '../pricing/refresh';
import { commands } from './commands';
import { type Guard } from './guard';
import { readSettings } from './settings';

const weekMs = 7 * 24 * 60 * 60 * 1000;
const lastKey = 'pricesRefreshedAtMs';

export interface RefreshPricesDeps {
  readonly ledger: LedgerClient;
  readonly memory: vscode.Memento;
  readonly guard: Guard;
  readonly log: vscode.LogOutputChannel;
  /** Newer prices are in: figures must be drawn anew. */
  readonly onRefreshed: () => Promise<void>;
}

export function registerRefreshPrices(deps: RefreshPricesDeps): vscode.Disposable {
  const weekly = () => {
    const due = Date.now() - deps.memory.get(lastKey, 0) > weekMs;
    if (readSettings().refreshPrices === 'weekly' && due) deps.guard('refresh prices', () => refresh(deps, false));
  };
  // Well after start-up; the check itself costs nothing.
  const first = setTimeout(weekly, 60_000);
  const daily = setInterval(weekly, weekMs / 7);
  return vscode.Disposable.from(
    { dispose: () => clearTimeout(first) },
    { dispose: () => clearInterval(daily) },
    vscode.commands.registerCommand(commands.refreshPrices, () => refresh(deps, true)),
  );
}

/** `isAsked`: the person waits for an answer in words; else only the log tells. */
async function refresh(deps: RefreshPricesDeps, isAsked: boolean): Promise<void> {
  if (readSettings().refreshPrices === 'off') {
    void vscode.window.showWarningMessage(
      vscode.l10n.t('Price refresh is off. Turn on the setting "tokenometer.prices.refresh" first.'),
    );
    return;
  }
  const { t } = vscode.l10n;
  try {
    const taken = await deps.ledger.takePrices(await fetchPrices());
    for (const reason of taken.reasons) deps.log.info('prices:', reason);
    if (!taken.accepted) throw new Error(taken.reasons[0] ?? t('the data is not usable'));
    await deps.memory.update(lastKey, Date.now());
    await deps.onRefreshed();
    if (isAsked)
      void vscode.window.showInformationMessage(t('Prices are up to date; {0} models changed.', taken.changed));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    deps.log.warn('prices not refreshed:', why);
    if (isAsked)
      void vscode.window.showErrorMessage(t('Prices were not refreshed ({0}). The last good ones stay in use.', why));
  }
}

async function fetchPrices(): Promise<string> {
  const response = await fetch(refreshUrl, { redirect: 'error', signal: AbortSignal.timeout(refreshLimits.timeoutMs) });
  if (!response.ok || !response.body) throw new Error(vscode.l10n.t('the server answered {0}', response.status));
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > refreshLimits.maxBytes) throw new Error(vscode.l10n.t('the answer is too large'));
    parts.push(part);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}
