// The open document's or selection's token count in the status bar, as one types. Forwards documents and edits to the
// count client and shows what comes back; counts nothing on this thread.
import * as vscode from 'vscode';
import { formatCount, formatGradedShort } from '../format';
import { CountClient } from '../tokens/countClient';
import { type CountsByEncoding, type OpenLine } from '../tokens/countProtocol';
import { encodingFor, type Estimate, estimate, kindOfText, sumOf } from '../tokens/estimate';
import { type Encoding } from '../tokens/vocabulary';
import { commands } from './commands';
import { type CountRow, countTooltip } from './countTooltip';
import { type EstimateCorrections } from './estimateCorrections';
import { type Guard } from './guard';
import { locale } from './locale';
import { type Models } from './models';
import { readSettings, type Settings } from './settings';

/** Documents that stay counted, the latest used first: switching back shows a number at once. */
const mostCounted = 6;
const mostModels = 4;
/** A selection being dragged is counted when it rests. */
const settleMs = 60;
/** The models in use are asked for anew when one goes on typing for this long. */
const keepModelsMs = 60_000;
/** After start-up, leave the first moments to the editor. */
const idleMs = 500;

export interface DocumentCountDeps {
  readonly openLine: OpenLine;
  readonly loadVocabulary: (encoding: Encoding) => Promise<Uint8Array>;
  readonly models: Models;
  readonly own: EstimateCorrections;
  readonly guard: Guard;
  readonly log: vscode.LogOutputChannel;
  /** Is this a prompt or an instruction file? */
  readonly isPrompt: (document: vscode.TextDocument) => boolean;
}

/** What was counted: `cells` of a notebook, 0 where it is none. */
interface Counted {
  readonly isSelection: boolean;
  readonly cells: number;
}

