// What multiplies a call's token prices: fast and priority modes, batch and flex, regional endpoints. No price source
// lists these per model, so they are here, each with where it was read. Knows nothing of price lists.

/** The signals of one call, as logged. */
export interface ModifierSignals {
  readonly serviceTier?: string;
  readonly speed?: string;
  readonly region?: string;
  /** The model id itself asked for fast mode, and the rates found are the normal ones. */
  readonly isFastId?: boolean;
  /** A regional Bedrock endpoint, and the rates found are the global ones. */
  readonly isRegionalEndpoint?: boolean;
  /** The whole prompt, cached parts included. */
  readonly promptTokens?: number;
}

export interface Modifiers {
  /** Multiplies every token rate; web searches are not multiplied. */
  readonly factor: number;
  /** In words, with the factor: `fast mode 6x`. */
  readonly names: readonly string[];
  /** A signal whose price is not known: the base price was kept, so the result is an estimate. */
  readonly isUncertain: boolean;
}

/** Nothing to multiply. */
export const unmodified: Modifiers = { factor: 1, names: [], isUncertain: false };

/**
 * Anthropic fast mode. Sources: platform.claude.com fast-mode page (6x for Opus 4.6 and 4.7, 2x for 4.8 and 5),
 * models.dev claude-opus-5-5.toml of 2026-10-03 (8/40 against 4/20).
 */
const claudeFast: readonly (readonly [RegExp, number])[] = [
  [/claude-opus-4-[67](?!\d)/, 6],
  [/claude-opus-(4-8|5|5-5)(?![\d-]*\d)/, 2],
];

/**
 * OpenAI priority, called fast mode since 2026-07-30: openai.com/api-fast-mode, and the model pages of GPT-6.1 and 6.2.
 * GPT-5.4 and 5.5 have no such price above 272,000 prompt tokens.
 */
const openAiFast: readonly (readonly [RegExp, number, number?])[] = [
  [/^gpt-5[.-]5(?!\d)/, 2.5, 272_000],
  [/^gpt-5[.-]4(?!\d)(?!-nano|-pro)/, 2, 272_000],
  [/^gpt-5[.-]6(?!\d)|^gpt-6(?![\d.])|^gpt-6\.[12](?!\d)/, 2],
  [/^gpt-5([.-][123])?(-codex|-codex-max)?$/, 2],
];

/** Models that OpenAI's price page lists without a flex price. */
const openAiWithoutFlex = /^gpt-6\.2/;

/** Gemini priority. Source: ai.google.dev pricing page, as noted in genai-prices' price comments. */
const geminiPriority = 1.8;

/** `anthropic/claude-opus-4.8`, `regional.anthropic.claude-opus-4-8-v1:0` -> `claude-opus-4-8…`. */
function bareModel(modelId: string): string {
  return modelId
    .toLowerCase()
    .replace(/^.*[./](?=(claude|gpt|gemini)-)/, '')
    .replace(/^(claude-[a-z]+-\d+)\.(\d)/, '$1-$2');
}

interface Version {
  readonly major: number;
  readonly minor: number;
}

function claudeVersion(modelId: string): Version | undefined {
  const found = /claude-(?:opus|sonnet|haiku|fable|mythos)-(\d+)(?:[.-](\d{1,2}))?(?!\d)/.exec(modelId);
  return found ? { major: Number(found[1]), minor: Number(found[2] ?? 0) } : undefined;
}

const isAtLeast = (version: Version | undefined, major: number, minor: number): boolean =>
  version !== undefined && (version.major > major || (version.major === major && version.minor >= minor));

function factorOf(
  table: readonly (readonly [RegExp, number, number?])[],
  modelId: string,
  promptTokens: number,
): number | undefined {
  const row = table.find(([pattern]) => pattern.test(modelId));
  if (!row) return undefined;
  const [, factor, longestPrompt = Infinity] = row;
  return promptTokens > longestPrompt ? undefined : factor;
}

type Maker = 'anthropic' | 'openai' | 'google' | 'other';

