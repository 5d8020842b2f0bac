// What all readings of a Claude Code log share: what a row leaves for the next, which rows are a person's prompts, and
// both ways into a row, from its text and from its bytes. Knows nothing of calls and tools.
import {
  type Carry,
  type LineParser,
  type LogEvent,
  type ParseContext,
  type Parsed,
  type PromptEvent,
  type SkipReason,
} from './agent';
import { type JsonRecord, listOf, recordOf, recordsOfLine, textOf, timeOf } from './record';
import { Finder, longTextOf, type ObjectShape, type Shape, Skimmer } from './skim';

/** What every reading remembers from line to line. */
export interface RowState {
  atMs?: number;
  /** Prompts seen so far, and the last of them. */
  turns: number;
  prompt?: PromptEvent;
}

export interface RowAt<State extends RowState> {
  readonly row: JsonRecord;
  readonly offset: number;
  readonly state: State;
  readonly context: ParseContext;
  readonly events: LogEvent[];
}

export interface RowReading<State extends RowState> {
  readonly needles: readonly string[];
  readonly fresh: State;
  /** What is made of a row's bytes. */
  readonly shape: ObjectShape;
  readonly read: (at: RowAt<State>) => SkipReason | undefined;
  readonly isOfInterest?: LineParser['isOfInterest'];
  /**
   * Rows of tool results: `read`, or left alone, and then what their being there leaves for the next row. Each line's
   * damage is told by one reading: theirs by the one that reads them, others' by the one that does not.
   */
  readonly results: 'read' | ((state: State) => State);
}

/** The fields that tell prompts, with the parts of a message's content that a reading wants beside. */
export function rowShape(content: Readonly<Record<string, Shape>>, more: Readonly<Record<string, Shape>>): ObjectShape {
  return {
    fields: {
      type: 'value',
      timestamp: 'time',
      sessionId: 'value',
      uuid: 'text',
      isSidechain: 'value',
      isMeta: 'value',
      isCompactSummary: 'value',
      isVisibleInTranscriptOnly: 'value',
      permissionMode: 'value',
      message: { fields: { content: { items: { fields: { type: 'value', text: 'text', ...content } } } } },
      ...more,
    },
  };
}

const role = '"role":"';
export const roles = new Finder(role);
const resultType = '"type":"tool_result"';
const results = new Finder(resultType);
const secondRecords = new Finder('}{"');
const letterU = 'u'.charCodeAt(0);

/**
 * A row of a tool's result, told by its bytes: inside a JSON text these would be escaped. A line that holds a second
 * record, its newline lost, is none.
 */
function isResultLine(bytes: Buffer, start: number, end: number): boolean {
  const at = roles.firstIn(bytes, start, end);
  if (at < 0 || bytes[at + role.length] !== letterU) return false;
  return results.firstIn(bytes, at, end) >= 0 && secondRecords.firstIn(bytes, at, end) < 0;
}

function isResultText(line: string): boolean {
  const bytes = Buffer.from(line);
  return isResultLine(bytes, 0, bytes.length);
}

export function parserOf<State extends RowState>(reading: RowReading<State>): LineParser {
  const { needles, isOfInterest, fresh, shape, results: ofResults } = reading;
  const skimmer = new Skimmer(shape);
  const readRows = (rows: readonly JsonRecord[], offset: number, carry: Carry | undefined, context: ParseContext) => {
    const state: State = { ...fresh, ...carry };
    const events: LogEvent[] = [];
    let skipped: SkipReason | undefined;
    for (const row of rows) {
      const atMs = timeOf(row['timestamp']);
      if (atMs !== undefined) state.atMs = atMs;
      skipped = reading.read({ row, offset, state, context, events }) ?? skipped;
    }
    return { events, carry: state as unknown as Carry, skipped };
  };
  const leave = (carry: Carry | undefined): Parsed | undefined =>
    ofResults === 'read' ? undefined : { events: [], carry: ofResults((carry ?? fresh) as State) as unknown as Carry };
  return {
    needles,
    ...(isOfInterest ? { isOfInterest } : {}),
    parseLine(line, offset, carry, context) {
      const isOfResult = line.includes(resultType) && isResultText(line);
      const left = isOfResult ? leave(carry) : undefined;
      if (left) return left;
      const { records, isBroken } = recordsOfLine(line);
      const parsed = readRows(records, offset, carry, context);
      const isToTell = isBroken && isOfResult === (ofResults === 'read');
      return { ...parsed, skipped: parsed.skipped ?? (isToTell ? 'broken-json' : undefined) };
    },
    parseBytes(bytes, start, end, offset, carry, context) {
      const isLeft = ofResults !== 'read' && isResultLine(bytes, start, end);
      const left = isLeft ? leave(carry) : undefined;
      if (left) return left;
      const row = skimmer.read(bytes, start, end);
      return row && readRows([row], offset, carry, context);
    },
  };
}

export function blocksOf(row: JsonRecord): readonly (JsonRecord | undefined)[] {
  return listOf(recordOf(row['message'])?.['content']).map(recordOf);
}

export function isResult(block: JsonRecord | undefined): boolean {
  return block?.['type'] === 'tool_result';
}

/** What a row in the person's name says; `undefined` where the agent wrote it for itself, or with a tool's result. */
export function wordsOf(row: JsonRecord): string | undefined {
  const isOurs = row['isMeta'] === true || row['isSidechain'] === true || row['isCompactSummary'] === true;
  if (isOurs || row['isVisibleInTranscriptOnly'] === true) return undefined;
  const blocks = blocksOf(row);
  if (blocks.some(isResult)) return undefined;
  return longTextOf(recordOf(row['message'])?.['content'])?.toString() ?? promptText(blocks);
}

/** The person's own words: reminders that the agent puts before them are left out. */
export function promptText(blocks: readonly (JsonRecord | undefined)[]): string | undefined {
  const texts = blocks.flatMap((block) =>
    block?.['type'] === 'text' ? (longTextOf(block['text'])?.toString() ?? []) : [],
  );
  return texts.filter((text) => !/^\s*<(system-reminder|ide_\w+)>/.test(text)).join('\n') || undefined;
}

const interruption = /^\s*\[Request interrupted by user/;
/** What the agent writes in the person's name: output of local commands, notices, reminders. */
const notTyped =
  /^\s*<(local-command-\w+|bash-\w+|task-notification|system-reminder|user-memory-input|teammate-message|command-stdout)\b/;

export function isInterruption(text: string): boolean {
  return interruption.test(text);
}

/** Remembers the prompt that these words are and answers it; `undefined` where they are none. */
export function notePrompt<State extends RowState>(at: RowAt<State>, text: string): PromptEvent | undefined {
  const { row, state } = at;
  const sessionId = textOf(row['sessionId']);
  if (notTyped.test(text) || !sessionId || state.atMs === undefined) return undefined;
  const prompt: PromptEvent = {
    kind: 'prompt',
    key: longTextOf(row['uuid'])?.toString() ?? `${sessionId}/${at.offset}`,
    atMs: state.atMs,
    sessionId,
    turn: state.turns,
    place: at.offset,
    characters: text.length,
    ...(row['permissionMode'] === 'plan' ? { planMode: true } : {}),
  };
  state.prompt = prompt;
  state.turns += 1;
  return prompt;
}

export function tellInterrupted({ state, events }: RowAt<RowState>): void {
  if (!state.prompt) return;
  state.prompt = { ...state.prompt, isInterrupted: true };
  events.push(state.prompt);
}
