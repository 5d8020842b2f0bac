// Code lenses of prompts: what the file weighs and costs on its first line, and what each import pulls in above its line.
// A click on one lists where the tokens are (promptDetails).
import * as vscode from 'vscode';
import { formatCompact, formatCount, formatGraded, formatRate, formatShare, formatUsdEstimate } from '../format';
import { type Chain } from '../prompts/instructionChain';
import { type ImportEdge, type ImportGraph, allEdges } from '../prompts/imports';
import { importRules } from '../prompts/importSyntax';
import { type PromptFile } from '../prompts/promptFiles';
import { recurringCost, turnCost } from '../prompts/turnCost';
import { agentList, agentName } from './agentNames';
import { commands } from './commands';
import { type PromptDetailDeps, showPromptDetails } from './promptDetails';
import { type PromptState, type PromptStudy } from './promptFileTracker';
import { readPromptSettings } from './promptSettings';

const { t } = vscode.l10n;

export function registerPromptLenses(deps: PromptDetailDeps): vscode.Disposable {
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
    vscode.commands.registerCommand(commands.showPromptDetails, () => showPromptDetails(deps)),
  );
}

function lens(line: number, title: string, tooltip: string): vscode.CodeLens {
  return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
    title,
    tooltip,
    command: commands.showPromptDetails,
  });
}

/** Short, so that the line fits beside a side bar; what stands behind a figure is said when one rests on it. */
interface Said {
  readonly title: string;
  /** Before the words on when the file is loaded. */
  readonly tooltip?: string;
}

function firstLine(state: PromptState, study: PromptStudy | undefined): vscode.CodeLens[] {
  const graphs = (study?.imports ?? []).filter((graph) => loadedIn(graph) > 0);
  const said: readonly (Said | undefined)[] = [
    { title: sizeTitle(state) },
    study && everyTurn(state, study),
    study && sinceHead(state, study),
    ...graphs.map((graph) => importsOf(state, graph, graphs.length > 1)),
    ...(study?.chains ?? []).map((chain) => chainTitle(state, chain)),
    study && wholeTurn(state, study),
  ];
  const loading = loadingWords(state.file);
  return said
    .filter((one) => one !== undefined)
    .map(({ title, tooltip }) => lens(0, title, tooltip === undefined ? loading : `${tooltip}\n${loading}`));
}

function loadedIn(graph: ImportGraph): number {
  return allEdges(graph.edges).filter((edge) => edge.status === 'loaded').length;
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

/** `≈ $4.10 a month at your 61 turns a day, 94 % cached; ≈ $0.02 cold` */
function everyTurn(state: PromptState, study: PromptStudy): Said | undefined {
  const { figures } = state;
  const tokens = figures.tokens(carried(state, study));
  const { habits } = study;
  if (!habits || !figures.rates || tokens === 0 || habits.turnsPerDay <= 0) return undefined;
  const cost = recurringCost(tokens, habits, figures.rates);
  const { locale } = figures;
  const turns = formatRate(habits.turnsPerDay, locale);
  const share = formatShare(habits.cacheReadShare, locale);
  return {
    title: t(
      '{0} a month at your {1} turns a day, {2} cached; {3} cold',
      formatUsdEstimate(cost.perMonthUsd, locale),
      turns,
      share,
      formatUsdEstimate(cost.coldUsd, locale),
    ),
    tooltip: t(
      'By your own calls of the last two weeks with the agents that load this file: {0} turns a calendar day, {1} of the prompts read from the cache. A turn with nothing in the cache costs {2} for this file.',
      turns,
      share,
      formatUsdEstimate(cost.coldUsd, locale),
    ),
  };
}

function sinceHead(state: PromptState, study: PromptStudy): Said | undefined {
  if (study.sinceHead === undefined || study.sinceHead === 0) return undefined;
  const change = state.figures.change(study.sinceHead);
  const title =
    state.file.everyTurn === 'whole'
      ? t('{0} tokens every turn since HEAD', change)
      : t('{0} tokens since HEAD', change);
  return { title };
}

/** `+143 by 4 imports` */
function importsOf({ figures }: PromptState, graph: ImportGraph, namesAgent: boolean): Said {
  const files = loadedIn(graph);
  const agent = agentName(graph.agent);
  const more = `${graph.isIncomplete ? '≥ ' : ''}${figures.change(graph.importedTokens)}`;
  const count = formatCount(files, figures.locale);
  const title = files === 1 ? t('{0} by 1 import', more) : t('{0} by {1} imports', more, count);
  return {
    title: namesAgent ? t('{0}: {1}', agent, title) : title,
    tooltip:
      files === 1
        ? t('{0} reads 1 file more through imports: {1} tokens.', agent, more)
        : t('{0} reads {1} files more through imports: {2} tokens.', agent, count, more),
  };
}

/** Only where there is something to know: several files, or a budget that runs out. */
function chainTitle(state: PromptState, chain: Chain): Said | undefined {
  const title = chainWords(state, chain);
  return title === undefined ? undefined : { title };
}

function chainWords({ figures, count }: PromptState, chain: Chain): string | undefined {
  const isOver = chain.budgetBytes !== undefined && chain.projectBytes > chain.budgetBytes;
  if (chain.files.length < 2 && !isOver) return undefined;
  const tokens = chain.files.reduce((sum, file) => sum + count(file.text.slice(0, file.loadedCharacters)), 0);
  const files = formatCount(chain.files.length, figures.locale);
  const words = figures.words(tokens);
  if (!isOver) return t('{0} loads {1} files here: {2} tokens', agentName(chain.agent), files, words);
  const kib = (bytes: number) => formatCount(Math.ceil(bytes / 1024), figures.locale);
  if (chain.files.length === 1)
    return t(
      '{0} loads {1} tokens of this file, cut at {2} of {3} KiB',
      agentName(chain.agent),
      words,
      kib(chain.budgetBytes),
      kib(chain.projectBytes),
    );
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
function wholeTurn(state: PromptState, study: PromptStudy): Said | undefined {
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
  return {
    title: t(
      'whole turn ≈ {0} tokens: {1} warm, {2} cold',
      formatCompact(cost.tokens, locale),
      formatUsdEstimate(cost.warmUsd, locale),
      formatUsdEstimate(cost.coldUsd, locale),
    ),
    tooltip: t(
      'The input of one turn here: this prompt, what your sessions begin with (≈ {0} tokens: system prompt, tools, memory) and what the live session holds (≈ {1}). Warm: read from the cache; cold: after a pause or a change of model.',
      formatCompact(parts.overhead, locale),
      formatCompact(parts.context, locale),
    ),
  };
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
