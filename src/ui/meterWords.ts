// The meter in words: what stands in the status bar and what a screen reader says of it; amounts, budgets, times.
// Says what glanceOf decided; decides nothing.
import * as vscode from 'vscode';
import { type AgentId } from '../agents/agent';
import { formatCompact, formatCost, formatShare, formatUsd, formatUsdLimit } from '../format';
import { type Budget, type BudgetState, type BudgetUnit } from '../ledger/budget';
import { type LiveSession } from '../ledger/liveSession';
import { type MeterFacts } from '../ledger/meterFacts';
import { type PlanWindow } from '../ledger/records';
import { type TotalsRow } from '../ledger/totals';
import { contextShare, type GlanceShown } from '../report/glance';
import { agentName } from './agentNames';
import { locale } from './locale';

export function costWords(row: TotalsRow): string {
  return formatCost(row, locale()) ?? vscode.l10n.t('unpriced');
}

export function agentLabel(agent: AgentId): string {
  return agent === 'kimi' ? 'Kimi' : agent === 'aider' ? 'aider' : agentName(agent);
}

/** A folder's own name for a path; anything else as it is. */
export function lastPart(key: string): string {
  return key.split(/[\\/]/).filter(Boolean).at(-1) ?? key;
}

/** `$4.20`, `1.2M tokens`, `12 credits`. */
export function amountWords(amount: number, unit: BudgetUnit, isAtLeast = false): string {
  const { t } = vscode.l10n;
  const mark = isAtLeast ? '≥ ' : '';
  switch (unit) {
    case 'usd':
      return mark + formatUsd(amount, locale());
    case 'tokens':
      return t('{0} tokens', mark + formatCompact(amount, locale()));
    case 'credits':
      return t('{0} credits', mark + formatCompact(amount, locale()));
  }
}

/** As a person would write the limit: `$20`, `5M tokens`. */
export function limitWords({ limit, unit }: Pick<Budget, 'limit' | 'unit'>): string {
  return unit === 'usd' ? formatUsdLimit(limit, locale()) : amountWords(limit, unit);
}

/** `$4.20/$20`, `1.2M/5M tokens`: for places with little room. */
function against({ budget, spent, isAtLeast }: BudgetState): string {
  const mark = isAtLeast ? '≥ ' : '';
  if (budget.unit === 'usd') return `${mark}${formatUsd(spent, locale())}/${limitWords(budget)}`;
  return `${mark}${formatCompact(spent, locale())}/${limitWords(budget)}`;
}

/** What stands in the status bar: a figure, and one word where it is not today's. */
export function shownText(shown: GlanceShown): string {
  const { t } = vscode.l10n;
  switch (shown.kind) {
    case 'cost':
      return shown.period === 'day'
        ? costWords(shown.row)
        : shown.period === 'week'
          ? t('{0} this week', costWords(shown.row))
          : t('{0} this month', costWords(shown.row));
    case 'budget':
      return budgetText(shown.state);
    case 'tokens':
      return t('{0} tokens', formatCompact(shown.row.totalTokens, locale()));
    case 'session':
      return shown.session ? t('session {0}', costWords(shown.session.totals)) : t('no session');
    case 'context':
      return contextText(shown.session);
    case 'planWindow':
      return shown.window ? planText(shown.window) : t('no plan window');
  }
}

function budgetText(state: BudgetState): string {
  const { t } = vscode.l10n;
  switch (state.budget.period) {
    case 'day':
      return state.budget.scope === undefined ? against(state) : t('project {0}', against(state));
    case 'week':
      return t('{0} this week', against(state));
    case 'month':
      return state.budget.scope === undefined ? t('{0} this month', against(state)) : t('project {0}', against(state));
    case 'session':
      return t('session {0}', against(state));
    case 'project':
      return t('project {0}', against(state));
    case 'task':
      return state.level === 'over'
        ? t('task {0}', against(state))
        : t('task: {0} left', amountWords(state.left, state.budget.unit));
  }
}

function contextText(session: LiveSession | undefined): string {
  const { t } = vscode.l10n;
  if (!session) return t('no session');
  const share = contextShare(session);
  return share === undefined
    ? t('context {0}', formatCompact(session.contextTokens, locale()))
    : t('context {0}', formatShare(share, locale()));
}

