// Keeps what is known of each open prompt: its sections' tokens from edit to edit, and, when typing rests, its imports,
// the files that load with it and what is worth saying about its size. Shows nothing; counts in slices.
import * as vscode from 'vscode';
import { importGraph, type ImportGraph } from '../prompts/imports';
import { type Chain, type ChainAgent, chainAgents, instructionChain } from '../prompts/instructionChain';
import { findOversize, type Finding, type Thresholds } from '../prompts/oversize';
import { type PromptFile, recognisePromptFile } from '../prompts/promptFiles';
import { SectionCounter, type SectionTable } from '../prompts/sections';
import { warmUp } from '../prompts/warmUp';
import { Encoders, type LoadVocabulary } from '../tokens/countText';
import { type Encoder } from '../tokens/encoder';
import { encodingFor, estimate, kindOfText } from '../tokens/estimate';
import { GitHead } from './gitHead';
import { type Guard } from './guard';
import { type HabitSource } from './habits';
import { type Habits, PromptFigures, type PromptModelFacts } from './promptFigures';
import { companionsIn, hasInstructions, importersOf, payersOf, type Place, placeOf } from './promptPlace';
import { PromptReader } from './promptReader';
import { readPromptSettings } from './promptSettings';

export interface PromptTrackerDeps {
  readonly loadVocabulary: LoadVocabulary;
  readonly models: {
    readonly onDidChange: vscode.Event<void>;
    current(scope?: vscode.ConfigurationScope): Promise<string>;
    factsOf(model: string): Promise<PromptModelFacts>;
  };
  /** What this person's logs tell. */
  readonly habits: Pick<HabitSource, 'of'>;
  /** The home folder; undefined in a browser. */
  readonly home: string | undefined;
  /** The file behind a path's links, on this machine's disk; undefined in a browser. */
  readonly realPath?: (path: string) => Promise<string | undefined>;
  readonly guard: Guard;
}

/** A prompt as of one version of its document. */
export interface PromptState {
  readonly document: vscode.TextDocument;
  readonly version: number;
  readonly text: string;
  readonly file: PromptFile;
  readonly model: string;
  readonly table: SectionTable;
  readonly figures: PromptFigures;
  /** Exact tokens by the model's vocabulary. */
  readonly count: (text: string) => number;
}

/** What takes reading other files; perhaps of an earlier version than the state. */
export interface PromptStudy {
  readonly imports: readonly ImportGraph[];
  readonly chains: readonly Chain[];
  readonly findings: readonly Finding[];
  /** Tokens more than at git HEAD; undefined where there is nothing to compare with. */
  readonly sinceHead: number | undefined;
  readonly habits: Habits | undefined;
}

interface Entry {
  readonly document: vscode.TextDocument;
  readonly model: string;
  readonly encoder: Encoder;
  counter: SectionCounter;
  state?: PromptState;
  study?: PromptStudy;
  timer?: ReturnType<typeof setTimeout>;
}

const mostOpen = 8;
/** About 3 ms of counting. */
const sliceCharacters = 120_000;
const mostCharacters = 20_000_000;
const restMs = 350;
/** A text that takes long to search is searched when typing has stopped for good. */
const largeCharacters = 300_000;
const largeRestMs = 1_500;
/** After start-up, when the editor has settled. */
const warmUpMs = 4_000;
/** Enough lines for any front matter. */
const openingLines = 60;

export class PromptTracker implements vscode.Disposable {
  private readonly restarted = new vscode.EventEmitter<void>();
  private readonly counted = new vscode.EventEmitter<vscode.TextDocument>();
  private readonly studied = new vscode.EventEmitter<vscode.TextDocument>();
  private readonly entries = new Map<string, Promise<Entry | undefined>>();
  private readonly ready = new Map<string, Entry>();
  private readonly encoders: Encoders;
  readonly reader = new PromptReader();
  private readonly head = new GitHead();
  private readonly subscription: vscode.Disposable;

  /** Every figure is out of date: the model or a setting has changed. Edits are not told: the editor asks after them itself. */
  readonly onDidRestart = this.restarted.event;
  /** After a document's first count. */
  readonly onDidCount = this.counted.event;
  /** After imports and findings are known anew. */
  readonly onDidStudy = this.studied.event;

