// What spend came to: for each repository, the spend of sessions between the commits that were made while they ran. What
// cannot be told is left so: several sessions at one commit, or a commit after the session had ended. Knows no person.
import { type Figures, addFigures, noFigures, totalsRow, type TotalsRow } from './totals';
import { quarterMs } from './calendar';
import { callRows, figuresBy, figuresOf, sumConditions, type SumQuery, valuesOf, whereOf } from './figuresBy';
import { type LocalCommit, localCommits } from './gitReflog';
import { figureColumns } from './rollUps';
import { type Store } from './store';
import { type Sums } from './sums';

export interface OutcomeCommit extends LocalCommit {
  readonly spend: TotalsRow;
  /** How many sessions had spent since the commit before and ran when it was made: above 1, whose work it is is open. */
  readonly sessions: number;
}

export interface ProjectOutcome {
  readonly project: string;
  readonly total: TotalsRow;
  /** Those with spend, the earliest first. */
  readonly commits: readonly OutcomeCommit[];
  /** A commit followed within a day, when the session had ended: perhaps its work. */
  readonly unclear: TotalsRow;
  /** No commit followed so far. */
  readonly uncommitted: TotalsRow;
  /** All since the last commit, whatever it becomes. */
  readonly sinceCommit: TotalsRow;
  readonly sessionsSinceCommit: number;
}

const mostProjects = 20;
/** A commit so soon after a session's last call was made while it ran. */
const graceMs = 30 * 60_000;
const unclearMs = 86_400_000;

/** The dearest projects that have a repository here. `given`: commits of those whose own log is not there. */
export function outcomes(
  store: Store,
  sums: Sums,
  query: SumQuery,
  given: Readonly<Record<string, readonly LocalCommit[]>> = {},
): ProjectOutcome[] {
  const projects = [...figuresBy(store, sums, query, ['project'])]
    .sort((a, b) => b.figures.costUsd - a.figures.costUsd)
    .map(({ keys }) => keys[0]!);
  const found: ProjectOutcome[] = [];
  for (const project of projects) {
    const commits = project === '' ? undefined : (localCommits(project) ?? given[project]);
    if (commits) found.push(outcomeOf(project, piecesOf(store, sums, { ...query, project }, commits), commits));
    if (found.length >= mostProjects) break;
  }
  return found;
}

/** Spend of one session at one moment. */
export interface Piece {
  readonly session: number;
  readonly branch: string;
  readonly atMs: number;
  readonly figures: Figures;
}

/** By the quarter hour; by the call where a commit lies within it. */
function piecesOf(store: Store, sums: Sums, query: SumQuery, commits: readonly LocalCommit[]): Piece[] {
  if (!sums.isPricedByUs()) return [...callPieces(store, sums, query)];
  const conditions = sumConditions(store, query);
  if (!conditions) return [];
  const added = figureColumns.map((column) => `sum(${column}) AS ${column}`).join(', ');
  const split = new Set(commits.map(({ atMs }) => Math.floor(atMs / quarterMs)));
  const pieces: Piece[] = [];
  const sessions = new Set<number>();
  for (const row of store.all(
    `SELECT session, quarter, branch, ${added} FROM sums WHERE ${whereOf(conditions)} GROUP BY 1, 2, 3`,
    ...valuesOf(conditions),
  )) {
    const quarter = Number(row['quarter']);
    const session = Number(row['session']);
    if (split.has(quarter)) sessions.add(session);
    else
      pieces.push({
        session,
        branch: store.nameOf(row['branch']) ?? '',
        atMs: quarter * quarterMs,
        figures: figuresOf(row),
      });
  }
  for (const sessionRow of sessions)
    for (const piece of callPieces(store, sums, { ...query, sessionRow }))
      if (split.has(Math.floor(piece.atMs / quarterMs))) pieces.push(piece);
  return pieces;
}

function* callPieces(store: Store, sums: Sums, query: SumQuery): Iterable<Piece> {
  for (const row of callRows(store, query))
    yield {
      session: Number(row['session']),
      branch: store.nameOf(row['branch']) ?? '',
      atMs: Number(row['at_ms']),
      figures: sums.figuresOf(row),
    };
}

/** Every piece goes to one place, so that the parts sum to the whole. */
export function outcomeOf(
  project: string,
  unsorted: readonly Piece[],
  commits: readonly LocalCommit[],
): ProjectOutcome {
  const pieces = [...unsorted].sort((a, b) => a.atMs - b.atMs);
  const spans = spansOf(pieces);
  let open = pieces;
  const found: OutcomeCommit[] = [];
  for (const commit of commits) {
    const isTaken = (piece: Piece) => piece.atMs <= commit.atMs && mayBeOf(piece, commit) && ran(spans, piece, commit);
    const taken = open.filter(isTaken);
    if (taken.length === 0) continue;
    open = open.filter((piece) => !isTaken(piece));
    const sessions = new Set(taken.map(({ session }) => session)).size;
    found.push({ ...commit, spend: rowOf(commit.hash, taken), sessions });
  }
  const lastMs = commits.at(-1)?.atMs ?? -Infinity;
  const isUnclear = (piece: Piece) =>
    commits.some(
      (commit) => commit.atMs > piece.atMs && commit.atMs - endOf(spans, piece) < unclearMs && mayBeOf(piece, commit),
    );
  const since = pieces.filter(({ atMs }) => atMs > lastMs);
  return {
    project,
    total: rowOf(project, pieces),
    commits: found,
    unclear: rowOf('unclear', open.filter(isUnclear)),
    uncommitted: rowOf(
      'uncommitted',
      open.filter((piece) => !isUnclear(piece)),
    ),
    sinceCommit: rowOf('since', since),
    sessionsSinceCommit: new Set(since.map(({ session }) => session)).size,
  };
}

type Spans = ReadonlyMap<number, { firstMs: number; lastMs: number }>;

function spansOf(pieces: readonly Piece[]): Spans {
  const spans = new Map<number, { firstMs: number; lastMs: number }>();
  for (const { session, atMs } of pieces) {
    const span = spans.get(session);
    if (span) span.lastMs = Math.max(span.lastMs, atMs);
    else spans.set(session, { firstMs: atMs, lastMs: atMs });
  }
  return spans;
}

function endOf(spans: Spans, { session }: Piece): number {
  return spans.get(session)!.lastMs;
}

function ran(spans: Spans, piece: Piece, { atMs }: LocalCommit): boolean {
  const { firstMs, lastMs } = spans.get(piece.session)!;
  return firstMs <= atMs && atMs <= lastMs + graceMs;
}

function mayBeOf({ branch }: Piece, commit: LocalCommit): boolean {
  return branch === '' || branch === 'HEAD' || commit.branch === undefined || branch === commit.branch;
}

function rowOf(key: string, pieces: readonly Piece[]): TotalsRow {
  const figures = noFigures();
  for (const piece of pieces) addFigures(figures, piece.figures);
  return totalsRow(key, figures);
}
