// How this person works in a project, from their own calls of the last weeks: turns a day, share read from the cache,
// what a session starts with, what the live one holds. Asks the ledger at most once in some minutes per folder.
import * as vscode from 'vscode';
import { addDays, dayOf } from '../ledger/calendar';
import { type LedgerClient } from '../ledger/ledgerClient';
import { type CallRecord } from '../ledger/records';
import { type Habits } from './promptFigures';
import { userTimeZone } from './userTimeZone';

const weeksMs = 14 * 24 * 60 * 60 * 1000;
const keepMs = 5 * 60 * 1000;
/** A session is live that long after its last call: as long as its cache may be warm. */
const liveMs = 60 * 60 * 1000;
const mostCalls = 20_000;

export function habitsFrom(ledger: LedgerClient): (uri: vscode.Uri) => Promise<Habits | undefined> {
  const known = new Map<string, { readonly atMs: number; readonly habits: Promise<Habits | undefined> }>();
  return (uri) => {
    const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? '';
    const last = known.get(folder);
    if (last && Date.now() - last.atMs < keepMs) return last.habits;
    const habits = ask(ledger, folder).catch(() => undefined);
    known.set(folder, { atMs: Date.now(), habits });
    return habits;
  };
}

async function ask(ledger: LedgerClient, folder: string): Promise<Habits | undefined> {
  const nowMs = Date.now();
  const timeZone = userTimeZone();
  const until = dayOf(nowMs, timeZone);
  const query = { by: 'day', since: addDays(until, -14), until, timeZone } as const;
  const here = folder === '' ? undefined : await ledger.totals({ ...query, project: folder });
  const isHere = here !== undefined && here.totals.calls > 0;
  const { rows, totals } = isHere ? here : await ledger.totals(query);
  if (totals.calls === 0) return undefined;
  const calls = (await ledger.calls(nowMs - weeksMs, mostCalls)).filter(
    (call) => call.isSubagent !== true && (!isHere || call.cwd === undefined || call.cwd.startsWith(folder)),
  );
  const last = calls.at(-1);
  const prompt = totals.totalTokens - totals.outputTokens;
  const writes = totals.cacheWrite5mTokens + totals.cacheWrite1hTokens;
  return {
    turnsPerDay: totals.calls / rows.length,
    cacheReadShare: prompt === 0 ? 0 : totals.cacheReadTokens / prompt,
    model: last?.model ?? '',
    firstCallOverheadTokens: middle(firstCalls(calls).map(promptOf)),
    liveContextTokens: last && nowMs - last.atMs < liveMs ? promptOf(last) + last.outputTokens : 0,
    cacheTtl: totals.cacheWrite1hTokens * 2 > writes ? '1h' : '5m',
  };
}

/** Of each session the first call seen. */
function firstCalls(calls: readonly CallRecord[]): CallRecord[] {
  const first = new Map<string, CallRecord>();
  for (const call of calls) if (!first.has(call.sessionId)) first.set(call.sessionId, call);
  return [...first.values()];
}

function promptOf(call: CallRecord): number {
  return call.inputTokens + call.cacheReadTokens + call.cacheWrite5mTokens + call.cacheWrite1hTokens;
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
