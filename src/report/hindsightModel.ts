// Finished tasks from the ledger -> which of them a cheaper model of the same maker had probably done too, and for how
// much, as a range with the pessimistic end first; and the chores that come up again and again. Data only: the words are
// hindsightWords.ts's. Judges tasks (a stretch of work between two cold caches), never single prompts.
import {
  bandOf,
  chanceAlso,
  defaultClaimUsd,
  type FinishedTask,
  type Hindsight,
  hindsight,
  type HindsightSum,
  objects,
  sumClaims,
} from '../advisor/hindsight';
import { candidatesFor, type ModelOffer } from '../advisor/modelOffer';
import { type Habit, habits, mayBeChore, roleOf, type TaskRole } from '../advisor/roles';
import { type PromptWork } from '../ledger/promptWork';

/** A stretch of one session's prompts without an hour's pause: no provider's cache outlives that. */
export interface WorkTask {
  readonly prompts: readonly PromptWork[];
  /** The prompt that came after it in the session, if any. */
  readonly next?: PromptWork;
}

export interface HindsightTask {
  readonly agent: string;
  readonly sessionId: string;
  readonly project: string;
  /** Epoch milliseconds of its first prompt. */
  readonly atMs: number;
  readonly firstPromptKey: string;
  readonly role: TaskRole;
  readonly requests: number;
  readonly linesChanged: number;
  readonly costUsd: number;
  readonly from: ModelOffer;
  readonly to: ModelOffer;
  readonly claim: Hindsight;
}

export interface HindsightReport {
  /** How many finished tasks were looked at. */
  readonly looked: number;
  /** Those with something to say, the largest pessimistic saving first. */
  readonly tasks: readonly HindsightTask[];
  /** Their sum; `undefined` = no light task worth moving. */
  readonly sum?: HindsightSum;
  /** Kinds of chore that came up at least three times, whatever they are worth, the dearest first. */
  readonly habits: readonly Habit[];
  /** Only the newest prompts of the period were looked at. */
  readonly isCut?: boolean;
}

/** What the facts beside the ledger's answer come from. */
export interface HindsightSource {
  /** The model at the prices of a moment, `undefined` where no exact price or tier is known. */
  offer(model: string, atMs: number): Promise<ModelOffer | undefined>;
  /** What the same agent offers at that moment. */
  offers(agent: string, model: string, atMs: number): Promise<readonly ModelOffer[]>;
  /** A prompt's words, read again from the log; kept nowhere. */
  promptText(agent: string, key: string): Promise<string | undefined>;
  readonly nowMs: number;
}

const coldMs = 60 * 60 * 1000;
/** Words are fetched one by one: beyond this many no more are read. */
const mostTexts = 400;
/** A task is of one model where that model had this share of its cost. */
const chiefShare = 0.9;

export function tasksOf(prompts: readonly PromptWork[]): readonly WorkTask[] {
  const sessions = new Map<string, PromptWork[]>();
  for (const prompt of [...prompts].sort((a, b) => a.atMs - b.atMs)) {
    const key = `${prompt.agent}\n${prompt.sessionId}`;
    const found = sessions.get(key);
    if (found) found.push(prompt);
    else sessions.set(key, [prompt]);
  }
  return [...sessions.values()].flatMap(stretches);
}

function stretches(prompts: readonly PromptWork[]): WorkTask[] {
  const starts = prompts.flatMap((prompt, at) =>
    at === 0 || prompt.atMs - prompts[at - 1]!.lastMs > coldMs ? [at] : [],
  );
  return starts.map((start, index) => {
    const end = starts[index + 1] ?? prompts.length;
    const next = prompts[end];
    return { prompts: prompts.slice(start, end), ...(next === undefined ? {} : { next }) };
  });
}

/** `prompts`: of the period, and of some time after it where there is any, so that complaints are seen. */
export async function hindsightReport(
  prompts: readonly PromptWork[],
  source: HindsightSource,
): Promise<HindsightReport> {
  const texts = new Texts(source);
  const finished = tasksOf(prompts).filter((task) => source.nowMs - task.prompts.at(-1)!.lastMs > coldMs);
  const tasks: HindsightTask[] = [];
  for (const task of finished) {
    const found = await judged(task, source, texts);
    if (found) tasks.push(found);
  }
  tasks.sort((a, b) => b.claim.saving.lowUsd - a.claim.saving.lowUsd);
  const sum = sumClaims(tasks);
  return {
    looked: finished.length,
    tasks,
    ...(sum === undefined ? {} : { sum }),
    habits: habits(await chores(prompts, texts)),
  };
}

