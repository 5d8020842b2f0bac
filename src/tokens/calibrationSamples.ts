// Reads a Claude Code log, line by line, for what it says of the true size of known texts: how far the prompt grew
// from one call to the next, and how long an output was. Lines in, numbers out: a text is measured and let go.
//
// Three kinds of sample. `result`: growth of the prompt minus the recorded output = the tool results alone. `output`:
// a recorded output without thinking (whose text is not what was counted). `pair`: the whole growth, where the output
// was not recorded. What else may stand in a prompt spoils a sample, and it is dropped: images, text of the person,
// attachments, compactions, plans (the client rewrites their call), what hooks had to say, results that are missing or
// not the call's own.
import { type ContentKind, kindOfPath, kindOfResult } from './contentKind.js';
import { type Encoder } from './encoder.js';
import { addTimes, type Features, noFeatures } from './textFeatures.js';

/** One known size. Numbers and ids only. */
export interface Sample {
  /** `vendor`: not from a log, but counted by the vendor on the person's word; the text alone, without framing. */
  readonly source: 'result' | 'output' | 'pair' | 'vendor';
  readonly model: string;
  readonly project: string;
  readonly sessionId: string;
  readonly atMs: number;
  /** What the log says: tokens of texts and framing together. */
  readonly loggedTokens: number;
  /** Of the texts alone, by o200k_base. */
  readonly tokens: number;
  readonly features: Features;
  readonly results: number;
  readonly toolUses: number;
  readonly parameters: number;
  /** The kind that makes up at least 85 % of the tokens, else mixed. */
  readonly kind: ContentKind;
}

/** Texts measured together. */
interface Measured {
  tokens: number;
  readonly features: Features;
  readonly byKind: Map<ContentKind, number>;
}

interface Call {
  readonly id: string;
  readonly model: string;
  readonly rows: Set<string>;
  readonly promptTokens: number;
  outputTokens: number;
  isRecorded: boolean;
  hasThinking: boolean;
  isSpoiled: boolean;
  readonly said: Measured;
  readonly tools: Map<string, ContentKind>;
  parameters: number;
  readonly atMs: number;
  readonly sessionId: string;
  readonly project: string;
  /** What came after its first row, up to the next call. */
  readonly parents: Map<string, string>;
  readonly results: Measured;
  readonly answered: Set<string>;
  isGrowthSpoiled: boolean;
  /** A hook looked at it before it ran. */
  mayBeRefused: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** Samples below this many o200k tokens say more of framing than of text. */
export const LEAST_TOKENS = 200;

export class SampleReader {
  readonly #encoder: Encoder;
  readonly #take: (sample: Sample) => void;
  /** The last call of the main conversation and of each agent beside it. */
  readonly #chains = new Map<string, Call>();
  /** Calls read before: resumed and forked sessions repeat their rows in a new file. */
  readonly #seen: Set<string>;
  readonly #rows = new Set<string>();

  /** `encoder` must be o200k_base's; `seen` is shared by the readers of all files. One reader per file. */
  constructor(encoder: Encoder, take: (sample: Sample) => void, seen: Set<string> = new Set()) {
    this.#encoder = encoder;
    this.#take = take;
    this.#seen = seen;
  }

