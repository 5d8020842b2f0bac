// The report as Markdown: for the editor's preview, for files, for a pull request. Every text from a log is escaped:
// it can change nothing but its own cell.
import { formatCompact, formatCost, formatCount, formatCoverage } from '../format';
import { type Totals, type TotalsQuery, type TotalsRow } from '../ledger/totals';
import { type ReportModel } from './reportModel';

/** The whole report. `machine` names where the logs lie ("this machine", "SSH: build-box"); `pricesAsOf` is a date. */
export function reportMarkdown(report: ReportModel, machine: string, pricesAsOf: string): string {
  const period = `${report.since} to ${report.until}`;
  const filters = Object.values(report.filters).filter((filter) => filter !== undefined);
  return [
    '# Tokenometer: cost report',
    '',
    `API-equivalent cost: what these tokens cost at public list prices on their day. Not your bill. Logs of ${describe(machine)}; days in ${describe(report.timeZone)}; prices as of ${pricesAsOf}.`,
    '',
    ...(filters.length > 0 ? [`Only ${filters.map(markdownCell).join(', ')}.`, ''] : []),
    '| | Cost | Tokens | Calls |',
    '| :-- | --: | --: | --: |',
    ...[
      ['Today', report.today],
      ['This week', report.week],
      ['This month', report.month],
      [period, report.period],
    ].map(([label, row]) => line(label as string, row as TotalsRow, false)),
    '',
    ...coverage(report.period),
    ...section('By day', period, report.days, 'Day'),
    ...section('By model', period, report.models, 'Model'),
    ...section('By agent', period, report.agents, 'Agent'),
    ...section('By project', period, report.projects, 'Project'),
    ...section(
      report.sessionCount > report.sessions.length
        ? `Dearest ${report.sessions.length} of ${formatCount(report.sessionCount)} sessions`
        : 'By session',
      period,
      report.sessions,
      'Session',
    ),
    ...skipped(report),
  ].join('\n');
}

/** The answer to one question: a table by one dimension, its sum, and what must be known of it. */
export function totalsMarkdown({ rows, totals, skipped }: Totals, query: TotalsQuery): string {
  const lost = skipped.reduce((sum, { count }) => sum + count, 0);
  const filters = [query.agent, query.model, query.project, query.branch, query.session].filter(
    (filter) => filter !== undefined,
  );
  return [
    `# Tokens and API-equivalent cost by ${query.by}`,
    '',
    `${[query.since ?? 'the beginning', query.until ?? 'now'].join(' to ')}, days in ${describe(query.timeZone)}${filters.length > 0 ? `; only ${filters.map(markdownCell).join(', ')}` : ''}. At public list prices of each call’s day: not your bill.`,
    '',
    `| ${query.by} | Cost | Tokens | Calls | Input | Cache write | Cache read | Output |`,
    '| :-- | --: | --: | --: | --: | --: | --: | --: |',
    ...rows.map((row) => line(row.key || '(not logged)', row, true)),
    line('Total', totals, true),
    '',
    ...coverage(totals),
    ...(lost > 0 ? [`${formatCount(lost)} records were not understood.`, ''] : []),
  ].join('\n');
}

function section(title: string, period: string, rows: readonly TotalsRow[], heading: string): string[] {
  if (rows.length === 0) return [`## ${title}`, '', `Nothing logged from ${period}.`, ''];
  return [
    `## ${title}`,
    '',
    `| ${heading} | Cost | Tokens | Calls | Input | Cache write | Cache read | Output |`,
    '| :-- | --: | --: | --: | --: | --: | --: | --: |',
    ...rows.map((row) => line(row.key, row, true)),
    '',
  ];
}

function line(label: string, row: TotalsRow, withBuckets: boolean): string {
  const cells = [
    markdownCell(label),
    formatCost(row) ?? 'unpriced',
    formatCompact(row.totalTokens),
    formatCount(row.calls),
  ];
  if (withBuckets)
    cells.push(
      ...[row.inputTokens, row.cacheWrite5mTokens + row.cacheWrite1hTokens, row.cacheReadTokens, row.outputTokens].map(
        (tokens) => formatCompact(tokens),
      ),
    );
  return `| ${cells.join(' | ')} |`;
}

function coverage(row: TotalsRow): string[] {
  const lines: string[] = [];
  if (row.unpricedTokens > 0)
    lines.push(
      `≥: ${formatCoverage(1 - row.unpricedTokens / row.totalTokens)} of the tokens have a price; ${formatCount(row.unpricedTokens)} tokens are unpriced and count no dollars.`,
    );
  if (row.unrecordedOutputCalls > 0)
    lines.push(
      `≥: the output of ${formatCount(row.unrecordedOutputCalls)} calls was never recorded by the agent. The figures hold what was logged; the texts suggest at least ≈ ${formatCompact(row.unrecordedOutputTokens)} output tokens for them.`,
    );
  if (row.estimatedTokens > 0) lines.push(`≈ ${formatCompact(row.estimatedTokens)} of the tokens are estimates.`);
  return lines.flatMap((text) => [text, '']);
}

function skipped(report: ReportModel): string[] {
  if (report.skipped.length === 0) return [];
  return [
    '## Not understood',
    '',
    '| Agent | File | Reason | Lines |',
    '| :-- | :-- | :-- | --: |',
    ...report.skipped.map(
      (row) => `| ${row.agent} | ${markdownCell(row.file)} | ${row.reason} | ${formatCount(row.count)} |`,
    ),
    '',
  ];
}

function describe(text: string): string {
  return markdownCell(text);
}

/** A text from outside as one table cell: one line, no markup, no control characters, at most 200 characters. */
export function markdownCell(text: string): string {
  let cell = '';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (cell.length > 200) return `${cell}…`;
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || isDirectionMark(code)) cell += ' ';
    else if ('\\`*_{}[]()#+!|<>~$&@'.includes(character) || (character === '-' && cell === ''))
      cell += `\\${character}`;
    else cell += character;
  }
  return cell.trim() || ' ';
}

function isDirectionMark(code: number): boolean {
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code === 0x200e || code === 0x200f;
}
