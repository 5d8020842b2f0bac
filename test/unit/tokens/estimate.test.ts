import * as assert from 'node:assert/strict';
import { countText, Encoders, LARGEST_FILE_BYTES, partsOf, readText, tooLarge } from '../../../src/tokens/countText.js';
import { encodingFor, estimate, kindOfText, sumOf } from '../../../src/tokens/estimate.js';
import { familyOf, type FamilyId } from '../../../src/tokens/families.js';
import { noFeatures } from '../../../src/tokens/textFeatures.js';
import { encoderOf, packed } from './material.js';

const encoders = new Encoders((encoding) => Promise.resolve(packed(encoding)));
const code =
  'export function sumOf(values: readonly number[]): number {\n  let total = 0;\n  return total;\n}\n'.repeat(20);

describe('families', () => {
  const models: Readonly<Record<FamilyId, readonly string[]>> = {
    o200k: [
      'gpt-4o',
      'gpt-4o-mini',
      'gpt-4.1',
      'gpt-4-1',
      'gpt-4.5-preview',
      'gpt-5',
      'gpt-6.1-sol',
      'o1',
      'o3-mini',
      'openai/gpt-oss-120b',
      'codex-mini',
    ],
    cl100k: ['gpt-4', 'gpt-4-turbo-2024-04-09', 'gpt-3.5-turbo', 'text-embedding-3-small', 'azure/gpt-35-turbo'],
    llama3: ['llama-3.1-8b', 'meta-llama/Llama-3.3-70B-Instruct', 'meta.llama3-70b-instruct-v1:0'],
    qwen: ['qwen3-coder', 'Qwen/Qwen2.5-72B', 'qwq-32b', 'qwen-max'],
    'claude-old': [
      ...[
        'claude-3-5-haiku-20241022',
        'claude-3-opus-20240229',
        'claude-sonnet-4-20250514',
        'claude-opus-4-1',
        'claude-opus-4.6',
      ],
      ...[
        'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
        'claude-haiku-4-5',
        'anthropic/claude-opus-4.5',
        'claude-2.1',
        'claude-instant',
      ],
    ],
    'claude-new': [
      'claude-opus-4-7',
      'claude-opus-4.8',
      'claude-fable-5',
      'claude-sonnet-5',
      'claude-opus-5-5',
      'claude-haiku-5-5',
      'opus',
      'sonnet',
    ],
    gemini: ['gemini-2.5-pro', 'models/gemini-3-flash', 'gemma-3-27b'],
    deepseek: ['deepseek-v3', 'deepseek/deepseek-r1'],
    mistral: ['mistral-large-latest', 'codestral-2508', 'devstral-small'],
    grok: ['grok-4', 'x-ai/grok-code-fast-1'],
    kimi: ['kimi-k2', 'moonshotai/kimi-k2-thinking'],
    glm: ['glm-4.6', 'z-ai/glm-4.5'],
    unknown: ['llama-4-maverick', 'some-new-model', ''],
  };
  for (const [family, ids] of Object.entries(models)) {
    it(`knows ${family}`, () =>
      assert.deepEqual(
        ids.map((id) => [id, familyOf(id).id]),
        ids.map((id) => [id, family]),
      ));
  }
});