  /** One line of the log. Lines that are not rows of a conversation, or not JSON, are passed over. */
  line(text: string): void {
    if (!text.includes('"uuid"')) return;
    let row: unknown;
    try {
      row = JSON.parse(text);
    } catch {
      return;
    }
    if (!isObject(row) || typeof row['uuid'] !== 'string' || this.#rows.has(row['uuid'])) return;
    this.#rows.add(row['uuid']);
    // The agent that writes a compaction's summary is sent more than its own log shows.
    if (textOf(row['agentId']).startsWith('acompact')) return;
    const chain = row['isSidechain'] === true ? `side ${textOf(row['agentId'])}` : '';
    const call = this.#chains.get(chain);
    if (row['type'] === 'assistant' && isObject(row['message'])) this.#assistant(row, row['message'], chain, call);
    else if (call) this.#between(row, call);
  }

  /** The file is at its end. */
  end(): void {
    for (const call of this.#chains.values()) this.#tellOutput(call);
    this.#chains.clear();
    this.#rows.clear();
  }

  #assistant(row: Json, message: Json, chain: string, last: Call | undefined): void {
    const id = textOf(message['id']);
    const uuid = textOf(row['uuid']);
    const usage = message['usage'];
    if (id === '' || message['model'] === '<synthetic>' || !isObject(usage)) {
      last?.parents.set(uuid, textOf(row['parentUuid']));
      return;
    }
    let call = last?.id === id ? last : undefined;
    if (!call) {
      call = newCall(row, message, usage);
      if (last) {
        this.#tellGrowth(last, call, textOf(row['parentUuid']));
        this.#tellOutput(last);
      }
      this.#chains.set(chain, call);
    }
    call.rows.add(uuid);
    call.outputTokens = Math.max(call.outputTokens, numberOf(usage['output_tokens']));
    if (typeof message['stop_reason'] === 'string') call.isRecorded = true;
    for (const block of listOf(message['content'])) this.#said(block, call);
  }

  #said(block: Json, call: Call): void {
    switch (block['type']) {
      case 'text':
        return this.#measure(call.said, textOf(block['text']), 'prose', call);
      case 'thinking':
      case 'redacted_thinking':
        call.hasThinking = true;
        return;
      case 'tool_use': {
        const name = textOf(block['name']);
        const input = isObject(block['input']) ? block['input'] : {};
        if (name === 'ExitPlanMode') call.isSpoiled = true;
        const kind = kindOfPath(textOf(input['file_path'] ?? input['notebook_path']));
        call.tools.set(textOf(block['id']), kindOfResult(name, kind));
        for (const value of Object.values(input)) {
          call.parameters++;
          const text = typeof value === 'string' ? value : JSON.stringify(value);
          this.#measure(call.said, text, name === 'Bash' ? 'shell' : kind, call);
        }
        return;
      }
      default:
        call.isSpoiled = true;
    }
  }

  #between(row: Json, call: Call): void {
    call.parents.set(textOf(row['uuid']), textOf(row['parentUuid']));
    if (row['type'] === 'user') this.#user(row, call);
    else if (row['type'] === 'attachment') {
      if (!isObject(row['attachment']) || row['attachment']['type'] !== 'hook_success') call.isGrowthSpoiled = true;
    } else if (row['type'] === 'system' && row['subtype'] === 'compact_boundary') call.isGrowthSpoiled = true;
    else if (row['type'] === 'progress') {
      const words = wordsOfHook(row['data']);
      if (words === 'findings') call.isGrowthSpoiled = true;
      if (words === 'refusal') call.mayBeRefused = true;
    }
  }