/** Reads each prompt's words once, newest asked first served, and stops at a bound. */
class Texts {
  readonly #read = new Map<string, Promise<string | undefined>>();

  constructor(readonly source: HindsightSource) {}

  of({ agent, key }: PromptWork): Promise<string | undefined> {
    const id = `${agent}\n${key}`;
    let found = this.#read.get(id);
    if (!found) {
      if (this.#read.size >= mostTexts) return Promise.resolve(undefined);
      found = this.source.promptText(agent, key).catch(() => undefined);
      this.#read.set(id, found);
    }
    return found;
  }
}

const total = (prompts: readonly PromptWork[], of: (one: PromptWork) => number): number =>
  prompts.reduce((sum, one) => sum + of(one), 0);

async function judged(task: WorkTask, source: HindsightSource, texts: Texts): Promise<HindsightTask | undefined> {
  const facts = factsOf(task);
  const first = task.prompts[0]!;
  // What can be told without a word or a price is told first: most tasks end here.
  if (!facts?.isFinished || bandOf(chanceAlso(facts.requests, facts.linesChanged))?.isShown !== true) return undefined;
  const from = await source.offer(first.model, first.atMs);
  if (!from) return undefined;
  const candidates = candidatesFor(from, await source.offers(first.agent, first.model, first.atMs));
  for (const to of candidates) {
    const claim = hindsight(facts, from, to, { leastUsd: defaultClaimUsd });
    if (claim === undefined) continue;
    if (await isContested(task, texts)) return undefined;
    return {
      agent: first.agent,
      sessionId: first.sessionId,
      project: first.project,
      atMs: first.atMs,
      firstPromptKey: first.key,
      role: task.prompts.length === 1 ? await roleOfPrompt(first, texts) : 'other',
      requests: facts.requests,
      linesChanged: facts.linesChanged,
      costUsd: facts.costUsd,
      from,
      to,
      claim,
    };
  }
  return undefined;
}

/** `undefined` where the figures do not bear a claim: no price, an estimate among them, several models' work. */
function factsOf({ prompts }: WorkTask): FinishedTask | undefined {
  const [first] = prompts;
  if (!first || prompts.some((one) => !one.isExact || one.modelUsd === undefined || one.model !== first.model))
    return undefined;
  const costUsd = total(prompts, (one) => one.modelUsd ?? 0);
  const wholeUsd = total(prompts, (one) => one.costUsd ?? 0);
  if (costUsd <= 0 || costUsd < chiefShare * wholeUsd) return undefined;
  return {
    requests: total(prompts, (one) => one.requests),
    linesChanged: total(prompts, (one) => one.linesChanged),
    costUsd,
    isFinished: !prompts.some((one) => one.isInterrupted),
    planMode: prompts.some((one) => one.planMode),
    errorStreak: Math.max(...prompts.map((one) => one.errorStreak)),
  };
}

/** Words that cannot be read again may have been a complaint. */
async function isContested({ prompts, next }: WorkTask, texts: Texts): Promise<boolean> {
  for (const later of [...prompts.slice(1), ...(next ? [next] : [])]) {
    const text = await texts.of(later);
    if (text === undefined || objects(text)) return true;
  }
  return false;
}

const toolsOf = ({ requests, toolNames, filesEdited, role }: PromptWork) => ({
  requests,
  tools: toolNames,
  filesEdited,
  ...(role === undefined ? {} : { role }),
});

async function roleOfPrompt(prompt: PromptWork, texts: Texts): Promise<TaskRole> {
  const tools = toolsOf(prompt);
  if (!mayBeChore(tools)) return 'other';
  const text = await texts.of(prompt);
  return roleOf({ ...tools, prompt: text ?? '' });
}

/** Of every prompt, the dearest first: where the bound on words is reached, small change is left out. */
async function chores(
  prompts: readonly PromptWork[],
  texts: Texts,
): Promise<readonly { readonly role: TaskRole; readonly costUsd: number }[]> {
  const found: { role: TaskRole; costUsd: number }[] = [];
  const dearest = [...prompts].sort((a, b) => (b.costUsd ?? 0) - (a.costUsd ?? 0));
  for (const prompt of dearest) {
    if (prompt.costUsd === undefined) continue;
    const role = await roleOfPrompt(prompt, texts);
    if (role !== 'other') found.push({ role, costUsd: prompt.costUsd });
  }
  return found;
}
