import assert from 'node:assert/strict';
import {
  bandOf,
  chanceAlso,
  chanceScore,
  hindsight,
  objects,
  savingRange,
  sumClaims,
  type FinishedTask,
} from '../../../src/advisor/hindsight.js';
import { type ModelOffer } from '../../../src/advisor/modelOffer.js';
import { habits, mayBeChore, roleOf, toolKindOf, type TaskTools } from '../../../src/advisor/roles.js';

const model = (
  id: string,
  tier: ModelOffer['tier'],
  input: number,
  output = input * 5,
  provider = 'anthropic',
): ModelOffer => ({
  id,
  provider,
  family: id,
  tier,
  rates: { input, output, cacheRead: input / 10, cacheWrite: input * 1.25 },
});
const opus = model('opus', 'frontier', 5);
const sonnet = model('sonnet', 'balanced', 3);
const haiku = model('haiku', 'small', 1);
const light: FinishedTask = { requests: 12, linesChanged: 4, costUsd: 1, isFinished: true };

describe('hindsight', () => {
  it('is the two-number formula', () => {
    assert.ok(Math.abs(chanceScore(31, 7) - (3.66 - 0.497 * Math.log(32) - 0.26 * Math.log(8))) < 1e-12);
    assert.ok(Math.abs(chanceAlso(31, 7) - 0.8017) < 0.0001);
    assert.ok(chanceAlso(5, 2) > chanceAlso(50, 2) && chanceAlso(5, 2) > chanceAlso(5, 200));
  });

  it('speaks in bands and shows the upper one', () => {
    assert.deepEqual(bandOf(0.85), { times: 9, of: 10, share: 0.9, isShown: true });
    assert.equal(bandOf(0.8)?.isShown, false);
    assert.equal(bandOf(0.74), undefined);
  });

  it('states what the cheaper model had cost as a quarter to three times the same tokens', () => {
    const range = savingRange(1, opus, haiku);
    assert.ok(Math.abs(range.cheapLowUsd - 0.05) < 1e-12 && Math.abs(range.cheapHighUsd - 0.6) < 1e-12);
    assert.ok(Math.abs(range.lowUsd - 0.4) < 1e-12 && Math.abs(range.highUsd - 0.95) < 1e-12);
    assert.ok(savingRange(1, opus, sonnet).lowUsd < 0);
    assert.ok(Math.abs(savingRange(1, opus, haiku, 0.1).lowUsd - 0.3) < 1e-12);
  });

  it('takes the ratio that speaks against the saving where buckets differ', () => {
    const odd = model('odd', 'small', 0.5, 10);
    assert.ok(Math.abs(savingRange(1, opus, odd).cheapHighUsd - 3 * 0.4) < 1e-12);
    assert.ok(Math.abs(savingRange(1, opus, odd).cheapLowUsd - 0.25 * 0.1) < 1e-12);
  });

  it('claims only finished, uncontested, light work whose pessimistic end still pays', () => {
    assert.equal(hindsight(light, opus, haiku)?.band.times, 9);
    assert.equal(hindsight(light, opus, sonnet), undefined);
    const not: readonly Partial<FinishedTask>[] = [
      { isFinished: false },
      { isContested: true },
      { planMode: true },
      { errorStreak: 3 },
      { requests: 80 },
      { linesChanged: 900 },
      { costUsd: 0.1 },
      { requests: 0 },
    ];
    for (const change of not)
      assert.equal(hindsight({ ...light, ...change }, opus, haiku), undefined, JSON.stringify(change));
    assert.equal(hindsight(light, opus, haiku, { extraUsd: 0.5 }), undefined);
  });

  it('sums a week by kind, most frequent first, and has nothing to say about nothing', () => {
    const claim = hindsight(light, opus, haiku)!;
    const sum = sumClaims([
      { role: 'explain', costUsd: 1, claim },
      { role: 'commit', costUsd: 0.5, claim },
      { role: 'commit', costUsd: 0.5, claim },
    ]);
    assert.equal(sum?.tasks, 3);
    assert.equal(sum.costUsd, 2);
    assert.ok(Math.abs(sum.cheapHighUsd - 1.8) < 1e-12);
    assert.deepEqual(
      sum.roles.map(({ role, tasks }) => [role, tasks]),
      [
        ['commit', 2],
        ['explain', 1],
      ],
    );
    assert.equal(sumClaims([]), undefined);
  });
});

