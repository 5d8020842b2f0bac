import assert from 'node:assert/strict';
import { readPrompt } from '../../../src/advisor/readPrompt.js';
import { silentGate, type GateFacts } from '../../../src/advisor/silentGates.js';
import { bundledTaskModel, judgeTask } from '../../../src/advisor/simpleTask.js';
import { taskFeatures } from '../../../src/advisor/taskFeatures.js';

const gateOf = (text: string, facts: GateFacts = {}): string | undefined => silentGate(readPrompt(text), facts);

describe('silentGates', () => {
  const silent: Readonly<Record<string, readonly string[]>> = {
    empty: ['', '  \n\t '],
    approval: [
      'yes',
      'y',
      'Yes, please!',
      'ok do it',
      'go on',
      'go ahead',
      'continue',
      '1',
      '2.',
      'A',
      'b)',
      'option 2',
      '(3)',
      '1 and 3',
      'lgtm',
      'sounds good to me',
      "let's go with the second one",
      'do it',
      'please proceed with the plan',
      'perfect, now the other one',
      'keep going',
      'both',
      'the first one',
      'all of them',
      'makes sense, what is next?',
      'fix it',
      'Approved.',
      'sure, why not?',
      'thanks',
      'by all means',
      'as you suggest, with the other name',
      "done, what's next?",
      'it is up to you, what do you prefer?',
      'implement it',
    ],
    answer: [
      'british spelling',
      'no',
      'strings',
      'and now?',
      'so?',
      'tell me more',
      'what about 2?',
      'should we continue?',
    ],
    risk: [
      'what does the auth middleware check?',
      'can you explain the race condition here?',
      'which migration adds the column?',
      'how do I get the production password?',
      'what happens on data loss?',
    ],
    report: [
      'it crashes on start',
      'Traceback (most recent call last):\n  File "a", line 1\nValueError: nope',
      'the build is failing again',
      `Bug: wrong total. Steps to reproduce: open the list. Expected: 3. Actual: 4. ${'It is seen in many places of the list view. '.repeat(8)}`,
    ],
    language: [
      'Kannst du bitte die Funktion umbenennen und den Test dafür anpassen?',
      '¿Puedes explicar por qué falla esta función?',
      'Что делает эта функция?',
      'この関数は何をしますか？',
      '这个函数是做什么的?',
      'Pourquoi est-ce que la page est vide ?',
      '🎉🎉🎉?',
      '???',
    ],
    'no-signal': [
      'Report executor terminations to framework schedulers.',
      'the header is blue in one and green in another view',
    ],
    image: ['what is this? [Image #1]', 'what is wrong here ![shot](a.png)'],
  };
  for (const [gate, texts] of Object.entries(silent)) {
    it(`keeps silent: ${gate}`, () => {
      for (const text of texts) assert.equal(gateOf(text), gate, JSON.stringify(text));
    });
  }

  it('keeps silent where told of an image, plan mode, an unknown model or a flat plan', () => {
    const text = 'what does this function do?';
    assert.equal(gateOf(text), undefined);
    assert.equal(gateOf(text, { hasImage: true }), 'image');
    assert.equal(gateOf(text, { planMode: true }), 'plan-mode');
    assert.equal(gateOf(text, { isModelKnown: false }), 'unknown-model');
    assert.equal(gateOf(text, { isModelKnown: true }), undefined);
    assert.equal(gateOf(text, { isFlatPlan: true }), 'flat-plan');
  });

  it('is open to plain questions and small chores', () => {
    for (const text of [
      'where is the retry count set?',
      'can you show me the config of the linter?',
      'push this branch',
      'explain what parseRow does in store.ts',
      'why does the test in store.test.ts fail?',
      'Which of the two functions is called first?',
    ]) {
      assert.equal(gateOf(text), undefined, text);
    }
  });

  it('keeps silent above 4,000 characters, whatever they are', () => {
    assert.equal(gateOf(`what is this? ${'see here '.repeat(500)}`), 'too-long');
    assert.equal(gateOf('?'.repeat(1_000_000)), 'too-long');
  });
});

describe('simpleTask', () => {
  it('marks a plain question late in a session, and says why', () => {
    const verdict = judgeTask({ prompt: 'where does this number come from?', turn: 9, contextTokens: 60_000 });
    assert.equal(verdict.gate, undefined);
    assert.equal(verdict.isLikelySmall, true);
    assert.ok(verdict.small > 0.6 && verdict.heavy < 0.15, `${verdict.small} ${verdict.heavy}`);
    assert.ok(verdict.reasons.some(({ id, weight }) => id === 'ends in a question mark' && weight > 0));
    assert.ok(verdict.reasons.every(({ isPresent }) => isPresent));
    const weights = verdict.reasons.map(({ weight }) => Math.abs(weight));
    assert.deepEqual(
      weights,
      [...weights].sort((a, b) => b - a),
    );
  });

  it('does not mark a wide change, and scores it below a question', () => {
    const wide = judgeTask({
      prompt: "let's refactor all handlers and add tests for each of them, then update the docs",
      turn: 3,
    });
    const question = judgeTask({ prompt: 'what is the difference between these two?', turn: 3 });
    assert.equal(wide.isLikelySmall, false);
    assert.ok(wide.score < question.score);
    assert.ok(wide.heavy > question.heavy);
  });

  it('never marks what a gate holds back, however high it scores', () => {
    const model = { ...bundledTaskModel, fireAbove: -100 };
    assert.equal(judgeTask({ prompt: 'yes' }, model).isLikelySmall, false);
    assert.equal(judgeTask({ prompt: 'what is this about?' }, model).isLikelySmall, true);
    assert.equal(judgeTask({ prompt: 'what is this about?', planMode: true }, model).isLikelySmall, false);
  });

  it('says the same of the same prompt, and counts unknown facts as average', () => {
    const facts = { prompt: 'which file holds the settings?' };
    assert.deepEqual(judgeTask(facts), judgeTask(facts));
    assert.ok(!judgeTask(facts).reasons.some(({ id }) => id === 'turn' || id === 'context size'));
  });

  it('chances are chances, and grow with the score', () => {
    const verdicts = ['what is this?', 'add tests everywhere', 'fix it', '', 'x'.repeat(9000)].map((prompt) =>
      judgeTask({ prompt }),
    );
    for (const { small, heavy } of verdicts)
      assert.ok(small > 0 && small < 1 && heavy > 0 && heavy < 1 && small + heavy < 1.001);
    const ordered = [...verdicts].sort((a, b) => a.score - b.score);
    ordered
      .slice(1)
      .forEach((one, at) => assert.ok(one.small >= ordered[at]!.small && one.heavy <= ordered[at]!.heavy));
  });

  it('the weights name only features that exist, all of them, with where they come from', () => {
    assert.deepEqual(Object.keys(bundledTaskModel.features).sort(), taskFeatures.map(({ id }) => id).sort());
    assert.match(bundledTaskModel.fitOn, /^\d{4}-\d\d-\d\d$/);
    assert.match(bundledTaskModel.dataHash, /^[\da-f]{16}$/);
    assert.ok(bundledTaskModel.scores['sessions: AUC not heavy']! > 0.6);
    for (const { scale, mean, weight } of Object.values(bundledTaskModel.features)) {
      assert.ok(scale > 0 && Number.isFinite(mean) && Number.isFinite(weight));
    }
  });
});
