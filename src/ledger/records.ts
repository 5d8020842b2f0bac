// Single records for those who look closer than totals do: sessions, prompts with what they cost and changed, calls and
// tool uses since a moment, plan windows. Figures and ids only; words are read again from the logs (reread.ts).
import { type SQLInputValue } from 'node:sqlite';
import { type AgentId, type Place, type UsageEvent } from '../agents/agent';
import { quarterMs } from './calendar';
import { callOf } from './eventWriter';
import { unrecordedOutput } from './merge';
import { isOfManyPrompts } from './promptOwner';
import { type Store, type StoreRow, textIn } from './store';
import { type Sums } from './sums';
import { addFigures, noFigures, totalsRow, type TotalsRow } from './totals';

export interface SessionSummary {
  readonly agent: AgentId;
  readonly sessionId: string;
  readonly parentSessionId?: string;
  readonly project?: string;
  readonly branch?: string;
  readonly surface?: string;
  readonly agentVersion?: string;
  /** Epoch milliseconds of the first and the last call. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly calls: number;
  readonly prompts: number;
  /** Its title can be read again (`sessionTitle`). */
  readonly hasTitle: boolean;
}

export interface PromptSummary {
  readonly agent: AgentId;
  readonly key: string;
  readonly sessionId: string;
  readonly atMs: number;
  /** 0 for the session's first prompt. */
  readonly turn: number;
  readonly file: string;
  readonly place: Place;
  readonly characters: number;
  readonly planMode: boolean;
  readonly isInterrupted: boolean;
  /** What it cost; `key` is the prompt's. Subagents' calls are in it. */
  readonly totals: TotalsRow;
  readonly models: readonly string[];
  readonly toolUses: number;
  readonly toolErrors: number;
  readonly toolNames: readonly string[];
  readonly changedFiles: number;
  readonly linesAdded: number;
  readonly linesRemoved: number;
}

export interface ToolUse {
  readonly agent: AgentId;
  readonly key: string;
  readonly sessionId: string;
  readonly atMs: number;
  readonly promptKey?: string;
  readonly name: string;
  readonly argumentsHash: string;
  readonly isError: boolean;
  readonly errorHash?: string;
  readonly resultCharacters?: number;
  readonly changedFile?: string;
  readonly linesAdded?: number;
  readonly linesRemoved?: number;
}

export interface CallRecord extends UsageEvent {
  readonly agent: AgentId;
  readonly costUsd?: number;
}

export interface PlanWindow {
  readonly agent: AgentId;
  readonly name: string;
  readonly windowMinutes: number;
  readonly atMs: number;
  readonly usedPercent: number;
  readonly resetsAtMs?: number;
  readonly plan?: string;
}

/** Sessions with calls since a quarter hour. */
const activeSince = '(SELECT DISTINCT session FROM sums WHERE quarter >= ?)';

export class Records {
  readonly #store: Store;
  readonly #sums: Sums;

  constructor(store: Store, sums: Sums) {
    this.#store = store;
    this.#sums = sums;
  }

