// The ledger as the editor sees it: the same questions, answered by a worker. Starts the worker at the first question
// and again after it has died; holds no figures.
import { Worker } from 'node:worker_threads';
import { type Ledger, type LedgerOptions } from './ledger';

/** What the worker needs to open the ledger: plain data. */
export type LedgerStart = Omit<LedgerOptions, 'now' | 'agents'>;

/** The questions that a ledger answers. */
export type LedgerMethod = Exclude<keyof Ledger, 'close' | 'stop' | 'catchUp'>;

export interface LedgerQuestion {
  readonly id: number;
  readonly method: LedgerMethod | 'close';
  readonly args: readonly unknown[];
}

export interface LedgerAnswer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

type AsyncLedger = {
  readonly [Method in LedgerMethod]: (
    ...args: Parameters<Ledger[Method]>
  ) => Promise<Awaited<ReturnType<Ledger[Method]>>>;
};

interface Waiting {
  readonly worker: Worker;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Young objects of the worker's heap: reading makes many short-lived ones; a small nursery keeps memory flat. */
const resourceLimits = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 512 };

export class LedgerClient implements AsyncLedger {
  readonly #workerPath: string;
  #start: LedgerStart;
  #worker: Worker | undefined;
  #lastId = 0;
  /** Why no question is answered now. */
  #paused: string | undefined;
  readonly #waiting = new Map<number, Waiting>();

  /** `workerPath`: the built ledgerWorker.js. Nothing runs before the first question. */
  constructor(workerPath: string, start: LedgerStart) {
    this.#workerPath = workerPath;
    this.#start = start;
  }

  readonly refresh: AsyncLedger['refresh'] = (...args) => this.#ask('refresh', args);
  readonly totals: AsyncLedger['totals'] = (...args) => this.#ask('totals', args);
  readonly pageFacts: AsyncLedger['pageFacts'] = (...args) => this.#ask('pageFacts', args);
  readonly promptWork: AsyncLedger['promptWork'] = (...args) => this.#ask('promptWork', args);
  readonly meterFacts: AsyncLedger['meterFacts'] = (...args) => this.#ask('meterFacts', args);
  readonly claimNotices: AsyncLedger['claimNotices'] = (...args) => this.#ask('claimNotices', args);
  readonly claimAlarm: AsyncLedger['claimAlarm'] = (...args) => this.#ask('claimAlarm', args);
  readonly snoozeNotice: AsyncLedger['snoozeNotice'] = (...args) => this.#ask('snoozeNotice', args);
  readonly keepHardCaps: AsyncLedger['keepHardCaps'] = (...args) => this.#ask('keepHardCaps', args);
  readonly writeHookScript: AsyncLedger['writeHookScript'] = (...args) => this.#ask('writeHookScript', args);
  readonly sessionLog: AsyncLedger['sessionLog'] = (...args) => this.#ask('sessionLog', args);
  readonly sessions: AsyncLedger['sessions'] = (...args) => this.#ask('sessions', args);
  readonly prompts: AsyncLedger['prompts'] = (...args) => this.#ask('prompts', args);
  readonly calls: AsyncLedger['calls'] = (...args) => this.#ask('calls', args);
  readonly toolUses: AsyncLedger['toolUses'] = (...args) => this.#ask('toolUses', args);
  readonly planWindows: AsyncLedger['planWindows'] = (...args) => this.#ask('planWindows', args);
  readonly promptText: AsyncLedger['promptText'] = (...args) => this.#ask('promptText', args);
  readonly sessionTitle: AsyncLedger['sessionTitle'] = (...args) => this.#ask('sessionTitle', args);
  readonly concerns: AsyncLedger['concerns'] = (...args) => this.#ask('concerns', args);
  readonly doctor: AsyncLedger['doctor'] = (...args) => this.#ask('doctor', args);
  readonly passport: AsyncLedger['passport'] = (...args) => this.#ask('passport', args);
  readonly outcomes: AsyncLedger['outcomes'] = (...args) => this.#ask('outcomes', args);
  readonly weekFacts: AsyncLedger['weekFacts'] = (...args) => this.#ask('weekFacts', args);
  readonly teamFacts: AsyncLedger['teamFacts'] = (...args) => this.#ask('teamFacts', args);
  readonly totalsHere: AsyncLedger['totalsHere'] = (...args) => this.#ask('totalsHere', args);
  readonly outcomesHere: AsyncLedger['outcomesHere'] = (...args) => this.#ask('outcomesHere', args);
  readonly explain: AsyncLedger['explain'] = (...args) => this.#ask('explain', args);
  readonly prices: AsyncLedger['prices'] = (...args) => this.#ask('prices', args);
  readonly takePrices: AsyncLedger['takePrices'] = (...args) => this.#ask('takePrices', args);
  readonly knownModels: AsyncLedger['knownModels'] = (...args) => this.#ask('knownModels', args);
  readonly agentLabels: AsyncLedger['agentLabels'] = () => this.#ask('agentLabels', []);
  readonly modelFacts: AsyncLedger['modelFacts'] = (...args) => this.#ask('modelFacts', args);

  /** Other folders or prices: the worker ends, the next question starts another. A refresh under way is broken off. */
  async restart(start: LedgerStart): Promise<void> {
    this.#start = start;
    await this.close();
  }

  /** Lets go of the store; until `resume`, every question fails and says why. */
  async pause(why: string): Promise<void> {
    this.#paused = why;
    await this.close();
  }

  resume(): void {
    this.#paused = undefined;
  }

  /** Ends the worker; a refresh under way is broken off without loss, and fails. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    this.#worker = undefined;
    await this.#send<undefined>(worker, 'close', []).catch(() => undefined);
    await worker.terminate();
  }

  async #ask<Answer>(method: LedgerMethod, args: readonly unknown[]): Promise<Answer> {
    if (this.#paused !== undefined) throw new Error(this.#paused);
    this.#worker ??= this.#launch();
    return await this.#send<Answer>(this.#worker, method, args);
  }

  #send<Answer>(worker: Worker, method: LedgerQuestion['method'], args: readonly unknown[]): Promise<Answer> {
    const id = (this.#lastId += 1);
    return new Promise<Answer>((resolve, reject) => {
      this.#waiting.set(id, { worker, resolve: (value) => resolve(value as Answer), reject });
      worker.postMessage({ id, method, args } satisfies LedgerQuestion);
    });
  }

  #launch(): Worker {
    const worker = new Worker(this.#workerPath, { workerData: this.#start, resourceLimits });
    worker.on('message', ({ id, value, error }: LedgerAnswer) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(value);
      else waiting?.reject(new Error(error));
    });
    const fail = (error: Error) => {
      if (this.#worker === worker) this.#worker = undefined;
      for (const [id, waiting] of this.#waiting) {
        if (waiting.worker !== worker) continue;
        this.#waiting.delete(id);
        waiting.reject(error);
      }
    };
    worker.on('error', fail);
    worker.on('exit', (code) => {
      if (code !== 0) fail(new Error(`the ledger's worker ended with code ${code}`));
    });
    worker.unref();
    return worker;
  }
}
