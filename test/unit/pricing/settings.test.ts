// The person's own prices, aliases, flat rates and plans; and that one bad row spoils no other.
import assert from 'node:assert/strict';
import { PriceBook } from '../../../src/pricing/priceBook';
import { matchesPattern, readPlans } from '../../../src/pricing/settings';
import { noonMs } from './knownIds';

const call = {
  atMs: noonMs,
  inputTokens: 1_000_000,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 1_000_000,
};

describe('price settings', () => {
  it('put the own price first, from its day on, and fill an open long-context rate', () => {
    const book = new PriceBook({
      overrides: [
        {
          match: 'My-Gateway/sonnet*',
          input: 2.4,
          output: 12,
          cacheRead: 0.24,
          longContext: { above: 200_000, input: 4.8, output: 18 },
          from: '2026-10-01',
          note: 'contract',
        },
        { match: 'claude-opus-5-5', input: 1, output: 2, from: '2026-11-01' },
      ],
    });
    assert.deepEqual(book.problems, []);
    const own = book.rates('my-gateway/sonnet-large', noonMs);
    assert.deepEqual([own.status, own.source, own.rates?.input, own.asOf], ['exact', 'user', 2.4, '2026-10-01']);
    assert.deepEqual(own.longContext, [{ aboveTokens: 200_000, rates: { input: 4.8, output: 18, cacheRead: 0.48 } }]);
    assert.equal(book.rates('my-gateway/sonnet-large', Date.parse('2026-09-30T23:59:59Z')).status, 'unpriced');
    assert.equal(book.rates('claude-opus-5-5', noonMs).rates?.output, 2);
    assert.equal(book.rates('claude-opus-5-5', Date.parse('2026-10-31T00:00:00Z')).rates?.output, 20);
  });

  it('take the later of two rows for one model, and compare with provider/id too', () => {
    const book = new PriceBook({
      overrides: [
        { match: 'mine', input: 1, output: 1 },
        { match: 'mine', input: 2, output: 2, from: '2026-11-01' },
        { match: 'corp/other', input: 3, output: 3 },
      ],
    });
    assert.equal(book.rates('mine', noonMs).rates?.input, 2);
    assert.equal(book.rates('mine', Date.parse('2026-10-01T00:00:00Z')).rates?.input, 1);
    assert.equal(book.rates('other', noonMs, { provider: 'corp' }).rates?.input, 3);
  });

  it('name each bad row and keep the good ones', () => {
    const book = new PriceBook({
      overrides: [
        { match: 'good', input: 1, output: 2 },
        { match: 'no-output', input: 1 },
        { input: 1, output: 2 },
        { match: 'negative', input: -1, output: 2 },
        { match: 'word', input: '1', output: 2 },
        { match: 'per-token', input: 1, output: 2e7 },
        { match: 'day', input: 1, output: 2, from: '2026-02-30' },
        { match: 'span', input: 1, output: 2, from: '2026-02-02', until: '2026-02-02' },
        { match: 'step', input: 1, output: 2, longContext: { input: 2 } },
        'text',
      ],
      aliases: { a: 'claude-opus-5-5', b: 7, c: 'c' },
      flatRate: ['composer-*', '', 3],
    });
    assert.equal(book.problems.length, 13);
    for (const [index, part] of [
      'overrides, row 2 (no-output): "output" is missing',
      'overrides, row 3: "match" is missing',
      'overrides, row 4 (negative): "input" must not be negative',
      'overrides, row 5 (word): "input" must be a number',
      'overrides, row 6 (per-token): "output" is above',
      'overrides, row 7 (day): "from" must be a day',
      'overrides, row 8 (span): "until" must be later',
      'overrides, row 9 (step): "longContext.above"',
      'overrides, row 10: must be an object',
      'aliases, b: must name',
      'aliases, c: names itself',
      'flatRate, row 2: must be a model id',
      'flatRate, row 3: must be a model id',
    ].entries())
      assert.ok(book.problems[index]?.startsWith(part), `${book.problems[index]} / ${part}`);
    assert.equal(book.rates('good', noonMs).rates?.input, 1);
    assert.equal(book.rates('a', noonMs).matched, 'anthropic/claude-opus-5-5');
  });

  it('refuse settings of the wrong shape without falling over', () => {
    const book = new PriceBook({ overrides: {}, aliases: [], flatRate: 'x' });
    assert.deepEqual(book.problems, [
      'overrides: must be a list',
      'aliases: must be an object of logged id and known id',
      'flatRate: must be a list',
    ]);
    assert.equal(new PriceBook({ overrides: null, aliases: null, flatRate: null }).problems.length, 0);
  });

  it('price an alias as its target, in no endless circle', () => {
    const arn = 'arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/AbC';
    const book = new PriceBook({ aliases: { [arn]: 'anthropic/claude-sonnet-5-5', x: 'y', y: 'x' } });
    const answer = book.rates(arn, noonMs);
    assert.deepEqual([answer.status, answer.matched], ['exact', 'anthropic/claude-sonnet-5-5']);
    assert.equal(book.rates('x', noonMs).status, 'unpriced');
  });

  it('show a flat rate as included at nothing, apart from unpriced', () => {
    const book = new PriceBook({ flatRate: ['composer-*', 'mine'] });
    const cost = book.cost({ model: 'composer-1', ...call });
    assert.deepEqual([cost.status, cost.usd, cost.source], ['included', 0, 'user']);
    assert.equal(book.cost({ model: 'other', ...call }).usd, undefined);
    // Included by Copilot's own plan: still worth what the list says.
    const copilot = book.cost({ model: 'copilot/gpt-4.1', ...call });
    assert.deepEqual([copilot.status, copilot.usd], ['included', 10]);
  });

  it('change the version with any row, and with nothing else', () => {
    const plain = new PriceBook().version;
    assert.equal(new PriceBook().version, plain);
    assert.equal(new PriceBook({}).version, plain);
    assert.notEqual(new PriceBook({ overrides: [{ match: 'a', input: 1, output: 1 }] }).version, plain);
    assert.notEqual(new PriceBook({ aliases: { a: 'b' } }).version, plain);
    assert.notEqual(new PriceBook({ flatRate: ['a'] }).version, plain);
    assert.match(plain, /^\d{4}-\d{2}-\d{2}\.[0-9a-z]+$/);
  });

  it('read plans', () => {
    const { plans, problems } = readPlans([
      { tool: 'claude-code', name: 'Claude Max', usdPerMonth: 200 },
      { tool: 'codex', usdPerMonth: 20 },
      { name: 'x', usdPerMonth: 1 },
      { tool: 'codex', usdPerMonth: -1 },
    ]);
    assert.deepEqual(plans, [
      { tool: 'claude-code', name: 'Claude Max', usdPerMonth: 200 },
      { tool: 'codex', name: 'codex', usdPerMonth: 20 },
    ]);
    assert.equal(problems.length, 2);
  });

  it('match patterns as people mean them', () => {
    assert.ok(matchesPattern('my-gateway/*', 'my-gateway/sonnet'));
    assert.ok(matchesPattern('gpt-5.?', 'gpt-5.6'));
    assert.ok(!matchesPattern('gpt-5.?', 'gpt-5x6'));
    assert.ok(!matchesPattern('a+', 'aa'));
    assert.ok(matchesPattern('(x)*', '(x)yz'));
  });
});
