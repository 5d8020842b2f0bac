// What every agent's log is turned into, and what an agent has to know: the shapes that everything else speaks.
// Numbers and ids only: no record holds a word of anybody's text. Where a person may want to read the text
// (a prompt's opening, a title), the record says where it stands (`Place`) and it is read again on demand.

/** The agents by the ids that settings, reports and the command line use. */
export type AgentId =
  | 'claude-code'
  | 'codex'
  | 'copilot-chat'
  | 'copilot-cli'
  | 'gemini-cli'
  | 'opencode'
  | 'cline'
  | 'roo-code'
  | 'kilo-code'
  | 'cursor'
  | 'qwen-code'
  | 'pi'
  | 'amp'
  | 'droid'
  | 'goose'
  | 'kimi'
  | 'crush'
  | 'continue'
  | 'aider'
  | 'zed';

/** Where a text stands inside its source: the byte offset of a line, a JSON pointer into a document, or a row's id. */
export type Place = number | string;

/** How good the token figures of a call are. `session-total` = one figure for a whole session, dated at its last sign of life. */
export type CallQuality = 'exact' | 'session-total' | 'estimated';

/**
 * One model call as its agent logged it. Token buckets are disjoint: prompt = input + cacheRead + cacheWrite5m +
 * cacheWrite1h, and `reasoningTokens` is a part of `outputTokens`. Whole numbers, never negative.
 */
export interface UsageEvent {
  readonly kind: 'call';
  /**
   * The call's identity within its agent: the provider's response id where the log has one. Never holds the session,
   * the file or a figure that can still change. Two events with one key are the same call; the fuller one is kept.
   */
  readonly key: string;
  /** When the row was written, epoch milliseconds (UTC). */
  readonly atMs: number;
  readonly sessionId: string;
  /** As logged; empty where the log names none. */
  readonly model: string;
  /** As logged: anthropic, openai, bedrock, openrouter … */
  readonly provider?: string;
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWrite5mTokens: number;
  readonly cacheWrite1hTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  /** Web searches billed per request. */
  readonly webSearches?: number;
  /** Price modifiers as logged: standard, batch, priority, flex … */
  readonly serviceTier?: string;
  readonly speed?: string;
  readonly region?: string;
  readonly quality: CallQuality;
  /**
   * Present where the log holds no true output for this call (cut stream, placeholder): the least the output can have
   * been, from its logged text. `outputTokens` stays as logged.
   */
  readonly unrecordedOutputTokens?: number;
  /**
   * The stream is known to have been cut off: `unrecordedOutputTokens` stays, though another row of the call looks
   * finished. Without it, one row of the call with a recorded output is enough.
   */
  readonly isCutOff?: boolean;
  /** What the agent itself says the call cost. Absent where it says nothing: never 0 for unknown. */
  readonly reportedCostUsd?: number;
  readonly reportedCredits?: number;
  /** The key of the prompt that caused the call, where known. */
  readonly promptKey?: string;
  /** The call was made by a subagent; `agentName` is its type (Explore, reviewer …). */
  readonly isSubagent?: boolean;
  readonly agentName?: string;
  readonly cwd?: string;
  readonly branch?: string;
  /** The call's role where the log tells: title, compaction, memory … */
  readonly role?: string;
  /**
   * Where one agent has several stores of the same traffic: per session only the events with the highest precedence
   * count. 0 where there is one store.
   */
  readonly precedence?: number;
  /**
   * For logs whose forks repeat their parent's events under new keys: two calls of one family of sessions (linked by
   * `SessionEvent.parentSessionId`) with the same fingerprint are one call.
   */
  readonly fingerprint?: string;
}

/** One prompt of the user's. */
export interface PromptEvent {
  readonly kind: 'prompt';
  /** Identity within the agent; a copied prompt keeps it. */
  readonly key: string;
  readonly atMs: number;
  readonly sessionId: string;
  /** 0 for the session's first prompt. Absent where the log does not number them: then their times do. */
  readonly turn?: number;
  /** Of a store that knows prompts less well than another of the agent's: it tells of those that no other does. */
  readonly isSecondHand?: boolean;
  /** Where its text can be read again. */
  readonly place: Place;
  /** Length of the text in UTF-16 code units. */
  readonly characters: number;
  readonly planMode?: boolean;
  readonly isInterrupted?: boolean;
}

