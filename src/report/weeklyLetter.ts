// The letter of a week, as Markdown to read, keep and write into: spend and why it changed, what sessions were about,
// surprises, waste, what came of it, and an empty section for what was tried and learned. A mirror, never a ranking.
import { formatCompact, formatCost, formatCount, formatShare, formatUsd } from '../format';
import { type ProjectOutcome } from '../ledger/outcomes';
import { type PageSession } from '../ledger/pageSessions';
import { type DearPrompt } from '../ledger/dearPrompts';
import { type TotalsRow } from '../ledger/totals';
import { type WeekFacts } from '../ledger/weekFacts';
import { markdownCell } from './markdown';
import { Cells } from './pageCells';
import { type PageSurroundings } from './pageShapes';
import { reasonText } from './pageTables';
import { inCents, spendChange } from './spendChange';

export interface LetterParts {
  readonly facts: WeekFacts;
  readonly outcomes: readonly ProjectOutcome[];
  /** A session's title or the opening of its first prompt; read again from the logs. */
  readonly sessionText: (session: PageSession) => string | undefined;
  readonly promptText: (prompt: DearPrompt) => string | undefined;
  /** One line, where the advisor has something to say. */
  readonly hindsight?: string;
  /** The week is not over: its figures go up to this day. */
  readonly soFar?: string;
}

export function weeklyLetter(parts: LetterParts, around: PageSurroundings): string {
  const { t } = around;
  const { facts, soFar } = parts;
  const write = new Letter(parts, new Cells(around));
  return [
    `# ${t('Week of {0}', facts.since)}`,
    '',
    soFar === undefined
      ? t('{0} to {1}, days in {2}.', facts.since, facts.until, markdownCell(around.timeZone))
      : t('{0} to {1} so far, days in {2}.', facts.since, soFar, markdownCell(around.timeZone)),
    t(
      'API-equivalent cost at public list prices, not your bill; logs of {0}; prices as of {1}.',
      markdownCell(around.machine),
      around.pricesAsOf,
    ),
    '',
    ...write.spend(),
    ...write.subjects(),
    ...write.surprises(),
    ...write.waste(),
    ...write.outcome(),
    `## ${t('What we tried, what we learned')}`,
    '',
    '- ',
    '',
  ].join('\n');
}

class Letter {
  readonly #t: PageSurroundings['t'];
  readonly #locale: string;

  constructor(
    readonly parts: LetterParts,
    readonly cells: Cells,
  ) {
    this.#t = cells.t;
    this.#locale = cells.around.locale;
  }

  #cost(row: TotalsRow): string {
    return formatCost(row, this.#locale) ?? this.#t('unpriced');
  }

  #usd(usd: number): string {
    return formatUsd(usd, this.#locale);
  }

  #count(count: number): string {
    return formatCount(count, this.#locale);
  }

  #compact(count: number): string {
    return formatCompact(count, this.#locale);
  }

  /** To the cent, and the parts sum to the change. */
  spend(): string[] {
    const t = this.#t;
    const { totals, totalsBefore, now, before } = this.parts.facts;
    const change = spendChange(before, now);
    const whole = Math.round(change.nowUsd * 100) - Math.round(change.beforeUsd * 100);
    const cents = inCents(
      [change.volumeUsd, change.mixUsd, change.cacheUsd, change.priceUsd, change.surchargeUsd],
      whole,
    );
    const words = [
      t('Volume: more or fewer tokens'),
      t('Model mix: other models for the same tokens'),
      t('Caching: prompts read from the cache, written to it or sent anew'),
      t('List prices'),
      t('Long context, fast and batch modes, searches and the like'),
    ];
    const signed = (cent: number) => `${cent > 0 ? '+' : cent < 0 ? '−' : ''}${this.#exact(Math.abs(cent) / 100)}`;
    return [
      `## ${t('Spend')}`,
      '',
      t(
        '**{0}** for {1} tokens in {2} calls; the week before {3}.',
        this.#cost(totals),
        this.#compact(totals.totalTokens),
        this.#count(totals.calls),
        this.#cost(totalsBefore),
      ),
      '',
      `| ${t('Why it changed')} | ${t('Dollars')} |`,
      '| :-- | --: |',
      ...words.map((what, index) => `| ${what} | ${signed(cents[index]!)} |`),
      `| **${t('Change')}** | **${signed(cents.reduce((sum, cent) => sum + cent, 0))}** |`,
      '',
      ...(totals.unpricedTokens > 0
        ? [t('{0} tokens have no price and are in no dollar above.', this.#compact(totals.unpricedTokens)), '']
        : []),
    ];
  }

  /** Always two decimals: these rows are added up. */
  #exact(usd: number): string {
    return new Intl.NumberFormat(this.#locale, {
      style: 'currency',
      currency: 'USD',
      currencyDisplay: 'narrowSymbol',
    }).format(usd);
  }

