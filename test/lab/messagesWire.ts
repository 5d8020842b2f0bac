// Anthropic's Messages format. Knows the format only.
import {
  type Answer,
  asList,
  asRecord,
  type Frame,
  idOf,
  pieces,
  schemaOf,
  toolOf,
  type Usage,
  userTextsOf,
  type Wire,
} from './wire';

function usageOf(usage: Usage, output: number) {
  return {
    input_tokens: usage.input,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation_input_tokens: usage.cacheWrite5m + usage.cacheWrite1h,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWrite5m,
      ephemeral_1h_input_tokens: usage.cacheWrite1h,
    },
    output_tokens: output,
    service_tier: 'standard',
  };
}

function head(answer: Answer) {
  return { id: idOf(answer, 'msg'), type: 'message', role: 'assistant', model: answer.model };
}

interface Block {
  /** As in a whole answer. */
  readonly block: Record<string, unknown>;
  /** As a stream begins it. */
  readonly start: Record<string, unknown>;
  readonly deltas: readonly Record<string, unknown>[];
}

function blocksOf(answer: Answer): Block[] {
  const blocks: Block[] = [];
  if (answer.think !== undefined) {
    const deltas = pieces(answer.think).map((thinking) => ({ type: 'thinking_delta', thinking }));
    blocks.push({
      block: { type: 'thinking', thinking: answer.think, signature: 'c2ln' },
      start: { type: 'thinking', thinking: '', signature: '' },
      deltas: [...deltas, { type: 'signature_delta', signature: 'c2ln' }],
    });
  }
  if (answer.say !== undefined) {
    blocks.push({
      block: { type: 'text', text: answer.say },
      start: { type: 'text', text: '' },
      deltas: pieces(answer.say).map((text) => ({ type: 'text_delta', text })),
    });
  }
  for (const [index, { name, input }] of answer.uses.entries()) {
    const block = { type: 'tool_use', id: `${idOf(answer, 'toolu')}_${index}`, name, input };
    const deltas = [{ type: 'input_json_delta', partial_json: JSON.stringify(input) }];
    blocks.push({ block, start: { ...block, input: {} }, deltas });
  }
  return blocks;
}

const stopReason = (answer: Answer) => (answer.uses.length > 0 ? 'tool_use' : 'end_turn');

export const messagesWire: Wire = {
  name: 'messages',
  path: /\/messages$/,
  cacheWrites: 'by-age',
  understand(body) {
    const schema =
      asRecord(asRecord(body['output_config'])['format'])['schema'] ?? asRecord(body['output_format'])['schema'];
    return {
      model: String(body['model']),
      isStream: body['stream'] === true,
      userTexts: userTextsOf(body['messages']),
      tools: asList(body['tools'])
        .map(asRecord)
        .map((tool) => toolOf(tool['name'], tool['input_schema'])),
      schema: schemaOf(schema),
      wantsUsage: true,
    };
  },
  *frames(answer): Generator<Frame> {
    const frame = (type: string, more: object): Frame => ({ event: type, data: { type, ...more } });
    // The first event tells the prompt and a placeholder for the output.
    const begun = {
      ...head(answer),
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: usageOf(answer.usage, 3),
    };
    yield frame('message_start', { message: begun });
    for (const [index, { start, deltas }] of blocksOf(answer).entries()) {
      yield frame('content_block_start', { index, content_block: start });
      for (const delta of deltas) yield frame('content_block_delta', { index, delta });
      yield frame('content_block_stop', { index });
    }
    yield frame('message_delta', {
      delta: { stop_reason: stopReason(answer), stop_sequence: null },
      usage: usageOf(answer.usage, answer.usage.output),
    });
    yield frame('message_stop', {});
  },
  whole: (answer) => ({
    ...head(answer),
    content: blocksOf(answer).map(({ block }) => block),
    stop_reason: stopReason(answer),
    stop_sequence: null,
    usage: usageOf(answer.usage, answer.usage.output),
  }),
  refusal: (status) => ({
    type: 'error',
    error: { type: status === 529 ? 'overloaded_error' : 'rate_limit_error', message: `refused with ${status}` },
  }),
};
