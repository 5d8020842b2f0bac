// The passport of a figure, for a person: as lines for a terminal and as Markdown for the editor. Formats what the
// ledger explains; decides nothing.
import { formatCompact, formatCost, formatCount, formatUsd } from '../format';
import { type ExplainedCall, type ExplainedPrice, type ExplainedRow, type Explanation } from '../ledger/explain';
import { reasonWords } from './doctorMarkdown';
import { markdownCell } from './markdown';

const mostShown = 100;

/** Plain lines, texts from logs as they are: the caller makes them harmless for its medium. */
export function explanationText(found: Explanation): string[] {
  const shown = found.calls.slice(0, mostShown);
  return [
    summary(found),
    ...shown.flatMap((call) => [
      `${timeOf(call.atMs)}  ${call.agent}  ${call.model || '(no model logged)'}  ${tokensOf(call)}  ${costOf(call)}`,
      `  price: ${priceWords(call.price)}`,
      ...call.rows.map((row) => `  ${rowWords(row)}`),
    ]),
    ...moreOf(found, shown.length),
    ...gaps(found),
  ];
}

export function explanationMarkdown(found: Explanation): string {
  const shown = found.calls.slice(0, mostShown);
  return [
    `# Where this figure comes from`,
    '',
    markdownCell(summary(found)),
    '',
    '| Time (UTC) | Model | Tokens | Cost | Price row | Log rows |',
    '| :-- | :-- | :-- | --: | :-- | :-- |',
    ...shown.map((call) => {
      const rows =
        call.rows.map((row) => markdownCell(rowWords(row))).join('<br>') || 'the log is gone; the figures are kept';
      return `| ${timeOf(call.atMs)} | ${markdownCell(call.model || '(not logged)')} | ${tokensOf(call)} | ${costOf(call)} | ${markdownCell(priceWords(call.price))} | ${rows} |`;
    }),
    '',
    ...moreOf(found, shown.length).flatMap((line) => [markdownCell(line), '']),
    ...gaps(found).map((line) => `- ${markdownCell(line)}`),
    '',
  ].join('\n');
}

function summary({ kind, target, totals }: Explanation): string {
  return `${kind} ${target}: ${formatCost(totals) ?? 'unpriced'}, ${formatCount(totals.totalTokens)} tokens in ${formatCount(totals.calls)} calls: ${formatCount(totals.inputTokens)} input, ${formatCount(totals.cacheWrite5mTokens)} and ${formatCount(totals.cacheWrite1hTokens)} cache writes (5 min, 1 h), ${formatCount(totals.cacheReadTokens)} cache read, ${formatCount(totals.outputTokens)} output`;
}

function tokensOf(call: ExplainedCall): string {
  const parts = [
    `${formatCompact(call.inputTokens)} in`,
    `${formatCompact(call.cacheWrite5mTokens + call.cacheWrite1hTokens)} written`,
    `${formatCompact(call.cacheReadTokens)} read`,
    `${formatCompact(call.outputTokens)} out`,
  ];
  if (call.unrecordedOutputTokens !== undefined)
    parts.push(`output not recorded, at least ≈ ${formatCompact(call.unrecordedOutputTokens)}`);
  if (call.quality !== 'exact') parts.push(call.quality === 'estimated' ? 'estimated' : 'one figure for the session');
  return parts.join(', ');
}

function costOf(call: ExplainedCall): string {
  if (call.price.status === 'included') return 'included';
  return call.costUsd === undefined ? 'unpriced' : formatUsd(call.costUsd);
}

function priceWords(price: ExplainedPrice): string {
  if (price.matched === undefined) return price.status;
  const parts = [price.matched, price.source ?? '', price.asOf === undefined ? '' : `as of ${price.asOf}`];
  if (price.status !== 'exact') parts.push(price.status);
  if (price.tierAboveTokens !== undefined)
    parts.push(`long-context rates above ${formatCount(price.tierAboveTokens)} tokens`);
  return [...parts, ...price.modifiers].filter(Boolean).join(', ');
}

function rowWords(row: ExplainedRow): string {
  const place =
    row.place === undefined
      ? ''
      : typeof row.place === 'number'
        ? ` at byte ${formatCount(row.place)}`
        : ` at ${row.place}`;
  return `${row.use}: ${row.file}${place}`;
}

function moreOf(found: Explanation, shown: number): string[] {
  const more = found.calls.length - shown + found.moreCalls;
  return more > 0 ? [`and ${formatCount(more)} more calls`] : [];
}

function gaps(found: Explanation): string[] {
  return [
    ...found.leftOut.map(({ key, file, reason }) => `not counted: ${key} in ${file} (${reason})`),
    ...found.unrecorded.map(
      (use) =>
        `used, no call recorded: ${use.model}: ${formatCount(use.inputTokens)} input, ${formatCount(use.cacheWriteTokens)} written, ${formatCount(use.cacheReadTokens)} read, ${formatCount(use.outputTokens)} output (the agent’s own running total less its calls)`,
    ),
    ...found.skipped.map(({ file, reason, count }) => `${formatCount(count)} ${reasonWords[reason]} in ${file}`),
    ...found.notes.map((note) => `not in any log: ${note}`),
  ];
}

function timeOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}
