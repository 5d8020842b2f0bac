// Spend over time as bars' figures and as a table that is split the same way. Long periods go by week or month: bars of
// a pixel say nothing.
import { type CostFigure, formatUsd } from '../format';
import { addDays, mondayOf } from '../ledger/calendar';
import { type PageFacts } from '../ledger/pageFacts';
import { type TotalsRow } from '../ledger/totals';
import { type Cells } from './pageCells';
import { type PageCell, type PageChart, type StackBy } from './pageShapes';

const mostSeries = 6;
const mostDays = 100;
const mostWeeks = 110;

type Step = 'day' | 'week' | 'month';

export function pageChart(facts: PageFacts, since: string, stackBy: StackBy, cells: Cells): PageChart {
  const { locale } = cells.around;
  const first = facts.days[0]?.key ?? since;
  const last = facts.days.at(-1)?.key ?? since;
  const step = stepFor(first, last);
  const steps = stepsBetween(first, last, step);
  const series = seriesOf(facts, steps, step, stackBy, cells);
  const sums = steps.map((_, index) => series.reduce((sum, { values }) => sum + values[index]!, 0));
  const whole = sumsBy(facts.days, steps, stepsOfDays(step));
  const highestUsd = sums.reduce((highest, sum) => Math.max(highest, sum), 0);
  const highestText = formatUsd(highestUsd, locale);
  return {
    steps,
    series,
    highestUsd,
    highestText,
    summary: summaryOf(cells, step, [steps[0], steps.at(-1), steps[sums.indexOf(highestUsd)]], highestText),
    table: {
      columns: [
        { title: stepTitle(cells, step), isNumber: false },
        ...series.map(({ name }) => ({ title: name, isNumber: true })),
        { title: cells.t('Sum'), isNumber: true },
      ],
      rows: steps
        .map((name, index): PageCell[] => [
          { text: name },
          ...series.map(({ values, texts }) => ({ text: texts[index]!, value: values[index]! })),
          {
            ...(whole[index] === undefined ? { text: formatUsd(0, locale) } : cells.cost(whole[index])),
            value: sums[index]!,
            ...cells.why({ by: step, key: name }),
          },
        ])
        .reverse(),
    },
  };
}

function summaryOf(
  { t }: Cells,
  step: Step,
  [first = '', last = '', highest = '']: readonly (string | undefined)[],
  highestText: string,
): string {
  const values = [first, last, highest, highestText];
  switch (step) {
    case 'day':
      return t(
        'Spend for each day from {0} to {1}. The highest is {2} with {3}. A table holds the figures.',
        ...values,
      );
    case 'week':
      return t(
        'Spend for each week from that of {0} to that of {1}. The highest is that of {2} with {3}. A table holds the figures.',
        ...values,
      );
    case 'month':
      return t(
        'Spend for each month from {0} to {1}. The highest is {2} with {3}. A table holds the figures.',
        ...values,
      );
  }
}

function stepTitle({ t }: Cells, step: Step): string {
  return step === 'day' ? t('Day') : step === 'week' ? t('Week of') : t('Month');
}

function seriesOf(
  facts: PageFacts,
  steps: readonly string[],
  step: Step,
  stackBy: StackBy,
  cells: Cells,
): PageChart['series'] {
  const totals = new Map<string, number>();
  for (const row of facts.stacks) totals.set(row.of, (totals.get(row.of) ?? 0) + (row.costUsd ?? 0));
  const names = [...totals.keys()].sort((a, b) => totals.get(b)! - totals.get(a)! || (a < b ? -1 : 1));
  const own = names.slice(0, names.length > mostSeries ? mostSeries - 1 : mostSeries);
  const others = names.slice(own.length);
  const placeOf = new Map(names.map((name, index) => [name, Math.min(index, own.length)]));
  const { locale } = cells.around;
  const nothing = formatUsd(0, locale);
  const stepOfRow = stepsOfDays(step);
  return [...own, ...(others.length > 0 ? ['others'] : [])].map((name, index) => {
    const rows = facts.stacks.filter(({ of }) => placeOf.get(of) === index);
    const line = sumsBy(rows, steps, stepOfRow);
    return {
      name:
        index === own.length
          ? cells.t('{0} others', String(others.length))
          : stackBy === 'agent'
            ? cells.agent(name)
            : cells.name(name),
      values: line.map((row) => row?.costUsd ?? 0),
      texts: line.map((row) => (row === undefined ? nothing : cells.cost(row).text)),
      totalText: cells.cost(costOf(rows)).text,
    };
  });
}

/** What each step's rows cost; `undefined` where it has none. */
function sumsBy(
  rows: readonly TotalsRow[],
  steps: readonly string[],
  stepOfRow: (row: TotalsRow) => string,
): (CostFigure | undefined)[] {
  const groups = new Map<string, TotalsRow[]>();
  for (const row of rows) {
    const step = stepOfRow(row);
    const group = groups.get(step);
    if (group) group.push(row);
    else groups.set(step, [row]);
  }
  return steps.map((step) => {
    const group = groups.get(step);
    return group && costOf(group);
  });
}

function costOf(rows: readonly TotalsRow[]): CostFigure {
  let costUsd: number | undefined;
  const sum = { totalTokens: 0, unpricedTokens: 0, unrecordedOutputCalls: 0 };
  for (const row of rows) {
    if (row.costUsd !== undefined) costUsd = (costUsd ?? 0) + row.costUsd;
    sum.totalTokens += row.totalTokens;
    sum.unpricedTokens += row.unpricedTokens;
    sum.unrecordedOutputCalls += row.unrecordedOutputCalls;
  }
  return costUsd === undefined ? sum : { ...sum, costUsd };
}

function stepFor(first: string, last: string): Step {
  const days = (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1;
  return days <= mostDays ? 'day' : days / 7 <= mostWeeks ? 'week' : 'month';
}

function stepOf(day: string, step: Step): string {
  return step === 'day' ? day : step === 'week' ? mondayOf(day) : day.slice(0, 7);
}

/** A row's step; each day's is worked out once. */
function stepsOfDays(step: Step): (row: TotalsRow) => string {
  const known = new Map<string, string>();
  return ({ key }) => {
    const found = known.get(key) ?? stepOf(key, step);
    known.set(key, found);
    return found;
  };
}

function stepsBetween(first: string, last: string, step: Step): string[] {
  const steps = [stepOf(first, step)];
  const end = stepOf(last, step);
  for (let day = first; steps.at(-1)! < end;) {
    day = addDays(day, step === 'week' ? 7 : 1);
    const next = stepOf(day, step);
    if (next !== steps.at(-1)) steps.push(next);
  }
  return steps;
}
