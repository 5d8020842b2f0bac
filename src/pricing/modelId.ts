// Reads a model id as an agent's log writes it: who hosts it, who made it, and under which spellings a price list may
// know it. Knows no prices; whether a spelling exists is for the price book to find out, in the order given here.

/** One spelling to look up in one provider's list (ids of genai-prices: anthropic, openai, aws, x-ai …). */
export interface ModelSpelling {
  readonly provider: string;
  readonly id: string;
  /** The spelling leaves out something that may change the price: a hit is an estimate, not exact. */
  readonly isLoose?: boolean;
  /** The id itself asks for fast mode (`…-fast`), and this spelling leaves that out: the fast price must be applied. */
  readonly isFast?: boolean;
  /** A regional Bedrock endpoint, and this spelling leaves the region out: its surcharge must be applied. */
  readonly isRegional?: boolean;
}

export interface ModelReading {
  /** `none`: names no model (`<synthetic>`, auto). `local`: runs on the person's machine. `opaque`: cannot be told. */
  readonly kind: 'model' | 'none' | 'local' | 'opaque';
  /** Best first. Empty unless `kind` is `model`. */
  readonly spellings: readonly ModelSpelling[];
  /** Comes through GitHub Copilot. */
  readonly isCopilot: boolean;
  /** The context window that the id itself asks for (`[1m]`), in tokens. */
  readonly windowTokens?: number;
}

/** Who logged the id, where known. */
export interface ModelHint {
  readonly agent?: string;
  readonly provider?: string;
}

/** Names that logs and gateways use for a provider -> the provider's id in the price lists. */
const providerNames: Readonly<Record<string, string>> = {
  anthropic: 'anthropic',
  claude: 'anthropic',
  'claude-code': 'anthropic',
  openai: 'openai',
  'openai-native': 'openai',
  'openai-codex': 'openai',
  'openai-responses': 'openai',
  codex: 'openai',
  google: 'google',
  gemini: 'google',
  'google-gemini': 'google',
  'google-generative-ai': 'google',
  'gemini-cli': 'google',
  xai: 'x-ai',
  'x-ai': 'x-ai',
  deepseek: 'deepseek',
  'deepseek-ai': 'deepseek',
  moonshot: 'moonshotai',
  moonshotai: 'moonshotai',
  'moonshotai-cn': 'moonshotai',
  kimi: 'moonshotai',
  zai: 'zai',
  'z-ai': 'zai',
  'z.ai': 'zai',
  'zai-org': 'zai',
  'zai-coding-plan': 'zai',
  zhipu: 'zhipuai',
  zhipuai: 'zhipuai',
  bigmodel: 'zhipuai',
  alibaba: 'alibaba',
  qwen: 'alibaba',
  'qwen-code': 'alibaba',
  dashscope: 'alibaba',
  minimax: 'minimax',
  minimaxai: 'minimax',
  mistral: 'mistral',
  mistralai: 'mistral',
  cohere: 'cohere',
  perplexity: 'perplexity',
  cursor: 'cursor',
  aws: 'aws',
  bedrock: 'aws',
  'amazon-bedrock': 'aws',
  amazon: 'aws',
  converse: 'aws',
  bedrock_converse: 'aws',
  vertex: 'vertex',
  vertex_ai: 'vertex',
  vertexai: 'vertex',
  'google-vertex': 'vertex',
  'google-vertex-anthropic': 'vertex',
  'vertex_ai-anthropic_models': 'vertex',
  azure: 'azure',
  azure_ai: 'azure',
  'azure-openai': 'azure',
  'azure-cognitive-services': 'azure',
  openrouter: 'openrouter',
  copilot: 'github-copilot',
  copilotcli: 'github-copilot',
  'github-copilot': 'github-copilot',
  github_copilot: 'github-copilot',
  'github.copilot': 'github-copilot',
  groq: 'groq',
  cerebras: 'cerebras',
  fireworks: 'fireworks',
  fireworks_ai: 'fireworks',
  'fireworks-ai': 'fireworks',
  together: 'together',
  together_ai: 'together',
  togetherai: 'together',
  baseten: 'baseten',
  novita: 'novita',
  cloudflare: 'cloudflare',
  'meta-llama': 'meta',
  meta: 'meta',
};

