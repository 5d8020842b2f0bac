// The invented home is the same for the same seed and now, and never empty today.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { writeSampleHome } from '../../host/sampleHome';

interface Row {
  readonly type: string;
  readonly timestamp: string;
  readonly requestId?: string;
  readonly message?: {
    readonly id?: string;
    readonly model?: string;
    readonly usage?: { readonly output_tokens: number };
  };
}

describe('The invented home', () => {
  const home = path.join(os.tmpdir(), `tkm-sample-${process.pid}`);
  const noonMs = new Date(2026, 10, 24, 12, 0).getTime();

  afterEach(() => fs.rmSync(home, { recursive: true, force: true }));

  const write = (nowMs: number): ReadonlyMap<string, string> => {
    fs.rmSync(home, { recursive: true, force: true });
    fs.mkdirSync(home);
    writeSampleHome(home, nowMs);
    const names = fs.readdirSync(home, { recursive: true, encoding: 'utf8' }).sort();
    const files = names.filter((name) => fs.statSync(path.join(home, name)).isFile());
    return new Map(files.map((name) => [name, fs.readFileSync(path.join(home, name), 'utf8')]));
  };
  const claudeRows = (files: ReadonlyMap<string, string>): Row[] =>
    [...files]
      .filter(([name]) => name.endsWith('.jsonl'))
      .flatMap(([, text]) => text.trimEnd().split('\n'))
      .map((line) => JSON.parse(line) as Row)
      .filter((row) => row.type === 'assistant');

  it('is the same twice', () => {
    assert.deepEqual(write(noonMs), write(noonMs));
  });

  for (const [name, nowMs] of [
    ['at noon', noonMs],
    ['a minute after midnight', new Date(2026, 10, 24, 0, 1).getTime()],
  ] as const) {
    it(`has calls today, and none in the future, ${name}`, () => {
      const midnightMs = new Date(nowMs).setHours(0, 0, 0, 0);
      const times = claudeRows(write(nowMs)).map((row) => Date.parse(row.timestamp));
      assert.ok(times.some((time) => time >= midnightMs));
      assert.ok(times.every((time) => time <= nowMs));
    });
  }

  it('has calls of several rows of which the last tells the output', () => {
    const rowsOfCall = new Map<string, Row[]>();
    for (const row of claudeRows(write(noonMs))) {
      const id = row.message!.id!;
      rowsOfCall.set(id, [...(rowsOfCall.get(id) ?? []), row]);
    }
    const several = [...rowsOfCall.values()].filter((rows) => rows.length > 1);
    assert.ok(several.length > 20);
    for (const rows of several) {
      const outputs = rows.map((row) => row.message!.usage!.output_tokens);
      assert.equal(Math.max(...outputs), outputs.at(-1));
    }
  });

  it('has a subagent, a copied history and a call without a request id', () => {
    const files = write(noonMs);
    assert.ok([...files.keys()].some((name) => name.includes('subagents')));
    const rows = claudeRows(files);
    assert.ok(rows.some((row) => row.requestId === undefined));
    const rowCount = new Map<string, number>();
    for (const [, text] of [...files].filter(([name]) => name.endsWith('.jsonl'))) {
      for (const id of new Set(text.match(/"msg_01\w+"/g) ?? [])) rowCount.set(id, (rowCount.get(id) ?? 0) + 1);
    }
    assert.ok([...rowCount.values()].some((count) => count > 1));
  });
});
