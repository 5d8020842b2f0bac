// The report's page as one plain object: tiles, a chart, tables, filters, remarks. Every figure has its number, its
// words and, where the ledger can take it apart, the way to its explanation.
import { formatCompact, formatCount, formatCoverage } from '../format';
import { type PageFacts, type PageQuery, type PairRow } from '../ledger/pageFacts';
import { byCost } from './glance';
import { Cells } from './pageCells';
import { pageChart } from './pageChart';
import {
  type PageCell,
  type PageModel,
  type PageRequest,
  type PageSection,
  type PageSurroundings,
  type PageTable,
} from './pageShapes';
import {
  cacheTable,
  overheadTable,
  promptsTable,
  sessionsTable,
  skippedTable,
  speedsTable,
  unpricedTable,
} from './pageTables';

export type { PageSection, Translate } from './pageShapes';

export function pageQuery(request: PageRequest, timeZone: string): PageQuery {
  const { since, until, stackBy, agent, project, model } = request;
  return {
    since,
    until,
    stackBy,
    timeZone,
    ...(agent === undefined ? {} : { agent: agent as NonNullable<PageQuery['agent']> }),
    ...(project === undefined ? {} : { project }),
    ...(model === undefined ? {} : { model }),
  };
}

export function pageModel(facts: PageFacts, request: PageRequest, around: PageSurroundings): PageModel {
  const cells = new Cells(around);
  return {
    title: around.t('Cost report'),
    remarks: remarks(facts, cells),
    request,
    choices: {
      agent: facts.known.agents.map((value) => ({ value, label: around.agentLabel(value) })),
      project: facts.known.projects.map((value) => ({ value, label: cells.name(value) })),
      model: facts.known.models.map((value) => ({ value, label: cells.name(value) })),
    },
    tiles: tiles(facts, cells),
    chart: pageChart(facts, request.since, request.stackBy, cells),
    sections: [...sumSections(facts, cells), ...otherSections(facts, cells)].filter(
      ({ table }) => table.rows.length > 0,
    ),
    isEmpty: facts.totals.calls === 0,
  };
}

const mostRows = 50;

function remarks({ totals }: PageFacts, { t, around }: Cells): string[] {
  const { locale } = around;
  const lines = [
    t(
      'What these tokens cost at public list prices on their day: not your bill. Logs of {0}; days in {1}; prices as of {2}.',
      around.machine,
      around.timeZone,
      around.pricesAsOf,
    ),
  ];
  if (totals.unpricedTokens > 0)
    lines.push(
      t(
        '≥: {0} of the tokens have a price; {1} are unpriced.',
        formatCoverage(1 - totals.unpricedTokens / totals.totalTokens, locale),
        formatCompact(totals.unpricedTokens, locale),
      ),
    );
  if (totals.unrecordedOutputCalls > 0)
    lines.push(
      t('≥: the agent recorded no output for {0} of the calls.', formatCount(totals.unrecordedOutputCalls, locale)),
    );
  if (totals.estimatedTokens > 0)
    lines.push(t('≈ {0} of the tokens are estimates.', formatCompact(totals.estimatedTokens, locale)));
  return lines;
}

function tiles(facts: PageFacts, cells: Cells): (PageCell & { label: string })[] {
  const { t } = cells;
  const { totals, promptCount, sessionCount, cache, subagents } = facts;
  const byAgents = subagents.filter(({ key }) => key !== '').reduce((sum, row) => sum + (row.costUsd ?? 0), 0);
  const prompt = totals.inputTokens + totals.cacheReadTokens + totals.cacheWrite5mTokens + totals.cacheWrite1hTokens;
  const all = { by: 'total', key: '' } as const;
  const shown = [
    { label: t('Cost'), ...cells.costOf(totals, all) },
    { label: t('Tokens'), ...cells.tokens(totals.totalTokens), ...cells.why(all) },
    { label: t('Sessions'), ...cells.count(sessionCount) },
    { label: t('Prompts'), ...cells.count(promptCount) },
  ];
  if (promptCount > 0 && totals.costUsd !== undefined)
    shown.push({ label: t('Cost per prompt'), ...cells.perPrompt(totals, promptCount) });
  if (totals.costUsd) shown.push({ label: t('Subagents’ share'), ...cells.share(byAgents / totals.costUsd) });
  if (prompt > 0) shown.push({ label: t('Read from cache'), ...cells.share(totals.cacheReadTokens / prompt) });
  if (cache.savedUsd > 0)
    shown.push({ label: t('Saved by caching'), ...cells.estimate(cache.savedUsd - cache.writePremiumUsd) });
  return shown;
}

