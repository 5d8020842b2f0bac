// Answers "could this prompt go to a cheaper model?" for the editor: gathers the place it would be sent from and the
// prices from the ledger, keeps them for moments, and asks the core. Shows nothing and says nothing.
import * as vscode from 'vscode';
import { adviceOn, type Hint, type NoHint } from '../advisor/advice';
import { type ModelOffer } from '../advisor/modelOffer';
import { situationOf, type Situation } from '../advisor/situation';
import { switchWarning, switchWarnings, type SwitchWarning, type WarmSession } from '../advisor/switchCost';
import { type LedgerClient } from '../ledger/ledgerClient';
import { type PromptWork } from '../ledger/promptWork';
import { readFrontMatter } from '../prompts/frontMatter';
import { type AdvisorMemory } from './advisorMemory';
import { type AdvisorOffers } from './advisorOffers';

export type AdvisorLedger = Pick<LedgerClient, 'promptWork' | 'promptText' | 'modelFacts' | 'knownModels'>;

/** How the work of the last month is known: anew after a quarter of an hour, its last moments anew after seconds. */
const historyMs = 30 * 24 * 60 * 60 * 1000;
const historyKeptMs = 15 * 60 * 1000;
const recentMs = 2 * 60 * 60 * 1000;
const recentKeptMs = 5_000;
const mostPrompts = 1500;

export interface Place {
  readonly situation: Situation | undefined;
  readonly current: ModelOffer | undefined;
  readonly offers: readonly ModelOffer[];
}

export class Advisor {
  private history: { readonly atMs: number; readonly rows: Promise<readonly PromptWork[]> } | undefined;
  private recent: { readonly atMs: number; readonly rows: Promise<readonly PromptWork[]> } | undefined;

  constructor(
    private readonly ledger: AdvisorLedger,
    private readonly offers: AdvisorOffers,
    private readonly memory: AdvisorMemory,
  ) {}

  /** The logs or the prices have changed: ask again. */
  forget(): void {
    this.history = undefined;
    this.recent = undefined;
    this.offers.forget();
  }

  /** Logs have been read: the last moments are asked for again, the month before is as it was. */
  forgetRecent(): void {
    this.recent = undefined;
  }

  /** Where a prompt of this folder would be sent from now. */
  async place(folder: string | undefined): Promise<Place> {
    const nowMs = Date.now();
    const rows = await this.rows(nowMs);
    const situation = situationOf(rows, { nowMs, ...(folder === undefined ? {} : { project: folder }) });
    if (situation === undefined) return { situation, current: undefined, offers: [] };
    const { agent, model, cacheTtl } = situation;
    const used = [...new Set(rows.filter((row) => row.agent === agent).map((row) => row.model))];
    const [current, offers] = await Promise.all([
      this.offers.offer(model, nowMs, cacheTtl),
      this.offers.offers(agent, model, nowMs, cacheTtl, used),
    ]);
    return { situation, current, offers };
  }

  /** `text` with its front matter. */
  async adviceOn(text: string, folder: string | undefined): Promise<(Hint | NoHint) & { readonly place: Place }> {
    const { values, endOffset } = readFrontMatter(text.slice(0, 4096));
    const place = await this.place(folder);
    const mode = `${String(values.get('mode') ?? '')} ${String(values.get('agent') ?? '')}`;
    const advice = adviceOn({
      ...place,
      prompt: text.slice(endOffset),
      planMode: /\bplan\b/i.test(mode),
      model: this.memory.model,
    });
    // Whoever names a model in the file has chosen.
    const isChosen = values.has('model') && advice.kind === 'hint';
    return isChosen ? { kind: 'silence', why: 'no-candidate', verdict: advice.verdict, place } : { ...advice, place };
  }

  /** What a change of the model would cost more right now, the nearest smaller model; undefined where it would not. */
  async switchWarning(folder: string | undefined): Promise<(SwitchWarning & { readonly agent: string }) | undefined> {
    const { situation } = await this.place(folder);
    return situation?.sessionId === undefined ? undefined : this.warningFor(situation);
  }

  /** The same for a session that somebody else found running, and warm. */
  async warningFor(
    session: Pick<Situation, 'agent' | 'model' | 'cacheTtl' | 'contextTokens'>,
  ): Promise<(SwitchWarning & { readonly agent: string }) | undefined> {
    const warm = await this.warmSession(session);
    const warning = warm && switchWarning(warm);
    return warning && { ...warning, agent: session.agent };
  }

  /** The same for every model there is, cheaper on the next call or not. */
  async switchWarnings(folder: string | undefined): Promise<readonly SwitchWarning[]> {
    const { situation } = await this.place(folder);
    const warm = situation?.sessionId === undefined ? undefined : await this.warmSession(situation);
    return warm ? switchWarnings(warm, -Infinity) : [];
  }

  private async warmSession({
    agent,
    model,
    cacheTtl,
    contextTokens,
  }: Pick<Situation, 'agent' | 'model' | 'cacheTtl' | 'contextTokens'>): Promise<WarmSession | undefined> {
    const nowMs = Date.now();
    const current = await this.offers.offer(model, nowMs, cacheTtl);
    if (current === undefined) return undefined;
    const offers = await this.offers.offers(agent, model, nowMs, cacheTtl);
    return { current, offers, contextTokens, isWarm: true };
  }

  private async rows(nowMs: number): Promise<readonly PromptWork[]> {
    if (!this.history || nowMs - this.history.atMs > historyKeptMs)
      this.history = { atMs: nowMs, rows: this.ask(nowMs - historyMs) };
    if (!this.recent || nowMs - this.recent.atMs > recentKeptMs)
      this.recent = { atMs: nowMs, rows: this.ask(nowMs - recentMs) };
    const [history, recent] = await Promise.all([this.history.rows, this.recent.rows]);
    const known = new Map(history.map((row) => [`${row.agent}\n${row.key}`, row]));
    for (const row of recent) known.set(`${row.agent}\n${row.key}`, row);
    return [...known.values()];
  }

  /** A store that cannot be read has said nothing: no advice. */
  private ask(sinceMs: number): Promise<readonly PromptWork[]> {
    return this.ledger.promptWork({ sinceMs, most: mostPrompts }).catch(() => []);
  }
}

/** The folder whose project a document's prompt belongs to. */
export function folderOfDocument(document: vscode.TextDocument | undefined): string | undefined {
  const own = document && vscode.workspace.getWorkspaceFolder(document.uri);
  return (own ?? vscode.workspace.workspaceFolders?.[0])?.uri.fsPath;
}
