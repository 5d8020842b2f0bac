// The arithmetic of one call: equal to genai-prices' own, but for the hour rule; long-context edges, days, modifiers.
import assert from 'node:assert/strict';
import { calcPrice } from '@pydantic/genai-prices';
import { type PriceableCall } from '../../../src/pricing/cost';
import { PriceBook } from '../../../src/pricing/priceBook';
import { noonMs } from './knownIds';

const nothing = {
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 0,
};

const book = new PriceBook();
const usd = (call: Partial<PriceableCall> & { readonly model: string }): number =>
  book.cost({ atMs: noonMs, ...nothing, ...call }).usd ?? NaN;
const near = (found: number, expected: number): void => {
  assert.ok(Math.abs(found - expected) <= 1e-9 * Math.max(1, Math.abs(expected)), `${found} is not ${expected}`);
};
const at = (iso: string): number => Date.parse(iso);

/** A small generator of the same numbers on every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** [provider as logged, provider in genai-prices, id, does its list price 1-hour cache writes]. */
const models: readonly (readonly [string, string, string, boolean])[] = [
  ['anthropic', 'anthropic', 'claude-opus-5-5', true],
  ['anthropic', 'anthropic', 'claude-sonnet-4-5-20250929', true],
  ['anthropic', 'anthropic', 'claude-opus-4-6', true],
  ['anthropic', 'anthropic', 'claude-3-5-haiku-20241022', true],
  ['openai', 'openai', 'gpt-5.6-sol', false],
  ['openai', 'openai', 'gpt-5.6-luna', false],
  ['openai', 'openai', 'gpt-6-luna', false],
  ['openai', 'openai', 'gpt-5.4', false],
  ['openai', 'openai', 'o3', false],
  ['openai', 'openai', 'gpt-5-codex', false],
  ['google', 'google', 'gemini-2.5-pro', false],
  ['google', 'google', 'gemini-3.8-flash', false],
  ['xai', 'x-ai', 'grok-4.6', false],
  ['moonshot', 'moonshotai', 'kimi-k3', false],
  ['minimax', 'minimax', 'minimax-m3', false],
  ['bedrock', 'aws', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', false],
];

describe('price book: arithmetic', () => {
  it("equals genai-prices' own calculation on 4,000 random calls", () => {
    const next = random(7);
    const whole = (limit: number): number => Math.floor(next() ** 3 * limit);
    const first = at('2025-05-01T00:00:00Z');
    const span = at('2027-03-01T00:00:00Z') - first;
    for (let index = 0; index < 4_000; index++) {
      const [provider, providerId, model, hasHour] = models[index % models.length]!;
      const call: PriceableCall = {
        provider,
        model,
        atMs: first + Math.floor(next() * span),
        inputTokens: whole(900_000),
        cacheReadTokens: whole(600_000),
        cacheWrite5mTokens: whole(100_000),
        // The deliberate difference: without a row of its own, genai-prices bills an hour as five minutes.
        cacheWrite1hTokens: hasHour ? whole(100_000) : 0,
        outputTokens: whole(64_000),
        webSearches: providerId === 'anthropic' ? whole(5) : 0,
      };
      const written = call.cacheWrite5mTokens + call.cacheWrite1hTokens;
      const theirs = calcPrice(
        {
          input_tokens: call.inputTokens + call.cacheReadTokens + written,
          cache_read_tokens: call.cacheReadTokens,
          cache_write_tokens: written,
          cache_write_1h_tokens: call.cacheWrite1hTokens,
          output_tokens: call.outputTokens,
          web_searches: call.webSearches ?? 0,
        },
        model,
        { providerId, timestamp: new Date(call.atMs) },
      );
      const ours = book.cost(call);
      assert.equal(ours.status, 'exact');
      assert.ok(
        theirs && Math.abs((ours.usd ?? NaN) - theirs.total_price) <= 1e-9,
        `${model} at ${new Date(call.atMs).toISOString()}: ${ours.usd} is not ${theirs?.total_price}`,
      );
    }
  });

  it('gives parts that add up', () => {
    const cost = book.cost({
      ...nothing,
      model: 'claude-opus-5-5',
      atMs: noonMs,
      inputTokens: 1_000_000,
      cacheReadTokens: 1_000_000,
      cacheWrite5mTokens: 1_000_000,
      cacheWrite1hTokens: 1_000_000,
      outputTokens: 1_000_000,
      webSearches: 3,
    });
    // platform.claude.com pricing, Opus 5.5: 4 / 0.20 / 5 / 8 / 20 per million; web search 10 dollars a thousand.
    assert.deepEqual(cost.parts, {
      input: 4,
      cacheRead: 0.2,
      cacheWrite5m: 5,
      cacheWrite1h: 8,
      output: 20,
      webSearch: 0.03,
    });
    near(cost.usd ?? NaN, 37.23);
    assert.deepEqual(
      [cost.status, cost.source, cost.matched, cost.modifiers],
      ['exact', 'genai', 'anthropic/claude-opus-5-5', []],
    );
  });

  it('has no dollars for what has no price', () => {
    const unpriced = book.cost({ ...nothing, model: 'gpt-9-ultra', atMs: noonMs, inputTokens: 1000 });
    assert.deepEqual(unpriced, { status: 'unpriced', modifiers: [] });
    const local = book.cost({ ...nothing, model: 'llama3.1:8b', atMs: noonMs, inputTokens: 1000 });
    assert.deepEqual(local, { status: 'local', modifiers: [] });
    assert.ok(Number.isNaN(1 + Number(unpriced.usd)), 'a sum that takes it by accident must show');
  });

  it('steps up the whole request above the threshold, not at it', () => {
    // developers.openai.com, GPT-6 Sol: above 272,000 prompt tokens 2x input and cache, 1.5x output, for the whole call.
    near(usd({ model: 'gpt-6-sol', inputTokens: 272_000, outputTokens: 1_000_000 }), 0.544 + 10);
    near(usd({ model: 'gpt-6-sol', inputTokens: 272_001, outputTokens: 1_000_000 }), 272_001 * 4e-6 + 15);
    // The prompt is all of it: mostly cache reads here, as in every agent's session.
    const cost = book.cost({ ...nothing, model: 'gpt-6-sol', atMs: noonMs, inputTokens: 1, cacheReadTokens: 272_000 });
    near(cost.usd ?? NaN, 4e-6 + 272_000 * 0.4e-6);
    assert.equal(cost.tierAboveTokens, 272_000);
    // platform.claude.com, Haiku 5.5: five times the price above 100,000 prompt tokens.
    near(usd({ model: 'claude-haiku-5-5', cacheReadTokens: 100_000 }), 0.001);
    near(usd({ model: 'claude-haiku-5-5', cacheReadTokens: 100_001 }), 100_001 * 0.05e-6);
    // platform.claude.com: no long-context price for Opus 4.6 since 2026-03-13, on Vertex neither.
    near(usd({ model: 'claude-opus-4-6', inputTokens: 300_000, atMs: at('2026-03-12T23:59:59Z') }), 3);
    near(usd({ model: 'claude-opus-4-6', inputTokens: 300_000, atMs: at('2026-03-13T00:00:00Z') }), 1.5);
    near(usd({ model: 'claude-opus-4-6@20260205', inputTokens: 300_000 }), 1.5);
  });

  it('changes the price at midnight UTC', () => {
    const hundred = { inputTokens: 100_000, outputTokens: 100_000 };
    // developers.openai.com changelog: GPT-5.6 Sol 5/30 until 2026-08-20, 4/20 from 2026-08-21.
    near(usd({ model: 'gpt-5.6-sol', ...hundred, atMs: at('2026-08-20T23:59:59.999Z') }), 3.5);
    near(usd({ model: 'gpt-5.6-sol', ...hundred, atMs: at('2026-08-21T00:00:00.000Z') }), 2.4);
    // platform.claude.com, Sonnet 5.5: cache reads 0.20 until 2026-10-06, 0.10 from 2026-10-07.
    near(usd({ model: 'claude-sonnet-5-5', cacheReadTokens: 1_000_000, atMs: at('2026-10-06T23:59:59Z') }), 0.2);
    near(usd({ model: 'claude-sonnet-5-5', cacheReadTokens: 1_000_000, atMs: at('2026-10-07T00:00:00Z') }), 0.1);
    // ai.google.dev pricing: Gemini 4 Argon 2/10 to 2026-11-30, 4/20 from 2026-12-01.
    near(usd({ model: 'gemini-4-argon', outputTokens: 1_000_000, atMs: at('2026-11-30T23:59:59Z') }), 10);
    near(usd({ model: 'gemini-4-argon', outputTokens: 1_000_000, atMs: at('2026-12-01T00:00:00Z') }), 20);
  });

  it("keeps to DeepSeek's peak hours, and to working days", () => {
    // api-docs.deepseek.com pricing: double from 01 to 04 and 06 to 10 UTC, Monday to Friday, since 2026-08-17.
    const output = { model: 'deepseek-v4-pro', outputTokens: 1_000_000 };
    near(usd({ ...output, atMs: at('2026-11-24T01:00:00Z') }), 3.96);
    near(usd({ ...output, atMs: at('2026-11-24T04:00:00Z') }), 1.98);
    near(usd({ ...output, atMs: at('2026-11-24T09:59:59Z') }), 3.96);
    near(usd({ ...output, atMs: at('2026-11-22T09:00:00Z') }), 1.98);
    near(usd({ ...output, atMs: at('2026-08-13T09:00:00Z') }), 0.87);
    // The old name is served and billed as DeepSeek Flash since 2026-09-10.
    const flash = { model: 'deepseek-v4-flash', outputTokens: 1_000_000 };
    near(usd({ ...flash, atMs: at('2026-08-25T12:00:00Z') }), 0.66);
    near(usd({ ...flash, atMs: at('2026-08-25T02:00:00Z') }), 1.32);
    near(usd({ ...flash, atMs: at('2026-09-15T12:00:00Z') }), 0.6);
    near(usd({ ...flash, atMs: at('2026-09-15T02:00:00Z') }), 1.2);
  });

  it('prices an hour of cache at twice the input on every platform that sells Claude', () => {
    const hour = { cacheWrite1hTokens: 1_000_000 };
    // platform.claude.com, prompt caching: 1-hour writes cost 2x the base input price.
    near(usd({ model: 'claude-opus-4-8', ...hour }), 10);
    // Bedrock's global endpoint: the same; its list in genai-prices has the 5-minute rate only.
    near(usd({ model: 'global.anthropic.claude-opus-4-8-v1:0', ...hour }), 10);
    // Bedrock's regional endpoints cost 10 % more, the hour too.
    near(usd({ model: 'us.anthropic.claude-opus-4-8-v1:0', ...hour }), 11);
    // Vertex.
    near(usd({ model: 'claude-opus-4-8@20260528', ...hour }), 10);
    near(usd({ model: 'claude-sonnet-4-5', provider: 'google-vertex', cacheWrite1hTokens: 100_000 }), 0.6);
    // No Claude: an hour is what the list says of cache writes.
    near(usd({ model: 'gpt-6-sol', ...hour, atMs: noonMs }), 5);
  });
});

describe('price book: modifiers', () => {
  const million = { inputTokens: 100_000, outputTokens: 100_000 };

  it("knows Anthropic's fast mode", () => {
    // platform.claude.com, fast mode: 6x for Opus 4.6 and 4.7, 2x for Opus 4.8, 5 and 5.5, cache included.
    const fast = { ...million, speed: 'fast' };
    near(usd({ model: 'claude-opus-4-6', ...fast }), 6 * 3);
    near(usd({ model: 'claude-opus-4-7', ...fast }), 6 * 3);
    near(usd({ model: 'claude-opus-4-8', ...fast }), 2 * 3);
    near(usd({ model: 'claude-opus-5', ...fast }), 2 * 3);
    near(usd({ model: 'claude-opus-5-5', ...fast }), 2 * 2.4);
    near(usd({ model: 'claude-opus-5-5', cacheReadTokens: 1_000_000, speed: 'fast' }), 0.4);
    near(usd({ model: 'claude-opus-4-8', ...million, speed: 'standard' }), 3);
    // The same as an id, which must never be priced at the normal rate.
    near(usd({ model: 'copilot/claude-opus-4.8-fast', ...million }), 2 * 3);
  });

  it('marks a fast mode without a known price', () => {
    const cost = book.cost({ ...nothing, model: 'claude-sonnet-5-5', atMs: noonMs, ...million, speed: 'fast' });
    assert.deepEqual([cost.status, cost.modifiers], ['estimated', ['fast mode, price unknown']]);
    near(cost.usd ?? NaN, 1.2);
  });

  it('halves a batch, but not its web searches', () => {
    // platform.claude.com, batch processing: 50 % off tokens.
    const cost = book.cost({
      ...nothing,
      model: 'claude-opus-4-8',
      atMs: noonMs,
      ...million,
      webSearches: 10,
      serviceTier: 'batch',
    });
    near(cost.usd ?? NaN, 1.5 + 0.1);
    assert.deepEqual([cost.status, cost.modifiers], ['exact', ['batch 0.5x']]);
    near(usd({ model: 'gpt-6-sol', ...million, serviceTier: 'batch' }), 0.6);
  });

  it('adds a tenth for US residency', () => {
    // platform.claude.com, data residency: inference_geo "us" costs 1.1x on every bucket from Opus 4.6 on.
    near(usd({ model: 'claude-opus-4-6', ...million, region: 'us' }), 3.3);
    near(usd({ model: 'claude-sonnet-4-5-20250929', ...million, region: 'us' }), 1.8);
    near(usd({ model: 'claude-opus-4-8', ...million, region: 'not_available' }), 3);
    // developers.openai.com pricing: data residency 1.1x for models released since 2026-03-05.
    near(usd({ model: 'gpt-6-sol', ...million, region: 'eu' }), 1.32);
    near(usd({ model: 'gpt-5.2', ...million, region: 'eu' }), 1.575);
    // Factors stack: fast and US.
    near(usd({ model: 'claude-opus-4-8', ...million, region: 'us', speed: 'fast' }), 6.6);
  });

  it("knows OpenAI's fast mode, also under its old name", () => {
    // openai.com/api-fast-mode: 2x, GPT-5.5 2.5x; long context excluded for GPT-5.4 and 5.5.
    near(usd({ model: 'gpt-5.5', ...million, serviceTier: 'priority' }), 2.5 * 3.5);
    near(usd({ model: 'gpt-5.6-terra', ...million, serviceTier: 'fast' }), 2 * 1.4);
    near(usd({ model: 'gpt-6.1-sol', ...million, serviceTier: 'fast' }), 2 * 1.2);
    near(usd({ model: 'gpt-5.2-codex', ...million, serviceTier: 'priority' }), 2 * 1.575);
    const long = book.cost({ ...nothing, model: 'gpt-5.5', atMs: noonMs, inputTokens: 300_000, serviceTier: 'fast' });
    assert.deepEqual([long.status, long.modifiers], ['estimated', ['fast mode, price unknown']]);
    // Above the step GPT-5.6's fast price is twice the long-context price.
    near(usd({ model: 'gpt-5.6-sol', inputTokens: 1_000_000, serviceTier: 'fast' }), 16);
  });

  it('knows flex and Gemini priority, and marks tiers it does not know', () => {
    near(usd({ model: 'gpt-6-sol', ...million, serviceTier: 'flex' }), 0.6);
    near(usd({ model: 'gemini-3.8-flash', ...million, serviceTier: 'priority' }), 1.8 * 0.45);
    const unknown = book.cost({ ...nothing, model: 'gpt-6-sol', atMs: noonMs, ...million, serviceTier: 'ultrafast' });
    assert.deepEqual([unknown.status, unknown.modifiers], ['estimated', ['service tier ultrafast, price unknown']]);
    near(unknown.usd ?? NaN, 1.2);
    const committed = book.cost({
      ...nothing,
      model: 'claude-opus-4-8',
      atMs: noonMs,
      ...million,
      serviceTier: 'priority',
    });
    assert.equal(committed.status, 'estimated');
    for (const serviceTier of ['standard', 'default', 'auto', ''])
      assert.equal(book.cost({ ...nothing, model: 'gpt-6-sol', atMs: noonMs, serviceTier }).status, 'exact');
  });

  it("adds Bedrock's regional tenth where only the maker's list has the model", () => {
    // genai-prices' aws list: regional endpoints 1.1x from Claude 4.5 on, the global one 1x.
    const answer = book.rates('us.anthropic.claude-sonnet-5-5-v1:0', noonMs);
    near(answer.rates?.input ?? NaN, 2.2);
    assert.deepEqual(answer.modifiers, ['regional endpoint 1.1x']);
    near(book.rates('global.anthropic.claude-sonnet-5-5-v1:0', noonMs).rates?.input ?? NaN, 2);
  });
});
