// Runs the lab: real agents, each case in a clean home, against the scripted server; then asks Tokenometer and judges.
// Knows no agent; everything listens on the loopback interface. Cases run in the system's temporary folder: below a checkout
// agents would take its repository and its instructions for theirs. Only the folder of a case that failed is kept.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type AgentId } from '../../src/agents/agent';
import { endLeftovers, type Ended, runAgent } from './agentProcess';
import { figuresOf } from './figures';
import { install, pathWithNode, versionOf } from './install';
import { judge, type Request, type Verdict } from './judge';
import { type LabAgent } from './labAgent';
import { labAgents } from './labAgents';
import { startModelServer } from './modelServer';
import { type Case, cases, markerOf, type Script, scripts, type Verb } from './scripts';

export interface LabOptions {
  /** All agents where it is left out. */
  readonly only?: readonly AgentId[];
  /** Names of cases; all where it is left out. */
  readonly cases?: readonly string[];
  /** Where agents are installed; `.vscode-test/lab` of the working folder where it is left out. */
  readonly cacheFolder?: string;
  /** So many agents at a time. */
  readonly concurrency?: number;
  /** Told each case as it ends. */
  readonly onCase?: (result: CaseResult) => void;
}

export interface CaseResult extends Verdict {
  readonly agent: AgentId;
  readonly version: string;
  readonly case: string;
  readonly seconds: number;
  readonly served: number;
  /** How the agent's commands ended, for a report of what went wrong. */
  readonly ends: readonly Ended[];
  /** What is left of a case that failed: home, work folder, requests. */
  readonly keptFolder?: string;
}

export interface LabResult {
  readonly passed: number;
  readonly failed: number;
  readonly results: readonly CaseResult[];
}

/** For an agent's command on a busy machine: most end within ten seconds, those that fetch packages within thirty. */
const limitSeconds = { usual: 150, withRegistry: 300 } as const;

/** What every test run does: the three agents that most people have, and the cases that have caught a wrong total. */
export const ciOptions: LabOptions = {
  only: ['claude-code', 'codex', 'gemini-cli'],
  cases: ['three', 'resume', 'fork', 'subagent', 'cut-later', 'killed'],
  concurrency: 2,
};

/** Runs every wanted case that an agent can do. Never throws for what an agent does: that is a failed case. */
export async function runLab(options: LabOptions = {}): Promise<LabResult> {
  const cacheFolder = options.cacheFolder ?? join(process.cwd(), '.vscode-test', 'lab');
  const runFolder = mkdtempSync(join(tmpdir(), 'tokenometer-lab-'));
  const wanted = labAgents.filter(({ id }) => options.only?.includes(id) ?? true);
  const results: CaseResult[] = [];
  const waiting = [...wanted];
  const worker = async () => {
    for (let agent = waiting.shift(); agent; agent = waiting.shift()) {
      for (const result of await runAgentCases(agent, { cacheFolder, runFolder }, options)) results.push(result);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency ?? 1 }, worker));
  if (readdirSync(runFolder).length === 0) rmSync(runFolder, { recursive: true });
  const failed = results.filter(({ unexplained }) => unexplained.length > 0).length;
  return { passed: results.length - failed, failed, results };
}

interface Folders {
  readonly cacheFolder: string;
  readonly runFolder: string;
}

function canDo(agent: LabAgent, wanted: Case): boolean {
  if (wanted.needsSubagents && agent.agentType === undefined) return false;
  return wanted.starts.every(({ verb }) => agent.verbs[verb] !== undefined);
}

async function runAgentCases(agent: LabAgent, folders: Folders, options: LabOptions): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  const tell = (result: CaseResult) => {
    results.push(result);
    options.onCase?.(result);
  };
  const about = { agent: agent.id, version: versionOf(agent) };
  const failed = (name: string, error: unknown): CaseResult => {
    const text = error instanceof Error ? error.message : String(error);
    return { ...about, case: name, seconds: 0, served: 0, ends: [], equal: 0, gaps: [], unexplained: [text] };
  };
  let command: string;
  try {
    command = await install(agent, folders.cacheFolder);
  } catch (error) {
    tell(failed('install', error));
    return results;
  }
  for (const wanted of cases) {
    if ((options.cases && !options.cases.includes(wanted.name)) || !canDo(agent, wanted)) continue;
    try {
      tell({ ...about, case: wanted.name, ...(await runCase(agent, command, wanted, folders)) });
    } catch (error) {
      tell(failed(wanted.name, error));
    }
  }
  return results;
}

