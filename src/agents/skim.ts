// Skims a JSON object that lies in bytes: makes only the fields that a shape names, jumps over the rest, and leaves long
// texts where they are until somebody asks. For logs of gigabytes, where parsing whole lines is most of the work. What
// is not plainly well-formed is refused, for the real parser to judge.

/** A text that is still in the bytes; valid until the next line is read. */
export interface LongText {
  /** UTF-16 code units; of a text of many kilobytes an estimate. */
  readonly length: number;
  toString(): string;
}

/**
 * What to make of a value: `value` the whole of it, `text` a string left where it is (of an object or list its JSON),
 * `time` epoch milliseconds of an ISO text; fields of an object, or the items of a list.
 */
export type Shape = 'value' | 'text' | 'time' | ObjectShape | { readonly items: Shape };
export interface ObjectShape {
  readonly fields: Readonly<Record<string, Shape>>;
}

interface Field {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly shape: CompiledShape;
}
type CompiledShape =
  | { readonly kind: 'value' | 'text' | 'time' }
  | { readonly kind: 'object'; readonly buckets: readonly (readonly Field[])[]; readonly template: object }
  | { readonly kind: 'list'; readonly items: CompiledShape };

const quote = 34;
const backslash = 92;
const comma = 44;
const colon = 58;
const openBrace = 123;
const closeBrace = 125;
const openBracket = 91;
const closeBracket = 93;
const bucketCount = 64;
/** So far a text is looked at byte by byte; beyond, a search is faster. */
const nearBytes = 40;
/** Of longer texts the length is worked out from a sample. */
const exactLengthBytes = 8192;
const noFields: readonly Field[] = [];

function bucketOf(length: number, first: number): number {
  return (length * 7 + first) % bucketCount;
}

function compile(shape: Shape): CompiledShape {
  if (typeof shape === 'string') return { kind: shape };
  if ('items' in shape) return { kind: 'list', items: compile(shape.items) };
  const buckets: Field[][] = Array.from({ length: bucketCount }, () => []);
  for (const [name, inner] of Object.entries(shape.fields)) {
    const bytes = new TextEncoder().encode(name);
    buckets[bucketOf(bytes.length, bytes[0] ?? 0)]!.push({ name, bytes, shape: compile(inner) });
  }
  // Objects that are made alike are read faster: all fields are there from the start.
  const template = Object.fromEntries(Object.keys(shape.fields).map((name) => [name, undefined]));
  return { kind: 'object', buckets, template };
}

/** What ends a skim: the line is for the real parser. */
const refused = Symbol('refused');

class TextInBytes implements LongText {
  #length = -1;

  constructor(
    readonly bytes: Buffer,
    /** Between the quotes; of other values the whole JSON. */
    readonly start: number,
    readonly end: number,
    readonly isString: boolean,
  ) {}

  get length(): number {
    if (this.#length < 0)
      this.#length = this.isString ? unitsOf(this.bytes, this.start, this.end) : this.toString().length;
    return this.#length;
  }

  toString(): string {
    return this.isString
      ? decoded(this.bytes, this.start, this.end)
      : this.bytes.toString('utf8', this.start, this.end);
  }
}

/** A text, in the bytes or out of them; an empty one is none. */
export function longTextOf(value: unknown): LongText | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return value instanceof TextInBytes && value.isString && value.end > value.start ? value : undefined;
}

/** A value's JSON, as it stands in the bytes where it does. */
export function jsonOf(value: unknown): string {
  if (value instanceof TextInBytes && !value.isString) return value.toString();
  return JSON.stringify(value instanceof TextInBytes ? value.toString() : value) ?? '';
}

/** UTF-16 code units of a JSON string's inside. */
function unitsOf(bytes: Buffer, start: number, end: number): number {
  const length = end - start;
  if (length > exactLengthBytes)
    return Math.round((unitsOf(bytes, start, start + exactLengthBytes) * length) / exactLengthBytes);
  let units = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte === backslash) {
      at += bytes[at + 1] === 117 ? 5 : 1;
      units += 1;
    } else if (byte < 128) units += 1;
    // Of a sequence only its first byte counts; four bytes are a pair of surrogates.
    else if (byte >= 240) units += 2;
    else if (byte >= 192) units += 1;
  }
  return units;
}

function decoded(bytes: Buffer, start: number, end: number): string {
  const hasEscapes = bytes.subarray(start, end).includes(backslash);
  return hasEscapes
    ? (JSON.parse(bytes.toString('utf8', start - 1, end + 1)) as string)
    : bytes.toString('utf8', start, end);
}

/** Short texts that come again and again (folders, models, ids of sessions): found by a few of their bytes. */
class KnownTexts {
  readonly #texts: (string | undefined)[] = new Array<string | undefined>(1024);

