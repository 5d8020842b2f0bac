// The report's page as one plain object: tables, a chart's figures, filters, remarks. Every figure has its number, its
// words and, where the ledger can take it apart, the target of its explanation. Knows no HTML; texts from logs stay as
// they are, for the page puts them in as text only.
import {
  formatCompact,
  formatCost,
  formatCount,
  formatCoverage,
  formatShare,
  formatUsd,
  formatUsdEstimate,
} from '../format';
import { addDays } from '../ledger/calendar';
import { type DearPrompt, type DearReason } from '../ledger/dearPrompts';
import { type PageFacts, type PageQuery, type PageSession, type PairRow } from '../ledger/pageFacts';
import { type TotalsRow } from '../ledger/totals';
import { byCost } from './glance';
import { reasonWords } from './doctorMarkdown';

/** What can be asked for from within the page. */
export type PageAction =
  | { readonly kind: 'explain'; readonly target: string }
  | { readonly kind: 'filter'; readonly by: 'agent' | 'project' | 'model'; readonly value: string }
  | {
      readonly kind: 'command';
      readonly name: 'addPrice' | 'treatAsKnownModel' | 'showDoctor';
      readonly argument?: string;
    };

export interface PageCell {
  readonly text: string;
  /** The figure in full: dollars, tokens or a count. */
  readonly value?: number;
  readonly action?: PageAction;
  /** What the action does, for a tooltip and a screen reader. */
  readonly hint?: string;
  /** The cell's words are read from the log once the page stands: a session's title, a prompt's opening. */
  readonly reads?: PageText;
}

export interface PageText {
  readonly agent: string;
  readonly sessionId?: string;
  readonly promptKey?: string;
}

export interface PageTable {
  readonly columns: readonly { readonly title: string; readonly isNumber: boolean }[];
  readonly rows: readonly (readonly PageCell[])[];
}

export interface PageSection {
  readonly id: string;
  readonly title: string;
  readonly notes: readonly string[];
  readonly table: PageTable;
}

export interface PageChart {
  readonly days: readonly string[];
  /** Dearest first; the last one gathers what has no colour of its own. Values are dollars, one a day. */
  readonly series: readonly {
    readonly name: string;
    readonly values: readonly number[];
    readonly texts: readonly string[];
    readonly totalText: string;
  }[];
  readonly highestUsd: number;
  readonly highestText: string;
  /** What a screen reader says instead of the picture. */
  readonly summary: string;
}

export type StackBy = 'model' | 'agent' | 'project';

export interface PageRequest {
  readonly since: string;
  readonly until: string;
  readonly stackBy: StackBy;
  readonly agent?: string;
  readonly project?: string;
  readonly model?: string;
}

export interface PageChoice {
  readonly value: string;
  readonly label: string;
}

export interface PageModel {
  readonly title: string;
  readonly remarks: readonly string[];
  readonly request: PageRequest;
  readonly choices: Readonly<Record<'agent' | 'project' | 'model', readonly PageChoice[]>>;
  readonly tiles: readonly (PageCell & { readonly label: string })[];
  readonly chart: PageChart;
  readonly sections: readonly PageSection[];
  readonly isEmpty: boolean;
}

/** `vscode.l10n.t`, or any function that fills `{0}` in. */
export type Translate = (words: string, ...values: string[]) => string;

export interface PageSurroundings {
  readonly t: Translate;
  readonly locale: string;
  readonly timeZone: string;
  readonly machine: string;
  readonly pricesAsOf: string;
  /** The agent's own name for its id. */
  readonly agentLabel: (id: string) => string;
}

export function pageQuery(request: PageRequest, timeZone: string): PageQuery {
  const { since, until, agent, project, model } = request;
  return {
    since,
    until,
    timeZone,
    ...(agent === undefined ? {} : { agent: agent as NonNullable<PageQuery['agent']> }),
    ...(project === undefined ? {} : { project }),
    ...(model === undefined ? {} : { model }),
  };
}

export function pageModel(facts: PageFacts, request: PageRequest, around: PageSurroundings): PageModel {
  const write = new Writer(facts, request, around);
  return {
    title: around.t('Cost report'),
    remarks: write.remarks(),
    request,
    choices: {
      agent: facts.known.agents.map((value) => ({ value, label: around.agentLabel(value) })),
      project: facts.known.projects.map((value) => ({ value, label: value })),
      model: facts.known.models.map((value) => ({ value, label: value })),
    },
    tiles: write.tiles(),
    chart: write.chart(),
    sections: write.sections().filter(({ table }) => table.rows.length > 0),
    isEmpty: facts.totals.calls === 0,
  };
}

