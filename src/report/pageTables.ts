// The page's tables that are not plain sums: sessions, prompts with why they were dear, caching, what a new session
// starts with, how fast models answer, and what has no price or was not understood, each with its remedy.
import { formatCompact, formatCount, formatShare, formatRate } from '../format';
import { type DearPrompt, type DearReason } from '../ledger/dearPrompts';
import { type PageFacts } from '../ledger/pageFacts';
import { type PageSession } from '../ledger/pageSessions';
import { reasonWords } from './doctorMarkdown';
import { type Cells } from './pageCells';
import { type PageCell, type PageTable, type PageText } from './pageShapes';

const columns = (texts: readonly string[], numbers: readonly string[]) => [
  ...texts.map((title) => ({ title, isNumber: false })),
  ...numbers.map((title) => ({ title, isNumber: true })),
];

export function sessionsTable(sessions: readonly PageSession[], cells: Cells): PageTable {
  const { t, around } = cells;
  return {
    columns: columns(
      [t('About'), t('Last used'), t('Agent'), t('Project'), t('Branch')],
      [t('Cost'), t('Prompts'), t('Cost per prompt'), t('Tokens')],
    ),
    rows: sessions.map((session) => [
      { text: cells.name(session.key), reads: textOf(session), ...cells.explaining(session.key) },
      {
        text: new Date(session.lastMs - 1).toLocaleDateString(around.locale, {
          timeZone: around.timeZone,
          dateStyle: 'medium',
        }),
      },
      { text: cells.agent(session.agent) },
      { text: cells.name(session.project) },
      { text: session.branch === '' ? '' : cells.name(session.branch) },
      { ...cells.cost(session), ...cells.explaining(session.key) },
      cells.count(session.prompts),
      session.prompts > 0 && session.costUsd !== undefined ? cells.perPrompt(session, session.prompts) : { text: '' },
      cells.tokens(session.totalTokens),
    ]),
  };
}

/** A session's title, else the opening of its first prompt. */
export function textOf(session: PageSession): PageText {
  const { agent, key, firstPromptKey } = session;
  return {
    agent,
    ...(session.hasTitle ? { sessionId: key } : {}),
    ...(firstPromptKey === undefined ? {} : { promptKey: firstPromptKey }),
  };
}

export function promptsTable(prompts: readonly DearPrompt[], cells: Cells): PageTable {
  const { t, around } = cells;
  return {
    columns: columns([t('Prompt'), t('Why'), t('Model')], [t('Cost'), t('Calls'), t('Tokens')]),
    rows: prompts.map((prompt) => [
      {
        text: new Date(prompt.atMs).toLocaleString(around.locale, {
          timeZone: around.timeZone,
          dateStyle: 'medium',
          timeStyle: 'short',
        }),
        reads: { agent: prompt.agent, promptKey: prompt.key },
        ...cells.explaining(prompt.sessionId),
      },
      {
        text: prompt.reasons.map((reason) => reasonText(reason, cells)).join('; ') || t('nothing unusual: many tokens'),
      },
      { text: prompt.models.map((model) => cells.name(model)).join(', ') },
      { ...cells.cost(prompt), ...cells.explaining(prompt.sessionId) },
      cells.count(prompt.calls),
      cells.tokens(prompt.totalTokens),
    ]),
  };
}

export function reasonText({ kind, amount }: DearReason, { t, around: { locale } }: Cells): string {
  switch (kind) {
    case 'cache-rebuilt':
      return t('cache rebuilt: {0} tokens paid anew', formatCompact(amount, locale));
    case 'long-context':
      return t('long-context prices for {0} calls', formatCount(amount, locale));
    case 'huge-result':
      return t('a tool’s result of {0} characters', formatCompact(amount, locale));
    case 'many-calls':
      return t('{0} calls', formatCount(amount, locale));
    case 'subagents':
      return t('{0} by subagents', formatShare(amount, locale));
    case 'large-context':
      return t('a context of {0} tokens on average', formatCompact(amount, locale));
  }
}

