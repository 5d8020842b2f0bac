// OpenAI's Chat Completions format. Knows the format only.
import {
  type Answer,
  asList,
  asRecord,
  type Frame,
  idOf,
  pieces,
  promptOf,
  schemaOf,
  toolOf,
  userTextsOf,
  type Wire,
} from './wire';

function usageOf({ usage }: Answer) {
  const prompt = promptOf(usage);
  return {
    prompt_tokens: prompt,
    prompt_tokens_details: { cached_tokens: usage.cacheRead },
    completion_tokens: usage.output,
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: prompt + usage.output,
  };
}

function callsOf(answer: Answer) {
  return answer.uses.map(({ name, input }, index) => ({
    index,
    id: `${idOf(answer, 'call')}_${index}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }));
}

function head(answer: Answer, object: string) {
  return { id: idOf(answer, 'chatcmpl'), object, created: Math.floor(Date.now() / 1000), model: answer.model };
}

const finish = (answer: Answer) => (answer.uses.length > 0 ? 'tool_calls' : 'stop');

export const chatWire: Wire = {
  name: 'chat',
  path: /\/chat\/completions$/,
  cacheWrites: 'none',
  understand: (body) => ({
    model: String(body['model']),
    isStream: body['stream'] === true,
    userTexts: userTextsOf(body['messages']),
    tools: asList(body['tools'])
      .map((tool) => asRecord(asRecord(tool)['function']))
      .map((tool) => toolOf(tool['name'], tool['parameters'])),
    schema: schemaOf(asRecord(asRecord(body['response_format'])['json_schema'])['schema']),
    wantsUsage: body['stream'] !== true || asRecord(body['stream_options'])['include_usage'] === true,
  }),
  *frames(answer): Generator<Frame> {
    const frame = (choices: readonly object[], more: object = {}): Frame => ({
      data: { ...head(answer, 'chat.completion.chunk'), choices, ...more },
    });
    const delta = (fields: object, finish_reason: string | null = null) =>
      frame([{ index: 0, delta: fields, finish_reason }]);
    yield delta({ role: 'assistant', content: '' });
    for (const reasoning_content of pieces(answer.think)) yield delta({ reasoning_content });
    for (const content of pieces(answer.say)) yield delta({ content });
    for (const call of callsOf(answer)) yield delta({ tool_calls: [call] });
    yield delta({}, finish(answer));
    if (answer.wantsUsage) yield frame([], { usage: usageOf(answer) });
    yield { data: '[DONE]' };
  },
  whole(answer) {
    const tool_calls = callsOf(answer);
    const message = { role: 'assistant', content: answer.say ?? null, ...(tool_calls.length > 0 && { tool_calls }) };
    return {
      ...head(answer, 'chat.completion'),
      choices: [{ index: 0, finish_reason: finish(answer), message }],
      usage: usageOf(answer),
    };
  },
  refusal: (status) => ({
    error: { type: 'rate_limit_error', code: 'rate_limit_exceeded', message: `refused with ${status}` },
  }),
};
