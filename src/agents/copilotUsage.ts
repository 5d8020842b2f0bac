// Copilot CLI's figures: one call's usage, which of its stores counts, and what a shutdown's totals add to what was told
// before. Knows the arithmetic of totals that go on over resumed sessions or begin again; nothing of lines or files.
import { type JsonRecord, recordOf, tokensOf } from './record';

/** Input holds cache reads and writes, output holds reasoning; `credits` in nano-AIU (1e9 = one AI credit). */
export interface Figures {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
  readonly nanoCredits: number;
}

/** Of the stores that tell of one session's calls: the highest counts. */
export const rank = { messages: 0, app: 1, chats: 2, sidecar: 3, shutdown: 4, store: 5, records: 6 } as const;

export type ByModel = Readonly<Record<string, Figures>>;

export const noFigures: Figures = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0, nanoCredits: 0 };
const names = ['input', 'cacheRead', 'cacheWrite', 'output', 'reasoning', 'nanoCredits'] as const;

/** `undefined` where a figure cannot be a token count. */
export function figuresOf(usage: JsonRecord, nanoCredits: unknown): Figures | undefined {
  const input = tokensOf(usage.inputTokens);
  const cacheRead = tokensOf(usage.cacheReadTokens);
  const cacheWrite = tokensOf(usage.cacheWriteTokens);
  const output = tokensOf(usage.outputTokens);
  const reasoning = tokensOf(usage.reasoningTokens);
  if (input === undefined || cacheRead === undefined || cacheWrite === undefined) return undefined;
  if (output === undefined || reasoning === undefined) return undefined;
  return { input, cacheRead, cacheWrite, output, reasoning, nanoCredits: nanoOf(nanoCredits) };
}

/** With an own provider, and where the service does not tell, the log holds 0: unknown, not free. */
function nanoOf(value: unknown): number {
  return typeof value === 'number' && value > 0 && value < 1e17 ? value : 0;
}

export function bucketsOf({ input, cacheRead, cacheWrite, output, reasoning, nanoCredits }: Figures) {
  const cacheReadTokens = Math.min(cacheRead, input);
  const cacheWrite5mTokens = Math.min(cacheWrite, input - cacheReadTokens);
  return {
    inputTokens: input - cacheReadTokens - cacheWrite5mTokens,
    cacheReadTokens,
    cacheWrite5mTokens,
    cacheWrite1hTokens: 0,
    outputTokens: output,
    reasoningTokens: Math.min(reasoning, output),
    reportedCredits: nanoCredits > 0 ? nanoCredits / 1e9 : undefined,
  };
}

/** A shutdown's totals per model; `undefined` where one of them cannot be read. */
export function totalsOf(data: JsonRecord): ByModel | undefined {
  const totals: Record<string, Figures> = {};
  const metrics = Object.entries(recordOf(data.modelMetrics) ?? {});
  for (const [model, metric] of metrics) {
    const { usage, totalNanoAiu } = recordOf(metric) ?? {};
    // Older versions give the session's credits alone; with one model they are the model's.
    const nano = totalNanoAiu ?? (metrics.length === 1 ? data.totalNanoAiu : undefined);
    const figures = figuresOf(recordOf(usage) ?? {}, nano);
    if (!figures) return undefined;
    totals[model] = figures;
  }
  return totals;
}

/**
 * What a shutdown adds per model. Totals go on over resumed sessions in most versions; in some they begin again with
 * each run: then a figure falls or a model is missing, or the total fits what the run's messages say by itself.
 */
export function addedBy(totals: ByModel, before: ByModel, runOutputs: Readonly<Record<string, number>>): ByModel {
  const isRestarted = hasFallen(totals, before) || fitsRunAlone(totals, before, runOutputs);
  return Object.fromEntries(
    Object.entries(totals).map(([model, total]) => [
      model,
      isRestarted ? total : minus(total, before[model] ?? noFigures),
    ]),
  );
}

function hasFallen(totals: ByModel, before: ByModel): boolean {
  return Object.entries(before).some(([model, old]) => {
    const total = totals[model];
    return !total || names.some((name) => total[name] < old[name]);
  });
}

function fitsRunAlone(totals: ByModel, before: ByModel, runOutputs: Readonly<Record<string, number>>): boolean {
  const run = sumOf(Object.values(runOutputs));
  if (run === 0) return false;
  const total = sumOf(Object.values(totals).map((figures) => figures.output));
  const old = sumOf(Object.values(before).map((figures) => figures.output));
  return Math.abs(total - run) < Math.abs(total - old - run);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/** Never below nothing. */
export function minus(from: Figures, what: Figures): Figures {
  return Object.fromEntries(names.map((name) => [name, Math.max(0, from[name] - what[name])])) as unknown as Figures;
}

export function plus(to: Figures | undefined, what: Figures): Figures {
  const base = to ?? noFigures;
  return Object.fromEntries(names.map((name) => [name, base[name] + what[name]])) as unknown as Figures;
}

export function isNothing(figures: Figures): boolean {
  return figures.input === 0 && figures.output === 0 && figures.nanoCredits === 0;
}
