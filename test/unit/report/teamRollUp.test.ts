// What is given to a team: nothing but sums, nothing of few sessions, nothing that names a place unasked; and several
// files as one.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TeamFact } from '../../../src/ledger/teamFacts';
import { mergeRollUps, readRollUp, rollUp, rollUpMarkdown } from '../../../src/report/teamRollUp';
import { breachesOf } from './jsonSchema';

const schema = JSON.parse(readFileSync('src/report/rollUp.schema.json', 'utf8')) as Record<string, unknown>;
const days = { since: '2026-09-01', until: '2026-11-24' };
const fill = (words: string, ...values: string[]) =>
  words.replace(/\{(\d)\}/g, (_, index: string) => values[Number(index)] ?? '');

function fact(week: string, model: string, project: string, count: number, isShared = false): TeamFact {
  const sessions = Array.from({ length: count }, (_, index) => `${week} ${isShared ? '' : model} ${index}`);
  return {
    key: week,
    week,
    agent: 'claude-code',
    model,
    project,
    sessions,
    calls: 10 * count,
    inputTokens: 1,
    cacheWrite5mTokens: 2,
    cacheWrite1hTokens: 3,
    cacheReadTokens: 4,
    outputTokens: 5,
    reasoningTokens: 0,
    totalTokens: 15,
    costUsd: count,
    estimatedCostUsd: 0,
    unpricedTokens: 0,
    estimatedTokens: 0,
    unrecordedOutputCalls: 0,
    unrecordedOutputTokens: 0,
  };
}

const facts = [
  fact('2026-11-16', 'm', '/home/someone/secret', 9),
  fact('2026-11-16', 'n', '/home/someone/secret', 3),
  fact('2026-11-16', 'o', '/home/someone/other', 3),
  fact('2026-11-09', 'm', '/home/someone/other', 2),
  fact('2026-11-02', 'm', '/home/someone/other', 4),
];

describe('a team roll-up', () => {
  it('keeps its schema and names no place unasked', () => {
    for (const projects of ['none', 'names', 'paths'] as const)
      assert.deepEqual(breachesOf(schema, rollUp(facts, { ...days, projects })), []);
    assert.doesNotMatch(JSON.stringify(rollUp(facts, { ...days, projects: 'none' })), /someone|secret|project/);
    const named = JSON.stringify(
      rollUp([fact('2026-11-16', 'm', '/home/someone/app', 9)], { ...days, projects: 'names' }),
    );
    assert.match(named, /"app"/);
    assert.doesNotMatch(named, /someone/);
    assert.notDeepEqual(breachesOf(schema, { ...rollUp(facts, { ...days, projects: 'none' }), user: 'x' }), []);
  });

  it('shows no group of few sessions, and loses none of it', () => {
    const made = rollUp(facts, { ...days, projects: 'names' });
    assert.deepEqual(
      made.rows.map(({ week, model, project, sessions }) => [week, model, project, sessions]),
      [
        ['2026-11-16', 'm', 'secret', 9],
        ['2026-11-16', 'other', 'other', 6],
        ['other', 'other', 'other', 6],
      ],
    );
    assert.equal(made.leftOutSessions, 0);
    assert.equal(
      made.rows.reduce((sum, { costUsd }) => sum + costUsd, 0),
      21,
    );
    const few = rollUp([fact('2026-11-16', 'm', '/p', 3)], { ...days, projects: 'none' });
    assert.deepEqual([few.rows.length, few.leftOutSessions], [0, 3]);
  });

  it('takes a session that used several models for one', () => {
    const both = [fact('2026-11-16', 'm', '/p', 3, true), fact('2026-11-16', 'n', '/p', 3, true)];
    const made = rollUp(both, { ...days, projects: 'none' });
    assert.deepEqual([made.rows.length, made.leftOutSessions], [0, 3]);
  });

  it('is added up with others, which it then cannot be told from', () => {
    const mine = rollUp(facts, { ...days, projects: 'none' });
    const theirs = rollUp([fact('2026-11-16', 'm', '/q', 7)], {
      since: '2026-10-01',
      until: '2026-11-30',
      projects: 'none',
    });
    const merged = mergeRollUps([mine, theirs]);
    assert.deepEqual(breachesOf(schema, merged), []);
    assert.equal(merged.files, 2);
    assert.deepEqual([merged.since, merged.until], ['2026-09-01', '2026-11-30']);
    assert.equal(merged.rows.find(({ model }) => model === 'm')?.sessions, 16);
    assert.deepEqual(mergeRollUps([theirs, mine]), merged);
    assert.match(rollUpMarkdown(merged, fill, 'en'), /\| m \| \$16\.00 \| 16 \| 160 \|/);
  });

  it('is read back, and refuses what is none', () => {
    const made = rollUp(facts, { ...days, projects: 'names' });
    assert.deepEqual(readRollUp(JSON.stringify(made)), made);
    const problem = (text: string) => (readRollUp(text) as { problem: string }).problem;
    assert.equal(problem('{'), 'not JSON');
    assert.equal(problem('[]'), 'not a roll-up');
    assert.equal(problem('null'), 'not a roll-up');
    assert.equal(problem(JSON.stringify({ ...made, schemaVersion: 2 })), 'newer');
    for (const calls of [-1, 'x', null])
      assert.equal(problem(JSON.stringify({ ...made, rows: [{ ...made.rows[0], calls }] })), 'not a roll-up');
    const more = { ...made, rows: made.rows.map((row) => ({ ...row, user: 'x' })) };
    assert.deepEqual(readRollUp(JSON.stringify(more)), made);
  });
});
