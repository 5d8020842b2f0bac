// The page's figures are those of `totals`, by every dimension and under every filter; hostile names stay texts.
import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { agents } from '../../../src/agents/agents';
import { type Ledger } from '../../../src/ledger/ledger';
import { type TotalsBy, type TotalsRow } from '../../../src/ledger/totals';
import { pageModel, pageQuery } from '../../../src/report/pageModel';
import { type PageModel, type PageRequest, type PageSurroundings } from '../../../src/report/pageShapes';
import { callLine, tempLedger, type TempLedger } from '../ledger/tempLedger';

const timeZone = 'Europe/Stockholm';
const everything: PageRequest = { since: '2000-01-01', until: '2100-01-01', stackBy: 'model' };

function fill(words: string, ...values: string[]): string {
  return words.replace(/\{(\d)\}/g, (_, index: string) => values[Number(index)] ?? '');
}

const surroundings: PageSurroundings = {
  t: fill,
  locale: 'en',
  timeZone,
  machine: 'this machine',
  pricesAsOf: '2026-09-23',
  agentLabel: (id) => id,
};

function page(ledger: Ledger, request: PageRequest): PageModel {
  return pageModel(ledger.pageFacts(pageQuery(request, timeZone)), request, surroundings);
}

/** Cost and tokens of a section's rows, by what stands first. */
function figuresOf(model: PageModel, id: string): Map<string, [cost: number | undefined, tokens: number | undefined]> {
  const section = model.sections.find((one) => one.id === id);
  return new Map(section?.table.rows.map(([first, cost, tokens]) => [first!.text, [cost!.value, tokens!.value]]));
}

function isClose(a: number | undefined, b: number | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && Math.abs(a - b) < 1e-9 * Math.max(1, a));
}

