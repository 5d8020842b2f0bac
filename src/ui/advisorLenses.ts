// The hint above a prompt file's first line, and its hover. Judges a document when typing has rested, shows at most what
// the quiet budget allows, and takes a hint away as soon as it is no longer true.
import * as vscode from 'vscode';
import { quietNow, type Hint } from '../advisor/advice';
import { recordHint } from '../advisor/learning';
import { textMark } from '../advisor/ownStudy';
import { type PromptKind } from '../prompts/promptFiles';
import { folderOfDocument, type Advisor, type Place } from './advisor';
import { type AdvisorMemory } from './advisorMemory';
import { effortOf, hintTitle, hintWords, switchOf } from './advisorWords';
import { type Guard } from './guard';
import { recogniseDocument } from './promptFileTracker';
import { readSettings, section } from './settings';

export interface ShownHint {
  readonly id: string;
  readonly hint: Hint;
  readonly place: Place;
}

export interface AdvisorLensDeps {
  readonly advisor: Advisor;
  readonly memory: AdvisorMemory;
  readonly guard: Guard;
  /** The home folder. */
  readonly home: string | undefined;
}

interface Entry {
  /** The document's version that was judged last, or is about to be, and when. */
  version: number;
  atMs: number;
  shown?: ShownHint;
  timer?: ReturnType<typeof setTimeout>;
}

/** Texts that a person sends; instruction files are no prompts. */
const sent: ReadonlySet<PromptKind> = new Set<PromptKind>(['prompt', 'command', 'custom']);
const restMs = 1_200;
/** A session may have begun meanwhile: what was true so long ago is asked again when logs were read or the editor asks. */
const staleMs = 2_000;
/** A cache may have gone cold without a sign. */
const againMs = 60_000;
/** A longer text is none that could be judged; it is not even read. */
const mostLines = 400;

export const actCommand = 'tokenometer.advisorAct';
export const showCommand = 'tokenometer.showAdvice';

export const suggestsUnasked = (): boolean => readSettings().suggests === 'quiet';

