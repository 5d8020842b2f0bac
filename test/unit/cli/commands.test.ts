// The command line on an invented home: shapes of the JSON, exit codes, one-line errors, and that the same calls give
// the same totals whichever way they are summed.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { count } from '../../../src/cli/count';
import { doctor } from '../../../src/cli/doctor';
import { explain } from '../../../src/cli/explain';
import { report } from '../../../src/cli/report';
import { Failure, harmless, type Io, table, UsageError } from '../../../src/cli/terminal';

interface Row {
  readonly key: string;
  readonly calls: number;
  readonly totalTokens: number;
  readonly costUsd: number | null;
}

const figures = [
  'key',
  'calls',
  'inputTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
  'cacheReadTokens',
  'outputTokens',
  'reasoningTokens',
  'totalTokens',
  'costUsd',
  'unpricedTokens',
  'estimatedTokens',
];

const unpricedLine = `${JSON.stringify({
  type: 'assistant',
  uuid: 'u-unpriced',
  sessionId: 's-unpriced',
  requestId: 'req-unpriced',
  timestamp: '2026-11-20T10:00:00.000Z',
  message: {
    id: 'msg-unpriced',
    role: 'assistant',
    model: 'house-model-9',
    stop_reason: 'end_turn',
    content: [],
    usage: { input_tokens: 10, output_tokens: 5 },
  },
})}\n`;

