// "Show What This Prompt Costs": where a prompt's tokens are, the heaviest first, and what became of the savings that
// fixes in it have promised.
import * as vscode from 'vscode';
import { formatGraded, formatShare } from '../format';
import { allEdges } from '../prompts/imports';
import { agentName } from './agentNames';
import { type HabitSource } from './habits';
import { type NotedSavings } from './notedSavings';
import { type PromptState, type PromptStudy, type PromptTracker } from './promptFileTracker';

const { t } = vscode.l10n;

export interface PromptDetailDeps {
  readonly tracker: PromptTracker;
  readonly savings: NotedSavings;
  readonly habits: Pick<HabitSource, 'firstCalls'>;
}

interface Detail extends vscode.QuickPickItem {
  readonly line?: number;
}

/** Choosing a section or an import goes there. */
export async function showPromptDetails({ tracker, savings, habits }: PromptDetailDeps): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const state = editor && (await tracker.stateOf(editor.document));
  if (!editor || !state) return;
  const { figures, table, document } = state;
  const promised = savings.firstOf(document.uri);
  const firstCalls = promised
    ? await habits.firstCalls(document.uri, promised.agents, promised.atMs).catch(() => [])
    : [];
  const seen = savings.rows(document.uri, firstCalls, figures.locale);
  const picked = await vscode.window.showQuickPick<Detail>(detailsOf(state, tracker.studyOf(document), seen), {
    title: t('{0} tokens for {1}', formatGraded(figures.estimate, figures.locale), state.model),
    placeHolder: table.sectionCount > 0 ? t('Choose a section to go to it') : t('No headings in this text'),
  });
  if (picked?.line === undefined) return;
  const at = new vscode.Position(picked.line, 0);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.AtTop);
}

function detailsOf(
  { figures, table }: PromptState,
  study: PromptStudy | undefined,
  savings: readonly Detail[],
): Detail[] {
  const sections = [...table.sections()]
    .sort((a, b) => b.ownTokens - a.ownTokens)
    .map((section): Detail => ({
      label: section.title || t('(no title)'),
      description: `${figures.words(section.ownTokens)} · ${formatShare(section.ownTokens / Math.max(1, table.tokens), figures.locale)}`,
      line: section.line,
    }));
  const imports = (study?.imports ?? []).flatMap((graph) =>
    allEdges(graph.edges)
      .filter((edge) => edge.status === 'loaded')
      .map((edge): Detail => ({
        label: `${'  '.repeat(edge.hop - 1)}@${edge.mention.path}`,
        description: `${figures.words(edge.ownTokens)} · ${agentName(graph.agent)}`,
        ...(edge.hop === 1 ? { line: edge.line } : {}),
      })),
  );
  const separator = (label: string): Detail => ({ label, kind: vscode.QuickPickItemKind.Separator });
  return [
    ...(savings.length > 0 ? [separator(t('Fixes so far')), ...savings] : []),
    ...(sections.length > 0 ? [separator(t('Sections, without their subsections')), ...sections] : []),
    ...(imports.length > 0 ? [separator(t('Imports')), ...imports] : []),
  ];
}
