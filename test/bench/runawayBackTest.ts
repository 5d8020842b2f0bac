// The runaway alarm over a folder of real logs: `runawayBackTest AGENT FOLDER [AGENT FOLDER …]`, for instance
// `runawayBackTest claude-code ~/.claude/projects`. Prints which sessions would have been interrupted, by file and kind;
// never a word of a log.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type AgentSource, type Carry, type LogEvent, type ParseContext } from '../../src/agents/agent.js';
import { agents } from '../../src/agents/agents.js';
import { backTestRunaway, usualSpeed, type SessionHappening } from '../../src/ledger/runaway.js';

const charactersPerToken = 4;

function eventsOf(source: AgentSource, file: string): readonly LogEvent[] {
  const text = readFileSync(file, 'utf8');
  const context: ParseContext = {
    path: file,
    estimateTokens: (part) => Math.ceil(part.length / charactersPerToken),
    companions: {},
  };
  if (source.kind === 'document') return source.parseDocument(text, context).events;
  if (source.kind === 'database') return [];
  const events: LogEvent[] = [];
  let carry: Carry | undefined;
  let offsetBytes = 0;
  for (const line of text.split('\n')) {
    if (line !== '') {
      const parsed = source.parseLine(line, offsetBytes, carry, context);
      carry = parsed.carry;
      events.push(...parsed.events);
    }
    offsetBytes += Buffer.byteLength(line) + 1;
  }
  return events;
}

/** The last copy of each event, in the order of time. */
function happenings(events: readonly LogEvent[]): readonly SessionHappening[] {
  const found = new Map<string, SessionHappening>();
  for (const event of events) {
    if (event.kind === 'call' || event.kind === 'tool' || event.kind === 'prompt' || event.kind === 'compaction') {
      found.set(`${event.kind} ${event.key}`, event);
    }
  }
  return [...found.values()].sort((a, b) => a.atMs - b.atMs);
}

interface SessionFile {
  readonly file: string;
  readonly events: readonly SessionHappening[];
}

/** One session a file. */
export function readSessions(agentId: string, folder: string): readonly SessionFile[] {
  const agent = agents.find(({ id }) => id === agentId);
  if (agent === undefined) throw new Error(`No agent ${agentId}: one of ${agents.map(({ id }) => id).join(', ')}`);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const file = path.join(folder, name);
    const source = agent.sources.find((one) => one.kind !== 'database' && one.owns(name.split(path.sep).join('/')));
    if (source === undefined || !statSync(file).isFile()) return [];
    const events = happenings(eventsOf(source, file));
    return events.some(({ kind }) => kind === 'tool') ? [{ file, events }] : [];
  });
}

function main(words: readonly string[]): number {
  if (words.length === 0 || words.length % 2 === 1) {
    console.error('Usage: runawayBackTest AGENT FOLDER [AGENT FOLDER …]');
    return 2;
  }
  const sessions: SessionFile[] = [];
  for (let at = 0; at < words.length; at += 2) sessions.push(...readSessions(words[at]!, words[at + 1]!));
  const usual = usualSpeed(sessions.map(({ events }) => events));
  let alarms = 0;
  for (const { file, events } of sessions) {
    for (const alarm of backTestRunaway([events], usual).alarms) {
      alarms++;
      console.log(`${file}: ${alarm.kind}, ${alarm.times} of ${alarm.among}, ${new Date(alarm.untilMs).toISOString()}`);
    }
  }
  const per200 = sessions.length === 0 ? 0 : (200 * alarms) / sessions.length;
  console.log(`${alarms} alarms in ${sessions.length} sessions with tool uses (${per200.toFixed(1)} per 200)`);
  return 0;
}

if (path.basename(process.argv[1] ?? '').startsWith('runawayBackTest')) process.exitCode = main(process.argv.slice(2));
