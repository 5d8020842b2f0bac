// What the vendor's own counts do to the estimates: from the service's answer to the figure a person is shown.
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as http from 'node:http';
import { type AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { checkEstimates } from '../../../src/ledger/estimateCheck.js';
import { askVendor } from '../../../src/tokens/askVendor.js';
import { corrected, type Correction, estimateOf, judge, uncorrected } from '../../../src/tokens/calibration.js';
import { type Sample } from '../../../src/tokens/calibrationSamples.js';
import { measureText } from '../../../src/tokens/countText.js';
import { estimate } from '../../../src/tokens/estimate.js';
import { vendorSample } from '../../../src/tokens/vendorSample.js';
import { dice, distFolder, encoderOf } from './material.js';

const model = 'claude-opus-4-7';
const dayMs = 86_400_000;
const firstMs = Date.UTC(2026, 5, 1);
/** What the service adds to a lone message. */
const framing = 7;

describe('counts by the vendor', function () {
  // Hundreds of questions to a service.
  this.timeout(60_000);
  /** Of the estimate of the text that was just sent; the service's whole law. */
  let ratio: (at: number) => number = () => 1;
  let asked = 0;
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const { messages } = JSON.parse(body) as { messages: readonly [{ content: string }] };
      const plain = shippedOf(messages[0].content);
      response.end(JSON.stringify({ input_tokens: Math.round(plain * ratio(asked++)) + framing }));
    });
  });
  let home: string;
  before(async () => {
    home = fs.mkdtempSync(path.join(os.tmpdir(), 'tokenometer-vendor-'));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  });
  after(() => {
    server.close();
    fs.rmSync(home, { recursive: true });
  });

  const countsOf = (text: string) => measureText(text, encoderOf('o200k_base'));
  const shippedOf = (text: string) => estimate(countsOf(text), model).tokens;
  const words = ['harbour', 'the', 'tide', 'of', 'boats', 'return', 'berth', 'unlikely', 'rope', 'and', '42', 'wharf.'];
  const textOf = (seed: number, length = 500) => {
    const roll = dice(seed);
    return Array.from({ length }, () => words[roll(words.length)]).join(' ');
  };

  /** Has `count` texts counted, one a day, and returns what is remembered of them. */
  async function counted(count: number, law: (at: number) => number): Promise<Sample[]> {
    ratio = law;
    asked = 0;
    const samples: Sample[] = [];
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (let at = 0; at < count; at++) {
      const text = textOf(at);
      const question = { vendor: 'anthropic', model, text, key: 'invented', baseUrl, timeoutMs: 10_000 } as const;
      const answer = await askVendor(question, fetch);
      assert.ok(answer.kind === 'counted');
      samples.push(vendorSample(model, answer.tokens, countsOf(text), firstMs + at * dayMs)!);
    }
    return samples;
  }

  async function learned(samples: readonly Sample[]): Promise<Correction> {
    const vocabularyFile = path.join(distFolder, 'o200k_base.bin');
    const { checked } = await checkEstimates({ home, variables: {}, vocabularyFile, more: samples });
    return checked['claude-new']!.correction;
  }

  it('are samples of the text alone: where the estimate is right, so is the sample', async () => {
    for (const sample of await counted(3, () => 1))
      assert.ok(Math.abs(sample.loggedTokens - estimateOf(sample, 'claude-new')) <= 1);
  });

  it('correct the estimate by less than they show, weighed against forty samples of the shipped one', async () => {
    const correction = await learned(await counted(60, () => 1.1));
    const { factor, samples } = correction;
    assert.equal(samples, 60);
    const half = 30;
    assert.ok(Math.abs(factor - (1 + (0.1 * half) / (half + 40))) < 0.001, `${factor}`);
    const text = textOf(1000);
    const shown = corrected(estimate(countsOf(text), model), correction);
    assert.equal(shown.tokens, Math.round(shippedOf(text) * factor));
  });

  it('change nothing while they are few, and nothing where earlier and later ones disagree', async () => {
    assert.equal((await learned(await counted(19, () => 1.2))).factor, 1);
    assert.equal((await learned(await counted(40, (at) => (at < 20 ? 1.1 : 0.92)))).factor, 1);
  });

  it('never make later texts’ median error more than half a point worse, be the service right, off, wild or drifting', async () => {
    const roll = dice(11);
    const laws: readonly ((at: number) => number)[] = [
      () => 1,
      () => 0.95 + roll(101) / 1000,
      () => 0.85 + roll(301) / 1000,
      (at) => 1 + at / 600,
      (at) => (at % 2 === 0 ? 1.08 : 0.99),
    ];
    for (const [index, law] of laws.entries()) {
      const all = await counted(80, law);
      const correction = await learned(all.slice(0, 40));
      const errorBy = (one: Correction) => judge(all.slice(40), 'claude-new', () => one)!.medianError;
      const worse = errorBy(correction) - errorBy(uncorrected('claude-new'));
      assert.ok(worse <= 0.005, `law ${index}: ${worse}`);
    }
  });

  it('of short texts and of other vendors’ models teach nothing', () => {
    assert.equal(vendorSample(model, 50, countsOf(textOf(1, 20)), firstMs), undefined);
    assert.equal(vendorSample('gpt-5', 500, countsOf(textOf(1)), firstMs), undefined);
  });

  it('are remembered as numbers, without a word of the text', async () => {
    assert.doesNotMatch(JSON.stringify(await counted(2, () => 1)), /harbour|wharf/);
  });
});
