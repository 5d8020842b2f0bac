// Hindsight in words: one line for a letter, two sections for the report's page. The pessimistic end stands first and
// the risk beside it; where there is nothing to say it says that, which is worth something too.
import { type TaskRole } from '../advisor/roles';
import { modelName } from '../advisor/modelNames';
import { formatCount, formatUsd } from '../format';
import { type HindsightReport, type HindsightTask } from './hindsightModel';
import { type PageSection, type Translate } from './pageShapes';

export interface HindsightAround {
  readonly t: Translate;
  readonly locale: string;
}

/** `12 light tasks on Opus 5.5 cost $14.20. On Haiku 5.5 they had cost $0.70 to $8.50. Most of it: commit messages (7).` */
export function hindsightLine({ tasks, sum }: HindsightReport, { t, locale }: HindsightAround): string {
  if (!sum) return t('No light tasks worth moving to a cheaper model.');
  const usd = (amount: number) => formatUsd(amount, locale);
  const chief = sum.roles.find(({ role }) => role !== 'other');
  const values = [
    formatCount(sum.tasks, locale),
    namesOf(tasks.map(({ from }) => from.id)),
    usd(sum.costUsd),
    namesOf(tasks.map(({ to }) => to.id)),
    usd(sum.cheapHighUsd),
    usd(sum.cheapLowUsd),
  ];
  if (sum.tasks === 1)
    return t('One light task on {1} cost {2}. On {3} it had cost at most {4}, at least {5}.', ...values);
  if (!chief || chief.tasks * 2 < sum.tasks)
    return t('{0} light tasks on {1} cost {2}. On {3} they had cost at most {4}, at least {5}.', ...values);
  return t(
    '{0} light tasks on {1} cost {2}. On {3} they had cost at most {4}, at least {5}. Most of them: {6} ({7}).',
    ...values,
    roleWords(chief.role, t),
    formatCount(chief.tasks, locale),
  );
}

const namesOf = (ids: readonly string[]): string => [...new Set(ids.map(modelName))].join(', ');

export function roleWords(role: TaskRole, t: Translate): string {
  switch (role) {
    case 'title':
      return t('titles');
    case 'commit':
      return t('commit messages');
    case 'diff-summary':
      return t('summaries of changes');
    case 'explain':
      return t('explanations');
    case 'other':
      return t('other work');
  }
}

/** How often, and how sure: what every claim has to stand beside. */
export function hindsightCaveats({ t }: HindsightAround): readonly string[] {
  return [
    t(
      'Light by calls and changed lines, finished, and nobody complained. About 9 in 10 such tasks were also solved by a cheaper model, in benchmarks; 1 in 10 were not.',
    ),
    t('A cheaper model may take up to 3 times the tokens: the higher figure has them all. Public list prices.'),
  ];
}

export function hindsightSections(report: HindsightReport, around: HindsightAround): readonly PageSection[] {
  return [lightWork(report, around), chores(report, around)].filter((section) => section.table.rows.length > 0);
}

function lightWork(report: HindsightReport, around: HindsightAround): PageSection {
  const { t, locale } = around;
  const usd = (value: number) => ({ text: formatUsd(value, locale), value });
  const kinds = new Map<TaskRole, HindsightTask[]>();
  for (const task of report.tasks) kinds.set(task.role, [...(kinds.get(task.role) ?? []), task]);
  const total = (tasks: readonly HindsightTask[], of: (one: HindsightTask) => number) =>
    tasks.reduce((sum, one) => sum + of(one), 0);
  return {
    id: 'light-work',
    title: t('Light work on dear models'),
    notes: [
      hindsightLine(report, around),
      ...hindsightCaveats(around),
      ...(report.isCut === true
        ? [t('Of the newest prompts of this period only: there are too many to look at all.')]
        : []),
    ],
    table: {
      columns: [
        { title: t('Kind of work'), isNumber: false },
        ...[t('Tasks'), t('Cost'), t('At most, on the cheaper model'), t('At least')].map((title) => ({
          title,
          isNumber: true,
        })),
      ],
      rows: [...kinds]
        .sort(([, a], [, b]) => b.length - a.length)
        .map(([role, tasks]) => [
          { text: roleWords(role, t) },
          { text: formatCount(tasks.length, locale), value: tasks.length },
          usd(total(tasks, ({ costUsd }) => costUsd)),
          usd(total(tasks, ({ claim }) => claim.saving.cheapHighUsd)),
          usd(total(tasks, ({ claim }) => claim.saving.cheapLowUsd)),
        ]),
    },
  };
}

function chores({ habits }: HindsightReport, { t, locale }: HindsightAround): PageSection {
  return {
    id: 'chores',
    title: t('Chores that come up again'),
    notes: [
      t(
        'Found by the tools used: no edits, few calls. Such prompts are the surest work for a cheaper model, at a session’s start or in one of their own.',
      ),
    ],
    table: {
      columns: [
        { title: t('Kind of work'), isNumber: false },
        ...[t('Prompts'), t('Cost')].map((title) => ({ title, isNumber: true })),
      ],
      rows: habits.map((habit) => [
        { text: roleWords(habit.role, t) },
        { text: formatCount(habit.tasks, locale), value: habit.tasks },
        { text: formatUsd(habit.costUsd, locale), value: habit.costUsd },
      ]),
    },
  };
}
