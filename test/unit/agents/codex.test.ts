// Codex beyond the fixtures: what is no call (plan windows, compactions), the words at a place, where its logs lie.
import assert from 'node:assert/strict';
import { type Carry, type LineSource, type LogEvent } from '../../../src/agents/agent';
import { codex } from '../../../src/agents/codex';
import { bucketsOf, grown, type Streams, type Usage } from '../../../src/agents/codexTotals';
import { contextOf } from './fixtureCase';

const sessions = codex.sources.find((source): source is LineSource => source.id === 'sessions')!;

function eventsOf(...rows: readonly object[]): LogEvent[] {
  let carry: Carry | undefined;
  const events: LogEvent[] = [];
  rows.forEach((row, index) => {
    const line = JSON.stringify({ timestamp: `2026-11-02T10:00:0${index}.000Z`, ...row });
    const parsed = sessions.parseLine(line, index * 1000, carry, contextOf('/h/.codex/sessions/rollout-x.jsonl'));
    carry = parsed.carry;
    events.push(...parsed.events);
  });
  return events;
}

const counted = (input: number, last: number, limits?: object, contextTokens = last) => ({
  type: 'event_msg',
  payload: {
    type: 'token_count',
    info: {
      total_token_usage: { input_tokens: input, output_tokens: 0 },
      last_token_usage: { input_tokens: last, output_tokens: 0, total_tokens: contextTokens },
    },
    rate_limits: limits,
  },
});

describe('codex', () => {
  it('tells how full the plan windows are, once a change', () => {
    const limits = (used: number) => ({
      limit_id: 'codex',
      plan_type: 'plus',
      primary: { used_percent: used, window_minutes: 300, resets_at: 1_793_620_000 },
      secondary: { used_percent: 7, window_minutes: 10_080, resets_in_seconds: 3600 },
    });
    const windows = eventsOf(counted(10, 10, limits(41)), counted(20, 10, limits(41)), counted(30, 10, limits(42)));
    const found = windows.filter((event) => event.kind === 'plan-window');
    assert.deepEqual(found[0], {
      kind: 'plan-window',
      atMs: Date.parse('2026-11-02T10:00:00Z'),
      name: 'codex',
      windowMinutes: 300,
      usedPercent: 41,
      resetsAtMs: 1_793_620_000_000,
      plan: 'plus',
    });
    assert.deepEqual(
      found.filter((window) => window.windowMinutes === 300).map((window) => window.usedPercent),
      [41, 42],
    );
  });

  it('tells a compaction with the sizes of the context before and after', () => {
    const compacted = { type: 'compacted', payload: { message: 'summary' } };
    const events = eventsOf(counted(90_000, 90_000), compacted, counted(90_000, 0, undefined, 6066));
    const last = events.filter((event) => event.kind === 'compaction').at(-1);
    assert.deepEqual([last?.tokensBefore, last?.tokensAfter], [90_000, 6066]);
    assert.equal(events.filter((event) => event.kind === 'call').length, 1);
  });

  it('reads the words of a prompt again', () => {
    const asEvent = { type: 'event_msg', payload: { type: 'user_message', message: 'tidy up' } };
    const item = { type: 'UserMessage', content: [{ type: 'text', text: 'tidy up' }] };
    const asItem = { type: 'event_msg', payload: { type: 'item_completed', item } };
    for (const row of [asEvent, asItem]) assert.equal(codex.textAt?.(JSON.stringify(row), 0), 'tidy up');
  });

  it('looks where CODEX_HOME says, else below the home folder', () => {
    const at = (variables: Record<string, string>, platform: 'linux' | 'win32' = 'linux') =>
      sessions.folders({ home: platform === 'win32' ? 'C:\\u' : '/h', platform, variables, editorUserFolders: [] });
    assert.deepEqual(at({}), ['/h/.codex/sessions']);
    assert.deepEqual(at({}, 'win32'), ['C:\\u\\.codex\\sessions']);
    assert.deepEqual(at({ CODEX_HOME: '/a, /b' }), ['/a/sessions', '/b/sessions']);
  });
});

describe('codex totals', () => {
  const usage = (input: number, output: number): Usage => [input, 0, 0, output, 0];

  it('adds up to the total whatever rows are missing, as long as the total grows', () => {
    let streams: Streams = [usage(0, 0)];
    let sum = 0;
    for (const kept of [1, 4, 5, 9, 10]) {
      const step = grown(streams, usage(kept * 100, kept * 10), usage(100, 10));
      streams = step.streams;
      sum += step.added?.[0] ?? 0;
    }
    assert.equal(sum, 1000);
  });

  it('never gives a negative bucket', () => {
    for (const odd of [
      [5, 9, 9, 1, 9],
      [5, 0, 9, 0, 1],
      [0, 3, 3, 0, 0],
    ] as const) {
      for (const tokens of Object.values(bucketsOf(odd))) assert.ok(tokens >= 0);
    }
  });
});
