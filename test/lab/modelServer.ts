// A model server on 127.0.0.1 that answers coding agents by script, with usage that is known to the token. A prompt names its
// script (scripts.ts); each request that offers tools takes the script's next step, any other is a side call (titles, routers)
// and gets a short answer. Every request is told to `onServed`: that is the truth that an agent's log is held against.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { chatWire } from './chatWire';
import { geminiWire } from './geminiWire';
import { messagesWire } from './messagesWire';
import { responsesWire } from './responsesWire';
import { afterTheEnd, type Script, scriptIn, type Step } from './scripts';
import { exampleOf, useFor } from './toolUse';
import { type Answer, asRecord, type Asked, type Usage, type Wire } from './wire';

const wires: readonly Wire[] = [messagesWire, responsesWire, chatWire, geminiWire];

export interface Served {
  readonly number: number;
  readonly wire: Wire['name'];
  readonly model: string;
  /** Undefined for a side call. */
  readonly script?: string;
  readonly outcome: 'answered' | 'refused' | 'cut' | 'hung' | 'too-many';
  /** What the client was told, or would have been told at the end of its stream. */
  readonly usage: Usage;
  /** A tool that the script wanted and the agent did not offer. */
  readonly missingTool?: string;
}

export interface ModelServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly scripts: Readonly<Record<string, Script>>;
  /** What the agent calls its general subagent. */
  readonly agentType: string;
  readonly onServed: (served: Served) => void;
}

/** An agent that asks more often than this in one case is running wild. */
const mostRequests = 60;

/** The uncached input is another for each request, so that a logged call names the request it came from. */
function usageOf(number: number, wire: Wire, isSide: boolean, given: Partial<Usage> = {}): Usage {
  const plain = isSide
    ? { input: 300 + number, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 16, reasoning: 0 }
    : {
        input: 2000 + number,
        cacheRead: 30000 + 100 * number,
        cacheWrite5m: 0,
        cacheWrite1h: 0,
        output: 400 + 3 * number,
        reasoning: 50 + number,
      };
  const usage = { ...plain, ...given };
  return wire.cacheWrites === 'none' ? { ...usage, cacheWrite5m: 0, cacheWrite1h: 0 } : usage;
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const unpack = { gzip: gunzipSync, br: brotliDecompressSync, deflate: inflateSync, zstd: zstdDecompressSync };
  const encoding = request.headers['content-encoding'] as keyof typeof unpack | undefined;
  try {
    return asRecord(JSON.parse((encoding && unpack[encoding] ? unpack[encoding](bytes) : bytes).toString()));
  } catch {
    return {};
  }
}

function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}

/** Requests that are no model calls: probes, model lists, token counts. */
function answerOther(path: string, response: ServerResponse): void {
  if (/count_tokens$/.test(path)) sendJson(response, 200, { input_tokens: 4000 });
  else if (/:countTokens$/.test(path)) sendJson(response, 200, { totalTokens: 4000 });
  else if (/\/models$/.test(path))
    sendJson(response, 200, { object: 'list', data: [{ id: 'lab-model', object: 'model' }], models: [] });
  else sendJson(response, 404, { error: { message: 'the lab has no such thing' } });
}

class Scripted {
  readonly #options: ServerOptions;
  readonly #taken = new Map<string, number>();
  #number = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const wire = request.method === 'POST' ? wires.find((candidate) => candidate.path.test(path)) : undefined;
    const body = await bodyOf(request);
    if (!wire) {
      answerOther(path, response);
      return;
    }
    await this.#answer(wire, wire.understand(body, path), response);
  }

  #nextStep(asked: Asked): { script: string | undefined; step: Step } {
    const script = scriptIn(asked.userTexts);
    const steps = script === undefined || asked.tools.length === 0 ? undefined : this.#options.scripts[script];
    if (script === undefined || !steps) {
      return {
        script: undefined,
        step: { say: asked.schema ? JSON.stringify(exampleOf(asked.schema)) : 'A side call' },
      };
    }
    const index = this.#taken.get(script) ?? 0;
    this.#taken.set(script, index + 1);
    return { script, step: steps[index] ?? afterTheEnd };
  }

  async #answer(wire: Wire, asked: Asked, response: ServerResponse): Promise<void> {
    const number = ++this.#number;
    const { script, step } = this.#nextStep(asked);
    const usage = usageOf(number, wire, script === undefined, step.usage);
    const wanted = (step.uses ?? []).map((use) => ({ use, found: useFor(use, asked.tools, this.#options.agentType) }));
    const missingTool = wanted.find(({ found }) => found === undefined)?.use.tool;
    const uses = wanted.flatMap(({ found }) => (found ? [found] : []));
    const { model, wantsUsage } = asked;
    const answer: Answer = { number, model, think: step.think, say: step.say, uses, usage, wantsUsage };
    const tell = (outcome: Served['outcome']) =>
      this.#options.onServed({ number, wire: wire.name, model, script, outcome, usage, missingTool });

    if (number > mostRequests) {
      tell('too-many');
      sendJson(response, 400, wire.refusal(400));
    } else if (step.refuse !== undefined) {
      tell('refused');
      sendJson(response, step.refuse, wire.refusal(step.refuse), { 'retry-after': '1' });
    } else if (!asked.isStream) {
      tell('answered');
      sendJson(response, 200, wire.whole(answer));
    } else tell(await this.#stream(wire, answer, step, response));
  }

  async #stream(wire: Wire, answer: Answer, step: Step, response: ServerResponse): Promise<Served['outcome']> {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    let sent = 0;
    for (const { event, data } of wire.frames(answer)) {
      if (sent === step.hangAfter) return 'hung';
      if (sent === step.cutAfter) {
        // What was sent must have arrived before the connection breaks.
        await new Promise((resolve) => setTimeout(resolve, 60));
        response.destroy();
        return 'cut';
      }
      const text = typeof data === 'string' ? data : JSON.stringify(data);
      response.write(`${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`);
      sent++;
    }
    response.end();
    return 'answered';
  }
}

/** Listens on a free port of the loopback interface. */
export async function startModelServer(options: ServerOptions): Promise<ModelServer> {
  const scripted = new Scripted(options);
  const server: Server = createServer((request, response) => {
    scripted.handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