export function cacheTable({ cache, totals }: PageFacts, cells: Cells): PageTable {
  const { t, around } = cells;
  const { savedUsd, writePremiumUsd, rebuilt } = cache;
  // A total's explanation has each model's tokens and rates: what a saving is worked out from.
  const total = cells.why({ by: 'total', key: '' });
  const line = (words: string, tokens: number, usd: number, why: Pick<PageCell, 'action' | 'hint'> = total) => [
    { text: words, ...why },
    cells.tokens(tokens),
    cells.estimate(usd),
  ];
  const rows: PageCell[][] = [];
  if (totals.cacheReadTokens > 0)
    rows.push(line(t('Saved: read from cache instead of sent anew'), totals.cacheReadTokens, savedUsd));
  const written = totals.cacheWrite5mTokens + totals.cacheWrite1hTokens;
  if (writePremiumUsd > 0)
    rows.push(line(t('Extra: written to cache above the price of input'), written, writePremiumUsd));
  if (rebuilt.calls > 0) {
    const words = t('Lost: contexts that had to be paid anew ({0} times)', formatCount(rebuilt.calls, around.locale));
    const largest = rebuilt.largestKey;
    const why = largest === undefined ? {} : { ...cells.explaining(largest), hint: t('The largest of them') };
    rows.push(line(words, rebuilt.tokens, rebuilt.usd, why));
  }
  return { columns: columns([t('What')], [t('Tokens'), t('Dollars')]), rows };
}

export function overheadTable({ newSessions }: PageFacts, most: number, cells: Cells): PageTable {
  const { t } = cells;
  return {
    columns: columns([t('Agent'), t('Project')], [t('Sessions'), t('Tokens')]),
    rows: newSessions
      .slice(0, most)
      .map(({ agent, project, sessions, tokens, sessionId }) => [
        { text: cells.agent(agent) },
        { text: cells.name(project) },
        cells.count(sessions),
        { ...cells.tokens(tokens), ...cells.explaining(sessionId) },
      ]),
  };
}

export function speedsTable({ speeds }: PageFacts, cells: Cells): PageTable {
  const { t, around } = cells;
  return {
    columns: columns([t('Model'), t('Agent')], [t('Output tokens a second'), t('Calls measured')]),
    rows: speeds.map(({ agent, model, tokensPerSecond, calls, callKey }) => [
      { text: cells.name(model) },
      { text: cells.agent(agent) },
      { text: formatRate(tokensPerSecond, around.locale), value: tokensPerSecond, ...cells.explaining(callKey) },
      cells.count(calls),
    ]),
  };
}

export function unpricedTable({ unpriced }: PageFacts, cells: Cells): PageTable {
  const { t } = cells;
  const remedy = (name: 'addPrice' | 'treatAsKnownModel', text: string, model: string): PageCell =>
    model === ''
      ? { text: '' }
      : { text, action: { kind: 'command', name, argument: model }, hint: `${text} ${cells.name(model)}` };
  return {
    columns: [...columns([t('Model'), t('Agent')], [t('Tokens')]), ...columns([t('Remedy'), t('Or')], [])],
    rows: [...unpriced]
      .sort((a, b) => b.unpricedTokens - a.unpricedTokens)
      .map((row) => [
        { text: cells.name(row.key) },
        { text: cells.agent(row.of) },
        cells.tokens(row.unpricedTokens),
        remedy('addPrice', t('Add a price…'), row.key),
        remedy('treatAsKnownModel', t('Treat as known model…'), row.key),
      ]),
  };
}

export function skippedTable({ skipped }: PageFacts, most: number, cells: Cells): PageTable {
  const { t } = cells;
  return {
    columns: [...columns([t('File'), t('Agent'), t('Reason')], [t('Records')]), ...columns([t('Remedy')], [])],
    rows: skipped
      .slice(0, most)
      .map(({ agent, file, reason, count }) => [
        { text: cells.name(file) },
        { text: cells.agent(agent) },
        { text: reasonWords(reason, t) },
        cells.count(count),
        { text: t('Check agent logs'), action: { kind: 'command', name: 'showDoctor' } },
      ]),
  };
}
