// The ledger: what the agents' logs say was used, kept for good. Puts store, ingest, sums and questions together; the
// same object serves the command line and, behind a worker, the editor.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, type Agent, type AgentEnvironment, type AgentId, type SkipReason } from '../agents/agent';
import { agents as allAgents } from '../agents/agents';
import { type FullRates, fillRates, type PriceStatus } from '../pricing/cost';
import { PriceBook, type PriceSettings } from '../pricing/priceBook';
import { machineZone } from './calendar';
import { concernsLogs } from './concerns';
import { type DoctorReport, examine } from './doctor';
import { type Explanation, explain } from './explain';
import { type BudgetState } from './budget';
import { keepHardCaps, type ReachedCap, writeHookScript } from './hardCaps';
import { Ingest, type IngestOutcome, type LookedUnder } from './ingest';
import { MeterDesk, type MeterFacts, type MeterQuery } from './meterFacts';
import { type BudgetNotice, NoticeDesk } from './notices';
import { type PageFacts, type PageQuery, pageFacts } from './pageFacts';
import { type PromptWork, promptWork, type PromptWorkQuery } from './promptWork';
import { type WeekFacts, weekFacts, type WeekQuery } from './weekFacts';
import { projectOf } from './projects';
import { type TeamFact, teamFacts } from './teamFacts';
import { type LocalCommit } from './gitReflog';
import { outcomes, type ProjectOutcome } from './outcomes';
import { type Passport, passport } from './passport';
import { figuresBy, type SumQuery } from './figuresBy';
import { askTotals } from './questions';
import {
  type CallRecord,
  type PlanWindow,
  type PromptSummary,
  Records,
  type SessionSummary,
  type ToolUse,
} from './records';
import { type PricesTaken, readRefreshedPrices, takeRefreshedPrices } from './refreshedPrices';
import { recordAt } from './reread';
import { type LogPlace, placeOfSession } from './sessionLog';
import { isCorruption, Store, textIn } from './store';
import { Sums } from './sums';
import { estimateTokens } from './textSize';
import {
  addFigures,
  noFigures,
  type SkippedRecords,
  type Totals,
  type TotalsQuery,
  totalsRow,
  type TotalsRow,
} from './totals';

/** Between two pieces of what was left for later, others may read and write. */
const betweenPiecesMs = 50;

export interface LedgerOptions {
  /** Where the store lies; made where it is missing. */
  readonly dataFolder: string;
  readonly environment: AgentEnvironment;
  /** Folders named by the person, beside the agents' own. */
  readonly extraFolders?: Partial<Record<AgentId, readonly string[]>>;
  readonly now: () => number;
  readonly priceSettings?: PriceSettings;
  /** IANA: whose days are kept ready. Default: the machine's. */
  readonly timeZone?: string;
  /** All of them, but for tests. */
  readonly agents?: readonly Agent[];
  /** The built readingWorker.js; the one beside this program where none is named. */
  readonly readingWorker?: string;
}

export interface RefreshOutcome {
  /** Something new was read. */
  readonly changed: boolean;
  /** There is a log, or there was one. */
  readonly hasLogs: boolean;
  /** The agents' folders that exist: to be watched. */
  readonly folders: readonly string[];
  readonly files: number;
  readonly changedFiles: number;
  readonly readBytes: number;
  /** Another program is reading the logs; its figures appear here as it goes. */
  readonly isElsewhere: boolean;
  /** Bytes of logs whose calls are known and whose tools are still to be read: `catchUp`. */
  readonly laterBytes: number;
  /** A damaged store was moved to this path and is being rebuilt from the logs that are left. Told once. */
  readonly setAside?: string;
}

/** Limits in tokens, price of uncached input in US dollars per million tokens; absent where not known. */
export interface ModelFacts {
  readonly contextWindow?: number;
  readonly maxOutput?: number;
  readonly status: PriceStatus;
  readonly inputPerMillionUsd?: number;
  /** US dollars per million tokens, every bucket filled. */
  readonly rates?: FullRates;
  /** Rates of the whole call once its prompt is longer, ascending. */
  readonly longContext?: readonly { readonly aboveTokens: number; readonly rates: FullRates }[];
}