describe('command line', () => {
  let folder: string;
  let written: string;
  let complained: string;
  let io: Io;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tokenometer-cli-'));
    cpSync('test/fixtures/agents/claude-code/modifiers-and-odd-figures/home', join(folder, 'home'), {
      recursive: true,
    });
    written = '';
    complained = '';
    io = {
      write: (text) => void (written += text),
      error: (text) => void (complained += text),
      read: () => Readable.from(['']),
      readBytes: () => Promise.resolve(new TextEncoder().encode('hello world')),
      now: () => Date.parse('2026-11-24T12:00:00Z'),
      env: { TOKENOMETER_DATA_DIR: join(folder, 'data') },
      home: join(folder, 'home'),
      programFolder: 'dist',
    };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function json<Shape>(command: typeof report, ...args: string[]): Promise<Shape> {
    written = '';
    assert.equal(await command([...args, '--json'], io), 0);
    return JSON.parse(written) as Shape;
  }

  it('reports in the promised shape, the same totals by every dimension', async () => {
    type Shape = { generatedAt: string; timezone: string; by: string; rows: Row[]; totals: Row; skipped: unknown[] };
    const byDay = await json<Shape>(report, '--by', 'day', '--timezone', 'UTC');
    assert.equal(byDay.generatedAt, '2026-11-24T12:00:00.000Z');
    assert.equal(byDay.timezone, 'UTC');
    assert.ok(byDay.totals.calls > 0);
    for (const field of figures) assert.ok(field in byDay.totals, field);
    for (const by of ['week', 'month', 'model', 'agent', 'project', 'branch', 'session', 'prompt', 'subagent']) {
      const other = await json<Shape>(report, '--by', by, '--timezone', 'UTC');
      assert.equal(other.by, by);
      assert.equal(other.totals.calls, byDay.totals.calls, by);
      assert.equal(other.totals.totalTokens, byDay.totals.totalTokens, by);
      assert.ok(Math.abs((other.totals.costUsd ?? 0) - (byDay.totals.costUsd ?? 0)) < 1e-9, by);
      assert.equal(
        other.rows.reduce((sum, row) => sum + row.calls, 0),
        byDay.totals.calls,
        by,
      );
    }
  });

  it('writes null for what has no price, and 0 only for no use at all', async () => {
    writeFileSync(join(folder, 'home/.claude/projects/unpriced.jsonl'), unpricedLine);
    const { rows } = await json<{ rows: Row[] }>(report, '--by', 'model');
    assert.equal(rows.find(({ key }) => key === 'house-model-9')!.costUsd, null);
    const nothing = await json<{ totals: Row }>(report, '--since', '2020-01-01', '--until', '2020-01-02');
    assert.deepEqual([nothing.totals.calls, nothing.totals.costUsd], [0, 0]);
  });

  it('prints a table that says it is no bill', async () => {
    assert.equal(await report(['--by', 'model'], io), 0);
    assert.match(written, /^model\s+cost\s+calls/);
    assert.match(written, /not your bill/);
  });

  it('names what is wrong with a call', async () => {
    await assert.rejects(report(['--by', 'year'], io), UsageError);
    await assert.rejects(report(['--since', '2026-02-30'], io), UsageError);
    await assert.rejects(report(['--timezone', 'Nowhere/Else'], io), UsageError);
    await assert.rejects(report(['--agent', 'hal'], io), /choose one of claude-code/);
    await assert.rejects(report(['--frobnicate'], io), /Unknown option/);
    await assert.rejects(explain([], io), UsageError);
    await assert.rejects(explain(['no-such-session'], io), Failure);
    await assert.rejects(count([], io), UsageError);
  });

  it('explains a session with its rows and its price', async () => {
    const { rows } = await json<{ rows: Row[] }>(report, '--by', 'session');
    const found = await json<{ kind: string; totals: Row; calls: { rows: unknown[] }[] }>(explain, rows[0]!.key);
    assert.equal(found.kind, 'session');
    assert.equal(found.totals.totalTokens, rows[0]!.totalTokens);
    assert.ok(found.calls.every((call) => call.rows.length > 0));
  });

  it('examines what was looked for', async () => {
    type Shape = {
      agents: { agent: string; calls: number; folders: unknown[] }[];
      store: { path: string; sizeBytes: number };
    };
    const found = await json<Shape>(doctor);
    const claude = found.agents.find(({ agent }) => agent === 'claude-code')!;
    assert.ok(claude.calls > 0 && claude.folders.length > 0);
    assert.ok(found.store.path.startsWith(join(folder, 'data')) && found.store.sizeBytes > 0);
    written = '';
    await doctor([], io);
    assert.match(written, /Claude Code: 1 files/);
  });

  it('counts files and standard input, and names those it cannot count', async () => {
    const file = join(folder, 'a.txt');
    const binary = join(folder, 'b.bin');
    writeFileSync(file, 'hello world');
    writeFileSync(binary, Buffer.from([0, 1, 2]));
    const good = await json<{ files: { tokens: number; kind: string; encoding: string }[]; total: number }>(
      count,
      file,
      '-',
    );
    assert.deepEqual(good.files[0], { path: file, tokens: 2, kind: 'exact', low: 2, high: 2, encoding: 'o200k_base' });
    assert.equal(good.total, 4);
    const claude = await json<{ files: { kind: string; low: number; high: number; tokens: number }[] }>(
      count,
      '--model',
      'claude-opus-5-5',
      file,
    );
    assert.equal(claude.files[0]!.kind, 'estimate');
    assert.ok(claude.files[0]!.low <= claude.files[0]!.tokens && claude.files[0]!.tokens <= claude.files[0]!.high);
    assert.equal(await count([binary, join(folder, 'none'), folder], io), 1);
    assert.equal(complained.trim().split('\n').length, 3);
    assert.match(complained, /binary/);
    assert.match(complained, /no such file/);
  });
});

describe('terminal', () => {
  it('aligns columns, wide characters included', () => {
    assert.equal(
      table(
        [
          ['a', '1'],
          ['项目', '22'],
        ],
        [1],
      ),
      'a      1\n项目  22\n',
    );
  });

  it('makes texts from logs harmless', () => {
    assert.equal(harmless('a\u001b[31mred\u202e\n'), 'a\uFFFD[31mred\uFFFD\uFFFD');
    assert.equal(harmless('x'.repeat(100), 10), 'xxxxxxxxx…');
  });
});