const mostSeries = 6;
const mostRows = 50;

class Writer {
  readonly #t: Translate;

  constructor(
    readonly facts: PageFacts,
    readonly request: PageRequest,
    readonly around: PageSurroundings,
  ) {
    this.#t = around.t;
  }

  remarks(): string[] {
    const t = this.#t;
    const { totals } = this.facts;
    const { locale } = this.around;
    const lines = [
      t(
        'What these tokens cost at public list prices on their day: not your bill. Logs of {0}; days in {1}; prices as of {2}.',
        this.around.machine,
        this.around.timeZone,
        this.around.pricesAsOf,
      ),
    ];
    if (totals.unpricedTokens > 0)
      lines.push(
        t(
          '≥: {0} of the tokens have a price; {1} are unpriced.',
          formatCoverage(1 - totals.unpricedTokens / totals.totalTokens, locale),
          formatCompact(totals.unpricedTokens, locale),
        ),
      );
    if (totals.unrecordedOutputCalls > 0)
      lines.push(
        t('≥: the agent recorded no output for {0} of the calls.', formatCount(totals.unrecordedOutputCalls, locale)),
      );
    if (totals.estimatedTokens > 0)
      lines.push(t('≈ {0} of the tokens are estimates.', formatCompact(totals.estimatedTokens, locale)));
    return lines;
  }

