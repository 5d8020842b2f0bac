// Takes values out of parsed JSON of unknown shape: the checks that every agent needs before a number or a time counts.
// Knows nothing of any agent's fields.
import { listOf, tokensOf, hashOf } from './record';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object, or an empty one. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The object that a JSON text holds; undefined where it is no JSON or something else. */
export function parseObject(text: string): JsonObject | undefined {
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}

/** Whatever a JSON text holds; undefined where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Several of one object's token fields, in order; undefined where one of them is broken. */
export function tokenFields<Names extends readonly string[]>(
  from: JsonObject,
  ...names: Names
): { readonly [Index in keyof Names]: number } | undefined {
  const values: number[] = [];
  for (const name of names) {
    const value = tokensOf(from[name]);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values as { [Index in keyof Names]: number };
}

/** Dollars as logged. Agents write 0 where they know no price: that is unknown, not free. */
export function dollarsOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 && value < 1_000_000 ? value : undefined;
}

/** Equal for equal uses of a tool. */
export function toolHash(name: string, argument: unknown): string {
  return hashOf(`${name}\n${JSON.stringify(argument) ?? ''}`);
}

/** The value of a JSON pointer (RFC 6901) inside a parsed document. */
export function atPointer(document: unknown, pointer: string): unknown {
  let value = document;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    value = Array.isArray(value) ? value[Number(name)] : objectOf(value)[name];
  }
  return value;
}

/** The text of a message body: a text, or a list of parts of which some hold a text. */
export function textOfParts(content: unknown): string {
  if (typeof content === 'string') return content;
  const texts: string[] = [];
  for (const part of listOf(content)) {
    const text = objectOf(part).text;
    if (typeof text === 'string') texts.push(text);
  }
  return texts.join('\n');
}

/** The last name in a path of either system, without its ending. */
export function stemOf(path: string): string {
  const name = path.split(/[\\/]/).at(-1) ?? '';
  return name.replace(/\.[^.]*$/, '');
}

/** A path below a folder, in the folder's own separators. */
export function below(folder: string, ...names: readonly string[]): string {
  const separator = folder.includes('\\') ? '\\' : '/';
  return [folder.replace(/[\\/]+$/, ''), ...names].join(separator);
}
