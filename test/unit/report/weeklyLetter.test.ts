// The letter of a week over an invented one: what changed sums to the cent, waste is counted, hostile words stay words,
// and the last section is the person's own.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { report } from '../../../src/cli/report';
import { type Io, UsageError } from '../../../src/cli/terminal';
import { type Ledger } from '../../../src/ledger/ledger';
import { weeklyLetter } from '../../../src/report/weeklyLetter';
import { callLine, tempLedger, type TempLedger } from '../ledger/tempLedger';

const around = {
  t: (words: string, ...values: string[]) =>
    words.replace(/\{(\d)\}/g, (_, index: string) => values[Number(index)] ?? ''),
  locale: 'en',
  timeZone: 'UTC',
  machine: 'this machine',
  pricesAsOf: '2026-09-23',
  agentLabel: (id: string) => id,
};

/** A use of a tool and its result. */
function toolLines(n: number, at: string, name: string, input: unknown, more: { error?: string } = {}): string {
  const use = JSON.parse(callLine(n, { at })) as { message: Record<string, unknown> };
  use.message['content'] = [{ type: 'tool_use', id: `toolu_${n}`, name, input }];
  use.message['stop_reason'] = 'tool_use';
  const result = {
    type: 'user',
    uuid: `r-${n}`,
    sessionId: 's-1',
    timestamp: at.replace(':00.', ':05.'),
    cwd: '/code/app',
    message: {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: `toolu_${n}`,
          content: more.error ?? 'some lines',
          is_error: more.error !== undefined,
        },
      ],
    },
  };
  return `${JSON.stringify(use)}\n${JSON.stringify(result)}\n`;
}

describe('the letter of a week', () => {
  let temp: TempLedger;
  let ledger: Ledger;
  beforeEach(() => (temp = tempLedger()));
  afterEach(() => {
    ledger.close();
    temp.remove();
  });

  const letter = (monday: string, more: Partial<Parameters<typeof weeklyLetter>[0]> = {}) =>
    weeklyLetter(
      {
        facts: ledger.weekFacts({ monday, timeZone: 'UTC' }),
        outcomes: [],
        sessionText: () => 'About <b>this</b> | and [that](command:x)',
        promptText: () => undefined,
        ...more,
      },
      around,
    );

  /** Cents in the table's rows: the parts and, last, the change. */
  function cents(text: string): number[] {
    const table = text
      .split('## ')[1]!
      .split('\n')
      .filter((line) => line.startsWith('|'));
    return table.slice(2).map((line) => {
      const found = /([+−]?)\$([\d,]+)\.(\d\d)/.exec(line)!;
      return (found[1] === '−' ? -1 : 1) * (Number(found[2]!.replaceAll(',', '')) * 100 + Number(found[3]));
    });
  }

  it('says why spend changed, to the cent', async () => {
    const big = (n: number, at: string) => callLine(n * 100_000, { at, output: n * 1000 });
    temp.write(
      'p/a.jsonl',
      big(1, '2026-11-03T09:00:00.000Z') + big(2, '2026-11-04T09:00:00.000Z') + big(7, '2026-11-10T09:00:00.000Z'),
    );
    ledger = temp.open();
    await ledger.refresh();
    const text = letter('2026-11-09');
    const found = cents(text);
    const change = found.pop()!;
    assert.equal(
      found.reduce((sum, cent) => sum + cent, 0),
      change,
    );
    const cost = (since: string) =>
      ledger.totals({
        by: 'week',
        since,
        until: since.replace(/..$/, (day) => String(Number(day) + 6).padStart(2, '0')),
        timeZone: 'UTC',
      }).totals.costUsd ?? 0;
    assert.equal(change, Math.round(cost('2026-11-09') * 100) - Math.round(cost('2026-11-02') * 100));
    assert.match(text, /## What we tried, what we learned\n\n- \n$/);
  });

  it('counts retries, reads of what was read, and circles', async () => {
    const at = (minute: number) => `2026-11-10T09:${String(minute).padStart(2, '0')}:00.000Z`;
    let text = '';
    for (let n = 1; n <= 3; n += 1) text += toolLines(n, at(n), 'Bash', { command: 'make' }, { error: 'no rule' });
    for (let n = 4; n <= 7; n += 1) text += toolLines(n, at(n), 'Read', { file_path: '/code/app/a.ts' });
    temp.write('p/a.jsonl', text);
    ledger = temp.open();
    await ledger.refresh();
    const { waste } = ledger.weekFacts({ monday: '2026-11-09', timeZone: 'UTC' });
    assert.equal(waste.toolUses, 7);
    assert.equal(waste.failedUses, 3);
    assert.equal(waste.retries, 2);
    assert.equal(waste.rereads, 3);
    assert.equal(waste.rereadCharacters, 3 * 'some lines'.length);
    assert.match(letter('2026-11-09'), /Retries: 2 tool uses/);
  });

  it('keeps the words of others within their cell', async () => {
    temp.write('p/a.jsonl', callLine(1, { at: '2026-11-10T09:00:00.000Z' }));
    ledger = temp.open();
    await ledger.refresh();
    const text = letter('2026-11-09', { hindsight: 'x <script> [a](command:b)\n# heading' });
    assert.doesNotMatch(text, /[^\\]<(b|script)|[^\\]\]\(command/);
    assert.equal(text.split('\n').filter((line) => line.startsWith('# ')).length, 1);
  });

  it('is written on the command line too, with titles', async () => {
    const title = `${JSON.stringify({ type: 'ai-title', aiTitle: 'Count the \u001b[31mberths', sessionId: 's-1' })}\n`;
    temp.write('p/a.jsonl', callLine(900_000, { at: '2026-11-10T09:00:00.000Z' }) + title);
    ledger = temp.open();
    let written = '';
    const io: Io = {
      write: (text) => void (written += text),
      error: () => undefined,
      read: () => Readable.from(['']),
      readBytes: () => Promise.resolve(new Uint8Array()),
      now: () => Date.parse('2026-11-17T09:00:00Z'),
      env: { TOKENOMETER_DATA_DIR: `${temp.folder}/cli` },
      home: temp.options.environment.home,
      programFolder: 'dist',
    };
    assert.equal(await report(['--weekly', '--timezone', 'UTC'], io), 0);
    assert.match(written, /^# Week of 2026-11-09/);
    assert.match(written, /Count the .*berths/);
    assert.ok(!written.includes('\u001b'));
    await assert.rejects(report(['--weekly', '--since', 'x'], io), UsageError);
  });

  it('is a letter for a week without use too', () => {
    ledger = temp.open();
    const text = letter('2026-11-09');
    assert.doesNotMatch(text, /undefined|NaN|Infinity/);
    assert.deepEqual(cents(text), [0, 0, 0, 0, 0, 0]);
  });
});
