// What a task's rows and the files beside them tell of it before its calls are read: folder, model, format, deletions.
// Knows the files of Cline, Roo Code and Kilo Code; reads no figure that is handed out.
import { type ParseContext } from './agent';
import { type JsonObject, parseObject } from './logValues';
import { timeOf, tokensOf } from './record';

export function companion(context: ParseContext, name: string): string | undefined {
  return Object.entries(context.companions).find(([path]) => path.endsWith(name))?.[1];
}

/** The row's own JSON, which stands in its `text`. */
export function payload(row: JsonObject): JsonObject {
  return typeof row.text === 'string' && row.text.startsWith('{') ? (parseObject(row.text) ?? {}) : {};
}

export function cwdIn(text: string): string | undefined {
  return /# Current (?:Workspace|Working) Directory \(([^)\n]+)\)/.exec(text.replaceAll('\\\\', '\\'))?.[1];
}

export function modelIn(text: string): string | undefined {
  return /<model>([^<\n]{1,200})<\/model>/.exec(text)?.[1];
}

/** Before rows named their protocol, Anthropic's input came without the cache: a row with less input than cache shows it. */
export function isOlderFormat(rows: readonly JsonObject[]): boolean {
  const calls = rows.filter((row) => row.say === 'api_req_started').map(payload);
  if (calls.some((call) => call.apiProtocol !== undefined)) return false;
  return calls.some(({ tokensIn, cacheWrites, cacheReads }) => {
    const input = tokensOf(tokensIn) ?? 0;
    return input > 0 && input < (tokensOf(cacheWrites) ?? 0) + (tokensOf(cacheReads) ?? 0);
  });
}

export function lastDeletion(deletedRow: string, rows: readonly JsonObject[]): number | undefined {
  return rows.reduce<number | undefined>((last, row) => {
    const atMs = row.say === deletedRow ? timeOf(row.ts) : undefined;
    return atMs === undefined ? last : Math.max(last ?? 0, atMs);
  }, undefined);
}

export function folderName(path: string): string {
  return path.split(/[\\/]/).at(-2) ?? '';
}
