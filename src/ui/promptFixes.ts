// Quick fixes that make a prompt smaller, each with its saving in the title. One edit, one undo; the larger ones can be
// looked at first. Does nothing by itself.
import * as vscode from 'vscode';
import { formatUsdEstimate } from '../format';
import { normalise } from '../prompts/filePath';
import { moveSection } from '../prompts/moveSection';
import { type FindingCode } from '../prompts/oversize';
import { type Shrink, type ShrinkKind, allSafe, importToPath, proposals, savingOf } from '../prompts/shrink';
import { applyEdits } from '../prompts/textEdits';
import { commands } from './commands';
import { type NotedSaving, type NotedSavings } from './notedSavings';
import { codeOf } from './promptDiagnostics';
import { type Preview, previewCommand, registerPreview } from './shrinkPreview';
import { type PromptState, type PromptStudy, type PromptTracker } from './promptFileTracker';

const { t } = vscode.l10n;

/** Under "Source Action…" only: nothing that a setting could run on save by itself. */
const shrinkKind = vscode.CodeActionKind.Source.append('shrinkPrompt');
const noteCommand = 'tokenometer.noteSaving';
/** From this saving on, a fix that is worth a look offers one. */
const previewTokens = 1_000;
/** Longer texts are searched when a person asks for fixes, not at every move of the cursor. */
const mostAutomaticCharacters = 300_000;

export interface PromptFixDeps {
  readonly tracker: PromptTracker;
  readonly savings: NotedSavings;
}

export function registerPromptFixes({ tracker, savings }: PromptFixDeps): vscode.Disposable {
  const cache = new WeakMap<vscode.TextDocument, { readonly version: number; readonly found: readonly Shrink[] }>();
  const found = (state: PromptState): readonly Shrink[] => {
    const known = cache.get(state.document);
    if (known?.version === state.version) return known.found;
    const dropsComments = state.file.agents.every((agent) => agent === 'claude-code') && state.file.kind === 'memory';
    const fresh = proposals(state.text, { dropsComments });
    cache.set(state.document, { version: state.version, found: fresh });
    return fresh;
  };
  const provider: vscode.CodeActionProvider = {
    provideCodeActions: async (document, range, context, token) => {
      const isAsked = context.triggerKind === vscode.CodeActionTriggerKind.Invoke;
      const state = isAsked ? await tracker.stateOf(document) : await tracker.stateIfCounted(document);
      if (!state || token.isCancellationRequested || (!isAsked && state.text.length > mostAutomaticCharacters))
        return [];
      if (!context.only || context.only.contains(vscode.CodeActionKind.QuickFix)) {
        return here(state, tracker, found(state), range, context);
      }
      return context.only.contains(shrinkKind) ? wholeFile(state, found(state)) : [];
    },
  };
  const metadata = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, shrinkKind] };
  return vscode.Disposable.from(
    vscode.languages.registerCodeActionsProvider({ pattern: '**' }, provider, metadata),
    vscode.languages.registerCodeActionsProvider({ scheme: 'untitled' }, provider, metadata),
    vscode.commands.registerCommand(noteCommand, (saving: NotedSaving) => savings.note(saving)),
    registerPreview(),
    vscode.commands.registerCommand(commands.shrinkPrompt, () => chooseShrink(tracker, found)),
  );
}

/** What fits the cursor or the selection. */
async function here(
  state: PromptState,
  tracker: PromptTracker,
  found: readonly Shrink[],
  range: vscode.Range,
  context: vscode.CodeActionContext,
): Promise<vscode.CodeAction[]> {
  const { document } = state;
  const start = document.offsetAt(range.start);
  const end = document.offsetAt(range.end);
  const touches = (span: Shrink['span']) => span.start <= end && span.end >= start;
  const local = found.filter(
    (shrink) => shrink.kind !== 'trailing-spaces' && shrink.kind !== 'blank-lines' && touches(shrink.span),
  );
  const imports = importShrinks(state, tracker.studyOf(document)).filter((shrink) => touches(shrink.span));
  const isLarge = context.diagnostics.some((diagnostic) => codeOf(diagnostic) === 'size');
  const moves = await sectionMoves(state, tracker, isLarge ? undefined : range.start.line);
  const all = allSafe(state.text, found);
  const shrinks = [...local, ...imports, ...moves, ...(all && (isLarge || local.length > 0) ? [all] : [])];
  return shrinks.flatMap((shrink) => actionsOf(state, shrink, vscode.CodeActionKind.QuickFix, context.diagnostics));
}

/** What is offered for the file as a whole. */
function wholeFile(state: PromptState, found: readonly Shrink[]): vscode.CodeAction[] {
  const all = allSafe(state.text, found);
  const shrinks = [...(all ? [all] : []), ...found.filter((shrink) => shrink.isSafe)];
  return shrinks.flatMap((shrink) => actionsOf(state, shrink, shrinkKind, []));
}

function importShrinks(state: PromptState, study: PromptStudy | undefined): Shrink[] {
  return (study?.imports ?? []).flatMap((graph) =>
    graph.edges.filter((edge) => edge.status === 'loaded').map((edge) => importToPath(state.text, edge)),
  );
}

/** The section whose heading is on the line, or, without a line, the heaviest few. */
async function sectionMoves(state: PromptState, tracker: PromptTracker, line: number | undefined): Promise<Shrink[]> {
  const { document, table, file, text } = state;
  if (document.isUntitled || file.loading !== 'always') return [];
  const sections =
    line === undefined
      ? [...table.sections()].sort((a, b) => b.tokens - a.tokens).slice(0, 4)
      : table.sections(line, line);
  const moves: Shrink[] = [];
  for (const section of sections) {
    const taken = new Set<string>();
    for (let tries = 0; tries < 5; tries++) {
      const move = moveSection({
        text,
        path: normalise(document.uri.fsPath),
        file,
        section,
        isTaken: (path) => taken.has(path),
      });
      if (!move) break;
      if ((await tracker.reader.read(move.newFile!.path, document.uri)) === undefined) {
        moves.push(move);
        break;
      }
      taken.add(move.newFile!.path);
    }
  }
  return moves.slice(0, line === undefined ? 2 : 1);
}

