import assert from 'node:assert/strict';
import {
  freshLearning,
  hitRate,
  noticeGiven,
  quietReason,
  recordAsked,
  recordFate,
  recordHint,
  recordOutcome,
  recordOwnMarks,
  markRate,
  switchOff,
  switchOn,
  type LearningState,
} from '../../../src/advisor/learning.js';
import { personalFit, sizeOfWork, type OwnPrompt } from '../../../src/advisor/personalFit.js';
import { bundledTaskModel } from '../../../src/advisor/simpleTask.js';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const at = (day: number, hour: number, session: string, pattern = 'question') => ({
  nowMs: day * dayMs + hour * hourMs,
  dayStartMs: day * dayMs,
  sessionId: session,
  pattern,
});
const json = (state: LearningState): LearningState => JSON.parse(JSON.stringify(state)) as LearningState;

describe('learning: the quiet budget', () => {
  it('one hint a session, three a day', () => {
    let state = recordHint(freshLearning, 'a', at(1, 9, 's1'));
    assert.equal(quietReason(state, at(1, 10, 's1')), 'session');
    assert.equal(quietReason(state, at(1, 10, 's2')), undefined);
    state = recordHint(recordHint(state, 'b', at(1, 10, 's2')), 'c', at(1, 11, 's3'));
    assert.equal(quietReason(state, at(1, 12, 's4')), 'day');
    assert.equal(quietReason(json(state), at(2, 9, 's4')), undefined);
  });

  it('two ignored in a row halve the rate, a used one restores it', () => {
    let state = recordHint(recordHint(freshLearning, 'a', at(1, 9, 's1')), 'b', at(2, 9, 's2'));
    state = recordFate(recordFate(state, 'a', 'ignored', 0), 'b', 'ignored', 0);
    assert.equal(quietReason(state, at(2, 22, 's3')), 'rate');
    assert.equal(quietReason(state, at(3, 2, 's3')), undefined);
    assert.equal(quietReason(recordFate(state, 'b', 'used', 0), at(2, 22, 's3')), undefined);
    for (const [id, day] of [
      ['c', 4],
      ['d', 5],
      ['e', 8],
      ['f', 9],
    ] as const) {
      state = recordFate(recordHint(state, id, at(day, 9, id)), id, 'ignored', 0);
    }
    assert.equal(quietReason(state, at(11, 0, 's9')), 'rate');
    assert.equal(quietReason(state, at(12, 2, 's9')), undefined);
  });

  it('"Not small" mutes its kind for 30 days; three mute everything until switched on', () => {
    let state = recordHint(freshLearning, 'a', at(1, 9, 's1'));
    state = recordFate(state, 'a', 'not-small', at(1, 9, 's1').nowMs);
    assert.equal(quietReason(state, at(30, 9, 's2')), 'muted');
    assert.equal(quietReason(state, at(30, 9, 's2', 'chore')), undefined);
    assert.equal(quietReason(state, at(32, 9, 's2')), undefined);
    assert.equal(recordFate(state, 'a', 'not-small', 0).notSmall, 1);
    for (const id of ['b', 'c'])
      state = recordFate(recordHint(state, id, at(40, 9, id, id)), id, 'not-small', 40 * dayMs);
    assert.equal(quietReason(json(state), at(200, 9, 's5', 'other')), 'off');
    assert.equal(quietReason(switchOn(0), at(200, 9, 's5', 'other')), undefined);
  });

  it('a hint that was asked for uses up no budget, but its answer holds', () => {
    const state = recordAsked(freshLearning, 'question', 'not-small', at(1, 9, 's1').nowMs);
    assert.deepEqual(state.hints, []);
    assert.equal(state.notSmall, 1);
    assert.equal(quietReason(state, at(1, 10, 's1')), 'muted');
    assert.equal(quietReason(state, at(1, 10, 's1', 'chore')), undefined);
    assert.equal(recordAsked(state, 'question', 'used', 0), state);
    assert.equal(quietReason(recordAsked(state, 'chore', 'hide-kind', 0), at(900, 1, 's', 'chore')), 'muted');
  });

  it('"Hide for this kind" is for good, "Off" is off, an unknown hint changes nothing', () => {
    let state = recordHint(freshLearning, 'a', at(1, 9, 's1'));
    state = json(recordFate(state, 'a', 'hide-kind', 0));
    assert.equal(quietReason(state, at(20_000, 9, 's2')), 'muted');
    assert.equal(quietReason(switchOff(state), at(1, 9, 's2', 'x')), 'off');
    assert.equal(recordFate(state, 'zz', 'not-small', 0), state);
  });
});

