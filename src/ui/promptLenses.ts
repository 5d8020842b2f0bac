// Code lenses of prompts: what the file weighs and costs on its first line, and what each import pulls in above its line.
// A click on one lists where the tokens are.
import * as vscode from 'vscode';
import { formatCompact, formatCount, formatGraded, formatShare, formatUsdEstimate } from '../format';
import { type Chain } from '../prompts/instructionChain';
import { type ImportEdge, type ImportGraph, allEdges } from '../prompts/imports';
import { importRules } from '../prompts/importSyntax';
import { type PromptFile } from '../prompts/promptFiles';
import { recurringCost, turnCost } from '../prompts/turnCost';
import { agentList, agentName } from './agentNames';
import { type HabitSource } from './habits';
import { type NotedSavings } from './notedSavings';
import { type PromptState, type PromptStudy, type PromptTracker } from './promptFileTracker';
import { readPromptSettings } from './promptSettings';

const { t } = vscode.l10n;
const detailsCommand = 'tokenometer.showPromptDetails';

export interface PromptLensDeps {
  readonly tracker: PromptTracker;
  readonly savings: NotedSavings;
  readonly habits: Pick<HabitSource, 'firstCalls'>;
}

export function registerPromptLenses(deps: PromptLensDeps): vscode.Disposable {
  const { tracker } = deps;
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: async (document, token) => {
      if (!readPromptSettings(document).showsLenses) return [];
      const state = await tracker.stateIfCounted(document);
      if (!state || token.isCancellationRequested) return [];
      const study = tracker.studyOf(document);
      return [...firstLine(state, study), ...(study ? importLenses(state, study) : [])];
    },
  };
  return vscode.Disposable.from(
    changed,
    tracker.onDidCount(() => changed.fire()),
    tracker.onDidStudy(() => changed.fire()),
    tracker.onDidRestart(() => changed.fire()),
    vscode.languages.registerCodeLensProvider({ pattern: '**' }, provider),
    vscode.languages.registerCodeLensProvider({ scheme: 'untitled' }, provider),
    vscode.commands.registerCommand(detailsCommand, () => showDetails(deps)),
  );
}

function lens(line: number, title: string, tooltip: string): vscode.CodeLens {
  return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), { title, tooltip, command: detailsCommand });
}

function firstLine(state: PromptState, study: PromptStudy | undefined): vscode.CodeLens[] {
  const titles = [
    sizeTitle(state),
    study && everyTurnTitle(state, study),
    study && sinceHeadTitle(state, study),
    ...(study?.imports ?? []).map((graph) => importsTitle(state, graph)),
    ...(study?.chains ?? []).map((chain) => chainTitle(state, chain)),
    study && wholeTurnTitle(state, study),
  ];
  const tooltip = loadingWords(state.file);
  return titles.filter((title) => title !== undefined).map((title) => lens(0, title, tooltip));
}

/** `1,234 tokens · 0.6 % of 200k · $0.0037 a send` */
function sizeTitle({ figures, table }: PromptState): string {
  const { contextWindow } = figures.facts;
  const parts = [t('{0} tokens', formatGraded(figures.estimate, figures.locale))];
  if (contextWindow) {
    const share = formatShare(figures.estimate.tokens / contextWindow, figures.locale);
    parts.push(t('{0} of {1}', share, formatCompact(contextWindow, figures.locale)));
  }
  const usd = figures.usdWords(table.tokens);
  if (usd !== undefined) parts.push(t('{0} a send', usd));
  return parts.join(' · ');
}

/** What of the file goes along with every turn, its imports included; counted tokens. */
function carried(state: PromptState, study: PromptStudy): number {
  if (state.file.everyTurn !== 'whole') return 0;
  return Math.max(state.table.tokens, ...study.imports.map((graph) => graph.ownTokens + graph.importedTokens));
}

/** `≈ $4.10 a month at your 61 turns a day and 94 % cache reads · ≈ $0.02 when the cache is cold` */
function everyTurnTitle(state: PromptState, study: PromptStudy): string | undefined {
  const { figures } = state;
  const tokens = figures.tokens(carried(state, study));
  const { habits } = study;
  if (!habits || !figures.rates || tokens === 0 || habits.turnsPerDay <= 0) return undefined;
  const cost = recurringCost(tokens, habits, figures.rates);
  const { locale } = figures;
  return t(
    '{0} a month at your {1} turns a day and {2} cache reads · {3} when the cache is cold',
    formatUsdEstimate(cost.perMonthUsd, locale),
    formatCount(Math.round(habits.turnsPerDay), locale),
    formatShare(habits.cacheReadShare, locale),
    formatUsdEstimate(cost.coldUsd, locale),
  );
}

function sinceHeadTitle(state: PromptState, study: PromptStudy): string | undefined {
  const { sinceHead } = study;
  if (sinceHead === undefined || sinceHead === 0) return undefined;
  const change = state.figures.change(sinceHead);
  return state.file.everyTurn === 'whole'
    ? t('{0} tokens every turn since HEAD', change)
    : t('{0} tokens since HEAD', change);
}

function importsTitle({ figures }: PromptState, graph: ImportGraph): string | undefined {
  const loaded = allEdges(graph.edges).filter((edge) => edge.status === 'loaded').length;
  if (loaded === 0) return undefined;
  const words = graph.isIncomplete ? `≥ ${figures.words(graph.importedTokens)}` : figures.words(graph.importedTokens);
  return t(
    '{0} imports {1} files: {2} tokens more',
    agentName(graph.agent),
    formatCount(loaded, figures.locale),
    words,
  );
}