export class DocumentCount implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('tokenometer.tokens', vscode.StatusBarAlignment.Right, 101);
  private readonly client: CountClient;
  private readonly subscription: vscode.Disposable;
  /** Documents kept counted, the latest used last. */
  private readonly counted = new Set<string>();
  private readonly latest = new Map<string, CountsByEncoding>();
  /** `countFor` by document, and the models of the document on screen, as last asked: a keystroke's count waits for neither. */
  private readonly wanted = new Map<string | undefined, Settings['countFor']>();
  private asked: { readonly id: string; readonly models: readonly string[]; readonly atMs: number } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private turn = 0;
  private isSelectionShown = false;

  constructor(private readonly deps: DocumentCountDeps) {
    this.item.name = vscode.l10n.t('Tokenometer: Tokens');
    this.item.command = commands.chooseModel;
    this.client = new CountClient({
      openLine: deps.openLine,
      loadVocabulary: deps.loadVocabulary,
      textOf: (id) => {
        const document = documentOf(id);
        return document && { version: document.version, text: document.getText() };
      },
      lengthOf: (id) => {
        const document = documentOf(id);
        return document && { version: document.version, length: lengthOf(document) };
      },
      onCounts: (id, _version, counts) => {
        this.latest.set(id, counts);
        if (this.shown().some((document) => idOf(document) === id)) this.redraw();
      },
      onProblem: (error) => deps.log.error('counting:', error.message),
    });
    this.subscription = vscode.Disposable.from(
      this.item,
      { dispose: () => this.client.dispose() },
      { dispose: () => clearTimeout(this.timer) },
      deps.models.onDidChange(() => this.follow()),
      deps.own.onDidChange(() => this.redraw()),
      vscode.window.onDidChangeActiveTextEditor(() => this.follow()),
      vscode.window.onDidChangeActiveNotebookEditor(() => this.follow()),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
        // Typing moves the cursor, too: only a selection, or the end of one, changes what is to be counted.
        const isSelected = selections.some((selection) => !selection.isEmpty);
        if (textEditor === vscode.window.activeTextEditor && (isSelected || this.isSelectionShown)) this.soon();
      }),
      vscode.workspace.onDidChangeTextDocument((event) => this.forward(event)),
      vscode.workspace.onDidChangeNotebookDocument(() => this.soon()),
      vscode.workspace.onDidCloseTextDocument((document) => this.close(idOf(document))),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration('tokenometer')) return;
        this.wanted.clear();
        this.follow();
      }),
    );
    this.timer = setTimeout(() => this.follow(), idleMs);
  }

  dispose(): void {
    this.subscription.dispose();
  }

  /** Opens what is shown now for counting, as far as the settings want it. */
  private follow(): void {
    const documents = this.shown();
    if (documents.length === 0) return this.hide();
    this.deps.guard('count the document', async () => {
      const models = await this.modelsFor(documents[0]!);
      this.client.setEncodings([...new Set(models.map(encodingFor))]);
      for (const document of documents) this.open(document);
      this.redraw();
    });
  }

  private hide(): void {
    this.isSelectionShown = false;
    this.item.hide();
  }

  /** The documents whose sum is on screen: the active editor's, or all cells of the active notebook. */
  private shown(): readonly vscode.TextDocument[] {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    const active = vscode.window.activeTextEditor;
    const wanted = this.wantedFor(active?.document);
    if (wanted === 'never') return [];
    const isSelected = active?.selections.some((selection) => !selection.isEmpty) ?? false;
    if (active && isSelected && active.document.uri.scheme !== 'output') return [active.document];
    const isWanted = (document: vscode.TextDocument) => wanted === 'always' || this.deps.isPrompt(document);
    if (notebook && (!active || isCell(active.document))) {
      // A notebook with words in it is a document for people and models; its code goes along.
      const cells = notebook.getCells().map((cell) => cell.document);
      return cells.some(isWanted) ? cells : [];
    }
    return active && active.document.uri.scheme !== 'output' && isWanted(active.document) ? [active.document] : [];
  }

  private wantedFor(document: vscode.TextDocument | undefined): Settings['countFor'] {
    const id = document && idOf(document);
    const known = this.wanted.get(id) ?? readSettings(document).countFor;
    this.wanted.set(id, known);
    return known;
  }

  private open(document: vscode.TextDocument): void {
    const id = idOf(document);
    if (!this.counted.delete(id)) this.client.open(id, document.version, document.getText());
    this.counted.add(id);
    const cells = vscode.window.activeNotebookEditor?.notebook.cellCount ?? 0;
    for (const oldest of this.counted) {
      if (this.counted.size <= mostCounted + cells) break;
      this.close(oldest);
    }
  }

  private close(id: string): void {
    this.wanted.delete(id);
    this.latest.delete(id);
    if (this.counted.delete(id)) this.client.close(id);
  }

  /** On the way of every keystroke: asks the document for nothing whose answer costs more in a larger one. */
  private forward({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const id = idOf(document);
    if (!this.counted.has(id)) return;
    if (contentChanges.length > 0) this.client.change(id, document.version, contentChanges);
    // A change of line endings comes without edits: the new length then tells the counting side.
    else this.client.check(id, document.version, lengthOf(document));
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.follow(), settleMs);
  }

  private async modelsFor(document: vscode.TextDocument): Promise<readonly string[]> {
    const current = await this.deps.models.current(document);
    const inUse = await this.deps.models.inUse();
    const models = [...new Set([current, ...inUse])].slice(0, mostModels);
    this.asked = { id: idOf(document), models, atMs: Date.now() };
    return models;
  }

  /** Those of last time where there are some. What the ledger says meanwhile is shown once it has said it. */
  private modelsAtOnce(document: vscode.TextDocument): readonly string[] | Promise<readonly string[]> {
    const { asked } = this;
    if (asked?.id !== idOf(document)) return this.modelsFor(document);
    if (Date.now() - asked.atMs > keepModelsMs) {
      this.asked = { ...asked, atMs: Date.now() };
      this.follow();
    }
    return asked.models;
  }

  private redraw(): void {
    const turn = ++this.turn;
    this.deps.guard('show the count', async () => {
      const documents = this.shown();
      const first = documents[0];
      if (!first) return this.hide();
      const models = await this.modelsAtOnce(first);
      const selected = selectedRanges(first);
      this.isSelectionShown = selected !== undefined;
      const counts = selected
        ? [await this.client.count(idOf(first), [...new Set(models.map(encodingFor))], selected)]
        : documents.map((document) => this.latest.get(idOf(document)));
      if (turn !== this.turn || counts.some((count) => count === undefined)) return;
      const rows: CountRow[] = [];
      for (const model of models) {
        const parts = documents.map((document, at) => of(counts[at]!, model, document, this.deps.own));
        const whole = parts.every((part) => part !== undefined) ? sumOf(parts) : undefined;
        // The model was changed meanwhile; its counts are on their way.
        if (!whole) return;
        rows.push({ model, estimate: whole });
      }
      await this.show(rows, { isSelection: selected !== undefined, cells: isCell(first) ? documents.length : 0 }, turn);
    });
  }

  private async show(rows: readonly CountRow[], { isSelection, cells }: Counted, turn: number): Promise<void> {
    const { t } = vscode.l10n;
    const { estimate: main, model } = rows[0]!;
    const figure = formatGradedShort(main, locale());
    if (figure === '1') this.item.text = isSelection ? t('1 token selected') : t('1 token');
    else this.item.text = isSelection ? t('{0} tokens selected', figure) : t('{0} tokens', figure);
    const grade =
      main.kind === 'exact'
        ? t('exact')
        : t('estimated between {0} and {1}', formatCount(main.low, locale()), formatCount(main.high, locale()));
    this.item.accessibilityInformation = {
      label: isSelection
        ? t('Tokenometer: {0} tokens selected for {1}, {2}', formatCount(main.tokens, locale()), model, grade)
        : t('Tokenometer: {0} tokens for {1}, {2}', formatCount(main.tokens, locale()), model, grade),
      role: 'button',
    };
    this.item.show();
    // Not waited for with the number: prices and windows come from the ledger.
    const tooltip = await countTooltip(rows, isSelection ? 0 : cells, this.deps.models, this.deps.own);
    if (turn === this.turn) this.item.tooltip = tooltip;
  }
}

function idOf(document: vscode.TextDocument): string {
  return document.uri.toString();
}

function documentOf(id: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => idOf(document) === id);
}

/** Length in UTF-16 units without building the text. */
function lengthOf(document: vscode.TextDocument): number {
  return document.offsetAt(document.lineAt(document.lineCount - 1).range.end);
}

/** Offsets of what is selected in the active editor; undefined where nothing is. */
function selectedRanges(document: vscode.TextDocument): readonly { start: number; end: number }[] | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.document !== document) return undefined;
  const ranges = editor.selections
    .filter((selection) => !selection.isEmpty)
    .map((selection) => ({ start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) }));
  return ranges.length > 0 ? ranges : undefined;
}

function of(
  counts: CountsByEncoding,
  model: string,
  { languageId, fileName }: vscode.TextDocument,
  own: EstimateCorrections,
): Estimate | undefined {
  const found = counts[encodingFor(model)];
  return found && own.refine(estimate(found, model, kindOfText(languageId, fileName)));
}

function isCell(document: vscode.TextDocument): boolean {
  return document.uri.scheme === 'vscode-notebook-cell';
}