/** The finding that each fix resolves. */
const resolves: Readonly<Partial<Record<ShrinkKind, FindingCode>>> = {
  'fold-lines': 'repeated-lines',
  'trim-log': 'pasted-log',
  'cut-blob': 'blob',
  'duplicate-paragraph': 'duplicate-paragraph',
  'move-section': 'size',
};

/** The fix, and for a larger one a look at what it would do. Nothing where it saves nothing. */
function actionsOf(
  state: PromptState,
  shrink: Shrink,
  kind: vscode.CodeActionKind,
  diagnostics: readonly vscode.Diagnostic[],
): vscode.CodeAction[] {
  const saved = savingOf(state.text, shrink, state.count);
  if (saved <= 0) return [];
  const action = new vscode.CodeAction(`${titleOf(shrink)}: ${savingWords(state, saved)}`, kind);
  action.diagnostics = diagnostics.filter((diagnostic) => codeOf(diagnostic) === resolves[shrink.kind]);
  action.edit = workspaceEdit(state, shrink);
  action.command = { command: noteCommand, title: '', arguments: [noteOf(state, saved)] };
  if (!shrink.needsPreview || (saved < previewTokens && shrink.newFile === undefined)) return [action];
  const look = new vscode.CodeAction(t('Preview: {0}', titleOf(shrink)), kind);
  const preview: Preview = {
    uri: state.document.uri.toString(),
    title: titleOf(shrink),
    text: applyEdits(state.text, shrink.edits),
  };
  look.command = { command: previewCommand, title: '', arguments: [preview] };
  return [action, look];
}

function noteOf({ document, figures, file, model }: PromptState, saved: number): NotedSaving {
  const agents = file.everyTurn === 'whole' ? file.agents : [];
  return { uri: document.uri.toString(), atMs: Date.now(), tokens: figures.tokens(saved), model, agents };
}

/** `−4.2k tokens, −$0.013 a turn` */
function savingWords({ figures, file }: PromptState, saved: number): string {
  const tokens = t('{0} tokens', figures.change(-saved));
  const usd = figures.usd(saved);
  if (usd === undefined) return tokens;
  const dollars = `−${formatUsdEstimate(usd, figures.locale).replace('≈ ', '')}`;
  return file.loading === 'always'
    ? t('{0}, {1} a turn uncached', tokens, dollars)
    : t('{0}, {1} a send', tokens, dollars);
}

function titleOf({ kind, detail }: Shrink): string {
  switch (kind) {
    case 'fold-lines':
      return t('Fold {0} equal lines', detail['count']!);
    case 'trim-log':
      return t('Trim log to first and last {0} lines', detail['kept']!);
    case 'minify-json':
      return t('Minify JSON block');
    case 'drop-comment':
      return t('Remove comment');
    case 'trailing-spaces':
      return t('Remove trailing spaces');
    case 'blank-lines':
      return t('Remove extra blank lines');
    case 'cut-blob':
      return t('Cut encoded data');
    case 'duplicate-paragraph':
      return t('Remove paragraph that also stands in line {0}', detail['line']!);
    case 'import-to-path':
      return t('Turn import of {0} into a plain path', detail['path']!);
    case 'move-section':
      return t('Move section “{0}” to {1} and link it', detail['title']!, detail['name']!);
    case 'all-safe':
      return t('Apply all safe fixes (white space and JSON layout)');
  }
}

function workspaceEdit({ document }: PromptState, shrink: Shrink): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  if (shrink.newFile) {
    const { path, text } = shrink.newFile;
    const uri = document.uri.scheme === 'file' ? vscode.Uri.file(path) : document.uri.with({ path });
    edit.createFile(uri, { contents: new TextEncoder().encode(text) });
  }
  for (const { start, end, newText } of shrink.edits) {
    edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), newText);
  }
  return edit;
}

/** The command: every way to make the active prompt smaller, in a list. */
async function chooseShrink(tracker: PromptTracker, found: (state: PromptState) => readonly Shrink[]): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  const state = document && (await tracker.stateOf(document));
  if (!state) {
    void vscode.window.showInformationMessage(t('Open a prompt or an instruction file first.'));
    return;
  }
  const shrinks = found(state);
  const all = allSafe(state.text, shrinks);
  const moves = await sectionMoves(state, tracker, undefined);
  const items = [...(all ? [all] : []), ...shrinks, ...importShrinks(state, tracker.studyOf(state.document)), ...moves]
    .map((shrink) => ({ shrink, saved: savingOf(state.text, shrink, state.count) }))
    .filter(({ saved }) => saved > 0)
    .sort((a, b) => b.saved - a.saved)
    .map(({ shrink, saved }) => ({ label: titleOf(shrink), description: savingWords(state, saved), shrink, saved }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(
      t('Nothing found that would make this text smaller without changing what it says.'),
    );
    return;
  }
  const picked = await vscode.window.showQuickPick(items, { title: t('Make this prompt smaller') });
  if (!picked || state.document.version !== state.version) return;
  if (!(await vscode.workspace.applyEdit(workspaceEdit(state, picked.shrink)))) return;
  await vscode.commands.executeCommand(noteCommand, noteOf(state, picked.saved));
}