  constructor(private readonly deps: PromptTrackerDeps) {
    this.encoders = new Encoders(deps.loadVocabulary);
    const warm = setTimeout(() => deps.guard('prepare the counting of prompts', () => this.warmUp()), warmUpMs);
    this.subscription = vscode.Disposable.from(
      { dispose: () => clearTimeout(warm) },
      this.restarted,
      this.counted,
      this.studied,
      deps.models.onDidChange(() => this.restart()),
      vscode.workspace.onDidChangeTextDocument((event) => this.follow(event)),
      vscode.workspace.onDidSaveTextDocument(() => this.studyAll()),
      vscode.workspace.onDidCloseTextDocument((document) => this.close(document.uri.toString())),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('tokenometer')) this.restart();
      }),
    );
  }

  dispose(): void {
    for (const id of [...this.ready.keys()]) this.close(id);
    this.subscription.dispose();
  }

  /** Has the vocabulary read and the counting compiled before a prompt is opened, where one is to be expected. */
  private async warmUp(): Promise<void> {
    if (this.ready.size > 0 || !(await hasInstructions())) return;
    const encoder = await this.encoders.get(encodingFor(await this.deps.models.current()));
    if (this.ready.size === 0) await warmUp(encoder, pause);
  }

  /** What the document is as a prompt, by path and first lines. */
  recognise(document: vscode.TextDocument): PromptFile | undefined {
    return recogniseDocument(document, this.deps.home);
  }

  /** The prompt's state now, counted first where need be; undefined where the document is no prompt. */
  async stateOf(document: vscode.TextDocument): Promise<PromptState | undefined> {
    if (!this.recognise(document)) return undefined;
    const entry = await this.entryOf(document);
    if (!entry) return undefined;
    while (!entry.counter.countSome(sliceCharacters)) await pause();
    return document.isClosed ? undefined : this.stateNow(entry);
  }

  /**
   * The state where it is at hand; else counting begins and `onDidCount` tells. For providers that must answer at once:
   * the editor asks a slow one ever less often.
   */
  async stateIfCounted(document: vscode.TextDocument): Promise<PromptState | undefined> {
    if (this.ready.get(document.uri.toString())?.state) return this.stateOf(document);
    if (this.recognise(document)) {
      this.deps.guard('count a prompt', async () => {
        if (await this.stateOf(document)) this.counted.fire(document);
      });
    }
    return undefined;
  }

  /** What was last found out beside the text itself; undefined until it is. */
  studyOf(document: vscode.TextDocument): PromptStudy | undefined {
    return this.ready.get(document.uri.toString())?.study;
  }

  private entryOf(document: vscode.TextDocument): Promise<Entry | undefined> {
    const id = document.uri.toString();
    const known = this.entries.get(id);
    if (known) return known;
    const opening = this.open(document);
    opening.catch(() => this.entries.delete(id));
    this.entries.set(id, opening);
    return opening;
  }

  private async open(document: vscode.TextDocument): Promise<Entry | undefined> {
    const model = await this.deps.models.current(document.uri);
    const encoder = await this.encoders.get(encodingFor(model));
    if (document.isClosed || lengthOf(document) > mostCharacters) return undefined;
    const counter = new SectionCounter(document.getText(), (text, features) => encoder.measure(text, features));
    const entry: Entry = { document, model, encoder, counter };
    this.ready.set(document.uri.toString(), entry);
    for (const id of [...this.ready.keys()].slice(0, Math.max(0, this.ready.size - mostOpen))) this.close(id);
    this.studySoon(entry, 0);
    return entry;
  }

  private close(id: string): void {
    clearTimeout(this.ready.get(id)?.timer);
    this.ready.delete(id);
    this.entries.delete(id);
  }

  /** Model or settings have changed: everything is counted anew when asked for. */
  private restart(): void {
    for (const id of [...this.entries.keys()]) this.close(id);
    this.reader.forget();
    this.restarted.fire();
  }

  private follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const entry = this.ready.get(document.uri.toString());
    if (!entry || contentChanges.length === 0) return;
    // Changes are told last place first, so that each offset still holds.
    for (const change of contentChanges) entry.counter.edit(change.rangeOffset, change.rangeLength, change.text);
    if (entry.counter.characters !== lengthOf(document)) {
      entry.counter = new SectionCounter(document.getText(), (text, features) => entry.encoder.measure(text, features));
    }
    this.studySoon(entry, restMs);
  }

  private async stateNow(entry: Entry): Promise<PromptState | undefined> {
    const { document, encoder, model } = entry;
    if (entry.state?.version === document.version) return entry.state;
    const facts = await this.deps.models.factsOf(model).catch((): PromptModelFacts => ({}));
    const file = this.recognise(document);
    if (!file || document.isClosed) return undefined;
    const table = entry.counter.table();
    const counts = { encoding: encoder.encoding, tokens: table.tokens, features: table.features };
    const kind = kindOfText(document.languageId === 'plaintext' ? 'markdown' : document.languageId, document.fileName);
    const figures = new PromptFigures(estimate(counts, model, kind), table.tokens, facts);
    const count = (text: string) => encoder.count(text);
    entry.state = { document, version: document.version, text: entry.counter.text, file, model, table, figures, count };
    return entry.state;
  }

  private studyAll(): void {
    for (const entry of this.ready.values()) this.studySoon(entry, restMs);
  }

  private studySoon(entry: Entry, afterMs: number): void {
    clearTimeout(entry.timer);
    const isLarge = afterMs > 0 && entry.counter.characters > largeCharacters;
    const study = () => this.deps.guard('study a prompt', () => this.study(entry));
    entry.timer = setTimeout(study, isLarge ? largeRestMs : afterMs);
  }

  private async study(entry: Entry): Promise<void> {
    const state = await this.stateOf(entry.document);
    if (!state || this.ready.get(entry.document.uri.toString()) !== entry) return;
    const { document, file, text, count } = state;
    const place = placeOf(document);
    const chains = place ? await this.chainsOf(file, place, document.uri) : [];
    const [imports, atHead, habits] = await Promise.all([
      place ? Promise.all(importersOf(file, chains).map((agent) => this.graphOf(agent, place, state))) : [],
      this.head.textOf(document.uri),
      this.deps.habits.of(document.uri, payersOf(file)).catch(() => undefined),
    ]);
    if (document.version !== state.version || document.isClosed) return;
    const { contextWindow } = state.figures.facts;
    const settings = readPromptSettings(document);
    const chain = chains.find((found) => found.budgetBytes !== undefined);
    const findings = findOversize({
      text,
      file,
      tokens: state.figures.estimate.tokens,
      thresholds: settings.thresholds satisfies Thresholds,
      imports,
      companions: companionsIn(chains, place?.path, text),
      count: (part) => state.figures.tokens(count(part)),
      ...(contextWindow === undefined ? {} : { windowTokens: contextWindow }),
      ...(chain && place ? { chain: { chain, path: place.path } } : {}),
    });
    const sinceHead =
      atHead === undefined || atHead === text ? undefined : state.table.tokens - count(sameEnds(atHead, text));
    entry.study = { imports, chains, findings, sinceHead, habits };
    this.studied.fire(document);
  }

  private graphOf(agent: ImportGraph['agent'], place: Place, state: PromptState): Promise<ImportGraph> {
    return importGraph(place.path, state.text, agent, {
      projectRoot: place.root,
      home: this.deps.home,
      isUserFile: state.file.scope === 'user',
      count: state.count,
      read: async (path) => {
        const text = await this.reader.read(path, state.document.uri);
        if (text === undefined) return undefined;
        const isOnDisk = state.document.uri.scheme === 'file';
        const realPath = isOnDisk ? await this.deps.realPath?.(path) : undefined;
        return realPath === undefined ? { text } : { text, realPath };
      },
    });
  }

  /** What each agent that reads the file would load, started in the file's folder. */
  private async chainsOf(file: PromptFile, place: Place, beside: vscode.Uri): Promise<readonly Chain[]> {
    const agents = chainAgents.filter((agent) => (file.agents as readonly string[]).includes(agent));
    const chains = await Promise.all(
      agents.map((agent: ChainAgent) =>
        instructionChain(agent, place.folder, {
          root: place.root,
          home: this.deps.home,
          read: (path) => this.reader.read(path, beside),
        }),
      ),
    );
    return chains.filter((chain) => chain.files.some((found) => found.path === place.path));
  }
}

/** What a document is as a prompt, by path and first lines. `home`: the home folder; undefined in a browser. */
export function recogniseDocument(document: vscode.TextDocument, home: string | undefined): PromptFile | undefined {
  if (document.uri.scheme === 'output' || document.uri.scheme === 'git') return undefined;
  const lastLine = Math.min(document.lineCount, openingLines);
  return recognisePromptFile({
    path: document.isUntitled ? '' : document.uri.fsPath,
    languageId: document.languageId,
    isUntitled: document.isUntitled,
    opening: document.getText(new vscode.Range(0, 0, lastLine, 0)),
    workspaceFolders: (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
    userGlobs: readPromptSettings(document).moreFiles,
    ...(home === undefined ? {} : { home }),
  });
}

/** Git hands out what is committed; the editor's line ends may differ. */
function sameEnds(committed: string, text: string): string {
  return text.includes('\r\n') && !committed.includes('\r\n') ? committed.replaceAll('\n', '\r\n') : committed;
}

function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done, 0));
}

/** Length in UTF-16 units without building the text. */
function lengthOf(document: vscode.TextDocument): number {
  return document.offsetAt(document.lineAt(document.lineCount - 1).range.end);
}
