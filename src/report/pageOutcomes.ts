// What spend came to, as sections of the page: by project, and commit by commit. Formats what the ledger and the Git
// extension answered; what they left open stays open in words too.
import { formatCount } from '../format';
import { type OutcomeCommit, type ProjectOutcome } from '../ledger/outcomes';
import { Cells } from './pageCells';
import { type PageCell, type PageSection, type PageSurroundings } from './pageShapes';
import { type TotalsRow } from '../ledger/totals';
import { oneLine } from './oneLine';
import { sumRows } from './sumRows';

/** Lines that a commit added, and those that still stand. */
export interface KeptLines {
  readonly added: number;
  /** Absent where it was not looked at. */
  readonly kept?: number;
}

const mostCommits = 30;

type OutcomeAround = Pick<PageSurroundings, 't' | 'locale' | 'timeZone'>;

/** The commits that the second section shows: the dearest. */
export function shownCommits(
  found: readonly ProjectOutcome[],
): readonly (OutcomeCommit & { readonly project: string })[] {
  return found
    .flatMap(({ project, commits }) => commits.map((commit) => ({ ...commit, project })))
    .sort((a, b) => (b.spend.costUsd ?? 0) - (a.spend.costUsd ?? 0))
    .slice(0, mostCommits);
}

export function outcomeSections(
  found: readonly ProjectOutcome[],
  lines: ReadonlyMap<string, KeptLines>,
  around: OutcomeAround,
): PageSection[] {
  const cells = new Cells({ ...around, machine: '', pricesAsOf: '', agentLabel: (id) => id });
  return [byProject(found, cells), byCommit(found, lines, cells)].filter(({ table }) => table.rows.length > 0);
}

function byProject(found: readonly ProjectOutcome[], cells: Cells): PageSection {
  const { t } = cells;
  const sum = (rows: readonly TotalsRow[]): PageCell => (rows.length === 0 ? { text: '' } : cells.cost(sumRows(rows)));
  const clear = ({ sessions, state }: OutcomeCommit) => sessions === 1 && state === 'stands';
  const spend = (commits: readonly OutcomeCommit[]) => commits.map((commit) => commit.spend);
  const some = (row: TotalsRow) => (row.calls > 0 ? [row] : []);
  return {
    id: 'outcomes',
    title: t('What it was for'),
    notes: [
      t(
        'Spend of sessions between the commits made in their repository while they ran, from the repository’s own reflog; nothing is run. A commit says that work was kept, not what it is worth.',
      ),
    ],
    table: {
      columns: [
        { title: t('Project'), isNumber: false },
        ...[
          t('Committed'),
          t('Reverted or undone'),
          t('Committed while several sessions ran'),
          t('Committed after the session'),
          t('No commit yet'),
          t('Sum'),
        ].map((title) => ({ title, isNumber: true })),
      ],
      rows: found.map(({ project, commits, unclear, uncommitted, total }) => [
        { text: cells.name(project) },
        sum(spend(commits.filter(clear))),
        sum(spend(commits.filter(({ state }) => state !== 'stands'))),
        sum(spend(commits.filter(({ sessions, state }) => sessions > 1 && state === 'stands'))),
        sum(some(unclear)),
        sum(some(uncommitted)),
        cells.costOf(total, { by: 'project', key: project }),
      ]),
    },
  };
}

function byCommit(found: readonly ProjectOutcome[], lines: ReadonlyMap<string, KeptLines>, cells: Cells): PageSection {
  const { t, around } = cells;
  const shown = shownCommits(found);
  const all = found.reduce((sum, { commits }) => sum + commits.length, 0);
  const count = (n: number) => formatCount(n, around.locale);
  return {
    id: 'commits',
    title: t('Spend between commits'),
    notes: [
      ...(all > shown.length ? [t('{0} of {1}, the dearest.', count(shown.length), count(all))] : []),
      t('Lines are counted by VS Code’s Git extension for the repositories open in this window.'),
    ],
    table: {
      columns: [
        ...[t('Commit'), t('Made'), t('Project'), t('Branch'), t('Outcome')].map((title) => ({
          title,
          isNumber: false,
        })),
        ...[t('Cost'), t('Tokens'), t('Lines added'), t('Still there')].map((title) => ({ title, isNumber: true })),
      ],
      rows: shown.map((commit) => {
        const line = lines.get(commit.hash);
        return [
          { text: `${commit.hash.slice(0, 8)} ${oneLine(commit.subject)}` },
          {
            text: new Date(commit.atMs).toLocaleString(around.locale, {
              timeZone: around.timeZone,
              dateStyle: 'medium',
              timeStyle: 'short',
            }),
          },
          { text: cells.name(commit.project) },
          { text: commit.branch === undefined ? '' : cells.name(commit.branch) },
          { text: outcomeWords(commit, cells) },
          cells.cost(commit.spend),
          cells.tokens(commit.spend.totalTokens),
          line === undefined ? { text: '' } : cells.count(line.added),
          line?.kept === undefined ? { text: '' } : cells.count(line.kept),
        ];
      }),
    },
  };
}

function outcomeWords({ state, sessions }: OutcomeCommit, { t, around }: Cells): string {
  const shared =
    sessions > 1 ? t('{0} sessions ran: whose work is open', formatCount(sessions, around.locale)) : undefined;
  switch (state) {
    case 'reverted':
      return t('reverted');
    case 'undone':
      return t('undone by a reset');
    case 'stands':
      return shared ?? t('committed');
  }
}
