// The meter's hover: the running session, sums against budgets with pace, shares by agent, model and project, and what
// is not in the figures. Markdown that works in every theme; texts from logs are cells, never markup.
import * as vscode from 'vscode';
import { formatCompact, formatCount, formatCoverage, formatShare, formatUsd } from '../format';
import { type BudgetState } from '../ledger/budget';
import { type LiveSession } from '../ledger/liveSession';
import { type BudgetReading } from '../ledger/budgetReadings';
import { type MeterFacts } from '../ledger/meterFacts';
import { type Forecast } from '../ledger/pace';
import { type TotalsRow } from '../ledger/totals';
import { readPlans } from '../pricing/settings';
import { byCost, contextShare } from '../report/glance';
import { markdownCell } from '../report/markdown';
import { commands } from './commands';
import { locale } from './locale';
import { machineWords } from './machineWords';
import {
  agentLabel,
  amountWords,
  budgetSentence,
  clockWords,
  costWords,
  countdown,
  lastPart,
  limitWords,
  spanWords,
} from './meterWords';
import { runawayWords } from './runawayWords';
import { readSettings } from './settings';

export type TooltipFacts = MeterFacts & {
  readonly skippedLines: number;
  /** What changing the running session's model would cost more, while its cache is warm. */
  readonly switchLine?: string;
};

const mostRows = 4;
const hourMs = 60 * 60 * 1000;

export function meterTooltip(facts: TooltipFacts, nowMs: number, timeZone: string): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const tooltip = new vscode.MarkdownString(undefined, true);
  tooltip.isTrusted = { enabledCommands: [commands.showReport, commands.showDoctor, commands.setBudget] };
  const blocks = [
    facts.runaways.map((sighting) => `$(warning) ${runawayWords(sighting, markdownCell)}`).join('  \n'),
    sessionBlock(facts.session, nowMs, timeZone),
    (facts.session?.cache?.warmUntilMs ?? 0) > nowMs ? markdownCell(facts.switchLine ?? '') : '',
    table(facts),
    paceBlock(facts, nowMs, timeZone).join('  \n'),
    [
      ...remarks(facts, nowMs, timeZone),
      t('Public list prices, not your bill. Logs of {0}.', markdownCell(machineWords())),
    ].join('  \n'),
    [
      `[${t('Show Cost Report')}](command:${commands.showReport})`,
      `[${t('Set a Budget')}](command:${commands.setBudget})`,
    ].join(' · '),
  ];
  return tooltip.appendMarkdown(blocks.filter((block) => block !== '').join('\n\n'));
}

function sessionBlock(session: LiveSession | undefined, nowMs: number, timeZone: string): string {
  const { t } = vscode.l10n;
  if (!session) return '';
  const share = contextShare(session);
  const context =
    share === undefined
      ? t('Context {0} tokens', formatCompact(session.contextTokens, locale()))
      : t(
          'Context {0} of {1} ({2})',
          formatCompact(session.contextTokens, locale()),
          formatCompact(session.contextWindow!, locale()),
          formatShare(share, locale()),
        );
  const costs = session.lastPrompt
    ? t('{0} so far, last prompt {1}', costWords(session.totals), costWords(session.lastPrompt))
    : t('{0} so far', costWords(session.totals));
  const title = t(
    '{0} in {1}, {2}',
    markdownCell(agentLabel(session.agent)),
    markdownCell(lastPart(session.project)),
    markdownCell(session.model),
  );
  return [`**${title}**`, `${costs} · ${context}`, cacheWords(session, nowMs, timeZone), besidesWords(session.besides)]
    .filter((line) => line !== '')
    .join('  \n');
}

function besidesWords(besides: number): string {
  const { t } = vscode.l10n;
  if (besides === 0) return '';
  return besides === 1
    ? t('One more session is at work here.')
    : t('{0} more sessions are at work here.', formatCount(besides, locale()));
}

/** Empty where the log does not tell what was cached. */
function cacheWords({ cache, lastMs }: LiveSession, nowMs: number, timeZone: string): string {
  const { t } = vscode.l10n;
  if (!cache) return '';
  const leftMs = cache.warmUntilMs - nowMs;
  const cold = cache.coldUsd === undefined ? undefined : formatUsd(cache.coldUsd, locale());
  if (leftMs <= 0)
    return cold === undefined
      ? t('Cache cold since {0}', clockWords(cache.warmUntilMs, nowMs, timeZone))
      : t(
          'Cache cold: this context costs {0} to read again (last call {1})',
          cold,
          clockWords(lastMs, nowMs, timeZone),
        );
  return cold === undefined
    ? t('Cache warm for {0}', countdown(leftMs))
    : t('Cache warm for {0}, then this context costs {1} to read again', countdown(leftMs), cold);
}

