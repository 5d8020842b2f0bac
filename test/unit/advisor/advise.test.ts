import assert from 'node:assert/strict';
import { advise } from '../../../src/cli/advise.js';

interface Run {
  readonly code: number;
  readonly answers: readonly Record<string, unknown>[];
  readonly errors: string;
  readonly output: string;
}

async function run(args: readonly string[], ...lines: readonly (string | object)[]): Promise<Run> {
  let output = '';
  let errors = '';
  const code = await advise(args, {
    read: async function* () {
      for (const line of lines) yield await Promise.resolve(typeof line === 'string' ? line : JSON.stringify(line));
    },
    write: (text) => (output += text),
    error: (text) => (errors += text),
    now: () => Date.UTC(2026, 10, 24),
  });
  const answers =
    args.includes('--jsonl') && code !== 2
      ? output
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Record<string, unknown>)
      : [];
  return { code, answers, errors, output };
}

describe('advise --jsonl', () => {
  it('answers each line in order', async () => {
    const { code, answers } = await run(
      ['--jsonl'],
      {
        id: 'q',
        mode: 'presend',
        prompt: 'where is this value set?',
        model: 'claude-opus-4-5-20251101',
        turn: 8,
        contextTokens: 50_000,
      },
      { id: 2, mode: 'presend', prompt: 'yes' },
      {
        id: 'r',
        mode: 'retro',
        prompt: '',
        strong: 'claude-opus-4-5',
        cheap: 'claude-haiku-4-5',
        trace: { requests: 10, costUsd: 2, filesEdited: 1, linesChanged: 4 },
      },
    );
    assert.equal(code, 0);
    assert.deepEqual(
      answers.map(({ id, fire }) => [id, fire]),
      [
        ['q', true],
        [2, false],
        ['r', true],
      ],
    );
    assert.equal(answers[0]!.p, 0.7);
    assert.ok(!('p' in answers[1]!));
    assert.deepEqual((answers[1]!.reasons as string[])[0], 'silent: approval');
    assert.deepEqual([answers[2]!.p, answers[2]!.saveLow, answers[2]!.saveHigh], [0.9, 0.8, 1.9]);
  });

  it('claims nothing where the saving may be none, and says what it may be', async () => {
    const { answers } = await run(['--jsonl'], {
      id: 1,
      mode: 'retro',
      strong: 'claude-opus-4-5',
      cheap: 'claude-sonnet-4-5',
      trace: { requests: 10, costUsd: 2, linesChanged: 4 },
    });
    assert.equal(answers[0]!.fire, false);
    assert.ok((answers[0]!.saveLow as number) < 0);
  });

  it('claims nothing of models without a price, of heavy runs, or of unknown lines', async () => {
    const trace = { requests: 10, costUsd: 2, linesChanged: 4 };
    const { answers } = await run(
      ['--jsonl'],
      { id: 1, mode: 'retro', strong: 'claude-opus-4-5', cheap: 'no-such-model', trace },
      { id: 2, mode: 'retro', strong: 'claude-opus-4-5', cheap: 'claude-haiku-4-5', trace: { ...trace, requests: 90 } },
      {
        id: 3,
        mode: 'retro',
        strong: 'claude-opus-4-5',
        cheap: 'claude-haiku-4-5',
        trace: { requests: 10, costUsd: 2 },
      },
      { id: 4, mode: 'retro', trace },
    );
    assert.deepEqual(
      answers.map(({ fire }) => fire),
      [false, false, false, true],
    );
    assert.ok(!('saveLow' in answers[0]!));
    assert.ok(!('p' in answers[1]!) && !('p' in answers[2]!));
    assert.ok((answers[0]!.score as number) > (answers[1]!.score as number));
  });

  it('knows a model by its name in words, too', async () => {
    const trace = { requests: 10, costUsd: 2, linesChanged: 4 };
    const names = [
      ['claude-opus-4-5', 'claude-haiku-4-5'],
      ['Claude Opus 4.5', 'Claude Haiku 4.5'],
      ['Opus 4.5', 'Haiku 4.5 (thinking off)'],
    ];
    const { answers } = await run(
      ['--jsonl'],
      ...names.map(([strong, cheap], id) => ({ id, mode: 'retro', strong, cheap, trace })),
    );
    assert.deepEqual(
      answers.map(({ saveLow }) => saveLow),
      [0.8, 0.8, 0.8],
    );
  });

  it('answers a broken line in its place and goes on', async () => {
    const { code, answers, errors } = await run(
      ['--jsonl'],
      '{"id": "half',
      'null',
      '[1]',
      { mode: 'presend', prompt: 'x' },
      { id: 'm', mode: 'later', prompt: 'x' },
      { id: 'p', mode: 'presend' },
      { id: 't', mode: 'retro' },
      { id: 'n', mode: 'retro', trace: { requests: 'many' } },
      '',
      { id: 'ok', mode: 'presend', prompt: '', turn: -1, contextTokens: 'much' },
    );
    assert.equal(code, 1);
    assert.deepEqual(
      answers.map(({ id }) => id),
      [undefined, undefined, undefined, undefined, 'm', 'p', 't', 'n', 'ok'],
    );
    assert.ok(answers.slice(0, 8).every(({ error }) => typeof error === 'string'));
    assert.equal(answers[8]!.fire, false);
    assert.match(errors, /8 lines not understood/);
  });

  it('is silent on images, plan mode, other languages, unknown models and a megabyte', async () => {
    const prompt = 'what does this function do?';
    const { answers } = await run(
      ['--jsonl'],
      { id: 0, mode: 'presend', prompt, turn: 9 },
      { id: 1, mode: 'presend', prompt, turn: 9, hasImage: true },
      { id: 2, mode: 'presend', prompt, turn: 9, planMode: true },
      { id: 3, mode: 'presend', prompt: 'was macht die Funktion und warum ist sie hier?', turn: 9 },
      { id: 4, mode: 'presend', prompt, turn: 9, model: 'some-model-nobody-knows' },
      { id: 5, mode: 'presend', prompt: `${prompt} `.repeat(40_000), turn: 9 },
    );
    assert.deepEqual(
      answers.map(({ fire }) => fire),
      [true, false, false, false, false, false],
    );
  });

  it('says how it is called', async () => {
    assert.equal((await run([])).code, 2);
    assert.equal((await run(['--jsonl', '--fast'])).code, 2);
    const help = await run(['--help']);
    assert.equal(help.code, 0);
    assert.match(help.output, /Usage: .*advise --jsonl/);
  });
});
