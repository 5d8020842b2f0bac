import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { codex } from '../../../src/agents/codex';
import { type TempLedger, tempLedger } from './tempLedger';

const rows = [
  { type: 'session_meta', payload: { id: 't-1', cwd: '/code/app' } },
  { type: 'turn_context', payload: { model: 'gpt-6-sol' } },
  { type: 'event_msg', payload: { type: 'user_message', message: 'größer, bitte' } },
  {
    type: 'event_msg',
    payload: {
      type: 'token_count',
      info: { total_token_usage: { input_tokens: 70 }, last_token_usage: { input_tokens: 70 } },
    },
  },
];
const rollout = rows.map((row) => `${JSON.stringify({ timestamp: '2026-11-02T09:00:00.000Z', ...row })}\n`).join('');

describe('ledger: packed logs', () => {
  let temp: TempLedger;
  let folder: string;
  beforeEach(() => {
    temp = tempLedger([codex]);
    folder = join(temp.folder, 'home', '.codex', 'sessions');
    mkdirSync(folder, { recursive: true });
  });
  afterEach(() => temp.remove());

  it('are read as the plain ones, and count once with them', async () => {
    writeFileSync(join(folder, 'rollout-t-1.jsonl'), rollout);
    const ledger = temp.open();
    try {
      await ledger.refresh();
      writeFileSync(join(folder, 'rollout-t-1.jsonl.zst'), zstdCompressSync(Buffer.from(rollout)));
      await ledger.refresh();
      const { totals } = ledger.totals({ by: 'day', timeZone: 'UTC' });
      assert.deepEqual([totals.calls, totals.inputTokens], [1, 70]);
    } finally {
      ledger.close();
    }
  });

  it('show a prompt’s words', async () => {
    writeFileSync(join(folder, 'rollout-t-1.jsonl.zst'), zstdCompressSync(Buffer.from(rollout)));
    const ledger = temp.open();
    try {
      await ledger.refresh();
      const [prompt] = ledger.prompts('codex', 't-1');
      assert.equal(ledger.promptText('codex', prompt!.key), 'größer, bitte');
    } finally {
      ledger.close();
    }
  });

  it('that are damaged are named as unreadable', async () => {
    const path = join(folder, 'rollout-t-1.jsonl.zst');
    writeFileSync(path, zstdCompressSync(Buffer.from(rollout)).subarray(0, 40));
    const ledger = temp.open();
    try {
      await ledger.refresh();
      const { skipped } = ledger.totals({ by: 'day', timeZone: 'UTC' });
      assert.deepEqual(skipped, [{ agent: 'codex', file: path, reason: 'unreadable', count: 1 }]);
    } finally {
      ledger.close();
    }
  });
});
