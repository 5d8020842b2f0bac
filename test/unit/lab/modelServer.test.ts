// The scripted server in its four formats: streamed and whole answers tell the usage that the server says it served.
import assert from 'node:assert/strict';
import { type ModelServer, type Served, startModelServer } from '../../lab/modelServer';
import { markerOf, scripts } from '../../lab/scripts';

const prompt = `Do it. ${markerOf('three')}`;
const schema = { type: 'object', properties: { command: { type: 'string' } } };

interface Format {
  readonly name: string;
  readonly path: string;
  readonly streamPath?: string;
  readonly body: (isStream: boolean) => object;
  /** Uncached input, cache read, cache writes and output, as a client of the format works them out. */
  readonly usage: (record: string) => readonly number[];
}

/** The last value of a number's name in a text of JSON records. */
function last(text: string, name: string): number {
  return Number([...text.matchAll(new RegExp(`"${name}":(\\d+)`, 'g'))].at(-1)?.[1] ?? Number.NaN);
}

const formats: readonly Format[] = [
  {
    name: 'messages',
    path: '/v1/messages',
    body: (stream) => ({
      model: 'm',
      stream,
      messages: [{ role: 'user', content: prompt }],
      tools: [{ name: 'Bash', input_schema: schema }],
    }),
    usage: (text) => [
      last(text, 'input_tokens'),
      last(text, 'cache_read_input_tokens'),
      last(text, 'cache_creation_input_tokens'),
      last(text, 'output_tokens'),
    ],
  },
  {
    name: 'responses',
    path: '/v1/responses',
    body: (stream) => ({
      model: 'm',
      stream,
      input: prompt,
      tools: [{ type: 'function', name: 'shell', parameters: schema }],
    }),
    usage: (text) => [
      last(text, 'input_tokens') - last(text, 'cached_tokens') - last(text, 'cache_write_tokens'),
      last(text, 'cached_tokens'),
      last(text, 'cache_write_tokens'),
      last(text, 'output_tokens'),
    ],
  },
  {
    name: 'chat',
    path: '/v1/chat/completions',
    body: (stream) => ({
      model: 'm',
      stream,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: [{ type: 'text', text: prompt }] }],
      tools: [{ type: 'function', function: { name: 'bash', parameters: schema } }],
    }),
    usage: (text) => [
      last(text, 'prompt_tokens') - last(text, 'cached_tokens'),
      last(text, 'cached_tokens'),
      0,
      last(text, 'completion_tokens'),
    ],
  },
  {
    name: 'gemini',
    path: '/v1beta/models/m:generateContent',
    streamPath: '/v1beta/models/m:streamGenerateContent',
    body: () => ({
      contents: [{ role: 'user', parts: [{ text: prompt }] }],
      tools: [{ functionDeclarations: [{ name: 'run_shell_command', parametersJsonSchema: schema }] }],
    }),
    usage: (text) => [
      last(text, 'promptTokenCount') - last(text, 'cachedContentTokenCount'),
      last(text, 'cachedContentTokenCount'),
      0,
      last(text, 'candidatesTokenCount') + last(text, 'thoughtsTokenCount'),
    ],
  },
];

describe('lab: the scripted server', () => {
  let server: ModelServer;
  let served: Served[];

  beforeEach(async () => {
    served = [];
    server = await startModelServer({ scripts, agentType: 'general', onServed: (one) => served.push(one) });
  });
  afterEach(() => server.close());

  async function ask(path: string, body: object): Promise<{ status: number; text: string }> {
    const response = await fetch(server.url + path, { method: 'POST', body: JSON.stringify(body) });
    return { status: response.status, text: await response.text() };
  }

  for (const format of formats) {
    it(`tells the same usage streamed and whole (${format.name})`, async () => {
      for (const isStream of [true, false]) {
        const { text } = await ask(isStream ? (format.streamPath ?? format.path) : format.path, format.body(isStream));
        assert.ok(text.includes('echo first') === isStream, 'the first step runs a command, the second reads a file');
        const { usage, outcome, script, wire } = served.at(-1)!;
        assert.deepEqual([outcome, script, wire], ['answered', 'three', format.name]);
        const writes = usage.cacheWrite5m + usage.cacheWrite1h;
        assert.deepEqual(format.usage(text), [usage.input, usage.cacheRead, writes, usage.output]);
      }
      assert.notEqual(served[0]!.usage.input, served[1]!.usage.input);
    });
  }

  it('gives a request without tools a short answer, in the shape that it wants', async () => {
    const shape = { type: 'object', properties: { title: { type: 'string' }, ok: { type: 'boolean' } } };
    const body = {
      model: 'm',
      messages: [{ role: 'user', content: prompt }],
      response_format: { type: 'json_schema', json_schema: { schema: shape } },
    };
    const { text } = await ask('/v1/chat/completions', body);
    const answer = JSON.parse(text) as { choices: [{ message: { content: string } }] };
    assert.deepEqual(JSON.parse(answer.choices[0].message.content), { title: 'lab', ok: true });
    assert.equal(served[0]!.script, undefined);
  });

  it('refuses, and breaks a stream off, where the script says so', async () => {
    const chat = (script: string) => ({
      model: 'm',
      stream: true,
      messages: [{ role: 'user', content: markerOf(script) }],
      tools: [{ type: 'function', function: { name: 'bash', parameters: schema } }],
    });
    assert.equal((await ask('/v1/chat/completions', chat('refused-429'))).status, 429);
    await assert.rejects(ask('/v1/chat/completions', chat('cut-once')));
    assert.deepEqual(
      served.map(({ outcome }) => outcome),
      ['refused', 'cut'],
    );
  });

  it('stops answering an agent that asks on and on', async () => {
    const body = { model: 'm', messages: [{ role: 'user', content: 'title?' }] };
    for (let count = 0; count < 60; count++) assert.equal((await ask('/v1/chat/completions', body)).status, 200);
    assert.equal((await ask('/v1/chat/completions', body)).status, 400);
    assert.equal(served.at(-1)!.outcome, 'too-many');
  });
});
