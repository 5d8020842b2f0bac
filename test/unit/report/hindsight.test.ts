import assert from 'node:assert/strict';
import { type ModelOffer } from '../../../src/advisor/modelOffer';
import { type PromptWork } from '../../../src/ledger/promptWork';
import { hindsightReport, tasksOf, type HindsightSource } from '../../../src/report/hindsightModel';
import { hindsightLine, hindsightSections } from '../../../src/report/hindsightWords';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const offer = (id: string, family: string, tier: ModelOffer['tier'], price: number): ModelOffer => ({
  id,
  provider: 'anthropic',
  family,
  tier,
  generation: 5.5,
  rates: { input: price, output: 5 * price, cacheRead: price / 10, cacheWrite: 1.25 * price },
});
const opus = offer('claude-opus-5-5', 'opus', 'frontier', 5);
const sonnet = offer('claude-sonnet-5-5', 'sonnet', 'balanced', 3);
const haiku = offer('claude-haiku-5-5', 'haiku', 'small', 1);

let count = 0;
const work = (more: Partial<PromptWork> = {}): PromptWork => {
  count++;
  const atMs = more.atMs ?? 0;
  return {
    agent: 'claude-code',
    sessionId: 's',
    key: `p${count}`,
    project: '/p',
    atMs,
    lastMs: atMs + minuteMs,
    turn: 0,
    characters: 40,
    planMode: false,
    isInterrupted: false,
    model: opus.id,
    requests: 6,
    modelRequests: 6,
    work: { inputTokens: 0, cacheWriteTokens: 0, cacheReadTokens: 0, outputTokens: 0 },
    costUsd: 1,
    modelUsd: 1,
    isExact: true,
    firstUncachedTokens: 0,
    firstWrittenTokens: 0,
    contextTokens: 0,
    endContextTokens: 0,
    outputTokens: 500,
    toolNames: ['Read', 'Bash'],
    toolUses: 2,
    errorStreak: 0,
    filesEdited: 0,
    linesChanged: 0,
    ...more,
  };
};

/** `texts`: by key; a key without one is a prompt whose log is gone. */
const source = (
  texts: Readonly<Record<string, string>> = {},
  more: Partial<HindsightSource> = {},
): HindsightSource => ({
  offer: (model) => Promise.resolve([opus, sonnet, haiku].find(({ id }) => id === model)),
  offers: () => Promise.resolve([haiku, sonnet, opus]),
  promptText: (_, key) => Promise.resolve(texts[key]),
  nowMs: 1000 * hourMs,
  ...more,
});
const around = {
  t: (words: string, ...values: string[]) => words.replaceAll(/\{(\d)\}/g, (_, at: string) => values[Number(at)] ?? ''),
  locale: 'en',
};

describe('hindsight: tasks', () => {
  it('are a session’s prompts up to a pause that no cache outlives', () => {
    const rows = [
      work({ atMs: 0 }),
      work({ atMs: 30 * minuteMs, turn: 1 }),
      work({ atMs: 3 * hourMs, turn: 2 }),
      work({ sessionId: 'other', atMs: 10 * minuteMs }),
    ];
    const tasks = tasksOf([...rows].reverse());
    assert.deepEqual(
      tasks.map(({ prompts }) => prompts.length),
      [2, 1, 1],
    );
    assert.equal(tasks[0]!.next?.turn, 2);
    assert.equal(tasks[1]!.next, undefined);
    assert.deepEqual(tasksOf([]), []);
  });
});

