// Which model to count and price for: the one chosen for this workspace, else the setting's, else the one that the
// agents' logs show in use here, else anywhere. Asks the ledger; remembers the choice in the workspace, not in its files.
import * as vscode from 'vscode';
import { type ModelFacts } from '../ledger/ledger';
import { addDays, dayOf } from '../ledger/calendar';
import { type Totals, type TotalsQuery } from '../ledger/totals';
import { byCost } from '../report/glance';
import { commands } from './commands';
import { readSettings } from './settings';
import { userTimeZone } from './userTimeZone';

/** Counted for before any log is read: a model of OpenAI's current vocabulary, whose counts are exact. */
const fallbackModel = 'gpt-5';
const chosenKey = 'model';
const daysLookedAt = 30;
const keepMs = 60_000;

/** Whoever knows which models are in use, and what they cost: the ledger's client, or price lists alone. */
export interface ModelSource {
  totals(query: TotalsQuery): Promise<Pick<Totals, 'rows'>>;
  modelFacts(model: string, atMs: number): Promise<ModelFacts>;
  knownModels(): Promise<readonly string[]>;
}

export class Models implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly subscription: vscode.Disposable;
  private recent: { readonly atMs: number; readonly models: Promise<readonly string[]> } | undefined;
  private readonly facts = new Map<string, Promise<ModelFacts>>();

  constructor(
    private readonly ledger: ModelSource,
    private readonly memory: vscode.Memento,
  ) {
    this.subscription = vscode.Disposable.from(
      this.changed,
      vscode.commands.registerCommand(commands.chooseModel, () => this.choose()),
    );
  }

  /** The model for a document. */
  async current(scope?: vscode.ConfigurationScope): Promise<string> {
    const named = this.memory.get<string>(chosenKey) || readSettings(scope).model;
    return named || ((await this.inUse())[0] ?? fallbackModel);
  }

  /** Models of the last 30 days, of this workspace's project first, dearest first. Empty where there are no logs. */
  inUse(): Promise<readonly string[]> {
    if (!this.recent || Date.now() - this.recent.atMs > keepMs) this.recent = { atMs: Date.now(), models: this.ask() };
    return this.recent.models;
  }

  /** Price and limits as of now. */
  factsOf(model: string): Promise<ModelFacts> {
    const known = this.facts.get(model);
    if (known) return known;
    const facts = this.ledger.modelFacts(model, Date.now());
    facts.catch(() => this.facts.delete(model));
    this.facts.set(model, facts);
    return facts;
  }

  /** Settings or logs have changed: ask again. */
  forget(): void {
    this.recent = undefined;
    this.facts.clear();
    this.changed.fire();
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private async ask(): Promise<readonly string[]> {
    const timeZone = userTimeZone();
    const until = dayOf(Date.now(), timeZone);
    const query = { by: 'model', since: addDays(until, -daysLookedAt), until, timeZone } as const;
    try {
      const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
      const [anywhere, ...here] = await Promise.all([
        this.ledger.totals(query),
        ...folders.map((project) => this.ledger.totals({ ...query, project })),
      ]);
      const rows = [...here.flatMap((totals) => byCost(totals.rows)), ...byCost(anywhere.rows)];
      return [...new Set(rows.map((row) => row.key).filter((model) => model !== ''))];
    } catch {
      return [];
    }
  }

  private async choose(): Promise<void> {
    const { t } = vscode.l10n;
    const inUse = await this.inUse();
    const current = await this.current(vscode.window.activeTextEditor?.document);
    const auto = {
      label: `$(sync) ${t('The model my agents use')}`,
      description: inUse[0] ?? fallbackModel,
      model: '',
    };
    const other = { label: `$(edit) ${t('Another model…')}`, description: '', model: undefined };
    const picked = await vscode.window.showQuickPick(
      [
        auto,
        ...inUse.map((model) => ({ label: model, description: model === current ? t('counted for now') : '', model })),
        other,
      ],
      { title: t('Count tokens for which model?') },
    );
    if (!picked) return;
    const model = picked === other ? await this.askModel() : picked.model;
    if (model === undefined) return;
    await this.memory.update(chosenKey, model || undefined);
    this.changed.fire();
  }

  private async askModel(): Promise<string | undefined> {
    const known = await this.ledger.knownModels();
    return vscode.window.showQuickPick([...known], {
      title: vscode.l10n.t('Count tokens for which model?'),
      placeHolder: vscode.l10n.t('Type to search'),
    });
  }
}
