import * as assert from 'node:assert/strict';
import * as http from 'node:http';
import { type AddressInfo } from 'node:net';
import { askVendor, type VendorAnswer, type VendorQuestion } from '../../../src/tokens/askVendor.js';
import { type Vendor, vendorModel, vendorOf } from '../../../src/tokens/vendorCount.js';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: unknown;
}

/** An invented counting service on this machine. */
class Service {
  readonly seen: Seen[] = [];
  answer: (response: http.ServerResponse) => void = () => undefined;
  readonly #server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const { method, url, headers } = request;
      this.seen.push({ method, url, headers, body: JSON.parse(body) });
      this.answer(response);
    });
  });

  async start(): Promise<void> {
    await new Promise<void>((ready) => this.#server.listen(0, '127.0.0.1', ready));
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  says(status: number, body: unknown): void {
    this.answer = (response) => response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  }
}

describe('askVendor', () => {
  let service: Service;
  beforeEach(async () => {
    service = new Service();
    await service.start();
  });
  afterEach(() => service.stop());

  const ask = (changed: Partial<VendorQuestion> = {}): Promise<VendorAnswer> =>
    askVendor(
      {
        vendor: 'anthropic',
        model: 'claude-opus-4-8',
        text: 'Grüße',
        key: 'invented-key',
        baseUrl: changed.baseUrl ?? service.baseUrl,
        timeoutMs: 5000,
        ...changed,
      },
      fetch,
    );

  it('sends text, model and key, each where the vendor wants it, and nothing else', async () => {
    service.says(200, { input_tokens: 9, totalTokens: 9 });
    const expected: readonly (readonly [Vendor, string, string, unknown])[] = [
      [
        'anthropic',
        '/v1/messages/count_tokens',
        'x-api-key',
        { model: 'm-1', messages: [{ role: 'user', content: 'Grüße' }] },
      ],
      ['openai', '/responses/input_tokens', 'authorization', { model: 'm-1', input: 'Grüße' }],
      [
        'google',
        '/v1beta/models/m-1:countTokens',
        'x-goog-api-key',
        { contents: [{ role: 'user', parts: [{ text: 'Grüße' }] }] },
      ],
    ];
    for (const [vendor, url, header, body] of expected) {
      assert.deepEqual(await ask({ vendor, model: 'm-1' }), { kind: 'counted', tokens: 9 });
      const { method, url: asked, headers, body: sent } = service.seen.at(-1)!;
      assert.deepEqual([method, asked, sent], ['POST', url, body]);
      assert.match(String(headers[header]), /^(Bearer )?invented-key$/);
    }
  });

  it('takes an address with or without a closing slash', async () => {
    service.says(200, { input_tokens: 1 });
    await ask({ baseUrl: `${service.baseUrl}/gateway/` });
    assert.equal(service.seen[0]!.url, '/gateway/v1/messages/count_tokens');
  });

  it('tells a refused key, a failure with its reason, and an answer that holds no count', async () => {
    for (const status of [401, 403]) {
      service.says(status, {});
      assert.deepEqual(await ask(), { kind: 'refused' });
    }
    service.says(404, { error: { message: 'model:  none\nsuch' } });
    assert.deepEqual(await ask(), { kind: 'failed', status: 404, reason: 'model: none such' });
    service.says(502, '<html>Bad gateway</html>');
    assert.deepEqual(await ask(), { kind: 'failed', status: 502, reason: '' });
    for (const answer of ['<html>', 'null', { input_tokens: '9' }, { input_tokens: -1 }, { input_tokens: 1.5 }]) {
      service.says(200, answer);
      assert.deepEqual(await ask(), { kind: 'noCount' });
    }
  });

  it('does not follow a redirect with key and text', async () => {
    service.answer = (response) => response.writeHead(307, { location: '/elsewhere' }).end();
    assert.equal((await ask()).kind, 'unreachable');
    assert.equal(service.seen.length, 1);
  });

  it('tells silence, being given up, and an address where nobody is', async () => {
    assert.deepEqual(await ask({ timeoutMs: 50 }), { kind: 'tooLate' });
    const giveUp = new AbortController();
    const answer = ask({ signal: giveUp.signal });
    giveUp.abort();
    assert.deepEqual(await answer, { kind: 'givenUp' });
    const { baseUrl } = service;
    service.stop();
    assert.deepEqual(await ask({ baseUrl }), { kind: 'unreachable', reason: 'ECONNREFUSED' });
  });
});

describe('vendorCount', () => {
  it('knows who counts for a model, and by which name', () => {
    const names: readonly (readonly [model: string, vendor: Vendor | undefined, name: string])[] = [
      ['claude-opus-4-7', 'anthropic', 'claude-opus-4-7'],
      ['claude-opus-4-6[1m]', 'anthropic', 'claude-opus-4-6'],
      ['us.anthropic.claude-opus-4-7-v1:0', 'anthropic', 'claude-opus-4-7'],
      ['anthropic/claude-sonnet-4.5', 'anthropic', 'claude-sonnet-4-5'],
      ['claude-haiku-4-5-20251001', 'anthropic', 'claude-haiku-4-5-20251001'],
      ['gpt-5.1-codex', 'openai', 'gpt-5.1-codex'],
      ['openai/o4-mini', 'openai', 'o4-mini'],
      ['gemini-3-pro', 'google', 'gemini-3-pro'],
      ['qwen3-coder', undefined, ''],
    ];
    for (const [model, vendor, name] of names) {
      assert.equal(vendorOf(model), vendor, model);
      if (vendor) assert.equal(vendorModel(vendor, model), name);
    }
  });
});
