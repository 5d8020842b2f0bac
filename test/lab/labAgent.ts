// What the lab has to know to run a real agent against its server. Knows no agent.
import { type AgentId } from '../../src/agents/agent';
import { type Served } from './modelServer';
import { type Verb } from './scripts';

export interface LabAgent {
  readonly id: AgentId;
  /** Exact versions: an npm that honours `engines` would silently take an older agent. The first is the agent's own. */
  readonly packages: readonly string[];
  /** Its binaries come as packages, and its install scripts would fetch them from elsewhere. */
  readonly ignoreScripts?: boolean;
  /** In `node_modules/.bin`. */
  readonly command: string;
  /** What it calls its general subagent; absent where it has none. */
  readonly agentType?: string;
  /** It fetches a package when it starts, so it is not cut off from the network. */
  readonly needsRegistry?: boolean;
  /** Cache writes as its log has them. */
  readonly cacheWrites: 'none' | 'sum' | 'by-age';
  readonly logsReasoning: boolean;
  /** At a clean end it notes the sum of all it used, with what no call of its log shows. */
  readonly hasRunningTotal?: boolean;
  variables(url: string, home: string): Readonly<Record<string, string>>;
  /** Files that it needs below its home, by relative path. */
  files?(url: string, work: string): Readonly<Record<string, string>>;
  /** The command's arguments; a verb that is missing it cannot do without a person. */
  readonly verbs: Partial<Record<Verb, (prompt: string, home: string) => readonly string[]>>;
  /** Why an answered request is in no log of this agent's, where that is known. */
  gapOf?(served: Served, during: Verb): string | undefined;
}
