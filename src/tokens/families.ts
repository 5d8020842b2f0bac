// Which tokenizer a model's text is cut by, as far as that is known: model id -> family. Knows names only; the
// numbers of a family are in tokenizers.json.
import { type Encoding } from './vocabulary.js';

/** exact = an open vocabulary we have; near-exact = one that follows from it; estimate = by ratio, with a range. */
export type Grade = 'exact' | 'near-exact' | 'estimate';

export type FamilyId =
  | 'o200k'
  | 'cl100k'
  | 'llama3'
  | 'qwen'
  | 'claude-old'
  | 'claude-new'
  | 'gemini'
  | 'deepseek'
  | 'mistral'
  | 'grok'
  | 'kimi'
  | 'glm'
  | 'unknown';

export interface Family {
  readonly id: FamilyId;
  /** In words, for a tooltip. */
  readonly label: string;
  /** The vocabulary to count with. */
  readonly encoding: Encoding;
  readonly grade: Grade;
}

const families: Readonly<Record<FamilyId, Family>> = {
  o200k: { id: 'o200k', label: 'OpenAI o200k_base', encoding: 'o200k_base', grade: 'exact' },
  cl100k: { id: 'cl100k', label: 'OpenAI cl100k_base', encoding: 'cl100k_base', grade: 'exact' },
  llama3: { id: 'llama3', label: 'Llama 3', encoding: 'cl100k_base', grade: 'near-exact' },
  qwen: { id: 'qwen', label: 'Qwen 2.5 and 3', encoding: 'cl100k_base', grade: 'near-exact' },
  'claude-old': { id: 'claude-old', label: 'Claude up to 4.6', encoding: 'o200k_base', grade: 'estimate' },
  'claude-new': { id: 'claude-new', label: 'Claude from 4.7 on', encoding: 'o200k_base', grade: 'estimate' },
  gemini: { id: 'gemini', label: 'Gemini, by Gemma 3', encoding: 'o200k_base', grade: 'estimate' },
  deepseek: { id: 'deepseek', label: 'DeepSeek', encoding: 'o200k_base', grade: 'estimate' },
  mistral: { id: 'mistral', label: 'Mistral Tekken', encoding: 'o200k_base', grade: 'estimate' },
  grok: { id: 'grok', label: 'Grok', encoding: 'o200k_base', grade: 'estimate' },
  kimi: { id: 'kimi', label: 'Kimi', encoding: 'o200k_base', grade: 'estimate' },
  glm: { id: 'glm', label: 'GLM', encoding: 'o200k_base', grade: 'estimate' },
  unknown: { id: 'unknown', label: 'unknown tokenizer', encoding: 'o200k_base', grade: 'estimate' },
};

/** Tried in order on the bare, lower-case id. */
const patterns: readonly (readonly [RegExp, FamilyId])[] = [
  [/^(gpt-4(?!o|[.-][15])|gpt-3\.?5|gpt-35|text-embedding-(3|ada)|text-davinci-00[4-9])/, 'cl100k'],
  [/^(chatgpt|gpt-|o[1-9](?![a-z])|codex|computer-use)/, 'o200k'],
  [/^(meta-?)?llama-?3/, 'llama3'],
  [/^(qwen-?(2\.5|3)|qwq|qwen\d*-coder|qwen-(max|plus|turbo|flash))/, 'qwen'],
  [/^(gemini|gemma)/, 'gemini'],
  [/^deepseek/, 'deepseek'],
  [/^(mistral|mixtral|ministral|codestral|devstral|magistral|pixtral)/, 'mistral'],
  [/^grok/, 'grok'],
  [/^(kimi|moonshot)/, 'kimi'],
  [/^(glm|chatglm)/, 'glm'],
];

/** The id without provider, region and routing: `us.anthropic.claude-opus-4-7-v1:0` -> `claude-opus-4-7-v1:0`. */
function bareId(model: string): string {
  const id = model.trim().toLowerCase();
  return id.slice(id.lastIndexOf('/') + 1).replace(/^([a-z-]+\.)+(?=[a-z])/, '');
}

/** The version in a Claude id (`claude-3-5-haiku`, `claude-opus-4.7`, `claude-sonnet-4-20250514`), or undefined. */
function claudeVersion(id: string): number | undefined {
  const found = /(?<!\d)(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)/.exec(id);
  return found ? Number(found[1]) + Number(found[2] ?? 0) / 100 : undefined;
}

/** The family of a model id as logs, settings and price lists write it. Ids never seen fall to `unknown`. */
export function familyOf(model: string): Family {
  const id = bareId(model);
  if (/^(claude|opus|sonnet|haiku|fable|mythos)/.test(id)) {
    const version = claudeVersion(id);
    const isOld = version !== undefined ? version < 4.07 : id.includes('instant');
    return families[isOld ? 'claude-old' : 'claude-new'];
  }
  return families[patterns.find(([pattern]) => pattern.test(id))?.[1] ?? 'unknown'];
}

/** The vocabulary a count for this model starts from. */
export function encodingFor(model: string): Encoding {
  return familyOf(model).encoding;
}