function planText(window: PlanWindow): string {
  return vscode.l10n.t(
    '{0} {1}: {2} used',
    agentLabel(window.agent),
    spanWords(window.windowMinutes),
    formatShare(window.usedPercent / 100, locale()),
  );
}

/** A budget as a sentence: "Today: $16.20 of $20, 81 %". */
export function budgetSentence(state: BudgetState): string {
  const { t } = vscode.l10n;
  const spent = amountWords(state.spent, state.budget.unit, state.isAtLeast);
  const limit = limitWords(state.budget);
  const share = formatShare(state.share, locale());
  const { scope } = state.budget;
  switch (state.budget.period) {
    case 'day':
      return scope === undefined
        ? t('Today: {0} of {1}, {2}', spent, limit, share)
        : t('{0} today: {1} of {2}, {3}', lastPart(scope), spent, limit, share);
    case 'week':
      return scope === undefined
        ? t('This week: {0} of {1}, {2}', spent, limit, share)
        : t('{0} this week: {1} of {2}, {3}', lastPart(scope), spent, limit, share);
    case 'month':
      return scope === undefined
        ? t('This month: {0} of {1}, {2}', spent, limit, share)
        : t('{0} this month: {1} of {2}, {3}', lastPart(scope), spent, limit, share);
    case 'session':
      return t('This session: {0} of {1}, {2}', spent, limit, share);
    case 'project':
      return t('{0} in all: {1} of {2}, {3}', lastPart(scope ?? ''), spent, limit, share);
    case 'task':
      return t('This task: {0} of {1}, {2}', spent, limit, share);
  }
}

/** Everything that the item shows, in words. */
export function spokenLabel(facts: MeterFacts, shown: GlanceShown): string {
  const { t } = vscode.l10n;
  const costs = t(
    'Tokenometer: {0} today, {1} this week, {2} this month, at public list prices',
    costWords(facts.today),
    costWords(facts.week),
    costWords(facts.month),
  );
  const more = [
    ...(shown.kind === 'budget' ? [budgetLevelWords(shown.state)] : []),
    ...(shown.kind === 'session' || shown.kind === 'context' ? [sessionLabel(shown.session)] : []),
    ...(shown.kind === 'tokens' ? [t('{0} tokens today', formatCompact(shown.row.totalTokens, locale()))] : []),
    ...(shown.kind === 'planWindow' ? [shown.window ? planText(shown.window) : t('no plan window')] : []),
    ...(facts.runaways.length > 0 ? [t('A session may be going in circles')] : []),
  ];
  return [...more, costs].join('. ');
}

function budgetLevelWords(state: BudgetState): string {
  const { t } = vscode.l10n;
  const sentence = budgetSentence(state);
  switch (state.level) {
    case 'over':
      return t('{0}: the budget is used up', sentence);
    case 'near':
      return t('{0}: the budget is nearly used up', sentence);
    case 'calm':
      return t('{0} of the budget', sentence);
  }
}

function sessionLabel(session: LiveSession | undefined): string {
  const { t } = vscode.l10n;
  if (!session) return t('No session is running in this workspace');
  const share = contextShare(session);
  return share === undefined
    ? t(
        'This session: {0}, {1} tokens of context',
        costWords(session.totals),
        formatCompact(session.contextTokens, locale()),
      )
    : t('This session: {0}, context window {1} full', costWords(session.totals), formatShare(share, locale()));
}

const minutesADay = 24 * 60;

/** A window's length: `5 h`, `7 d`. */
export function spanWords(minutes: number): string {
  const { t } = vscode.l10n;
  if (minutes % minutesADay === 0) return t('{0} d', minutes / minutesADay);
  return minutes >= 60 ? t('{0} h', Math.round(minutes / 60)) : t('{0} min', minutes);
}

/** What is left of a countdown: `3:10`, above an hour `1 h 05`. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** `14:20`, with the day where it is not today. */
export function clockWords(atMs: number, nowMs: number, timeZone: string): string {
  const isSoon = atMs - nowMs < 20 * 60 * 60 * 1000;
  return new Intl.DateTimeFormat(locale(), {
    timeZone,
    hour: 'numeric',
    minute: '2-digit',
    ...(!isSoon && { weekday: 'short', day: 'numeric', month: 'short' }),
  }).format(atMs);
}