/** Hovers set the columns of a table close together. */
const gap = '\u00a0\u00a0';

/** One table, so that its columns stand in line; budget and forecast columns only where there is something in them. */
function table(facts: TooltipFacts): string {
  const { t } = vscode.l10n;
  const budgetOf = (id: string) => facts.budgets.find(({ state }) => state.budget.id === id)?.state;
  const hasBudget = ['day', 'week', 'month'].some((id) => budgetOf(id) !== undefined);
  const hasForecast = Object.keys(facts.forecasts).length > 0;
  const cells = (name: string, row: TotalsRow, budget: string, range: string): string =>
    `| ${[name, costWords(row), ...(hasBudget ? [budget] : []), ...(hasForecast ? [range] : []), formatCompact(row.totalTokens, locale()), formatCount(row.calls, locale())].join(` | ${gap}`)} |`;
  const period = (name: string, row: TotalsRow, id: 'day' | 'week' | 'month'): string =>
    cells(name, row, budgetCell(budgetOf(id)), rangeWords(facts.forecasts[id]));
  const width = 4 + Number(hasBudget) + Number(hasForecast);
  const shares = (heading: string, rows: readonly TotalsRow[], nameOf: (key: string) => string): string[] =>
    rows.length === 0
      ? []
      : [
          `| **${heading}** ${'| '.repeat(width)}`.trimEnd(),
          ...byCost(rows)
            .slice(0, mostRows)
            .map((row) => cells(markdownCell(nameOf(row.key)), row, '', '')),
        ];
  const heads = [t('Cost'), ...(hasBudget ? [t('Budget')] : []), ...(hasForecast ? [t('Likely end')] : [])];
  return [
    `| ${[t('API-equivalent cost'), ...heads, t('Tokens'), t('Calls')].join(' | ')} |`,
    `| :-- ${'| --: '.repeat(width - 1)}|`,
    period(t('Today'), facts.today, 'day'),
    period(t('This week'), facts.week, 'week'),
    period(t('This month'), facts.month, 'month'),
    ...(facts.todayByAgent.length > 1
      ? shares(t('Today by agent'), facts.todayByAgent, (key) => agentLabel(key as Parameters<typeof agentLabel>[0]))
      : []),
    ...shares(t('Today by model'), facts.todayByModel, lastPart),
    ...shares(t('Today by project'), facts.todayByProject, lastPart),
  ].join('\n');
}

function budgetCell(state: BudgetState | undefined): string {
  if (!state) return '';
  const { t } = vscode.l10n;
  const share = formatShare(state.share, locale());
  // In words too: a colour is not seen by everyone.
  return state.level === 'over'
    ? t('$(error) {0} of {1}', share, limitWords(state.budget))
    : state.level === 'near'
      ? t('$(warning) {0} of {1}', share, limitWords(state.budget))
      : t('{0} of {1}', share, limitWords(state.budget));
}

/** Four of five such periods ended within it. */
function rangeWords(range: Forecast | undefined): string {
  if (!range) return '';
  return `${formatUsd(range.low, locale())}–${formatUsd(range.high, locale())}`;
}

function paceBlock({ burn, budgets, forecasts }: TooltipFacts, nowMs: number, timeZone: string): string[] {
  const { t } = vscode.l10n;
  const rate = (usd: number) => formatUsd(usd, locale());
  const lines = budgets
    .filter(
      ({ state: { budget } }) => budget.scope !== undefined || budget.unit !== 'usd' || budget.period === 'session',
    )
    .map(({ state }) => markdownCell(budgetSentence(state)));
  if (burn.lastHour > 0)
    lines.push(
      t('{0} in the last hour, {1} an hour over the last ten minutes.', rate(burn.lastHour), rate(burn.lastMinutes)),
    );
  const soonest = soonestLimit(budgets, nowMs, timeZone);
  if (soonest !== undefined) lines.push(soonest);
  const spread = budgets.find(({ state }) => state.leftPerWorkingDay !== undefined && state.level !== 'over')?.state;
  if (spread)
    lines.push(
      spread.budget.period === 'week'
        ? t('{0} for each day left of this week.', amountWords(spread.leftPerWorkingDay!, spread.budget.unit))
        : t('{0} for each day left of this month.', amountWords(spread.leftPerWorkingDay!, spread.budget.unit)),
    );
  if (Object.keys(forecasts).length > 0)
    lines.push(t('Likely end: where 4 of 5 of your own past periods would end from here.'));
  return lines;
}

