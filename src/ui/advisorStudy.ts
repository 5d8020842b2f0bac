// Holds the hints against the person's own log, a few times a day, long after start-up and in small steps: what would
// have been marked, what came of the hints shown, whether weights of their own do better. Reads prompts' words from the
// logs for it and keeps numbers only.
import * as vscode from 'vscode';
import { recordOutcome, recordOwnMarks } from '../advisor/learning';
import { isSentHint, ownStudySteps, type OwnStudy } from '../advisor/ownStudy';
import { sizeOfWork, type OwnPrompt } from '../advisor/personalFit';
import { bundledTaskModel } from '../advisor/simpleTask';
import { type PromptWork } from '../ledger/promptWork';
import { type AdvisorLedger } from './advisor';
import { type AdvisorMemory } from './advisorMemory';
import { type Guard } from './guard';

const hourMs = 60 * 60 * 1000;
const firstLookMs = 3 * 60 * 1000;
const betweenMs = 6 * hourMs;
const lookedBackMs = 90 * 24 * hourMs;
/** The newest of them: enough to learn from, and read in a second or two. */
const mostPrompts = 600;
/** A prompt is finished when its session has been quiet for so long. */
const quietMs = hourMs;

export interface AdvisorStudyDeps {
  readonly ledger: AdvisorLedger;
  readonly memory: AdvisorMemory;
  readonly guard: Guard;
  readonly onStudied: () => void;
}

export class AdvisorStudy implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private isDisposed = false;

  constructor(private readonly deps: AdvisorStudyDeps) {
    const look = () => deps.guard('study the hints', () => this.look());
    const first = setTimeout(look, firstLookMs);
    const hourly = setInterval(look, hourMs);
    this.subscription = vscode.Disposable.from(
      { dispose: () => clearTimeout(first) },
      { dispose: () => clearInterval(hourly) },
    );
  }

  dispose(): void {
    this.isDisposed = true;
    this.subscription.dispose();
  }

  private async look(): Promise<void> {
    const { memory, ledger, onStudied } = this.deps;
    const nowMs = Date.now();
    if (nowMs - (memory.study?.atMs ?? 0) < betweenMs) return;
    const rows = await ledger.promptWork({ sinceMs: nowMs - lookedBackMs, most: mostPrompts });
    const prompts: OwnPrompt[] = [];
    for (const row of rows.filter((one) => nowMs - one.lastMs > quietMs && !one.isInterrupted)) {
      const text = await ledger.promptText(row.agent, row.key);
      if (this.isDisposed) return;
      if (text === undefined || text.trim() === '') continue;
      prompts.push({
        text,
        atMs: row.atMs,
        size: sizeOf(row),
        turn: row.turn,
        ...(row.contextTokens > 0 ? { contextTokens: row.contextTokens } : {}),
      });
      await this.learnOutcome(row, text);
    }
    const study = await this.inSteps(ownStudySteps(prompts, bundledTaskModel, nowMs));
    if (study === undefined) return;
    await memory.keepStudy(study);
    await memory.learn((state) => recordOwnMarks(state, study.marks));
    onStudied();
  }

  /** Was it a hint's prompt? Then the log has the last word on that hint. */
  private async learnOutcome(row: PromptWork, text: string): Promise<void> {
    const hint = this.deps.memory.learning.hints.find((one) => isSentHint(one, row.atMs, text));
    if (hint) await this.deps.memory.learn((state) => recordOutcome(state, hint.id, sizeOf(row) === 'small'));
  }

  private async inSteps(steps: Generator<undefined, OwnStudy, undefined>): Promise<OwnStudy | undefined> {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      await new Promise((done) => setTimeout(done, 0));
      if (this.isDisposed) return undefined;
    }
  }
}

const sizeOf = (row: PromptWork): OwnPrompt['size'] => sizeOfWork({ ...row, toolCalls: row.toolUses });
