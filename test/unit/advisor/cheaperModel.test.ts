import assert from 'node:assert/strict';
import { cheaperModel, stretch, type MoneyFacts, type Suggestion } from '../../../src/advisor/cheaperModel.js';
import {
  candidatesFor,
  costUsd,
  offerOf,
  ratesAt,
  tokenRatio,
  type ModelOffer,
  type RatesBook,
  type WorkTokens,
} from '../../../src/advisor/modelOffer.js';
import { situationOf, type SentPrompt } from '../../../src/advisor/situation.js';
import { rebuildUsd, shouldWarn, switchCost, switchWarning, switchWarnings } from '../../../src/advisor/switchCost.js';
import { PriceBook } from '../../../src/pricing/priceBook.js';
import { tierOf } from '../../../src/pricing/tiers.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const claude = (
  id: string,
  family: string,
  tier: ModelOffer['tier'],
  price: number,
  more: Partial<ModelOffer> = {},
): ModelOffer => ({
  id,
  provider: 'anthropic',
  family,
  tier,
  tokenizer: 'claude-old',
  rates: { input: price, output: price * 5, cacheRead: price / 10, cacheWrite: price * 1.25 },
  ...more,
});
const opus = claude('opus', 'opus', 'frontier', 5, { generation: 4.5 });
const sonnet = claude('sonnet', 'sonnet', 'balanced', 3, { generation: 4.5 });
const haiku = claude('haiku', 'haiku', 'small', 1, { generation: 4.5 });
const offers = [haiku, opus, sonnet];
const small = { isLikelySmall: true };
const work: WorkTokens = { inputTokens: 100, cacheWriteTokens: 20_000, cacheReadTokens: 400_000, outputTokens: 4_000 };
const first: MoneyFacts = { current: opus, offers, cachedContextTokens: 0, contextTokens: 20_000, work };

describe('modelOffer', () => {
  it('offers smaller tiers of the same maker and newer members of the family, never upwards', () => {
    const older = claude('opus-old', 'opus', 'frontier', 15, { generation: 4.1 });
    const top = claude('top', 'fable', 'frontier', 10, { isTop: true, generation: 5 });
    const other: ModelOffer = { ...haiku, id: 'mini', provider: 'openai' };
    const all = [...offers, older, top, other];
    assert.deepEqual(
      candidatesFor(opus, all).map(({ id }) => id),
      ['sonnet', 'haiku'],
    );
    assert.deepEqual(
      candidatesFor(older, all).map(({ id }) => id),
      ['opus', 'sonnet', 'haiku'],
    );
    assert.deepEqual(candidatesFor(haiku, all), []);
    assert.deepEqual(
      candidatesFor(top, all).map(({ id }) => id),
      ['opus', 'opus-old', 'sonnet', 'haiku'],
    );
  });

  it('counts more tokens where the tokenizer changes', () => {
    const recent = claude('new', 'opus', 'frontier', 5, { tokenizer: 'claude-new' });
    assert.equal(tokenRatio(haiku, recent), 1.3);
    assert.ok(Math.abs(tokenRatio(recent, haiku) - 1 / 1.3) < 1e-12);
    assert.equal(tokenRatio(opus, haiku), 1);
    assert.equal(tokenRatio(opus, { ...haiku, provider: 'openai' }), 1.3);
  });

  it('takes the rates of the long-context step', () => {
    const dear = { input: 5, output: 25, cacheRead: 1, cacheWrite: 6 };
    const stepped = { ...haiku, longContext: [{ aboveTokens: 100_000, rates: dear }] };
    assert.equal(ratesAt(stepped, 100_000), haiku.rates);
    assert.equal(ratesAt(stepped, 100_001), dear);
  });

  it('builds no offer on a price that is a guess, and never takes an absent cache rate for free', () => {
    const book = (status: string): RatesBook => ({
      rates: () => ({ status, rates: { input: 2, output: 8 }, longContext: [] }),
      limits: () => ({}),
    });
    const place = { provider: 'openai', tier: 'small', isTop: false, family: 'mini', tokenizer: 'openai' } as const;
    assert.equal(
      offerOf('x', 0, book('estimated'), () => place),
      undefined,
    );
    assert.equal(
      offerOf('x', 0, book('exact'), () => undefined),
      undefined,
    );
    assert.deepEqual(offerOf('x', 0, book('exact'), () => place)?.rates, {
      input: 2,
      output: 8,
      cacheRead: 2,
      cacheWrite: 2,
    });
  });

  it('speaks to the price book', () => {
    const offer = offerOf('claude-opus-4-5-20251101', Date.UTC(2026, 0, 5), new PriceBook(), tierOf);
    assert.equal(offer?.tier, 'frontier');
    assert.deepEqual(offer?.rates, { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 });
    assert.equal(offerOf('no-such-model-9', Date.UTC(2026, 0, 5), new PriceBook(), tierOf), undefined);
  });
});