  #user(row: Json, call: Call): void {
    const content = isObject(row['message']) ? row['message']['content'] : undefined;
    if (row['isMeta'] === true || row['isCompactSummary'] === true || !Array.isArray(content)) {
      call.isGrowthSpoiled = true;
      return;
    }
    for (const block of listOf(content)) {
      const id = textOf(block['tool_use_id']);
      const kind = call.tools.get(id);
      const isRefused = call.mayBeRefused && block['is_error'] === true;
      if (block['type'] !== 'tool_result' || kind === undefined || call.answered.has(id) || isRefused) {
        call.isGrowthSpoiled = true;
        return;
      }
      call.answered.add(id);
      const inner = block['content'];
      if (typeof inner === 'string') this.#measure(call.results, inner, kind, call);
      else {
        for (const part of listOf(inner)) {
          if (part['type'] === 'text') this.#measure(call.results, textOf(part['text']), kind, call);
          else call.isGrowthSpoiled = true;
        }
      }
    }
  }

  #measure(into: Measured, text: string, kind: ContentKind, call: Call): void {
    if (/\bREDACTED\b|\[redacted/.test(text)) call.isSpoiled = true;
    const tokens = this.#encoder.measure(text, into.features);
    into.tokens += tokens;
    into.byKind.set(kind, (into.byKind.get(kind) ?? 0) + tokens);
  }

  /** The growth of the prompt from a call to its successor, if all that grew it is known. */
  #tellGrowth(call: Call, next: Call, parent: string): void {
    const growth = next.promptTokens - call.promptTokens;
    if (call.isSpoiled || call.isGrowthSpoiled || call.model !== next.model || growth <= 0) return;
    if (call.tools.size === 0 || call.answered.size !== call.tools.size || !leadsTo(call, parent)) return;
    if (call.isRecorded) {
      this.#tell(call, 'result', growth - call.outputTokens, [call.results]);
    } else if (!call.hasThinking) this.#tell(call, 'pair', growth, [call.said, call.results]);
  }

  #tellOutput(call: Call): void {
    if (call.isRecorded && !call.hasThinking && !call.isSpoiled)
      this.#tell(call, 'output', call.outputTokens, [call.said]);
  }

  #tell(call: Call, source: Sample['source'], loggedTokens: number, parts: readonly Measured[]): void {
    const tokens = parts.reduce((sum, part) => sum + part.tokens, 0);
    const key = `${source} ${call.id}`;
    if (tokens < LEAST_TOKENS || loggedTokens <= 0 || this.#seen.has(key)) return;
    this.#seen.add(key);
    const features = noFeatures();
    for (const part of parts) addTimes(features, part.features, 1);
    this.#take({
      source,
      model: call.model,
      project: call.project,
      sessionId: call.sessionId,
      atMs: call.atMs,
      loggedTokens,
      tokens,
      features,
      results: source === 'output' ? 0 : call.answered.size,
      toolUses: source === 'result' ? 0 : call.tools.size,
      parameters: source === 'result' ? 0 : call.parameters,
      kind: mainKind(parts, tokens),
    });
  }
}

function newCall(row: Json, message: Json, usage: Json): Call {
  const input = numberOf(usage['input_tokens']);
  return {
    id: textOf(message['id']),
    model: textOf(message['model']),
    rows: new Set(),
    promptTokens: input + numberOf(usage['cache_creation_input_tokens']) + numberOf(usage['cache_read_input_tokens']),
    outputTokens: 0,
    isRecorded: false,
    hasThinking: false,
    isSpoiled: false,
    said: nothingMeasured(),
    tools: new Map(),
    parameters: 0,
    atMs: Date.parse(textOf(row['timestamp'])) || 0,
    sessionId: textOf(row['sessionId']),
    project: textOf(row['cwd']),
    parents: new Map(),
    results: nothingMeasured(),
    answered: new Set(),
    isGrowthSpoiled: false,
    mayBeRefused: false,
  };
}

function nothingMeasured(): Measured {
  return { tokens: 0, features: noFeatures(), byKind: new Map() };
}

/**
 * What a hook of the person's that ran may have put into the prompt, in the versions that tell of hooks but not of
 * their words. After an edit or a failure: findings, in no row. Before a tool: a refusal, which is sent twice and
 * logged once. Hooks after all other tools only take notes, and Claude Code's own (`callback`) say nothing.
 */
function wordsOfHook(progress: unknown): 'none' | 'findings' | 'refusal' {
  if (!isObject(progress) || progress['type'] !== 'hook_progress' || progress['command'] === 'callback') return 'none';
  const name = textOf(progress['hookName']);
  if (name.startsWith('PreToolUse:')) return 'refusal';
  return /^PostToolUse(Failure:|:(Edit|MultiEdit|Write|NotebookEdit)$)/.test(name) ? 'findings' : 'none';
}

/** Is the call the nearest one above this row? */
function leadsTo(call: Call, parent: string): boolean {
  let row: string | undefined = parent;
  for (let steps = 0; row !== undefined && steps <= call.parents.size; steps++) {
    if (call.rows.has(row)) return true;
    row = call.parents.get(row);
  }
  return false;
}

function mainKind(parts: readonly Measured[], tokens: number): ContentKind {
  const sums = new Map<ContentKind, number>();
  for (const part of parts) for (const [kind, sum] of part.byKind) sums.set(kind, (sums.get(kind) ?? 0) + sum);
  for (const [kind, sum] of sums) if (sum >= tokens * 0.85) return kind;
  return 'mixed';
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
