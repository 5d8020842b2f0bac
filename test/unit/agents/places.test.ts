// Where an event says that a text stands, it stands: titles and prompts of every fixture are read again through the
// ledger, of lines, documents and databases alike; and prompts are numbered where the log does not.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Agent } from '../../../src/agents/agent';
import { agents } from '../../../src/agents/agents';
import { claudeCode } from '../../../src/agents/claudeCode';
import { copilotCli } from '../../../src/agents/copilotCli';
import { openCode } from '../../../src/agents/openCode';
import { Ledger } from '../../../src/ledger/ledger';
import { environmentOf, fixturesFolder, makeHome } from './fixtureCase';

interface Texts {
  readonly titles: readonly (string | undefined)[];
  readonly prompts: readonly {
    readonly text: string | undefined;
    readonly characters: number;
    readonly turn: number;
  }[];
}

async function textsOf(agent: Agent, home: string): Promise<Texts> {
  const dataFolder = join(home, 'tokenometer-data');
  const ledger = Ledger.open({ dataFolder, environment: environmentOf(home), now: () => Date.now(), agents: [agent] });
  try {
    await ledger.refresh();
    const sessions = ledger.sessions();
    return {
      titles: sessions.filter(({ hasTitle }) => hasTitle).map((one) => ledger.sessionTitle(agent.id, one.sessionId)),
      prompts: sessions.flatMap((session) =>
        ledger.prompts(agent.id, session.sessionId).map(({ key, characters, turn }) => {
          return { text: ledger.promptText(agent.id, key), characters, turn };
        }),
      ),
    };
  } finally {
    ledger.close();
  }
}

/** Agents with databases, and a case of each in which sessions have titles. */
const titled: Readonly<Record<string, string>> = {
  opencode: 'database',
  'kilo-code': 'database',
  'copilot-cli': 'store-with-words',
  cursor: 'figures-and-texts',
  goose: 'lifetime-sums',
  zed: 'sums-of-a-thread',
  crush: 'cost-without-tokens',
};