function section(id: string, title: string, notes: readonly string[], table: PageTable): PageSection {
  return { id, title, notes, table };
}

/** What the table leaves out. */
function cut(all: readonly unknown[], shown: number, { t, around }: Cells): string[] {
  if (all.length <= shown) return [];
  return [t('{0} of {1}.', formatCount(shown, around.locale), formatCount(all.length, around.locale))];
}

function sumSections(facts: PageFacts, cells: Cells): PageSection[] {
  const { t } = cells;
  const subagents = facts.subagents.filter(({ key }) => key !== '');
  const branches = byCost(facts.branches) as PairRow[];
  const filtered = (by: 'model' | 'agent' | 'project', title: string, heading: string, rows: PageFacts['models']) =>
    section(
      `${by}s`,
      title,
      cut(rows, mostRows, cells),
      cells.groups(
        [heading],
        byCost(rows).slice(0, mostRows),
        (row) => [cells.filtering(by, row.key)],
        ({ key }) => ({ by, key }),
      ),
    );
  return [
    section(
      'days',
      t('By day'),
      cut(facts.days, mostRows, cells),
      cells.groups(
        [t('Day')],
        [...facts.days].reverse().slice(0, mostRows),
        (row) => [{ text: row.key, ...cells.why({ by: 'day', key: row.key }) }],
        ({ key }) => ({ by: 'day', key }),
      ),
    ),
    filtered('model', t('By model'), t('Model'), facts.models),
    filtered('agent', t('By agent'), t('Agent'), facts.agents),
    filtered('project', t('By project'), t('Project'), facts.projects),
    section(
      'branches',
      t('By branch'),
      cut(branches, mostRows, cells),
      cells.groups(
        [t('Branch'), t('Project')],
        branches.slice(0, mostRows),
        (row) => [{ text: cells.name(row.key) }, { text: cells.name(row.of) }],
        (row) => ({ by: 'branch', key: row.key, project: row.of }),
      ),
    ),
    section(
      'subagents',
      t('Subagents'),
      cut(subagents, mostRows, cells),
      cells.groups(
        [t('Subagent')],
        byCost(subagents).slice(0, mostRows),
        ({ key }) => [{ text: cells.name(key) }],
        ({ key }) => ({ by: 'subagent', key }),
      ),
    ),
  ];
}

function otherSections(facts: PageFacts, cells: Cells): PageSection[] {
  const { t, around } = cells;
  const { sessions, sessionCount } = facts;
  const sessionNote = t(
    '{0} of {1}. Titles are read from the logs for this view and kept nowhere.',
    String(sessions.length),
    formatCount(sessionCount, around.locale),
  );
  const overheadNote = t(
    'The median prompt of a session’s first call: system prompt, tools, instruction files and your own first words.',
  );
  const speedNote = t(
    'The median of the latest calls of Claude Code, Codex and Qwen Code, from what is answered to the answer in the log: waiting for the first word is in it.',
  );
  return [
    section(
      'sessions',
      t('Dearest sessions'),
      sessionCount > sessions.length ? [sessionNote] : [],
      sessionsTable(sessions, cells),
    ),
    section('prompts', t('Dearest prompts, and why'), [], promptsTable(facts.dearestPrompts, cells)),
    section(
      'cache',
      t('Cache savings and misses'),
      [t('At base list prices, without long-context and other surcharges.')],
      cacheTable(facts, cells),
    ),
    section(
      'overhead',
      t('What a new session starts with'),
      [overheadNote, ...cut(facts.newSessions, mostRows, cells)],
      overheadTable(facts, mostRows, cells),
    ),
    section('speeds', t('Tokens a second'), [speedNote], speedsTable(facts, cells)),
    section(
      'unpriced',
      t('Models without a price'),
      [t('Their tokens are counted and their cost is not.')],
      unpricedTable(facts, cells),
    ),
    section(
      'skipped',
      t('Not understood in the logs'),
      cut(facts.skipped, mostRows, cells),
      skippedTable(facts, mostRows, cells),
    ),
  ];
}
