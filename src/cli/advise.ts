// `advise --jsonl`: the advisor without an editor. One JSON object a line in, one a line out: what it would say about a
// prompt before it is sent, or about a finished run of a dearer model. A line it cannot read is answered in its place.
import { bandOf, chanceAlso, chanceScore, defaultClaimUsd, savingRange } from '../advisor/hindsight.js';
import { offerOf, type ModelOffer } from '../advisor/modelOffer.js';
import { judgeTask, type TaskVerdict } from '../advisor/simpleTask.js';
import { PriceBook } from '../pricing/priceBook.js';
import { tierOf } from '../pricing/tiers.js';

export interface AdviseStreams {
  read(): AsyncIterable<string>;
  write(text: string): void;
  error(text: string): void;
  /** Epoch milliseconds. */
  now(): number;
}

export const adviseUsage = `Usage: tokenometer advise --jsonl < lines.jsonl

Reads one JSON object a line:
  {"id", "mode": "presend" | "retro", "prompt", "model"?, "turn"?, "contextTokens"?, "hasImage"?, "planMode"?,
   "strong"?, "cheap"?, "trace"?: {"requests", "costUsd", "filesEdited", "linesChanged"}}
Writes one a line:
  {"id", "score", "fire", "p"?, "saveLow"?, "saveHigh"?, "reasons"}
score: higher = a smaller job (presend), likelier done by the cheaper model too (retro). fire: a hint would be given.
p: the share that the hint states, only where it states one. saveLow, saveHigh: dollars, where both prices are known.
`;

export interface AdviseAnswer {
  readonly id: string | number;
  readonly score: number;
  readonly fire: boolean;
  readonly p?: number;
  readonly saveLow?: number;
  readonly saveHigh?: number;
  readonly reasons: readonly string[];
}

export interface AdviseProblem {
  readonly id?: string | number;
  readonly error: string;
}

/** Exit codes: 0 every line answered, 1 some line was not understood, 2 called wrongly. */
export async function advise(args: readonly string[], io: AdviseStreams): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    io.write(adviseUsage);
    return 0;
  }
  const unknown = args.find((arg) => arg !== '--jsonl');
  if (unknown !== undefined || !args.includes('--jsonl')) {
    io.error(unknown === undefined ? adviseUsage : `advise: unknown option ${unknown}\n\n${adviseUsage}`);
    return 2;
  }
  const prices = new PriceBook();
  let problems = 0;
  for await (const line of io.read()) {
    if (line.trim() === '') continue;
    const answer = answerLine(line, prices, io.now());
    if ('error' in answer) problems++;
    io.write(`${JSON.stringify(answer)}\n`);
  }
  if (problems > 0) io.error(`advise: ${problems} ${problems === 1 ? 'line' : 'lines'} not understood\n`);
  return problems > 0 ? 1 : 0;
}

