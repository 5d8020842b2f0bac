// Aider: nothing exact by default. With an analytics log (`AIDER_ANALYTICS_LOG`) one line a message, with true counts;
// else the chat history (`.aider.chat.history.md` of a project, or `AIDER_CHAT_HISTORY_FILE`) with rounded ones, the time
// of each chat's start only, and no zone. Both tell of the same messages: a day is taken from the log if it has it.
import { type Agent, type AgentEnvironment, type Carry, type LogEvent, type Parsed, type SkipReason } from './agent';
import { pathOf } from './editorFolders';
import { amountOf, hashOf, recordOf, recordsOfLine, textOf, timeOf, tokensOf } from './record';

const rank = { history: 0, analytics: 1 } as const;
const noCache = { cacheWrite5mTokens: 0, cacheWrite1hTokens: 0, reasoningTokens: 0 } as const;

function parseLine(line: string): Parsed {
  const { records, isBroken } = recordsOfLine(line);
  const events: LogEvent[] = [];
  let skipped: SkipReason | undefined = isBroken ? 'broken-json' : undefined;
  for (const record of records) {
    if (record.event !== 'message_send') continue;
    const properties = recordOf(record.properties) ?? {};
    const atMs = typeof record.time === 'number' ? timeOf(record.time * 1000) : undefined;
    const inputTokens = tokensOf(properties.prompt_tokens);
    const outputTokens = tokensOf(properties.completion_tokens);
    if (atMs === undefined || inputTokens === undefined || outputTokens === undefined) {
      skipped = 'broken-record';
      continue;
    }
    const model = textOf(properties.main_model) ?? '';
    const key = `${atMs}.${hashOf(`${model}.${inputTokens}.${outputTokens}.${String(properties.total_cost)}`)}`;
    const reportedCostUsd = amountOf(properties.cost) || undefined;
    const figures = { inputTokens, cacheReadTokens: 0, outputTokens, ...noCache, reportedCostUsd };
    events.push({
      kind: 'call',
      key,
      atMs,
      sessionId: dayOf(atMs),
      model,
      ...figures,
      quality: 'exact',
      precedence: rank.analytics,
    });
  }
  return { events, skipped };
}

/** Neither store knows a session: a day stands for one. */
function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

const started = /^# aider chat started at (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)/;
/** Aider ends a line of its own with two spaces: without them the line is still being written. */
const counted =
  /^> Tokens: ([\d.]+[kM]?) sent,(?: ([\d.]+[kM]?) cache write,)?(?: ([\d.]+[kM]?) cache hit,)? ([\d.]+[kM]?) received\..* {2}$/;
const named = /^> (?:Main model|Model): (\S+)/;

/** `> Tokens: 5.2k sent, 310 received. Cost: $0.01 message, $0.02 session.` */
function parseHistoryLine(line: string, _offset: number, carry: Carry | undefined): Parsed {
  const state = { startMs: 0, messages: 0, model: '', ...carry };
  const start = started.exec(line);
  const model = named.exec(line)?.[1];
  if (start) {
    const startMs = timeOf(`${start[1]}T${start[2]}Z`) ?? 0;
    return { events: [], carry: { startMs, messages: 0, model: '' } };
  }
  if (model) return { events: [], carry: { ...state, model } };
  const tokens = counted.exec(line);
  if (!tokens || state.startMs === 0) return { events: [], carry: state, skipped: 'unknown-format' };
  const [sent, written, hit, received] = tokens.slice(1).map(roundedOf) as [number, number, number, number];
  const cost = /Cost: \$([\d.]+) message/.exec(line)?.[1];
  const reportedCostUsd = cost === undefined ? undefined : amountOf(Number(cost)) || undefined;
  const cacheReadTokens = Math.min(hit, sent);
  const cacheWrite5mTokens = Math.min(written, sent - cacheReadTokens);
  const event: LogEvent = {
    kind: 'call',
    key: `${state.startMs}.${state.messages}`,
    atMs: state.startMs,
    sessionId: dayOf(state.startMs),
    model: state.model,
    ...noCache,
    inputTokens: sent - cacheReadTokens - cacheWrite5mTokens,
    cacheReadTokens,
    cacheWrite5mTokens,
    outputTokens: received,
    quality: 'estimated',
    reportedCostUsd,
    precedence: rank.history,
  };
  return { events: [event], carry: { ...state, messages: state.messages + 1 } };
}

/** 5.2k = 5200 */
function roundedOf(text: string | undefined): number {
  const factor = text?.endsWith('k') ? 1e3 : text?.endsWith('M') ? 1e6 : 1;
  const value = Number.parseFloat(text ?? '0') * factor;
  return value >= 0 && value < 1e9 ? Math.round(value) : 0;
}

function inHome(variable: string, ...names: string[]) {
  return ({ home, platform, variables }: AgentEnvironment): readonly string[] => [
    variables[variable] || pathOf(platform).join(home, ...names),
  ];
}

export const aider: Agent = {
  id: 'aider',
  label: 'Aider',
  sources: [
    {
      kind: 'lines',
      id: 'analytics',
      folders: inHome('AIDER_ANALYTICS_LOG', '.aider', 'analytics.jsonl'),
      owns: () => true,
      needles: ['"message_send"'],
      parseLine,
    },
    {
      kind: 'lines',
      id: 'history',
      folders: inHome('AIDER_CHAT_HISTORY_FILE', '.aider.chat.history.md'),
      owns: (path) => path.endsWith('.md'),
      needles: ['# aider chat started at', '> Tokens: ', '> Main model: ', '> Model: '],
      parseLine: parseHistoryLine,
    },
  ],
  notes: [
    'Without an analytics log (--analytics-log) only rounded counts of the chat history are there: an estimate, dated at the start of each chat.',
    'Each project keeps its own .aider.chat.history.md: name those files in the settings.',
  ],
};
