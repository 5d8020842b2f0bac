// Numbers to words: the only place that rounds. Knows nothing of where a number came from beyond its grade;
// the words around it (and their translation) are the caller's.

/** A token figure with its grade. `low` and `high` equal `tokens` where it is exact. */
export interface GradedTokens {
  readonly tokens: number;
  readonly low: number;
  readonly high: number;
  readonly kind: 'exact' | 'near-exact' | 'estimate';
}

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const id = `${locale} ${JSON.stringify(options)}`;
  let found = formatters.get(id);
  if (!found) {
    try {
      found = new Intl.NumberFormat(locale, options);
    } catch {
      found = new Intl.NumberFormat('en', options);
    }
    formatters.set(id, found);
  }
  return found;
}

/** A whole number with group separators: `12,431`. */
export function formatCount(count: number, locale = 'en'): string {
  return formatter(locale, { maximumFractionDigits: 0 }).format(count);
}

/** Three significant digits with a magnitude letter: `950`, `1.23k`, `45.6k`, `1.2M`. For places with little room. */
export function formatCompact(count: number, locale = 'en'): string {
  const magnitude = Math.abs(count);
  for (const [size, letter] of [
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    // 999,950 would print as "1,000k": take the next letter where rounding reaches it.
    if (magnitude >= size * 0.9995) {
      const scaled = count / size;
      return formatter(locale, { maximumSignificantDigits: 3, useGrouping: false }).format(scaled) + letter;
    }
  }
  return formatCount(count, locale);
}

/** A speed or another small figure: three significant digits at most, one decimal at most. */
export function formatRate(rate: number, locale = 'en'): string {
  return formatter(locale, { maximumFractionDigits: rate < 100 ? 1 : 0 }).format(rate);
}

/**
 * Dollars as people write them: two decimals from a cent up, two significant digits below, `$0` only for nothing at all,
 * and never more exact than `< $0.0001`.
 */
export function formatUsd(usd: number, locale = 'en'): string {
  const money: Intl.NumberFormatOptions = { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' };
  const magnitude = Math.abs(usd);
  if (magnitude === 0)
    return formatter(locale, { ...money, minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(0);
  if (magnitude < 0.0001) return `< ${formatter(locale, { ...money, minimumFractionDigits: 4 }).format(0.0001)}`;
  if (magnitude < 0.00995)
    return formatter(locale, { ...money, maximumSignificantDigits: 2, minimumFractionDigits: 0 }).format(usd);
  if (magnitude >= 1e5) return formatter(locale, { ...money, maximumFractionDigits: 0 }).format(usd);
  return formatter(locale, { ...money, minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(usd);
}

/** A limit that somebody set, as they would write it: `$20`, `$2.50`. */
export function formatUsdLimit(usd: number, locale = 'en'): string {
  const digits = Number.isInteger(usd) ? 0 : 2;
  if (usd < 0.01) return formatUsd(usd, locale);
  return formatter(locale, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(usd);
}

/** Dollars that rest on an estimate: two significant digits, `≈ $1.2`. */
export function formatUsdEstimate(usd: number, locale = 'en'): string {
  if (usd === 0) return formatUsd(0, locale);
  if (Math.abs(usd) < 0.0001) return formatUsd(usd, locale);
  const rounded = Number(usd.toPrecision(2));
  const fractionDigits = Math.abs(rounded) >= 10 ? 0 : Math.abs(rounded) >= 0.1 ? 2 : 4;
  const money = formatter(locale, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: fractionDigits === 2 ? 2 : 0,
    maximumFractionDigits: fractionDigits,
  });
  return `≈ ${money.format(rounded)}`;
}

/** A share between 0 and 1 as a percentage: whole from 10 % up, one decimal below, never `0 %` for something. */
export function formatShare(share: number, locale = 'en'): string {
  const percent = (value: number, digits: number) =>
    formatter(locale, { style: 'percent', maximumFractionDigits: digits }).format(value);
  if (share > 0 && share < 0.001) return `< ${percent(0.001, 1)}`;
  return percent(share, share < 0.0995 ? 1 : 0);
}

/** A share of coverage: floored, so that what is not complete never reads `100 %`. */
export function formatCoverage(share: number, locale = 'en'): string {
  return formatter(locale, { style: 'percent', maximumFractionDigits: 0 }).format(Math.floor(share * 100) / 100);
}

/** A token figure that shows its grade: `12,431`, `12,431 ±1 %`, `≈ 15.2k (13.1k–17.0k)`. */
export function formatGraded(figure: GradedTokens, locale = 'en'): string {
  switch (figure.kind) {
    case 'exact':
      return formatCount(figure.tokens, locale);
    case 'near-exact':
      return `${formatCount(figure.tokens, locale)} ±1 %`;
    case 'estimate':
      return figure.tokens === 0
        ? '0'
        : `≈ ${formatRounded(figure.tokens, locale)} (${formatRounded(figure.low, locale)}–${formatRounded(figure.high, locale)})`;
  }
}

/** The same without the band, for the status bar: `12,431`, `≈ 15.2k`. */
export function formatGradedShort(figure: GradedTokens, locale = 'en'): string {
  return figure.kind === 'estimate' && figure.tokens > 0
    ? `≈ ${formatRounded(figure.tokens, locale)}`
    : formatCount(figure.tokens, locale);
}

/** Three significant digits, for figures that are estimates anyway. */
function formatRounded(count: number, locale: string): string {
  return formatCompact(count < 1000 ? Math.round(count < 100 ? count : Number(count.toPrecision(2))) : count, locale);
}

/** What a sum of calls cost, as far as it could be priced. */
export interface CostFigure {
  readonly costUsd?: number;
  readonly totalTokens: number;
  readonly unpricedTokens: number;
  /** Calls whose output the agent never recorded: the sum is a lower bound. */
  readonly unrecordedOutputCalls?: number;
}

/**
 * A sum's cost that never pretends: `$0.42`, `≥ $12.40` where some of it has no price or no recorded output, and
 * undefined where nothing could be priced (the caller says "unpriced" in the person's language).
 */
export function formatCost(figure: CostFigure, locale = 'en'): string | undefined {
  if (figure.costUsd === undefined) return figure.totalTokens === 0 ? formatUsd(0, locale) : undefined;
  const isIncomplete = figure.unpricedTokens > 0 || (figure.unrecordedOutputCalls ?? 0) > 0;
  return `${isIncomplete ? '≥ ' : ''}${formatUsd(figure.costUsd, locale)}`;
}