/** One use of a tool, told once when its result is known (or the session ended without one). */
export interface ToolEvent {
  readonly kind: 'tool';
  /** The tool use's own id. */
  readonly key: string;
  readonly atMs: number;
  readonly sessionId: string;
  readonly promptKey?: string;
  readonly name: string;
  /** 32-bit hash of the name and arguments, in base 36: equal for equal uses, not reversible to a text. */
  readonly argumentsHash: string;
  readonly isError?: boolean;
  /** Hash of the error's text: equal for equal errors. */
  readonly errorHash?: string;
  /** The result's size in UTF-16 code units; of results of many kilobytes near it. */
  readonly resultCharacters?: number;
  /** Path of the file it changed, with lines added and removed, where the log tells. */
  readonly changedFile?: string;
  readonly linesAdded?: number;
  readonly linesRemoved?: number;
}

/** What is known of a session; later events of one session add to earlier ones. */
export interface SessionEvent {
  readonly kind: 'session';
  readonly sessionId: string;
  readonly parentSessionId?: string;
  readonly relation?: 'fork' | 'subagent';
  readonly cwd?: string;
  readonly branch?: string;
  /** The repository as the log names it (an address or a root folder). */
  readonly repository?: string;
  /** Where the title can be read; the later and the more deliberate (custom, then generated) wins. */
  readonly titlePlace?: Place;
  /** The title is nobody's choice: any other is better. */
  readonly isTitleMade?: boolean;
  readonly agentVersion?: string;
  /** cli, vscode, desktop … as logged. */
  readonly surface?: string;
}

/** A context compaction. */
export interface CompactionEvent {
  readonly kind: 'compaction';
  readonly key: string;
  readonly atMs: number;
  readonly sessionId: string;
  readonly tokensBefore?: number;
  readonly tokensAfter?: number;
}

/**
 * A running total that the agent keeps beside its calls: a check and a lower bound, never a source of calls.
 * The last of a session and model wins.
 */
export interface RunningTotalEvent {
  readonly kind: 'running-total';
  readonly atMs: number;
  readonly sessionId: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  readonly reportedCostUsd?: number;
}

/** How full a plan's window is, where the log itself tells (Codex rate limits). The latest per plan and window wins. */
export interface PlanWindowEvent {
  readonly kind: 'plan-window';
  readonly atMs: number;
  readonly name: string;
  readonly windowMinutes: number;
  readonly usedPercent: number;
  readonly resetsAtMs?: number;
  readonly plan?: string;
}

export type LogEvent =
  UsageEvent | PromptEvent | ToolEvent | SessionEvent | CompactionEvent | RunningTotalEvent | PlanWindowEvent;

/** Why a line, document or row was stepped over. Counted per file and reason; never holds the line. */
export type SkipReason =
  | 'broken-json'
  | 'broken-record'
  | 'broken-number'
  | 'line-too-long'
  | 'unknown-format'
  | 'unreadable'
  | 'no-tokens-logged';

/** What one line's reading leaves for the next; saved with the file's mark, so it must survive JSON. Keep it small. */
export type Carry = Readonly<Record<string, unknown>>;

/** What a parser hands back for one line, document or row. `skipped` names a record that should have held usage and could not be read. */
export interface Parsed {
  readonly events: readonly LogEvent[];
  /** Line sources only. */
  readonly carry?: Carry;
  readonly skipped?: SkipReason;
}

/** What a parser may know beside the bytes. All pure. */
export interface ParseContext {
  /** Path of the file as found, with the system's separators. */
  readonly path: string;
  /** Tokens of a text, near enough for `unrecordedOutputTokens`. */
  readonly estimateTokens: (text: string) => number;
  /** Texts of the files that `companions` named, by relative path; missing ones are left out. */
  readonly companions: Readonly<Record<string, string>>;
}

/** The machine as an agent sees it. */
export interface AgentEnvironment {
  readonly home: string;
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** User-data folders (`…/Code/User`) of the VS Code family on this machine. */
  readonly editorUserFolders: readonly string[];
}