  tiles(): (PageCell & { label: string })[] {
    const t = this.#t;
    const { totals, promptCount, sessionCount, cache, subagents } = this.facts;
    const byAgents = subagents.filter(({ key }) => key !== '').reduce((sum, row) => sum + (row.costUsd ?? 0), 0);
    const prompt = totals.inputTokens + totals.cacheReadTokens + totals.cacheWrite5mTokens + totals.cacheWrite1hTokens;
    const tiles = [
      { label: t('Cost'), ...this.#cost(totals) },
      { label: t('Tokens'), ...this.#tokens(totals.totalTokens) },
      { label: t('Sessions'), ...this.#count(sessionCount) },
      { label: t('Prompts'), ...this.#count(promptCount) },
    ];
    if (promptCount > 0 && totals.costUsd !== undefined)
      tiles.push({ label: t('Cost per prompt'), ...this.#perPrompt(totals, promptCount) });
    if (totals.costUsd) tiles.push({ label: t('Subagents’ share'), ...this.#share(byAgents / totals.costUsd) });
    if (prompt > 0) tiles.push({ label: t('Read from cache'), ...this.#share(totals.cacheReadTokens / prompt) });
    if (cache.savedUsd > 0)
      tiles.push({ label: t('Saved by caching'), ...this.#estimate(cache.savedUsd - cache.writePremiumUsd) });
    return tiles;
  }

  chart(): PageChart {
    const { locale } = this.around;
    const rows = { model: this.facts.dayModels, agent: this.facts.dayAgents, project: this.facts.dayProjects }[
      this.request.stackBy
    ];
    const days = daysBetween(
      this.facts.days[0]?.key ?? this.request.since,
      this.facts.days.at(-1)?.key ?? this.request.since,
    );
    const indexOf = new Map(days.map((day, index) => [day, index]));
    const totals = new Map<string, number>();
    for (const row of rows) totals.set(row.of, (totals.get(row.of) ?? 0) + (row.costUsd ?? 0));
    const names = [...totals.keys()].sort((a, b) => totals.get(b)! - totals.get(a)! || (a < b ? -1 : 1));
    const own = names.slice(0, names.length > mostSeries ? mostSeries - 1 : mostSeries);
    const others = names.slice(own.length);
    const series = [...own.map((name) => [name]), ...(others.length > 0 ? [others] : [])].map((members) => {
      const values = days.map(() => 0);
      for (const row of rows) if (members.includes(row.of)) values[indexOf.get(row.key)!]! += row.costUsd ?? 0;
      const name = members.length > 1 ? this.#t('{0} others', String(members.length)) : this.#stackName(members[0]!);
      const total = values.reduce((sum, value) => sum + value, 0);
      return {
        name,
        values,
        texts: values.map((usd) => formatUsd(usd, locale)),
        totalText: formatUsd(total, locale),
      };
    });
    const sums = days.map((_, index) => series.reduce((sum, { values }) => sum + values[index]!, 0));
    const highestUsd = Math.max(0, ...sums);
    const highestDay = days[sums.indexOf(highestUsd)] ?? '';
    return {
      days,
      series,
      highestUsd,
      highestText: formatUsd(highestUsd, locale),
      summary: this.#t(
        'Spend for each day from {0} to {1}. The highest day is {2} with {3}. The table below holds the figures.',
        days[0] ?? '',
        days.at(-1) ?? '',
        highestDay,
        formatUsd(highestUsd, locale),
      ),
    };
  }

  sections(): PageSection[] {
    const t = this.#t;
    const { facts } = this;
    return [
      this.#section(
        'days',
        t('By day'),
        [],
        this.#groups(t('Day'), [...facts.days].reverse(), (row) => this.#explained(row)),
      ),
      this.#section(
        'models',
        t('By model'),
        [],
        this.#groups(t('Model'), byCost(facts.models), (row) => this.#filtering('model', row.key)),
      ),
      this.#section(
        'agents',
        t('By agent'),
        [],
        this.#groups(t('Agent'), byCost(facts.agents), (row) => this.#filtering('agent', row.key)),
      ),
      this.#section(
        'projects',
        t('By project'),
        [],
        this.#groups(t('Project'), byCost(facts.projects), (row) => this.#filtering('project', row.key)),
      ),
      this.#section('branches', t('By branch'), [], this.#branches()),
      this.#section('sessions', t('Dearest sessions'), this.#sessionNotes(), this.#sessions()),
      this.#section('prompts', t('Dearest prompts, and why'), [], this.#prompts()),
      this.#section(
        'cache',
        t('Cache savings and misses'),
        [t('At base list prices, without long-context and other surcharges.')],
        this.#cache(),
      ),
      this.#section(
        'subagents',
        t('Subagents'),
        [],
        this.#groups(t('Subagent'), byCost(facts.subagents.filter(({ key }) => key !== '')), (row) => ({
          text: row.key,
        })),
      ),
      this.#section(
        'overhead',
        t('What a new session starts with'),
        [
          t(
            'The median prompt of a session’s first call: system prompt, tools, instruction files and your own first words.',
          ),
        ],
        this.#overhead(),
      ),
      this.#section(
        'unpriced',
        t('Models without a price'),
        [t('Their tokens are counted and their cost is not.')],
        this.#unpriced(),
      ),
      this.#section('skipped', t('Not understood in the logs'), [], this.#skipped()),
    ];
  }

