// The report as files for other programs: CSV that no spreadsheet runs, JSON that keeps its schema, Markdown that a
// hostile name cannot leave.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { report } from '../../../src/cli/report';
import { type Io, UsageError } from '../../../src/cli/terminal';
import { type TotalsRow } from '../../../src/ledger/totals';
import { csvCell, groupsCsv, totalsCsv } from '../../../src/report/csv';
import { totalsMarkdown } from '../../../src/report/markdown';
import { breachesOf } from './jsonSchema';

const hostile = [
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-2+3',
  '@SUM(A1)',
  '\t=1+1',
  '\n=HYPERLINK("http://x","y")',
  '  =1',
  '|calc',
  '％＝1',
  '＝1+1',
  'a "quoted", name',
  'two\r\nlines',
  'שלום עולם',
  '\u202egnp.exe',
  '👩🏽‍💻 emoji',
  '\u0000\u001b[31mred\u0007',
  '<script>alert(1)</script>',
  '[x](command:evil) `y` | z',
  'x'.repeat(1_000_000),
  '\ud800 lone',
  '',
];

const schema = JSON.parse(readFileSync('src/report/report.schema.json', 'utf8')) as Record<string, unknown>;

function row(key: string, more: Partial<TotalsRow> = {}): TotalsRow {
  return {
    key,
    calls: 3,
    inputTokens: 10,
    cacheWrite5mTokens: 1,
    cacheWrite1hTokens: 2,
    cacheReadTokens: 30,
    outputTokens: 7,
    reasoningTokens: 4,
    totalTokens: 50,
    costUsd: 0.1,
    estimatedCostUsd: 0,
    unpricedTokens: 0,
    estimatedTokens: 0,
    unrecordedOutputCalls: 0,
    unrecordedOutputTokens: 0,
    ...more,
  };
}

/** A reader of RFC 4180, written from the RFC's grammar. */
function readCsv(text: string): string[][] {
  const records: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const record: string[] = [];
    for (;;) {
      let cell = '';
      if (text[at] === '"') {
        at += 1;
        for (;;) {
          if (text[at] === '"' && text[at + 1] === '"') cell += text[(at += 2) - 1];
          else if (text[at] === '"') break;
          else cell += text[at++] ?? assert.fail('a quoted cell does not end');
        }
        at += 1;
      } else while (at < text.length && !',\r"'.includes(text[at]!)) cell += text[at++];
      record.push(cell);
      if (text[at] === ',') at += 1;
      else break;
    }
    assert.equal(text.slice(at, at + 2), '\r\n', `a record ends otherwise at ${at}`);
    at += 2;
    records.push(record);
  }
  return records;
}

describe('CSV', () => {
  it('gives every hostile name its own cell and no more', () => {
    const records = readCsv(
      totalsCsv(
        'project',
        hostile.map((name) => row(name)),
      ),
    );
    assert.equal(records.length, hostile.length + 1);
    for (const record of records) assert.equal(record.length, records[0]!.length);
  });

  it('lets no cell begin as a formula', () => {
    for (const name of hostile) {
      const [[cell]] = readCsv(`${csvCell(name)}\r\n`) as [[string]];
      assert.doesNotMatch(cell, /^\s*[=+\-@|%＝＋－＠]/, JSON.stringify(cell.slice(0, 20)));
    }
  });

  it('keeps quotes, commas, line breaks, other scripts and emoji', () => {
    for (const name of ['a "quoted", name', 'two\nlines', 'שלום עולם', '👩🏽‍💻 emoji'])
      assert.deepEqual(readCsv(`${csvCell(name)}\r\n`), [[name]]);
    assert.equal(csvCell('\u202egnp.exe'), 'gnp.exe');
  });

  it('stays below the longest cell of a spreadsheet', () => {
    assert.ok(csvCell('x'.repeat(1_000_000)).length <= 32_767);
    assert.ok(csvCell(`=${'x'.repeat(1_000_000)}`).length <= 32_767);
  });

  it('writes figures in full and leaves the unknown empty', () => {
    assert.equal(csvCell(1234567.5), '1234567.5');
    assert.equal(csvCell(1e-7), '0.000000100000');
    assert.equal(csvCell(undefined), '');
    const [head, first] = readCsv(totalsCsv('model', [row('m', { costUsd: undefined })]));
    assert.equal(first![head!.indexOf('costUsd')], '');
    assert.equal(first![head!.indexOf('totalTokens')], '50');
  });

  it('names the dimension of each row where there are several', () => {
    const records = readCsv(
      groupsCsv([
        { by: 'day', rows: [row('2026-11-01')] },
        { by: 'model', rows: [row('m')] },
      ]),
    );
    assert.deepEqual(
      records.slice(1).map(([by, key]) => [by, key]),
      [
        ['day', '2026-11-01'],
        ['model', 'm'],
      ],
    );
  });
});

