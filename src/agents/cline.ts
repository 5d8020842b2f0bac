// Cline: task folders of the VS Code extension (also `~/.cline/data/tasks`), and the sessions of the command line and SDK
// (`~/.cline/data/sessions/<id>/<id>.messages.json`, subagents beside it; seen: 3.0.65). Traps: in tasks `tokensIn` is without
// the cache, in sessions `inputTokens` is with it; spend of deleted messages stays in `deleted_api_reqs`, of subagents in
// `subagent_usage`; a session imported from another agent repeats that agent's calls. It does not know: cut calls' tokens.
import {
  type Agent,
  type AgentEnvironment,
  type DocumentSource,
  type LogEvent,
  type ParseContext,
  type Parsed,
  type ToolEvent,
  type UsageEvent,
} from './agent';
import { taskSource, taskTextAt } from './clineTasks';
import {
  below,
  dollarsOf,
  isObject,
  type JsonObject,
  objectOf,
  parseObject,
  stemOf,
  textOfParts,
  tokenFields,
  toolHash,
} from './logValues';
import { hashOf, listOf, textOf, timeOf } from './record';

function dataFolder({ home, variables }: AgentEnvironment): string {
  const cline = textOf(variables.CLINE_DIR) ?? below(home, '.cline');
  return textOf(variables.CLINE_DATA_DIR) ?? below(cline, 'data');
}

interface Session {
  readonly sessionId: string;
  readonly isSubagent: boolean;
  readonly agentName: string | undefined;
  readonly cwd: string | undefined;
  /** Messages before this moment were imported from another agent, whose own log holds them. */
  readonly importedUntilMs: number;
  readonly context: ParseContext;
  readonly events: LogEvent[];
  /** Results of tool uses by the use's id, with the moment they came. */
  readonly results: ReadonlyMap<string, { readonly atMs: number; readonly result: JsonObject }>;
  promptKey: string | undefined;
  turns: number;
  skipped: Parsed['skipped'];
}

function openSession(document: JsonObject, messages: readonly JsonObject[], context: ParseContext): Session {
  const about = parseObject(Object.values(context.companions)[0] ?? '') ?? {};
  const origin = objectOf(document.origin);
  const sessionId = textOf(document.sessionId) ?? stemOf(stemOf(context.path));
  const parent = textOf(origin.parentThreadId);
  const isSubagent = parent !== undefined || document.agent === 'subagent' || origin.mode === 'subagent';
  const cwd = textOf(about.cwd) ?? textOf(about.workspace_root);
  const imported = isSubagent ? undefined : timeOf(objectOf(objectOf(about.metadata).importedFrom).importedAt);
  const version = textOf(origin.version);
  const surface = textOf(origin.source) ?? textOf(about.source);
  const first = messages.findIndex((message) => message.role === 'user' && textOfParts(message.content) !== '');
  return {
    sessionId,
    isSubagent,
    agentName: isSubagent ? textOf(origin.subagentType) : undefined,
    cwd,
    importedUntilMs: imported ?? 0,
    context,
    results: resultsIn(messages),
    promptKey: undefined,
    turns: 0,
    skipped: undefined,
    events: [
      {
        kind: 'session',
        sessionId,
        ...(parent !== undefined && { parentSessionId: parent, relation: 'subagent' }),
        ...(cwd !== undefined && { cwd }),
        ...(first >= 0 && { titlePlace: `/messages/${first}/content` }),
        ...(version !== undefined && { agentVersion: version }),
        ...(surface !== undefined && { surface }),
      },
    ],
  };
}

function resultsIn(messages: readonly JsonObject[]): Session['results'] {
  const results = new Map<string, { atMs: number; result: JsonObject }>();
  for (const message of messages) {
    const atMs = timeOf(message.ts);
    for (const result of listOf(message.content).map(objectOf)) {
      if (result.type !== 'tool_result' || typeof result.tool_use_id !== 'string' || atMs === undefined) continue;
      results.set(result.tool_use_id, { atMs, result });
    }
  }
  return results;
}

/** What the user typed: the text inside `<user_input mode="act">`, or the bare text. */
function typedText(message: JsonObject): string {
  const text = textOfParts(message.content);
  return /<user_input[^>]*>([\s\S]*?)<\/user_input>/.exec(text)?.[1] ?? text;
}

function readPrompt(message: JsonObject, index: number, atMs: number, session: Session): void {
  const text = typedText(message);
  const key = textOf(message.id);
  if (text === '' || key === undefined) return;
  session.events.push({
    kind: 'prompt',
    key,
    atMs,
    sessionId: session.sessionId,
    turn: session.turns++,
    place: `/messages/${index}/content`,
    characters: text.length,
    ...(/^<user_input[^>]*mode="plan"/.test(textOfParts(message.content)) && { planMode: true }),
  });
  session.promptKey = key;
}