/** A file built beside the bundle that this is part of. */
function besideThis(name: string): string | undefined {
  const path = join(__dirname, name);
  return existsSync(path) ? path : undefined;
}

export class Ledger {
  readonly #options: LedgerOptions;
  readonly #prices: PriceBook;
  #store: Store;
  #sums: Sums;
  #ingest: Ingest;
  #running: Promise<RefreshOutcome> | undefined;
  #catchingUp: Promise<void> | undefined;
  /** Something was read since the last refresh. */
  #hasNews = false;
  #setAside: string | undefined;
  #looked: readonly LookedUnder[] | undefined;
  readonly #meter = new MeterDesk();
  readonly #notices = new NoticeDesk();

  /** Opens the store. Throws where its folder cannot be written or a newer program wrote it. */
  static open(options: LedgerOptions): Ledger {
    return new Ledger(options);
  }

  private constructor(options: LedgerOptions) {
    this.#options = options;
    this.#prices = new PriceBook({ ...options.priceSettings, refreshed: readRefreshedPrices(options.dataFolder) });
    ({ store: this.#store, sums: this.#sums, ingest: this.#ingest } = this.#open());
  }

  #open(): { store: Store; sums: Sums; ingest: Ingest } {
    const { dataFolder, environment, extraFolders = {}, now, agents = allAgents } = this.#options;
    const readingWorker = this.#options.readingWorker ?? besideThis('readingWorker.js');
    const store = Store.open(dataFolder);
    this.#setAside ??= store.setAside;
    return {
      store,
      sums: new Sums(store, this.#prices, this.#options.timeZone ?? machineZone()),
      ingest: new Ingest(store, { agents, environment, extraFolders, estimateTokens, now, readingWorker }),
    };
  }

  /** Reads what is new. One at a time: a call during another gets the other's answer. */
  refresh(): Promise<RefreshOutcome> {
    this.#running ??= this.#refresh().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #refresh(): Promise<RefreshOutcome> {
    try {
      return await this.#refreshOnce();
    } catch (error) {
      if (!isCorruption(error)) throw error;
      this.#replaceStore();
      return await this.#refreshOnce();
    }
  }

  async #refreshOnce(): Promise<RefreshOutcome> {
    const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
    const outcome = await this.#ingest.run({
      isIdle: () => this.#sums.isSettled(this.#options.now()),
      meanwhile: () => this.#sums.settleSome(this.#options.now()),
      afterwards: () => this.#sums.settle(this.#options.now(), pause),
    });
    this.#looked = outcome.folders;
    return this.#outcomeOf(outcome);
  }

  /**
   * Reads what `refresh` left for later (tools and their results, which no total needs), in pieces, so that questions are
   * answered in between. Answers when all of it is read.
   */
  catchUp(): Promise<void> {
    this.#catchingUp ??= this.#catchUp().finally(() => (this.#catchingUp = undefined));
    return this.#catchingUp;
  }

  async #catchUp(): Promise<void> {
    for (;;) {
      await this.#running?.catch(() => undefined);
      const before = this.#ingest.laterBytes();
      const hasMore = await this.#ingest.readLater();
      this.#hasNews ||= this.#ingest.laterBytes() < before;
      if (!hasMore) return;
      await new Promise((resolve) => setTimeout(resolve, betweenPiecesMs));
    }
  }

  #outcomeOf(outcome: IngestOutcome): RefreshOutcome {
    const setAside = this.#setAside;
    this.#setAside = undefined;
    const hasNews = this.#hasNews;
    this.#hasNews = false;
    const { folders, files, changedFiles, readBytes, isElsewhere } = outcome;
    return {
      changed: readBytes > 0 || isElsewhere || hasNews,
      hasLogs: files > 0 || this.#store.get('SELECT 1 FROM calls LIMIT 1') !== undefined,
      folders: folders.filter((looked) => looked.exists).map((looked) => looked.folder),
      files,
      changedFiles,
      readBytes,
      isElsewhere,
      laterBytes: this.#ingest.laterBytes(),
      ...(setAside === undefined ? {} : { setAside }),
    };
  }

  #replaceStore(): void {
    this.#store.close();
    this.#setAside = Store.setAside(this.#options.dataFolder);
    ({ store: this.#store, sums: this.#sums, ingest: this.#ingest } = this.#open());
  }

  /** What the store holds now; `refresh` first for what is new. Throws a RangeError for an unknown time zone. */
  totals(query: TotalsQuery): Totals {
    return this.#asking(() => ({ ...askTotals(this.#store, this.#sums, query), skipped: this.#skipped(query.agent) }));
  }

  /** One state of the store for a whole question. A store found damaged now is replaced at the next refresh. */
  #asking<Answer>(question: () => Answer): Answer {
    return this.#store.read(question);
  }

  #skipped(agent: AgentId | undefined): SkippedRecords[] {
    const rows = this.#store.all(
      'SELECT files.agent AS agent, path, reason, count FROM skips JOIN files ON files.id = skips.file ORDER BY path, reason',
    );
    const skipped = rows.map((row) => ({
      agent: this.#store.nameOf(row['agent']) as AgentId,
      file: textIn(row, 'path'),
      reason: row['reason'] as SkipReason,
      count: Number(row['count']),
    }));
    for (const looked of this.#looked ?? []) {
      for (const file of looked.unreadable) skipped.push({ agent: looked.agent, file, reason: 'unreadable', count: 1 });
    }
    return agent === undefined ? skipped : skipped.filter((record) => record.agent === agent);
  }

  /** The day of the bundled or refreshed price data, `YYYY-MM-DD`, and what is wrong with the person's own rows. */
  prices(): { readonly asOf: string; readonly problems: readonly string[] } {
    return { asOf: this.#prices.asOf, problems: this.#prices.problems };
  }

  /** Keeps fetched price data if it passes the checks. It is used by ledgers opened from now on. */
  takePrices(text: string): PricesTaken {
    const day = new Date(this.#options.now()).toISOString().slice(0, 10);
    return takeRefreshedPrices(this.#options.dataFolder, text, day);
  }

  /** Ids of the models that the price book knows by their makers, for choosing one. */
  knownModels(): readonly string[] {
    return this.#prices.knownModels();
  }

  /** The agents' own names by their ids. */
  agentLabels(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#agents().map(({ id, label }) => [id, label]));
  }

  /** What one needs to know of a model beside a text's size. */
  modelFacts(model: string, atMs: number): ModelFacts {
    const { status, rates, longContext } = this.#prices.rates(model, atMs);
    const steps = longContext.map((step) => ({ aboveTokens: step.aboveTokens, rates: fillRates(step.rates) }));
    return {
      ...this.#prices.limits(model),
      status,
      ...(rates ? { inputPerMillionUsd: rates.input, rates: fillRates(rates) } : {}),
      ...(steps.length > 0 ? { longContext: steps } : {}),
    };
  }

  /** All that the report's page shows of a period, in one answer. */
  pageFacts(query: PageQuery): PageFacts {
    return this.#asking(() =>
      pageFacts(
        { store: this.#store, sums: this.#sums, prices: this.#prices, skipped: this.#skipped(query.agent) },
        query,
      ),
    );
  }

  /** What each prompt of a period led to, oldest first. */
  promptWork(query: PromptWorkQuery): PromptWork[] {
    return this.#asking(() => promptWork(this.#store, this.#sums, query));
  }

  /** All that the meter shows, in one answer. */
  meterFacts(query: MeterQuery): MeterFacts & { readonly skippedLines: number } {
    const skippedLines = this.#skipped(undefined).reduce((sum, { count }) => sum + count, 0);
    const deps = { store: this.#store, sums: this.#sums, prices: this.#prices };
    return this.#asking(() => ({ ...this.#meter.facts(deps, query), skippedLines }));
  }

  /** The notices that are this window's to show now; no window is given one twice. */
  claimNotices(states: readonly BudgetState[], nowMs: number): readonly BudgetNotice[] {
    return this.#notices.claim(this.#store, states, nowMs);
  }

  /** May this window sound this alarm? `isStart`: it was there when the window opened, and stays silent. */
  claimAlarm(key: string, isStart: boolean, nowMs: number): boolean {
    return this.#notices.claimAlarm(this.#store, key, isStart, nowMs);
  }

  /** No word of this budget until then, in any window. */
  snoozeNotice(notice: BudgetNotice, untilMs: number, nowMs: number): void {
    this.#notices.snooze(this.#store, notice, untilMs, nowMs);
  }

  /** Keeps the budget state file true: `caps` are all reached ones that a window (`owner`: its folders) knows of. */
  keepHardCaps(caps: readonly ReachedCap[], owner: string, nowMs: number): void {
    keepHardCaps(this.#store, this.#options.dataFolder, caps, owner, nowMs);
  }

  /** Writes the script that an agent's hook runs, into our own folder. Its path. */
  writeHookScript(): string {
    return writeHookScript(this.#options.dataFolder);
  }

  /** Where a session's last call stands in its log; `undefined` where that is no text, or gone. */
  sessionLog(agent: AgentId, sessionId: string): LogPlace | undefined {
    return placeOfSession(this.#store, this.#agents(), agent, sessionId);
  }

  /** Sessions with calls since a moment (epoch ms), the latest first. */
  sessions(sinceMs = 0, limit = 1000): SessionSummary[] {
    return this.#asking(() => this.#records().sessions(sinceMs, limit));
  }

  /** The prompts of a session with what each cost and changed, first to last. */
  prompts(agent: AgentId, sessionId: string): PromptSummary[] {
    return this.#asking(() => this.#records().prompts(agent, sessionId));
  }

  /** Calls since a moment (epoch ms), in their order. */
  calls(sinceMs: number, limit = 10_000): CallRecord[] {
    return this.#asking(() => this.#records().calls(sinceMs, limit));
  }

  /** Tool uses since a moment (epoch ms), in their order. */
  toolUses(sinceMs: number, limit = 10_000): ToolUse[] {
    return this.#asking(() => this.#records().toolUses(sinceMs, limit));
  }

  /** How full the plans' windows were when the logs last told. */
  planWindows(): PlanWindow[] {
    return this.#asking(() => this.#records().planWindows());
  }

  /** A prompt's words, read again from its log; `undefined` where the log is gone. */
  promptText(agent: AgentId, key: string): string | undefined {
    return this.#textAt(agent, 'SELECT file, place FROM prompts WHERE agent = ? AND key = ?', key);
  }

  /** A session's title, read again from its log. */
  sessionTitle(agent: AgentId, sessionId: string): string | undefined {
    const sql = 'SELECT title_file AS file, title_place AS place FROM sessions WHERE agent = ? AND name = ?';
    return this.#textAt(agent, sql, sessionId);
  }

  #textAt(agentId: AgentId, sql: string, key: string): string | undefined {
    const row = this.#store.get(sql, this.#store.knownIdOf(agentId) ?? -1, key);
    const file = this.#store.get('SELECT source, path FROM files WHERE id = ?', row?.['file'] ?? -1);
    const place = row?.['place'];
    if (!file || (typeof place !== 'number' && typeof place !== 'string')) return undefined;
    const agent = this.#agents().find(({ id }) => id === agentId);
    const source = agent?.sources.find(({ id }) => id === file['source']);
    const record = source && recordAt(source, textIn(file, 'path'), place satisfies Place);
    return record === undefined ? undefined : agent?.textAt?.(record, place);
  }

  /** Whether a change of one of these paths (absolute) can change a figure; yes, as long as nothing was looked at. */
  concerns(paths: readonly string[]): boolean {
    if (!this.#looked) return true;
    const sources = new Map(
      this.#agents().flatMap(({ id, sources }) => sources.map((one) => [`${id} ${one.id}`, one])),
    );
    return concernsLogs(
      paths,
      this.#looked.map(({ agent, source, folder }) => ({
        folder,
        owns: (path) => sources.get(`${agent} ${source}`)?.owns(path) ?? true,
      })),
    );
  }

  /** Which folders were looked under, what was found in them, what was not understood. */
  doctor(): DoctorReport {
    this.#looked ??= this.#ingest.look();
    const looked = this.#looked;
    const { asOf, version, problems } = this.#prices;
    return this.#asking(() =>
      examine(this.#store, this.#agents(), looked, this.#skipped(undefined), { asOf, version, problems }),
    );
  }

  /**
   * A call (by key), a session (by id) or a day (`YYYY-MM-DD` in the zone) taken apart: source rows, merged and dropped
   * ones, price row, what is not in it. `undefined` where the store knows no such thing.
   */
  explain(target: string, timeZone: string): Explanation | undefined {
    return this.#asking(() =>
      explain(
        {
          store: this.#store,
          sums: this.#sums,
          records: this.#records(),
          prices: this.#prices,
          agents: this.#agents(),
          skipped: this.#skipped(undefined),
        },
        target,
        timeZone,
      ),
    );
  }

  /** What spend came to, by repository: between commits, reverted, not committed yet. */
  outcomes(query: SumQuery, given?: Readonly<Record<string, readonly LocalCommit[]>>): ProjectOutcome[] {
    return this.#asking(() => outcomes(this.#store, this.#sums, query, given));
  }

  /** What the letter of a week tells, figures only. */
  weekFacts(query: WeekQuery): WeekFacts {
    const deps = { store: this.#store, sums: this.#sums, prices: this.#prices };
    return this.#asking(() => weekFacts({ ...deps, skipped: [] }, query));
  }

  /** Sums for a team's roll-up. */
  teamFacts(query: SumQuery): TeamFact[] {
    return this.#asking(() => teamFacts(this.#store, this.#sums, query));
  }

  /** What was used in the repositories that hold these folders. */
  totalsHere(folders: readonly string[], query: SumQuery): TotalsRow {
    const figures = noFigures();
    this.#asking(() => {
      for (const project of new Set(folders.map((folder) => projectOf(folder).project)))
        for (const part of figuresBy(this.#store, this.#sums, { ...query, project }, []))
          addFigures(figures, part.figures);
    });
    return totalsRow('here', figures);
  }

  /** What came of the repositories that hold these folders. */
  outcomesHere(folders: readonly string[], query: SumQuery): ProjectOutcome[] {
    const projects = [...new Set(folders.map((folder) => projectOf(folder).project))];
    return projects.flatMap((project) => this.outcomes({ ...query, project }));
  }

  /** Where a sum comes from: price rows, bucket times rate, calls, gaps. */
  passport(query: SumQuery): Passport {
    return this.#asking(() =>
      passport(
        {
          store: this.#store,
          sums: this.#sums,
          prices: this.#prices,
          agents: this.#agents(),
          skipped: this.#skipped(query.agent),
        },
        query,
      ),
    );
  }

  #records(): Records {
    return new Records(this.#store, this.#sums);
  }

  #agents(): readonly Agent[] {
    return this.#options.agents ?? allAgents;
  }

  /** Ends a running refresh soon, without loss, and closes. */
  async stop(): Promise<void> {
    this.#ingest.stop();
    await this.#running?.catch(() => undefined);
    await this.#catchingUp?.catch(() => undefined);
    this.close();
  }

  close(): void {
    this.#store.close();
  }
}
