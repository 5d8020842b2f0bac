// What about a prompt's size a person would want to know: findings with a place and the facts for a sentence, few and
// weighed. Thresholds hang on the model's window and on how often the text is sent.
import { findBlobs } from './blobs';
import { offsetAtByte, utf8Length } from './bytes';
import { type ImportEdge, type ImportGraph, allEdges } from './imports';
import { type Chain } from './instructionChain';
import { type Span } from './markdownInline';
import { type PromptAgent, type PromptFile, type SizeLimit } from './promptFiles';
import { duplicateParagraphs, pastedLogs, repeatedLines, sharedPassages } from './repetition';
import { findSecrets } from './secrets';

/** Shares of the model's context window from which a file is called large, by how often it is sent. */
export interface Thresholds {
  readonly alwaysShare: number;
  readonly onDemandShare: number;
  readonly promptShare: number;
}

export const defaultThresholds: Thresholds = { alwaysShare: 0.05, onDemandShare: 0.1, promptShare: 0.25 };

/** What each finding says; words and links are made elsewhere. Token figures are the given counter's. */
export type FindingFacts =
  | { readonly code: 'size'; readonly tokens: number; readonly share: number; readonly windowTokens: number }
  | {
      readonly code: 'cut-off';
      readonly agent: PromptAgent;
      readonly limit: SizeLimit;
      readonly size: number;
      readonly isChain: boolean;
    }
  | { readonly code: 'import-too-deep'; readonly agent: PromptAgent; readonly path: string; readonly maxHops: number }
  | { readonly code: 'import-missing'; readonly agent: PromptAgent; readonly path: string }
  | { readonly code: 'import-outside'; readonly agent: PromptAgent; readonly path: string }
  | { readonly code: 'secret'; readonly vendor: string }
  | { readonly code: 'blob'; readonly tokens: number; readonly mediaType: string }
  | { readonly code: 'pasted-log'; readonly tokens: number; readonly lines: number }
  | { readonly code: 'repeated-lines'; readonly tokens: number; readonly count: number }
  | { readonly code: 'duplicate-paragraph'; readonly tokens: number; readonly line: number }
  | {
      readonly code: 'same-rules';
      readonly tokens: number;
      readonly passages: number;
      readonly path: string;
      readonly agent: PromptAgent;
    };

export type FindingCode = FindingFacts['code'];

export interface Finding extends Span {
  readonly severity: 'warning' | 'information';
  readonly facts: FindingFacts;
  /** The heavier go first. */
  readonly weight: number;
}

/** Another instruction file that loads together with this one, for this agent. */
export interface Companion {
  readonly path: string;
  readonly text: string;
  readonly agent: PromptAgent;
}

export interface OversizeInput {
  readonly text: string;
  readonly file: PromptFile;
  /** Of the whole text, for the model. */
  readonly tokens: number;
  /** The model's context window; undefined = unknown, then nothing is called large. */
  readonly windowTokens?: number;
  readonly thresholds?: Thresholds;
  readonly imports?: readonly ImportGraph[];
  /** The file's place in an agent's chain, where that has a budget. */
  readonly chain?: { readonly chain: Chain; readonly path: string };
  readonly companions?: readonly Companion[];
  /** Exact tokens by the vocabulary in use. */
  readonly count: (text: string) => number;
}

/** All findings, the weightiest first. */
export function findOversize(input: OversizeInput): readonly Finding[] {
  const found = [
    ...secrets(input),
    ...cutOffs(input),
    ...importFindings(input),
    ...wholeSize(input),
    ...logs(input),
    ...blobs(input),
    ...repeats(input),
    ...duplicates(input),
    ...sameRules(input),
  ];
  return found.sort((a, b) => b.weight - a.weight || a.start - b.start);
}

/** The findings that are shown: warnings first, never more than so many, and not two about one place. */
export function mostImportant(findings: readonly Finding[], most: number): readonly Finding[] {
  const kept: Finding[] = [];
  for (const finding of [...findings].sort(
    (a, b) => Number(b.severity === 'warning') - Number(a.severity === 'warning') || b.weight - a.weight,
  )) {
    if (kept.length >= most) break;
    if (!kept.some((other) => finding.start < other.end && other.start < finding.end && finding.facts.code !== 'size'))
      kept.push(finding);
  }
  return kept.sort((a, b) => a.start - b.start);
}

function secrets({ text }: OversizeInput): Finding[] {
  return findSecrets(text).map(({ vendor, start, end }) => ({
    start,
    end,
    severity: 'warning',
    facts: { code: 'secret', vendor },
    weight: 1e9,
  }));
}

function firstLine(text: string): Span {
  const end = text.indexOf('\n');
  return { start: 0, end: end < 0 ? text.length : end };
}

/** What belongs to a size by how the file loads. A file loaded for some files only counts as on demand. */
function shareFor(file: PromptFile, thresholds: Thresholds): number {
  if (file.loading === 'always') return thresholds.alwaysShare;
  return file.loading === 'when-named' ? thresholds.promptShare : thresholds.onDemandShare;
}

function wholeSize({ text, file, tokens, windowTokens, thresholds = defaultThresholds }: OversizeInput): Finding[] {
  if (!windowTokens || tokens < windowTokens * shareFor(file, thresholds)) return [];
  const facts: FindingFacts = { code: 'size', tokens, share: tokens / windowTokens, windowTokens };
  return [{ ...firstLine(text), severity: 'information', facts, weight: tokens }];
}

