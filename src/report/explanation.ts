// The passport of a figure, for a person: as lines for a terminal and as Markdown for the editor. Formats what the
// ledger explains, in words that `t` translates; decides nothing.
import { formatCompact, formatCost, formatCount, formatUsd } from '../format';
import { type ExplainedCall, type ExplainedPrice, type ExplainedRow, type Explanation } from '../ledger/explain';
import { reasonWords } from './doctorMarkdown';
import { english } from './english';
import { markdownCell } from './markdown';
import { type Translate } from './pageShapes';

const mostShown = 100;

/** Plain lines, texts from logs as they are: the caller makes them harmless for its medium. */
export function explanationText(found: Explanation): string[] {
  const words = new ExplanationWords(english, 'en');
  const shown = found.calls.slice(0, mostShown);
  return [
    words.summary(found),
    ...shown.flatMap((call) => [
      `${timeOf(call.atMs)}  ${call.agent}  ${words.model(call)}  ${words.tokens(call)}  ${words.cost(call)}`,
      `  price: ${words.price(call.price)}`,
      ...call.rows.map((row) => `  ${words.row(row)}`),
    ]),
    ...words.more(found, shown.length),
    ...words.gaps(found),
  ];
}

export function explanationMarkdown(found: Explanation, t: Translate, locale: string): string {
  const words = new ExplanationWords(t, locale);
  const shown = found.calls.slice(0, mostShown);
  const titles = [t('Time (UTC)'), t('Model'), t('Tokens'), t('Cost'), t('Price row'), t('Log rows')];
  return [
    `# ${t('Where this figure comes from')}`,
    '',
    markdownCell(words.summary(found)),
    '',
    `| ${titles.join(' | ')} |`,
    '| :-- | :-- | :-- | --: | :-- | :-- |',
    ...shown.map((call) => {
      const rows =
        call.rows.map((row) => markdownCell(words.row(row))).join('<br>') || t('the log is gone; the figures are kept');
      return `| ${timeOf(call.atMs)} | ${markdownCell(words.model(call))} | ${words.tokens(call)} | ${words.cost(call)} | ${markdownCell(words.price(call.price))} | ${rows} |`;
    }),
    '',
    ...words.more(found, shown.length).flatMap((line) => [markdownCell(line), '']),
    ...words.gaps(found).map((line) => `- ${markdownCell(line)}`),
    '',
  ].join('\n');
}

class ExplanationWords {
  readonly #t: Translate;
  readonly #count: (count: number) => string;
  readonly #compact: (count: number) => string;

  constructor(
    t: Translate,
    readonly locale: string,
  ) {
    this.#t = t;
    this.#count = (count) => formatCount(count, locale);
    this.#compact = (count) => formatCompact(count, locale);
  }

  summary({ target, totals }: Explanation): string {
    return this.#t(
      '{0}: {1}, {2} tokens in {3} calls: {4} input, {5} and {6} cache writes (5 min, 1 h), {7} cache read, {8} output',
      target,
      formatCost(totals, this.locale) ?? this.#t('unpriced'),
      this.#count(totals.totalTokens),
      this.#count(totals.calls),
      this.#count(totals.inputTokens),
      this.#count(totals.cacheWrite5mTokens),
      this.#count(totals.cacheWrite1hTokens),
      this.#count(totals.cacheReadTokens),
      this.#count(totals.outputTokens),
    );
  }

  model(call: ExplainedCall): string {
    return call.model || this.#t('(no model logged)');
  }

  tokens(call: ExplainedCall): string {
    const t = this.#t;
    const parts = [
      t(
        '{0} in, {1} written, {2} read, {3} out',
        this.#compact(call.inputTokens),
        this.#compact(call.cacheWrite5mTokens + call.cacheWrite1hTokens),
        this.#compact(call.cacheReadTokens),
        this.#compact(call.outputTokens),
      ),
    ];
    if (call.unrecordedOutputTokens !== undefined)
      parts.push(t('output not recorded, at least ≈ {0}', this.#compact(call.unrecordedOutputTokens)));
    if (call.quality !== 'exact')
      parts.push(call.quality === 'estimated' ? t('estimated') : t('one figure for the session'));
    return parts.join(', ');
  }

  cost(call: ExplainedCall): string {
    if (call.price.status === 'included') return this.#t('included');
    return call.costUsd === undefined ? this.#t('unpriced') : formatUsd(call.costUsd, this.locale);
  }

  price(price: ExplainedPrice): string {
    const t = this.#t;
    if (price.matched === undefined) return this.#status(price.status);
    const parts = [price.matched, price.source ?? '', price.asOf === undefined ? '' : t('as of {0}', price.asOf)];
    if (price.status !== 'exact') parts.push(this.#status(price.status));
    if (price.tierAboveTokens !== undefined)
      parts.push(t('long-context rates above {0} tokens', this.#count(price.tierAboveTokens)));
    return [...parts, ...price.modifiers].filter(Boolean).join(', ');
  }

  #status(status: ExplainedPrice['status']): string {
    const t = this.#t;
    switch (status) {
      case 'exact':
        return t('exact');
      case 'estimated':
        return t('estimated');
      case 'included':
        return t('included');
      case 'local':
        return t('local');
      case 'unpriced':
        return t('unpriced');
    }
  }

  row({ use, file, place }: ExplainedRow): string {
    const t = this.#t;
    const how = use === 'kept' ? t('kept') : use === 'copy' ? t('copy') : t('same answer');
    if (place === undefined) return `${how}: ${file}`;
    const where = typeof place === 'number' ? this.#count(place) : place;
    return t('{0}: {1} at byte or row {2}', how, file, where);
  }

  more(found: Explanation, shown: number): string[] {
    const more = found.calls.length - shown + found.moreCalls;
    return more > 0 ? [this.#t('and {0} more calls', this.#count(more))] : [];
  }

  gaps(found: Explanation): string[] {
    const t = this.#t;
    return [
      ...found.leftOut.map(({ key, file, reason }) =>
        reason === 'repeats a call of a related session'
          ? t('Not counted, as it repeats a call of a related session: {0} in {1}', key, file)
          : t('Not counted, as another store of the session is fuller: {0} in {1}', key, file),
      ),
      ...found.unrecorded.map((use) =>
        t(
          'Used, no call recorded: {0}: {1} input, {2} written, {3} read, {4} output (the agent’s own running total less its calls)',
          use.model,
          this.#count(use.inputTokens),
          this.#count(use.cacheWriteTokens),
          this.#count(use.cacheReadTokens),
          this.#count(use.outputTokens),
        ),
      ),
      ...found.skipped.map(({ file, reason, count }) => `${file}: ${reasonWords(reason, t)}: ${this.#count(count)}`),
      ...found.notes.map((note) => t('In no log: {0}', t(note))),
    ];
  }
}

function timeOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}