function callOf(
  message: JsonObject,
  metrics: JsonObject,
  atMs: number,
  session: Session,
): UsageEvent | Parsed['skipped'] {
  const fields = tokenFields(metrics, 'inputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'outputTokens');
  if (fields === undefined) return 'broken-number';
  const key = textOf(message.id);
  if (key === undefined) return 'broken-record';
  const [logged, cacheReadTokens, cacheWrite5mTokens, outputTokens] = fields;
  const isEmpty = fields.every((tokens) => tokens === 0);
  const cached = cacheReadTokens + cacheWrite5mTokens;
  const info = objectOf(message.modelInfo);
  const provider = textOf(info.provider);
  const reportedCostUsd = dollarsOf(metrics.cost);
  return {
    kind: 'call',
    // The id is random and short (8 letters): the moment keeps two sessions' ids apart, and a copied session keeps both.
    key: `${key}@${atMs}`,
    atMs,
    sessionId: session.sessionId,
    model: textOf(info.id) ?? '',
    ...(provider !== undefined && { provider }),
    inputTokens: logged >= cached ? logged - cached : logged,
    cacheReadTokens,
    cacheWrite5mTokens,
    cacheWrite1hTokens: 0,
    outputTokens,
    reasoningTokens: 0,
    quality: 'exact',
    ...(isEmpty && { unrecordedOutputTokens: session.context.estimateTokens(textOfParts(message.content)) }),
    ...(reportedCostUsd !== undefined && { reportedCostUsd }),
    ...(session.promptKey !== undefined && { promptKey: session.promptKey }),
    ...(session.isSubagent && { isSubagent: true }),
    ...(session.agentName !== undefined && { agentName: session.agentName }),
    ...(session.cwd !== undefined && { cwd: session.cwd }),
  };
}

function toolOf(use: JsonObject, session: Session): ToolEvent | undefined {
  const key = textOf(use.id);
  const name = textOf(use.name);
  const found = key === undefined ? undefined : session.results.get(key);
  if (key === undefined || name === undefined || found === undefined) return undefined;
  const { content, is_error: isError } = found.result;
  const result = typeof content === 'string' ? content : (JSON.stringify(content) ?? '');
  return {
    kind: 'tool',
    key: `${key}@${found.atMs}`,
    atMs: found.atMs,
    sessionId: session.sessionId,
    name,
    argumentsHash: toolHash(name, use.input),
    ...(session.promptKey !== undefined && { promptKey: session.promptKey }),
    ...(isError === true && { isError: true, errorHash: hashOf(result) }),
    resultCharacters: result.length,
  };
}

function readMessage(message: JsonObject, index: number, session: Session): void {
  const atMs = timeOf(message.ts);
  if (atMs === undefined) {
    if (isObject(message.metrics)) session.skipped ??= 'broken-record';
    return;
  }
  if (atMs < session.importedUntilMs) return;
  if (message.role === 'user') readPrompt(message, index, atMs, session);
  if (message.role !== 'assistant') return;
  if (isObject(message.metrics)) {
    const call = callOf(message, message.metrics, atMs, session);
    if (typeof call === 'object') session.events.push(call);
    else session.skipped ??= call;
  }
  for (const use of listOf(message.content).map(objectOf)) {
    const tool = use.type === 'tool_use' ? toolOf(use, session) : undefined;
    if (tool !== undefined) session.events.push(tool);
  }
}

const sessions: DocumentSource = {
  id: 'sessions',
  kind: 'document',
  folders: (environment) => [
    textOf(environment.variables.CLINE_SESSION_DATA_DIR) ?? below(dataFolder(environment), 'sessions'),
  ],
  owns: (path) => path.endsWith('.messages.json'),
  // A session's own file is named like its folder: `<id>/<id>.json`.
  companions: (path) => [path.replace(/([^/]+)\/[^/]+$/, '$1/$1.json')],
  parseDocument(text, context): Parsed {
    const document = parseObject(text);
    if (document === undefined) return { events: [], skipped: 'broken-json' };
    if (!Array.isArray(document.messages)) return { events: [], skipped: 'unknown-format' };
    const messages = document.messages.map(objectOf);
    const session = openSession(document, messages, context);
    for (const [index, message] of messages.entries()) readMessage(message, index, session);
    return { events: session.events, ...(session.skipped !== undefined && { skipped: session.skipped }) };
  },
};

export const cline: Agent = {
  id: 'cline',
  label: 'Cline',
  sources: [
    taskSource({
      extensionId: 'saoudrizwan.claude-dev',
      otherFolders: (environment) => [below(dataFolder(environment), 'tasks')],
      deletedRow: 'deleted_api_reqs',
      isInputInclusive: false,
      companions: ['task_metadata.json'],
    }),
    sessions,
  ],
  notes: [
    'A stream that is cut leaves a row of zeros: used, but not recorded.',
    'Deleting messages leaves only the sum of what they had used.',
    'Sessions imported from another agent count from the import on; what was before is in that agent’s own log.',
  ],
  textAt(record, place) {
    const text = taskTextAt(record, place);
    if (text !== undefined || typeof place !== 'string') return text;
    const document = parseObject(record);
    const index = Number(/^\/messages\/(\d+)\/content$/.exec(place)?.[1] ?? Number.NaN);
    return textOf(typedText(objectOf(listOf(document?.messages)[index])));
  },
};
