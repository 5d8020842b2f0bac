// The block between `---` lines at a file's very start, read as the flat keys that instruction files use. Not YAML:
// nested maps, anchors and block scalars are left as they stand.

export interface FrontMatter {
  /** Top-level keys with their value: a string, or the items of a list. Keys without a value are ''. */
  readonly values: ReadonlyMap<string, string | readonly string[]>;
  /** Offset of the first character after the block's last line; 0 where there is no block. */
  readonly endOffset: number;
}

const none: FrontMatter = { values: new Map(), endOffset: 0 };

/** Agents read a block only when `---` is the file's first line. */
export function readFrontMatter(text: string): FrontMatter {
  const opening = /^\uFEFF?---[ \t]*\r?\n/.exec(text);
  if (!opening) return none;
  const closing = /^---[ \t]*(?:\r?\n|$)/gm;
  closing.lastIndex = opening[0].length;
  const end = closing.exec(text);
  if (!end) return none;
  return { values: readKeys(text.slice(opening[0].length, end.index)), endOffset: end.index + end[0].length };
}

function readKeys(block: string): ReadonlyMap<string, string | readonly string[]> {
  const values = new Map<string, string | readonly string[]>();
  let key: string | undefined;
  let items: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const item = /^\s*-\s+(.*)$/.exec(line);
    const pair = /^([A-Za-z][\w-]*)\s*:\s*(.*)$/.exec(line);
    if (item && key !== undefined) {
      items.push(unquote(item[1]!));
      values.set(key, items);
    } else if (pair) {
      key = pair[1]!;
      items = [];
      values.set(key, readValue(pair[2]!));
    }
  }
  return values;
}

function readValue(raw: string): string | readonly string[] {
  const value = raw.trim();
  if (value.startsWith('[') && value.endsWith(']')) {
    return value
      .slice(1, -1)
      .split(',')
      .map(unquote)
      .filter((item) => item !== '');
  }
  return unquote(value);
}

function unquote(raw: string): string {
  const value = raw.replace(/\s+#.*$/, '').trim();
  return /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value;
}

/** A value as a list of globs: a list as it is, a string split at commas outside braces. */
export function globsIn(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  const parts = typeof value === 'string' ? value.split(/,(?![^{]*\})/) : value;
  return parts.map((part) => unquote(part)).filter((part) => part !== '');
}

/** A value as one line of text; '' where it is missing or a list. */
export function textIn(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}
