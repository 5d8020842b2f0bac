// Two years of invented calls, prompts and tool uses, written by the ledger's own writer and summed by the ledger: the
// same rows that reading logs would have left, without the logs.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type LogEvent } from '../../src/agents/agent';
import { EventWriter, type Origin } from '../../src/ledger/eventWriter';
import { Ledger, type LedgerOptions } from '../../src/ledger/ledger';
import { Store } from '../../src/ledger/store';
import { seeded } from './generateHistory';

export const lastMs = Date.UTC(2026, 10, 20, 12);
const dayMs = 86_400_000;
const models = ['claude-opus-4-5-20251101', 'claude-sonnet-4-5-20250929', 'claude-haiku-4-5-20251001'] as const;
const projects = 12;

export function longOptions(folder: string): LedgerOptions {
  return {
    dataFolder: join(folder, 'data'),
    environment: { home: join(folder, 'home'), platform: 'linux', variables: {}, editorUserFolders: [] },
    now: () => lastMs,
  };
}

export async function fillStore(folder: string, calls: number): Promise<void> {
  const { dataFolder } = longOptions(folder);
  if (existsSync(dataFolder)) return;
  const store = Store.open(dataFolder);
  const random = seeded(7);
  let written = 0;
  for (let session = 0; written < calls;) {
    store.write(() => {
      const writer = new EventWriter(store);
      for (let n = 0; n < 100 && written < calls; n += 1, session += 1) {
        const file = addFile(store, session);
        const events = sessionEvents(session, random);
        written += events.filter(({ kind }) => kind === 'call').length;
        writer.write(events.map((event, at) => ({ origin: file, event, place: at * 1000 })));
      }
      writer.finish();
    });
  }
  store.close();
  const ledger = Ledger.open(longOptions(folder));
  await ledger.refresh();
  ledger.close();
}

function addFile(store: Store, session: number): Origin {
  const row = store.get(
    'INSERT INTO files (agent, source, path, identity, size, modified_ms, born_ms, offset, tail, records, state, version) ' +
      "VALUES (?, 'sessions', ?, ?, 1, 0, 0, 1, '', 1, 'gone', 1) RETURNING id",
    store.idOf('claude-code'),
    `/home/dev/.claude/projects/p/${session}.jsonl`,
    String(session),
  );
  return { agent: 'claude-code', file: Number(row?.['id']), bornMs: session };
}

/** About fifty calls; one in a hundred sessions is long and goes on for days. */
function sessionEvents(session: number, random: () => number): LogEvent[] {
  const sessionId = `s-${session}`;
  const cwd = `/home/dev/code/project-${Math.floor(random() * projects)}`;
  const branch = random() < 0.6 ? 'main' : `feature/${Math.floor(random() * 40)}`;
  const isLong = random() < 0.01;
  let atMs = lastMs - Math.floor(random() * 730 * dayMs);
  const events: LogEvent[] = [{ kind: 'session', sessionId, cwd, branch }];
  let context = 12_000 + Math.floor(random() * 20_000);
  const prompts = isLong ? 80 : 1 + Math.floor(random() * 9);
  for (let turn = 0; turn < prompts; turn += 1) {
    atMs += 1000 * Math.floor(random() * (isLong ? 7000 : 900));
    const promptKey = `${sessionId}-p${turn}`;
    events.push({ kind: 'prompt', key: promptKey, atMs, sessionId, turn, place: turn, characters: 200 });
    const model = models[Math.floor(random() * 3)]!;
    for (let step = 2 + Math.floor(random() * 14); step > 0; step -= 1) {
      atMs += 1000 * (2 + Math.floor(random() * 40));
      const grown = 500 + Math.floor(random() * 2500);
      const isLost = random() < 0.01;
      const key = `${promptKey}-${step}`;
      events.push({
        kind: 'call',
        key,
        atMs,
        sessionId,
        model,
        inputTokens: 3,
        cacheReadTokens: isLost ? 0 : context,
        cacheWrite5mTokens: isLost ? context + grown : grown,
        cacheWrite1hTokens: 0,
        outputTokens: 50 + Math.floor(random() * 900),
        reasoningTokens: 0,
        quality: 'exact',
        promptKey,
        cwd,
        branch,
        ...(random() < 0.05 ? { isSubagent: true, agentName: 'Explore' } : {}),
      });
      context = context > 160_000 ? 30_000 : context + grown;
      if (step % 2 === 0)
        events.push({
          kind: 'tool',
          key: `${key}-t`,
          atMs: atMs + 800,
          sessionId,
          promptKey,
          name: 'Read',
          argumentsHash: String(step),
          resultCharacters: 900,
        });
    }
  }
  return events;
}