  get(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length === 0) return '';
    if (length > 96) return decoded(bytes, start, end);
    const slot =
      (length * 131 +
        bytes[start]! * 31 +
        bytes[end - 1]! * 17 +
        bytes[start + (length >> 1)]! * 7 +
        bytes[end - (length >> 2) - 1]!) &
      1023;
    const known = this.#texts[slot];
    if (known !== undefined && isText(known, bytes, start, length)) return known;
    const text = decoded(bytes, start, end);
    this.#texts[slot] = text;
    return text;
  }
}

function isText(text: string, bytes: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let at = 0; at < length; at += 1) {
    const byte = bytes[start + at]!;
    if (byte !== text.charCodeAt(at) || byte > 127) return false;
  }
  return true;
}

/**
 * Finds a byte string in the lines of a buffer, asked line by line: what lies behind the line asked about is remembered,
 * so that no byte is looked at twice. A buffer with other bytes must be another object.
 */
export class Finder {
  readonly #needle: Buffer;
  #bytes: Buffer | undefined;
  /** There is none between these two; at the latter there is one, or it is the buffer's end. */
  #from = 0;
  #at = 0;

  /** `needle` must hold no line break. */
  constructor(needle: string) {
    this.#needle = Buffer.from(needle);
  }

  /** Where the first one lies that begins between `start` and `end`; -1 where there is none. */
  firstIn(bytes: Buffer, start: number, end: number): number {
    if (bytes !== this.#bytes || start < this.#from || start > this.#at) {
      const found = bytes.indexOf(this.#needle, start);
      this.#bytes = bytes;
      this.#from = start;
      this.#at = found < 0 ? bytes.length : found;
    }
    return this.#at < end ? this.#at : -1;
  }
}

/** A reader for one shape of line. Not reentrant. */
export class Skimmer {
  readonly #shape: CompiledShape;
  readonly #known = new KnownTexts();
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;

  constructor(shape: ObjectShape) {
    this.#shape = compile(shape);
  }

