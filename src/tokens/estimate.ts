// From what was counted in a text to what a model would count, always with its grade: exact, near exact or estimated
// with a range. Knows ratios and feature weights (tokenizers.json); does no counting of its own.
//
//   encodingFor(model)            which vocabulary to count with          (families.ts)
//   estimate(counts, model, kind) counts by that vocabulary -> Estimate   kind = kindOfText(languageId, fileName)
import { type Script, scripts } from './characterClasses.js';
import { type Family, familyOf, type FamilyId, type Grade } from './families.js';
import { type Features } from './textFeatures.js';
import tokenizers from './tokenizers.json';
import { type Encoding } from './vocabulary.js';

export { encodingFor, familyOf } from './families.js';

/** One text, or the sum of several, as counted by one vocabulary. */
export interface TextCounts {
  readonly encoding: Encoding;
  readonly tokens: number;
  readonly features: Features;
}

/** How large a text is for a model. Whole tokens; `low` and `high` hold the true count nine times in ten. */
export interface Estimate {
  readonly tokens: number;
  readonly low: number;
  readonly high: number;
  readonly kind: Grade;
  /** The vocabulary it was counted with. */
  readonly encoding: Encoding;
  readonly family: FamilyId;
  readonly familyLabel: string;
  /** Where the numbers come from: source, date and how many texts were measured. For a tooltip. */
  readonly basis: string;
  /** By the feature model alone: what the user's own logs teach of it holds for this text. */
  readonly isByFeatures?: true;
}

export type TextKind =
  | 'typescript'
  | 'declarations'
  | 'javascript'
  | 'minified'
  | 'json'
  | 'markdown'
  | 'python'
  | 'c'
  | 'yaml'
  | 'prose'
  | 'other';

/** A ratio and its 5th and 95th percentile as shares of it. */
type Ratio = readonly [value: number, low: number, high: number];
interface Ratios {
  readonly source: string;
  readonly date: string;
  readonly samples: number;
  readonly kinds: Readonly<Partial<Record<TextKind | 'capitals' | 'unmeasured', Ratio>>>;
  readonly scripts: Readonly<Partial<Record<Script, Ratio>>>;
}
/** First and further tool results of a message, a tool use and its parameters, a whole output, a whole exchange. */
export type Framing = 'firstResult' | 'furtherResult' | 'toolUse' | 'parameter' | 'output' | 'pair';
export interface FeatureModel {
  readonly weights: Readonly<Record<string, number>>;
  /** What stands around texts in a conversation, in tokens; no part of a text's own count. See `calibration.ts`. */
  readonly framing: Readonly<Record<Framing, number>>;
  /** Least and greatest ratio of tokens to the base encoding's that the model may claim. */
  readonly ratio: readonly [number, number];
  /** Quantiles of the relative error of held-out texts. */
  readonly band80: readonly [number, number];
  readonly band90: readonly [number, number];
  readonly source: string;
  readonly date: string;
  readonly samples: number;
}

const ratios = tokenizers.ratios as unknown as Readonly<Partial<Record<FamilyId, Ratios>>>;
export const featureModels = tokenizers.features as unknown as Readonly<Partial<Record<FamilyId, FeatureModel>>>;
const nearExact: Readonly<Record<string, { band: number; source: string; date: string; samples: number }>> =
  tokenizers.nearExact;

/** Above this share of tokens beyond Latin script a text is estimated script by script. */
const FOREIGN_SHARE = 0.03;
/** Above this share of capitals among its ASCII letters a text is outside what the feature models have seen. */
const CAPITALS_SHARE = 0.2;

/** What kind of text a document is, from its language id and, where it tells more, its file name. */
export function kindOfText(languageId: string, fileName = ''): TextKind {
  if (/\.d\.[cm]?ts$/i.test(fileName)) return 'declarations';
  if (/[.-]min\.[cm]?js$/i.test(fileName)) return 'minified';
  switch (languageId) {
    case 'typescript':
    case 'typescriptreact':
      return 'typescript';
    case 'javascript':
    case 'javascriptreact':
      return 'javascript';
    case 'json':
    case 'jsonc':
    case 'jsonl':
      return 'json';
    case 'markdown':
    case 'prompt':
    case 'instructions':
    case 'chatagent':
    case 'skill':
      return 'markdown';
    case 'python':
      return 'python';
    case 'c':
    case 'cpp':
    case 'csharp':
    case 'rust':
    case 'go':
    case 'java':
      return 'c';
    case 'yaml':
    case 'toml':
    case 'ini':
    case 'dockercompose':
      return 'yaml';
    case 'plaintext':
      return 'prose';
    default:
      return 'other';
  }
}

/** `counts` must come from the vocabulary that `encodingFor(model)` names. */
export function estimate(counts: TextCounts, model: string, kind: TextKind = 'other'): Estimate {
  const family = familyOf(model);
  if (family.grade === 'exact') return exact(counts, family);
  if (family.grade === 'near-exact') return nearlyExact(counts, family);
  return byFeatures(counts, family) ?? byRatio(counts, family, kind);
}

