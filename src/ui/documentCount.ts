// The open document's or selection's token count in the status bar, as one types. Forwards documents and edits to the
// count client and shows what comes back; counts nothing on this thread.
import * as vscode from 'vscode';
import {
  formatCompact,
  formatCount,
  formatGraded,
  formatGradedShort,
  formatShare,
  formatUsd,
  formatUsdEstimate,
} from '../format';
import { CountClient } from '../tokens/countClient';
import { type CountsByEncoding, type OpenLine } from '../tokens/countProtocol';
import { encodingFor, type Estimate, estimate, kindOfText } from '../tokens/estimate';
import { type Encoding } from '../tokens/vocabulary';
import { commands } from './commands';
import { type EstimateCorrections } from './estimateCorrections';
import { type Guard } from './guard';
import { locale } from './meter';
import { type Models } from './models';
import { readSettings } from './settings';

/** Documents that stay counted, the latest used first: switching back shows a number at once. */
const mostCounted = 6;
const mostModels = 4;
/** A selection being dragged is counted when it rests. */
const settleMs = 60;
/** After start-up, leave the first moments to the editor. */
const idleMs = 500;
/** Hovers set table columns close together. */
const gap = '\u00a0\u00a0';

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

export class DocumentCount implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('tokenometer.tokens', vscode.StatusBarAlignment.Right, 101);
  private readonly client: CountClient;
  private readonly subscription: vscode.Disposable;
  private readonly counted: string[] = [];
  private readonly latest = new Map<string, CountsByEncoding>();
  private timer: NodeJS.Timeout | undefined;
  private turn = 0;

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
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor === vscode.window.activeTextEditor) this.soon();
      }),
      vscode.workspace.onDidChangeTextDocument((event) => this.forward(event)),
      vscode.workspace.onDidChangeNotebookDocument(() => this.follow()),
      vscode.workspace.onDidCloseTextDocument((document) => this.close(idOf(document))),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('tokenometer')) this.follow();
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
    if (documents.length === 0) {
      this.item.hide();
      return;
    }
    this.deps.guard('count the document', async () => {
      const models = await this.modelsFor(documents[0]!);
      this.client.setEncodings([...new Set(models.map(encodingFor))]);
      for (const document of documents) this.open(document);
      this.redraw();
    });
  }

  /** The documents whose sum is on screen: the active editor's, or all cells of the active notebook. */
  private shown(): readonly vscode.TextDocument[] {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    const active = vscode.window.activeTextEditor;
    const wanted = readSettings(active?.document).countFor;
    if (wanted === 'never') return [];
    if (notebook && (!active || active.document.uri.scheme === 'vscode-notebook-cell'))
      return wanted === 'always' ? notebook.getCells().map((cell) => cell.document) : [];
    if (!active || active.document.uri.scheme === 'output') return [];
    const isSelected = active.selections.some((selection) => !selection.isEmpty);
    return wanted === 'always' || isSelected || this.deps.isPrompt(active.document) ? [active.document] : [];
  }

  private open(document: vscode.TextDocument): void {
    const id = idOf(document);
    const place = this.counted.indexOf(id);
    if (place >= 0) {
      this.counted.splice(place, 1);
      this.counted.unshift(id);
      return;
    }
    this.counted.unshift(id);
    this.client.open(id, document.version, document.getText());
    const cells = vscode.window.activeNotebookEditor?.notebook.cellCount ?? 0;
    while (this.counted.length > mostCounted + cells) this.close(this.counted.at(-1)!);
  }

  private close(id: string): void {
    const place = this.counted.indexOf(id);
    if (place < 0) return;
    this.counted.splice(place, 1);
    this.latest.delete(id);
    this.client.close(id);
  }

  private forward({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const id = idOf(document);
    // A change of line endings comes without edits: the new length then tells the counting side.
    if (!this.counted.includes(id)) return;
    const edits = contentChanges.map((change) => ({
      offset: change.rangeOffset,
      removed: change.rangeLength,
      inserted: change.text,
    }));
    this.client.change(id, document.version, edits, lengthOf(document));
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.follow(), settleMs);
  }

  private async modelsFor(document: vscode.TextDocument): Promise<readonly string[]> {
    const current = await this.deps.models.current(document);
    const inUse = await this.deps.models.inUse();
    return [...new Set([current, ...inUse])].slice(0, mostModels);
  }

  private redraw(): void {
    const turn = ++this.turn;
    this.deps.guard('show the count', async () => {
      const documents = this.shown();
      const first = documents[0];
      if (!first) {
        this.item.hide();
        return;
      }
      const models = await this.modelsFor(first);
      const selected = selectedRanges(first);
      const counts = selected
        ? [await this.client.count(idOf(first), [...new Set(models.map(encodingFor))], selected)]
        : documents.map((document) => this.latest.get(idOf(document)));
      if (turn !== this.turn || counts.some((count) => count === undefined)) return;
      const kind = kindOfText(first.languageId, first.fileName);
      const estimates = models.map((model) => ({
        model,
        estimate: sum(counts.map((count) => of(count!, model, kind, this.deps.own))),
      }));
      if (estimates.some(({ estimate: found }) => found === undefined)) return;
      await this.show(estimates as readonly { model: string; estimate: Estimate }[], selected !== undefined, turn);
    });
  }

  private async show(
    rows: readonly { model: string; estimate: Estimate }[],
    isSelection: boolean,
    turn: number,
  ): Promise<void> {
    const { t } = vscode.l10n;
    const tooltip = await this.tooltip(rows);
    const { estimate: main, model } = rows[0]!;
    if (turn !== this.turn) return;
    const figure = formatGradedShort(main, locale());
    this.item.text = isSelection ? t('{0} tokens selected', figure) : t('{0} tokens', figure);
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
    this.item.tooltip = tooltip;
    this.item.show();
  }

  private async tooltip(rows: readonly { model: string; estimate: Estimate }[]): Promise<vscode.MarkdownString> {
    const { t } = vscode.l10n;
    const text = new vscode.MarkdownString(undefined, true);
    const lines = await Promise.all(
      rows.map(async ({ model, estimate: found }) => {
        const facts = await this.deps.models.factsOf(model).catch(() => undefined);
        const share = facts?.contextWindow ? formatShare(found.tokens / facts.contextWindow, locale()) : '–';
        const window = facts?.contextWindow ? `${share} (${formatCompact(facts.contextWindow, locale())})` : '–';
        const price =
          facts?.inputPerMillionUsd === undefined
            ? t('unpriced')
            : usdWords((found.tokens * facts.inputPerMillionUsd) / 1e6, found.kind);
        return `| ${escapeCell(model)} | ${formatGraded(found, locale())} | ${window} | ${price} |`;
      }),
    );
    const { kind, basis: source } = rows[0]!.estimate;
    const basis = kind === 'exact' ? t('Exact: {0}.', escapeCell(source)) : t('Estimated by: {0}.', escapeCell(source));
    text.appendMarkdown(
      [
        `| ${t('Model')} | ${gap}${t('Tokens')} | ${gap}${t('Of its window')} | ${gap}${t('One send')} |`,
        '| :-- | --: | --: | --: |',
        ...lines,
      ].join('\n'),
    );
    text.appendMarkdown(
      `\n\n${[basis, this.deps.own.words(rows[0]!.estimate)].filter(Boolean).join('  \n')}  \n${t('The text alone, uncached, at list price: no system prompt, tools or images. Click to count for another model.')}`,
    );
    return text;
  }
}

/** A price of an exact count is exact; of an estimate, an estimate. */
function usdWords(usd: number, kind: Estimate['kind']): string {
  return kind === 'exact' ? formatUsd(usd, locale()) : formatUsdEstimate(usd, locale());
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
  kind: ReturnType<typeof kindOfText>,
  own: EstimateCorrections,
): Estimate | undefined {
  const found = counts[encodingFor(model)];
  return found && own.refine(estimate(found, model, kind));
}

/** Several texts as one figure; undefined as long as one of them is not counted yet. */
function sum(parts: readonly (Estimate | undefined)[]): Estimate | undefined {
  const [first] = parts;
  if (!first || parts.some((part) => part === undefined)) return undefined;
  if (parts.length === 1) return first;
  const total = (figure: 'tokens' | 'low' | 'high') => parts.reduce((all, part) => all + part![figure], 0);
  return { ...first, tokens: total('tokens'), low: total('low'), high: total('high') };
}

function escapeCell(text: string): string {
  return text.replace(/[\\|`*_{}[\]<>#]/g, '\\$&').replace(/\s+/g, ' ');
}
