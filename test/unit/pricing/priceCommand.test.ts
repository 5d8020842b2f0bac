// The price command: its JSON, its table, and what it says to wrong words.
import assert from 'node:assert/strict';
import { price } from '../../../src/cli/price';
import { noonMs } from './knownIds';

async function run(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  let out = '';
  let error = '';
  const io = {
    write: (text: string) => void (out += text),
    error: (text: string) => void (error += text),
    now: () => noonMs,
    env: {},
    home: '/nowhere',
  };
  const code = await price(args, io);
  return { code, out, error };
}

describe('the price command', () => {
  it('prints JSON with null for what is unknown', async () => {
    const { code, out } = await run('--json', 'claude-opus-5-5', 'gpt-5.2', 'gpt-9-ultra');
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out), {
      prices: [
        {
          id: 'claude-opus-5-5',
          provider: 'anthropic',
          model: 'claude-opus-5-5',
          status: 'exact',
          source: 'genai',
          matched: 'anthropic/claude-opus-5-5',
          perMillion: { input: 4, output: 20, cacheRead: 0.2, cacheWrite5m: 5, cacheWrite1h: 8 },
          contextWindow: 1_000_000,
          tier: 'frontier',
          asOf: '2026-09-23',
        },
        {
          id: 'gpt-5.2',
          provider: 'openai',
          model: 'gpt-5.2',
          status: 'exact',
          source: 'genai',
          matched: 'openai/gpt-5.2',
          perMillion: { input: 1.75, output: 14, cacheRead: 0.175, cacheWrite5m: null, cacheWrite1h: null },
          contextWindow: 400_000,
          tier: 'frontier',
          asOf: '2026-09-23',
        },
        {
          id: 'gpt-9-ultra',
          provider: null,
          model: null,
          status: 'unpriced',
          source: null,
          matched: null,
          perMillion: null,
          contextWindow: null,
          tier: null,
          asOf: null,
        },
      ],
    });
  });

  it('takes the price of the day', async () => {
    const on = async (day: string): Promise<unknown> => {
      const { out } = await run('--at', day, '--json', 'gpt-5.6-sol');
      return (JSON.parse(out) as { prices: { perMillion: { output: number } }[] }).prices[0]?.perMillion.output;
    };
    assert.deepEqual([await on('2026-08-20'), await on('2026-08-21')], [30, 20]);
  });

  it('prints an aligned table', async () => {
    const { code, out } = await run('claude-opus-5-5', 'my-company-model-v3');
    assert.equal(code, 0);
    const [head, first, second] = out.split('\n');
    assert.ok(head?.startsWith('id '));
    assert.equal(first?.indexOf('exact'), head?.indexOf('status'));
    assert.equal(second?.indexOf('unpriced'), head?.indexOf('status'));
    assert.match(out, /US dollars per million tokens/);
  });

  it('says in one line what is wrong with the call', async () => {
    for (const [args, words] of [
      [[], /Name at least one model id/],
      [['--at', 'x'], /--at needs a day/],
      [['--at'], /--at needs a day/],
      [['--at', '2026-13-01', 'gpt-5'], /--at needs a day/],
      [['--jsn', 'gpt-5'], /Unknown option --jsn/],
    ] as const) {
      const { code, out, error } = await run(...args);
      assert.deepEqual([code, out], [2, '']);
      assert.match(error, words);
      assert.equal(error.trimEnd().split('\n').length, 1);
    }
  });
});
