// `report`: what the agents on this machine have used, summed by one dimension. Reads only what is new since the last
// run, by whichever window or command that was.
import { parseArgs } from 'node:util';
import { formatCompact, formatCost, formatCount, formatCoverage, formatUsd } from '../format';
import { isDay, isTimeZone } from '../ledger/calendar';
import { type Totals, type TotalsBy, type TotalsQuery, type TotalsRow } from '../ledger/totals';
import { totalsCsv } from '../report/csv';
import { totalsJson } from '../report/json';
import { totalsMarkdown } from '../report/markdown';
import { agentIdOf, withLedger } from './machineLedger';
import { harmless, type Io, table, UsageError } from './terminal';
import { weekly } from './weekly';

const dimensions: readonly TotalsBy[] = [
  'day',
  'week',
  'month',
  'model',
  'agent',
  'project',
  'branch',
  'session',
  'prompt',
  'subagent',
];

export async function report(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      by: { type: 'string' },
      since: { type: 'string' },
      until: { type: 'string' },
      agent: { type: 'string' },
      model: { type: 'string' },
      project: { type: 'string' },
      session: { type: 'string' },
      branch: { type: 'string' },
      weekly: { type: 'boolean' },
      timezone: { type: 'string' },
      json: { type: 'boolean' },
      csv: { type: 'boolean' },
      markdown: { type: 'boolean' },
    },
  });
  if ([values.json, values.csv, values.markdown].filter(Boolean).length > 1)
    throw new UsageError('report: choose one of --json, --csv and --markdown');
  if (values.weekly) {
    io.write(
      await withLedger(io, async (ledger) => {
        await ledger.refresh();
        return weekly(ledger, values.since, io.now(), zoneOf(values.timezone));
      }),
    );
    return 0;
  }
  const query: TotalsQuery = {
    by: dimensionOf(values.by ?? 'day'),
    since: dayOption('since', values.since),
    until: dayOption('until', values.until),
    agent: values.agent === undefined ? undefined : agentIdOf(values.agent),
    model: values.model,
    project: values.project,
    session: values.session,
    branch: values.branch,
    timeZone: zoneOf(values.timezone),
  };
  const totals = await withLedger(io, async (ledger) => {
    await ledger.refresh();
    return ledger.totals(query);
  });
  if (values.json) io.write(`${JSON.stringify(totalsJson(totals, query, io.now()))}\n`);
  else if (values.csv) io.write(totalsCsv(query.by, totals.rows));
  else if (values.markdown) io.write(totalsMarkdown(totals, query));
  else io.write(asTable(totals, query));
  return 0;
}

function dimensionOf(text: string): TotalsBy {
  const found = dimensions.find((dimension) => dimension === text);
  if (!found) throw new UsageError(`report: no dimension "${text}": --by takes ${dimensions.join(', ')}`);
  return found;
}

function dayOption(name: string, text: string | undefined): string | undefined {
  if (text !== undefined && !isDay(text))
    throw new UsageError(`report: --${name} takes a day as YYYY-MM-DD, not "${text}"`);
  return text;
}

/** The zone given, else the machine's. */
export function zoneOf(text: string | undefined): string {
  if (text === undefined) return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  if (!isTimeZone(text)) throw new UsageError(`--timezone takes a name like Europe/Stockholm or UTC, not "${text}"`);
  return text;
}

function asTable(totals: Totals, query: TotalsQuery): string {
  const cells = (label: string, row: TotalsRow) => [
    label,
    formatCost(row) ?? 'unpriced',
    formatCount(row.calls),
    formatCompact(row.inputTokens),
    formatCompact(row.cacheWrite5mTokens + row.cacheWrite1hTokens),
    formatCompact(row.cacheReadTokens),
    formatCompact(row.outputTokens),
    formatCompact(row.totalTokens),
  ];
  const rows = [
    [query.by, 'cost', 'calls', 'input', 'cache write', 'cache read', 'output', 'tokens'],
    ...totals.rows.map((row) => cells(harmless(row.key) || '(not logged)', row)),
    cells('total', totals.totals),
  ];
  return table(rows, [1, 2, 3, 4, 5, 6, 7]) + remarks(totals);
}

function remarks({ totals, skipped }: Totals): string {
  const lines = ['API-equivalent cost at list prices of each call’s day: not your bill.'];
  if (totals.unpricedTokens > 0)
    lines.push(
      `≥: ${formatCoverage(1 - totals.unpricedTokens / totals.totalTokens)} of the tokens have a price; ${formatCompact(totals.unpricedTokens)} are unpriced.`,
    );
  if (totals.unrecordedOutputCalls > 0)
    lines.push(
      `≥: the output of ${formatCount(totals.unrecordedOutputCalls)} calls was never recorded; the figures hold what was logged, their texts suggest ≈ ${formatCompact(totals.unrecordedOutputTokens)} tokens.`,
    );
  if (totals.estimatedTokens > 0) lines.push(`≈ ${formatCompact(totals.estimatedTokens)} of the tokens are estimates.`);
  if (totals.reportedCostUsd !== undefined)
    lines.push(`Agents themselves report ${formatUsd(totals.reportedCostUsd)} for the calls they put a price on.`);
  const lost = skipped.reduce((sum, { count }) => sum + count, 0);
  if (lost > 0) lines.push(`${formatCount(lost)} records were not understood: see "tokenometer doctor".`);
  return `\n${lines.join('\n')}\n`;
}