describe('roles', () => {
  const task = (change: Partial<TaskTools>): TaskTools => ({ requests: 3, tools: [], filesEdited: 0, ...change });

  it("knows tools by any agent's name for them", () => {
    assert.deepEqual(['Read', 'read_file', 'Grep', 'codebase_search'].map(toolKindOf), [
      'read',
      'read',
      'read',
      'read',
    ]);
    assert.deepEqual(['Edit', 'apply_patch', 'replace_string_in_file', 'write_to_file'].map(toolKindOf), [
      'edit',
      'edit',
      'edit',
      'edit',
    ]);
    assert.deepEqual(['Bash', 'run_in_terminal', 'exec_command', 'Task'].map(toolKindOf), [
      'shell',
      'shell',
      'shell',
      'other',
    ]);
  });

  it('tells the chores apart by tools alone', () => {
    assert.equal(roleOf(task({})), 'explain');
    assert.equal(roleOf(task({ tools: ['Read', 'Grep'] })), 'explain');
    assert.equal(roleOf(task({ tools: ['Bash', 'Bash'], gitUses: 2, gitCommits: 1 })), 'commit');
    assert.equal(roleOf(task({ tools: ['Bash'], gitUses: 1 })), 'diff-summary');
    assert.equal(roleOf(task({ tools: ['Bash'] })), 'other');
    assert.equal(roleOf(task({ tools: ['Read', 'Edit'], filesEdited: 1 })), 'other');
    assert.equal(roleOf(task({ requests: 30 })), 'other');
    assert.equal(roleOf(task({ role: 'title' })), 'title');
  });

  it('where nobody read the commands, the words say which chore the tools allow', () => {
    const shell = (prompt?: string) => roleOf(task({ tools: ['Bash', 'Bash'], ...(prompt && { prompt }) }));
    assert.equal(shell('commit this please'), 'commit');
    assert.equal(shell('Summarise the changes on this branch'), 'diff-summary');
    assert.equal(shell('what has changed since the last commit?'), 'diff-summary');
    assert.equal(shell('run the tests'), 'other');
    assert.equal(shell(`commit this. ${'And then some more. '.repeat(30)}`), 'other');
    assert.equal(shell(), 'other');
    assert.equal(roleOf(task({ tools: ['Read'], prompt: 'what is this for?' })), 'explain');
    assert.equal(roleOf(task({ tools: ['Read'], prompt: 'thanks' })), 'other');
    assert.equal(roleOf(task({ tools: ['Bash'], filesEdited: 1, prompt: 'commit this' })), 'other');
    assert.equal(roleOf(task({ tools: ['Bash', 'SomethingElse'], prompt: 'commit this' })), 'other');
  });

  it('asks no words of what cannot be a chore', () => {
    assert.equal(mayBeChore(task({ tools: ['Read', 'Bash'] })), true);
    assert.equal(mayBeChore(task({ tools: ['Edit'] })), false);
    assert.equal(mayBeChore(task({ tools: [], requests: 40 })), false);
    assert.equal(mayBeChore(task({ role: 'title', requests: 40 })), true);
  });

  it('hears a complaint, in a prompt’s opening only', () => {
    for (const words of [
      'No, that is not what I meant',
      'it doesn’t work',
      'still failing',
      'please revert that',
      'Wait, undo this',
    ])
      assert.equal(objects(words), true, words);
    for (const words of ['now the other file', 'nothing else, thanks', 'what about the notes?', ''])
      assert.equal(objects(words), false, words);
    assert.equal(objects(`${'word '.repeat(200)} revert`), false);
  });

  it('a habit is three or more', () => {
    const tasks = [1, 2, 3].map(() => ({ role: 'commit' as const, costUsd: 0.5 }));
    assert.deepEqual(habits([...tasks, { role: 'explain', costUsd: 9 }, { role: 'other', costUsd: 9 }]), [
      { role: 'commit', tasks: 3, costUsd: 1.5 },
    ]);
  });
});
