// What the scripted model server and its four wire formats say to each other: a request understood, an answer to be given.
// Knows no format and no agent.

/** Tokens of one answer, in disjoint buckets; `output` includes `reasoning`. */
export interface Usage {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly output: number;
  readonly reasoning: number;
}

/** A tool that a request offers. */
export interface Tool {
  readonly name: string;
  /** JSON schemas of its arguments by name. */
  readonly parameters: Readonly<Record<string, Schema>>;
  /** It takes a program text instead of arguments. */
  readonly isFreeform: boolean;
  readonly namespace?: string;
}

export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** A request, as far as the script needs it. */
export interface Asked {
  readonly model: string;
  readonly isStream: boolean;
  /** Every text of the user's, in order. */
  readonly userTexts: readonly string[];
  readonly tools: readonly Tool[];
  /** The shape that the answer must have, where one is asked for. */
  readonly schema?: Schema;
  /** The client wants to be told the usage of a stream. */
  readonly wantsUsage: boolean;
}

/** A use of one of the offered tools. */
export interface Use {
  readonly name: string;
  readonly namespace?: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** For tools that take a program text. */
  readonly program?: string;
}

export interface Answer {
  readonly number: number;
  readonly model: string;
  readonly think?: string;
  readonly say?: string;
  readonly uses: readonly Use[];
  readonly usage: Usage;
  readonly wantsUsage: boolean;
}

/** One server-sent event; text is sent as it is. */
export interface Frame {
  readonly event?: string;
  readonly data: unknown;
}

export interface Wire {
  readonly name: 'messages' | 'responses' | 'chat' | 'gemini';
  /** Its endpoint. */
  readonly path: RegExp;
  /** It tells cache writes, and their two ages apart. */
  readonly cacheWrites: 'none' | 'sum' | 'by-age';
  understand(body: Record<string, unknown>, path: string): Asked;
  frames(answer: Answer): Iterable<Frame>;
  whole(answer: Answer): unknown;
  refusal(status: number): unknown;
}

export const idOf = (answer: Pick<Answer, 'number'>, prefix: string) =>
  `${prefix}_${String(answer.number).padStart(8, '0')}`;

/** A text in pieces of one word, as models stream it. */
export function pieces(text: string | undefined): readonly string[] {
  return text === undefined ? [] : (text.match(/\S+\s*/g) ?? []);
}

export function promptOf(usage: Usage): number {
  return usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
}

export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The texts of a message body: one text, or parts of which some hold one. */
export function textsOf(content: unknown): string[] {
  if (typeof content === 'string') return [content];
  return asList(content).flatMap((part) => {
    const { text } = asRecord(part);
    return typeof text === 'string' ? [text] : [];
  });
}

/** The texts of the user's messages. */
export function userTextsOf(messages: unknown): string[] {
  return asList(messages)
    .map(asRecord)
    .filter((message) => message['role'] === 'user')
    .flatMap((message) => textsOf(message['content'] ?? message['parts']));
}

export function schemaOf(value: unknown): Schema | undefined {
  return typeof value === 'object' && value !== null ? value : undefined;
}

/** A tool from its name and JSON schema. */
export function toolOf(name: unknown, schema: unknown): Tool {
  return { name: String(name), parameters: schemaOf(schema)?.properties ?? {}, isFreeform: false };
}
