// The meter's one question, asked of an invented log: sums by the zone's days, budgets of every kind, the running
// session with its cache, sessions in circles, where its log stands.
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Budget } from '../../../src/ledger/budget';
import { type Ledger } from '../../../src/ledger/ledger';
import { type MeterFacts, type MeterQuery } from '../../../src/ledger/meterFacts';
import { type TempLedger, tempLedger } from './tempLedger';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
// Wednesday, 25 November 2026, 12:00 UTC.
const noon = Date.UTC(2026, 10, 25, 12);

interface CallWish {
  readonly atMs: number;
  readonly session?: string;
  readonly cwd?: string;
  readonly output?: number;
  readonly read?: number;
  readonly write5m?: number;
  readonly write1h?: number;
  readonly isSidechain?: boolean;
  readonly model?: string;
}

let count = 0;

/** One finished call of Claude Code's. At claude-opus-4-5's list price 40,000 output tokens are one dollar. */
function call(wish: CallWish): string {
  const n = (count += 1);
  const { write5m = 0, write1h = 0 } = wish;
  const row = {
    type: 'assistant',
    uuid: `u-${n}`,
    sessionId: wish.session ?? 's-1',
    timestamp: new Date(wish.atMs).toISOString(),
    cwd: wish.cwd ?? '/code/app',
    requestId: `req_${n}`,
    ...(wish.isSidechain && { isSidechain: true }),
    message: {
      id: `msg_${n}`,
      role: 'assistant',
      model: wish.model ?? 'claude-opus-4-5',
      stop_reason: 'end_turn',
      content: [{ type: 'text', text: 'Done.' }],
      usage: {
        input_tokens: 0,
        cache_creation_input_tokens: write5m + write1h,
        cache_creation: { ephemeral_5m_input_tokens: write5m, ephemeral_1h_input_tokens: write1h },
        cache_read_input_tokens: wish.read ?? 0,
        output_tokens: wish.output ?? 40_000,
      },
    },
  };
  return `${JSON.stringify(row)}\n`;
}

function prompt(atMs: number, session = 's-1'): string {
  const message = { role: 'user', content: 'Please go on.' };
  const row = { type: 'user', uuid: `p-${(count += 1)}`, sessionId: session, cwd: '/code/app', message };
  return `${JSON.stringify({ ...row, timestamp: new Date(atMs).toISOString() })}\n`;
}

/** The same tool with the same arguments and the same result. */
function toolUse(atMs: number): string {
  const n = (count += 1);
  const use = { type: 'tool_use', id: `toolu_${n}`, name: 'Bash', input: { command: 'make test' } };
  const asked = JSON.parse(call({ atMs, output: 10 })) as { message: { content: unknown } };
  asked.message.content = [use];
  const content = [{ type: 'tool_result', tool_use_id: use.id, content: 'make: nothing to do' }];
  const result = {
    type: 'user',
    uuid: `r-${n}`,
    sessionId: 's-1',
    cwd: '/code/app',
    message: { role: 'user', content },
  };
  return `${JSON.stringify(asked)}\n${JSON.stringify({ ...result, timestamp: new Date(atMs + 1000).toISOString() })}\n`;
}