/** Gateways that pass a model through under its own name and price. */
const gateways = new Set([
  'models',
  'litellm',
  'litellm_proxy',
  'vercel',
  'vercel_ai_gateway',
  'ai-gateway',
  'cloudflare-ai-gateway',
  'opencode',
  'opencode-zen',
  'cline',
  'roo',
  'kilo',
  'kilocode',
  'requesty',
  'helicone',
  'portkey',
  'github',
  'responses',
  'chat',
  'completion',
]);

const localHosts = new Set([
  'ollama',
  'ollama_chat',
  'lmstudio',
  'lm_studio',
  'lm-studio',
  'llamacpp',
  'llama.cpp',
  'llama-cpp',
  'llamafile',
  'vllm',
  'hosted_vllm',
  'local',
  'localhost',
  'jan',
  'mlx',
  'docker-model-runner',
]);

/** Hosts whose own price list comes before the maker's. */
const hosts = new Set([
  'aws',
  'azure',
  'openrouter',
  'cursor',
  'groq',
  'cerebras',
  'fireworks',
  'together',
  'baseten',
  'novita',
  'cloudflare',
]);

const makerRules: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^claude(-|$)/, ['anthropic']],
  [/^(gpt|chatgpt|codex|computer-use|text-embedding|davinci|babbage)(-|$)|^o[1345](-|$)/, ['openai']],
  [/^(gemini|gemma|learnlm)/, ['google']],
  [/^grok/, ['x-ai']],
  [/^deepseek/, ['deepseek']],
  [/^(kimi|moonshot)/, ['moonshotai']],
  [/^glm-/, ['zai', 'zhipuai']],
  [/^(qwen|qwq|qvq)/, ['alibaba']],
  [/^minimax/, ['minimax']],
  [/^(mistral|codestral|devstral|magistral|ministral|mixtral|pixtral|open-mistral|open-mixtral)/, ['mistral']],
  [/^composer-/, ['cursor']],
  [/^mai-/, ['github-copilot']],
  [/^command/, ['cohere']],
  [/^sonar/, ['perplexity']],
];

const noModel = /^(<.*>|auto|default|none|null|undefined|unknown|n\/a|unset)$/;

const bedrockId =
  /^(?:(us|eu|apac|jp|au|ca|in|sa|global|us-gov)\.)?(anthropic|amazon|meta|mistral|openai|deepseek|qwen|google|nvidia|cohere|moonshot|moonshotai|minimax|zai|writer|ai21)\.(?=[a-z])(.+)$/;

/** `llama3.1:8b`, `qwen2.5-coder:7b-instruct-q4_K_M`, `mistral:latest`, `x.gguf`: names only a local runner uses. */
const localName = /^[^/]+:(\d+(\.\d+)?b|\d+x\d+b|e\d+b|latest|[a-z-]*q\d)(?!.*cloud)|\.gguf$|-mlx(-|$)/;

function peelArn(id: string): { readonly id: string; readonly isBedrock: boolean } | undefined {
  if (!id.startsWith('arn:')) return { id, isBedrock: false };
  const named = /:(?:inference-profile|foundation-model)\/(.+)$/.exec(id);
  return named?.[1] === undefined ? undefined : { id: named[1], isBedrock: true };
}

interface Peeled {
  readonly id: string;
  /** Provider ids as found from the outside in. */
  readonly providers: readonly string[];
  readonly isLocal: boolean;
  readonly hasUnknownPrefix: boolean;
}

