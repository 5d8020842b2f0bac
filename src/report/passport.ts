// The passport of a sum, as Markdown: each model's tokens times its rates, what comes on top, the calls behind it, and
// what the sum does not hold. Formats what the ledger answers; decides nothing.
import { formatCompact, formatCost, formatCount, formatUsd } from '../format';
import { type AgentId } from '../agents/agent';
import { addDays } from '../ledger/calendar';
import { type SumQuery } from '../ledger/figuresBy';
import { type Passport, type PassportCall, type PassportLine } from '../ledger/passport';
import { reasonWords } from './doctorMarkdown';
import { markdownCell } from './markdown';
import { pageQuery } from './pageModel';
import { type PageRequest, type SumName, type Translate } from './pageShapes';

export interface PassportAround {
  readonly t: Translate;
  readonly locale: string;
  readonly agentLabel: (id: string) => string;
}

/** The sum of a page's figure: the page's own filters and what the figure stands for. */
export function passportQuery(request: PageRequest, of: SumName, timeZone: string): SumQuery {
  const { stackBy: _, ...query } = pageQuery(request, timeZone);
  const within = (since: string, until: string): SumQuery => ({
    ...query,
    since: since > query.since ? since : query.since,
    until: until < query.until ? until : query.until,
  });
  switch (of.by) {
    case 'total':
      return query;
    case 'day':
      return within(of.key, of.key);
    case 'week':
      return within(of.key, addDays(of.key, 6));
    case 'month':
      return within(`${of.key}-01`, `${of.key}-31`);
    case 'branch':
      return { ...query, branch: of.key, ...(of.project === undefined ? {} : { project: of.project }) };
    case 'agent':
      return { ...query, agent: of.key as AgentId };
    case 'model':
    case 'project':
    case 'subagent':
      return { ...query, [of.by]: of.key };
  }
}

export function passportMarkdown(found: Passport, query: SumQuery, around: PassportAround): string {
  const { t, locale } = around;
  const { totals } = found;
  return [
    `# ${t('Where this figure comes from')}`,
    '',
    ...scope(query, around).map((line) => `- ${line}`),
    '',
    t(
      '**{0}** for {1} tokens in {2} calls, at public list prices of their day: not your bill.',
      formatCost(totals, locale) ?? t('unpriced'),
      formatCount(totals.totalTokens, locale),
      formatCount(totals.calls, locale),
    ),
    '',
    ...found.lines.flatMap((line) => priceLines(line, around)),
    ...callTable(found.calls, around),
    ...gaps(found, around),
  ].join('\n');
}

function scope(query: SumQuery, { t, agentLabel }: PassportAround): string[] {
  const { since, until, agent, model, project, branch, subagent, timeZone } = query;
  const none = t('(not logged)');
  return [
    t('Days: {0} to {1}, in {2}', since ?? '…', until ?? '…', markdownCell(timeZone)),
    ...(agent === undefined ? [] : [t('Agent: {0}', agentLabel(agent))]),
    ...(model === undefined ? [] : [t('Model: {0}', markdownCell(model || none))]),
    ...(project === undefined ? [] : [t('Project: {0}', markdownCell(project || none))]),
    ...(branch === undefined ? [] : [t('Branch: {0}', markdownCell(branch || none))]),
    ...(subagent === undefined ? [] : [t('Subagent: {0}', markdownCell(subagent || none))]),
  ];
}

function priceLines(line: PassportLine, { t, locale, agentLabel }: PassportAround): string[] {
  const { sum, rates, baseUsd } = line;
  const title = `## ${markdownCell(line.model || t('(not logged)'))} · ${agentLabel(line.agent)}: ${formatCost(sum, locale) ?? t('unpriced')}`;
  const calls = t('{0} tokens in {1} calls.', formatCount(sum.totalTokens, locale), formatCount(sum.calls, locale));
  if (rates === undefined || baseUsd === undefined)
    return [
      title,
      '',
      `${calls} ${line.status === 'included' ? t('Included in a plan.') : t('No price is known.')}`,
      '',
    ];
  const price = [line.matched ?? '', line.source ?? '', line.asOf === undefined ? '' : t('as of {0}', line.asOf)]
    .filter(Boolean)
    .map(markdownCell)
    .join(', ');
  const row = (name: string, tokens: number, rate: number) =>
    `| ${name} | ${formatCount(tokens, locale)} | ${formatUsd(rate, locale)} | ${formatUsd((tokens * rate) / 1e6, locale)} |`;
  const more = (sum.costUsd ?? 0) - baseUsd;
  return [
    title,
    '',
    t('{0} Price row: {1}{2}.', calls, price, line.status === 'exact' ? '' : ` (${line.status})`),
    '',
    `| ${t('Bucket')} | ${t('Tokens')} | ${t('Dollars per million')} | ${t('Dollars')} |`,
    '| :-- | --: | --: | --: |',
    row(t('Input'), sum.inputTokens, rates.input),
    row(t('Cache write, 5 minutes'), sum.cacheWrite5mTokens, rates.cacheWrite5m),
    row(t('Cache write, 1 hour'), sum.cacheWrite1hTokens, rates.cacheWrite1h),
    row(t('Cache read'), sum.cacheReadTokens, rates.cacheRead),
    row(t('Output'), sum.outputTokens, rates.output),
    ...(Math.abs(more) >= 0.005
      ? [
          `| ${t('Long context, fast and batch modes, regions, searches, other providers’ prices')} |   |   | ${formatUsd(more, locale)} |`,
        ]
      : []),
    '',
  ];
}

function callTable(calls: readonly PassportCall[], { t, locale }: PassportAround): string[] {
  if (calls.length === 0) return [];
  const place = ({ file, place }: PassportCall) =>
    typeof place === 'number' ? t('{0} at byte {1}', file, formatCount(place, locale)) : file;
  return [
    `## ${t('Calls of its dearest sessions')}`,
    '',
    `| ${[t('Time (UTC)'), t('Model'), t('Prompt'), t('Output'), t('Cost'), t('Session'), t('Log')].join(' | ')} |`,
    '| :-- | :-- | --: | --: | --: | :-- | :-- |',
    ...calls.map((call) => {
      const cells = [
        new Date(call.atMs).toISOString().slice(0, 19).replace('T', ' '),
        markdownCell(call.model),
        formatCompact(call.promptTokens, locale),
        formatCompact(call.outputTokens, locale),
        call.costUsd === undefined ? t('unpriced') : formatUsd(call.costUsd, locale),
        markdownCell(call.sessionId),
        markdownCell(place(call)),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
    '',
  ];
}

function gaps({ totals, leftOutCalls, skipped, notes }: Passport, { t, locale }: PassportAround): string[] {
  const lines: string[] = [];
  if (totals.unpricedTokens > 0)
    lines.push(t('{0} tokens have no price and count no dollars.', formatCount(totals.unpricedTokens, locale)));
  if (totals.unrecordedOutputCalls > 0)
    lines.push(
      t('The agent recorded no output for {0} of the calls.', formatCount(totals.unrecordedOutputCalls, locale)),
    );
  if (leftOutCalls > 0)
    lines.push(t('{0} rows of these days repeat other calls and are not counted.', formatCount(leftOutCalls, locale)));
  for (const { file, reason, count } of skipped.slice(0, 20))
    lines.push(`${markdownCell(file)}: ${reasonWords(reason, t)}: ${formatCount(count, locale)}`);
  lines.push(...notes.map((note) => t('In no log: {0}', markdownCell(t(note)))));
  return lines.length === 0 ? [] : [`## ${t('What it does not hold')}`, '', ...lines.map((line) => `- ${line}`), ''];
}
