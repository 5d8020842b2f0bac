// Every number on the page is the one that `report --json` prints, over all agents' fixtures; the parts of a passport
// sum to its figure; a hostile log changes nothing but its own cell.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { agents } from '../../../src/agents/agents';
import { report } from '../../../src/cli/report';
import { type Ledger } from '../../../src/ledger/ledger';
import { type TotalsRow } from '../../../src/ledger/totals';
import { type TotalsDocument } from '../../../src/report/json';
import { pageModel, pageQuery } from '../../../src/report/pageModel';
import { type PageCell, type PageModel, type PageRequest } from '../../../src/report/pageShapes';
import { passportMarkdown, passportQuery } from '../../../src/report/passport';
import { copyEveryFixture } from '../ledger/everyFixture';
import { callLine, tempLedger, type TempLedger } from '../ledger/tempLedger';

const timeZone = 'Europe/Stockholm';
const everything: PageRequest = { since: '2000-01-01', until: '2100-01-01', stackBy: 'project' };
const fill = (words: string, ...values: string[]) =>
  words.replace(/\{(\d)\}/g, (_, index: string) => values[Number(index)] ?? '');
const around = {
  t: fill,
  locale: 'en',
  timeZone,
  machine: 'this machine',
  pricesAsOf: '2026-09-23',
  agentLabel: (id: string) => id,
};

const page = (ledger: Ledger, request = everything): PageModel =>
  pageModel(ledger.pageFacts(pageQuery(request, timeZone)), request, around);
const rowsOf = (model: PageModel, id: string) => model.sections.find((one) => one.id === id)?.table.rows ?? [];

function close(found: number | undefined, wanted: number | null | undefined, what: string): void {
  if (wanted === null || wanted === undefined) assert.equal(found, undefined, what);
  else
    assert.ok(
      found !== undefined && Math.abs(found - wanted) <= 1e-9 * Math.max(1, wanted),
      `${what}: ${found}, not ${wanted}`,
    );
}

