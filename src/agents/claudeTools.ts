// What a Claude Code log tells of tools: each use with its result, errors, files and lines changed, and prompts that were
// interrupted while a tool ran. Most of a log's bytes are tool results, and no total needs them: they are read after all
// calls.
import {
  blocksOf,
  isInterruption,
  isResult,
  notePrompt,
  parserOf,
  type RowAt,
  rowShape,
  type RowState,
  tellInterrupted,
  wordsOf,
} from './claudeRow';
import { hashOf, type JsonRecord, listOf, recordOf, textOf } from './record';
import { jsonOf, longTextOf, type LongText } from './skim';

interface State extends RowState {
  /** Tool uses without a result so far. */
  tools: readonly PendingTool[];
}

interface PendingTool {
  readonly id: string;
  readonly name: string;
  readonly hash: string;
  readonly promptKey?: string;
}

type Row = RowAt<State>;

const fresh: State = { turns: 0, tools: [] };
const mostPendingTools = 64;

const shape = rowShape(
  {
    id: 'value',
    name: 'value',
    input: 'text',
    tool_use_id: 'value',
    is_error: 'value',
    content: { items: { fields: { text: 'text' } } },
  },
  {
    toolUseResult: {
      fields: {
        type: 'value',
        filePath: 'value',
        content: 'text',
        structuredPatch: { items: { fields: { lines: { items: 'text' } } } },
      },
    },
  },
);

function readRow(at: Row): undefined {
  if (at.row['type'] === 'assistant') noteTools(at);
  if (at.row['type'] === 'user') readUser(at);
  return undefined;
}

function noteTools({ row, state }: Row): void {
  for (const block of blocksOf(row)) {
    const id = textOf(block?.['id']);
    const name = textOf(block?.['name']);
    if (block?.['type'] !== 'tool_use' || !id || !name || state.tools.some((tool) => tool.id === id)) continue;
    const hash = hashOf(`${name}\n${jsonOf(block['input'])}`);
    const promptKey = state.prompt?.key;
    state.tools = [...state.tools, { id, name, hash, ...(promptKey ? { promptKey } : {}) }].slice(-mostPendingTools);
  }
}

function readUser(at: Row): void {
  const blocks = blocksOf(at.row);
  for (const block of blocks) if (block && isResult(block)) tellTool(at, block);
  if (blocks.some(isResult)) return noteInterruption(at, blocks);
  const text = wordsOf(at.row);
  if (text === undefined || isInterruption(text)) return;
  if (notePrompt(at, text)) flushTools(at);
}

function noteInterruption(at: Row, blocks: readonly (JsonRecord | undefined)[]): void {
  const { row } = at;
  const isOurs = row['isMeta'] === true || row['isSidechain'] === true || row['isCompactSummary'] === true;
  if (isOurs || row['isVisibleInTranscriptOnly'] === true) return;
  const words = (block: JsonRecord | undefined) => longTextOf(block?.['text'])?.toString() ?? '';
  if (blocks.some((block) => isInterruption(words(block)))) tellInterrupted(at);
}

/** A new prompt ends the wait for the results of the last one's tools. */
function flushTools({ row, state, events }: Row): void {
  const sessionId = textOf(row['sessionId']) ?? '';
  for (const { id, name, hash, promptKey } of state.tools) {
    const prompt = promptKey ? { promptKey } : {};
    events.push({ kind: 'tool', key: id, atMs: state.atMs ?? 0, sessionId, name, argumentsHash: hash, ...prompt });
  }
  state.tools = [];
}

function tellTool({ row, state, events }: Row, block: JsonRecord): void {
  const id = textOf(block['tool_use_id']);
  const tool = state.tools.find((pending) => pending.id === id);
  const sessionId = textOf(row['sessionId']);
  if (!tool || !sessionId || state.atMs === undefined) return;
  state.tools = state.tools.filter((pending) => pending !== tool);
  const isError = block['is_error'] === true;
  const result = resultText(block['content']);
  events.push({
    kind: 'tool',
    key: tool.id,
    atMs: state.atMs,
    sessionId,
    name: tool.name,
    argumentsHash: tool.hash,
    ...(tool.promptKey ? { promptKey: tool.promptKey } : {}),
    ...(isError ? { isError, errorHash: hashOf(result.text.toString()) } : {}),
    resultCharacters: result.characters,
    ...(isError ? {} : changeOf(recordOf(row['toolUseResult']))),
  });
}

function resultText(content: unknown): { text: LongText; characters: number } {
  const whole = longTextOf(content);
  if (whole) return { text: whole, characters: whole.length };
  const texts = listOf(content).map((part) => longTextOf(recordOf(part)?.['text']) ?? '');
  return { text: texts[0] ?? '', characters: texts.reduce((sum, text) => sum + text.length, 0) };
}

/** The first character of a text; of one in the bytes, nothing else is made. */
function firstOf(text: unknown): string {
  return longTextOf(text)?.toString().charAt(0) ?? '';
}

/** The file that a tool changed, with the lines of its patch; a new file's lines are all added. */
function changeOf(result: JsonRecord | undefined): {
  changedFile?: string;
  linesAdded?: number;
  linesRemoved?: number;
} {
  const changedFile = textOf(result?.['filePath']);
  const hunks = result?.['structuredPatch'];
  if (!result || !changedFile || !Array.isArray(hunks)) return {};
  let linesAdded = 0;
  let linesRemoved = 0;
  for (const hunk of hunks) {
    for (const line of listOf(recordOf(hunk)?.['lines'])) {
      const sign = firstOf(line);
      if (sign === '+') linesAdded += 1;
      if (sign === '-') linesRemoved += 1;
    }
  }
  const created = result['type'] === 'create' ? longTextOf(result['content'])?.toString() : undefined;
  if (created && hunks.length === 0) linesAdded = created.replace(/\n$/, '').split('\n').length;
  return { changedFile, linesAdded, linesRemoved };
}

export const toolsParser = parserOf<State>({
  needles: ['"tool_use"', '"tool_result"', '"user"'],
  fresh,
  shape,
  read: readRow,
  results: 'read',
});