interface SourceBase {
  /** Unique within the agent: sessions, archive, database … */
  readonly id: string;
  /**
   * Folders to look under (existing or not), by the agent's own rules: its environment variables, else the home folder.
   * A path may also name a file.
   */
  folders(environment: AgentEnvironment): readonly string[];
  /** Is this file (path relative to its folder, with `/`) one of the source's? Called for every file found below. */
  owns(relativePath: string): boolean;
  /** A folder (path relative, with `/`) that holds nothing of the source's and may hold very much: it is not walked. */
  skipsFolder?(relativePath: string): boolean;
  /**
   * Small files beside an owned one (paths relative to the folder) that its parser needs too: `ParseContext.companions`
   * holds the text of those that exist.
   */
  companions?(relativePath: string): readonly string[];
}

/** A way of reading lines, one JSON object each. Must step over unknown lines without complaint. */
export interface LineParser {
  /** Byte strings one of which every line of interest holds: other lines are passed over unparsed. Empty = every line. */
  readonly needles: readonly string[];
  /**
   * Quicker than the needles where it can tell of the line between `start` and `end`; where not (`undefined`), they
   * decide. Here and in `parseBytes`, `bytes` is another object as soon as it holds other bytes.
   */
  isOfInterest?(bytes: Buffer, start: number, end: number): boolean | undefined;
  /** `line` without its newline; `offsetBytes` = where it starts in the file. `carry` is undefined at the file's start. */
  parseLine(line: string, offsetBytes: number, carry: Carry | undefined, context: ParseContext): Parsed;
  /**
   * The same from the line's bytes (`start` to `end`), for sources of gigabytes where decoding and parsing whole lines is
   * most of the work. `undefined`: not plainly well-formed, `parseLine` is to judge. The bytes are overwritten afterwards.
   */
  parseBytes?(
    bytes: Buffer,
    start: number,
    end: number,
    offsetBytes: number,
    carry: Carry | undefined,
    context: ParseContext,
  ): Parsed | undefined;
}

/** An append-only log. */
export interface LineSource extends SourceBase, LineParser {
  readonly kind: 'lines';
  /** What no total needs (tools and their results), from the same lines: read after the calls of all files. */
  readonly later?: LineParser;
}

/** A file that is rewritten whole. All its events are given again at each change; keys make that harmless. */
export interface DocumentSource extends SourceBase {
  readonly kind: 'document';
  parseDocument(text: string, context: ParseContext): Parsed;
}

/** A SQLite database, opened read-only in place. */
export interface DatabaseSource extends SourceBase {
  readonly kind: 'database';
  /** The queries, tried in order; one whose tables or columns are missing is passed over (`PRAGMA table_info` decides). */
  readonly queries: readonly DatabaseQuery[];
  /** The rows that a place (`Place`) of this source's can mean, tried in order; without them no text is found again. */
  readonly texts?: readonly DatabaseText[];
}

/** A row with a text: the one whose `key` column equals the place. `Agent.textAt` is handed `column` as a JSON object. */
export interface DatabaseText {
  readonly table: string;
  readonly key: string;
  readonly column: string;
}

export interface DatabaseQuery {
  readonly id: string;
  /** Tables and columns that must be there for the query to run; a column listed in `optional` is selected as NULL where missing. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly optional?: readonly string[];
  /**
   * The column that grows with every new or changed row (a rowid, an update time): the next reading asks for rows with
   * at least the last value seen.
   */
  readonly watermark: string;
  /** An additional SQL condition, without parameters. */
  readonly where?: string;
  parseRow(row: Readonly<Record<string, unknown>>, context: ParseContext): Parsed;
}

export type AgentSource = LineSource | DocumentSource | DatabaseSource;

/** One coding agent: who it is and how its logs are read. */
export interface Agent {
  readonly id: AgentId;
  readonly label: string;
  readonly sources: readonly AgentSource[];
  /** What its logs do not hold, in words for `doctor` and for the explanation of a total. */
  readonly notes: readonly string[];
  /** The person's words at a place that an event of this agent named, from the line, document or row there. */
  textAt?(record: string, place: Place): string | undefined;
}
