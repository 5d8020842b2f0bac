// Codex's tool uses: a call row and its output row joined into one event, with the lines a patch changed. Keeps hashes
// and counts; the arguments and outputs themselves stay in the log.
import { type ToolEvent } from './agent';
import { hashOf, type JsonRecord, listOf, recordOf, textOf } from './record';

interface FileChange {
  readonly path: string;
  readonly added: number;
  readonly removed: number;
}

/** A tool use whose output has not been read yet. */
export interface OpenTool {
  readonly id: string;
  readonly name: string;
  readonly hash: string;
  readonly atMs: number;
  readonly promptKey?: string;
  readonly changes?: readonly FileChange[];
}

export const mostOpenTools = 24;
const patchStart = '*** Begin Patch';
const failure =
  /^\s*(?:error|failed|unsupported call|execution error|apply_patch verification failed|exec_command failed)/i;

/** The tool use that a response item begins; undefined for any other item. */
export function toolOf(item: JsonRecord, atMs: number, promptKey: string | undefined): OpenTool | undefined {
  const id = textOf(item.call_id) ?? textOf(item.id);
  const kind = textOf(item.type);
  if (!id || !kind) return undefined;
  const name = kind === 'local_shell_call' ? 'local_shell' : textOf(item.name);
  if (!name) return undefined;
  const text = textOf(item.arguments) ?? textOf(item.input) ?? JSON.stringify(item.action ?? {});
  const changes = text.includes(patchStart) ? changesOf(text) : undefined;
  return { id, name, hash: hashOf(`${name}\n${text}`), atMs, promptKey, changes };
}

/** The events of a tool use: one, and one more for each further file that a patch changed. */
export function toolEvents(tool: OpenTool, sessionId: string, atMs: number, output?: unknown): ToolEvent[] {
  const text = output === undefined ? undefined : outputText(output);
  const isError = text !== undefined && hasFailed(text, output);
  const changes = isError ? [] : (tool.changes ?? []);
  const event: ToolEvent = {
    kind: 'tool',
    key: tool.id,
    atMs,
    sessionId,
    promptKey: tool.promptKey,
    name: tool.name,
    argumentsHash: tool.hash,
    isError: isError || undefined,
    errorHash: isError ? hashOf(text) : undefined,
    resultCharacters: text?.length,
  };
  if (changes.length === 0) return [event];
  return changes.map((change, index) => ({
    ...event,
    key: index === 0 ? tool.id : `${tool.id}.${index}`,
    changedFile: change.path,
    linesAdded: change.added,
    linesRemoved: change.removed,
  }));
}

function outputText(output: unknown): string {
  if (typeof output === 'string') return output;
  const content = recordOf(output)?.content ?? output;
  if (typeof content === 'string') return content;
  return listOf(content)
    .map((part) => textOf(recordOf(part)?.text) ?? '')
    .join('\n');
}

function hasFailed(text: string, output: unknown): boolean {
  if (recordOf(output)?.success === false) return true;
  const code = /(?:Process exited with code |"exit_code":\s*|^Exit code: )(-?\d+)/.exec(
    text.slice(0, 400) + text.slice(-400),
  );
  return code ? code[1] !== '0' : failure.test(text);
}

/** The files of a patch with their changed lines; the patch may stand inside a command or a JSON text. */
function changesOf(text: string): FileChange[] {
  const patch = unescaped(text).split(patchStart)[1]?.split('*** End Patch')[0] ?? '';
  const changes: FileChange[] = [];
  let open: { path: string; added: number; removed: number } | undefined;
  for (const line of patch.split('\n')) {
    const file = /^\*\*\* (?:Update|Add|Delete) File: (.+)$/.exec(line);
    if (file) changes.push((open = { path: file[1]!.trim(), added: 0, removed: 0 }));
    else if (open && line.startsWith('+')) open.added += 1;
    else if (open && line.startsWith('-')) open.removed += 1;
  }
  return changes;
}

/** Arguments are a JSON text in which a patch's line breaks are escaped; free-form input is the patch itself. */
function unescaped(text: string): string {
  if (!text.startsWith('{')) return text;
  try {
    const values = Object.values(recordOf(JSON.parse(text)) ?? {}).flat();
    return values.find((value) => typeof value === 'string' && value.includes(patchStart)) as string;
  } catch {
    return text;
  }
}
