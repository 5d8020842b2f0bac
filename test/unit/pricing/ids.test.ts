// Every id that agents log gets the right price, and no id that nobody can price gets one.
import assert from 'node:assert/strict';
import { PriceBook } from '../../../src/pricing/priceBook';
import { knownIds, negativeIds, noonMs } from './knownIds';

describe('price book: ids as agents log them', () => {
  const book = new PriceBook();

  it('has a list of the size that was promised', () => {
    assert.equal(Object.keys(knownIds).length, 98);
    assert.equal(negativeIds.length, 14);
  });

  for (const [id, [input, output, cacheRead, cacheWrite]] of Object.entries(knownIds))
    it(`prices ${id}`, () => {
      const { status, rates } = book.rates(id, noonMs);
      assert.equal(status, 'exact');
      const found = [rates?.input, rates?.output, rates?.cacheRead ?? null, rates?.cacheWrite5m ?? null];
      assert.deepEqual(
        found.map((rate) => (typeof rate === 'number' ? Number(rate.toPrecision(10)) : rate)),
        [input, output, cacheRead, cacheWrite],
      );
    });

  for (const id of negativeIds)
    it(`does not price ${id} as exact`, () => {
      const { status } = book.rates(id, noonMs);
      assert.notEqual(status, 'exact');
      assert.notEqual(status, 'included');
    });

  it('says what an inexact id was matched to', () => {
    const answer = book.rates('claude-sonnet-5-7', noonMs);
    assert.deepEqual([answer.status, answer.matched], ['estimated', 'anthropic/claude-sonnet-5']);
  });

  it('does not take a longer version number for a shorter one', () => {
    assert.equal(book.rates('claude-opus-4-10', noonMs).status, 'unpriced');
  });

  it('tells local models from unpriced ones', () => {
    for (const id of ['llama3.1:8b', 'ollama/qwen2.5-coder:7b', 'lmstudio/qwen3-8b', 'mistral:latest', 'phi-4.gguf'])
      assert.equal(book.rates(id, noonMs).status, 'local', id);
    assert.equal(book.rates('qwen3-8b', noonMs, { provider: 'ollama' }).status, 'local');
    assert.equal(book.rates('my-company-model-v3', noonMs).status, 'unpriced');
  });

  it('prices no free variant, and no unresolved auto', () => {
    for (const id of ['openrouter/x-ai/grok-4-fast:free', 'openrouter/auto', 'auto', ''])
      assert.equal(book.rates(id, noonMs).status, 'unpriced', id);
  });

  it('marks what an unknown gateway sells as an estimate', () => {
    const answer = book.rates('my-gateway/claude-sonnet-4-5', noonMs);
    assert.deepEqual([answer.status, answer.rates?.input], ['estimated', 3]);
  });

  it('goes by who was called', () => {
    const promotion = book.rates('openai/gpt-5.6-sol', noonMs, { provider: 'openrouter' });
    assert.deepEqual([promotion.provider, promotion.rates?.output], ['openrouter', 10]);
    const maker = book.rates('openai/gpt-5.6-sol', noonMs, { agent: 'codex' });
    assert.deepEqual([maker.provider, maker.rates?.output], ['openai', 20]);
    const china = book.rates('glm-4.7', noonMs, { provider: 'zhipuai' });
    assert.equal(china.provider, 'zhipuai');
    const bedrock = book.rates('us.anthropic.claude-opus-5-5', noonMs, { provider: 'amazon-bedrock' });
    assert.equal(bedrock.rates?.input, 4.4);
  });

  it("knows what Copilot's plans include without calling it free", () => {
    const answer = book.rates('copilot/gpt-4.1', noonMs);
    assert.deepEqual([answer.status, answer.rates?.input, answer.rates?.output], ['included', 2, 8]);
    assert.equal(book.rates('gpt-4.1', noonMs).status, 'exact');
    assert.equal(book.rates('gpt-4.1', noonMs, { agent: 'copilot-cli' }).status, 'included');
    // Under the person's own key it is paid for.
    assert.equal(book.rates('openai/gpt-4.1', noonMs, { agent: 'copilot-chat' }).status, 'exact');
  });

  it('takes the choice of a long window for no other model', () => {
    for (const id of [
      'claude-sonnet-4-5-20250929:1m',
      'anthropic/claude-sonnet-4.5:1m',
      'copilot/claude-opus-4.6-1m',
      'us.anthropic.claude-opus-5-5[1m]',
      'claude-opus-4-8[1m]',
    ]) {
      assert.equal(book.rates(id, noonMs).status, 'exact', id);
      assert.equal(book.limits(id).contextWindow, 1_000_000, id);
    }
    assert.equal(book.rates('us.anthropic.claude-opus-5-5[1m]', noonMs).rates?.input, 4.4);
  });

  it('reads the spellings of many agents', () => {
    const same: Readonly<Record<string, readonly string[]>> = {
      'anthropic/claude-opus-4-5': [
        'claude-4.5-opus',
        'claude-opus-4.5',
        'Claude Opus 4.5 (Preview)',
        'claude-opus-45',
        'claude-4-5-opus-high-thinking',
        'claude-opus-4-5@20251101',
        'anthropic:claude-opus-4-5',
        'claude-opus-4-5-20251101-thinking',
      ],
      'anthropic/claude-3-5-haiku-latest': [
        'claude-3.5-haiku',
        'claude-3-5-haiku',
        'claude-haiku-3.5',
        'claude-haiku-3-5-20241022',
      ],
      'anthropic/claude-sonnet-4-0': ['claude-4-sonnet', 'claude-sonnet-4', 'claude-4-sonnet-thinking'],
      'openai/gpt-5.6-sol': [
        'gpt-5-6-sol',
        'GPT-5.6 Sol',
        'gpt-5.6',
        'gpt-5.6-sol-high',
        'gpt-5.6-sol (xhigh)',
        'gpt-5.6-sol-2026-07-09',
        'openai/gpt-5.6-sol',
        'litellm/openai/gpt-5.6-sol',
        'azure/gpt-5.6-sol',
      ],
      'openai/gpt-5.1': ['gpt-5.1-codex-max-xhigh', 'gpt-5.1-codex-high', 'gpt-5-1-codex'],
      'google/gemini-3-pro-preview': [
        'gemini-3-pro',
        'gemini-3-pro-preview-11-2025',
        'models/gemini-3-pro-preview',
        'gemini/gemini-3-pro-preview',
        'vertex_ai/gemini-3-pro-preview',
      ],
      'google/gemini-2.0-flash': ['gemini-2.0-flash-001', 'google/gemini-2.0-flash-001'],
      'github-copilot/raptor-mini': ['copilot/raptor-mini', 'raptor-mini'],
      'x-ai/grok-4-1-fast-reasoning': ['grok-4.1-fast', 'grok-4-1-fast-reasoning', 'xai/grok-4-1-fast'],
      'minimax/MiniMax-M2': ['MiniMax-M2', 'minimax-m2.5', 'minimax/MiniMax-M2.1'],
    };
    for (const [matched, ids] of Object.entries(same))
      for (const id of ids) {
        const agent = id.startsWith('minimax/') ? { provider: 'minimax' } : undefined;
        const answer = book.rates(id, noonMs, agent);
        assert.deepEqual([id, answer.status, answer.matched], [id, 'exact', matched]);
      }
  });

  it("does not pass a maker's price for that of a host that sets its own", () => {
    assert.equal(book.rates('groq/kimi-k3', noonMs).status, 'estimated');
    assert.equal(book.rates('zai.glm-5.3', noonMs, { provider: 'bedrock' }).status, 'estimated');
    assert.equal(book.rates('qwen/qwen3-coder:nitro', noonMs).status, 'estimated');
  });

  it('survives any id', () => {
    const odd = [
      '/',
      ':',
      '//:',
      'arn:',
      'a'.repeat(10_000),
      '((((',
      '[1m]',
      '@',
      'claude-',
      'gpt-',
      '\u0000',
      'models/',
      'constructor/claude-x',
      '__proto__',
      'tostring/x',
      '$&',
    ];
    for (const id of odd) assert.notEqual(book.rates(id, noonMs).status, 'exact', id.slice(0, 20));
    for (const provider of ['constructor', '__proto__', '', ' '])
      assert.equal(book.rates('claude-opus-5-5', noonMs, { provider }).status, 'exact', provider);
  });

  it('offers every known model once, the newest too, each with a price', () => {
    const models = book.knownModels();
    assert.equal(new Set(models).size, models.length);
    for (const id of ['claude-sonnet-5-5', 'gpt-6.2-sol', 'gemini-4-neon', 'grok-4.7', 'qwen3.8-max'])
      assert.ok(models.includes(id), id);
    const unpriced = models.filter((id) => book.rates(id, noonMs).status !== 'exact');
    assert.ok(models.length > 250);
    assert.deepEqual(unpriced, []);
  });

  it('knows windows and output limits', () => {
    assert.deepEqual(book.limits('claude-opus-5-5'), { contextWindow: 1_000_000, maxOutput: 128_000 });
    assert.deepEqual(book.limits('claude-sonnet-4-5-20250929'), { contextWindow: 200_000, maxOutput: 64_000 });
    assert.equal(book.limits('claude-sonnet-4-5-20250929[1m]').contextWindow, 1_000_000);
    assert.equal(book.limits('copilot/claude-haiku-4.5').contextWindow, 144_000);
    assert.deepEqual(book.limits('gpt-6.1-sol'), { contextWindow: 1_050_000, maxOutput: 128_000 });
    assert.deepEqual(book.limits('gemini-3-pro-preview'), { contextWindow: 1_048_576, maxOutput: 65_536 });
    assert.deepEqual(book.limits('my-company-model-v3'), {});
  });
});