/** One line's answer; never throws. `prices` is asked for the day of `nowMs`. */
export function answerLine(line: string, prices: PriceBook, nowMs: number): AdviseAnswer | AdviseProblem {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { error: 'not JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { error: 'not a JSON object' };
  const record = value as Record<string, unknown>;
  const { id } = record;
  if (typeof id !== 'string' && typeof id !== 'number') return { error: '"id" must be a string or a number' };
  if (record.mode === 'presend') return presend(id, record);
  if (record.mode === 'retro') return retro(id, record, prices, nowMs);
  return { id, error: '"mode" must be "presend" or "retro"' };
}

/** What a fired hint states: measured across writers' styles, models and months, rounded down (simpleTask.json, `scores`). */
export const statedShare = 0.7;

function presend(id: string | number, record: Record<string, unknown>): AdviseAnswer | AdviseProblem {
  const { prompt } = record;
  if (typeof prompt !== 'string') return { id, error: '"prompt" must be a string' };
  const turn = numberIn(record, 'turn');
  const contextTokens = numberIn(record, 'contextTokens');
  const isModelKnown =
    typeof record.model === 'string' && record.model !== '' ? tierOf(record.model) !== undefined : undefined;
  const verdict = judgeTask({
    prompt,
    ...(turn !== undefined && { turn }),
    ...(contextTokens !== undefined && { contextTokens }),
    ...(isModelKnown !== undefined && { isModelKnown }),
    hasImage: record.hasImage === true,
    planMode: record.planMode === true,
  });
  return {
    id,
    score: rounded(verdict.score),
    fire: verdict.isLikelySmall,
    ...(verdict.isLikelySmall && { p: statedShare }),
    reasons: reasonsOf(verdict),
  };
}

function reasonsOf(verdict: TaskVerdict): readonly string[] {
  const gate = verdict.gate === undefined ? [] : [`silent: ${verdict.gate}`];
  const parts = verdict.reasons.map(
    ({ says, weight }) => `${weight > 0 ? '+' : '−'}${Math.abs(weight).toFixed(2)} it ${says}`,
  );
  return [...gate, ...parts];
}

function retro(
  id: string | number,
  record: Record<string, unknown>,
  prices: PriceBook,
  nowMs: number,
): AdviseAnswer | AdviseProblem {
  const { trace } = record;
  if (typeof trace !== 'object' || trace === null) return { id, error: '"trace" must be an object' };
  const run = trace as Record<string, unknown>;
  const requests = numberIn(run, 'requests');
  if (requests === undefined) return { id, error: '"trace.requests" must be a number of at least 0' };
  const linesKnown = numberIn(run, 'linesChanged');
  const lines = linesKnown ?? 0;
  const costUsd = numberIn(run, 'costUsd');
  const band = bandOf(chanceAlso(requests, lines));
  const strong = offer(record.strong ?? record.model, prices, nowMs);
  const cheap = offer(record.cheap, prices, nowMs);
  const saving = costUsd !== undefined && strong && cheap ? savingRange(costUsd, strong, cheap) : undefined;
  const isSure = band?.isShown === true && requests > 0 && linesKnown !== undefined;
  const isMoneyAsked = record.strong !== undefined || record.cheap !== undefined;
  const pays = isMoneyAsked ? saving !== undefined && saving.lowUsd >= defaultClaimUsd : true;
  return {
    id,
    score: rounded(chanceScore(requests, lines)),
    fire: isSure && pays,
    ...(isSure && { p: band.share }),
    ...(saving && { saveLow: rounded(saving.lowUsd), saveHigh: rounded(saving.highUsd) }),
    reasons: [
      `${requests} requests`,
      linesKnown === undefined ? 'changed lines unknown' : `${lines} changed lines`,
      ...(isSure
        ? [`about ${band.times} in ${band.of} tasks this light were also done by a cheaper model`]
        : ['silent: not sure enough']),
      ...moneyReason(isMoneyAsked, saving !== undefined, pays),
    ],
  };
}

function moneyReason(isAsked: boolean, isKnown: boolean, pays: boolean): readonly string[] {
  if (pays) return [];
  return [isAsked && !isKnown ? 'silent: no exact price or no cost for both models' : 'silent: the saving may be none'];
}

/** A model by its id or by its name in words: "GPT-5 mini (medium reasoning)", "Opus 4.5". */
function offer(model: unknown, prices: PriceBook, nowMs: number): ModelOffer | undefined {
  if (typeof model !== 'string' || model === '') return undefined;
  const hyphened = model
    .toLowerCase()
    .replaceAll(/\([^)]{0,80}\)/g, '')
    .trim()
    .replaceAll(/[\s_]+/g, '-');
  const named = /^(?:opus|sonnet|haiku)-/.test(hyphened) ? `claude-${hyphened}` : hyphened;
  return offerOf(model, nowMs, prices, (one) => tierOf(one)) ?? offerOf(named, nowMs, prices, (one) => tierOf(one));
}

function numberIn(record: Record<string, unknown>, key: string): number | undefined {
  const value = record[key];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

const rounded = (value: number): number => Number(value.toFixed(4));