/** Takes the prefixes off: `openrouter/anthropic/x`, `projects/…/publishers/google/models/x`, `openai:x`. */
function peelPrefixes(id: string): Peeled {
  const cloudPath = /(?:^|\/)publishers\/([^/]+)\/models\/(.+)$/.exec(id);
  const text = cloudPath
    ? `vertex/${cloudPath[1]!}/${cloudPath[2]!}`
    : id.replace(/^accounts\/([^/]+)\/models\//, '$1/');
  const segments = text.split('/');
  const last = segments.pop() ?? '';
  const [beforeColon, afterColon] = last.split(/:(.+)/);
  if (
    afterColon &&
    beforeColon &&
    !localName.test(last) &&
    (beforeColon in providerNames || localHosts.has(beforeColon))
  )
    segments.push(beforeColon);
  const model = segments.at(-1) === beforeColon && afterColon ? afterColon : last;
  const providers: string[] = [];
  let isLocal = false;
  let hasUnknownPrefix = false;
  for (const segment of segments.map((name) => name.replace(/^[@~]/, ''))) {
    const provider = providerNames[segment];
    if (localHosts.has(segment)) isLocal = true;
    else if (provider !== undefined) providers.push(provider);
    else if (!gateways.has(segment)) hasUnknownPrefix = true;
  }
  return { id: model, providers, isLocal, hasUnknownPrefix };
}

/** `claude-4.5-sonnet`, `claude-sonnet-4.5` and `claude-opus-41` as Anthropic writes them. */
function claudeSpelling(id: string): string {
  const family = '(opus|sonnet|haiku|fable|mythos)';
  return id
    .replace(new RegExp(`^claude-${family}-(\\d)(\\d)(?=$|-)`), 'claude-$1-$2-$3')
    .replace(new RegExp(`^claude-([4-9])(?:[.-](\\d{1,2}))?-${family}(?=$|-|@)`), (_all, major: string, minor, name) =>
      typeof minor === 'string' ? `claude-${String(name)}-${major}-${minor}` : `claude-${String(name)}-${major}`,
    )
    .replace(new RegExp(`^claude-${family}-3[.-]([57])`), 'claude-3-$2-$1')
    .replace(/^claude-3\.(\d)/, 'claude-3-$1')
    .replace(new RegExp(`^claude-${family}-(\\d+)\\.(\\d+)`), 'claude-$1-$2-$3');
}

const dotted = (id: string): string => id.replace(/^([a-z-]*[a-z]-?\d)-(\d{1,2})(?=$|[-@:[])/, '$1.$2');
const dashed = (id: string): string => id.replace(/^([a-z-]+\d)\.(\d)/, '$1-$2');

/** A Gemini that Google lists as a preview only, as Copilot and Cursor write it. */
const withPreview = (id: string): readonly string[] =>
  /^gemini-[\d.]+-(pro|flash|flash-lite)$/.test(id) ? [`${id}-preview`] : [];

/** How else the same id is written, likeliest first. */
function respellings(id: string): readonly string[] {
  const forms = id.startsWith('claude-')
    ? [claudeSpelling(id), id, claudeDotted(claudeSpelling(id))]
    : [id, dotted(id), dashed(id), ...withPreview(dotted(id))];
  return [...new Set(forms)];
}

/** As Copilot and OpenRouter write Claude ids: `claude-opus-4.5`, `claude-3.5-haiku`. */
function claudeDotted(id: string): string {
  return id
    .replace(/^claude-(opus|sonnet|haiku|fable|mythos)-(\d+)-(\d{1,2})(?=$|-(?!\d))/, 'claude-$1-$2.$3')
    .replace(/^claude-3-([57])-/, 'claude-3.$1-');
}

interface Strip {
  readonly pattern: RegExp;
  readonly effect?: 'fast' | 'loose';
}

/** What may be taken off an id's end, one at a time and in this order, until a list knows what is left. */
const strips: readonly Strip[] = [
  { pattern: /\[[^\]]*\]$/ },
  { pattern: /@(latest|default)$|-latest$/ },
  { pattern: /:(exacto|nitro|floor|online|extended|beta)$/, effect: 'loose' },
  { pattern: /-v\d+(:\d+)?$|:\d+$/ },
  { pattern: /[-:](thinking|reasoning|thought|non-reasoning)(-\d+k)?$/ },
  { pattern: /[-:](none|minimal|low|medium|high|xhigh|extra-high)$|\((none|minimal|low|medium|high|xhigh)\)$/ },
  { pattern: /[-@]20\d{2}-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])$/ },
  { pattern: /-fast$/, effect: 'fast' },
  { pattern: /-(0[1-9]|1[0-2])([0-2]\d|3[01])$/, effect: 'loose' },
];

