// Google's generateContent format. Knows the format only.
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
    promptTokenCount: prompt,
    cachedContentTokenCount: usage.cacheRead,
    candidatesTokenCount: usage.output - usage.reasoning,
    thoughtsTokenCount: usage.reasoning,
    totalTokenCount: prompt + usage.output,
  };
}

/** A part of an answer; the usage so far, and at the end the reason why it ends. */
function chunk(answer: Answer, parts: readonly object[], isLast: boolean) {
  const prompt = promptOf(answer.usage);
  return {
    candidates: [{ index: 0, content: { role: 'model', parts }, ...(isLast && { finishReason: 'STOP' }) }],
    usageMetadata: isLast ? usageOf(answer) : { promptTokenCount: prompt, totalTokenCount: prompt },
    modelVersion: answer.model,
    responseId: idOf(answer, 'resp'),
  };
}

const usesOf = (answer: Answer) => answer.uses.map(({ name, input }) => ({ functionCall: { name, args: input } }));

export const geminiWire: Wire = {
  name: 'gemini',
  path: /:(stream)?generateContent$/i,
  cacheWrites: 'none',
  understand(body, path) {
    const settings = asRecord(body['generationConfig']);
    return {
      model: /models\/([^/:]+)/.exec(path)?.[1] ?? '',
      isStream: path.includes(':stream'),
      userTexts: userTextsOf(body['contents']),
      tools: asList(body['tools'])
        .flatMap((tool) => asList(asRecord(tool)['functionDeclarations']))
        .map(asRecord)
        .map((tool) => toolOf(tool['name'], tool['parametersJsonSchema'] ?? tool['parameters'])),
      schema: schemaOf(settings['responseJsonSchema'] ?? settings['responseSchema']),
      wantsUsage: true,
    };
  },
  *frames(answer): Generator<Frame> {
    if (answer.think !== undefined) yield { data: chunk(answer, [{ text: answer.think, thought: true }], false) };
    for (const text of pieces(answer.say)) yield { data: chunk(answer, [{ text }], false) };
    if (answer.uses.length > 0) yield { data: chunk(answer, usesOf(answer), false) };
    yield { data: chunk(answer, [{ text: '' }], true) };
  },
  whole: (answer) =>
    chunk(answer, [...(answer.say !== undefined ? [{ text: answer.say }] : []), ...usesOf(answer)], true),
  refusal: (status) => ({ error: { code: status, status: 'RESOURCE_EXHAUSTED', message: `refused with ${status}` } }),
};
