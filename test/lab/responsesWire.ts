// OpenAI's Responses format. Knows the format only.
import {
  type Answer,
  asList,
  asRecord,
  type Frame,
  idOf,
  pieces,
  promptOf,
  schemaOf,
  type Tool,
  toolOf,
  userTextsOf,
  type Wire,
} from './wire';

function usageOf({ usage }: Answer) {
  const prompt = promptOf(usage);
  return {
    input_tokens: prompt,
    input_tokens_details: {
      cached_tokens: usage.cacheRead,
      cache_write_tokens: usage.cacheWrite5m + usage.cacheWrite1h,
    },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: prompt + usage.output,
  };
}

type Item = Record<string, unknown> & { readonly type: string; readonly id: string };

function itemsOf(answer: Answer): Item[] {
  const items: Item[] = [];
  if (answer.think !== undefined) {
    const summary = [{ type: 'summary_text', text: answer.think }];
    items.push({ type: 'reasoning', id: idOf(answer, 'rs'), summary, encrypted_content: 'c2ln' });
  }
  if (answer.say !== undefined) {
    const content = [{ type: 'output_text', text: answer.say, annotations: [] }];
    items.push({ type: 'message', id: idOf(answer, 'msg'), role: 'assistant', status: 'completed', content });
  }
  for (const [index, { name, namespace, input, program }] of answer.uses.entries()) {
    const call = { call_id: `${idOf(answer, 'call')}_${index}`, name, status: 'completed' };
    const id = `${idOf(answer, 'fc')}_${index}`;
    if (program !== undefined) items.push({ type: 'custom_tool_call', id, ...call, input: program });
    else items.push({ type: 'function_call', id, ...call, namespace, arguments: JSON.stringify(input) });
  }
  return items;
}

function responseOf(answer: Answer, more: object) {
  const created_at = Math.floor(Date.now() / 1000);
  return { id: idOf(answer, 'resp'), object: 'response', created_at, model: answer.model, ...more };
}

function toolsOf(value: unknown): Tool[] {
  const { type, name, parameters, tools } = asRecord(value);
  if (type === 'namespace')
    return asList(tools)
      .flatMap(toolsOf)
      .map((tool) => ({ ...tool, namespace: String(name) }));
  return [{ ...toolOf(name ?? type, parameters), isFreeform: type === 'custom' }];
}

/** A text message is told piece by piece between its beginning and its end; other items at once. */
function* itemFrames(item: Item, output_index: number): Generator<[string, object]> {
  const isMessage = item.type === 'message';
  const place = { output_index, item_id: item.id };
  yield [
    'response.output_item.added',
    { output_index, item: isMessage ? { ...item, content: [], status: 'in_progress' } : item },
  ];
  if (isMessage) {
    const { text } = asRecord(asList(item['content'])[0]);
    const part = { type: 'output_text', text: '', annotations: [] };
    yield ['response.content_part.added', { ...place, content_index: 0, part }];
    for (const delta of pieces(String(text)))
      yield ['response.output_text.delta', { ...place, content_index: 0, delta }];
    yield ['response.output_text.done', { ...place, content_index: 0, text }];
  }
  if (item.type === 'function_call') {
    yield ['response.function_call_arguments.delta', { ...place, delta: item['arguments'] }];
    yield ['response.function_call_arguments.done', { ...place, arguments: item['arguments'] }];
  }
  yield ['response.output_item.done', { output_index, item }];
}

export const responsesWire: Wire = {
  name: 'responses',
  path: /\/responses$/,
  cacheWrites: 'sum',
  understand(body) {
    const input = typeof body['input'] === 'string' ? [{ role: 'user', content: body['input'] }] : body['input'];
    return {
      model: String(body['model']),
      isStream: body['stream'] === true,
      userTexts: userTextsOf(input),
      tools: asList(body['tools']).flatMap(toolsOf),
      schema: schemaOf(asRecord(asRecord(body['text'])['format'])['schema']),
      wantsUsage: true,
    };
  },
  *frames(answer): Generator<Frame> {
    let sequence_number = 0;
    const frame = (type: string, more: object): Frame => ({
      event: type,
      data: { type, sequence_number: sequence_number++, ...more },
    });
    yield frame('response.created', { response: responseOf(answer, { status: 'in_progress', output: [] }) });
    const output = itemsOf(answer);
    for (const [index, item] of output.entries()) {
      for (const [type, more] of itemFrames(item, index)) yield frame(type, more);
    }
    yield frame('response.completed', {
      response: responseOf(answer, { status: 'completed', output, usage: usageOf(answer) }),
    });
  },
  whole: (answer) => responseOf(answer, { status: 'completed', output: itemsOf(answer), usage: usageOf(answer) }),
  refusal: (status) => ({
    error: { type: 'rate_limit_exceeded', code: 'rate_limit_exceeded', message: `refused with ${status}` },
  }),
};