  /** The object in these bytes, or `undefined` where it is not plainly one object and nothing else. */
  read(bytes: Buffer, start: number, end: number): Readonly<Record<string, unknown>> | undefined {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#skipSpace();
    if (bytes[this.#at] !== openBrace) return undefined;
    const value = this.#make(this.#shape);
    this.#skipSpace();
    return value === refused || this.#at !== end ? undefined : (value as Readonly<Record<string, unknown>>);
  }

  #skipSpace(): void {
    const bytes = this.#bytes;
    let at = this.#at;
    while (at < this.#end && (bytes[at] === 32 || bytes[at] === 9 || bytes[at] === 13)) at += 1;
    this.#at = at;
  }

  #make(shape: CompiledShape): unknown {
    this.#skipSpace();
    const first = this.#bytes[this.#at];
    if (first === openBrace && shape.kind === 'object') return this.#object(shape.buckets, shape.template);
    if (first === openBracket && shape.kind === 'list') return this.#list(shape.items);
    const start = this.#at;
    if (!this.#skipValue()) return refused;
    if (first === quote) {
      if (shape.kind === 'time') return this.#time(start + 1, this.#at - 1);
      if (shape.kind === 'value') return this.#known.get(this.#bytes, start + 1, this.#at - 1);
      return new TextInBytes(this.#bytes, start + 1, this.#at - 1, true);
    }
    if (shape.kind === 'text' && (first === openBrace || first === openBracket))
      return new TextInBytes(this.#bytes, start, this.#at, false);
    return this.#parsed(start, this.#at);
  }

  /** Numbers, words and whole values that were asked for. */
  #parsed(start: number, end: number): unknown {
    let number = 0;
    let at = start;
    if (end - start < 15) {
      for (; at < end; at += 1) {
        const digit = this.#bytes[at]! - 48;
        if (digit < 0 || digit > 9) break;
        number = number * 10 + digit;
      }
      if (at === end && (this.#bytes[start] !== 48 || end - start === 1)) return number;
    }
    try {
      return JSON.parse(this.#bytes.toString('utf8', start, end)) as unknown;
    } catch {
      return refused;
    }
  }

  /** `2026-11-02T09:15:04.120Z` as milliseconds; another text as it is. */
  #time(start: number, end: number): unknown {
    const bytes = this.#bytes;
    if (end - start !== 24 || bytes[start + 10] !== 84 || bytes[end - 1] !== 90 || bytes[start + 19] !== 46)
      return decoded(bytes, start, end);
    const digits = (at: number, count: number) => {
      let value = 0;
      for (let index = start + at; index < start + at + count; index += 1) value = value * 10 + bytes[index]! - 48;
      return value;
    };
    const month = digits(5, 2);
    const day = digits(8, 2);
    const hour = digits(11, 2);
    const minute = digits(14, 2);
    const second = digits(17, 2);
    const isPlain = month >= 1 && month <= 12 && day >= 1 && day <= 28 && hour < 24 && minute < 60 && second < 60;
    // The last days of a month, and whatever is odd, are for Date to judge.
    return isPlain
      ? Date.UTC(digits(0, 4), month - 1, day, hour, minute, second, digits(20, 3))
      : decoded(bytes, start, end);
  }

  #object(buckets: readonly (readonly Field[])[], template: object): unknown {
    const bytes = this.#bytes;
    const made: Record<string, unknown> = { ...template };
    this.#at += 1;
    this.#skipSpace();
    if (bytes[this.#at] === closeBrace) {
      this.#at += 1;
      return made;
    }
    for (;;) {
      this.#skipSpace();
      if (bytes[this.#at] !== quote) return refused;
      const start = this.#at + 1;
      if (!this.#skipString()) return refused;
      const field = this.#fieldAt(buckets, start, this.#at - 1);
      this.#skipSpace();
      if (bytes[this.#at] !== colon) return refused;
      this.#at += 1;
      if (field) {
        const value = this.#make(field.shape);
        if (value === refused) return refused;
        made[field.name] = value;
      } else if (!this.#skipValue()) return refused;
      this.#skipSpace();
      const next = bytes[this.#at];
      this.#at += 1;
      if (next === closeBrace) return this.#at <= this.#end ? made : refused;
      if (next !== comma) return refused;
    }
  }

  #list(items: CompiledShape): unknown {
    const made: unknown[] = [];
    this.#at += 1;
    this.#skipSpace();
    if (this.#bytes[this.#at] === closeBracket) {
      this.#at += 1;
      return made;
    }
    for (;;) {
      const value = this.#make(items);
      if (value === refused) return refused;
      made.push(value);
      this.#skipSpace();
      const next = this.#bytes[this.#at];
      this.#at += 1;
      if (next === closeBracket) return this.#at <= this.#end ? made : refused;
      if (next !== comma) return refused;
    }
  }

  #fieldAt(buckets: readonly (readonly Field[])[], start: number, end: number): Field | undefined {
    const bytes = this.#bytes;
    const length = end - start;
    for (const field of buckets[bucketOf(length, bytes[start]!)] ?? noFields) {
      if (field.bytes.length !== length) continue;
      let at = 0;
      while (at < length && bytes[start + at] === field.bytes[at]) at += 1;
      if (at === length) return field;
    }
    return undefined;
  }

  /** From the opening quote to behind the closing one. Short texts byte by byte, long ones from quote to quote. */
  #skipString(): boolean {
    const bytes = this.#bytes;
    const end = this.#end;
    let at = this.#at + 1;
    const near = Math.min(end, at + nearBytes);
    while (at < near) {
      const byte = bytes[at];
      if (byte === quote) {
        this.#at = at + 1;
        return true;
      }
      at += byte === backslash ? 2 : 1;
    }
    for (let found = bytes.indexOf(quote, at); found >= 0 && found < end; found = bytes.indexOf(quote, found + 1)) {
      let slashes = found;
      while (slashes > at && bytes[slashes - 1] === backslash) slashes -= 1;
      if ((found - slashes) % 2 === 1) continue;
      this.#at = found + 1;
      return true;
    }
    return false;
  }

  #skipValue(): boolean {
    this.#skipSpace();
    const bytes = this.#bytes;
    const first = bytes[this.#at];
    if (first === quote) return this.#skipString();
    if (first !== openBrace && first !== openBracket) return this.#skipWord();
    let depth = 0;
    while (this.#at < this.#end) {
      const byte = bytes[this.#at];
      if (byte === quote) {
        if (!this.#skipString()) return false;
        continue;
      }
      this.#at += 1;
      if (byte === openBrace || byte === openBracket) depth += 1;
      else if (byte === closeBrace || byte === closeBracket) {
        depth -= 1;
        if (depth === 0) return true;
      }
    }
    return false;
  }

  /** A number, true, false or null; anything else is refused. */
  #skipWord(): boolean {
    const bytes = this.#bytes;
    const start = this.#at;
    let at = start;
    for (; at < this.#end; at += 1) {
      const byte = bytes[at]!;
      const isPart =
        (byte >= 48 && byte <= 57) ||
        (byte >= 97 && byte <= 122) ||
        byte === 45 ||
        byte === 43 ||
        byte === 46 ||
        byte === 69;
      if (!isPart) break;
    }
    this.#at = at;
    const first = bytes[start]!;
    if (at === start || first === 43 || first === 46) return false;
    if (first === 45 || (first >= 48 && first <= 57)) return true;
    const word = bytes.toString('latin1', start, at);
    return word === 'true' || word === 'false' || word === 'null';
  }
}
