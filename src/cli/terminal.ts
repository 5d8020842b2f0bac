// What every command of the command line is handed and may throw, and the one table printer. Knows no command.

/** The outside of a command: streams, clock, environment. Tests hand in their own. */
export interface Io {
  write(text: string): void;
  error(text: string): void;
  /** Standard input, line by line. */
  read(): AsyncIterable<string>;
  /** Standard input, whole. */
  readBytes(): Promise<Uint8Array>;
  now(): number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Where the bundle and the vocabularies lie. */
  readonly programFolder: string;
}

/** The call's words are off: exit code 2, one line that says what to do. */
export class UsageError extends Error {}

/** Something outside is off and the person can mend it: exit code 1, one line that says what to do. */
export class Failure extends Error {}

/** Columns aligned with two spaces between; numbers (marked by `right`) to the right. Ends with a newline. */
export function table(rows: readonly (readonly string[])[], right: readonly number[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, width(cell))));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const padding = ' '.repeat(widths[column]! - width(cell));
        return right.includes(column) ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n') + '\n';
}

/** Terminal columns, near enough: wide East Asian characters and emoji take two. */
function width(text: string): number {
  let columns = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    columns +=
      (code >= 0x1100 && code <= 0x115f) ||
      (code >= 0x2e80 && code <= 0xffdc && !(code >= 0xa4d0 && code < 0xac00)) ||
      code >= 0x1f300
        ? 2
        : 1;
  }
  return columns;
}

/** Text from a log, made harmless for a terminal: no control or direction-changing characters, at most `limit` characters. */
export function harmless(text: string, limit = 80): string {
  let out = '';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
    const isDirection =
      (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code === 0x200e || code === 0x200f;
    out += isControl || isDirection ? '\uFFFD' : character;
    if (out.length >= limit) return `${out.slice(0, limit - 1)}…`;
  }
  return out;
}