describe('cheaperModel', () => {
  const suggest = (facts: MoneyFacts): Suggestion => {
    const found = cheaperModel(small, facts);
    assert.equal(found.kind, 'suggestion', JSON.stringify(found));
    assert.ok(found.kind === 'suggestion');
    return found;
  };
  const whySilent = (facts: MoneyFacts): string => {
    const found = cheaperModel(small, facts);
    return found.kind === 'silence' ? found.why : 'spoke';
  };

  it('passes over a model at 60 % of the price and names the one at 20 %, at 2.5 times the tokens', () => {
    const found = suggest(first);
    assert.equal(found.to.id, 'haiku');
    assert.ok(
      Math.abs(found.savingFloorUsd - (costUsd(work, opus.rates) - stretch * costUsd(work, haiku.rates))) < 1e-12,
    );
    assert.equal(whySilent({ ...first, offers: [sonnet] }), 'saving-too-small');
  });

  it('is silent in a warm session where reading the context again eats the saving', () => {
    const warm = { ...first, cachedContextTokens: 300_000, contextTokens: 300_000 };
    assert.equal(whySilent(warm), 'saving-too-small');
    const lighter = suggest({ ...first, cachedContextTokens: 38_000, contextTokens: 38_000 });
    assert.ok(Math.abs(lighter.rebuildUsd - (38_000 * (1.25 - 0.1)) / 1e6) < 1e-12);
    assert.ok(lighter.savingFloorUsd < suggest(first).savingFloorUsd);
  });

  it('keeps the floor, and never goes below zero with it', () => {
    const floor = suggest(first).savingFloorUsd;
    assert.equal(whySilent({ ...first, floorUsd: floor + 0.001 }), 'saving-too-small');
    assert.equal(suggest({ ...first, floorUsd: floor - 0.001 }).to.id, 'haiku');
    assert.equal(whySilent({ ...first, offers: [sonnet], floorUsd: -9 }), 'saving-too-small');
  });

  it('is silent with the verdict, without known work, and where the context does not fit', () => {
    assert.deepEqual(cheaperModel({ isLikelySmall: false }, first), { kind: 'silence', why: 'not-small' });
    assert.deepEqual(cheaperModel({ isLikelySmall: false, gate: 'approval' }, first), {
      kind: 'silence',
      why: 'approval',
    });
    assert.equal(whySilent({ ...first, work: undefined }), 'work-unknown');
    assert.equal(whySilent({ ...first, offers: [{ ...haiku, contextWindow: 30_000 }] }), 'no-candidate');
    assert.equal(whySilent({ ...first, current: haiku }), 'no-candidate');
  });

  it('prices the other model at its long-context step where the work may reach it', () => {
    const dear = { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 };
    const stepped = { ...haiku, longContext: [{ aboveTokens: 60_000, rates: dear }] };
    assert.equal(whySilent({ ...first, offers: [stepped] }), 'saving-too-small');
  });

  // Prices a prompt call by call, from its own cache state: an independent account of what the hint claims. `times`: how
  // many times the calls are made; those made again find in the cache what the first ones wrote there.
  interface Call {
    readonly fresh: number;
    readonly output: number;
  }
  function play(offer: ModelOffer, calls: readonly Call[], context: number, cached: number, times: number): number {
    let usd = 0;
    let size = context;
    let warm = cached;
    for (const call of calls) {
      const prompt = size + call.fresh;
      const rates = ratesAt(offer, prompt);
      const once = Math.min(1, times);
      usd += once * (warm * rates.cacheRead + (prompt - warm) * rates.cacheWrite + call.output * rates.output);
      usd += (times - once) * (prompt * rates.cacheRead + call.output * rates.output);
      warm = prompt;
      size = prompt + call.output;
    }
    return usd / 1e6;
  }

  it("never names a saving that the same prompt's real tokens and prices contradict (2,000 generated sessions)", () => {
    let seed = 11;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const between = (low: number, high: number): number => low + random() * (high - low);
    const spoken = { cold: 0, warm: 0 };
    for (let round = 0; round < 2000; round++) {
      const overhead = between(8_000, 60_000);
      const price = between(2, 20);
      const ttl = random() < 0.5 ? ('5m' as const) : ('1h' as const);
      const current = claude('strong', 'opus', 'frontier', price, { generation: 4.5 });
      const cheap = claude('cheap', 'haiku', 'small', price * between(0.01, 0.7), {
        tokenizer: random() < 0.5 ? 'claude-old' : 'claude-new',
        ...(random() < 0.3
          ? { longContext: [{ aboveTokens: 90_000, rates: { ...haiku.rates, output: price * 5 } }] }
          : {}),
      });
      // A month of cold starts, each with the agent's own tokens and some of the project's.
      const starts = Array.from({ length: 4 + Math.floor(between(0, 30)) }, (_, at): SentPrompt => {
        const context = overhead * between(0.7, 1.6);
        return {
          agent: 'claude-code',
          sessionId: `s${at}`,
          project: '/p',
          atMs: at * dayMs,
          lastMs: at * dayMs + 60_000,
          turn: 0,
          model: 'strong',
          isExact: true,
          firstUncachedTokens: context,
          firstWrittenTokens: context,
          contextTokens: context,
          endContextTokens: context + between(500, 150_000),
          cacheTtl: ttl,
        };
      });
      const isWarm = random() < 0.4;
      const nowMs = starts.at(-1)!.lastMs + (isWarm ? 30_000 : 2 * hourMs);
      const situation = situationOf(starts, { nowMs, project: '/p' })!;
      assert.equal(situation.sessionId !== undefined, isWarm);
      const found = cheaperModel(small, {
        current,
        offers: [cheap],
        cachedContextTokens: situation.cachedContextTokens,
        contextTokens: situation.contextTokens,
        work: situation.work,
      });
      if (found.kind === 'silence') continue;
      spoken[isWarm ? 'warm' : 'cold']++;
      // What really happens: any number of calls, of any size.
      const calls = Array.from({ length: 1 + Math.floor(between(0, 25)) }, (_, at) => ({
        fresh: at === 0 && !isWarm ? overhead * between(0.7, 1.6) : between(0, 6_000),
        output: between(0, 1_500),
      }));
      const context = situation.cachedContextTokens;
      const staying = play(current, calls, context, context, 1);
      for (const times of [1, 1.4, 2, stretch]) {
        // The other model counts other tokens and has nothing in its cache.
        const ratio = tokenRatio(current, cheap);
        const scaled = calls.map((one) => ({ fresh: one.fresh * ratio, output: one.output * ratio }));
        const moving = play(cheap, scaled, context * ratio, 0, times);
        assert.ok(
          staying - moving >= found.savingFloorUsd - 1e-9,
          `round ${round}, ${times} times: ${staying} - ${moving} < ${found.savingFloorUsd}`,
        );
      }
    }
    assert.ok(spoken.cold > 100 && spoken.warm > 5, `too few hints to judge: ${JSON.stringify(spoken)}`);
  });

  it('is silent where one kind of token is not cheaper by the whole stretch, at any step', () => {
    const dearOutput = { ...haiku, rates: { ...haiku.rates, output: 12 } };
    assert.equal(whySilent({ ...first, offers: [dearOutput] }), 'saving-too-small');
  });
});