function makerOf(modelId: string): Maker {
  if (modelId.includes('claude')) return 'anthropic';
  if (/^(gpt-|o\d)/.test(modelId)) return 'openai';
  return modelId.includes('gemini') ? 'google' : 'other';
}

interface Step {
  readonly factor?: number;
  readonly name: string;
}

function fastStep(maker: Maker, modelId: string, promptTokens: number): Step {
  const table = maker === 'anthropic' ? claudeFast : maker === 'openai' ? openAiFast : [];
  const factor = factorOf(table, modelId, promptTokens);
  return { name: 'fast mode', ...(factor !== undefined && { factor }) };
}

/** developers.openai.com and ai.google.dev pricing: flex costs half. */
function flexStep(maker: Maker, modelId: string): Step {
  const isListed = maker === 'google' || (maker === 'openai' && !openAiWithoutFlex.test(modelId));
  return { name: 'flex', ...(isListed && { factor: 0.5 }) };
}

const normalTiers = new Set(['', 'standard', 'default', 'auto', 'on_demand', 'standard_only', 'not_available']);

function tierStep(tier: string, maker: Maker, modelId: string, promptTokens: number): Step | undefined {
  if (normalTiers.has(tier)) return undefined;
  switch (tier) {
    case 'batch':
      // platform.claude.com, developers.openai.com and ai.google.dev pricing: half of every token price.
      return { name: 'batch', factor: 0.5 };
    case 'flex':
      return flexStep(maker, modelId);
    case 'priority':
    case 'fast':
      if (maker === 'openai') return fastStep(maker, modelId, promptTokens);
      // Anthropic's priority tier is a committed contract: it has no list price.
      return { name: 'priority', ...(maker === 'google' && { factor: geminiPriority }) };
    default:
      return { name: `service tier ${tier}` };
  }
}

function regionStep(region: string, maker: Maker, provider: string, modelId: string): Step | undefined {
  // platform.claude.com pricing, data residency: `inference_geo: "us"` costs 1.1x from Opus 4.6 on.
  if (maker === 'anthropic' && provider === 'anthropic' && region === 'us' && isAtLeast(claudeVersion(modelId), 4, 6))
    return { name: 'US residency', factor: 1.1 };
  // developers.openai.com pricing: data residency endpoints cost 1.1x for models released since 2026-03-05.
  if (
    maker === 'openai' &&
    provider === 'openai' &&
    /^(us|eu)$/.test(region) &&
    /^gpt-(5[.-][4-9]|[6-9])/.test(modelId)
  )
    return { name: 'data residency', factor: 1.1 };
  return undefined;
}

/** The modifiers of a call whose model was found as `modelId` in the list of `provider`. */
export function modifiersOf(signals: ModifierSignals, provider: string, modelId: string): Modifiers {
  const { serviceTier, speed, region, isFastId, isRegionalEndpoint, promptTokens = 0 } = signals;
  if (!serviceTier && !speed && !region && !isFastId && !isRegionalEndpoint) return unmodified;
  const id = bareModel(modelId);
  const maker = makerOf(id);
  const steps: Step[] = [];
  const isFast = isFastId === true || speed?.toLowerCase() === 'fast';
  if (isFast) steps.push(fastStep(maker, id, promptTokens));
  const tier = tierStep(serviceTier?.toLowerCase() ?? '', maker, id, promptTokens);
  if (tier && !(isFast && tier.name === 'fast mode')) steps.push(tier);
  const residency = regionStep(region?.toLowerCase() ?? '', maker, provider, id);
  if (residency) steps.push(residency);
  // AWS's regional endpoints cost 10 % more than the global one from Claude 4.5 on (genai-prices' aws list).
  if (isRegionalEndpoint && isAtLeast(claudeVersion(id), 4, 5)) steps.push({ name: 'regional endpoint', factor: 1.1 });
  if (steps.length === 0) return unmodified;
  return {
    factor: steps.reduce((product, step) => product * (step.factor ?? 1), 1),
    names: steps.map(({ name, factor }) => (factor === undefined ? `${name}, price unknown` : `${name} ${factor}x`)),
    isUncertain: steps.some(({ factor }) => factor === undefined),
  };
}