  #section(id: string, title: string, notes: readonly string[], table: PageTable): PageSection {
    return { id, title, notes, table };
  }

  #groups<Row extends TotalsRow>(heading: string, all: readonly Row[], first: (row: Row) => PageCell): PageTable {
    const t = this.#t;
    return {
      columns: [
        { title: heading, isNumber: false },
        ...[t('Cost'), t('Tokens'), t('Calls'), t('Input'), t('Cache write'), t('Cache read'), t('Output')].map(
          (title) => ({
            title,
            isNumber: true,
          }),
        ),
      ],
      rows: all.slice(0, mostRows).map((row) => [first(row), ...this.#figures(row)]),
    };
  }

  #figures(row: TotalsRow): PageCell[] {
    return [
      this.#cost(row),
      this.#tokens(row.totalTokens),
      this.#count(row.calls),
      this.#tokens(row.inputTokens),
      this.#tokens(row.cacheWrite5mTokens + row.cacheWrite1hTokens),
      this.#tokens(row.cacheReadTokens),
      this.#tokens(row.outputTokens),
    ];
  }

  #branches(): PageTable {
    const t = this.#t;
    const table = this.#groups(t('Branch'), byCost(this.facts.branches) as PairRow[], (row) => ({
      text: row.key || t('(not logged)'),
    }));
    const projects = (byCost(this.facts.branches) as PairRow[]).slice(0, mostRows).map((row) => row.of);
    return {
      columns: [table.columns[0]!, { title: t('Project'), isNumber: false }, ...table.columns.slice(1)],
      rows: table.rows.map((row, index) => [row[0]!, { text: projects[index] || t('(not logged)') }, ...row.slice(1)]),
    };
  }

  #sessionNotes(): string[] {
    const { sessionCount, sessions } = this.facts;
    if (sessionCount <= sessions.length) return [];
    return [
      this.#t(
        '{0} of {1}. Titles are read from the logs for this view and kept nowhere.',
        String(sessions.length),
        formatCount(sessionCount, this.around.locale),
      ),
    ];
  }

  #sessions(): PageTable {
    const t = this.#t;
    return {
      columns: [
        { title: t('About'), isNumber: false },
        { title: t('Last used'), isNumber: false },
        { title: t('Agent'), isNumber: false },
        { title: t('Project'), isNumber: false },
        { title: t('Branch'), isNumber: false },
        ...[t('Cost'), t('Prompts'), t('Cost per prompt'), t('Tokens')].map((title) => ({ title, isNumber: true })),
      ],
      rows: this.facts.sessions.map((session) => [
        { ...this.#explained(session), text: session.key, reads: textOf(session) },
        {
          text: new Date(session.lastMs).toLocaleDateString(this.around.locale, {
            timeZone: this.around.timeZone,
            dateStyle: 'medium',
          }),
        },
        { text: this.around.agentLabel(session.agent) },
        { text: session.project },
        { text: session.branch },
        this.#cost(session),
        this.#count(session.prompts),
        session.prompts > 0 && session.costUsd !== undefined ? this.#perPrompt(session, session.prompts) : { text: '' },
        this.#tokens(session.totalTokens),
      ]),
    };
  }

  #prompts(): PageTable {
    const t = this.#t;
    return {
      columns: [
        { title: t('Prompt'), isNumber: false },
        { title: t('Why'), isNumber: false },
        { title: t('Model'), isNumber: false },
        ...[t('Cost'), t('Calls'), t('Tokens')].map((title) => ({ title, isNumber: true })),
      ],
      rows: this.facts.dearestPrompts.map((prompt: DearPrompt) => [
        {
          text: new Date(prompt.atMs).toLocaleString(this.around.locale, {
            timeZone: this.around.timeZone,
            dateStyle: 'medium',
            timeStyle: 'short',
          }),
          reads: { agent: prompt.agent, promptKey: prompt.key },
          ...this.#explaining(prompt.sessionId),
        },
        { text: prompt.reasons.map((reason) => this.#reason(reason)).join('; ') || t('nothing unusual: many tokens') },
        { text: prompt.models.join(', ') },
        this.#cost(prompt),
        this.#count(prompt.calls),
        this.#tokens(prompt.totalTokens),
      ]),
    };
  }

  #reason({ kind, amount }: DearReason): string {
    const t = this.#t;
    const { locale } = this.around;
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

  #cache(): PageTable {
    const t = this.#t;
    const { savedUsd, writePremiumUsd, rebuilt } = this.facts.cache;
    const { totals } = this.facts;
    const line = (words: string, tokens: number, usd: number): PageCell[] => [
      { text: words },
      this.#tokens(tokens),
      this.#estimate(usd),
    ];
    return {
      columns: [
        { title: t('What'), isNumber: false },
        { title: t('Tokens'), isNumber: true },
        { title: t('Dollars'), isNumber: true },
      ],
      rows: [
        ...(totals.cacheReadTokens > 0
          ? [line(t('Saved: read from cache instead of sent anew'), totals.cacheReadTokens, savedUsd)]
          : []),
        ...(writePremiumUsd > 0
          ? [
              line(
                t('Extra: written to cache above the price of input'),
                totals.cacheWrite5mTokens + totals.cacheWrite1hTokens,
                writePremiumUsd,
              ),
            ]
          : []),
        ...(rebuilt.calls > 0
          ? [
              line(
                t(
                  'Lost: contexts that had to be paid anew ({0} times)',
                  formatCount(rebuilt.calls, this.around.locale),
                ),
                rebuilt.tokens,
                rebuilt.usd,
              ),
            ]
          : []),
      ],
    };
  }

  #overhead(): PageTable {
    const t = this.#t;
    return {
      columns: [
        { title: t('Agent'), isNumber: false },
        { title: t('Project'), isNumber: false },
        { title: t('Sessions'), isNumber: true },
        { title: t('Tokens'), isNumber: true },
      ],
      rows: this.facts.newSessions
        .slice(0, mostRows)
        .map(({ agent, project, sessions, tokens }) => [
          { text: this.around.agentLabel(agent) },
          { text: project || t('(not logged)') },
          this.#count(sessions),
          this.#tokens(tokens),
        ]),
    };
  }

  #unpriced(): PageTable {
    const t = this.#t;
    const remedy = (name: 'addPrice' | 'treatAsKnownModel', text: string, model: string): PageCell =>
      model === ''
        ? { text: '' }
        : { text, action: { kind: 'command', name, argument: model }, hint: `${text} ${model}` };
    return {
      columns: [
        { title: t('Model'), isNumber: false },
        { title: t('Agent'), isNumber: false },
        { title: t('Tokens'), isNumber: true },
        { title: t('Remedy'), isNumber: false },
        { title: t('Or'), isNumber: false },
      ],
      rows: [...this.facts.unpriced]
        .sort((a, b) => b.unpricedTokens - a.unpricedTokens)
        .map((row) => [
          { text: row.key || t('(not logged)') },
          { text: this.around.agentLabel(row.of) },
          this.#tokens(row.unpricedTokens),
          remedy('addPrice', t('Add a price…'), row.key),
          remedy('treatAsKnownModel', t('Treat as known model…'), row.key),
        ]),
    };
  }

  #skipped(): PageTable {
    const t = this.#t;
    return {
      columns: [
        { title: t('File'), isNumber: false },
        { title: t('Agent'), isNumber: false },
        { title: t('Reason'), isNumber: false },
        { title: t('Records'), isNumber: true },
        { title: t('Remedy'), isNumber: false },
      ],
      rows: this.facts.skipped
        .slice(0, mostRows)
        .map(({ agent, file, reason, count }) => [
          { text: file },
          { text: this.around.agentLabel(agent) },
          { text: reasonWords[reason] },
          this.#count(count),
          { text: t('Check agent logs'), action: { kind: 'command', name: 'showDoctor' } },
        ]),
    };
  }

  #stackName(key: string): string {
    if (key === '') return this.#t('(not logged)');
    return this.request.stackBy === 'agent' ? this.around.agentLabel(key) : key;
  }

  #explained(row: TotalsRow): PageCell {
    return { text: row.key, ...this.#explaining(row.key) };
  }

  #explaining(target: string): Pick<PageCell, 'action' | 'hint'> {
    return { action: { kind: 'explain', target }, hint: this.#t('Where this figure comes from') };
  }

  #filtering(by: 'agent' | 'project' | 'model', value: string): PageCell {
    if (value === '') return { text: this.#t('(not logged)') };
    const text = by === 'agent' ? this.around.agentLabel(value) : value;
    return { text, action: { kind: 'filter', by, value }, hint: this.#t('Show only {0}', text) };
  }

  #cost(row: TotalsRow): PageCell {
    const text = formatCost(row, this.around.locale) ?? this.#t('unpriced');
    return row.costUsd === undefined ? { text } : { text, value: row.costUsd };
  }

  /** At least so much where the sum is at least so much. */
  #perPrompt(row: TotalsRow, prompts: number): PageCell {
    return this.#cost({ ...row, costUsd: (row.costUsd ?? 0) / prompts });
  }

  #estimate(usd: number): PageCell {
    return { text: formatUsdEstimate(usd, this.around.locale), value: usd };
  }

  #share(share: number): PageCell {
    return { text: formatShare(share, this.around.locale), value: share };
  }

  #tokens(tokens: number): PageCell {
    return { text: formatCompact(tokens, this.around.locale), value: tokens };
  }

  #count(count: number): PageCell {
    return { text: formatCount(count, this.around.locale), value: count };
  }
}

/** A session's title, else the opening of its first prompt. */
function textOf(session: PageSession): PageText {
  const { agent, key, firstPromptKey } = session;
  return {
    agent,
    ...(session.hasTitle ? { sessionId: key } : {}),
    ...(firstPromptKey === undefined ? {} : { promptKey: firstPromptKey }),
  };
}

/** Every day from the first to the last: one without calls is a gap in the picture. */
function daysBetween(first: string, last: string): string[] {
  const days = [first];
  while (days.at(-1)! < last) days.push(addDays(days.at(-1)!, 1));
  return days;
}