describe('Markdown of one question', () => {
  it('keeps a hostile name within its row', () => {
    const rows = hostile.map((name) => row(name));
    const text = totalsMarkdown({ rows, totals: row('total'), skipped: [] }, { by: 'project', timeZone: 'UTC' });
    const lines = text.split('\n').filter((line) => line.startsWith('|'));
    assert.equal(lines.length, hostile.length + 3);
    for (const line of lines) assert.equal(line.replaceAll('\\|', '').split('|').length, 10, line.slice(0, 80));
    assert.doesNotMatch(text, /[^\\]<script/);
    assert.doesNotMatch(text, /\]\(command/);
  });
});

describe('report --json, --csv and --markdown', () => {
  const fixtures = 'test/fixtures/agents';
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tokenometer-export-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function run(...args: string[]): Promise<string> {
    let written = '';
    const io: Io = {
      write: (text) => void (written += text),
      error: () => undefined,
      read: () => Readable.from(['']),
      readBytes: () => Promise.resolve(new Uint8Array()),
      now: () => Date.parse('2026-11-24T12:00:00Z'),
      env: { TOKENOMETER_DATA_DIR: join(folder, 'data') },
      home: join(folder, 'home'),
      programFolder: 'dist',
    };
    assert.equal(await report(args, io), 0);
    return written;
  }

  /** All fixtures of Claude Code's, Codex's and others' that bring a home, in one. */
  function everyHome(): void {
    for (const agent of readdirSync(fixtures))
      for (const name of readdirSync(join(fixtures, agent))) {
        const home = join(fixtures, agent, name, 'home');
        if (existsSync(home)) cpSync(home, join(folder, 'home'), { recursive: true });
      }
  }

  it('keep the schema and agree with each other on every fixture', async function () {
    this.timeout(120_000);
    everyHome();
    for (const by of ['day', 'week', 'month', 'model', 'agent', 'project', 'branch', 'session', 'prompt', 'subagent']) {
      const document = JSON.parse(await run('--by', by, '--json')) as { rows: TotalsRow[] };
      assert.deepEqual(breachesOf(schema, document), []);
      if (by !== 'project' && by !== 'session') continue;
      const [head, ...records] = readCsv(await run('--by', by, '--csv'));
      assert.equal(head![0], by);
      assert.deepEqual(
        records.map((record) => record[head!.indexOf('totalTokens')]),
        document.rows.map((one) => String(one.totalTokens)),
      );
      const markdown = await run('--by', by, '--markdown');
      assert.equal(markdown.split('\n').filter((line) => line.startsWith('|')).length, document.rows.length + 3);
    }
  });

  it('refuse two formats at once', async () => {
    await assert.rejects(run('--json', '--csv'), UsageError);
  });

  it('notice what breaks the schema', async () => {
    const document = JSON.parse(await run('--json')) as Record<string, unknown>;
    assert.deepEqual(breachesOf(schema, document), []);
    assert.notDeepEqual(breachesOf(schema, { ...document, schemaVersion: 2 }), []);
    assert.notDeepEqual(breachesOf(schema, { ...document, rows: [{ key: 'x' }] }), []);
    assert.notDeepEqual(breachesOf(schema, { ...document, extra: 1 }), []);
  });
});