describe('agents: what sessions were about', () => {
  for (const agent of agents) {
    for (const name of readdirSync(join(fixturesFolder, agent.id))) {
      it(`${agent.id}, ${name}: every title and prompt is found again`, async () => {
        const home = makeHome(join(fixturesFolder, agent.id, name));
        try {
          const { titles, prompts } = await textsOf(agent, home);
          for (const title of titles) assert.ok(title, 'a title was announced and is not there');
          for (const { text, characters } of prompts) {
            assert.ok(text, 'a prompt was announced and is not there');
            if (characters > 0) assert.equal(text.length, characters);
          }
          if (titled[agent.id] === name) assert.ok(titles.length > 0, 'no session has a title');
        } finally {
          rmSync(home, { recursive: true, force: true });
        }
      });
    }
  }

  it('claude-code: the title that a person gave stays, whatever the agent thinks of afterwards', async () => {
    const home = makeHome(join(fixturesFolder, 'claude-code', 'prompts-tools-sessions'));
    try {
      assert.deepEqual((await textsOf(claudeCode, home)).titles, ['My title quokkamarker']);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});

const page = { since: '2026-11-02', until: '2026-11-02', stackBy: 'model', timeZone: 'UTC' } as const;

const openCodeTables = `
  CREATE TABLE session (id text PRIMARY KEY, parent_id text, directory text, title text, version text, time_created integer, time_updated integer);
  CREATE TABLE message (id text PRIMARY KEY, session_id text, time_created integer, time_updated integer, data text);
  CREATE TABLE part (id text PRIMARY KEY, message_id text, session_id text, time_created integer, time_updated integer, data text);`;
const startMs = 1793602800000;

/** A home with an OpenCode database, and what writes into it. */
class OpenCodeHome {
  readonly home = mkdtempSync(join(tmpdir(), 'tokenometer-places-'));
  readonly #database: DatabaseSync;
  #at = 0;

  constructor() {
    const folder = join(this.home, '.local', 'share', 'opencode');
    mkdirSync(folder, { recursive: true });
    this.#database = new DatabaseSync(join(folder, 'opencode.db'));
    this.#database.exec(openCodeTables);
  }

  session(id: string, title: string, parent: string | null = null): void {
    const insert = this.#database.prepare('INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?, ?, ?, ?)');
    insert.run(id, parent, '/w', title, '1.18.33', startMs, startMs + this.#at);
  }

  /** A user's message of these parts, and its answer. */
  ask(session: string, ...parts: readonly object[]): void {
    this.#at += 10_000;
    const [id, atMs] = [`msg_${session}_${this.#at}`, startMs + this.#at];
    const message = this.#database.prepare('INSERT INTO message VALUES (?, ?, ?, ?, ?)');
    message.run(id, session, atMs, atMs, JSON.stringify({ role: 'user', time: { created: atMs } }));
    for (const [index, part] of parts.entries()) {
      const values = [`prt_${session}_${this.#at}_${index}`, id, session, atMs, atMs, JSON.stringify(part)] as const;
      this.#database.prepare('INSERT INTO part VALUES (?, ?, ?, ?, ?, ?)').run(...values);
    }
    const time = { created: atMs + 1000, completed: atMs + 2000 };
    const tokens = { input: this.#at, output: 10, reasoning: 0, cache: { read: 0, write: 0 }, total: this.#at + 10 };
    const answer = { role: 'assistant', parentID: id, modelID: 'claude-opus-4-5', time, tokens, finish: 'stop' };
    message.run(`${id}_answer`, session, time.created, time.completed, JSON.stringify(answer));
  }

  remove(): void {
    this.#database.close();
    rmSync(this.home, { recursive: true, force: true });
  }
}

const typed = (text: string) => ({ type: 'text', text });

describe('agents: prompts of an OpenCode database', () => {
  let opened: OpenCodeHome;
  beforeEach(() => (opened = new OpenCodeHome()));
  afterEach(() => opened.remove());

  it('are numbered in the order in which they were sent, also when more come later', async () => {
    opened.session('ses_1', 'Mend the fence');
    opened.ask('ses_1', typed('one'));
    opened.ask('ses_1', typed('two, longer'));
    const first = await textsOf(openCode, opened.home);
    assert.deepEqual(first.titles, ['Mend the fence']);
    assert.deepEqual(
      first.prompts.map(({ text, turn }) => [text, turn]),
      [
        ['one', 0],
        ['two, longer', 1],
      ],
    );
    opened.ask('ses_1', typed('three'));
    const second = await textsOf(openCode, opened.home);
    assert.deepEqual(
      second.prompts.map(({ text, turn }) => [text, turn]),
      [
        ['one', 0],
        ['two, longer', 1],
        ['three', 2],
      ],
    );
  });

  it('are what the person typed: the first of it, nothing that the program or a plugin added', async () => {
    opened.session('ses_1', 'Mend the fence');
    opened.ask('ses_1', { ...typed('a reminder'), synthetic: true }, typed('typed'), typed('typed too'));
    opened.ask('ses_1', { type: 'compaction', auto: true });
    opened.ask('ses_1', { ...typed('go on'), synthetic: true });
    opened.ask('ses_1', { ...typed('for the plugin only'), ignored: true });
    opened.ask('ses_1', typed('next'));
    const { prompts } = await textsOf(openCode, opened.home);
    assert.deepEqual(
      prompts.map(({ text, turn }) => [text, turn]),
      [
        ['typed', 0],
        ['next', 1],
      ],
    );
  });

  it('are not what a subagent is asked by its parent', async () => {
    opened.session('ses_1', 'Mend the fence');
    opened.ask('ses_1', typed('one'));
    opened.session('ses_2', 'Find the hammer', 'ses_1');
    opened.ask('ses_2', typed('Look in the shed'));
    const { prompts, titles } = await textsOf(openCode, opened.home);
    assert.deepEqual(
      prompts.map(({ text }) => text),
      ['one'],
    );
    assert.deepEqual([...titles].sort(), ['Find the hammer', 'Mend the fence']);
  });

  it('answer for what the program asked of itself after them', async () => {
    opened.session('ses_1', 'Mend the fence');
    opened.ask('ses_1', typed('one'));
    opened.ask('ses_1', { ...typed('go on'), synthetic: true });
    opened.ask('ses_1', typed('two'));
    const dataFolder = join(opened.home, 'tokenometer-data');
    const environment = environmentOf(opened.home);
    const ledger = Ledger.open({ dataFolder, environment, now: () => Date.now(), agents: [openCode] });
    try {
      await ledger.refresh();
      const expected = [
        [0, 2],
        [1, 1],
      ];
      assert.deepEqual(
        ledger.promptWork({ sinceMs: 0, most: 10 }).map(({ turn, requests }) => [turn, requests]),
        expected,
      );
      assert.deepEqual(
        ledger.prompts('opencode', 'ses_1').map(({ turn, totals }) => [turn, totals.calls]),
        expected,
      );
      const { dearestPrompts, sessions } = ledger.pageFacts(page);
      assert.deepEqual(
        dearestPrompts.map(({ key, calls }) => [ledger.promptText('opencode', key), calls]),
        [
          ['one', 2],
          ['two', 1],
        ],
      );
      assert.deepEqual(
        sessions.map(({ key, prompts }) => [ledger.sessionTitle('opencode', key), prompts]),
        [['Mend the fence', 2]],
      );
      const late = { sinceMs: startMs + 25_000, most: 10 };
      assert.deepEqual(
        ledger.promptWork(late).map(({ turn, requests }) => [turn, requests]),
        [[1, 1]],
      );
    } finally {
      ledger.close();
    }
  });

  it('stand for a title that nobody gave yet, until one is given', async () => {
    opened.session('ses_1', 'New session - 2026-11-02T07:00:00.000Z');
    opened.ask('ses_1', typed('one'));
    assert.deepEqual((await textsOf(openCode, opened.home)).titles, []);
    opened.session('ses_1', 'Mend the fence');
    assert.deepEqual((await textsOf(openCode, opened.home)).titles, ['Mend the fence']);
  });

  it('are gone without a fuss when the database is', async () => {
    opened.session('ses_1', 'Mend the fence');
    opened.ask('ses_1', typed('one'));
    await textsOf(openCode, opened.home);
    rmSync(join(opened.home, '.local'), { recursive: true });
    const { titles, prompts } = await textsOf(openCode, opened.home);
    assert.deepEqual(titles, [undefined]);
    assert.deepEqual(
      prompts.map(({ text }) => text),
      [undefined],
    );
  });
});

describe('agents: prompts of a Copilot session', () => {
  const fixture = (name: string) => makeHome(join(fixturesFolder, 'copilot-cli', name));

  it('share no total of a run that had several of them', async () => {
    const home = fixture('run-of-two-prompts');
    const dataFolder = join(home, 'tokenometer-data');
    const environment = environmentOf(home);
    const ledger = Ledger.open({ dataFolder, environment, now: () => Date.now(), agents: [copilotCli] });
    try {
      await ledger.refresh();
      const { totals } = ledger.totals({ by: 'session', timeZone: 'UTC' });
      assert.equal(totals.inputTokens, 7000);
      const prompts = ledger.prompts('copilot-cli', 's-run');
      assert.deepEqual(
        prompts.map(({ turn, totals: own }) => [turn, own.calls]),
        [
          [0, 0],
          [1, 0],
        ],
      );
      assert.deepEqual(ledger.pageFacts(page).dearestPrompts, []);
      assert.deepEqual(ledger.promptWork({ sinceMs: 0, most: 10 }), []);
    } finally {
      ledger.close();
      rmSync(home, { recursive: true, force: true });
    }
  });

  it('come from its store where its events are gone; where they are not, these know better', async () => {
    const home = fixture('store-with-words');
    const dataFolder = join(home, 'tokenometer-data');
    const environment = environmentOf(home);
    const ledger = Ledger.open({ dataFolder, environment, now: () => Date.now(), agents: [copilotCli] });
    const promptsOf = (session: string) =>
      ledger
        .prompts('copilot-cli', session)
        .map(({ key, turn, atMs }) => [ledger.promptText('copilot-cli', key), turn, new Date(atMs).toISOString()]);
    try {
      await ledger.refresh();
      assert.equal(ledger.sessionTitle('copilot-cli', 's-store'), 'quokkamarker opens');
      assert.deepEqual(promptsOf('s-store'), [
        ['quokkamarker opens', 0, '2026-11-02T09:00:08.000Z'],
        ['quokkamarker goes on', 1, '2026-11-02T09:02:08.000Z'],
      ]);
      assert.equal(ledger.sessionTitle('copilot-cli', 's-both'), 'quokkamarker, renamed');
      assert.deepEqual(promptsOf('s-both'), [['quokkamarker first', 0, '2026-11-02T10:00:01.000Z']]);
    } finally {
      ledger.close();
      rmSync(home, { recursive: true, force: true });
    }
  });
});
