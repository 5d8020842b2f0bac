// Reads a model id as an agent's log writes it: who hosts it, who made it, and under which spellings a price list may
// know it. Knows no prices; whether a spelling exists is for the price book to find out, in the order given here.

import {
  closedMakers,
  gateways,
  hosts,
  localHosts,
  makerRules,
  passingHosts,
  providerNames,
  routerMakers,
} from './providers';
import { respellings, strippedForms } from './spellings';

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

const noModel = /^(<.*>|auto|default|none|null|undefined|unknown|n\/a|unset)$/;

const bedrockId =
  /^(?:(us|eu|apac|jp|au|ca|in|sa|global|us-gov)\.)?(anthropic|amazon|meta|mistral|openai|deepseek|qwen|google|nvidia|cohere|moonshot|moonshotai|minimax|zai|writer|ai21)\.(?=[a-z])(.+)$/;

/** `llama3.1:8b`, `qwen2.5-coder:7b-instruct-q4_K_M`, `mistral:latest`, `x.gguf`: names only a local runner uses. */
const localName = /^[^/]+:(\d+(\.\d+)?b|\d+x\d+b|e\d+b|latest|[a-z-]*q\d)(?!.*cloud)|\.gguf$|-mlx(-|$)/;

/** A choice of the long window, not another model: `[1m]` of Claude Code, `:1m` of Cline, `-1m` of Copilot. */
const windowMark = /\[1m\]$|[-:]1m(-internal)?$/;

/** No model has a longer name; what is longer is no name. */
const longestId = 500;

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
    (providerNames.has(beforeColon) || localHosts.has(beforeColon))
  )
    segments.push(beforeColon);
  const model = segments.at(-1) === beforeColon && afterColon ? afterColon : last;
  const providers: string[] = [];
  let isLocal = false;
  let hasUnknownPrefix = false;
  for (const segment of segments.map((name) => name.replace(/^[@~]/, ''))) {
    const provider = providerNames.get(segment);
    if (localHosts.has(segment)) isLocal = true;
    else if (provider !== undefined) providers.push(provider);
    else if (!gateways.has(segment)) hasUnknownPrefix = true;
  }
  return { id: model, providers, isLocal, hasUnknownPrefix };
}

/** One provider's list to ask, and what its ids have before the model's name. */
interface ListToAsk {
  readonly provider: string;
  readonly prefixes: readonly string[];
  /** The list is of another seller than the one that was called. */
  readonly isLoose?: boolean;
}

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
  const routerPrefixes = makers.flatMap((maker) => routerMakers.get(maker) ?? []).map((name) => `${name}/`);
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
  const [, region, vendor, bare = ''] = parts;
  const isRegional = region !== 'global';
  // Anthropic's models cost the same on AWS but for the region; of the others the maker's price is a guess.
  const isLoose = vendor !== 'anthropic';
  const makerForms = makersOf(bare, []).flatMap((provider) =>
    spellingsIn({ provider, prefixes: [''], isLoose }, bare).map((spelling) => ({
      ...spelling,
      ...(isRegional && { isRegional }),
    })),
  );
  const ownForms = [...new Set([id, id.replace(windowMark, '')])].map((form) => ({ provider: 'aws', id: form }));
  return [...ownForms, ...makerForms];
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
  const known = providerNames.get(provider);
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

const copilotAgents = new Set(['copilot-chat', 'copilot-cli']);

/** Reads an id as logged. Never throws; an id that says nothing gives `none` or `opaque`. */
export function readModelId(model: string, hint?: ModelHint): ModelReading {
  if (model.length > longestId) return nothing('opaque');
  const cleaned = clean(model);
  if (cleaned === '' || noModel.test(cleaned)) return nothing('none');
  const arn = peelArn(cleaned);
  if (!arn) return nothing('opaque');
  const peeled = peelPrefixes(arn.id);
  const hinted = hintedProviders(hint);
  const named = [...(arn.isBedrock ? ['aws'] : []), ...peeled.providers, ...hinted.named];
  // Copilot also passes on models under the person's own key: those name their provider.
  const isCopilot = named.includes('github-copilot') || (named.length === 0 && copilotAgents.has(hint?.agent ?? ''));
  const { id } = peeled;
  if (id === '' || noModel.test(id)) return nothing('none', isCopilot);
  if (peeled.isLocal || hinted.isLocal || (named.length === 0 && localName.test(id))) return nothing('local');
  if (id.endsWith(':free')) return nothing('opaque');
  const isVertex = named.includes('vertex') || /@(20\d{6}|default)$/.test(id);
  const providers = isVertex && !named.includes('vertex') ? ['vertex', ...named] : named;
  const isBareVendor =
    peeled.providers.length > 0 &&
    peeled.providers.every((provider) => routerMakers.has(provider)) &&
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
    ...(windowMark.test(id) && { windowTokens: 1_000_000 }),
  };
}