function exact(counts: TextCounts, family: Family): Estimate {
  const { tokens } = counts;
  return result(family, tokens, tokens, tokens, `counted with ${family.encoding}`);
}

function nearlyExact(counts: TextCounts, family: Family): Estimate {
  const { features } = counts;
  const single = family.id === 'qwen' ? features.digits - features.digitGroups : 0;
  const tokens = counts.tokens + single;
  // Beyond Latin letters the relation does not hold: such a text is told as an estimate, script by script.
  const foreign = foreignTokens(features) - scriptTokens(features, 'latin') - scriptTokens(features, 'otherSymbols');
  if (foreign > counts.tokens * FOREIGN_SHARE)
    return byRatio({ ...counts, tokens }, { ...family, grade: 'estimate' }, 'other');
  const known = nearExact[family.id]!;
  return result(family, tokens, tokens * (1 - known.band), tokens * (1 + known.band), basisOf(known));
}

function byFeatures(counts: TextCounts, family: Family): Estimate | undefined {
  const model = featureModels[family.id];
  if (!model) return undefined;
  const { features } = counts;
  const foreign = foreignTokens(features);
  const isMixed = foreign > counts.tokens * FOREIGN_SHARE;
  const latinTokens = isMixed ? Math.max(0, counts.tokens - foreign) : counts.tokens;
  const letters = features.capitals + features.lowercase;
  const isShouting = features.capitals > letters * CAPITALS_SHARE;
  const table = ratios[family.id]!;
  const sum = new RangeSum();
  if (isShouting) {
    const shouting = table.kinds.capitals!;
    const plain = model.ratio[0];
    const value = Math.max(shouting[0], plain);
    sum.add(latinTokens, [value, shouting[1], shouting[2]]);
  } else sum.add(1, [predict(model, latinTokens, features), model.band90[0], model.band90[1]]);
  if (isMixed) addScripts(sum, features, table);
  if (isMixed || isShouting) return result(family, sum.value, sum.low, sum.high, basisOf(table));
  return { ...result(family, sum.value, sum.low, sum.high, basisOf(model)), isByFeatures: true };
}

/** Several texts for one model as one figure, which has the weakest grade among them. `parts` must not be empty. */
export function sumOf(parts: readonly Estimate[]): Estimate {
  const weakest = parts.find(({ kind }) => kind === 'estimate') ?? parts.find(({ kind }) => kind === 'near-exact');
  const total = (figure: 'tokens' | 'low' | 'high') => parts.reduce((sum, part) => sum + part[figure], 0);
  return { ...(weakest ?? parts[0]!), tokens: total('tokens'), low: total('low'), high: total('high') };
}

/** The feature model's figure for text in Latin script, kept within the ratios it was fitted on. */
export function predict(model: FeatureModel, tokens: number, features: Features): number {
  let sum = 0;
  for (const [name, weight] of Object.entries(model.weights)) {
    sum += weight * (name === 'tokens' ? tokens : (features[name as keyof Features] as number));
  }
  return Math.min(Math.max(sum, tokens * model.ratio[0]), tokens * model.ratio[1]);
}

function byRatio(counts: TextCounts, family: Family, kind: TextKind): Estimate {
  const table = ratios[family.id] ?? ratios.unknown!;
  const { features } = counts;
  const sum = new RangeSum();
  sum.add(Math.max(0, counts.tokens - foreignTokens(features)), table.kinds[kind] ?? table.kinds.other!);
  addScripts(sum, features, table);
  return result(family, sum.value, sum.low, sum.high, basisOf(table));
}

/** Every script's tokens by its own ratio; where none was measured, by what is said for that, or the mean with twice its range. */
function addScripts(sum: RangeSum, features: Features, table: Ratios): void {
  scripts.forEach((script, index) => {
    const tokens = features.tokensByScript[index]!;
    if (tokens === 0) return;
    const [mean, low, high] = table.kinds.other!;
    sum.add(tokens, table.scripts[script] ?? table.kinds.unmeasured ?? [mean, low * 2, high * 2]);
  });
}

function scriptTokens(features: Features, script: Script): number {
  return features.tokensByScript[scripts.indexOf(script)]!;
}

/** Tokens in scripts other than ASCII. */
function foreignTokens(features: Features): number {
  return features.tokensByScript.reduce((sum, tokens) => sum + tokens, 0);
}

/** Parts with their ranges; the ends are added as they are, since a factor's error is shared by all its tokens. */
class RangeSum {
  value = 0;
  low = 0;
  high = 0;
  add(tokens: number, [ratio, low, high]: Ratio): void {
    this.value += tokens * ratio;
    this.low += tokens * ratio * (1 + low);
    this.high += tokens * ratio * (1 + high);
  }
}

function result(family: Family, tokens: number, low: number, high: number, basis: string): Estimate {
  return {
    tokens: Math.round(tokens),
    low: Math.floor(low),
    high: Math.ceil(high),
    kind: family.grade,
    encoding: family.encoding,
    family: family.id,
    familyLabel: family.label,
    basis,
  };
}

function basisOf({ source, date, samples }: { source: string; date: string; samples: number }): string {
  return samples > 0 ? `${source} (${samples} samples, ${date})` : `${source} (${date})`;
}
