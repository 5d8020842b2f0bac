// The savings that fixes have promised in this workspace, and what later sessions' logs show of them. Remembers numbers
// and places, no text; an undone fix is forgotten.
import * as vscode from 'vscode';
import { formatCount } from '../format';
import { type PromptAgent } from '../prompts/promptFiles';
import { type FirstCall } from '../prompts/sessionStarts';
import { checkSavings, leastSessions, type PromisedSaving, type SavingCheck } from '../prompts/savingCheck';
import { agentName } from './agentNames';

/** Tokens are the model's, per send. `agents` is empty where a file is not sent with every turn: nothing to hold it to. */
export interface NotedSaving extends PromisedSaving {
  readonly uri: string;
  readonly model: string;
}

const memoryKey = 'savings';
const mostRemembered = 50;

export class NotedSavings implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  /** The document's version right after the fix that was noted last. */
  private last: { readonly uri: string; readonly version: number } | undefined;

  /** `memory`: of the workspace. */
  constructor(private readonly memory: vscode.Memento) {
    this.subscription = vscode.workspace.onDidChangeTextDocument(({ document, reason }) => {
      const { last } = this;
      if (reason !== vscode.TextDocumentChangeReason.Undo || last?.uri !== document.uri.toString()) return;
      this.last = undefined;
      if (document.version === last.version + 1) void this.keep(this.all.slice(0, -1));
    });
  }

  dispose(): void {
    this.subscription.dispose();
  }

  /** To be called once the fix is in the document. */
  async note(saving: NotedSaving): Promise<void> {
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === saving.uri);
    this.last = document && { uri: saving.uri, version: document.version };
    if (saving.agents.length > 0) await this.keep([...this.all, saving]);
  }

  /** When the document's first saving was promised, and by whom its file is loaded; undefined where none was. */
  firstOf(uri: vscode.Uri): NotedSaving | undefined {
    return this.all.find((saving) => saving.uri === uri.toString());
  }

  /** What became of the document's savings: one row each sitting and agent. Fixes of other files count in a sitting. */
  rows(uri: vscode.Uri, firstCalls: readonly FirstCall[], locale: string): readonly vscode.QuickPickItem[] {
    const own = this.all.filter((saving) => saving.uri === uri.toString());
    return checkSavings(this.all, firstCalls)
      .filter((check) => own.some(({ atMs }) => atMs >= check.fromMs && atMs <= check.untilMs))
      .map((check) => rowOf(check, locale));
  }

  private get all(): readonly NotedSaving[] {
    return this.memory.get<readonly NotedSaving[]>(memoryKey, []).filter((saving) => Array.isArray(saving.agents));
  }

  private async keep(savings: readonly NotedSaving[]): Promise<void> {
    await this.memory.update(memoryKey, savings.slice(-mostRemembered));
  }
}

function rowOf(check: SavingCheck, locale: string): vscode.QuickPickItem {
  const { t } = vscode.l10n;
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(check.fromMs);
  const expected = change(check.expectedTokens, locale);
  const agent = agentName(check.agent as PromptAgent);
  if (check.seenTokens === undefined)
    return {
      label: t('{0}: {1} tokens expected, not seen yet', day, expected),
      detail: t(
        '{0}: {1} of {2} sessions before, {3} of {2} since',
        agent,
        formatCount(Math.min(check.sessionsBefore, leastSessions), locale),
        formatCount(leastSessions, locale),
        formatCount(Math.min(check.sessionsAfter, leastSessions), locale),
      ),
    };
  return {
    label: t('{0}: {1} tokens expected, ≈ {2} seen', day, expected, change(check.seenTokens, locale)),
    detail: t(
      '{0}: first calls of {1} sessions before and {2} since',
      agent,
      formatCount(check.sessionsBefore, locale),
      formatCount(check.sessionsAfter, locale),
    ),
  };
}

/** A saving as a change: what is saved is less. */
function change(savedTokens: number, locale: string): string {
  const sign = savedTokens > 0 ? '−' : savedTokens < 0 ? '+' : '';
  return sign + formatCount(Math.abs(savedTokens), locale);
}