/** The limit that is reached first, if it is reached within the day. */
function soonestLimit(budgets: readonly BudgetReading[], nowMs: number, timeZone: string): string | undefined {
  const [first] = budgets
    .flatMap(({ state, toLimit }) => (toLimit && toLimit.soonestMs < 24 * hourMs ? [{ state, toLimit }] : []))
    .sort((a, b) => a.toLimit.soonestMs - b.toLimit.soonestMs);
  if (!first) return undefined;
  const { t } = vscode.l10n;
  const { soonestMs, latestMs } = first.toLimit;
  const limit = limitWords(first.state.budget);
  const soonest = clockWords(nowMs + soonestMs, nowMs, timeZone);
  return latestMs !== undefined && latestMs < 24 * hourMs && latestMs > 1.2 * soonestMs
    ? t(
        'At this pace {0} is reached between {1} and {2}.',
        limit,
        soonest,
        clockWords(nowMs + latestMs, nowMs, timeZone),
      )
    : t('At this pace {0} is reached at about {1}.', limit, soonest);
}

/** What a reader must know of the figures before trusting them. */
function remarks(facts: TooltipFacts, nowMs: number, timeZone: string): string[] {
  const { t } = vscode.l10n;
  const { today, month } = facts;
  const lines: string[] = [];
  if (month.unpricedTokens > 0)
    lines.push(
      t(
        '≥: {0} of this month’s tokens have a price; {1} are unpriced.',
        formatCoverage(1 - month.unpricedTokens / month.totalTokens, locale()),
        formatCompact(month.unpricedTokens, locale()),
      ),
    );
  if (today.unrecordedOutputCalls > 0)
    lines.push(
      t(
        '≥: the agent recorded no output for {0} of today’s calls.',
        formatCount(today.unrecordedOutputCalls, locale()),
      ),
    );
  if (today.reportedCredits !== undefined)
    lines.push(t('The agents themselves report {0} credits today.', formatCompact(today.reportedCredits, locale())));
  if (today.reportedCostUsd !== undefined)
    lines.push(t('The agents themselves report {0} today.', formatUsd(today.reportedCostUsd, locale())));
  lines.push(...plans(facts), ...planWindows(facts, nowMs, timeZone));
  if (facts.skippedLines === 1)
    lines.push(t('One log line was not understood: [see which](command:tokenometer.showDoctor).'));
  else if (facts.skippedLines > 1)
    lines.push(
      t(
        'Log lines not understood: {0} ([see which](command:tokenometer.showDoctor)).',
        formatCount(facts.skippedLines, locale()),
      ),
    );
  if (!vscode.workspace.isTrusted)
    lines.push(
      t('Restricted Mode: log folders, prices and budgets set by this workspace are ignored until you trust it.'),
    );
  return lines;
}

/** What a subscription costs beside what its agent's tokens would have cost. */
function plans({ monthByAgent }: TooltipFacts): string[] {
  return readPlans(readSettings().prices.plans).plans.map(({ tool, name, usdPerMonth }) => {
    const row = monthByAgent.find(({ key }) => key === tool);
    const used = row ? costWords(row) : formatUsd(0, locale());
    return vscode.l10n.t(
      '{0}: {1} a month for the plan, {2} this month at list prices.',
      markdownCell(name),
      formatUsd(usdPerMonth, locale()),
      used,
    );
  });
}

function planWindows({ planWindows: windows }: TooltipFacts, nowMs: number, timeZone: string): string[] {
  const { t } = vscode.l10n;
  return windows.map((window) => {
    const agent = markdownCell(agentLabel(window.agent));
    const span = spanWords(window.windowMinutes);
    const used = formatShare(window.usedPercent / 100, locale());
    return window.resetsAtMs === undefined
      ? t('{0}, {1} window: {2} used.', agent, span, used)
      : t('{0}, {1} window: {2} used, resets {3}.', agent, span, used, clockWords(window.resetsAtMs, nowMs, timeZone));
  });
}
