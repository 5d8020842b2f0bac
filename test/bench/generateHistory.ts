// Writes an invented Claude Code history of any size, shaped like real ones: line lengths, streaming duplicates, tool
// results, subagents in files of their own and as progress rows, forks that copy rows. Knows the truth of what it wrote.
// `node out/bench/generateHistory.js FOLDER MEGABYTES [SEED]`.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface GeneratedHistory {
  readonly files: number;
  readonly lines: number;
  readonly bytes: number;
  readonly calls: number;
  readonly inputTokens: number;
  readonly cacheWrite5mTokens: number;
  readonly cacheWrite1hTokens: number;
  readonly cacheReadTokens: number;
  readonly outputTokens: number;
}

export interface HistoryOptions {
  readonly bytes: number;
  readonly seed?: number;
  /** Ends on this moment, epoch ms, and covers the 90 days before. */
  readonly endMs?: number;
}

type Row = Record<string, unknown>;
interface Usage {
  readonly input: number;
  readonly write5m: number;
  readonly write1h: number;
  readonly read: number;
  readonly output: number;
}

const dayMs = 86_400_000;
const tools = ['Bash', 'Read', 'Edit', 'Grep', 'Write'] as const;
const models = ['claude-opus-4-5-20251101', 'claude-sonnet-4-5-20250929', 'claude-haiku-4-5-20251001'] as const;

/** Folder: a Claude Code configuration folder (what CLAUDE_CONFIG_DIR names). */
export function generateHistory(folder: string, options: HistoryOptions): GeneratedHistory {
  return new Generator(folder, options).run();
}