describe('hindsightReport', () => {
  const about = async (rows: readonly PromptWork[], from = source()) => hindsightReport(rows, from);

  it('claims a light, finished task, pessimistic end first, for the first smaller model that surely pays', async () => {
    const { looked, tasks, sum } = await about([work()]);
    assert.equal(looked, 1);
    assert.equal(tasks[0]?.to.id, haiku.id);
    assert.ok(Math.abs(tasks[0].claim.saving.lowUsd - 0.4) < 1e-9);
    assert.ok(Math.abs(tasks[0].claim.saving.highUsd - 0.95) < 1e-9);
    assert.equal(sum?.tasks, 1);
  });

  it('claims nothing that it cannot stand by', async () => {
    const silent: readonly (readonly PromptWork[])[] = [
      [work({ requests: 60 })],
      [work({ linesChanged: 400 })],
      [work({ isInterrupted: true })],
      [work({ planMode: true })],
      [work({ errorStreak: 3 })],
      [work({ isExact: false })],
      [work({ modelUsd: 0.5 })],
      [work({ costUsd: 0.04, modelUsd: 0.04 })],
      [work({ model: 'nobody-knows' })],
      [work({ model: haiku.id })],
      [work(), work({ atMs: 5 * minuteMs, model: sonnet.id })],
      [work({ atMs: 999.5 * hourMs })],
      [],
    ];
    for (const rows of silent) assert.deepEqual((await about(rows)).tasks, [], JSON.stringify(rows[0] ?? {}));
    const unpriced = work();
    const { costUsd: _, modelUsd: __, ...rest } = unpriced;
    assert.deepEqual((await about([rest])).tasks, []);
    assert.deepEqual((await about([work()], source({}, { offers: () => Promise.resolve([sonnet]) }))).tasks, []);
  });

  it('hears a complaint in a later prompt of the task or after it, and takes lost words for one', async () => {
    const [first, second, next] = [work(), work({ atMs: 5 * minuteMs }), work({ atMs: 9 * hourMs, requests: 99 })];
    const words = { [first.key]: 'why is this?', [second.key]: 'and that one?', [next.key]: 'now the other page' };
    const claimed = async (texts: Readonly<Record<string, string>>) =>
      (await about([first, second, next], source(texts))).tasks.length;
    assert.equal(await claimed(words), 1);
    assert.equal(await claimed({ ...words, [second.key]: 'no, that is wrong' }), 0);
    assert.equal(await claimed({ ...words, [next.key]: 'please revert what you did' }), 0);
    assert.equal(await claimed({ [first.key]: 'why is this?', [second.key]: 'and that one?' }), 0);
  });

  it('finds chores by their tools and names them by their words', async () => {
    const chore = (atMs: number, more: Partial<PromptWork> = {}) =>
      work({ sessionId: `c${atMs}`, atMs, toolNames: ['Bash', 'Bash'], requests: 3, ...more });
    const rows = [1, 2, 3, 4].map((hour) => chore(hour * hourMs));
    const texts = Object.fromEntries(rows.map(({ key }) => [key, 'commit this with a short message']));
    const report = await about([...rows, chore(9 * hourMs, { filesEdited: 1 })], source(texts));
    assert.deepEqual(report.habits, [{ role: 'commit', tasks: 4, costUsd: 4 }]);
    assert.equal(report.sum?.roles[0]?.role, 'commit');
    const asked = rows.map((row) => ({ ...row, toolNames: ['Read', 'Grep'] }));
    const explained = Object.fromEntries(rows.map(({ key }) => [key, 'what does this part do?']));
    assert.equal((await about(asked, source(explained))).habits[0]?.role, 'explain');
    const thanked = Object.fromEntries(rows.map(({ key }) => [key, 'thanks for the help']));
    assert.deepEqual((await about(asked, source(thanked))).habits, []);
    assert.deepEqual((await about(rows)).habits, [], 'lost words name nothing');
  });

  it('reads a bounded number of words, however many prompts there are', async () => {
    const rows = Array.from({ length: 900 }, (_, at) => work({ sessionId: `m${at}`, toolNames: ['Bash'] }));
    let reads = 0;
    await about(rows, source({}, { promptText: () => (reads++, Promise.resolve('commit this')) }));
    assert.ok(reads > 0 && reads <= 400, String(reads));
  });

  it('goes on where words cannot be read', async () => {
    const lost = source({}, { promptText: () => Promise.reject(new Error('gone')) });
    assert.equal((await about([work()], lost)).tasks.length, 1);
  });
});

describe('hindsight in words', () => {
  const rows = () => [1, 2, 3].map((hour) => work({ sessionId: `w${hour}`, atMs: hour * hourMs }));

  it('says the sum in one line, most at first, or that there is nothing', async () => {
    const empty = await hindsightReport([], source());
    assert.equal(hindsightLine(empty, around), 'No light tasks worth moving to a cheaper model.');
    assert.deepEqual(hindsightSections(empty, around), []);
    const one = await hindsightReport(rows().slice(0, 1), source());
    assert.equal(
      hindsightLine(one, around),
      'One light task on Opus 5.5 cost $1.00. On Haiku 5.5 it had cost at most $0.60, at least $0.05.',
    );
    const three = rows();
    const texts = Object.fromEntries(three.map(({ key }) => [key, 'commit this']));
    assert.equal(
      hindsightLine(await hindsightReport(three, source(texts)), around),
      '3 light tasks on Opus 5.5 cost $3.00. On Haiku 5.5 they had cost at most $1.80, at least $0.15. Most of them: commit messages (3).',
    );
  });

  it('has a row for each kind of work, and the risk beside it', async () => {
    const three = rows();
    const texts = Object.fromEntries(three.map(({ key }) => [key, 'commit this']));
    const [light, chores] = hindsightSections(await hindsightReport(three, source(texts)), around);
    assert.deepEqual(
      light?.table.rows[0]?.map(({ text }) => text),
      ['commit messages', '3', '$3.00', '$1.80', '$0.15'],
    );
    assert.match(light.notes.join(' '), /9 in 10 .* 1 in 10 were not/);
    assert.deepEqual(
      chores?.table.rows[0]?.map(({ text }) => text),
      ['commit messages', '3', '$3.00'],
    );
  });
});
