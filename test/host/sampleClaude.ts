// Unfolds the invented sessions of a Claude Code user into logs as Claude Code writes them: several rows a call with
// growing output, warm caches, one-hour cache writes, subagents in files of their own, a resume that copies history.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type SampleRandom } from './sampleRandom';

export interface ClaudeTemplate {
  readonly agentVersion: string;
  /** Files of each project, for tools to read and edit. */
  readonly projects: Readonly<Record<string, readonly string[]>>;
  readonly replies: readonly string[];
  readonly sessions: readonly SessionTemplate[];
}

interface SessionTemplate {
  readonly name: string;
  readonly title: string;
  readonly project: string;
  readonly branch: string;
  readonly model: string;
  /** Reached through a gateway, which sends no request ids. */
  readonly isGateway?: boolean;
  readonly daysAgo: number;
  /** Parts of the day; of today's elapsed part where it was today. */
  readonly from: number;
  readonly to: number;
  readonly turns: readonly { readonly prompt: string; readonly calls: number }[];
  readonly subagents?: readonly SubagentTemplate[];
  /** The name of an earlier session whose history was copied. */
  readonly resumes?: string;
}

interface SubagentTemplate {
  readonly afterTurn: number;
  readonly type: string;
  readonly model: string;
  readonly task: string;
  readonly calls: number;
}

type Row = Record<string, unknown>;

/** Writes `<home>/.claude/projects/…`. */
export function writeClaudeLogs(home: string, template: ClaudeTemplate, nowMs: number, random: SampleRandom): void {
  const written = new Map<string, readonly Row[]>();
  const oldestFirst = [...template.sessions].sort((a, b) => b.daysAgo - a.daysAgo || a.from - b.from);
  for (const session of oldestFirst) {
    const writer = new SessionWriter(home, template, session, random);
    const [fromMs, toMs] = timesOf(session, nowMs);
    writer.write(written.get(session.resumes ?? '') ?? [], fromMs, toMs);
    written.set(session.name, writer.rows);
  }
}

function timesOf(session: SessionTemplate, nowMs: number): [number, number] {
  const day = new Date(nowMs);
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() - session.daysAgo);
  const lengthMs = session.daysAgo === 0 ? nowMs - day.getTime() : 24 * 3600 * 1000;
  return [day.getTime() + session.from * lengthMs, day.getTime() + session.to * lengthMs];
}

class SessionWriter {
  readonly rows: Row[] = [];
  private readonly id: string;
  private readonly cwd: string;
  private readonly folder: string;
  private contextTokens: number;
  private cachedTokens = 0;
  private parentUuid: string | null = null;

  constructor(
    home: string,
    private readonly template: ClaudeTemplate,
    private readonly session: SessionTemplate,
    private readonly random: SampleRandom,
  ) {
    this.id = random.uuid();
    this.cwd = path.join(home, 'projects', session.project);
    this.folder = path.join(home, '.claude', 'projects', this.cwd.replace(/[^A-Za-z0-9]/g, '-'));
    this.contextTokens = random.between(24_000, 46_000);
  }

  write(history: readonly Row[], fromMs: number, toMs: number): void {
    for (const row of history) this.rows.push({ ...row, sessionId: this.id });
    const callCount = this.session.turns.reduce((sum, turn) => sum + turn.calls, 0);
    const stepMs = (toMs - fromMs) / callCount;
    let atMs = fromMs;
    for (const [index, turn] of this.session.turns.entries()) {
      this.add({ type: 'user', message: { role: 'user', content: turn.prompt } }, atMs);
      if (index === 0) this.rows.push({ type: 'ai-title', aiTitle: this.session.title, sessionId: this.id });
      for (let call = 1; call <= turn.calls; call++) {
        this.addCall(this.session.model, atMs, stepMs, call === turn.calls);
        atMs += stepMs;
      }
      const started = this.session.subagents?.filter((subagent) => subagent.afterTurn === index) ?? [];
      for (const subagent of started) this.writeSubagent(subagent, atMs - stepMs * turn.calls * 0.8, stepMs / 3);
    }
    writeRows(path.join(this.folder, `${this.id}.jsonl`), this.rows);
  }