describe('estimate', () => {
  it('is exact for the open vocabularies, with no range', async () => {
    for (const model of ['gpt-5', 'gpt-4']) {
      const result = await countText(code, model, encoders);
      const tokens = encoderOf(encodingFor(model)).count(code);
      assert.deepEqual([result.kind, result.tokens, result.low, result.high], ['exact', tokens, tokens, tokens]);
    }
  });

  it('is near exact for Llama 3 and Qwen, which takes digits one by one', async () => {
    const text = 'The years 1984 and 2001, and 7 more. '.repeat(30);
    const base = encoderOf('cl100k_base').count(text);
    const llama = await countText(text, 'llama-3.1-70b', encoders);
    assert.deepEqual([llama.kind, llama.tokens], ['near-exact', base]);
    assert.ok(llama.low < base && base < llama.high);
    const qwen = await countText(text, 'qwen3-coder', encoders);
    assert.equal(qwen.tokens, base + 30 * (9 - 5));
    assert.equal((await countText('这是一个测试。'.repeat(20), 'qwen3-coder', encoders)).kind, 'estimate');
  });

  it('is a range that holds the figure for everything else, and names its source', async () => {
    for (const model of [
      'claude-opus-5',
      'claude-opus-4-5',
      'gemini-3-pro',
      'deepseek-v3',
      'mistral-large',
      'grok-4',
      'kimi-k2',
      'nobody-knows',
    ]) {
      for (const text of [
        code,
        'Plain prose, as people write it. '.repeat(30),
        '这是一个测试。'.repeat(20),
        'Привет, мир! '.repeat(20),
        '🎉😀'.repeat(30),
        'LOUD WORDS ONLY '.repeat(30),
      ]) {
        const result = await countText(text, model, encoders);
        assert.equal(result.kind, 'estimate');
        assert.ok(result.low < result.tokens && result.tokens < result.high, `${model} ${JSON.stringify(result)}`);
        assert.match(result.basis, /\d{4}-\d{2}/);
      }
    }
  });

  it('puts the newer Claude well above the older on code, and both within their ratios', async () => {
    const base = encoderOf('o200k_base').count(code);
    const older = (await countText(code, 'claude-opus-4-5', encoders)).tokens / base;
    const newer = (await countText(code, 'claude-opus-5', encoders)).tokens / base;
    assert.ok(older >= 0.95 && older <= 1.6, `${older}`);
    assert.ok(newer >= 1.3 && newer <= 2.3, `${newer}`);
    assert.ok(newer > older * 1.15);
  });

  it('goes by the script where a text is not in Latin letters', async () => {
    const arabic = 'مرحبا بالعالم، هذا نص قصير. '.repeat(20);
    const base = encoderOf('o200k_base').count(arabic);
    const result = await countText(arabic, 'claude-opus-4-5', encoders);
    assert.ok(result.tokens > base * 1.6 && result.tokens < base * 2.1, `${result.tokens / base}`);
  });

  it('goes by the kind of text where the family was measured by kind', async () => {
    const c = await countText(code, 'gemini-3-pro', encoders, 'c');
    const json = await countText(code, 'gemini-3-pro', encoders, 'json');
    assert.ok(c.tokens > json.tokens);
    assert.equal(kindOfText('typescript', 'index.d.ts'), 'declarations');
    assert.equal(kindOfText('javascript', 'app.min.js'), 'minified');
    assert.equal(kindOfText('markdown'), 'markdown');
    assert.equal(kindOfText('somethingelse'), 'other');
  });

  it('of several texts is their sum, with the weakest grade among them', async () => {
    const one = await countText('one two three', 'qwen3', encoders);
    const foreign = await countText('Привет, мир! '.repeat(20), 'qwen3', encoders);
    assert.deepEqual([one.kind, foreign.kind], ['near-exact', 'estimate']);
    const whole = sumOf([one, foreign]);
    assert.equal(whole.kind, 'estimate');
    assert.equal(whole.basis, foreign.basis);
    for (const figure of ['tokens', 'low', 'high'] as const) assert.equal(whole[figure], one[figure] + foreign[figure]);
    assert.deepEqual(sumOf([one]), one);
  });

  it('of nothing is nothing', () => {
    for (const model of ['claude-opus-5', 'gpt-5', 'gemini-3-pro', 'qwen3']) {
      const counts = { encoding: encodingFor(model), tokens: 0, features: noFeatures() };
      const { tokens, low, high } = estimate(counts, model);
      assert.deepEqual([tokens, low, high], [0, 0, 0]);
    }
  });
});

describe('readText', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  it('reads UTF-8 with and without its mark, and UTF-16 with it', () => {
    assert.deepEqual(readText(bytes('größe')), { text: 'größe' });
    assert.deepEqual(readText(bytes('\ufeffgröße')), { text: 'größe' });
    assert.deepEqual(readText(Uint8Array.of(0xff, 0xfe, 0x41, 0, 0x42, 0)), { text: 'AB' });
    assert.deepEqual(readText(Uint8Array.of(0xfe, 0xff, 0, 0x41, 0, 0x42)), { text: 'AB' });
    assert.deepEqual(readText(new Uint8Array()), { text: '' });
  });

  it('refuses what is not text with one reason', () => {
    assert.match(JSON.stringify(readText(Uint8Array.of(65, 0, 66))), /NUL/);
    assert.match(JSON.stringify(readText(Uint8Array.of(0x41, 0xc3, 0x28))), /not valid UTF-8/);
    assert.match(JSON.stringify(readText(new Uint8Array(LARGEST_FILE_BYTES + 1))), /over the limit of 50 MB/);
    assert.match(tooLarge(73_000_000), /73 MB/);
  });
});

describe('partsOf', () => {
  it('takes a notebook by its cells, without outputs', () => {
    const cells = [
      { cell_type: 'markdown', source: ['# Title\n', 'words'] },
      { cell_type: 'code', source: 'print(1)', outputs: [{ text: ['1\n'] }] },
    ];
    assert.deepEqual(partsOf('a/b.ipynb', JSON.stringify({ cells })), ['# Title\nwords', 'print(1)']);
    assert.deepEqual(partsOf('b.ipynb', '{"cells":[]}'), ['']);
  });

  it('takes everything else, and what only claims to be a notebook, as it stands', () => {
    assert.deepEqual(partsOf('a.json', '{"cells":[]}'), ['{"cells":[]}']);
    for (const text of ['{"cells":[{}]}', '{"cells":7}', 'null', '{', ''])
      assert.deepEqual(partsOf('a.ipynb', text), [text]);
  });
});

describe('Encoders', () => {
  it('loads a vocabulary once, and again after a failure', async () => {
    let loads = 0;
    const unsure = new Encoders((encoding) =>
      ++loads === 1 ? Promise.reject(new Error('not yet')) : Promise.resolve(packed(encoding)),
    );
    await assert.rejects(unsure.get('cl100k_base'), /not yet/);
    const [first, second] = await Promise.all([unsure.get('cl100k_base'), unsure.get('cl100k_base')]);
    assert.equal(first, second);
    assert.equal(loads, 2);
  });
});