describe('switchCost', () => {
  it('says what reading the context again costs', () => {
    assert.ok(Math.abs(rebuildUsd(opus, sonnet, 92_000) - (92_000 * (3.75 - 0.3)) / 1e6) < 1e-12);
    const cost = switchCost({ from: opus, to: sonnet, contextTokens: 92_000, isWarm: true });
    assert.ok(Math.abs(cost.stayUsd - 0.046) < 1e-12 && Math.abs(cost.switchUsd - 0.345) < 1e-12);
    assert.ok(Math.abs(cost.extraUsd - 0.299) < 1e-12);
    assert.equal(cost.callsToPayBack, Math.ceil(0.299 / (92_000 * 0.2e-6)));
    assert.equal(shouldWarn(cost, true), true);
    assert.equal(shouldWarn(cost, false), false);
  });

  it('switching upwards never pays back; a cold cache makes a switch down free', () => {
    assert.equal(switchCost({ from: haiku, to: opus, contextTokens: 50_000, isWarm: true }).callsToPayBack, undefined);
    const cold = switchCost({ from: opus, to: haiku, contextTokens: 50_000, isWarm: false });
    assert.ok(cold.extraUsd < 0);
    assert.equal(cold.callsToPayBack, 0);
  });

  it('warns of the nearest smaller model and lists all that would cost more, dearest first', () => {
    const session = { current: opus, offers: [...offers], contextTokens: 92_000, isWarm: true };
    const warning = switchWarning(session)!;
    assert.equal(warning.to.id, 'sonnet');
    assert.ok(Math.abs(warning.extraUsd - 0.299) < 1e-12);
    assert.deepEqual(
      switchWarnings(session).map(({ to }) => to.id),
      ['sonnet', 'haiku'],
    );
    assert.deepEqual(
      switchWarnings({ ...session, current: haiku }).map(({ to }) => to.id),
      ['opus', 'sonnet'],
    );
    assert.equal(switchWarning({ ...session, current: haiku }), undefined);
    assert.equal(switchWarning({ ...session, isWarm: false }), undefined);
    assert.equal(switchWarning({ ...session, contextTokens: 5_000 }), undefined);
    assert.equal(switchWarning({ ...session, offers: [{ ...sonnet, contextWindow: 80_000 }] }), undefined);
  });
});
