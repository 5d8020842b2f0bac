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
  usage?: Record<string, number | null> & { cache_creation?: Record<string, number> | null };
}
interface Row {
  type?: string;
  requestId?: string;
  uuid?: string;
  message?: Message;
  data?: { type?: string; message?: Row };
}

export function referenceTotals(folder: string): ReferenceTotals {
  const calls = new Map<string, { figures: number[]; hasStopped: boolean }>();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'));
  for (const name of files) {
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
      // A newline lost between two records.
      for (const part of line.split(/(?<=\})(?=\{"(?:parentUuid|type)")/)) readRecord(part, calls);
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
    unrecordedOutputCalls: [...calls.values()].filter(({ hasStopped }) => !hasStopped).length,
  };
}

function readRecord(text: string, calls: Map<string, { figures: number[]; hasStopped: boolean }>): void {
  let row: Row;
  try {
    row = JSON.parse(text) as Row;
  } catch {
    return;
  }
  const inner = row.type === 'progress' && row.data?.type === 'agent_progress' ? row.data.message : row;
  const { message } = inner ?? {};
  if (inner?.type !== 'assistant' || !message?.usage || message.model === '<synthetic>') return;
  const { usage } = message;
  const hour = usage.cache_creation?.['ephemeral_1h_input_tokens'] ?? 0;
  const writes = usage['cache_creation_input_tokens'] ?? 0;
  const [input, read] = [usage['input_tokens'] ?? 0, usage['cache_read_input_tokens'] ?? 0];
  const figures = [input, writes - hour, hour, read, usage['output_tokens'] ?? 0];
  const key = inner.requestId ? message.id! : [message.id ?? inner.uuid, input, writes, read].join();
  const before = calls.get(key);
  const hasStopped = before?.hasStopped === true || Boolean(message.stop_reason);
  calls.set(key, { figures: before && before.figures[4]! > figures[4]! ? before.figures : figures, hasStopped });
}

if (process.argv[1]?.includes('referenceTotals') && process.argv[2])
  console.log(JSON.stringify(referenceTotals(process.argv[2]), undefined, 2));
