// Tiers and successors: every model that agents use has a tier, GitHub's own categories agree or a note says why not.
import assert from 'node:assert/strict';
import successors from '../../../src/pricing/model-successors.json';
import rules from '../../../src/pricing/model-tiers.json';
import { PriceBook } from '../../../src/pricing/priceBook';
import { successorOf, tierOf } from '../../../src/pricing/tiers';
import { knownIds, noonMs } from './knownIds';

describe('model tiers', () => {
  for (const id of Object.keys(knownIds)) it(`has a tier for ${id}`, () => assert.ok(tierOf(id)));

  it('orders each maker by its own families', () => {
    const tiers = Object.fromEntries(
      [
        'claude-fable-5-1',
        'claude-opus-5-5',
        'claude-sonnet-5-5',
        'claude-haiku-5-5',
        'gpt-6.2-astra',
        'gpt-6.2-sol',
        'gpt-6.1-terra',
        'gpt-6-luna',
        'gpt-5-mini',
        'gpt-5-codex',
        'gemini-3.1-pro-preview',
        'gemini-3.8-flash',
        'gemini-2.5-flash-lite',
        'grok-4.5',
        'grok-code-fast-1',
      ].map((id) => [id, tierOf(id)?.tier]),
    );
    assert.deepEqual(tiers, {
      'claude-fable-5-1': 'frontier',
      'claude-opus-5-5': 'frontier',
      'claude-sonnet-5-5': 'balanced',
      'claude-haiku-5-5': 'small',
      'gpt-6.2-astra': 'frontier',
      'gpt-6.2-sol': 'frontier',
      'gpt-6.1-terra': 'balanced',
      'gpt-6-luna': 'small',
      'gpt-5-mini': 'small',
      'gpt-5-codex': 'frontier',
      'gemini-3.1-pro-preview': 'frontier',
      'gemini-3.8-flash': 'balanced',
      'gemini-2.5-flash-lite': 'small',
      'grok-4.5': 'frontier',
      'grok-code-fast-1': 'small',
    });
    assert.deepEqual([tierOf('claude-fable-5-1')?.isTop, tierOf('claude-opus-5-5')?.isTop], [true, false]);
  });

  it('leaves the unknown without a tier', () => {
    for (const id of [
      'gpt-9-ultra',
      'my-company-model-v3',
      '<synthetic>',
      'gpt-oss-120b',
      'llama3.1:8b',
      'gpt-3.5-turbo',
    ])
      assert.equal(tierOf(id), undefined, id);
  });

  it('tells generations and tokenizers', () => {
    const of = (id: string): unknown[] => [tierOf(id)?.generation, tierOf(id)?.tokenizer];
    assert.deepEqual(of('claude-opus-4-6'), [4.6, 'claude-old']);
    assert.deepEqual(of('claude-opus-4-7'), [4.7, 'claude-new']);
    assert.deepEqual(of('claude-haiku-4-5-20251001'), [4.5, 'claude-old']);
    assert.deepEqual(of('us.anthropic.claude-haiku-5-5'), [5.5, 'claude-new']);
    assert.deepEqual(of('claude-3-5-haiku-20241022'), [3.5, 'claude-old']);
    assert.deepEqual(of('claude-sonnet-4-20250514'), [4, 'claude-old']);
    assert.deepEqual(of('gpt-5.6-sol'), [5.6, 'openai']);
    assert.deepEqual(of('copilot/gpt-5-mini'), [5, 'openai']);
    assert.deepEqual(of('gemini-3.8-flash'), [3.8, 'google']);
  });

  it('agrees with GitHub, or has a note', () => {
    const allowed: Readonly<Record<string, readonly string[]>> = {
      Powerful: ['top', 'frontier'],
      Versatile: ['balanced'],
      Lightweight: ['small', 'balanced'],
    };
    for (const rule of rules.rules as readonly {
      match: string;
      tier: string;
      githubCategory?: string;
      note?: string;
    }[])
      if (rule.githubCategory !== undefined && !allowed[rule.githubCategory]?.includes(rule.tier))
        assert.ok(rule.note, `${rule.match} is ${rule.tier}, GitHub says ${rule.githubCategory}`);
  });

  it('gives every rule and successor a source', () => {
    for (const rule of rules.rules)
      assert.ok(
        rule.source.every((source) => source.startsWith('https://')),
        rule.match,
      );
    for (const row of successors) assert.ok(row.source.startsWith('https://'), row.from);
  });

  it('names successors that exist and have a price', () => {
    const book = new PriceBook();
    for (const { from, to } of successors) {
      assert.equal(book.rates(from, noonMs).status, 'exact', from);
      assert.equal(book.rates(to, noonMs).status, 'exact', to);
    }
    assert.equal(successorOf('gpt-5')?.to, 'gpt-6.1-sol');
    assert.equal(successorOf('gpt-5-2025-08-07')?.to, 'gpt-6.1-sol');
    assert.equal(successorOf('us.anthropic.claude-opus-4-20250514-v1:0')?.to, 'claude-opus-4-8');
    assert.equal(successorOf('claude-opus-5-5'), undefined);
  });
});