/** The id and what is left of it after each strip, with what was lost. */
function strippedForms(id: string): readonly { id: string; isLoose: boolean; isFast: boolean }[] {
  const forms = [{ id, isLoose: false, isFast: false }];
  for (let current = forms[0]!, strip: Strip | undefined; ;) {
    strip = strips.find(({ pattern }) => pattern.test(current.id));
    if (!strip) return forms;
    const rest = current.id.replace(strip.pattern, '');
    if (!/\d/.test(rest) && /\d/.test(current.id)) return forms;
    current = {
      id: rest,
      isLoose: current.isLoose || strip.effect === 'loose',
      isFast: current.isFast || strip.effect === 'fast',
    };
    forms.push(current);
  }
}

/** One provider's list to ask, and what its ids have before the model's name. */
interface ListToAsk {
  readonly provider: string;
  readonly prefixes: readonly string[];
  /** The list is of another seller than the one that was called. */
  readonly isLoose?: boolean;
}

/** Makers that sell their models themselves and whose list price every gateway passes on. */
const closedMakers = new Set(['anthropic', 'openai', 'google', 'x-ai']);

/** Hosts that sell at the maker's list price what their own list does not name. */
const passingHosts = new Set(['aws', 'azure', 'cursor', 'openrouter']);

/** OpenRouter's names of the makers. */
const routerMakers: Readonly<Record<string, readonly string[]>> = {
  anthropic: ['anthropic'],
  openai: ['openai'],
  google: ['google'],
  'x-ai': ['x-ai'],
  deepseek: ['deepseek'],
  moonshotai: ['moonshotai'],
  zai: ['z-ai'],
  zhipuai: ['z-ai'],
  alibaba: ['qwen'],
  minimax: ['minimax'],
  mistral: ['mistralai'],
  meta: ['meta-llama'],
  cohere: ['cohere'],
  perplexity: ['perplexity'],
};

function makersOf(id: string, named: readonly string[]): readonly string[] {
  const byName = makerRules.find(([pattern]) => pattern.test(id))?.[1] ?? [];
  const told = named.filter(
    (provider) => !hosts.has(provider) && provider !== 'vertex' && provider !== 'github-copilot',
  );
  // A name in the id is a better witness than a provider's name beside it (a gateway that speaks "openai").
  if (byName.length === 0) return told;
  return told.includes('zhipuai') ? ['zhipuai', 'zai'] : byName;
}

function listsFor(id: string, named: readonly string[], isBareVendor: boolean): readonly ListToAsk[] {
  const makers = makersOf(id, named);
  const host = named.find((provider) => hosts.has(provider));
  const own = makers.map((provider): ListToAsk => ({ provider, prefixes: [''] }));
  const routerPrefixes = makers.flatMap((maker) => routerMakers[maker] ?? []).map((name) => `${name}/`);
  const router: ListToAsk = { provider: 'openrouter', prefixes: routerPrefixes };
  if (host === 'openrouter') return [router, ...own];
  // `vendor/model` without a word on who was called: a closed model's price is its maker's, an open one's the router's.
  if (host === undefined && isBareVendor)
    return makers.some((maker) => closedMakers.has(maker)) ? [...own, router] : [router, ...own];
  if (named.includes('vertex')) return [{ provider: 'google', prefixes: [''] }, ...own];
  if (named.includes('github-copilot')) return [...own, { provider: 'github-copilot', prefixes: [''] }];
  if (host === undefined) return own;
  const isLoose = !passingHosts.has(host);
  const prefixes = host === 'fireworks' ? ['', 'accounts/fireworks/models/'] : ['', ...routerPrefixes];
  return [{ provider: host, prefixes }, ...own.map((list) => ({ ...list, isLoose }))];
}

const nothing = (kind: ModelReading['kind'], isCopilot = false): ModelReading => ({ kind, spellings: [], isCopilot });

