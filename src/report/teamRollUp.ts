// A roll-up for a team: sums by week, agent and model that can be given away and added up. Holds no person, machine,
// session, prompt, branch or path (a project's name or path only where it was asked for); groups of few sessions are
// merged until nobody's single piece of work shows. There is no ranking: files lose what they came from when merged.
import { formatCompact, formatCount, formatUsd } from '../format';
import { type TeamFact } from '../ledger/teamFacts';
import { markdownCell } from './markdown';
import { type Translate } from './pageShapes';

export const rollUpVersion = 1;
/** Fewer sessions than these are merged with others. */
export const leastSessions = 5;

export type ProjectNames = 'none' | 'names' | 'paths';

export interface RollUpRow {
  /** The week's Monday; `other` where several weeks were merged. */
  readonly week: string;
  /** `other` where several were merged. */
  readonly agent: string;
  readonly model: string;
  readonly project?: string;
  readonly sessions: number;
  readonly calls: number;
  readonly inputTokens: number;
  readonly cacheWriteTokens: number;
  readonly cacheReadTokens: number;
  readonly outputTokens: number;
  /** At public list prices; what has no price is in `unpricedTokens` alone. */
  readonly costUsd: number;
  readonly unpricedTokens: number;
}

export interface RollUp {
  readonly kind: 'tokenometer-roll-up';
  readonly schemaVersion: typeof rollUpVersion;
  readonly since: string;
  readonly until: string;
  /** How many files were merged into this one; 1 for a person's own. */
  readonly files: number;
  readonly leastSessions: number;
  readonly rows: readonly RollUpRow[];
  /** Sessions that were too few to be shown even when merged. */
  readonly leftOutSessions: number;
}

export function rollUp(
  facts: readonly TeamFact[],
  { since, until, projects }: { readonly since: string; readonly until: string; readonly projects: ProjectNames },
): RollUp {
  const rows = facts.map((fact): Group => ({
    week: fact.week,
    agent: fact.agent,
    model: fact.model,
    ...(projects === 'none' ? {} : { project: projects === 'paths' ? fact.project : lastPart(fact.project) }),
    sessions: fact.sessions.length,
    ids: new Set(fact.sessions),
    calls: fact.calls,
    inputTokens: fact.inputTokens,
    cacheWriteTokens: fact.cacheWrite5mTokens + fact.cacheWrite1hTokens,
    cacheReadTokens: fact.cacheReadTokens,
    outputTokens: fact.outputTokens,
    costUsd: fact.costUsd ?? 0,
    unpricedTokens: fact.unpricedTokens,
  }));
  return { ...head, since, until, files: 1, ...sealed(rows, 0) };
}

/** Several people's files as one; which row came from which is gone. */
export function mergeRollUps(parts: readonly RollUp[]): RollUp {
  const leftOut = parts.reduce((sum, part) => sum + part.leftOutSessions, 0);
  return {
    ...head,
    since: parts.map((part) => part.since).sort()[0] ?? '',
    until:
      parts
        .map((part) => part.until)
        .sort()
        .at(-1) ?? '',
    files: parts.reduce((sum, part) => sum + part.files, 0),
    ...sealed(
      parts.flatMap(({ rows }) => rows),
      leftOut,
    ),
  };
}

const head = { kind: 'tokenometer-roll-up', schemaVersion: rollUpVersion } as const;

/** A row while it is made: whose sessions are known is counted by them, for one session may use several models. */
type Group = RollUpRow & { readonly ids?: ReadonlySet<string> };

const other = 'other';

/** First the small groups of a week become one, then what is small still becomes one of all weeks. */
function sealed(rows: readonly Group[], leftOut: number): Pick<RollUp, 'leastSessions' | 'rows' | 'leftOutSessions'> {
  const isSmall = (row: Group) => row.sessions < leastSessions;
  const merge = (all: readonly Group[], of: (row: Group) => Group) =>
    added(all.map((row) => (isSmall(row) ? of(row) : row)));
  const named = (row: Group): Group => ({
    ...row,
    agent: other,
    model: other,
    ...(row.project === undefined ? {} : { project: other }),
  });
  const byWeek = merge(added(rows), named);
  const all = merge(byWeek, (row) => ({ ...named(row), week: other }));
  const few = all.filter(isSmall);
  return {
    leastSessions,
    rows: all
      .filter((row) => !isSmall(row))
      .map(({ ids: _, ...row }) => ({ ...row, costUsd: Number(row.costUsd.toFixed(6)) })),
    leftOutSessions: leftOut + few.reduce((sum, { sessions }) => sum + sessions, 0),
  };
}