class Generator {
  readonly #random: () => number;
  readonly #pool: string;
  readonly #endMs: number;
  #files = 0;
  #lines = 0;
  #bytes = 0;
  #lastId = 0;
  #sums = {
    calls: 0,
    inputTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    cacheReadTokens: 0,
    outputTokens: 0,
  };

  constructor(
    readonly folder: string,
    readonly options: HistoryOptions,
  ) {
    this.#random = seeded(options.seed ?? 1);
    this.#endMs = options.endMs ?? Date.UTC(2026, 10, 20);
    this.#pool = this.#makePool();
  }

  run(): GeneratedHistory {
    let last: { readonly project: number; readonly rows: readonly Row[] } | undefined;
    while (this.#bytes < this.options.bytes) {
      const project = Math.floor(this.#random() * 40);
      const copied = last && this.#chance(0.04) ? last.rows.slice(0, Math.floor(last.rows.length * 0.4)) : [];
      const rows = this.#session(copied.length > 0 ? last!.project : project, copied);
      last = { project: copied.length > 0 ? last!.project : project, rows };
    }
    return { files: this.#files, lines: this.#lines, bytes: this.#bytes, ...this.#sums };
  }

  /** A session: its file, its subagents' files. `copied`: rows of another session that this one is a fork of. */
  #session(project: number, copied: readonly Row[]): readonly Row[] {
    const id = this.#uuid();
    const cwd = `/home/dev/code/project-${project}`;
    const folder = join(this.folder, 'projects', `-home-dev-work-project-${project}`);
    let atMs = this.#endMs - Math.floor(this.#random() * 90 * dayMs);
    let branch = this.#pick(['main', 'main', 'feature/meter', 'fix/totals']);
    const rows: Row[] = copied.map((row) => ({ ...row, sessionId: id }));
    const base = (): Row => ({
      parentUuid: this.#uuid(),
      isSidechain: false,
      userType: 'external',
      cwd,
      sessionId: id,
      version: '2.1.260',
      gitBranch: branch,
    });
    // A few sessions go on for days.
    const prompts = (this.#chance(0.02) ? 150 : 1) + Math.floor(this.#random() * 8);
    let context = 12_000 + Math.floor(this.#random() * 20_000);
    for (let prompt = 0; prompt < prompts; prompt += 1) {
      atMs += 1000 * (20 + Math.floor(this.#random() * 600));
      if (this.#chance(0.05)) branch = this.#pick(['main', 'feature/meter', 'fix/totals']);
      rows.push({ ...base(), ...this.#user(this.#text(200, 1.2), atMs) });
      rows.push({ type: 'file-history-snapshot', messageId: this.#uuid(), snapshot: { files: this.#text(500, 1) } });
      const steps = 2 + Math.floor(this.#random() * 22);
      for (let step = 0; step < steps; step += 1) {
        atMs += 1000 * (2 + Math.floor(this.#random() * 40));
        const isLast = step === steps - 1;
        context += 800 + Math.floor(this.#random() * 2500);
        rows.push(...this.#call(base, this.#pick(models), atMs, context, isLast));
        if (!isLast && this.#chance(0.03)) rows.push(...this.#subagent(base, folder, id, atMs));
      }
    }
    this.#write(join(folder, `${id}.jsonl`), rows);
    return rows;
  }

  /** One answer on one to five rows, with the tools' results between them. */
  #call(base: () => Row, model: string, atMs: number, context: number, isLast: boolean): Row[] {
    const usage = this.#usage(context);
    const id = `msg_${this.#id(22)}`;
    const requestId = `req_${this.#id(22)}`;
    const rows: Row[] = [];
    const dice = this.#random();
    const count = dice < 0.29 ? 1 : dice < 0.75 ? 2 : dice < 0.94 ? 3 : 4 + Math.floor(this.#random() * 3);
    const results: Row[] = [];
    for (let index = 0; index < count; index += 1) {
      const isEnd = index === count - 1;
      const [block, result] = this.#block(index, isEnd && isLast, atMs, base);
      if (result) results.push(result);
      const output = isEnd ? usage.output : Math.min(usage.output, 1 + Math.floor(this.#random() * 8));
      const stop = isEnd ? (isLast ? 'end_turn' : 'tool_use') : null;
      rows.push(
        this.#answer(
          base(),
          { id, requestId, model, atMs: atMs + index * 300, usage: { ...usage, output } },
          block,
          stop,
        ),
      );
      if (this.#chance(0.25)) rows.push({ ...base(), ...this.#hook(atMs) });
    }
    this.#count(usage);
    return [...rows, ...results];
  }

  #answer(
    base: Row,
    call: { id: string; requestId: string; model: string; atMs: number; usage: Usage },
    block: Row,
    stop: string | null,
  ): Row {
    const { usage } = call;
    return {
      ...base,
      message: {
        model: call.model,
        id: call.id,
        type: 'message',
        role: 'assistant',
        content: [block],
        stop_reason: stop,
        stop_sequence: null,
        usage: {
          input_tokens: usage.input,
          cache_creation_input_tokens: usage.write5m + usage.write1h,
          cache_read_input_tokens: usage.read,
          cache_creation: { ephemeral_5m_input_tokens: usage.write5m, ephemeral_1h_input_tokens: usage.write1h },
          output_tokens: usage.output,
          service_tier: 'standard',
          inference_geo: 'not_available',
        },
      },
      requestId: call.requestId,
      type: 'assistant',
      uuid: this.#uuid(),
      timestamp: new Date(call.atMs).toISOString(),
    };
  }

  /** A block of an answer, and where it uses a tool, the row of its result. */
  #block(index: number, isFinal: boolean, atMs: number, base: () => Row): [Row, Row | undefined] {
    if (isFinal) return [{ type: 'text', text: this.#text(500, 1) }, undefined];
    if (index === 0 && this.#chance(0.45))
      return [{ type: 'thinking', thinking: this.#text(420, 1.1), signature: this.#id(300) }, undefined];
    if (index === 0 && this.#chance(0.5)) return [{ type: 'text', text: this.#text(160, 0.9) }, undefined];
    const id = `toolu_${this.#id(22)}`;
    const name = this.#pick(tools);
    const input = { file_path: `/home/dev/code/file-${this.#id(4)}.ts`, command: this.#text(260, 1.3) };
    return [
      { type: 'tool_use', id, name, input },
      { ...base(), ...this.#result(id, name, atMs + 900) },
    ];
  }

  /** Tool results stand twice on their line, as the agent writes them. */
  #result(id: string, name: string, atMs: number): Row {
    const text = this.#text(650, 1.75);
    const isError = this.#chance(0.04);
    const patch = [{ oldStart: 1, oldLines: 3, newStart: 1, newLines: 4, lines: text.slice(0, 2000).split('\n') }];
    const detail =
      name === 'Edit'
        ? { filePath: '/home/dev/code/a.ts', structuredPatch: patch, originalFile: text }
        : name === 'Read'
          ? { type: 'text', file: { filePath: '/home/dev/code/a.ts', content: text, numLines: 30, startLine: 1 } }
          : { stdout: text, stderr: '', interrupted: false, isImage: false };
    return {
      type: 'user',
      message: {
        role: 'user',
        content: [{ tool_use_id: id, type: 'tool_result', content: text, ...(isError ? { is_error: true } : {}) }],
      },
      uuid: this.#uuid(),
      timestamp: new Date(atMs).toISOString(),
      toolUseResult: isError ? text.slice(0, 200) : detail,
    };
  }

  /** A subagent's own file, and most of its rows once more inside progress rows of the main one. */
  #subagent(base: () => Row, folder: string, session: string, atMs: number): Row[] {
    const agentId = this.#id(7);
    const own = (): Row => ({ ...base(), isSidechain: true, agentId });
    const rows: Row[] = [{ ...own(), ...this.#user(this.#text(400, 0.8), atMs) }];
    let context = 6000;
    const steps = 3 + Math.floor(this.#random() * 14);
    for (let step = 0; step < steps; step += 1) {
      context += 1500;
      rows.push(...this.#call(own, models[2], atMs + step * 3000, context, step === steps - 1));
    }
    this.#write(join(folder, session, 'subagents', `agent-${agentId}.jsonl`), rows);
    return rows.map((row) => ({
      ...base(),
      type: 'progress',
      data: {
        type: 'agent_progress',
        agentId,
        prompt: 'go',
        message: {
          type: row['type'],
          message: row['message'],
          requestId: row['requestId'],
          uuid: row['uuid'],
          timestamp: row['timestamp'],
        },
      },
      parentToolUseID: `toolu_${this.#id(22)}`,
      uuid: this.#uuid(),
      timestamp: row['timestamp'],
    }));
  }

  #user(content: string, atMs: number): Row {
    const timestamp = new Date(atMs).toISOString();
    return { type: 'user', message: { role: 'user', content }, uuid: this.#uuid(), timestamp };
  }

  #hook(atMs: number): Row {
    const timestamp = new Date(atMs).toISOString();
    const data = { type: 'hook_progress', hookEvent: 'PostToolUse', hookName: 'PostToolUse:Bash', command: 'callback' };
    return { type: 'progress', data, toolUseID: `toolu_${this.#id(22)}`, uuid: this.#uuid(), timestamp };
  }

  #usage(context: number): Usage {
    const written = 200 + Math.floor(this.#random() * 2500);
    const isHour = this.#chance(0.61);
    return {
      input: 1 + Math.floor(this.#random() * 12),
      write5m: isHour ? 0 : written,
      write1h: isHour ? written : 0,
      read: context,
      output: 20 + Math.floor(Math.exp(this.#normal() * 1.1 + 5.2)),
    };
  }

  #count(usage: Usage): void {
    this.#sums.calls += 1;
    this.#sums.inputTokens += usage.input;
    this.#sums.cacheWrite5mTokens += usage.write5m;
    this.#sums.cacheWrite1hTokens += usage.write1h;
    this.#sums.cacheReadTokens += usage.read;
    this.#sums.outputTokens += usage.output;
  }

  #write(path: string, rows: readonly Row[]): void {
    mkdirSync(join(path, '..'), { recursive: true });
    const file = openSync(path, 'w');
    for (let from = 0; from < rows.length; from += 200) {
      const text = rows
        .slice(from, from + 200)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join('');
      this.#bytes += writeSync(file, text);
    }
    closeSync(file);
    this.#files += 1;
    this.#lines += rows.length;
  }

  /** A text with a log-normal length. */
  #text(median: number, spread: number): string {
    const length = Math.min(1_000_000, Math.floor(median * Math.exp(this.#normal() * spread)));
    const from = Math.floor(this.#random() * (this.#pool.length - 1));
    const text = this.#pool.slice(from, from + length);
    return text.length === length ? text : text + this.#pool.slice(0, length - text.length);
  }

  /** Something like code and prose: quotes, newlines, some letters beyond ASCII. */
  #makePool(): string {
    const words = [
      'const',
      'value',
      'return',
      '"name"',
      'the',
      'token',
      '=>',
      '{',
      '}',
      'await',
      'reader',
      '\\d+',
      'größer',
      '計算',
      '// note',
      'if (a < b)',
      'import',
      "'x'",
      '0.5',
      'function',
    ];
    const parts: string[] = [];
    for (let length = 0; length < 1_200_000;) {
      const isAscii = parts.length % 40_000 < 36_000;
      const word = this.#pick(words);
      const part = (isAscii ? word.replace(/[^\x20-\x7e]/g, 'o') : word) + (this.#chance(0.12) ? '\n    ' : ' ');
      parts.push(part);
      length += part.length;
    }
    return parts.join('');
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#random() * items.length)]!;
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random());
  }

  #id(length: number): string {
    let id = (this.#lastId += 1).toString(36);
    while (id.length < length) id += Math.floor(this.#random() * 2 ** 31).toString(36);
    return id.slice(0, length);
  }

  #uuid(): string {
    const hex = () =>
      Math.floor(this.#random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0');
    const text = hex() + hex() + hex() + hex();
    return [8, 12, 16, 20].map((end, index) => text.slice([0, 8, 12, 16][index], end)).join('-') + `-${text.slice(20)}`;
  }
}

/** Numbers in [0, 1) that a seed decides (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (process.argv[1]?.includes('generateHistory') && process.argv[2]) {
  const [, , folder, megabytes = '100', seed = '1'] = process.argv;
  console.log(generateHistory(folder, { bytes: Number(megabytes) * 1e6, seed: Number(seed) }));
}