  /** Sessions with calls since a moment, the latest first. */
  sessions(sinceMs: number, limit: number): SessionSummary[] {
    const rows = this.#store.all(
      'SELECT sessions.*, min(at_ms) AS first_ms, max(at_ms) AS last_ms, count(*) AS calls, ' +
        '(SELECT count(*) FROM prompts WHERE prompts.session = sessions.id) AS prompts, ' +
        '(SELECT project FROM projects WHERE projects.cwd = sessions.cwd) AS project ' +
        `FROM sessions JOIN calls ON calls.session = sessions.id WHERE counts = 1 AND sessions.id IN ${activeSince} ` +
        'GROUP BY sessions.id HAVING last_ms >= ? ORDER BY last_ms DESC LIMIT ?',
      Math.floor(sinceMs / quarterMs),
      sinceMs,
      limit,
    );
    return rows.map((row) => ({
      agent: this.#agentOf(row),
      sessionId: textIn(row, 'name'),
      ...this.#optional('parentSessionId', row['parent']),
      ...this.#named('project', row['project'] ?? row['cwd']),
      ...this.#named('branch', row['branch']),
      ...this.#optional('surface', row['surface']),
      ...this.#optional('agentVersion', row['version']),
      firstMs: Number(row['first_ms']),
      lastMs: Number(row['last_ms']),
      calls: Number(row['calls']),
      prompts: Number(row['prompts']),
      hasTitle: row['title_place'] !== null,
    }));
  }

  /** The prompts of a session, first to last, each with all that followed until the next. */
  prompts(agent: AgentId, sessionId: string): PromptSummary[] {
    const session = this.#sessionId(agent, sessionId);
    if (session === undefined) return [];
    const prompts = this.#store.all(
      'SELECT prompts.*, files.path AS path FROM prompts LEFT JOIN files ON files.id = prompts.file ' +
        'WHERE session = ? ORDER BY at_ms, turn',
      session,
    );
    const calls = this.#store.all('SELECT * FROM calls WHERE session = ? AND counts = 1', session);
    const tools = this.#store.all('SELECT * FROM tools WHERE session = ?', session);
    const ownerOf = ownerBy(prompts);
    return prompts.map((prompt) =>
      this.#promptSummary(
        agent,
        sessionId,
        prompt,
        calls.filter((call) => ownerOf(call) === prompt['id']),
        tools.filter((tool) => ownerOf(tool) === prompt['id']),
      ),
    );
  }

  #promptSummary(
    agent: AgentId,
    sessionId: string,
    prompt: StoreRow,
    calls: readonly StoreRow[],
    tools: readonly StoreRow[],
  ): PromptSummary {
    const figures = noFigures();
    for (const call of calls) addFigures(figures, this.#sums.figuresOf(call));
    const names = (rows: readonly StoreRow[], column: string) =>
      [...new Set(rows.map((row) => this.#store.nameOf(row[column]) ?? ''))].sort();
    const total = (column: string) => tools.reduce((sum, tool) => sum + Number(tool[column] ?? 0), 0);
    return {
      agent,
      key: textIn(prompt, 'key'),
      sessionId,
      atMs: Number(prompt['at_ms']),
      turn: Number(prompt['turn']),
      file: textIn(prompt, 'path'),
      place: prompt['place'] as Place,
      characters: Number(prompt['characters']),
      planMode: prompt['is_plan'] === 1,
      isInterrupted: prompt['is_interrupted'] === 1,
      totals: totalsRow(textIn(prompt, 'key'), figures),
      models: names(calls, 'model'),
      toolUses: tools.length,
      toolErrors: total('is_error'),
      toolNames: names(tools, 'name'),
      changedFiles: new Set(tools.map((tool) => tool['changed']).filter((file) => file !== null)).size,
      linesAdded: total('added'),
      linesRemoved: total('removed'),
    };
  }

  /** Calls since a moment, in their order. */
  calls(sinceMs: number, limit: number): CallRecord[] {
    const condition = `calls.session IN ${activeSince} AND calls.at_ms >= ?`;
    return this.callsWhere(condition, [Math.floor(sinceMs / quarterMs), sinceMs], limit);
  }

  /** Calls that count, by a condition of ours. */
  callsWhere(condition: string, values: readonly SQLInputValue[], limit: number): CallRecord[] {
    const rows = this.#store.all(
      'SELECT calls.*, sessions.name AS session_name, prompts.key AS prompt_key FROM calls ' +
        'JOIN sessions ON sessions.id = calls.session LEFT JOIN prompts ON prompts.id = calls.prompt ' +
        `WHERE counts = 1 AND ${condition} ORDER BY calls.at_ms LIMIT ?`,
      ...values,
      limit,
    );
    return rows.map((row) => {
      const { pricedCalls, costUsd } = this.#sums.figuresOf(row);
      const call = callOf(row, (id) => this.#store.nameOf(id));
      return {
        ...call,
        unrecordedOutputTokens: unrecordedOutput(call),
        agent: this.#agentOf(row),
        ...(pricedCalls > 0 ? { costUsd } : {}),
      };
    });
  }

  /** Tool uses since a moment, in their order. */
  toolUses(sinceMs: number, limit: number): ToolUse[] {
    const rows = this.#store.all(
      'SELECT tools.*, sessions.name AS session_name, prompts.key AS prompt_key FROM tools ' +
        'JOIN sessions ON sessions.id = tools.session LEFT JOIN prompts ON prompts.id = tools.prompt ' +
        `WHERE tools.session IN ${activeSince} AND tools.at_ms >= ? ORDER BY tools.at_ms LIMIT ?`,
      Math.floor(sinceMs / quarterMs),
      sinceMs,
      limit,
    );
    return rows.map((row) => ({
      agent: this.#agentOf(row),
      key: textIn(row, 'key'),
      sessionId: textIn(row, 'session_name'),
      atMs: Number(row['at_ms']),
      ...this.#optional('promptKey', row['prompt_key']),
      name: this.#store.nameOf(row['name']) ?? '',
      argumentsHash: textIn(row, 'arguments'),
      isError: row['is_error'] === 1,
      ...this.#optional('errorHash', row['error']),
      ...number('resultCharacters', row['result']),
      ...this.#named('changedFile', row['changed']),
      ...number('linesAdded', row['added']),
      ...number('linesRemoved', row['removed']),
    }));
  }

  planWindows(): PlanWindow[] {
    return this.#store.all('SELECT * FROM plan_windows ORDER BY agent, name, minutes').map((row) => ({
      agent: this.#agentOf(row),
      name: textIn(row, 'name'),
      windowMinutes: Number(row['minutes']),
      atMs: Number(row['at_ms']),
      usedPercent: Number(row['used']),
      ...number('resetsAtMs', row['resets_ms']),
      ...this.#optional('plan', row['plan']),
    }));
  }

  #sessionId(agent: AgentId, sessionId: string): number | undefined {
    const row = this.#store.get(
      'SELECT sessions.id AS id FROM sessions JOIN names ON names.id = sessions.agent WHERE names.name = ? AND sessions.name = ?',
      agent,
      sessionId,
    );
    return row === undefined ? undefined : Number(row['id']);
  }

  #agentOf(row: StoreRow): AgentId {
    return this.#store.nameOf(row['agent']) as AgentId;
  }

  #named<Name extends string>(name: Name, id: SQLInputValue | undefined): { [Key in Name]?: string } {
    return this.#optional(name, this.#store.nameOf(id));
  }

  #optional<Name extends string>(name: Name, value: unknown): { [Key in Name]?: string } {
    return (typeof value === 'string' && value !== '' ? { [name]: value } : {}) as { [Key in Name]?: string };
  }
}

function number<Name extends string>(name: Name, value: unknown): { [Key in Name]?: number } {
  return (typeof value === 'number' ? { [name]: value } : {}) as { [Key in Name]?: number };
}

/** The prompt that a call or tool use belongs to: the one it names, else the last before it. */
function ownerBy(prompts: readonly StoreRow[]): (row: StoreRow) => SQLInputValue | undefined {
  const known = new Set(prompts.map((prompt) => prompt['id']));
  return (row) =>
    known.has(row['prompt'])
      ? row['prompt']
      : isOfManyPrompts(row)
        ? undefined
        : prompts.findLast((prompt) => Number(prompt['at_ms']) <= Number(row['at_ms']))?.['id'];
}