describe('the meter’s facts', () => {
  let temp: TempLedger;
  let ledger: Ledger;
  beforeEach(() => {
    temp = tempLedger();
    ledger = temp.open();
  });
  afterEach(() => {
    ledger.close();
    temp.remove();
  });
  const query: MeterQuery = { nowMs: noon, timeZone: 'UTC', folders: [], budgets: [] };
  const ask = async (more: Partial<MeterQuery> = {}): Promise<MeterFacts> => {
    await ledger.refresh();
    return ledger.meterFacts({ ...query, ...more });
  };
  const cents = (row: { readonly costUsd?: number }) => Math.round((row.costUsd ?? 0) * 100);

  it('sums day, week and month as the zone has them', async () => {
    temp.write(
      'p/a.jsonl',
      [
        call({ atMs: Date.UTC(2026, 10, 1, 0) }),
        call({ atMs: Date.UTC(2026, 10, 23, 1) }),
        call({ atMs: Date.UTC(2026, 10, 24, 23, 30) }),
        call({ atMs: noon - hourMs }),
      ].join(''),
    );
    const utc = await ask();
    assert.deepEqual([utc.day, cents(utc.today), cents(utc.week), cents(utc.month)], ['2026-11-25', 100, 300, 400]);
    const berlin = await ask({ timeZone: 'Europe/Berlin' });
    assert.deepEqual([cents(berlin.today), cents(berlin.week), cents(berlin.month)], [200, 300, 400]);
    const newYork = await ask({ timeZone: 'America/New_York' });
    assert.deepEqual([cents(newYork.today), cents(newYork.week), cents(newYork.month)], [100, 200, 300]);
  });

  it('is a new day after midnight, whatever stood there before', async () => {
    temp.write('p/a.jsonl', call({ atMs: noon }));
    const midnight = Date.UTC(2026, 10, 26);
    assert.equal(cents((await ask({ nowMs: midnight - 1 })).today), 100);
    const after = await ask({ nowMs: midnight });
    assert.deepEqual([after.day, cents(after.today), cents(after.week)], ['2026-11-26', 0, 100]);
    // A clock that is put back shows the day before again.
    assert.equal(cents((await ask({ nowMs: midnight - hourMs })).today), 100);
  });

  it('judges budgets of every kind and unit', async () => {
    mkdirSync(join(temp.folder, 'lib', '.git'), { recursive: true });
    const lib = join(temp.folder, 'lib');
    temp.write(
      'p/a.jsonl',
      call({ atMs: noon - 3 * hourMs }) + call({ atMs: noon - 10 * minuteMs }) + call({ atMs: noon - 5 * minuteMs }),
    );
    temp.write('p/b.jsonl', call({ atMs: noon - 2 * hourMs, session: 's-2', cwd: join(lib, 'src') }));
    const budgets: Budget[] = [
      { id: 'day', period: 'day', unit: 'usd', limit: 5 },
      { id: 'week', period: 'week', unit: 'tokens', limit: 200_000 },
      { id: 'month', period: 'month', unit: 'credits', limit: 10 },
      { id: 'session', period: 'session', unit: 'usd', limit: 10 },
      { id: 'project lib', period: 'month', unit: 'usd', limit: 2, scope: lib },
      { id: 'project app', period: 'project', unit: 'usd', limit: 6, scope: '/code/app', sinceMs: 0 },
      { id: 'task 1', period: 'task', unit: 'usd', limit: 2, scope: '/code/app', sinceMs: noon - 6 * minuteMs },
      { id: 'task 2', period: 'task', unit: 'usd', limit: 2, sinceMs: noon - 150 * minuteMs },
    ];
    const facts = await ask({ budgets, folders: ['/code/app'] });
    assert.deepEqual(
      facts.budgets.map(({ state }) => [state.budget.id, Math.round(state.spent * 100) / 100, state.level]),
      [
        ['day', 4, 'near'],
        ['week', 160_000, 'near'],
        ['month', 0, 'calm'],
        ['session', 3, 'calm'],
        ['project lib', 1, 'calm'],
        ['project app', 3, 'calm'],
        ['task 1', 1, 'calm'],
        ['task 2', 3, 'over'],
      ],
    );
    assert.equal(facts.budgets[3]!.state.period, 's-1');
    assert.ok(Math.abs(facts.burn.lastHour - 2) < 1e-9);
    const [day] = facts.budgets;
    assert.ok(day!.toLimit!.soonestMs < hourMs);
    // What was spent in another project brings this one's limit no nearer.
    assert.equal(facts.budgets[4]!.toLimit, undefined);
  });

  it('says that a sum is a lower bound', async () => {
    temp.write('p/a.jsonl', call({ atMs: noon, model: 'mystery-1' }) + call({ atMs: noon }));
    const { budgets } = await ask({ budgets: [{ id: 'day', period: 'day', unit: 'usd', limit: 9 }] });
    assert.equal(budgets[0]!.state.isAtLeast, true);
  });

  it('forecasts from the past, not from one morning', async () => {
    temp.write('p/a.jsonl', call({ atMs: noon - hourMs }));
    assert.deepEqual((await ask()).forecasts, {});
    const past = Array.from({ length: 70 }, (_, day) => call({ atMs: noon + 2 * hourMs - (day + 1) * 24 * hourMs }));
    temp.write('p/b.jsonl', past.join(''));
    const { forecasts } = await ask({ nowMs: noon + 11 * minuteMs });
    assert.equal(Math.round(forecasts.day!.low * 100), 200);
    assert.equal(Math.round(forecasts.day!.high * 100), 200);
    assert.ok(forecasts.month!.middle > forecasts.week!.middle);
  });

  describe('the running session', () => {
    it('is the latest one here, with context, costs and cache', async () => {
      temp.write(
        'p/a.jsonl',
        prompt(noon - 30 * minuteMs) +
          call({ atMs: noon - 29 * minuteMs, write1h: 100_000, output: 0 }) +
          prompt(noon - 20 * minuteMs) +
          call({ atMs: noon - 19 * minuteMs, read: 100_000, output: 40_000 }) +
          call({ atMs: noon - 18 * minuteMs, isSidechain: true, output: 40_000 }),
      );
      temp.write('p/b.jsonl', call({ atMs: noon - minuteMs, session: 's-2', cwd: '/code/other' }));
      const { session } = await ask({ folders: ['/code/app'] });
      assert.ok(session?.cache);
      assert.deepEqual(
        [
          session.sessionId,
          session.agent,
          session.model,
          session.contextTokens,
          session.contextWindow,
          session.besides,
        ],
        ['s-1', 'claude-code', 'claude-opus-4-5', 140_000, 200_000, 0],
      );
      // Opus 4.5: 5 dollars a million in, 25 out, cache read 0.5, one-hour write 10.
      assert.deepEqual([cents(session.totals), cents(session.lastPrompt!)], [305, 205]);
      assert.equal(session.cache.warmUntilMs, noon - 19 * minuteMs + hourMs);
      assert.ok(Math.abs(session.cache.coldUsd! - 1.4) < 1e-9);
      assert.ok(Math.abs(session.cache.warmUsd! - 0.07) < 1e-9);
      assert.equal((await ask()).session?.sessionId, 's-2');
      assert.equal((await ask({ folders: ['/code/app', '/code/other'] })).session?.besides, 0);
    });

    it('has a cache of five minutes where the log says so, and none where it says nothing', async () => {
      temp.write('p/a.jsonl', call({ atMs: noon, write5m: 30_000 }));
      assert.equal((await ask()).session?.cache?.lifetimeMs, 5 * minuteMs);
      temp.write('p/b.jsonl', call({ atMs: noon + 1, session: 's-2' }));
      assert.equal((await ask({ nowMs: noon + 2 })).session?.cache, undefined);
    });

    it('has no window where more is in it than it holds', async () => {
      temp.write('p/a.jsonl', call({ atMs: noon, read: 600_000 }));
      const { session } = await ask();
      assert.deepEqual([session?.contextTokens, session?.contextWindow], [640_000, undefined]);
    });

    it('is none after hours of silence, nor in a folder where none ran', async () => {
      temp.write('p/a.jsonl', call({ atMs: noon - 7 * hourMs }));
      assert.equal((await ask()).session, undefined);
      temp.write('p/b.jsonl', call({ atMs: noon }));
      assert.equal((await ask({ folders: ['/code'] })).session?.sessionId, 's-1');
      assert.equal((await ask({ folders: ['/code/ap'] })).session, undefined);
      assert.equal((await ask({ folders: [temp.folder] })).session, undefined);
    });
  });

  it('sees a session go in circles while it does, and where its log stands', async () => {
    const uses = Array.from({ length: 8 }, (_, at) => toolUse(noon - (9 - at) * minuteMs));
    const file = temp.write('p/a.jsonl', prompt(noon - 20 * minuteMs) + uses.join(''));
    const [seen, ...more] = (await ask()).runaways;
    assert.deepEqual(
      [seen?.kind, seen?.tool, seen?.sessionId, seen?.agent],
      ['same-call', 'Bash', 's-1', 'claude-code'],
    );
    assert.deepEqual(more, []);
    assert.deepEqual((await ask({ isRunawayOff: true })).runaways, []);
    assert.deepEqual(ledger.sessionLog('claude-code', 's-1'), { path: file, line: 15 });
    assert.deepEqual((await ask({ nowMs: noon + 10 * minuteMs })).runaways, []);
    appendFileSync(file, prompt(noon));
    assert.deepEqual((await ask({ nowMs: noon + 1000 })).runaways, []);
    assert.equal(ledger.sessionLog('claude-code', 's-9'), undefined);
    rmSync(file);
    assert.equal(ledger.sessionLog('claude-code', 's-1'), undefined);
  });

  it('is empty on an empty store', async () => {
    const facts = await ask({
      budgets: [{ id: 'session', period: 'session', unit: 'usd', limit: 1 }],
      folders: ['/x'],
    });
    assert.deepEqual([cents(facts.today), facts.session, facts.budgets, facts.runaways], [0, undefined, [], []]);
    assert.deepEqual([facts.forecasts, facts.planWindows, facts.todayByModel], [{}, [], []]);
  });
});