export class AdvisorLenses implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly entries = new Map<string, Entry>();
  private again: ReturnType<typeof setTimeout> | undefined;
  private readonly subscription: vscode.Disposable;

  constructor(private readonly deps: AdvisorLensDeps) {
    const lenses: vscode.CodeLensProvider = {
      onDidChangeCodeLenses: this.changed.event,
      provideCodeLenses: (document) => this.lenses(document),
    };
    const hovers: vscode.HoverProvider = {
      provideHover: (document, position) => (position.line === 0 ? this.hover(document) : undefined),
    };
    const everywhere: vscode.DocumentSelector = [
      { scheme: 'file' },
      { scheme: 'untitled' },
      { scheme: 'vscode-remote' },
    ];
    this.subscription = vscode.Disposable.from(
      this.changed,
      vscode.languages.registerCodeLensProvider(everywhere, lenses),
      vscode.languages.registerHoverProvider(everywhere, hovers),
      vscode.workspace.onDidCloseTextDocument((document) => this.drop(document.uri.toString())),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(section)) this.refresh();
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.again);
    for (const id of [...this.entries.keys()]) this.drop(id);
    this.subscription.dispose();
  }

  /** Everything is judged anew when the editor next asks. */
  refresh(): void {
    for (const entry of this.entries.values()) entry.version = -1;
    this.changed.fire();
  }

  /** The hint that stands above a document, if one does. */
  shownOn(uri: vscode.Uri): ShownHint | undefined {
    return this.entries.get(uri.toString())?.shown;
  }

  /** Takes the hint away: it was answered. */
  withdraw(uri: vscode.Uri): void {
    const entry = this.entries.get(uri.toString());
    if (entry) delete entry.shown;
    this.changed.fire();
  }

  private lenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!suggestsUnasked() || !this.isPrompt(document)) return [];
    const id = document.uri.toString();
    const known = this.entries.get(id);
    const isStale = known !== undefined && Date.now() - known.atMs >= staleMs;
    if (known?.version !== document.version || isStale) this.judgeSoon(document, known);
    const shown = this.entries.get(id)?.shown;
    if (!shown) return [];
    return [
      new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
        title: `$(lightbulb) ${hintTitle(shown.hint)}`,
        tooltip: vscode.l10n.t('Why, how sure, and what to do with it'),
        command: showCommand,
        arguments: [document.uri],
      }),
    ];
  }

  /** The logs have been read: a hint that stands may be untrue now. Without one there is nothing to look at. */
  lookAgain(): void {
    clearTimeout(this.again);
    this.again = undefined;
    const standing = [...this.entries.values()].filter(({ shown }) => shown);
    if (standing.length === 0) return;
    // One that was judged a moment ago is not judged now; it may be what the logs have just made untrue.
    const isJustJudged = standing.some(({ atMs }) => Date.now() - atMs < staleMs);
    if (vscode.window.state.focused) this.changed.fire();
    this.again = setTimeout(() => this.lookAgain(), isJustJudged ? staleMs : againMs);
  }

  private isPrompt(document: vscode.TextDocument): boolean {
    if (document.lineCount > mostLines) return false;
    const file = recogniseDocument(document, this.deps.home);
    return file !== undefined && sent.has(file.kind);
  }

  /** A text just opened at once, one being typed when typing rests. */
  private judgeSoon(document: vscode.TextDocument, known: Entry | undefined): void {
    const entry: Entry = known ?? { version: -1, atMs: 0 };
    const isTyped = entry.version >= 0 && entry.version !== document.version;
    entry.version = document.version;
    entry.atMs = Date.now();
    clearTimeout(entry.timer);
    entry.timer = setTimeout(
      () => this.deps.guard('judge a prompt', () => this.judge(document, entry)),
      isTyped ? restMs : 0,
    );
    this.entries.set(document.uri.toString(), entry);
  }

  private async judge(document: vscode.TextDocument, entry: Entry): Promise<void> {
    const { version } = document;
    const text = document.getText();
    const { place, ...advice } = await this.deps.advisor.adviceOn(text, folderOfDocument(document));
    if (document.isClosed || document.version !== version || !suggestsUnasked()) return;
    const before = entry.shown;
    if (advice.kind === 'hint') entry.shown = await this.allowed(document, text, advice, place, before);
    else delete entry.shown;
    if (entry.shown !== before) this.changed.fire();
    if (entry.shown) this.again ??= setTimeout(() => this.lookAgain(), againMs);
  }

  /** One that stands already may change its figures; a new one has to be within the budget, and is counted. */
  private async allowed(
    document: vscode.TextDocument,
    text: string,
    hint: Hint,
    place: Place,
    before: ShownHint | undefined,
  ): Promise<ShownHint | undefined> {
    const { memory } = this.deps;
    if (before) return hintTitle(before.hint) === hintTitle(hint) ? before : { ...before, hint, place };
    const now = new Date();
    const moment = {
      nowMs: now.getTime(),
      dayStartMs: new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime(),
      sessionId: hint.situation.sessionId ?? vscode.env.sessionId,
    };
    const id = `${moment.sessionId} ${textMark(document.uri.toString())}`;
    const isCounted = memory.learning.hints.some((one) => one.id === id);
    const quiet = quietNow(memory.learning, hint, moment);
    // One that was gone for a moment, or whose file was closed, comes back as the same hint.
    const isBudget = quiet === 'session' || quiet === 'day' || quiet === 'rate';
    if (isCounted && isBudget) return { id, hint, place };
    if (quiet !== undefined) return undefined;
    const mark = { characters: text.trim().length, textMark: textMark(text) };
    await memory.learn((state) => recordHint(state, id, { ...moment, pattern: hint.pattern }, mark));
    return { id, hint, place };
  }

  private hover(document: vscode.TextDocument): vscode.Hover | undefined {
    const shown = this.shownOn(document.uri);
    return shown && suggestsUnasked() ? new vscode.Hover(this.hoverText(document.uri, shown)) : undefined;
  }

  private hoverText(uri: vscode.Uri, { hint, place }: ShownHint): vscode.MarkdownString {
    const { t } = vscode.l10n;
    const { learning, study } = this.deps.memory;
    const words = hintWords(hint, learning, study);
    const text = new vscode.MarkdownString(undefined, true);
    text.isTrusted = { enabledCommands: [actCommand] };
    const link = (title: string, action: AdvisorAction) =>
      `[${title}](command:${actCommand}?${encodeURIComponent(JSON.stringify([action, uri.toString()]))})`;
    const effort = effortOf(hint);
    const links = [
      link(t('Copy {0}', switchOf(hint, place.offers).text), 'copy'),
      ...(effort ? [link(t('Copy {0}', effort.text), 'copy-effort')] : []),
      link(t('Not Small'), 'not-small'),
      link(t('Hide for This Kind'), 'hide-kind'),
      link(t('Off'), 'off'),
    ];
    const lines = [
      t('Why: {0}.', words.reasons.join('; ')),
      `${words.saving} ${words.basis}`,
      [...words.accuracy, words.limits].join('  \n'),
      ...(words.effort ? [words.effort] : []),
    ];
    text.appendMarkdown([`**${plain(words.title)}**`, links.join(' | '), ...lines.map(plain)].join('\n\n'));
    return text;
  }

  private drop(id: string): void {
    clearTimeout(this.entries.get(id)?.timer);
    this.entries.delete(id);
  }
}

/** Words as they are, whatever a model's id holds; spaces stay breakable, which `appendText` would not leave them. */
function plain(words: string): string {
  return words.replaceAll(/[\\`*_[\]<>|~#]/g, '\\$&');
}

export type AdvisorAction = 'copy' | 'copy-effort' | 'not-small' | 'hide-kind' | 'off';
