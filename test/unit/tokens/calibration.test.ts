import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { calibrate } from '../../../src/cli/calibrate.js';
import {
  corrected,
  estimateOf,
  type Generation,
  halves,
  judge,
  learn,
  sortSamples,
  uncorrected,
} from '../../../src/tokens/calibration.js';
import { type Sample, SampleReader } from '../../../src/tokens/calibrationSamples.js';
import { noFeatures } from '../../../src/tokens/textFeatures.js';
import { countText, Encoders } from '../../../src/tokens/countText.js';
import { dice, distFolder, encoderOf, packed } from './material.js';

const long = 'A result of some length, as tools give it back: names, numbers 42 and paths/to/files.\n'.repeat(20);
const code = 'export const value = compute(1, 2);\n'.repeat(40);

type Row = Record<string, unknown>;

/** An invented log: each call on two rows (text, tool use), its results after it. */
class Log {
  readonly rows: Row[] = [];
  #parent: string | null = null;
  #number = 0;
  readonly #model: string;

  constructor(model = 'claude-opus-4-7') {
    this.#model = model;
  }

  row(row: Row): this {
    const uuid = `row-${++this.#number}`;
    const timestamp = new Date(Date.UTC(2026, 5, 1, 0, this.#number)).toISOString();
    this.rows.push({
      uuid,
      parentUuid: this.#parent,
      isSidechain: false,
      sessionId: 's',
      cwd: '/code/invented',
      timestamp,
      ...row,
    });
    this.#parent = uuid;
    return this;
  }

  call(id: string, prompt: number, output: number, content: readonly Row[], stop: string | null = 'tool_use'): this {
    const usage = {
      input_tokens: 10,
      cache_creation_input_tokens: prompt - 110,
      cache_read_input_tokens: 100,
      output_tokens: output,
    };
    for (const [at, block] of content.entries()) {
      const isLast = at === content.length - 1;
      const message = {
        id,
        model: this.#model,
        role: 'assistant',
        content: [block],
        usage,
        stop_reason: isLast ? stop : null,
      };
      this.row({ type: 'assistant', message });
    }
    return this;
  }

  user(...content: readonly Row[]): this {
    return this.row({ type: 'user', message: { role: 'user', content } });
  }

  samples(): Sample[] {
    const samples: Sample[] = [];
    const reader = new SampleReader(encoderOf('o200k_base'), (sample) => samples.push(sample));
    for (const row of this.rows) reader.line(JSON.stringify(row));
    reader.end();
    return samples;
  }
}

const text = (words: string): Row => ({ type: 'text', text: words });
const use = (id: string, name = 'Bash', input: Row = { command: 'ls' }): Row => ({ type: 'tool_use', id, name, input });
const result = (id: string, content: unknown = long): Row => ({ type: 'tool_result', tool_use_id: id, content });
const hook = (hookName: string, command = './check.sh'): Row => ({
  type: 'progress',
  data: { type: 'hook_progress', hookEvent: hookName.split(':')[0], hookName, command },
});

describe('calibrationSamples', () => {
  const tokensOf = (words: string) => encoderOf('o200k_base').count(words);

  it('takes the growth of the prompt less the recorded output for the size of the results', () => {
    const log = new Log()
      .call('a', 5000, 60, [text('Looking.'), use('t1')])
      .user(result('t1'))
      .call('b', 5900, 20, [text('Done.')], 'end_turn');
    const [sample, ...rest] = log.samples();
    assert.deepEqual(rest, []);
    assert.equal(sample!.source, 'result');
    assert.equal(sample!.loggedTokens, 840);
    assert.equal(sample!.tokens, tokensOf(long));
    assert.deepEqual([sample!.results, sample!.toolUses, sample!.parameters], [1, 0, 0]);
    assert.equal(sample!.kind, 'terminal');
    assert.equal(sample!.project, '/code/invented');
  });

  it('takes a recorded output without thinking for the size of what was said', () => {
    const write = use('t1', 'Write', { file_path: 'a.ts', content: code });
    const [sample] = new Log().call('a', 5000, 700, [write]).samples();
    assert.deepEqual(
      [sample!.source, sample!.loggedTokens, sample!.toolUses, sample!.parameters],
      ['output', 700, 1, 2],
    );
    assert.equal(sample!.tokens, tokensOf(code) + tokensOf('a.ts'));
    assert.equal(sample!.kind, 'typescript');
    const thinking = { type: 'thinking', thinking: '' };
    assert.deepEqual(new Log().call('a', 5000, 700, [thinking, write]).samples(), []);
  });

  it('takes the whole growth where the output was not recorded', () => {
    const log = new Log()
      .call('a', 5000, 1, [use('t1')], null)
      .user(result('t1'))
      .call('b', 6000, 1, [text('Done.')], null);
    const [sample] = log.samples();
    assert.deepEqual([sample!.source, sample!.loggedTokens, sample!.results, sample!.toolUses], ['pair', 1000, 1, 1]);
    assert.equal(sample!.tokens, tokensOf(long) + tokensOf('ls'));
  });

  it('waits for all results of a call, on whatever rows they stand', () => {
    const log = new Log().call('a', 5000, 60, [use('t1'), use('t2')]);
    log.row({ type: 'user', parentUuid: 'row-1', message: { content: [result('t1')] } });
    log.row({ type: 'user', parentUuid: 'row-2', message: { content: [result('t2', [text(long)])] } });
    const [sample] = log.call('b', 7000, 20, [text('Done.')]).samples();
    assert.deepEqual([sample!.results, sample!.tokens], [2, 2 * tokensOf(long)]);
  });

  const spoilers: Readonly<Record<string, (log: Log) => Log>> = {
    'words of the person': (log) => log.user(text('And now?')),
    'an image': (log) => log.user(result('t1', [{ type: 'image' }])),
    'an attachment': (log) => log.row({ type: 'attachment', attachment: { type: 'file' } }),
    'a hidden row': (log) => log.row({ type: 'user', isMeta: true, message: { content: [text('meta')] } }),
    'a compaction': (log) => log.row({ type: 'system', subtype: 'compact_boundary' }),
    'a result of another call': (log) => log.user(result('t9')),
    'a text blacked out': (log) => log.user(result('t1', `${long} [REDACTED]`)),
    'findings of a hook after an edit': (log) => log.row(hook('PostToolUse:Edit')),
    'findings of a hook after a failure': (log) => log.row(hook('PostToolUseFailure:Bash')),
    'a refusal by a hook': (log) => log.row(hook('PreToolUse:Bash')).user({ ...result('t1'), is_error: true }),
  };
  for (const [name, spoil] of Object.entries(spoilers)) {
    it(`drops a sample with ${name} in it`, () => {
      const log = new Log().call('a', 5000, 60, [use('t1')]);
      if (!/image|blacked|refusal/.test(name)) log.user(result('t1'));
      assert.deepEqual(
        spoil(log)
          .call('b', 5900, 20, [text('Done.')])
          .samples(),
        [],
      );
    });
  }

  it('keeps a sample where hooks only took notes', () => {
    const log = new Log()
      .call('a', 5000, 60, [use('t1')])
      .row(hook('PreToolUse:Bash'))
      .row(hook('PostToolUse:Edit', 'callback'))
      .row(hook('PostToolUse:Bash'))
      .user(result('t1'))
      .call('b', 5900, 20, [text('Done.')]);
    assert.equal(log.samples().length, 1);
  });

  it('drops a plan, a missing result, another model, a shrunk prompt, and a call that is not the next', () => {
    const pair = (log: Log, prompt = 5900) => log.call('b', prompt, 20, [text('Done.')]).samples();
    assert.deepEqual(
      pair(new Log().call('a', 5000, 60, [use('t1', 'ExitPlanMode', { plan: long })]).user(result('t1'))),
      [],
    );
    assert.deepEqual(pair(new Log().call('a', 5000, 60, [use('t1'), use('t2')]).user(result('t1'))), []);
    assert.deepEqual(pair(new Log().call('a', 5000, 60, [use('t1')]).user(result('t1')), 4000), []);
    const apart = new Log().call('a', 5000, 60, [use('t1')]).user(result('t1'));
    apart.call('b', 5900, 20, [text('Done.')]);
    apart.rows.at(-1)!['parentUuid'] = 'elsewhere';
    assert.deepEqual(apart.samples(), []);
    const other = new Log().call('a', 5000, 60, [use('t1')]).user(result('t1'));
    const next = new Log('claude-opus-4-6').call('b', 5900, 20, [text('Done.')]).rows[0]!;
    other.rows.push({ ...next, uuid: 'next', parentUuid: other.rows.at(-1)!['uuid'] });
    assert.deepEqual(other.samples(), []);
  });

  it('takes rows that are logged twice, in one file or two, for one, and steps over what is no row', () => {
    const log = new Log()
      .call('a', 5000, 60, [use('t1')])
      .user(result('t1'))
      .call('b', 5900, 20, [text('Done.')]);
    const lines = log.rows.flatMap((row) => [
      JSON.stringify(row),
      JSON.stringify(row),
      '{"uuid": broken',
      'null',
      '"uuid"',
    ]);
    const samples: Sample[] = [];
    const seen = new Set<string>();
    for (let file = 0; file < 2; file++) {
      const reader = new SampleReader(encoderOf('o200k_base'), (sample) => samples.push(sample), seen);
      for (const line of lines) reader.line(line);
      reader.end();
    }
    assert.equal(samples.length, 1);
  });

  it('holds numbers and ids only: no word of any text', () => {
    const log = new Log()
      .call('a', 5000, 60, [use('t1')])
      .user(result('t1', long + 'zaunkönig'))
      .call('b', 5900, 20, [text('zaunkönig')]);
    const samples = log.samples();
    assert.equal(samples.length, 1);
    assert.ok(!JSON.stringify(samples).includes('zaunkönig'));
  });
});

/** Samples whose logged size is the estimate times `ratio`, scattered a little. */
function invented(
  count: number,
  generation: Generation,
  ratio: (at: number) => number,
  changed: Partial<Sample> = {},
): Sample[] {
  const roll = dice(count);
  return Array.from({ length: count }, (_, at) => {
    const tokens = 300 + roll(2000);
    const sample: Sample = {
      source: 'result',
      model: generation === 'claude-new' ? 'claude-opus-4-7' : 'claude-opus-4-5',
      project: 'invented',
      sessionId: 's',
      atMs: Date.UTC(2026, 5, 1 + Math.floor(at / 10), 0, at),
      loggedTokens: 0,
      tokens,
      features: {
        ...noFeatures(),
        lowercase: tokens * 3,
        words: tokens * 0.6,
        pieces: tokens * 0.9,
        asciiPunctuation: tokens * 0.4,
      },
      results: 1,
      toolUses: 0,
      parameters: 0,
      kind: 'typescript',
      ...changed,
    };
    const scatter = 0.98 + roll(41) / 1000;
    return { ...sample, loggedTokens: Math.round(estimateOf(sample, generation) * ratio(at) * scatter) };
  });
}

describe('calibration', () => {
  it('judges error, bias and bands', () => {
    const samples = invented(100, 'claude-new', (at) => (at % 10 === 0 ? 1.5 : 1));
    const quality = judge(samples, 'claude-new', () => uncorrected('claude-new'))!;
    assert.ok(quality.medianError < 0.02);
    assert.ok(quality.bias < -0.03);
    assert.ok(Math.abs(quality.band90.held - 0.9) < 0.001);
    assert.ok(quality.band80.halfWidth < quality.band90.halfWidth);
    assert.equal(
      judge([], 'claude-new', () => uncorrected('claude-new')),
      undefined,
    );
  });

  it('leaves the estimate alone where it is right, where there are few samples, and where halves disagree', () => {
    assert.equal(
      learn(
        invented(200, 'claude-new', () => 1),
        'claude-new',
      ).factor,
      1,
    );
    assert.equal(
      learn(
        invented(19, 'claude-new', () => 1.2),
        'claude-new',
      ).factor,
      1,
    );
    assert.equal(
      learn(
        invented(200, 'claude-new', (at) => (at < 100 ? 1.1 : 0.95)),
        'claude-new',
      ).factor,
      1,
    );
  });

  it('corrects, by less than it sees, what both halves show', () => {
    const { factor } = learn(
      invented(200, 'claude-old', () => 1.12),
      'claude-old',
    );
    assert.ok(factor > 1.06 && factor < 1.12, `${factor}`);
    assert.ok(
      learn(
        invented(40, 'claude-old', () => 1.12),
        'claude-old',
      ).factor < factor,
    );
  });

  it('moves an estimate and its range by what was learnt', async () => {
    const correction = learn(
      invented(200, 'claude-old', () => 1.12),
      'claude-old',
    );
    const encoders = new Encoders((encoding) => Promise.resolve(packed(encoding)));
    const plain = await countText(code, 'claude-opus-4-5', encoders);
    const moved = corrected(plain, correction);
    assert.equal(moved.tokens, Math.round(plain.tokens * correction.factor));
    assert.ok(moved.low < moved.tokens && moved.tokens < moved.high);
    assert.ok(moved.high - moved.low < plain.high - plain.low);
  });

  it('corrects one kind of content and not the others', () => {
    const samples = [
      ...invented(150, 'claude-new', () => 1),
      ...invented(60, 'claude-new', () => 1.1, { kind: 'markdown' }),
    ];
    const { factor, kinds } = learn(samples, 'claude-new');
    assert.equal(factor, 1);
    assert.deepEqual(Object.keys(kinds), ['markdown']);
    assert.ok(kinds.markdown! > 1.03 && kinds.markdown! < 1.1);
  });

  it('takes bands from the own errors, once there are enough', () => {
    const few = learn(
      invented(50, 'claude-old', () => 1),
      'claude-old',
    );
    assert.deepEqual(few.band80, uncorrected('claude-old').band80);
    const many = learn(
      invented(400, 'claude-old', () => 1),
      'claude-old',
    );
    assert.ok(many.band90[1] < few.band90[1] / 2);
  });

  it('notices a day that another tokenizer counted, and one that neither did, and keeps them out', () => {
    const usual = invented(20, 'claude-old', () => 1);
    const preview = invented(10, 'claude-new', () => 1, { model: 'claude-opus-4-6' });
    const strange = invented(10, 'claude-new', () => 1.4, { project: 'strange' });
    const { byGeneration, mismatches } = sortSamples([...usual, ...preview, ...strange]);
    assert.equal(byGeneration.get('claude-old')!.length, 20);
    assert.equal(byGeneration.get('claude-new')!.length, 10);
    assert.deepEqual(
      mismatches.map(({ model, countedBy, samples }) => [model, countedBy, samples]),
      [
        ['claude-opus-4-6', 'claude-new', 10],
        ['claude-opus-4-7', undefined, 10],
      ],
    );
  });

  it('does not take for the newer tokenizer what was logged before there was one', () => {
    const early = invented(10, 'claude-new', () => 1, { model: 'claude-opus-4-5', atMs: Date.UTC(2026, 0, 5) });
    assert.equal(sortSamples(early).byGeneration.get('claude-new')!.length, 0);
  });

  it('leaves out models that are not Claude', () => {
    const foreign = invented(10, 'claude-new', () => 1, { model: 'glm-4.6' });
    const { byGeneration, mismatches } = sortSamples(foreign);
    assert.deepEqual([[...byGeneration.values()].flat(), mismatches], [[], []]);
  });

  it('halves each project by time', () => {
    const { early, late } = halves([
      ...invented(10, 'claude-new', () => 1),
      ...invented(5, 'claude-new', () => 1, { project: 'b' }),
    ]);
    assert.deepEqual([early.length, late.length], [8, 7]);
    assert.ok(Math.max(...early.map(({ atMs }) => atMs)) <= Math.max(...late.map(({ atMs }) => atMs)));
  });
});

describe('calibrate', () => {
  let folder: string;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'calibrate-'));
    fs.mkdirSync(path.join(folder, 'projects', 'p'), { recursive: true });
    const log = new Log();
    for (let turn = 0; turn < 30; turn++)
      log.call(`c${turn}`, 5000 + turn * 730, 60, [use(`t${turn}`)]).user(result(`t${turn}`));
    fs.writeFileSync(
      path.join(folder, 'projects', 'p', 's.jsonl'),
      log.rows.map((row) => JSON.stringify(row)).join('\n'),
    );
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  async function run(args: readonly string[], home = folder, env: Record<string, string> = {}) {
    let out = '';
    let err = '';
    const io = {
      write: (words: string) => void (out += words),
      error: (words: string) => void (err += words),
      env,
      home,
      programFolder: distFolder,
    };
    return { code: await calibrate(args, io), out, err };
  }

  it('prints samples, errors and bands of the logs it is pointed at, as JSON', async () => {
    const { code, out } = await run(['--json', folder]);
    assert.equal(code, 0);
    const report = JSON.parse(out) as {
      samples: number;
      files: number;
      generations: Record<string, { laterHalf: { shipped: { samples: number } } }>;
    };
    assert.deepEqual([report.files, report.samples], [1, 29]);
    assert.equal(report.generations['claude-new']!.laterHalf.shipped.samples, 14);
  });

  it('prints a table for people, from CLAUDE_CONFIG_DIR if no folder is named', async () => {
    const { code, out } = await run([], '/nowhere', { CLAUDE_CONFIG_DIR: folder });
    assert.equal(code, 0);
    assert.match(out, /29 texts of known size/);
    assert.match(out, /Claude from 4.7 on\n/);
    assert.match(out, /calibrated, later halves +14/);
  });

  it('says where it looked when there is nothing, and refuses options it does not know', async () => {
    const { code, err } = await run([], path.join(folder, 'none'));
    assert.equal(code, 1);
    assert.match(err, /No Claude Code logs/);
    await assert.rejects(run(['--jsn']), /jsn/);
  });
});