describe('learning: the hit rate', () => {
  const run = (outcomes: readonly boolean[]): LearningState =>
    outcomes.reduce((state, right, index) => {
      const id = `h${index}`;
      return recordOutcome(recordHint(state, id, at(index, 9, id)), id, right);
    }, freshLearning);

  it('counts what came true', () => {
    assert.deepEqual(hitRate(run([true, true, false])), { right: 2, judged: 3 });
    assert.deepEqual(hitRate(recordHint(freshLearning, 'x', at(1, 1, 's'))), { right: 0, judged: 0 });
  });

  it('below 55 % over 30 it turns itself off and owes one notice', () => {
    const bad = Array.from({ length: 29 }, (_, index) => index % 2 === 0);
    assert.equal(run(bad).off, undefined);
    const off = run([...bad, false]);
    assert.equal(off.off, 'often-wrong');
    assert.equal(off.owesNotice, true);
    const told = noticeGiven(off);
    assert.equal(told.owesNotice, false);
    assert.equal(recordOutcome(told, 'h1', false).owesNotice, false);
  });

  it('stays on at 55 % and above, and judges the last 30', () => {
    const good = Array.from({ length: 30 }, (_, index) => index % 5 !== 0);
    assert.equal(run(good).off, undefined);
    assert.equal(run([...good, ...Array.from({ length: 20 }, () => false)]).off, 'often-wrong');
  });
});

describe('learning: marks on one’s own log', () => {
  const marks = (right: number, wrong: number, fromMs = 0) =>
    Array.from({ length: right + wrong }, (_, index) => ({ atMs: fromMs + index, wasSmall: index < right }));

  it('turns the hints off below 55 % of the last 30, once, and not before there are 30', () => {
    assert.equal(recordOwnMarks(freshLearning, marks(14, 15)), freshLearning);
    assert.equal(recordOwnMarks(freshLearning, marks(17, 13)).off, undefined);
    const off = recordOwnMarks(freshLearning, marks(16, 14));
    assert.equal(off.off, 'often-wrong');
    assert.equal(off.owesNotice, true);
    const told = noticeGiven(off);
    assert.equal(recordOwnMarks(told, marks(0, 60)), told);
    assert.deepEqual(markRate(marks(50, 30)), { right: 0, judged: 30 });
  });

  it('does not hold the past against hints that were switched on again', () => {
    const again = switchOn(1000);
    assert.equal(recordOwnMarks(again, marks(0, 60)), again);
    assert.equal(recordOwnMarks(again, marks(0, 60, 2000)).off, 'often-wrong');
  });

  it('a hint that nobody answered counts as passed over when the next one is shown', () => {
    const state = recordHint(recordHint(freshLearning, 'a', at(1, 9, 's1')), 'b', at(2, 9, 's2'));
    assert.deepEqual(
      state.hints.map(({ fate }) => fate),
      ['ignored', undefined],
    );
    const used = recordHint(recordFate(state, 'b', 'used', 0), 'c', at(3, 9, 's3'));
    assert.equal(used.hints[1]?.fate, 'used');
  });
});

describe('personalFit', () => {
  let seed = 5;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  // A user whose habits are the reverse of most people's: questions start big work, changes are small.
  const contrary = (count: number): readonly OwnPrompt[] =>
    Array.from({ length: count }, (_, index) => {
      const isQuestion = random() < 0.5;
      const isBig = random() < (isQuestion ? 0.85 : 0.1);
      return {
        text: isQuestion ? `what about part ${index} of the module?` : `add a line to note ${index}`,
        atMs: index,
        turn: index % 20,
        size: isBig ? 'heavy' : 'small',
      };
    });

  it('learns a user whose habits differ, and proves it on later prompts', () => {
    const found = personalFit(contrary(240), bundledTaskModel);
    assert.ok(found !== undefined);
    assert.ok(found.ownAuc > 0.8 && found.shippedAuc < 0.5, `${found.ownAuc} ${found.shippedAuc}`);
    assert.equal(found.testedOn, 80);
    assert.ok(found.model.fireAbove >= bundledTaskModel.fireAbove);
  });

  it('keeps the shipped weights below 100 prompts, without variety, and where it does not win', () => {
    assert.equal(personalFit(contrary(99), bundledTaskModel), undefined);
    assert.equal(
      personalFit(
        contrary(200).map((one) => ({ ...one, size: 'small' as const })),
        bundledTaskModel,
      ),
      undefined,
    );
    const usual = contrary(200).map((one) => ({
      ...one,
      size: one.text.startsWith('what') ? ('small' as const) : ('heavy' as const),
    }));
    assert.equal(personalFit(usual, bundledTaskModel), undefined);
  });

  it('labels work as the shipped weights were labelled', () => {
    const none = { toolCalls: 0, filesEdited: 0, linesChanged: 0, outputTokens: 0, planMode: false };
    assert.equal(sizeOfWork(none), 'small');
    assert.equal(sizeOfWork({ ...none, toolCalls: 6 }), 'medium');
    assert.equal(sizeOfWork({ ...none, planMode: true }), 'medium');
    for (const heavy of [{ toolCalls: 20 }, { filesEdited: 3 }, { linesChanged: 150 }])
      assert.equal(sizeOfWork({ ...none, ...heavy }), 'heavy');
  });
});
