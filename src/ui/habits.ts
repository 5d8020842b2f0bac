// What the ledger tells of this person's work in a folder with the agents that load a file: habits of the last two
// weeks, and what sessions began with. Asks for habits at most once in some minutes per folder and agents.
import * as vscode from 'vscode';
import { type AgentId } from '../agents/agent';
import { addDays, dayOf } from '../ledger/calendar';
import { type LedgerClient } from '../ledger/ledgerClient';
import { type FirstCall, callsIn, firstCallsOf, median, promptTokensOf } from '../prompts/sessionStarts';
import { habitOf, observedDays } from '../prompts/workHabits';
import { type Habits } from './promptFigures';
import { userTimeZone } from './userTimeZone';

const daysAsked = 14;
const askedMs = daysAsked * 24 * 60 * 60 * 1000;
const keepMs = 5 * 60 * 1000;
/** A session is live that long after its last call: as long as its cache may be warm. */
const liveMs = 60 * 60 * 1000;
const mostCalls = 20_000;
const mostSessions = 2_000;

/** Agents: undefined for any. */
export interface HabitSource {
  /** Undefined where these agents made no calls in the last two weeks. */
  of(uri: vscode.Uri, agents: Agents): Promise<Habits | undefined>;
  /** Of the sessions that began in the two weeks before a moment and since, in the document's workspace folder. */
  firstCalls(uri: vscode.Uri, agents: Agents, sinceMs: number): Promise<readonly FirstCall[]>;
}
type Agents = readonly string[] | undefined;

export function habitsFrom(ledger: LedgerClient): HabitSource {
  const known = new Map<string, { readonly atMs: number; readonly habits: Promise<Habits | undefined> }>();
  return {
    of: (uri, agents) => {
      const folder = folderOf(uri);
      const key = JSON.stringify([folder, agents]);
      const last = known.get(key);
      if (last && Date.now() - last.atMs < keepMs) return last.habits;
      const habits = ask(ledger, folder, agents);
      known.set(key, { atMs: Date.now(), habits });
      // Nothing known may mean that the logs have not been read yet: it is asked again.
      void habits.catch(() => undefined).then((found) => found === undefined && known.delete(key));
      return habits;
    },
    firstCalls: async (uri, agents, sinceMs) => (await begun(ledger, folderOf(uri), agents, sinceMs - askedMs)).starts,
  };
}

function folderOf(uri: vscode.Uri): string {
  return vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? '';
}

/** In the folder where these agents have worked there, else anywhere. */
async function ask(ledger: LedgerClient, folder: string, agents: Agents): Promise<Habits | undefined> {
  const nowMs = Date.now();
  const timeZone = userTimeZone();
  const until = dayOf(nowMs, timeZone);
  const query = { since: addDays(until, -daysAsked), until, timeZone, subagent: '' } as const;
  for (const place of new Set([folder, ''])) {
    const here = place === '' ? query : { ...query, project: place };
    const { rows } = await ledger.totals({ ...here, by: 'agent' });
    const used = rows.filter((row) => agents === undefined || agents.includes(row.key));
    const byDay = await Promise.all(
      used.map((row) => ledger.totals({ ...here, by: 'day', agent: row.key as AgentId })),
    );
    const days = byDay.flatMap((totals) => totals.rows.map((row) => row.key)).sort();
    const habit = habitOf(used, observedDays(days, until));
    if (!habit) continue;
    const { starts } = await begun(ledger, place, agents, nowMs - askedMs);
    const { calls: latest } = await begun(ledger, place, agents, nowMs - liveMs);
    const last = latest.at(-1);
    return {
      ...habit,
      firstCallOverheadTokens: Math.round(median(starts.map((call) => call.promptTokens))),
      liveContextTokens: last ? promptTokensOf(last) + last.outputTokens : 0,
    };
  }
  return undefined;
}

/** The calls of a place since a moment, and the first ones of the sessions that began since. */
async function begun(ledger: LedgerClient, folder: string, agents: Agents, sinceMs: number) {
  const [sessions, all] = await Promise.all([ledger.sessions(sinceMs, mostSessions), ledger.calls(sinceMs, mostCalls)]);
  const calls = callsIn(all, folder, agents);
  const fresh = sessions.filter((session) => session.firstMs >= sinceMs);
  const ids = new Set(fresh.map((session) => `${session.agent} ${session.sessionId}`));
  return { calls, starts: firstCallsOf(calls, ids) };
}