describe('the page and report --json', () => {
  let temp: TempLedger;
  let ledger: Ledger;
  afterEach(() => {
    ledger.close();
    temp.remove();
  });

  async function json(...args: string[]): Promise<TotalsDocument> {
    let written = '';
    const { home } = temp.options.environment;
    const io = {
      write: (text: string) => void (written += text),
      error: () => undefined,
      read: () => Readable.from(['']),
      readBytes: () => Promise.resolve(new Uint8Array()),
      now: () => Date.now(),
      env: { TOKENOMETER_DATA_DIR: temp.options.dataFolder },
      home,
      programFolder: 'dist',
    };
    assert.equal(await report([...args, '--json', '--timezone', timeZone], io), 0);
    return JSON.parse(written) as TotalsDocument;
  }

  /** Cost, tokens, calls and buckets as a row of sums shows them. */
  function agrees(cells: readonly PageCell[], row: TotalsRow | TotalsDocument['rows'][number], what: string): void {
    const [cost, tokens, calls, input, written, read, output] = cells;
    close(cost!.value, row.costUsd, `${what} cost`);
    assert.deepEqual(
      [tokens, calls, input, written, read, output].map((cell) => cell!.value),
      [
        row.totalTokens,
        row.calls,
        row.inputTokens,
        row.cacheWrite5mTokens + row.cacheWrite1hTokens,
        row.cacheReadTokens,
        row.outputTokens,
      ],
      what,
    );
  }

  it('agree on every number, over all fixtures', async function () {
    this.timeout(120_000);
    temp = tempLedger(agents);
    copyEveryFixture(temp.options.environment.home);
    ledger = temp.open();
    // The command line also looks where editors keep their logs.
    await json();
    const model = page(ledger);
    let compared = 0;
    for (const [id, by] of [
      ['days', 'day'],
      ['models', 'model'],
      ['agents', 'agent'],
      ['projects', 'project'],
      ['subagents', 'subagent'],
    ] as const) {
      const { rows } = await json('--by', by);
      for (const cells of rowsOf(model, id)) {
        const row = rows.find(({ key }) => (key || '(not logged)') === cells[0]!.text);
        assert.ok(row, `${id} ${cells[0]!.text}`);
        agrees(cells.slice(1), row, `${id} ${row.key}`);
        compared += 1;
      }
    }
    for (const cells of rowsOf(model, 'branches').filter(([, project]) => project!.text !== '(not logged)')) {
      const { rows } = await json('--by', 'branch', '--project', cells[1]!.text);
      const row = rows.find(({ key }) => (key || '(not logged)') === cells[0]!.text);
      agrees(cells.slice(2), row!, `branch ${cells[0]!.text} of ${cells[1]!.text}`);
      compared += 1;
    }
    assert.ok(compared > 40, `${compared} rows compared`);
    const facts = ledger.pageFacts(pageQuery(everything, timeZone));
    for (const prompt of facts.dearestPrompts) {
      const { rows } = await json('--by', 'prompt', '--agent', prompt.agent);
      close(prompt.costUsd, rows.find(({ key }) => key === prompt.key)?.costUsd, `prompt ${prompt.key}`);
    }
    const { totals, rows: days } = await json('--by', 'day');
    close(model.tiles[0]!.value, totals.costUsd, 'cost');
    assert.equal(model.tiles[1]!.value, totals.totalTokens);
    for (const [first, ...cells] of model.chart.table.rows) {
      const sum = cells.at(-1)!.value!;
      const parts = cells.slice(0, -1).reduce((total, { value = 0 }) => total + value, 0);
      close(parts, sum, `parts of ${first!.text}`);
    }
    const bars = model.chart.table.rows.reduce((sum, cells) => sum + cells.at(-1)!.value!, 0);
    close(
      bars,
      days.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0),
      'bars',
    );
  });

  it('every sum that can be asked about has a passport whose parts sum to it', async function () {
    this.timeout(120_000);
    temp = tempLedger(agents);
    copyEveryFixture(temp.options.environment.home);
    ledger = temp.open();
    await ledger.refresh();
    const model = page(ledger);
    const cells = [...model.tiles, ...model.sections.flatMap(({ table }) => table.rows.flat())];
    let asked = 0;
    for (const cell of cells) {
      if (cell.action?.kind !== 'why' || asked > 120) continue;
      const { of } = cell.action;
      const query = passportQuery(everything, of, timeZone);
      const found = ledger.passport(query);
      const isCost = cell.text !== model.tiles[1]!.text && cell.value !== undefined;
      if (isCost) close(found.totals.costUsd, cell.value, JSON.stringify(of));
      close(
        found.lines.reduce((sum, line) => sum + (line.sum.costUsd ?? 0), 0),
        found.totals.costUsd ?? 0,
        `lines of ${JSON.stringify(of)}`,
      );
      assert.equal(
        found.lines.reduce((sum, line) => sum + line.sum.totalTokens, 0),
        found.totals.totalTokens,
      );
      const text = passportMarkdown(found, query, around);
      assert.match(text, /^# Where this figure comes from/);
      assert.doesNotMatch(text, /undefined|NaN/);
      asked += 1;
    }
    assert.ok(asked > 60, `${asked} passports`);
  });

  const hostile = [
    '<img src=x onerror=alert(1)>',
    '</td></tr><script>alert(1)</script>',
    '[x](command:evil) `y` | z\n\n# heading',
    '\u001b[31mred\u001b[0m\u0007\u0000',
    '\u202egnp.exe',
    'x'.repeat(1_000_000),
    '{0} {1} ${t}',
    '__proto__',
  ];

  it('keep hostile names in their own cells', async () => {
    temp = tempLedger();
    const lines = hostile.map((name, index) => {
      const row = JSON.parse(callLine(index + 1, { session: `s-${name.slice(0, 50)}` })) as Record<string, unknown>;
      (row['message'] as Record<string, unknown>)['model'] = name;
      return `${JSON.stringify({ ...row, cwd: `/code/${name}`, gitBranch: name })}\n`;
    });
    temp.write('p/hostile.jsonl', lines.join(''));
    ledger = temp.open();
    await ledger.refresh();
    const model = page(ledger, { ...everything, stackBy: 'model' });
    for (const { id, table } of model.sections)
      for (const row of table.rows) {
        assert.equal(row.length, table.columns.length, id);
        for (const { text, hint = '' } of row) {
          assert.ok(text.length <= 170 && hint.length <= 250, `${id}: ${text.slice(0, 50)} has ${text.length}`);
          assert.doesNotMatch(text, /[\p{Cc}\p{Bidi_Control}]/u);
        }
      }
    assert.equal(rowsOf(model, 'models').length, hostile.length);
    for (const choice of Object.values(model.choices).flat()) assert.ok(choice.label.length <= 170);
    for (const name of hostile) {
      const shown = page(ledger, { ...everything, model: name });
      assert.equal(rowsOf(shown, 'models').length, 1, name.slice(0, 30));
      const query = passportQuery(everything, { by: 'model', key: name }, timeZone);
      const text = passportMarkdown(ledger.passport(query), query, around);
      assert.equal(text.split('\n').filter((line) => line.startsWith('# ')).length, 1);
      assert.doesNotMatch(text, /[^\\]<(img|script)|\]\(command/);
      assert.ok(text.length < 20_000);
    }
  });
});