/** Rows with the same names as one, in the order of their names. */
function added(rows: readonly Group[]): Group[] {
  const sums = new Map<string, Group>();
  for (const row of rows) {
    const key = [row.week, row.agent, row.model, row.project ?? ''].join('\n');
    const sum = sums.get(key);
    sums.set(
      key,
      sum
        ? {
            ...sum,
            ...together(sum, row),
            calls: sum.calls + row.calls,
            inputTokens: sum.inputTokens + row.inputTokens,
            cacheWriteTokens: sum.cacheWriteTokens + row.cacheWriteTokens,
            cacheReadTokens: sum.cacheReadTokens + row.cacheReadTokens,
            outputTokens: sum.outputTokens + row.outputTokens,
            costUsd: sum.costUsd + row.costUsd,
            unpricedTokens: sum.unpricedTokens + row.unpricedTokens,
          }
        : row,
    );
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

function together(a: Group, b: Group): Pick<Group, 'sessions' | 'ids'> {
  if (!a.ids || !b.ids) return { sessions: a.sessions + b.sessions };
  const ids = new Set([...a.ids, ...b.ids]);
  return { sessions: ids.size, ids };
}

const counts = [
  'sessions',
  'calls',
  'inputTokens',
  'cacheWriteTokens',
  'cacheReadTokens',
  'outputTokens',
  'costUsd',
  'unpricedTokens',
] as const;

/** A file somebody gave; says what is wrong with it. Fields that a roll-up does not have are not taken over. */
export function readRollUp(text: string): RollUp | { readonly problem: 'not JSON' | 'not a roll-up' | 'newer' } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'not JSON' };
  }
  const found = Object(value) as Partial<Record<keyof RollUp, unknown>>;
  if (found.kind !== 'tokenometer-roll-up' || !Array.isArray(found.rows)) return { problem: 'not a roll-up' };
  if (typeof found.schemaVersion !== 'number' || found.schemaVersion > rollUpVersion) return { problem: 'newer' };
  const rows: RollUpRow[] = [];
  for (const row of found.rows as unknown[]) {
    const read = readRow(Object(row) as Record<string, unknown>);
    if (!read) return { problem: 'not a roll-up' };
    rows.push(read);
  }
  const { since, until } = found;
  if (typeof since !== 'string' || typeof until !== 'string') return { problem: 'not a roll-up' };
  return {
    kind: 'tokenometer-roll-up',
    schemaVersion: rollUpVersion,
    since,
    until,
    files: countIn(found.files) ?? 1,
    leastSessions,
    rows,
    leftOutSessions: countIn(found.leftOutSessions) ?? 0,
  };
}

function countIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function readRow(row: Record<string, unknown>): RollUpRow | undefined {
  const { week, agent, model, project } = row;
  if (typeof week !== 'string' || typeof agent !== 'string' || typeof model !== 'string') return undefined;
  const figures: Record<string, number> = {};
  for (const name of counts) {
    const count = countIn(row[name]);
    if (count === undefined) return undefined;
    figures[name] = count;
  }
  return {
    week,
    agent,
    model,
    ...(typeof project === 'string' ? { project } : {}),
    ...(figures as unknown as Pick<RollUpRow, (typeof counts)[number]>),
  };
}

/** The sums of a roll-up, to read. */
export function rollUpMarkdown(merged: RollUp, t: Translate, locale: string): string {
  const by = (name: 'week' | 'agent' | 'model' | 'project', heading: string): string[] => {
    const rows = merged.rows.filter((row) => row[name] !== undefined);
    if (rows.length === 0) return [];
    const sums = added(
      rows.map(({ project, ...row }) => ({
        ...row,
        week: '',
        agent: '',
        model: '',
        [name]: name === 'project' ? project : row[name],
      })),
    );
    return [
      `## ${heading}`,
      '',
      `| ${[heading, t('Cost'), t('Sessions'), t('Calls'), t('Tokens')].join(' | ')} |`,
      '| :-- | --: | --: | --: | --: |',
      ...sums.map((row) => {
        const tokens = row.inputTokens + row.cacheWriteTokens + row.cacheReadTokens + row.outputTokens;
        const cells = [
          markdownCell(row[name] ?? ''),
          `${row.unpricedTokens > 0 ? '≥ ' : ''}${formatUsd(row.costUsd, locale)}`,
          formatCount(row.sessions, locale),
          formatCount(row.calls, locale),
          formatCompact(tokens, locale),
        ];
        return `| ${cells.join(' | ')} |`;
      }),
      '',
    ];
  };
  return [
    `# ${t('Team roll-up')}`,
    '',
    t(
      'Files: {0}. {1} to {2}. API-equivalent cost at public list prices. Groups of fewer than {3} sessions are merged; sessions left out: {4}.',
      formatCount(merged.files, locale),
      markdownCell(merged.since),
      markdownCell(merged.until),
      String(merged.leastSessions),
      formatCount(merged.leftOutSessions, locale),
    ),
    '',
    ...by('week', t('Week of')),
    ...by('agent', t('Agent')),
    ...by('model', t('Model')),
    ...by('project', t('Project')),
  ].join('\n');
}

function lastPart(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? '';
}