describe('the page', () => {
  let temp: TempLedger;
  let ledger: Ledger;

  afterEach(() => {
    ledger.close();
    temp.remove();
  });

  it('shows what totals say, on all fixtures and under filters', async function () {
    this.timeout(120_000);
    temp = tempLedger(agents);
    for (const agent of readdirSync('test/fixtures/agents'))
      for (const name of readdirSync(join('test/fixtures/agents', agent))) {
        const home = join('test/fixtures/agents', agent, name, 'home');
        if (existsSync(home)) cpSync(home, temp.options.environment.home, { recursive: true });
      }
    ledger = temp.open();
    await ledger.refresh();
    const model = ledger.totals({ by: 'model', timeZone }).rows.find(({ key }) => key !== '')!.key;
    for (const request of [
      everything,
      { ...everything, agent: 'claude-code' },
      { ...everything, model },
      { ...everything, since: '2026-11-01', until: '2026-11-15' },
    ]) {
      const shown = page(ledger, request);
      for (const [id, by] of [
        ['days', 'day'],
        ['models', 'model'],
        ['agents', 'agent'],
        ['projects', 'project'],
      ] as const satisfies readonly (readonly [string, TotalsBy])[]) {
        const { rows } = ledger.totals({ ...pageQuery(request, timeZone), by });
        const found = figuresOf(shown, id);
        assert.equal(found.size, Math.min(50, rows.length), `${id} of ${JSON.stringify(request)}`);
        for (const row of rows) {
          const figures = found.get(row.key || '(not logged)');
          if (!figures && rows.length > 50) continue;
          assert.ok(figures, `${id} lacks ${row.key}`);
          assert.ok(isClose(figures[0], row.costUsd), `${id} ${row.key}: ${figures[0]} for ${row.costUsd}`);
          assert.equal(figures[1], row.totalTokens);
        }
      }
      const { totals } = ledger.totals({ ...pageQuery(request, timeZone), by: 'day' });
      assert.ok(isClose(shown.tiles[0]!.value, totals.costUsd));
      assert.equal(shown.tiles[1]!.value, totals.totalTokens);
      const drawn = shown.chart.series.flatMap(({ values }) => values).reduce((sum, usd) => sum + usd, 0);
      assert.ok(Math.abs(drawn - (totals.costUsd ?? 0)) < 1e-6, `the bars sum to ${drawn}, not ${totals.costUsd}`);
      sessionsAgree(ledger, shown, request);
    }
  });

  function sessionsAgree(of: Ledger, shown: PageModel, request: PageRequest): void {
    const sums = new Map<string, TotalsRow>(
      of.totals({ ...pageQuery(request, timeZone), by: 'session' }).rows.map((row) => [row.key, row]),
    );
    // Sessions of two agents may bear one name; totals sum these up.
    const names = of.sessions().map(({ sessionId }) => sessionId);
    const isOnce = (name: string) => names.indexOf(name) === names.lastIndexOf(name);
    const rows = shown.sections.find(({ id }) => id === 'sessions')?.table.rows ?? [];
    for (const row of rows.filter(([first]) => isOnce(first!.text)))
      assert.ok(isClose(row[5]!.value, sums.get(row[0]!.text)?.costUsd), row[0]!.text);
  }

  it('is empty where nothing is logged', () => {
    temp = tempLedger();
    ledger = temp.open();
    const model = page(ledger, everything);
    assert.equal(model.isEmpty, true);
    assert.deepEqual(model.sections, []);
  });

  it('names the dearest prompts and why they were dear', async () => {
    temp = tempLedger();
    temp.write('a/one.jsonl', cacheLoss());
    ledger = temp.open();
    await ledger.refresh();
    const facts = ledger.pageFacts(pageQuery(everything, timeZone));
    assert.equal(facts.cache.rebuilt.calls, 1);
    assert.equal(facts.cache.rebuilt.tokens, 60_000);
    assert.ok(facts.cache.rebuilt.usd > 0);
    assert.equal(facts.dearestPrompts.length, 2);
    const [dearest] = facts.dearestPrompts;
    assert.equal(dearest!.key, 'second');
    assert.deepEqual(dearest!.reasons, [{ kind: 'cache-rebuilt', amount: 60_000 }]);
    assert.equal(facts.promptCount, 2);
    assert.deepEqual(
      facts.newSessions.map(({ sessions, tokens }) => [sessions, tokens]),
      [[1, 60_000]],
    );
    const byPrompt = ledger.totals({ by: 'prompt', timeZone }).rows;
    for (const prompt of facts.dearestPrompts)
      assert.ok(isClose(prompt.costUsd, byPrompt.find(({ key }) => key === prompt.key)?.costUsd));
  });

  it('takes every figure of its own tables apart: the total, the largest loss, the session or call in the middle', async () => {
    temp = tempLedger();
    temp.write('a/one.jsonl', cacheLoss());
    ledger = temp.open();
    await ledger.refresh();
    const facts = ledger.pageFacts(pageQuery(everything, timeZone));
    const speed = { agent: 'claude-code', model: 'm', tokensPerSecond: 50, calls: 10, callKey: 'msg_4' } as const;
    const model = pageModel({ ...facts, speeds: [speed] }, everything, surroundings);
    const actions = (id: string, column: number) =>
      model.sections.find((one) => one.id === id)!.table.rows.map((row) => row[column]!.action);
    const session = facts.newSessions[0]!.sessionId;
    assert.equal(ledger.explain(session, timeZone)?.kind, 'session');
    assert.deepEqual(actions('overhead', 3), [{ kind: 'explain', target: session }]);
    assert.deepEqual(actions('speeds', 2), [{ kind: 'explain', target: 'msg_4' }]);
    const largest = facts.cache.rebuilt.largestKey!;
    assert.equal(ledger.explain(largest, timeZone)?.kind, 'call');
    assert.deepEqual(actions('cache', 0).at(-1), { kind: 'explain', target: largest });
    assert.ok(actions('cache', 0).every((action) => action !== undefined));
  });

  it('offers the remedies for what has no price', async () => {
    temp = tempLedger();
    temp.write('a/one.jsonl', callLine(5).replace('claude-opus-4-5', 'house-<b>model'));
    ledger = temp.open();
    await ledger.refresh();
    const section = page(ledger, everything).sections.find(({ id }) => id === 'unpriced');
    assert.deepEqual(section?.table.rows[0]?.[3]?.action, {
      kind: 'command',
      name: 'addPrice',
      argument: 'house-<b>model',
    });
    assert.equal(section.table.rows[0][0]!.text, 'house-<b>model');
  });
});

/** Two prompts; at the second the cache has gone, the context has not. */
function cacheLoss(): string {
  const prompt = (uuid: string, at: string) => ({
    type: 'user',
    uuid,
    sessionId: 's-1',
    timestamp: at,
    cwd: '/code/app',
    message: { role: 'user', content: 'Please do.' },
  });
  const call = (id: string, at: string, read: number, write: number) => ({
    type: 'assistant',
    uuid: `u-${id}`,
    sessionId: 's-1',
    timestamp: at,
    cwd: '/code/app',
    requestId: `req_${id}`,
    message: {
      id: `msg_${id}`,
      role: 'assistant',
      model: 'claude-opus-4-5',
      stop_reason: 'end_turn',
      content: [],
      usage: { input_tokens: 0, cache_creation_input_tokens: write, cache_read_input_tokens: read, output_tokens: 10 },
    },
  });
  return [
    prompt('first', '2026-11-02T09:00:00.000Z'),
    call('1', '2026-11-02T09:00:10.000Z', 0, 60_000),
    prompt('second', '2026-11-02T11:00:00.000Z'),
    call('2', '2026-11-02T11:00:10.000Z', 0, 61_000),
  ]
    .map((row) => `${JSON.stringify(row)}\n`)
    .join('');
}
