import assert from 'node:assert/strict';
import { type Ledger } from '../../../src/ledger/ledger';
import { type TempLedger, tempLedger } from './tempLedger';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 2, 9, minute)).toISOString();
const common = (session: string, minute: number) => ({
  uuid: `${session}-${minute}`,
  sessionId: session,
  timestamp: at(minute),
  cwd: '/code/app',
  version: '2.1.330',
});

function prompt(session: string, minute: number, text: string): string {
  return `${JSON.stringify({ type: 'user', ...common(session, minute), message: { role: 'user', content: text } })}\n`;
}

interface Usage {
  readonly model?: string;
  readonly written?: number;
  readonly read?: number;
  readonly output?: number;
  readonly tool?: { readonly id: string; readonly name: string; readonly input: object };
}

function call(session: string, minute: number, usage: Usage = {}): string {
  const { tool, written = 1000, read = 20_000, output = 200, model = 'claude-opus-4-5' } = usage;
  return `${JSON.stringify({
    type: 'assistant',
    ...common(session, minute),
    requestId: `req_${session}_${minute}`,
    message: {
      id: `msg_${session}_${minute}`,
      role: 'assistant',
      model,
      stop_reason: tool ? 'tool_use' : 'end_turn',
      content: [tool ? { type: 'tool_use', ...tool } : { type: 'text', text: 'Done.' }],
      usage: {
        input_tokens: 5,
        cache_creation_input_tokens: written,
        cache_read_input_tokens: read,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: written },
        output_tokens: output,
      },
    },
  })}\n`;
}

function result(session: string, minute: number, id: string, isError = false): string {
  const content = [{ type: 'tool_result', tool_use_id: id, is_error: isError, content: 'lantern' }];
  return `${JSON.stringify({ type: 'user', ...common(session, minute), message: { role: 'user', content } })}\n`;
}

describe('promptWork', () => {
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
  const all = { sinceMs: 0, most: 100 };

  it('tells of each prompt what it led to, and how full the context was', async () => {
    temp.write(
      'p/a.jsonl',
      prompt('s', 0, 'What is a zanzibar?') +
        call('s', 1, { written: 30_000, read: 0, tool: { id: 't1', name: 'Bash', input: { command: 'ls' } } }) +
        result('s', 2, 't1', true) +
        call('s', 3) +
        prompt('s', 10, 'And two?') +
        call('s', 11, { output: 900 }),
    );
    await ledger.refresh();
    const [first, second] = ledger.promptWork(all);
    assert.ok(first && second);
    assert.equal(first.agent, 'claude-code');
    assert.equal(first.project, '/code/app');
    assert.deepEqual([first.turn, second.turn], [0, 1]);
    assert.equal(first.requests, 2);
    assert.equal(first.model, 'claude-opus-4-5');
    assert.deepEqual(first.work, {
      inputTokens: 10,
      cacheWriteTokens: 31_000,
      cacheReadTokens: 20_000,
      outputTokens: 400,
    });
    assert.equal(first.firstUncachedTokens, 30_005);
    assert.equal(first.firstWrittenTokens, 30_000);
    assert.equal(first.contextTokens, 30_005);
    assert.equal(first.endContextTokens, 21_205);
    assert.equal(first.cacheTtl, '1h');
    assert.deepEqual(first.toolNames, ['Bash']);
    assert.equal(first.errorStreak, 1);
    assert.equal(first.lastMs, Date.parse(at(3)));
    assert.ok(first.isExact);
    assert.ok(Math.abs(first.costUsd! - (10 * 5 + 31_000 * 10 + 20_000 * 0.5 + 400 * 25) / 1e6) < 1e-9);
    assert.equal(first.modelUsd, first.costUsd);
    assert.equal(second.requests, 1);
    assert.equal(second.outputTokens, 900);
    assert.ok(!JSON.stringify([first, second]).includes('zanzibar'));
  });

  it('names the model that did most of it, and keeps its tokens apart', async () => {
    temp.write(
      'p/a.jsonl',
      prompt('s', 0, 'Go.') + call('s', 1) + call('s', 2, { model: 'claude-haiku-4-5', read: 40_000 }),
    );
    await ledger.refresh();
    const [only] = ledger.promptWork(all);
    assert.equal(only?.model, 'claude-opus-4-5');
    assert.deepEqual([only.requests, only.modelRequests], [2, 1]);
    assert.equal(only.work.cacheReadTokens, 20_000);
    assert.ok(only.modelUsd! < only.costUsd!);
  });

  it('has no cost where a call has no price, and says that it is not exact', async () => {
    temp.write(
      'p/a.jsonl',
      prompt('s', 0, 'Go.') + call('s', 1) + call('s', 2, { model: 'nobody-knows-this-model', output: 9 }),
    );
    await ledger.refresh();
    const [only] = ledger.promptWork(all);
    assert.equal(only?.costUsd, undefined);
    assert.equal(only?.isExact, false);
    assert.ok(only.modelUsd! > 0);
  });

  it('gives the newest of a period, oldest first, none twice and nobody else’s calls', async () => {
    const session = (name: string, minute: number) => prompt(name, minute, 'Go.') + call(name, minute + 1);
    temp.write('p/a.jsonl', session('a', 0) + session('a', 20) + session('a', 40));
    temp.write('p/b.jsonl', session('b', 10) + session('b', 30));
    await ledger.refresh();
    const minutes = (query: { sinceMs: number; untilMs?: number; most: number }) =>
      ledger.promptWork(query).map((row) => [row.sessionId, (row.atMs - Date.parse(at(0))) / 60_000, row.requests]);
    assert.deepEqual(minutes(all), [
      ['a', 0, 1],
      ['b', 10, 1],
      ['a', 20, 1],
      ['b', 30, 1],
      ['a', 40, 1],
    ]);
    assert.deepEqual(minutes({ ...all, most: 2 }), [
      ['b', 30, 1],
      ['a', 40, 1],
    ]);
    // The calls of the prompts after the period are not the last prompt's in it.
    assert.deepEqual(minutes({ sinceMs: Date.parse(at(5)), untilMs: Date.parse(at(25)), most: 9 }), [
      ['b', 10, 1],
      ['a', 20, 1],
    ]);
    assert.deepEqual(ledger.promptWork({ sinceMs: Date.parse(at(59)), most: 9 }), []);
  });

  it('leaves out prompts that led to no call', async () => {
    temp.write('p/a.jsonl', prompt('s', 0, 'Go.') + prompt('s', 1, 'No, wait.') + call('s', 2));
    await ledger.refresh();
    assert.deepEqual(
      ledger.promptWork(all).map(({ turn }) => turn),
      [1],
    );
  });
});