function writeFiles(home: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(home, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** A clean environment: nothing of this machine's, no way out but to the server, unless the agent fetches a package. */
function environmentOf(agent: LabAgent, url: string, home: string, cacheFolder: string): Record<string, string> {
  const nowhere = 'http://127.0.0.1:9';
  const local = '127.0.0.1,localhost';
  return {
    PATH: pathWithNode(),
    HOME: home,
    USERPROFILE: home,
    TERM: 'dumb',
    TZ: 'UTC',
    LANG: 'C.UTF-8',
    ...(agent.needsRegistry
      ? { XDG_CACHE_HOME: join(cacheFolder, agent.id, 'cache') }
      : {
          HTTP_PROXY: nowhere,
          HTTPS_PROXY: nowhere,
          http_proxy: nowhere,
          https_proxy: nowhere,
          NO_PROXY: local,
          no_proxy: local,
        }),
    ...agent.variables(url, home),
  };
}

/** The scripts with the case's own folder in them. */
function scriptsFor(work: string): Readonly<Record<string, Script>> {
  return JSON.parse(JSON.stringify(scripts).replaceAll('$WORK', work)) as Record<string, Script>;
}

async function runCase(
  agent: LabAgent,
  command: string,
  wanted: Case,
  { cacheFolder, runFolder }: Folders,
): Promise<Omit<CaseResult, 'agent' | 'version' | 'case'>> {
  const folder = join(runFolder, `${agent.id}-${wanted.name}`);
  const [home, work, data] = ['home', 'work', 'ledger'].map((name) => join(folder, name)) as [string, string, string];
  for (const path of [home, work, data]) mkdirSync(path, { recursive: true });
  writeFileSync(join(work, 'note.txt'), 'a note\n');

  const began = Date.now();
  const requests: Request[] = [];
  let during: Verb = 'run';
  let killSoon = () => {};
  const server = await startModelServer({
    scripts: scriptsFor(work),
    agentType: agent.agentType ?? '',
    onServed: (served) => {
      requests.push({ ...served, during });
      if (served.outcome === 'hung') killSoon();
    },
  });
  const ends: Ended[] = [];
  try {
    writeFiles(home, agent.files?.(server.url, work) ?? {});
    const env = environmentOf(agent, server.url, home, cacheFolder);
    const usualLimit = agent.needsRegistry ? limitSeconds.withRegistry : limitSeconds.usual;
    for (const start of wanted.starts) {
      during = start.verb;
      const args = agent.verbs[start.verb]!(`Please do your task. ${markerOf(start.script)}`, home);
      const onStart = (kill: () => void) => (killSoon = () => setTimeout(kill, 1000));
      ends.push(
        await runAgent(command, args, { cwd: work, env, limitSeconds: start.limitSeconds ?? usualLimit, onStart }),
      );
    }
  } finally {
    endLeftovers(home);
    await server.close();
  }
  const verdict = judge(agent, requests, await figuresOf(home, data));
  const unexplained = [...verdict.unexplained, ...neverAsked(wanted, requests), ...tooSlow(wanted, ends)];
  const result = { ...verdict, unexplained, seconds: (Date.now() - began) / 1000, served: requests.length, ends };
  if (unexplained.length === 0) {
    rmSync(folder, { recursive: true, force: true });
    return result;
  }
  writeFileSync(join(folder, 'served.json'), JSON.stringify({ requests, ...result }, null, 2));
  return { ...result, keptFolder: folder };
}

/** A case in which the agent never came to its task shows nothing. */
function neverAsked(wanted: Case, requests: readonly Request[]): string[] {
  return wanted.starts
    .filter(
      ({ verb, script }) => verb !== 'compact' && !requests.some((one) => one.during === verb && one.script === script),
    )
    .map(({ script }) => `the agent never asked for "${script}"`);
}

/** A command that the lab had to end shows nothing either, but where agents try for as long as they are let. */
function tooSlow(wanted: Case, ends: readonly Ended[]): string[] {
  return ends
    .filter(({ isTimedOut }, index) => isTimedOut && wanted.starts[index]?.limitSeconds === undefined)
    .map(({ seconds }) => `the agent had not ended after ${seconds.toFixed(0)} s`);
}
