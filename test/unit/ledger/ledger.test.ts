import assert from 'node:assert/strict';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { agents } from '../../../src/agents/agents';
import { Ledger } from '../../../src/ledger/ledger';
import { seeded } from '../../bench/generateHistory';
import { environmentOf, fixturesFolder, makeHome } from '../agents/fixtureCase';
import { allFigures, callLine, figures, sumOfCalls, type TempLedger, tempLedger } from './tempLedger';

describe('ledger', () => {
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
  const refreshed = async () => {
    await ledger.refresh();
    return allFigures(ledger);
  };

  it('has nothing to say where there is no folder, and says so', async () => {
    const outcome = await ledger.refresh();
    assert.equal(outcome.hasLogs, false);
    assert.deepEqual(allFigures(ledger), sumOfCalls([]));
    assert.deepEqual(
      ledger.doctor().agents[0]!.folders.map((folder) => folder.exists),
      [false, false, false],
    );
  });

  it('reads only what was appended', async () => {
    const path = temp.write('p/a.jsonl', callLine(1) + callLine(2));
    assert.deepEqual(await refreshed(), sumOfCalls([1, 2]));
    appendFileSync(path, callLine(3));
    const outcome = await ledger.refresh();
    assert.equal(outcome.readBytes, Buffer.byteLength(callLine(3)));
    assert.deepEqual(allFigures(ledger), sumOfCalls([1, 2, 3]));
    assert.equal((await ledger.refresh()).changed, false);
  });

  it('counts a last line without its newline, once, and leaves a half-written one for later', async () => {
    const path = temp.write('p/a.jsonl', callLine(1) + callLine(2).trimEnd());
    assert.deepEqual(await refreshed(), sumOfCalls([1, 2]));
    appendFileSync(path, `\n${callLine(3).slice(0, 150)}`);
    assert.deepEqual(await refreshed(), sumOfCalls([1, 2]));
    appendFileSync(path, callLine(3).slice(150));
    assert.deepEqual(await refreshed(), sumOfCalls([1, 2, 3]));
    assert.deepEqual(ledger.totals({ by: 'day', timeZone: 'UTC' }).skipped, []);
  });

  it('reads a rewritten, a truncated and a replaced file anew, and forgets nothing', async () => {
    const path = temp.write('p/a.jsonl', callLine(1) + callLine(2) + callLine(3));
    await ledger.refresh();
    truncateSync(path, Buffer.byteLength(callLine(1)));
    assert.deepEqual(await refreshed(), sumOfCalls([1, 2, 3]));
    writeFileSync(path, callLine(4) + callLine(5) + callLine(6) + callLine(7));
    assert.deepEqual(await refreshed(), sumOfCalls([1, 2, 3, 4, 5, 6, 7]));
    rmSync(path);
    temp.write('p/a.jsonl', callLine(8));
    assert.deepEqual(await refreshed(), sumOfCalls([1, 2, 3, 4, 5, 6, 7, 8]));
  });

  it('finds a change that left size and time alone in the part read before', async () => {
    const path = temp.write('p/a.jsonl', callLine(1) + callLine(2));
    await ledger.refresh();
    writeFileSync(path, callLine(1) + callLine(3));
    utimesSync(path, new Date(), new Date(Date.now() + 5000));
    assert.deepEqual(await refreshed(), sumOfCalls([1, 2, 3]));
  });

  it('follows a renamed file without reading it again, and counts a copy once', async () => {
    const path = temp.write('p/a.jsonl', callLine(1) + callLine(2));
    await ledger.refresh();
    renameSync(path, join(path, '..', 'b.jsonl'));
    const renamed = await ledger.refresh();
    assert.equal(renamed.readBytes, 0);
    copyFileSync(join(path, '..', 'b.jsonl'), path);
    appendFileSync(path, callLine(3));
    assert.deepEqual(await refreshed(), sumOfCalls([1, 2, 3]));
  });

  it('keeps the calls of a deleted log, and doctor says that it is gone', async () => {
    const path = temp.write('p/a.jsonl', callLine(1));
    await ledger.refresh();
    rmSync(path);
    assert.deepEqual(await refreshed(), sumOfCalls([1]));
    assert.equal(ledger.doctor().agents[0]!.goneFiles, 1);
    temp.write('p/a.jsonl', callLine(1) + callLine(2));
    assert.deepEqual(await refreshed(), sumOfCalls([1, 2]));
    assert.equal(ledger.doctor().agents[0]!.goneFiles, 0);
  });

  it('goes on past broken lines and names them', async () => {
    const path = temp.write('p/a.jsonl', `${callLine(1)}{"usage": broken\n${callLine(2)}`);
    assert.deepEqual(await refreshed(), sumOfCalls([1, 2]));
    const expected = [{ agent: 'claude-code', file: path, reason: 'broken-json', count: 1 }];
    assert.deepEqual(ledger.totals({ by: 'day', timeZone: 'UTC' }).skipped, expected);
    appendFileSync(path, callLine(3));
    await ledger.refresh();
    assert.deepEqual(ledger.totals({ by: 'day', timeZone: 'UTC' }).skipped, expected);
  });

  it('walks past links in circles, links to nowhere and files that cannot be read', async () => {
    const path = temp.write('p/a.jsonl', callLine(1));
    symlinkSync(join(path, '..', '..'), join(path, '..', 'circle'));
    symlinkSync('/nowhere/at/all', join(path, '..', 'nowhere.jsonl'));
    symlinkSync('/proc/self/mem', join(path, '..', 'unreadable.jsonl'));
    assert.deepEqual(await refreshed(), sumOfCalls([1]));
    if (!existsSync('/proc/self/mem')) return;
    const { skipped } = ledger.totals({ by: 'day', timeZone: 'UTC' });
    assert.deepEqual(
      skipped.map(({ reason, count }) => [reason, count]),
      [['unreadable', 1]],
    );
  });

  it('reads a line of many megabytes, and passes over one too long to hold', async () => {
    const large = callLine(2, { text: 'x'.repeat(8_000_000) });
    const tooLong = callLine(9, { text: 'x'.repeat(34_000_000) });
    temp.write('p/a.jsonl', callLine(1) + large + tooLong + callLine(3));
    assert.deepEqual(await refreshed(), sumOfCalls([1, 2, 3]));
    const { skipped } = ledger.totals({ by: 'day', timeZone: 'UTC' });
    assert.deepEqual(
      skipped.map(({ reason, count }) => [reason, count]),
      [['line-too-long', 1]],
    );
  }).timeout(60_000);

  it('comes to the same in random pieces and any order of files as in one pass', async () => {
    const random = seeded(11);
    const files = Array.from({ length: 5 }, (_, file) => {
      const lines: string[] = [];
      for (let n = 1; n <= 60; n += 1) {
        const id = Math.floor(random() * 150) + 1;
        // Rows of an answer, early ones with a placeholder, and copies in other sessions.
        if (random() < 0.5) lines.push(callLine(id, { session: `s-${file}`, output: 1 }));
        lines.push(callLine(id, { session: `s-${file}` }));
        if (random() < 0.05) lines.push('{"broken": "usage\n');
      }
      return { name: `p-${file}/f.jsonl`, bytes: Buffer.from(lines.join('')), at: 0 };
    });
    for (const { name, bytes } of files) temp.write(name, bytes);
    const whole = await refreshed();
    const skips = ledger.totals({ by: 'day', timeZone: 'UTC' }).skipped.map(({ count }) => count);
    const other = tempLedger();
    const pieces = other.open();
    try {
      for (let left = files.slice(); left.length > 0; left = left.filter(({ at, bytes }) => at < bytes.length)) {
        const file = left[Math.floor(random() * left.length)]!;
        const size = 1 + Math.floor(random() * 3000);
        const path = other.write(
          file.name,
          file.at === 0 ? '' : readFileSync(join(other.folder, 'home/.claude/projects', file.name)),
        );
        appendFileSync(path, file.bytes.subarray(file.at, file.at + size));
        file.at += size;
        await pieces.refresh();
      }
      assert.deepEqual(allFigures(pieces), whole);
      assert.deepEqual(
        pieces.totals({ by: 'day', timeZone: 'UTC' }).skipped.map(({ count }) => count),
        skips,
      );
    } finally {
      pieces.close();
      other.remove();
    }
  });

  it('gives the same sum by every dimension, and filters combine', async () => {
    const lines = Array.from({ length: 90 }, (_, n) =>
      callLine(n + 1, { session: `s-${n % 7}`, at: new Date(Date.UTC(2026, 9, 20, n * 5, 20)).toISOString() }),
    );
    temp.write('p/a.jsonl', lines.join(''));
    const whole = await refreshed();
    for (const by of [
      'day',
      'week',
      'month',
      'model',
      'agent',
      'project',
      'branch',
      'session',
      'prompt',
      'subagent',
    ] as const) {
      const { rows, totals } = ledger.totals({ by, timeZone: 'America/New_York' });
      assert.deepEqual(figures(totals), whole, by);
      assert.equal(
        rows.reduce((sum, row) => sum + row.calls, 0),
        90,
        by,
      );
    }
    const part = ledger.totals({
      by: 'day',
      since: '2026-10-22',
      until: '2026-10-23',
      session: 's-1',
      timeZone: 'Asia/Tokyo',
    });
    const expected = lines.filter((_, n) => {
      const day = new Date(Date.UTC(2026, 9, 20, n * 5, 20) + 9 * 3_600_000).toISOString().slice(0, 10);
      return n % 7 === 1 && (day === '2026-10-22' || day === '2026-10-23');
    });
    assert.equal(part.totals.calls, expected.length);
    assert.ok(expected.length > 0);
    assert.equal(ledger.totals({ by: 'day', model: 'no such model', timeZone: 'UTC' }).totals.calls, 0);
  });

  it('lets two ledgers write to one store without counting twice', async () => {
    temp.write('p/a.jsonl', Array.from({ length: 50 }, (_, n) => callLine(n + 1)).join(''));
    const second = temp.open();
    try {
      await Promise.all([ledger.refresh(), second.refresh()]);
      const expected = sumOfCalls(Array.from({ length: 50 }, (_, n) => n + 1));
      assert.deepEqual(allFigures(ledger), expected);
      assert.deepEqual(allFigures(second), expected);
      assert.equal(ledger.doctor().agents[0]!.records, 50);
    } finally {
      second.close();
    }
  });

  it('can be closed while it reads, and goes on where it was', async () => {
    const numbers = Array.from({ length: 9000 }, (_, n) => n + 1);
    temp.write('p/a.jsonl', numbers.map((n) => callLine(n)).join(''));
    const running = ledger.refresh();
    await ledger.stop();
    await assert.rejects(running, /being closed/);
    ledger = temp.open();
    assert.deepEqual(await refreshed(), sumOfCalls(numbers));
  });

  it('sets a damaged store aside, says so once, and rebuilds from the logs', async () => {
    temp.write('p/a.jsonl', callLine(1) + callLine(2));
    await ledger.refresh();
    ledger.close();
    const data = temp.options.dataFolder;
    for (const name of readdirSync(data)) if (name !== 'ledger.db') rmSync(join(data, name));
    writeFileSync(join(data, 'ledger.db'), 'no database at all '.repeat(1000));
    ledger = temp.open();
    const outcome = await ledger.refresh();
    assert.equal(outcome.setAside, join(data, 'ledger.db.damaged'));
    assert.deepEqual(allFigures(ledger), sumOfCalls([1, 2]));
    assert.equal((await ledger.refresh()).setAside, undefined);
  });

  it('folds worktrees into their repository', async () => {
    const repository = join(temp.folder, 'repo');
    const worktree = join(temp.folder, 'elsewhere', 'tree');
    mkdirSync(join(repository, '.git', 'worktrees', 'tree'), { recursive: true });
    mkdirSync(join(repository, 'src'), { recursive: true });
    mkdirSync(worktree, { recursive: true });
    writeFileSync(join(worktree, '.git'), `gitdir: ${join(repository, '.git', 'worktrees', 'tree')}\n`);
    const cwds = [repository, join(repository, 'src'), worktree, join(repository, '.claude/worktrees/topic/src')];
    const lines = cwds.map((cwd, n) => callLine(n + 1).replace('"/code/app"', JSON.stringify(cwd)));
    temp.write('p/a.jsonl', lines.join('') + callLine(5).replace('/code/app', '/gone/.claude/worktrees/x'));
    await ledger.refresh();
    const rows = ledger.totals({ by: 'project', timeZone: 'UTC' }).rows.map(({ key, calls }) => [key, calls]);
    assert.deepEqual(
      rows,
      [
        ['/gone', 1],
        [repository, 4],
      ].sort(),
    );
  });

  it('takes a call apart: rows, kept one, price, gaps', async () => {
    const path = temp.write('p/a.jsonl', callLine(1, { output: 2 }) + callLine(1));
    temp.write('q/copy.jsonl', callLine(1, { session: 's-2' }));
    await ledger.refresh();
    const explanation = ledger.explain('msg_1', 'UTC');
    assert.equal(explanation?.kind, 'call');
    const rows = explanation.calls[0]!.rows.map(({ file, place, use }) => [file === path, place, use]);
    assert.deepEqual(rows.sort(), [
      [false, 0, 'copy'],
      [true, 0, 'same answer'],
      [true, Buffer.byteLength(callLine(1, { output: 2 })), 'kept'],
    ]);
    assert.equal(explanation.calls[0]!.price.status, 'exact');
    assert.ok(explanation.notes.length > 0);
    assert.equal(ledger.explain('s-1', 'UTC')?.kind, 'session');
    assert.equal(ledger.explain('2026-11-02', 'UTC')?.calls.length, 1);
    assert.equal(ledger.explain('nothing', 'UTC'), undefined);
  });
});

describe('ledger: every agent’s fixtures', () => {
  for (const agent of agents) {
    it(`${agent.id}: no word of a message is in the store`, async () => {
      for (const name of readdirSync(join(fixturesFolder, agent.id))) {
        const home = makeHome(join(fixturesFolder, agent.id, name));
        const dataFolder = join(home, 'tokenometer-data');
        const ledger = Ledger.open({
          dataFolder,
          environment: environmentOf(home),
          now: () => Date.now(),
          agents: [agent],
        });
        try {
          await ledger.refresh();
          for (const file of readdirSync(dataFolder))
            assert.ok(!readFileSync(join(dataFolder, file)).includes('quokkamarker'), `${name}: ${file}`);
        } finally {
          ledger.close();
          rmSync(home, { recursive: true, force: true });
        }
      }
    });
  }
});
