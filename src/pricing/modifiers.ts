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
}

export interface Modifiers {
  /** Multiplies every token rate; web searches are not multiplied. */
  readonly factor: number;
  /** In words, with the factor: `fast mode 6x`. */
  readonly names: readonly string[];
  /** A signal whose price is not known: the base price was kept, so the result is an estimate. */
  readonly isUncertain: boolean;
}

const none: Modifiers = { factor: 1, names: [], isUncertain: false };

/**
 * Anthropic fast mode. Sources: platform.claude.com fast-mode page (6x for Opus 4.6 and 4.7, 2x for 4.8 and 5),
 * models.dev claude-opus-5-5.toml of 2026-10-03 (8/40 against 4/20).
 */
const claudeFast: readonly (readonly [RegExp, number])[] = [
  [/claude-opus-4-[67](?!\d)/, 6],
  [/claude-opus-(4-8|5|5-5)(?![\d-]*\d)/, 2],
];

/** OpenAI priority, called fast mode since 2026-07-30. Source: openai.com API fast-mode page; 2.5x for GPT-5.5 only. */
const openAiFast: readonly (readonly [RegExp, number])[] = [
  [/^gpt-5[.-]5(?!\d)/, 2.5],
  [/^gpt-(5[.-][46]|6|6\.1)(?![\d.])/, 2],
];

/** Gemini priority. Source: ai.google.dev pricing page, as noted in genai-prices' price comments. */
const geminiPriority = 1.8;

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

const factorOf = (table: readonly (readonly [RegExp, number])[], modelId: string): number | undefined =>
  table.find(([pattern]) => pattern.test(modelId))?.[1];

type Maker = 'anthropic' | 'openai' | 'google' | 'other';

function makerOf(modelId: string): Maker {
  if (modelId.includes('claude')) return 'anthropic';
  if (/(^|[./])(gpt-|o\d)/.test(modelId)) return 'openai';
  return modelId.includes('gemini') ? 'google' : 'other';
}

interface Step {
  readonly factor?: number;
  readonly name: string;
}

function fastStep(maker: Maker, modelId: string): Step {
  const table = maker === 'anthropic' ? claudeFast : maker === 'openai' ? openAiFast : [];
  const factor = factorOf(table, modelId);
  return { name: 'fast mode', ...(factor !== undefined && { factor }) };
}

function tierStep(tier: string, maker: Maker, modelId: string): Step | undefined {
  switch (tier) {
    case '':
    case 'standard':
    case 'default':
    case 'auto':
    case 'on_demand':
    case 'standard_only':
      return undefined;
    case 'batch':
      // platform.claude.com, developers.openai.com and ai.google.dev pricing: half of every token price.
      return { name: 'batch', factor: 0.5 };
    case 'flex':
      return { name: 'flex', ...((maker === 'openai' || maker === 'google') && { factor: 0.5 }) };
    case 'priority':
    case 'fast':
      if (maker === 'openai') return fastStep(maker, modelId);
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
  const { serviceTier, speed, region, isFastId, isRegionalEndpoint } = signals;
  if (!serviceTier && !speed && !region && !isFastId && !isRegionalEndpoint) return none;
  const id = modelId.toLowerCase();
  const maker = makerOf(id);
  const steps: Step[] = [];
  const isFast = isFastId === true || speed?.toLowerCase() === 'fast';
  if (isFast) steps.push(fastStep(maker, id));
  const tier = tierStep(serviceTier?.toLowerCase() ?? '', maker, id);
  if (tier && !(isFast && tier.name === 'fast mode')) steps.push(tier);
  const residency = regionStep(region?.toLowerCase() ?? '', maker, provider, id);
  if (residency) steps.push(residency);
  // AWS's regional endpoints cost 10 % more than the global one from Claude 4.5 on (genai-prices' aws list).
  if (isRegionalEndpoint && isAtLeast(claudeVersion(id), 4, 5)) steps.push({ name: 'regional endpoint', factor: 1.1 });
  if (steps.length === 0) return none;
  return {
    factor: steps.reduce((product, step) => product * (step.factor ?? 1), 1),
    names: steps.map(({ name, factor }) => (factor === undefined ? `${name}, price unknown` : `${name} ${factor}x`)),
    isUncertain: steps.some(({ factor }) => factor === undefined),
  };
}
