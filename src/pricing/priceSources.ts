// The price lists behind the book, layer upon layer, and what they say of a model: every row that may be its price, best
// first, and its limits. Knows nothing of the person's settings, of a call, or of the day.

import { type PriceSource, type PriceStatus } from './cost';
import { findModel } from './matchGuard';
import { type ModelReading, type ModelSpelling } from './modelId';
import modelLimits from './modelLimits.json';
import { overlayRows } from './overlay';
import {
  type PackedLists,
  type PackedModel,
  type PackedText,
  type PricePeriod,
  type PricedModel,
  parseModels,
  unpackModel,
} from './priceList';

/** The lists that come with the program. */
export interface BundledPrices {
  readonly genai: PackedText;
  readonly modelsDev: PackedText;
}

/** Price data newer than the bundled, already checked (`checkRefreshed`). */
export interface RefreshedPrices {
  readonly lists: PackedLists;
  /** `YYYY-MM-DD`. */
  readonly asOf: string;
}

/** One row that may be a model's price, and how well it fits. */
export interface Candidate {
  readonly status: PriceStatus;
  readonly source: PriceSource;
  readonly provider: string;
  readonly model: string;
  readonly periods: readonly PricePeriod[];
  readonly isClaude: boolean;
  readonly isFast: boolean;
  readonly isRegional: boolean;
  readonly asOf: string;
}

/** In tokens, where known. */
export interface ModelLimits {
  readonly contextWindow?: number;
  readonly maxOutput?: number;
}

interface Layer {
  readonly source: PriceSource;
  readonly asOf: string;
  models(provider: string): readonly PricedModel[];
}

/** Unpacks a provider's list when it is first asked for. */
function layerOf(source: PriceSource, asOf: string, packed: (provider: string) => readonly PackedModel[]): Layer {
  const unpacked = new Map<string, readonly PricedModel[]>();
  return {
    source,
    asOf,
    models(provider) {
      let models = unpacked.get(provider);
      if (!models) unpacked.set(provider, (models = packed(provider).map(unpackModel)));
      return models;
    },
  };
}

function bundledLayer(source: PriceSource, { asOf, lists }: PackedText): Layer {
  return layerOf(source, asOf, (provider) => parseModels(lists[provider] ?? ''));
}

interface LimitRule {
  readonly match: string;
  readonly output: number;
  readonly window?: number;
}

/** Limits by family, for what the price sources leave open: they list no output limits at all. */
const limitRules = (modelLimits as readonly LimitRule[]).map((rule) => ({ ...rule, pattern: new RegExp(rule.match) }));

/** Whose lists a person chooses a known model from. */
const makers: readonly string[] = [
  'anthropic',
  'openai',
  'google',
  'x-ai',
  'deepseek',
  'moonshotai',
  'zai',
  'alibaba',
  'mistral',
  'minimax',
];

/** All lists in their order: our corrections, refreshed and bundled genai-prices, models.dev, our gap rows. */
export class PriceSources {
  private readonly layers: readonly Layer[];

  constructor(bundled: BundledPrices, refreshed?: RefreshedPrices) {
    this.layers = [
      ...(refreshed ? [layerOf('genai-refreshed', refreshed.asOf, (provider) => refreshed.lists[provider] ?? [])] : []),
      bundledLayer('genai', bundled.genai),
      bundledLayer('models.dev', bundled.modelsDev),
    ];
  }

  /** Every list row under every spelling, best first: exact ones, then loose spellings, then rows that only resemble. */
  candidates(reading: ModelReading): readonly Candidate[] {
    const found = reading.spellings.flatMap((spelling) => this.rowsOf(spelling));
    const rank = (status: PriceStatus): number => (status === 'exact' ? 0 : 1);
    return found
      .sort((a, b) => rank(a.candidate.status) - rank(b.candidate.status) || a.inexact - b.inexact)
      .map(({ candidate }) => candidate);
  }

  private rowsOf(spelling: ModelSpelling): { readonly candidate: Candidate; readonly inexact: number }[] {
    const rows: { candidate: Candidate; inexact: number }[] = [];
    const add = (source: PriceSource, asOf: string, models: readonly PricedModel[]): void => {
      const match = findModel(models, spelling.id);
      if (!match || match.model.periods.length === 0) return;
      rows.push({
        candidate: candidateOf(spelling, match.model, source, asOf, match.isExact),
        inexact: match.isExact ? 0 : 1,
      });
    };
    const overlay = (kind: 'gap' | 'correction'): void => {
      for (const row of overlayRows)
        if (row.kind === kind && row.provider === spelling.provider && findModel([row.model], spelling.id)?.isExact)
          add('overlay', row.checked, [row.model]);
    };
    overlay('correction');
    for (const layer of this.layers) add(layer.source, layer.asOf, layer.models(spelling.provider));
    overlay('gap');
    return rows;
  }

  /** Does Copilot list the model without a charge? */
  isFreeOnCopilot(reading: ModelReading): boolean {
    const models = this.layers.flatMap((layer) => layer.models('github-copilot'));
    const match = reading.spellings.map(({ id }) => findModel(models, id)).find((found) => found?.isExact);
    return match?.model.periods.length === 0;
  }

  limits(reading: ModelReading): ModelLimits {
    const copilot: readonly ModelSpelling[] = reading.isCopilot
      ? reading.spellings.map((spelling) => ({ ...spelling, provider: 'github-copilot' }))
      : [];
    const rows = [...copilot, ...reading.spellings].flatMap((spelling) => this.exactRows(spelling));
    const id = (rows[0]?.id ?? '').toLowerCase();
    const rule = limitRules.find(({ pattern }) => pattern.test(id));
    const listed = rows.find((model) => model.contextWindow !== undefined)?.contextWindow;
    const contextWindow = reading.windowTokens ?? listed ?? rule?.window;
    const maxOutput = rows.find((model) => model.maxOutput !== undefined)?.maxOutput ?? rule?.output;
    return {
      ...(contextWindow !== undefined && { contextWindow }),
      ...(maxOutput !== undefined && { maxOutput }),
    };
  }

  private exactRows(spelling: ModelSpelling): readonly PricedModel[] {
    const own = overlayRows.filter((row) => row.provider === spelling.provider).map((row) => row.model);
    return [own, ...this.layers.map((layer) => layer.models(spelling.provider))].flatMap((models) => {
      const match = findModel(models, spelling.id);
      return match?.isExact ? [match.model] : [];
    });
  }

  /** Ids on the makers' own lists, our rows included; some lists have a name there that no API takes. */
  ids(): readonly string[] {
    const listed = makers.flatMap((maker) => this.layers.flatMap((layer) => layer.models(maker).map(({ id }) => id)));
    const own = overlayRows.filter(({ provider }) => makers.includes(provider)).map(({ model }) => model.id);
    return [...new Set([...listed, ...own])];
  }
}

function candidateOf(
  spelling: ModelSpelling,
  model: PricedModel,
  source: PriceSource,
  asOf: string,
  isExact: boolean,
): Candidate {
  return {
    status: isExact && !spelling.isLoose ? 'exact' : 'estimated',
    source,
    provider: spelling.provider,
    model: model.id,
    periods: model.periods,
    isClaude: model.id.includes('claude'),
    isFast: spelling.isFast === true,
    isRegional: spelling.isRegional === true,
    asOf,
  };
}
