// Holds what Tokenometer says of a case against what the server served. Pure.
import { type Figures, type LoggedCall } from './figures';
import { type LabAgent } from './labAgent';
import { type Served } from './modelServer';
import { type Verb } from './scripts';
import { type Usage } from './wire';

/** A request, and what the agent had been started for when it came. */
export interface Request extends Served {
  readonly during: Verb;
}

export interface Verdict {
  /** Calls that are equal in every bucket. */
  readonly equal: number;
  /** Names of expected gaps, once each. */
  readonly gaps: readonly string[];
  /** Empty where all is well. */
  readonly unexplained: readonly string[];
}

const buckets = ['input', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'output', 'reasoning'] as const;

/** The truth in the buckets that the agent's log can hold. */
function asLogged(usage: Usage, agent: LabAgent): Usage {
  const writes = usage.cacheWrite5m + usage.cacheWrite1h;
  return {
    ...usage,
    ...(agent.cacheWrites === 'sum' && { cacheWrite5m: writes, cacheWrite1h: 0 }),
    ...(agent.cacheWrites === 'none' && { cacheWrite5m: 0, cacheWrite1h: 0 }),
    ...(!agent.logsReasoning && { reasoning: 0 }),
  };
}

function differences(usage: Usage, call: LoggedCall, agent: LabAgent): string[] {
  const truth = asLogged(usage, agent);
  return buckets
    .filter((bucket) => truth[bucket] !== call[bucket])
    .map((bucket) => `${bucket} ${truth[bucket]}, counted ${call[bucket]}`);
}

const isEmpty = (call: LoggedCall) => buckets.every((bucket) => call[bucket] === 0);

export function judge(agent: LabAgent, requests: readonly Request[], figures: Figures): Verdict {
  const gaps = new Set<string>();
  const unexplained: string[] = [];
  const calls = new Map<number, LoggedCall>();
  for (const call of figures.calls) {
    if (call.agent !== agent.id) unexplained.push(`a call of ${call.agent}`);
    else if (isEmpty(call)) judgeEmpty(call, requests, gaps, unexplained);
    else if (calls.has(call.input)) unexplained.push(`the call with input ${call.input} counted twice`);
    else calls.set(call.input, call);
  }
  let equal = 0;
  const uncounted: Usage[] = [];
  for (const request of requests) {
    const call = calls.get(request.usage.input);
    calls.delete(request.usage.input);
    if (request.missingTool !== undefined) unexplained.push(`no tool for "${request.missingTool}" was offered`);
    if (request.outcome === 'answered') {
      const verdict = judgeAnswered(agent, request, call);
      if (verdict.gap !== undefined) {
        gaps.add(agent.hasRunningTotal ? `${verdict.gap}, known from the running total` : verdict.gap);
        uncounted.push(request.usage);
      }
      unexplained.push(...verdict.unexplained);
      if (call && verdict.unexplained.length === 0) equal++;
    } else judgeBroken(request, call, gaps, unexplained);
  }
  for (const call of calls.values()) unexplained.push(`a call with input ${call.input} that was never served`);
  unexplained.push(...judgeTotals(figures));
  if (agent.hasRunningTotal && requests.every(({ outcome }) => outcome === 'answered' || outcome === 'refused'))
    unexplained.push(...judgeWithoutCall(figures, uncounted));
  return { equal, gaps: [...gaps].sort(), unexplained };
}

function judgeAnswered(
  agent: LabAgent,
  request: Request,
  call: LoggedCall | undefined,
): { gap?: string; unexplained: string[] } {
  const name = `request ${request.number} (${request.script ?? 'side'}, ${request.model})`;
  if (!call) {
    const gap = agent.gapOf?.(request, request.during);
    return gap === undefined ? { unexplained: [`${name} is not counted`] } : { gap, unexplained: [] };
  }
  const unexplained = differences(request.usage, call, agent).map((text) => `${name}: ${text}`);
  if (call.unrecorded !== null) unexplained.push(`${name}: marked as not recorded`);
  return { unexplained };
}

/** Refused: nothing was used. Cut or hung: what was used nobody knows; where a row stands, it must say so. */
function judgeBroken(request: Request, call: LoggedCall | undefined, gaps: Set<string>, unexplained: string[]): void {
  const name = `request ${request.number} (${request.outcome})`;
  if (request.outcome === 'too-many') unexplained.push(`${name}: the agent asked on and on`);
  else if (request.outcome === 'refused') {
    if (call) unexplained.push(`${name} is counted`);
  } else if (!call) gaps.add(request.outcome === 'cut' ? 'cut call' : 'call running when killed');
  else if (call.unrecorded === null) unexplained.push(`${name} is counted as if it had ended`);
  else gaps.add('output of a cut call');
}

/** A row of zeros must be marked, and must have a request that ended badly behind it. */
function judgeEmpty(call: LoggedCall, requests: readonly Request[], gaps: Set<string>, unexplained: string[]): void {
  if (call.unrecorded === null) unexplained.push(`a row of zeros (${call.key}) counted as a free call`);
  else if (requests.every(({ outcome }) => outcome === 'answered'))
    unexplained.push(`a row of zeros (${call.key}) though all went well`);
  else gaps.add('row of zeros');
}

/** What the running total proves beside the calls is what was served and is in no call, to the token. */
function judgeWithoutCall({ withoutCall }: Figures, uncounted: readonly Usage[]): string[] {
  const served = (of: (usage: Usage) => number) => uncounted.reduce((all, usage) => all + of(usage), 0);
  const pairs: [string, number, number][] = [
    ['input', served((usage) => usage.input), withoutCall.input],
    ['cache read', served((usage) => usage.cacheRead), withoutCall.cacheRead],
    ['cache writes', served((usage) => usage.cacheWrite5m + usage.cacheWrite1h), withoutCall.cacheWrite],
    ['output', served((usage) => usage.output), withoutCall.output],
  ];
  return pairs
    .filter(([, wanted, proven]) => wanted !== proven)
    .map(([name, wanted, proven]) => `${name} without a call was ${wanted}, the running total proves ${proven}`);
}

/** Totals are sums of the calls that count, whatever the way they are asked for. */
function judgeTotals({ calls, totals }: Figures): string[] {
  const sum = (bucket: (typeof buckets)[number]) => calls.reduce((all, call) => all + call[bucket], 0);
  const pairs: [string, number, number][] = [
    ['calls', calls.length, totals.calls],
    ['input', sum('input'), totals.inputTokens],
    ['cache read', sum('cacheRead'), totals.cacheReadTokens],
    ['cache writes (5 min)', sum('cacheWrite5m'), totals.cacheWrite5mTokens],
    ['cache writes (1 h)', sum('cacheWrite1h'), totals.cacheWrite1hTokens],
    ['output', sum('output'), totals.outputTokens],
    ['reasoning', sum('reasoning'), totals.reasoningTokens],
  ];
  return pairs
    .filter(([, calls, total]) => calls !== total)
    .map(([name, calls, total]) => `total of ${name} is ${total}, the calls are ${calls}`);
}
