// Inlay hints in prompts: tokens and share of the file behind each heading, the heaviest section marked; and what a
// huge paste has just added. Quiet where inlay hints are off (`editor.inlayHints.enabled`).
import * as vscode from 'vscode';
import { formatShare } from '../format';
import { type PromptState, type PromptTracker } from './promptFileTracker';
import { readPromptSettings } from './promptSettings';

const { t } = vscode.l10n;

/** Smaller pastes are no news. */
const hugePasteTokens = 1_000;
const leastPasteCharacters = 2_500;
const pasteShownMs = 60_000;
/** A hint at every heading of a file with fewer tokens would be clutter. */
const leastTokens = 200;

interface Paste {
  readonly version: number;
  readonly offset: number;
  readonly text: string;
  readonly timer: ReturnType<typeof setTimeout>;
}

export function registerHeadingHints(tracker: PromptTracker): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const pastes = new Map<string, Paste>();
  const forget = (id: string) => {
    clearTimeout(pastes.get(id)?.timer);
    pastes.delete(id);
  };
  const provider: vscode.InlayHintsProvider = {
    onDidChangeInlayHints: changed.event,
    provideInlayHints: async (document, range, token) => {
      const state = await tracker.stateIfCounted(document);
      if (!state || token.isCancellationRequested) return [];
      const paste = pastes.get(document.uri.toString());
      const headings = readPromptSettings(document).showsHeadings ? headingHints(state, range) : [];
      return paste ? [...headings, ...pasteHints(state, paste)] : headings;
    },
  };
  return vscode.Disposable.from(
    changed,
    { dispose: () => [...pastes.keys()].forEach(forget) },
    tracker.onDidCount(() => changed.fire()),
    tracker.onDidRestart(() => changed.fire()),
    vscode.workspace.onDidCloseTextDocument((document) => forget(document.uri.toString())),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges, reason }) => {
      const id = document.uri.toString();
      if (reason !== undefined) return forget(id);
      const huge = contentChanges.find((change) => change.text.length >= leastPasteCharacters);
      if (!huge || !tracker.recognise(document)) return;
      forget(id);
      const timer = setTimeout(() => {
        forget(id);
        changed.fire();
      }, pasteShownMs);
      pastes.set(id, { version: document.version, offset: huge.rangeOffset, text: huge.text, timer });
    }),
    vscode.languages.registerInlayHintsProvider({ pattern: '**' }, provider),
    vscode.languages.registerInlayHintsProvider({ scheme: 'untitled' }, provider),
  );
}

function headingHints({ document, table, figures }: PromptState, range: vscode.Range): vscode.InlayHint[] {
  if (table.tokens < leastTokens) return [];
  return table.sections(range.start.line, range.end.line).flatMap((section): vscode.InlayHint[] => {
    if (section.line >= document.lineCount) return [];
    const share = formatShare(section.tokens / table.tokens, figures.locale);
    const isHeaviest = section.line === table.heaviestLine && table.sectionCount > 2;
    const words = `${figures.words(section.tokens, true)} · ${share}`;
    const hint = new vscode.InlayHint(
      document.lineAt(section.line).range.end,
      isHeaviest ? t('{0} · heaviest', words) : words,
    );
    hint.paddingLeft = true;
    hint.tooltip = t(
      '{0} tokens in this section and its subsections, {1} without them.',
      figures.words(section.tokens),
      figures.words(section.ownTokens),
    );
    return [hint];
  });
}

function pasteHints({ document, figures, count }: PromptState, paste: Paste): vscode.InlayHint[] {
  const tokens = count(paste.text);
  if (figures.tokens(tokens) < hugePasteTokens) return [];
  // Where the cursor is after a paste, so that the hint is on the screen.
  const line = document.positionAt(paste.offset + paste.text.trimEnd().length).line;
  const usd = figures.usdWords(tokens);
  const words = figures.change(tokens);
  const label = usd === undefined ? t('{0} tokens pasted', words) : t('{0} tokens pasted, {1}', words, usd);
  const hint = new vscode.InlayHint(document.lineAt(line).range.end, label);
  hint.paddingLeft = true;
  hint.tooltip = t('What you pasted adds this to every send of the prompt.');
  return [hint];
}
