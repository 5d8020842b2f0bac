// The cells of the report's page: figures in the person's own notation, each with its number in full and, where it can
// be taken apart, the way to its explanation.
import { type CostFigure, formatCompact, formatCost, formatCount, formatShare, formatUsdEstimate } from '../format';
import { oneLine } from './oneLine';
import { type TotalsRow } from '../ledger/totals';
import { type PageCell, type PageSurroundings, type PageTable, type SumName, type Translate } from './pageShapes';

const longestName = 160;

export class Cells {
  readonly t: Translate;
  readonly #locale: string;

  constructor(readonly around: PageSurroundings) {
    this.t = around.t;
    this.#locale = around.locale;
  }

  /** A name from a log, whatever it holds: one line of bearable length. */
  name(key: string): string {
    return key === '' ? this.t('(not logged)') : oneLine(key, longestName) || '…';
  }

  agent(id: string): string {
    return id === '' ? this.t('(not logged)') : this.around.agentLabel(id);
  }

  cost(sum: CostFigure): PageCell {
    const text = formatCost(sum, this.#locale) ?? this.t('unpriced');
    return sum.costUsd === undefined ? { text } : { text, value: sum.costUsd };
  }

  /** A cost that opens the explanation of its sum. */
  costOf(row: TotalsRow, of: SumName): PageCell {
    return { ...this.cost(row), ...this.why(of) };
  }

  why(of: SumName): Pick<PageCell, 'action' | 'hint'> {
    return { action: { kind: 'why', of }, hint: this.t('Where this figure comes from') };
  }

  /** The explanation of a session or call. */
  explaining(target: string): Pick<PageCell, 'action' | 'hint'> {
    return { action: { kind: 'explain', target }, hint: this.t('Where this figure comes from') };
  }

  filtering(by: 'agent' | 'project' | 'model', value: string): PageCell {
    if (value === '') return { text: this.t('(not logged)') };
    const text = by === 'agent' ? this.agent(value) : this.name(value);
    return { text, action: { kind: 'filter', by, value }, hint: this.t('Show only {0}', text) };
  }

  /** At least so much where the sum is at least so much. */
  perPrompt(row: TotalsRow, prompts: number): PageCell {
    return this.cost({ ...row, costUsd: (row.costUsd ?? 0) / prompts });
  }

  estimate(usd: number): PageCell {
    return { text: formatUsdEstimate(usd, this.#locale), value: usd };
  }

  share(share: number): PageCell {
    return { text: formatShare(share, this.#locale), value: share };
  }

  tokens(tokens: number): PageCell {
    return { text: formatCompact(tokens, this.#locale), value: tokens };
  }

  count(count: number): PageCell {
    return { text: formatCount(count, this.#locale), value: count };
  }

  /** Sums as a table: what `first` says of a row, then its figures; the cost leads to its explanation. */
  groups<Row extends TotalsRow>(
    headings: readonly string[],
    rows: readonly Row[],
    first: (row: Row) => readonly PageCell[],
    of: (row: Row) => SumName,
  ): PageTable {
    const { t } = this;
    return {
      columns: [
        ...headings.map((title) => ({ title, isNumber: false })),
        ...[t('Cost'), t('Tokens'), t('Calls'), t('Input'), t('Cache write'), t('Cache read'), t('Output')].map(
          (title) => ({ title, isNumber: true }),
        ),
      ],
      rows: rows.map((row) => [
        ...first(row),
        this.costOf(row, of(row)),
        this.tokens(row.totalTokens),
        this.count(row.calls),
        this.tokens(row.inputTokens),
        this.tokens(row.cacheWrite5mTokens + row.cacheWrite1hTokens),
        this.tokens(row.cacheReadTokens),
        this.tokens(row.outputTokens),
      ]),
    };
  }
}
