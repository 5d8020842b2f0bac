// Waste that tool uses show, counted over all sessions of some days: the same use failing again, going in circles, the
// same thing read again. By hashes and sizes: which words they held nobody here knows.
import { runaway, type SessionHappening } from './runaway';
import { type Span } from './cacheFacts';
import { type Store, type StoreRow, textIn } from './store';

export interface ToolWaste {
  /** Uses that failed just as the same use had failed before in the session. */
  readonly retries: number;
  /** Stretches in which a session went in circles. */
  readonly loops: number;
  /** Reads with the same arguments as an earlier one of the session, with no file changed between. */
  readonly rereads: number;
  /** Length of what these gave, in UTF-16 code units. */
  readonly rereadCharacters: number;
  readonly toolUses: number;
  readonly failedUses: number;
}

const reading = /^(?:read|view|cat|grep|glob|ls|list|search|find|fetch|get)|read|search/i;
/** `runaway` looks at the end of what it is given: asked after every few events, it sees all stretches. */
const step = 4;
const lookedAt = 40;

export function toolWaste(store: Store, { fromMs, toMs }: Span): ToolWaste {
  const waste = { retries: 0, loops: 0, rereads: 0, rereadCharacters: 0, toolUses: 0, failedUses: 0 };
  const sessions = store.all('SELECT DISTINCT session FROM tools WHERE at_ms >= ? AND at_ms < ?', fromMs, toMs);
  for (const { session } of sessions) {
    const tools = store.all(
      'SELECT * FROM tools WHERE session = ? AND at_ms >= ? AND at_ms < ? ORDER BY at_ms',
      session!,
      fromMs,
      toMs,
    );
    const prompts = store.all(
      'SELECT at_ms FROM prompts WHERE session = ? AND at_ms >= ? AND at_ms < ?',
      session!,
      fromMs,
      toMs,
    );
    countUses(store, tools, waste);
    waste.loops += loopsIn(happenings(store, tools, prompts));
  }
  return waste;
}

function countUses(
  store: Store,
  tools: readonly StoreRow[],
  waste: { -readonly [Key in keyof ToolWaste]: number },
): void {
  const failed = new Set<string>();
  let read = new Set<string>();
  for (const tool of tools) {
    const name = store.nameOf(tool['name']) ?? '';
    const use = `${name}\n${textIn(tool, 'arguments')}`;
    waste.toolUses += 1;
    if (tool['is_error'] === 1) {
      waste.failedUses += 1;
      const failure = `${use}\n${textIn(tool, 'error')}`;
      if (failed.has(failure)) waste.retries += 1;
      failed.add(failure);
    }
    if (tool['changed'] !== null) read = new Set();
    else if (reading.test(name) && tool['is_error'] !== 1) {
      if (read.has(use)) {
        waste.rereads += 1;
        waste.rereadCharacters += Number(tool['result'] ?? 0);
      }
      read.add(use);
    }
  }
}

function happenings(store: Store, tools: readonly StoreRow[], prompts: readonly StoreRow[]): SessionHappening[] {
  const text = (row: StoreRow, column: string) => (typeof row[column] === 'string' ? row[column] : undefined);
  return [
    ...prompts.map((row): SessionHappening => ({ kind: 'prompt', atMs: Number(row['at_ms']), sessionId: '' })),
    ...tools.map((row): SessionHappening => ({
      kind: 'tool',
      atMs: Number(row['at_ms']),
      sessionId: '',
      key: textIn(row, 'key'),
      name: store.nameOf(row['name']) ?? '',
      argumentsHash: textIn(row, 'arguments'),
      isError: row['is_error'] === 1,
      errorHash: text(row, 'error'),
      resultCharacters: typeof row['result'] === 'number' ? row['result'] : undefined,
      changedFile: store.nameOf(row['changed']),
    })),
  ].sort((a, b) => a.atMs - b.atMs);
}

function loopsIn(events: readonly SessionHappening[]): number {
  let loops = 0;
  let untilMs = -Infinity;
  for (let end = step; end < events.length + step; end += step) {
    const found = runaway(events.slice(Math.max(0, end - lookedAt), end));
    if (!found) continue;
    if (found.sinceMs > untilMs) loops += 1;
    untilMs = Math.max(untilMs, found.untilMs);
  }
  return loops;
}