  subjects(): string[] {
    const t = this.#t;
    const { sessions, sessionCount } = this.parts.facts;
    if (sessions.length === 0) return [];
    return [
      `## ${t('What sessions were about')}`,
      '',
      `| ${[t('About'), t('Project'), t('Branch'), t('Cost'), t('Prompts')].join(' | ')} |`,
      '| :-- | :-- | :-- | --: | --: |',
      ...sessions.map((session) => {
        const about = this.parts.sessionText(session) ?? session.key;
        const cells = [
          markdownCell(about),
          markdownCell(lastPart(session.project)),
          markdownCell(session.branch),
          this.#cost(session),
          this.#count(session.prompts),
        ];
        return `| ${cells.join(' | ')} |`;
      }),
      '',
      ...(sessionCount > sessions.length
        ? [t('The {0} dearest of {1}.', this.#count(sessions.length), this.#count(sessionCount)), '']
        : []),
    ];
  }

  surprises(): string[] {
    const t = this.#t;
    const { facts } = this.parts;
    const lines: string[] = [];
    const usual = median(facts.usualDaysUsd);
    const [dearest] = [...facts.days].sort((a, b) => (b.costUsd ?? 0) - (a.costUsd ?? 0));
    if (dearest?.costUsd !== undefined && facts.usualDaysUsd.length >= 5 && dearest.costUsd > 2 * usual)
      lines.push(t('{0} cost {1}; a day usually costs {2}.', dearest.key, this.#cost(dearest), this.#usd(usual)));
    for (const row of facts.newModels)
      lines.push(t('{0} was used for the first time: {1}.', markdownCell(row.key), this.#cost(row)));
    const before = new Map(facts.projectsBefore.map((row) => [row.key, row.costUsd ?? 0]));
    const grown = facts.projects
      .filter(({ key, costUsd = 0 }) => before.has(key) && costUsd > 2 * before.get(key)! && costUsd > 1)
      .sort((a, b) => (b.costUsd ?? 0) - (a.costUsd ?? 0));
    for (const row of grown.slice(0, 3))
      lines.push(
        t(
          '{0} cost {1}, the week before {2}.',
          markdownCell(lastPart(row.key)),
          this.#cost(row),
          this.#usd(before.get(row.key)!),
        ),
      );
    for (const prompt of facts.prompts.filter(({ reasons }) => reasons.length > 0).slice(0, 3))
      lines.push(
        t(
          'One prompt cost {0} ({1}): {2}',
          this.#cost(prompt),
          prompt.reasons.map((reason) => reasonText(reason, this.cells)).join('; '),
          markdownCell(this.parts.promptText(prompt) ?? new Date(prompt.atMs).toISOString().slice(0, 10)),
        ),
      );
    return this.#section(t('Surprises'), lines.length > 0 ? lines : [t('None: a week like the ones before.')]);
  }

  waste(): string[] {
    const t = this.#t;
    const { waste, rebuilt } = this.parts.facts;
    const lines: string[] = [];
    if (rebuilt.calls > 0)
      lines.push(
        t(
          'Caches that had gone: {0} times a context was paid anew, {1} tokens, {2} more than reading them.',
          this.#count(rebuilt.calls),
          this.#compact(rebuilt.tokens),
          this.cells.estimate(rebuilt.usd).text,
        ),
      );
    if (waste.retries > 0)
      lines.push(
        t(
          'Retries: {0} tool uses failed just as the same use had failed before ({1} of {2} uses failed at all).',
          this.#count(waste.retries),
          this.#count(waste.failedUses),
          this.#count(waste.toolUses),
        ),
      );
    if (waste.loops > 0) lines.push(t('Loops: {0} times a session went in circles.', this.#count(waste.loops)));
    if (waste.rereads > 0)
      lines.push(
        t(
          'Read again: {0} times the same read in one session with no file changed between, {1} characters.',
          this.#count(waste.rereads),
          this.#compact(waste.rereadCharacters),
        ),
      );
    const { hindsight } = this.parts;
    return this.#section(t('Waste found'), [
      ...(lines.length > 0 ? lines : [t('None of the kinds that logs show: retries, loops, re-reads, lost caches.')]),
      ...(hindsight === undefined ? [] : [markdownLine(hindsight)]),
    ]);
  }

  outcome(): string[] {
    const t = this.#t;
    const lines = this.parts.outcomes
      .filter(({ total }) => (total.costUsd ?? 0) > 0)
      .map(({ project, commits, total }) => {
        const committed = commits.reduce(
          (sum, { spend, state }) => sum + (state === 'stands' ? (spend.costUsd ?? 0) : 0),
          0,
        );
        return t(
          '{0}: {1} commits while sessions ran; {2} of {3} went to them.',
          markdownCell(lastPart(project)),
          this.#count(commits.length),
          formatShare(Math.min(1, committed / total.costUsd!), this.#locale),
          this.#cost(total),
        );
      });
    return lines.length === 0 ? [] : this.#section(t('What came of it'), lines);
  }

  #section(title: string, lines: readonly string[]): string[] {
    return [`## ${title}`, '', ...lines.map((line) => `- ${line}`), ''];
  }
}

/** A sentence of ours with names from logs in it: one line, nothing that could be markup. */
function markdownLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[<>`[\]|]/g, '\\$&');
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function lastPart(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}
