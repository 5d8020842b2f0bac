// An independent reading of a Claude Code folder: every line whole, no store, no marks, nothing of src/. What the
// ledger must equal to the token. `node out/bench/referenceTotals.js FOLDER` prints it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ReferenceTotals {
  calls: number;
  inputTokens: number;
  cacheWrite5mTokens: number;
  cacheWrite1hTokens: number;
  cacheReadTokens: number;
  outputTokens: number;
  unrecordedOutputCalls: number;
}

interface Message {
  id?: string;
  model?: string;
  stop_reason?: string | null;
  content?: unknown;
  usage?: Record<string, number | null> & { cache_creation?: Record<string, number> | null };
}
interface Row {
  type?: string;
  requestId?: string;
  uuid?: string;
  isMeta?: boolean;
  turnCompanion?: unknown;
  message?: Message;
  data?: { type?: string; message?: Row };
}

interface Call {
  figures: number[];
  hasStopped: boolean;
  isCutOff: boolean;
  /** Tokens that its logged texts amount to, each row once. */
  texts: number;
  readonly rows: Set<string>;
}

/**
 * A call's output was not recorded where its stream was cut, or where no row has a reason to have stopped and the figure
 * is a placeholder's (at most 4) or far below the logged text. Without a reason to have stopped alone, a figure that
 * fits the text is taken for true.
 */
function isUnrecorded({ figures, hasStopped, isCutOff, texts }: Call): boolean {
  const output = figures[4]!;
  return isCutOff || (!hasStopped && (output <= 4 || Math.max(texts, output) > output * 1.25));
}

export function referenceTotals(folder: string): ReferenceTotals {
  const calls = new Map<string, Call>();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'));
  for (const name of files) {
    const last: { call?: Call } = {};
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
      // A newline lost between two records.
      for (const part of line.split(/(?<=\})(?=\{"(?:parentUuid|type)")/)) readRecord(part, calls, last);
    }
  }
  const sum = (index: number) => [...calls.values()].reduce((total, { figures }) => total + figures[index]!, 0);
  return {
    calls: calls.size,
    inputTokens: sum(0),
    cacheWrite5mTokens: sum(1),
    cacheWrite1hTokens: sum(2),
    cacheReadTokens: sum(3),
    outputTokens: sum(4),
    unrecordedOutputCalls: [...calls.values()].filter(isUnrecorded).length,
  };
}

function readRecord(text: string, calls: Map<string, Call>, last: { call?: Call }): void {
  let row: Row;
  try {
    row = JSON.parse(text) as Row;
  } catch {
    return;
  }
  const isProgress = row.type === 'progress' && row.data?.type === 'agent_progress';
  const inner = isProgress ? row.data?.message : row;
  const { message } = inner ?? {};
  const isSynthetic = inner?.type === 'assistant' && message?.model === '<synthetic>';
  const isCompanion = row.type === 'user' && Boolean(row.turnCompanion);
  const isQuiet = JSON.stringify(message?.content ?? '').includes('"No response requested."');
  if (last.call && (isCompanion || (isSynthetic && !isProgress && !isQuiet))) last.call.isCutOff = true;
  if (row.type === 'user' || isCompanion || (isSynthetic && !isProgress && !isQuiet)) delete last.call;
  if (inner?.type !== 'assistant' || !message?.usage || isSynthetic) return;
  const { usage } = message;
  const hour = usage.cache_creation?.['ephemeral_1h_input_tokens'] ?? 0;
  const writes = usage['cache_creation_input_tokens'] ?? 0;
  const [input, read] = [usage['input_tokens'] ?? 0, usage['cache_read_input_tokens'] ?? 0];
  const figures = [input, writes - hour, hour, read, usage['output_tokens'] ?? 0];
  const key = inner.requestId ? message.id! : [message.id ?? inner.uuid, input, writes, read].join();
  const call = calls.get(key) ?? { figures, hasStopped: false, isCutOff: false, texts: 0, rows: new Set<string>() };
  calls.set(key, call);
  if (figures[4]! >= call.figures[4]!) call.figures = figures;
  call.hasStopped ||= Boolean(message.stop_reason);
  if (!call.rows.has(inner.uuid ?? '')) call.texts += textTokens(message.content);
  call.rows.add(inner.uuid ?? '');
  if (isProgress) return;
  if (!message.stop_reason || message.stop_reason === 'end_turn') last.call = call;
  else delete last.call;
}

/** Of texts, thinking and what tools were given: a token for 3.6 characters, one for each beyond the alphabets. */
function textTokens(content: unknown): number {
  if (!Array.isArray(content)) return 0;
  return (content as { text?: string; thinking?: string; input?: unknown }[]).reduce((sum, block) => {
    const input = block.input === undefined ? '' : JSON.stringify(block.input);
    return [block.text || block.thinking || '', input].reduce((total, text) => {
      const sample = text.slice(0, 2000);
      const wide = sample.replace(/[^\u0800-\uffff]/g, '').length / Math.max(1, sample.length);
      return total + Math.round(text.length * (wide + (1 - wide) / 3.6));
    }, sum);
  }, 0);
}

if (process.argv[1]?.includes('referenceTotals') && process.argv[2])
  console.log(JSON.stringify(referenceTotals(process.argv[2]), undefined, 2));
