import assert from 'node:assert/strict';
import { statedShare } from '../../../src/cli/advise.js';
import {
  isSentHint,
  modelWith,
  ownStudySteps,
  statedAccuracy,
  textMark,
  type OwnStudy,
} from '../../../src/advisor/ownStudy.js';
import { type OwnPrompt } from '../../../src/advisor/personalFit.js';
import { bundledTaskModel } from '../../../src/advisor/simpleTask.js';

const secret = 'zanzibar';

function study(prompts: readonly OwnPrompt[]): { result: OwnStudy; steps: number } {
  const run = ownStudySteps(prompts, bundledTaskModel, 77);
  for (let steps = 1; ; steps++) {
    const step = run.next();
    if (step.done === true) return { result: step.value, steps };
  }
}

let seed = 3;
const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
/** `questionsAreSmall`: the share of questions that turn out small; changes do the other way round. */
const prompts = (count: number, questionsAreSmall: number): OwnPrompt[] =>
  Array.from({ length: count }, (_, index) => {
    const isQuestion = random() < 0.5;
    const isSmall = random() < (isQuestion ? questionsAreSmall : 1 - questionsAreSmall);
    return {
      text: isQuestion ? `can you explain what ${secret} ${index} is for?` : `add a line to note ${index} of ${secret}`,
      atMs: index,
      turn: index % 20,
      size: isSmall ? 'small' : 'heavy',
    };
  });

describe('ownStudy', () => {
  it('says how the marks would have done, oldest first, without a word of the prompts', () => {
    const { result, steps } = study(prompts(90, 0.8));
    assert.equal(result.atMs, 77);
    assert.equal(result.prompts, 90);
    assert.equal(result.weights, undefined);
    assert.ok(result.marks.length > 20);
    const right = result.marks.filter(({ wasSmall }) => wasSmall).length / result.marks.length;
    assert.ok(right > 0.6 && right < 0.95, String(right));
    assert.ok(result.marks.every((mark, at) => at === 0 || mark.atMs > result.marks[at - 1]!.atMs));
    assert.ok(!JSON.stringify(result).includes(secret));
    assert.ok(steps > 3, 'it hands the thread back in between');
  });

  it('keeps weights of one’s own where they won on later prompts, judges by them, and survives JSON', () => {
    const { result } = study(prompts(300, 0.1));
    assert.ok(result.weights !== undefined);
    assert.ok(result.weights.ownAuc > result.weights.shippedAuc);
    assert.ok(!JSON.stringify(result).includes(secret));
    const kept = JSON.parse(JSON.stringify(result)) as OwnStudy;
    const model = modelWith(kept.weights, bundledTaskModel);
    assert.notDeepEqual(model.features, bundledTaskModel.features);
    assert.equal(model.phrases, bundledTaskModel.phrases);
    // Marks are of the later third only, by weights that had not seen it.
    assert.ok(result.marks.every(({ atMs }) => atMs >= 200));
    const right = result.marks.filter(({ wasSmall }) => wasSmall).length;
    assert.ok(result.marks.length === 0 || right / result.marks.length > 0.6);
  });

  it('has no use for weights fitted against others than the shipped ones', () => {
    const { result } = study(prompts(300, 0.1));
    assert.equal(modelWith({ ...result.weights!, dataHash: 'other' }, bundledTaskModel), bundledTaskModel);
    assert.equal(modelWith(undefined, bundledTaskModel), bundledTaskModel);
  });

  it('copes with no prompts', () => assert.deepEqual(study([]).result, { atMs: 77, prompts: 0, small: 0, marks: [] }));

  it('states the worst of what was measured, as the command line does', () => {
    const stated = statedAccuracy(bundledTaskModel);
    for (const [name, value] of Object.entries(bundledTaskModel.scores)) {
      if (name.endsWith('small among fired')) assert.ok(value >= stated.smallInTen / 10, name);
      if (name.endsWith('heavy among fired')) assert.ok(value <= stated.heavyInTen / 10, name);
    }
    assert.equal(stated.smallInTen / 10, statedShare);
    assert.equal(stated.prompts, bundledTaskModel.prompts);
  });

  it('knows the prompt of a hint once it was sent: the same text, within a day, once', () => {
    const text = 'Can you explain what the config file is for?';
    const hint = {
      id: 'a',
      atMs: 1000,
      sessionId: 's',
      pattern: 'p',
      characters: text.length,
      textMark: textMark(`${text}\n`),
    };
    assert.equal(isSentHint(hint, 2000, text), true);
    assert.equal(isSentHint(hint, 999, text), false);
    assert.equal(isSentHint(hint, 1000 + 25 * 3_600_000, text), false);
    assert.equal(isSentHint(hint, 2000, `${text} And fix it.`), false);
    assert.equal(isSentHint({ ...hint, wasSmall: true }, 2000, text), false);
    const { characters: _, ...asked } = hint;
    assert.equal(isSentHint(asked, 2000, text), false);
  });

  it('knows a text again, spaces and case aside', () => {
    assert.equal(textMark('What is\n this? '), textMark('what is this?'));
    assert.notEqual(textMark('what is this?'), textMark('what is that?'));
    assert.equal(textMark(''), textMark(' \n'));
    assert.ok(Number.isInteger(textMark('🦜')));
  });
});