function sizeIn(text: string, unit: SizeLimit['unit']): number {
  if (unit === 'bytes') return utf8Length(text);
  return unit === 'characters' ? text.length : text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function offsetOf(text: string, limit: SizeLimit): number {
  if (limit.effect === 'skipped') return 0;
  if (limit.unit === 'bytes') return offsetAtByte(text, limit.amount);
  if (limit.unit === 'characters') return limit.amount;
  return text.split('\n', limit.amount).join('\n').length + 1;
}

/** Where an agent stops reading: in this file alone, or because the chain's budget is spent. */
function cutOffs({ text, file, chain }: OversizeInput): Finding[] {
  const found: Finding[] = [];
  const at = (offset: number): Span => {
    const start = Math.min(offset, Math.max(0, text.length - 1));
    const end = text.indexOf('\n', start);
    return { start, end: end < 0 ? text.length : Math.max(end, start + 1) };
  };
  const own = chain?.chain.files.find((entry) => entry.path === chain.path);
  for (const limit of file.limits) {
    const isChain = limit.isShared === true && own !== undefined && limit.agent === chain?.chain.agent;
    const size = isChain ? chain.chain.projectBytes : sizeIn(text, limit.unit);
    const offset = isChain ? own.loadedCharacters : size > limit.amount ? offsetOf(text, limit) : text.length;
    if (size <= limit.amount || offset >= text.length) continue;
    const facts: FindingFacts = {
      code: 'cut-off',
      agent: limit.agent,
      limit,
      size,
      isChain: isChain && size > sizeIn(text, limit.unit),
    };
    found.push({ ...at(offset), severity: 'warning', facts, weight: 1e8 });
  }
  return found;
}

function importFindings({ imports = [] }: OversizeInput): Finding[] {
  const found: Finding[] = [];
  for (const graph of imports) {
    const maxHops = graph.agent === 'claude-code' ? 4 : 5;
    for (const edge of graph.edges) {
      const span = { start: edge.mention.start, end: edge.mention.end };
      const deep = allEdges([edge]).find((below) => below.status === 'too-deep');
      if (deep) {
        const facts: FindingFacts = { code: 'import-too-deep', agent: graph.agent, path: deep.mention.path, maxHops };
        found.push({ ...span, severity: 'warning', facts, weight: 1e7 });
      } else if (isBroken(edge)) {
        const code = edge.status === 'outside' ? 'import-outside' : 'import-missing';
        found.push({
          ...span,
          severity: 'information',
          facts: { code, agent: graph.agent, path: edge.mention.path },
          weight: 500,
        });
      }
    }
  }
  return found;
}

function isBroken(edge: ImportEdge): boolean {
  return edge.looksLikeFile && (edge.status === 'missing' || edge.status === 'outside');
}

/** Below these many tokens a finding about a part of the text is no news. */
const leastPartTokens = 300;

function logs({ text, count }: OversizeInput): Finding[] {
  return pastedLogs(text).flatMap((log): Finding[] => {
    const tokens = count(text.slice(log.start, log.end));
    if (tokens < 1_000) return [];
    return [
      {
        start: log.start,
        end: log.end,
        severity: 'information',
        facts: { code: 'pasted-log', tokens, lines: log.lines },
        weight: tokens,
      },
    ];
  });
}

function blobs({ text, count }: OversizeInput): Finding[] {
  return findBlobs(text).map((blob) => {
    const tokens = count(text.slice(blob.start, blob.end));
    return {
      start: blob.start,
      end: blob.end,
      severity: 'information',
      facts: { code: 'blob', tokens, mediaType: blob.mediaType ?? '' },
      weight: tokens * 2,
    };
  });
}

function repeats({ text, count }: OversizeInput): Finding[] {
  return repeatedLines(text).flatMap((run): Finding[] => {
    const tokens = count(text.slice(run.secondStart, run.end));
    if (tokens < leastPartTokens) return [];
    return [
      {
        start: run.start,
        end: run.end,
        severity: 'information',
        facts: { code: 'repeated-lines', tokens, count: run.count },
        weight: tokens,
      },
    ];
  });
}

function duplicates({ text, count }: OversizeInput): Finding[] {
  return duplicateParagraphs(text).flatMap(({ first, again }): Finding[] => {
    const tokens = count(text.slice(again.start, again.end));
    if (tokens < 40) return [];
    const facts: FindingFacts = { code: 'duplicate-paragraph', tokens, line: first.line + 1 };
    return [{ start: again.start, end: trimmedEnd(text, again), severity: 'information', facts, weight: tokens * 3 }];
  });
}

/** One finding for each other file, at the first passage that both hold. */
function sameRules({ text, companions = [], count }: OversizeInput): Finding[] {
  return companions.flatMap((companion): Finding[] => {
    const shared = sharedPassages(text, companion.text);
    const tokens = shared.reduce((sum, { again }) => sum + count(text.slice(again.start, again.end)), 0);
    const first = shared[0]?.again;
    if (!first || tokens < 150) return [];
    const facts: FindingFacts = {
      code: 'same-rules',
      tokens,
      passages: shared.length,
      path: companion.path,
      agent: companion.agent,
    };
    return [{ start: first.start, end: trimmedEnd(text, first), severity: 'information', facts, weight: tokens }];
  });
}

function trimmedEnd(text: string, span: Span): number {
  return span.start + text.slice(span.start, span.end).trimEnd().length;
}
