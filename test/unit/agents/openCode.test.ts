// What the contract's fixtures cannot show of OpenCode and Kilo Code: folders, a message that is finished later, places.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type AgentEnvironment, type DatabaseSource, type LogEvent } from '../../../src/agents/agent';
import { kiloCode } from '../../../src/agents/kiloCode';
import { openCode } from '../../../src/agents/openCode';
import { Ledger } from '../../../src/ledger/ledger';
import { contextOf } from './fixtureCase';

const linux: AgentEnvironment = {
  home: '/home/ann',
  platform: 'linux',
  variables: {},
  editorUserFolders: ['/home/ann/.config/Code/User', '/home/ann/.vscode-server/data/User'],
};
const withVariables = (variables: Record<string, string>) => ({ ...linux, variables });

function database(): DatabaseSource {
  const source = openCode.sources[0]!;
  assert.equal(source.kind, 'database');
  return source;
}

function rowEvents(data: unknown): readonly LogEvent[] {
  const query = database().queries.find(({ id }) => id === 'messages')!;
  const row = { id: 'msg_1', session_id: 'ses_1', time_updated: 1, data: JSON.stringify(data) };
  return query.parseRow(row, contextOf('/db')).events;
}

describe('agents: OpenCode and Kilo Code', () => {
  it('look where their variables and XDG say', () => {
    const first = (source: { folders: DatabaseSource['folders'] }, variables: Record<string, string>) =>
      source.folders(withVariables(variables))[0];
    assert.equal(first(database(), {}), '/home/ann/.local/share/opencode/opencode.db');
    assert.equal(first(database(), { XDG_DATA_HOME: '/data' }), '/data/opencode/opencode.db');
    assert.equal(first(database(), { OPENCODE_DATA_DIR: '/oc' }), '/oc/opencode.db');
    assert.equal(first(database(), { OPENCODE_DB: '/elsewhere/mine.db' }), '/elsewhere/mine.db');
    const [tasks, kilo] = kiloCode.sources;
    assert.equal(first(kilo!, { KILO_DATA_DIR: '/kilo' }), '/kilo/kilo.db');
    assert.equal(first(kilo!, { KILO_DATA_DIR: '/kilo', KILO_DB: 'mine.db' }), '/kilo/mine.db');
    assert.deepEqual(tasks!.folders(linux), [
      '/home/ann/.config/Code/User/globalStorage/kilocode.kilo-code/tasks',
      '/home/ann/.vscode-server/data/User/globalStorage/kilocode.kilo-code/tasks',
    ]);
  });

  it('name the databases, so that nobody walks the snapshots beside them', () => {
    const files = database().folders(linux);
    assert.ok(files.includes('/home/ann/.local/share/opencode/opencode-dev.db'));
    assert.ok(files.every((file) => file.endsWith('.db')));
    assert.ok(database().owns('opencode.db'));
    assert.ok(!database().owns('opencode.db-wal'));
  });

  it('count a message once it is finished, with the figures it then has', () => {
    const message = {
      role: 'assistant',
      modelID: 'm',
      providerID: 'p',
      time: { created: 1793602800000 },
      tokens: { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
    };
    assert.deepEqual(rowEvents(message), []);
    const tokens = { input: 5, output: 6, reasoning: 2, total: 20, cache: { read: 7, write: 0 } };
    const [call] = rowEvents({
      ...message,
      tokens,
      finish: 'stop',
      time: { created: 1793602800000, completed: 1793602801000 },
    });
    assert.ok(call?.kind === 'call');
    assert.deepEqual([call.inputTokens, call.cacheReadTokens, call.outputTokens, call.reasoningTokens], [5, 7, 8, 2]);
    assert.equal(call.unrecordedOutputTokens, undefined);
  });

  it('find a title and a prompt again in a row', () => {
    assert.equal(openCode.textAt?.('{"id":"ses_1","title":"A title"}', 'ses_1'), 'A title');
    assert.equal(
      openCode.textAt?.(JSON.stringify({ id: 'prt_1', data: '{"type":"text","text":"Do it"}' }), 'prt_1'),
      'Do it',
    );
    const exported = '{"info":{"title":"T"},"messages":[{"parts":[{"type":"text","text":"Go"}]}]}';
    assert.equal(openCode.textAt?.(exported, '/messages/0/parts/0/text'), 'Go');
    assert.equal(kiloCode.textAt?.('[{"say":"text","text":"A task"}]', '/0/text'), 'A task');
  });

  it('are read while they write: a message counts from the refresh after its end, a fork adds nothing', async () => {
    const home = mkdtempSync(join(tmpdir(), 'tokenometer-opencode-'));
    const folder = join(home, '.local', 'share', 'opencode');
    mkdirSync(folder, { recursive: true });
    const database = new DatabaseSync(join(folder, 'opencode.db'));
    database.exec(`PRAGMA journal_mode = WAL;
      CREATE TABLE session (id text PRIMARY KEY, parent_id text, directory text, title text, version text, time_created integer, time_updated integer);
      CREATE TABLE message (id text PRIMARY KEY, session_id text, time_created integer, time_updated integer, data text);
      CREATE TABLE part (id text PRIMARY KEY, message_id text, session_id text, time_created integer, time_updated integer, data text);`);
    const startMs = 1793602800000;
    const write = (id: string, session: string, updatedMs: number, output: number, completed?: number) => {
      const tokens = { input: 10, output, reasoning: 0, cache: { read: 5, write: 0 }, total: 15 + output };
      const data = { role: 'assistant', modelID: 'm', providerID: 'p', time: { created: startMs, completed }, tokens };
      database
        .prepare('INSERT OR REPLACE INTO message VALUES (?, ?, ?, ?, ?)')
        .run(id, session, startMs, updatedMs, JSON.stringify(data));
    };
    const environment: AgentEnvironment = { ...linux, home, editorUserFolders: [] };
    const now = () => startMs + 60_000;
    const ledger = Ledger.open({ dataFolder: join(home, 'store'), environment, now, agents: [openCode] });
    const outputAfter = async () => {
      await ledger.refresh();
      const { calls, outputTokens } = ledger.totals({ by: 'agent', timeZone: 'UTC' }).totals;
      return [calls, outputTokens];
    };
    try {
      database
        .prepare('INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run('ses_1', null, '/w', 't', '1', startMs, startMs);
      write('msg_1', 'ses_1', startMs, 0);
      assert.deepEqual(await outputAfter(), [0, 0]);
      write('msg_1', 'ses_1', startMs + 900, 40, startMs + 900);
      assert.deepEqual(await outputAfter(), [1, 40]);
      database
        .prepare('INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run('ses_2', null, '/w', 't', '1', startMs + 5000, startMs + 5000);
      write('msg_2', 'ses_2', startMs + 5000, 40, startMs + 900);
      assert.deepEqual(await outputAfter(), [1, 40]);
    } finally {
      ledger.close();
      database.close();
      rmSync(home, { recursive: true, force: true });
    }
  });
});
