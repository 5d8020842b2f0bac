// Reading fields of JSON that nobody vouches for: what is missing or of the wrong type is `undefined`, a token figure
// that cannot be one is told apart from a missing one. Knows no agent's format.

export type JsonRecord = Readonly<Record<string, unknown>>;

/** More tokens than any call or session can have: a figure above is damage. */
const mostTokens = 1e10;
const year2000Ms = 946_684_800_000;
const year2100Ms = 4_102_444_800_000;

export function recordOf(value: unknown): JsonRecord | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A string with something in it. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Tokens; missing and null are 0 (proxies write null). `undefined` for what cannot be a count. */
export function tokensOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return 0;
  return typeof value === 'number' && value >= 0 && value <= mostTokens ? Math.round(value) : undefined;
}

/** Dollars or credits as an agent reports them; `undefined` where it reports none. */
export function amountOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= 1e9 ? value : undefined;
}

/** Epoch milliseconds of an ISO time, or of a number of milliseconds. */
export function timeOf(value: unknown): number | undefined {
  const atMs = typeof value === 'string' ? Date.parse(value) : typeof value === 'number' ? Math.round(value) : NaN;
  return atMs >= year2000Ms && atMs <= year2100Ms ? atMs : undefined;
}

/** The JSON objects of one line. */
export interface LineRecords {
  readonly records: readonly JsonRecord[];
  /** A part of the line was no JSON. */
  readonly isBroken: boolean;
}

/** Tries at finding where one record ends and the next begins, so that a damaged line costs a bounded time. */
const mostTries = 24;

/**
 * The records of a line: one as a rule; two where a newline was lost; the second alone where the first was cut by a
 * crash and the next was written straight behind it.
 */
export function recordsOfLine(line: string): LineRecords {
  const whole = parsed(line);
  if (whole !== undefined) {
    const record = recordOf(whole);
    return { records: record ? [record] : [], isBroken: false };
  }
  let tries = 0;
  for (let at = line.indexOf('{"', 1); at > 0 && tries < mostTries; at = line.indexOf('{"', at + 1)) {
    // A record inside another follows a colon, a comma or a bracket; one that was written behind another as a rule
    // does not, or it begins as the line does.
    if (':,['.includes(line[at - 1] ?? '') && !line.startsWith(line.slice(at, at + 12))) continue;
    tries += 1;
    const rest = recordOf(parsed(line.slice(at)));
    const first = recordOf(parsed(line.slice(0, at)));
    if (first && rest) return { records: [first, rest], isBroken: false };
    if (rest) return { records: [rest], isBroken: true };
    if (first) {
      const behind = recordsOfLine(line.slice(at));
      return { records: [first, ...behind.records], isBroken: behind.isBroken };
    }
  }
  return { records: [], isBroken: line.trim() !== '' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** 32-bit FNV-1a in base 36. Of a long text the ends and the length are taken: enough to tell equal from unequal. */
export function hashOf(text: string): string {
  const head = text.length > 8192 ? text.slice(0, 4096) : text;
  let hash = mixed(0x811c9dc5, head);
  if (text.length > 8192) hash = mixed(hash, `${text.length}:${text.slice(-4096)}`);
  return (hash >>> 0).toString(36);
}

function mixed(start: number, text: string): number {
  let hash = start;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