function clean(model: string): string {
  return model
    .trim()
    .toLowerCase()
    .replace(/\s*\(preview\)$/, '')
    .replace(/\s+\(([a-z]+)\)$/, '($1)')
    .replace(/\s+/g, '-');
}

/** Bedrock's own spelling goes first, for its list holds the regional prices. */
function bedrockSpellings(id: string): readonly ModelSpelling[] | undefined {
  const parts = bedrockId.exec(id);
  if (!parts) return undefined;
  const [, region, , bare = ''] = parts;
  const isRegional = region !== 'global';
  const awsForms = strippedForms(id).map((form): ModelSpelling => ({ provider: 'aws', id: form.id }));
  const makerForms = makersOf(bare, []).flatMap((provider) =>
    spellingsIn({ provider, prefixes: [''] }, bare).map((spelling) => ({
      ...spelling,
      ...(isRegional && { isRegional }),
    })),
  );
  return [...awsForms.slice(0, 1), ...makerForms];
}

function spellingsIn({ provider, prefixes, isLoose: isOtherSeller }: ListToAsk, id: string): readonly ModelSpelling[] {
  return strippedForms(id).flatMap(({ id: form, isLoose, isFast }) =>
    respellings(form).flatMap((spelled) =>
      prefixes.map((prefix): ModelSpelling => ({
        provider,
        id: prefix + spelled,
        ...((isLoose || isOtherSeller) && { isLoose: true }),
        ...(isFast && { isFast }),
      })),
    ),
  );
}

function hintedProviders(hint: ModelHint | undefined): {
  readonly named: readonly string[];
  readonly isLocal: boolean;
} {
  const provider = hint?.provider?.trim().toLowerCase();
  if (provider === undefined || provider === '') return { named: [], isLocal: false };
  const known = providerNames[provider];
  return { named: known === undefined ? [] : [known], isLocal: localHosts.has(provider) };
}

/** Agents that speak to the maker itself unless their log says otherwise. */
const directAgents = new Set([
  'claude-code',
  'codex',
  'gemini-cli',
  'qwen-code',
  'copilot-chat',
  'copilot-cli',
  'kimi',
]);

/** Reads an id as logged. Never throws; an id that says nothing gives `none` or `opaque`. */
export function readModelId(model: string, hint?: ModelHint): ModelReading {
  const cleaned = clean(model);
  if (cleaned === '' || noModel.test(cleaned)) return nothing('none');
  const arn = peelArn(cleaned);
  if (!arn) return nothing('opaque');
  const peeled = peelPrefixes(arn.id);
  const hinted = hintedProviders(hint);
  const named = [...(arn.isBedrock ? ['aws'] : []), ...peeled.providers, ...hinted.named];
  const isCopilot = named.includes('github-copilot') || hint?.agent === 'copilot-chat' || hint?.agent === 'copilot-cli';
  const { id } = peeled;
  if (id === '' || noModel.test(id)) return nothing('none', isCopilot);
  if (peeled.isLocal || hinted.isLocal || (named.length === 0 && localName.test(id))) return nothing('local');
  if (id.endsWith(':free')) return nothing('opaque');
  const isVertex = named.includes('vertex') || /@(20\d{6}|default)$/.test(id);
  const providers = isVertex && !named.includes('vertex') ? ['vertex', ...named] : named;
  const isBareVendor =
    peeled.providers.length > 0 &&
    peeled.providers.every((provider) => provider in routerMakers) &&
    hinted.named.length === 0 &&
    !isVertex &&
    !directAgents.has(hint?.agent ?? '');
  const spellings =
    bedrockSpellings(id) ??
    listsFor(id, isCopilot ? [...providers, 'github-copilot'] : providers, isBareVendor).flatMap((list) =>
      spellingsIn(list, id),
    );
  return {
    kind: 'model',
    spellings: peeled.hasUnknownPrefix ? spellings.map((spelling) => ({ ...spelling, isLoose: true })) : spellings,
    isCopilot,
    ...(/\[1m\]$/.test(id) && { windowTokens: 1_000_000 }),
  };
}