  private writeSubagent(subagent: SubagentTemplate, fromMs: number, stepMs: number): void {
    const writer = new SessionWriter('', this.template, this.session, this.random);
    const agentId = this.random.letters(8, '0123456789abcdef');
    writer.contextTokens = this.random.between(9000, 16_000);
    writer.add({ type: 'user', message: { role: 'user', content: subagent.task } }, fromMs);
    for (let call = 1; call <= subagent.calls; call++) {
      writer.addCall(subagent.model, fromMs + call * stepMs, stepMs, call === subagent.calls);
    }
    const own = { isSidechain: true, agentId, sessionId: this.id, cwd: this.cwd };
    const file = path.join(this.folder, this.id, 'subagents', `agent-${agentId}`);
    const rows = writer.rows.map((row) => ({ ...row, ...own }));
    writeRows(`${file}.jsonl`, rows);
    fs.writeFileSync(`${file}.meta.json`, JSON.stringify({ agentType: subagent.type, description: subagent.task }));
  }

  /** One model call and the results of the tools it used. */
  private addCall(model: string, atMs: number, stepMs: number, isLast: boolean): void {
    const { random } = this;
    const outputTokens = isLast ? random.between(180, 650) : random.between(200, 2000);
    const grownTokens = Math.max(0, this.contextTokens - this.cachedTokens);
    const usage = {
      input_tokens: random.between(2, 12),
      cache_creation_input_tokens: grownTokens,
      cache_read_input_tokens: this.cachedTokens,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: grownTokens },
      output_tokens: outputTokens,
      service_tier: 'standard',
    };
    const message = { id: `msg_01${random.letters(22)}`, type: 'message', role: 'assistant', model };
    const requestId = this.session.isGateway ? {} : { requestId: `req_011C${random.letters(20)}` };
    const tool = isLast ? undefined : this.toolUse();
    const blocks = [
      ...(random.next() < 0.4 ? [{ type: 'thinking', thinking: '', signature: random.letters(80) }] : []),
      ...(isLast || random.next() < 0.3 ? [{ type: 'text', text: random.pick(this.template.replies) }] : []),
      ...(tool === undefined ? [] : [tool]),
    ];
    for (const [index, block] of blocks.entries()) {
      const isFinal = index === blocks.length - 1;
      // Rows before the last carry what was known when the block began.
      const output_tokens = isFinal ? outputTokens : Math.min(outputTokens, random.between(1, 9));
      const stop_reason = isFinal ? (isLast ? 'end_turn' : 'tool_use') : null;
      const content = { ...message, content: [block], stop_reason, usage: { ...usage, output_tokens } };
      this.add({ type: 'assistant', ...requestId, message: content }, atMs + (stepMs * (index + 1)) / 8);
    }
    this.cachedTokens = this.contextTokens;
    this.contextTokens += outputTokens;
    if (tool !== undefined) this.addResult(tool.id, atMs + stepMs / 2);
    if (this.contextTokens > 150_000) this.contextTokens = random.between(30_000, 40_000);
    if (this.contextTokens < this.cachedTokens) this.cachedTokens = 0;
  }

  private toolUse(): { type: string; id: string; name: string; input: Row } {
    const { random } = this;
    const file_path = path.join(this.cwd, random.pick(this.template.projects[this.session.project]!));
    const [name, input] = random.pick<[string, Row]>([
      ['Read', { file_path }],
      ['Grep', { pattern: random.pick(['night', 'berth', 'slack', 'def ']), path: this.cwd }],
      ['Edit', { file_path, old_string: 'return False', new_string: 'return is_free(berth, night)' }],
      ['Bash', { command: 'make test', description: 'Run the tests' }],
    ]);
    return { type: 'tool_use', id: `toolu_01${random.letters(22)}`, name, input };
  }

  private addResult(toolUseId: string, atMs: number): void {
    const lines = this.random.between(4, 40);
    const text = Array.from({ length: lines }, (_, line) => `${line + 1}\tberth ${this.random.between(1, 80)}: free`);
    const content = [{ type: 'tool_result', tool_use_id: toolUseId, content: text.join('\n') }];
    this.add({ type: 'user', message: { role: 'user', content } }, atMs);
    this.contextTokens += this.random.between(600, 4200);
  }

  private add(row: Row, atMs: number): void {
    const uuid = this.random.uuid();
    this.rows.push({
      parentUuid: this.parentUuid,
      isSidechain: false,
      userType: 'external',
      cwd: this.cwd,
      sessionId: this.id,
      version: this.template.agentVersion,
      gitBranch: this.session.branch,
      entrypoint: 'cli',
      ...row,
      uuid,
      timestamp: new Date(atMs).toISOString(),
    });
    this.parentUuid = uuid;
  }
}

function writeRows(file: string, rows: readonly Row[]): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}