/** Only where there is something to know: several files, or a budget that runs out. */
function chainTitle({ figures, count }: PromptState, chain: Chain): string | undefined {
  const isOver = chain.budgetBytes !== undefined && chain.projectBytes > chain.budgetBytes;
  if (chain.files.length < 2 && !isOver) return undefined;
  const tokens = chain.files.reduce((sum, file) => sum + count(file.text.slice(0, file.loadedCharacters)), 0);
  const files = formatCount(chain.files.length, figures.locale);
  const words = figures.words(tokens);
  if (!isOver) return t('{0} loads {1} files here: {2} tokens', agentName(chain.agent), files, words);
  const kib = (bytes: number) => formatCount(Math.ceil(bytes / 1024), figures.locale);
  return t(
    '{0} loads {1} files here: {2} tokens, cut at {3} of {4} KiB',
    agentName(chain.agent),
    files,
    words,
    kib(chain.budgetBytes),
    kib(chain.projectBytes),
  );
}

/** For prompts that a person sends: with all that goes along. */
function wholeTurnTitle(state: PromptState, study: PromptStudy): string | undefined {
  const { file, figures, table } = state;
  const { habits } = study;
  if (!habits || !figures.rates || (file.kind !== 'prompt' && file.kind !== 'command' && file.kind !== 'custom'))
    return undefined;
  const imports = Math.max(0, ...study.imports.map((graph) => graph.importedTokens));
  const parts = {
    prompt: figures.estimate.tokens,
    imports: figures.tokens(imports),
    overhead: habits.firstCallOverheadTokens,
    context: Math.max(0, habits.liveContextTokens - habits.firstCallOverheadTokens),
  };
  const cost = turnCost(parts, figures.rates, habits.ttl);
  if (cost.tokens <= table.tokens) return undefined;
  const { locale } = figures;
  return t(
    'whole turn ≈ {0} tokens: {1} warm, {2} cold',
    formatCompact(cost.tokens, locale),
    formatUsdEstimate(cost.warmUsd, locale),
    formatUsdEstimate(cost.coldUsd, locale),
  );
}

function loadingWords(file: PromptFile): string {
  const who = file.agents.length > 0 ? agentList(file.agents, 4) : t('no agent by itself');
  switch (file.loading) {
    case 'always':
      return t('Sent with every turn by {0}. Click to see where the tokens are.', who);
    case 'in-folder':
      return t('Loaded by {0} for work in this folder. Click to see where the tokens are.', who);
    case 'by-glob':
      return t(
        'Loaded by {0} for files that match {1}. Click to see where the tokens are.',
        who,
        file.globs.join(', '),
      );
    case 'on-demand':
      return t('Loaded by {0} when the model asks for it. Click to see where the tokens are.', who);
    case 'when-named':
      return t('Sent when you use it. Click to see where the tokens are.');
  }
}

function importLenses(state: PromptState, study: PromptStudy): vscode.CodeLens[] {
  return study.imports.flatMap((graph) =>
    graph.edges
      .filter((edge) => edge.line < state.document.lineCount && (edge.status !== 'missing' || edge.looksLikeFile))
      .map((edge) => lens(edge.line, importTitle(state, edge, graph.agent), agentName(graph.agent))),
  );
}

function importTitle({ figures }: PromptState, edge: ImportEdge, agent: ImportGraph['agent']): string {
  const name = `@${edge.mention.path}`;
  const own = figures.words(edge.ownTokens);
  switch (edge.status) {
    case 'loaded': {
      const parts = [t('{0}: {1} tokens', name, own)];
      if (edge.tokens > edge.ownTokens) parts.push(t('{0} with its imports', figures.words(edge.tokens)));
      const usd = figures.usdWords(edge.tokens);
      if (usd !== undefined) parts.push(t('{0} a send', usd));
      const deep = allEdges(edge.edges).filter((below) => below.status === 'too-deep').length;
      if (deep > 0) parts.push(t('{0} stops {1} hops down', agentName(agent), importRules[agent].maxHops));
      return parts.join(' · ');
    }
    case 'again':
      return t('{0}: loaded already, adds nothing', name);
    case 'cycle':
      return t('{0}: imports itself, read once', name);
    case 'too-deep':
      return t('{0}: too deep, not read', name);
    case 'outside':
      return t('{0}: outside the project, {1} does not read it', name, agentName(agent));
    case 'needs-consent':
      return t('{0}: {1} tokens if you allowed imports from outside the project', name, figures.words(edge.tokens));
    case 'missing':
      return t('{0}: no such file', name);
  }
}

interface Detail extends vscode.QuickPickItem {
  readonly line?: number;
}

/** Where the tokens are, the heaviest first; choosing one goes there. */
async function showDetails({ tracker, savings, habits }: PromptLensDeps): Promise<void> {
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
    placeHolder: table.sections.length > 0 ? t('Choose a section to go to it') : t('No headings in this text'),
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
  const sections = [...table.sections]
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
    ...(savings.length > 0 ? [separator(t('Fixes, and what the first calls of sessions show since')), ...savings] : []),
    ...(sections.length > 0 ? [separator(t('Sections, without their subsections')), ...sections] : []),
    ...(imports.length > 0 ? [separator(t('Imports')), ...imports] : []),
  ];
}
