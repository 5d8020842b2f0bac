// How big a model is within its maker's own family, and which model its maker names as its successor. Hand-reviewed
// rules with sources (model-tiers.json, model-successors.json); benchmark scores are left out on purpose, for the same
// name hides different settings.

import successorRows from './model-successors.json';
import tierRules from './model-tiers.json';
import { type ModelHint, readModelId } from './modelId';

/** Largest first. The top families above a maker's flagship (Fable, Astra) count as frontier with `isTop`. */
export type ModelTier = 'frontier' | 'balanced' | 'small';

/** Token counts of the same text differ between Claude's tokenizers by about 30 %. */
export type TokenizerFamily = 'claude-old' | 'claude-new' | 'openai' | 'google' | 'other';

export interface TierAnswer {
  readonly provider: string;
  readonly tier: ModelTier;
  /** Above the maker's flagship family. */
  readonly isTop: boolean;
  /** The maker's family: opus, sol, pro … A hint may call a newer member of one family its successor. */
  readonly family: string;
  /** The generation within the family, for order: 5.5, 4.8. Undefined where the id tells none. */
  readonly generation?: number;
  readonly tokenizer: TokenizerFamily;
  /** GitHub's own category of the model in Copilot, where it has one (docs.github.com, CC-BY-4.0). */
  readonly githubCategory?: string;
  readonly source: readonly string[];
}

export interface Successor {
  readonly from: string;
  readonly to: string;
  /** The day on which `from` stops, `YYYY-MM-DD`, where announced. */
  readonly retires?: string;
  readonly source: string;
}

interface TierRule {
  readonly provider: string;
  readonly match: string;
  readonly family: string;
  readonly tier: string;
  readonly githubCategory?: string;
  readonly note?: string;
  readonly source: readonly string[];
}

interface CompiledRule extends TierRule {
  readonly pattern: RegExp;
}

const rules: readonly CompiledRule[] = (tierRules.rules as readonly TierRule[]).map((rule) => ({
  ...rule,
  pattern: new RegExp(rule.match),
}));

const successors = new Map<string, Successor>((successorRows as readonly Successor[]).map((row) => [row.from, row]));

/** `claude-opus-4-8` -> 4.8, `gpt-5.6-sol` -> 5.6. */
function generationOf(id: string): number | undefined {
  const claude = /^claude-[a-z]+-(\d+)(?:-(\d{1,2}))?(?!\d)/.exec(id) ?? /^claude-(\d)-(\d)-/.exec(id);
  const found = claude ?? /^[a-z]+-?[a-z]?(\d+)(?:\.(\d+))?/.exec(id);
  if (!found) return undefined;
  return Number(`${found[1]}.${found[2] ?? 0}`);
}

function tokenizerOf(provider: string, generation: number | undefined): TokenizerFamily {
  // platform.claude.com, models overview: the newer tokenizer came with Opus 4.7.
  if (provider === 'anthropic') return (generation ?? 0) >= 4.7 ? 'claude-new' : 'claude-old';
  return provider === 'openai' || provider === 'google' ? provider : 'other';
}

function bareIds(model: string, hint?: ModelHint): readonly { readonly provider: string; readonly id: string }[] {
  return readModelId(model, hint).spellings.map(({ provider, id }) => ({
    provider,
    id: id.slice(id.lastIndexOf('/') + 1),
  }));
}

/** The tier of a model id as logged. Undefined for a model that no rule names: then no hint may be built on it. */
export function tierOf(model: string, hint?: ModelHint): TierAnswer | undefined {
  for (const { id } of bareIds(model, hint)) {
    const rule = rules.find(({ pattern }) => pattern.test(id));
    if (!rule) continue;
    const generation = generationOf(id);
    return {
      provider: rule.provider,
      tier: rule.tier === 'top' ? 'frontier' : (rule.tier as ModelTier),
      isTop: rule.tier === 'top',
      family: rule.family,
      ...(generation !== undefined && { generation }),
      tokenizer: tokenizerOf(rule.provider, generation),
      ...(rule.githubCategory !== undefined && { githubCategory: rule.githubCategory }),
      source: rule.source,
    };
  }
  return undefined;
}

/** The model that the maker itself names as the replacement of this one, if it does. */
export function successorOf(model: string, hint?: ModelHint): Successor | undefined {
  for (const { id } of bareIds(model, hint)) {
    const row = successors.get(id);
    if (row) return row;
  }
  return undefined;
}
