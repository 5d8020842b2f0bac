// What was looked for and found, in words a person can act on: the editor's counterpart of `doctor`. `t` translates.
import { type SkipReason } from '../agents/agent';
import { formatCompact, formatCount } from '../format';
import { type AgentFindings, type DoctorReport } from '../ledger/doctor';
import { markdownCell } from './markdown';
import { type Translate } from './pageShapes';

/** What a record that was not understood lacks; for the head of a row or after a colon. */
export function reasonWords(reason: SkipReason, t: Translate): string {
  switch (reason) {
    case 'broken-json':
      return t('lines not understood (not valid JSON)');
    case 'broken-record':
      return t('records not understood (a part is missing)');
    case 'broken-number':
      return t('records not understood (a figure is no sensible number)');
    case 'line-too-long':
      return t('lines too long to be read');
    case 'unknown-format':
      return t('records in a format not known to this version');
    case 'unreadable':
      return t('files or folders that may not be read');
    case 'no-tokens-logged':
      return t('records without token figures');
  }
}

/** A folder alone is no sign of an agent: an editor's storage lies where several may write. */
export function hasLogs({ folders, files }: AgentFindings): boolean {
  return files > 0 || folders.some(({ unreadable }) => unreadable.length > 0);
}

export function doctorMarkdown(found: DoctorReport, machine: string, t: Translate, locale: string): string {
  const seen = found.agents.filter(hasLogs);
  const unseen = found.agents.filter((agent) => !seen.includes(agent));
  const { store, prices } = found;
  const where = markdownCell(machine);
  return [
    `# ${t('Agent logs')}`,
    '',
    seen.length === 0
      ? t(
          'No agent logs found yet on {0}. As soon as one of the agents below has run here, its use appears in the status bar.',
          where,
        )
      : t('Read on {0}, and nothing changed there: logs are opened for reading only.', where),
    '',
    ...(seen.length > 0 ? foundTable(seen, t, locale) : []),
    ...seen.flatMap((agent) => problems(agent, t, locale)),
    `## ${t('Looked for, not there')}`,
    '',
    ...(unseen.length === 0 ? [t('Every agent known to Tokenometer has a folder here.')] : notFound(unseen, t, locale)),
    '',
    t('Logs on another path? Name it in the setting `tokenometer.logs.folders`.'),
    '',
    `## ${t('Store and prices')}`,
    '',
    t(
      '{0} calls in {1} sessions are kept in {2} ({3} bytes): numbers and ids only, and they stay when an agent deletes its logs. Prices as of {4}.',
      formatCount(store.calls, locale),
      formatCount(store.sessions, locale),
      markdownCell(store.path),
      formatCompact(store.sizeBytes, locale),
      prices.asOf,
    ),
    '',
    ...prices.problems.map((problem) => `- ${markdownCell(problem)}`),
    '',
  ].join('\n');
}

function foundTable(agents: readonly AgentFindings[], t: Translate, locale: string): string[] {
  return [
    `| ${t('Agent')} | ${t('Files')} | ${t('Calls')} | ${t('Sessions')} | ${t('Folder')} |`,
    '| :-- | --: | --: | --: | :-- |',
    ...agents.map((agent) => {
      const folders = [
        ...new Set(agent.folders.filter(({ files }) => files > 0).map(({ folder }) => markdownCell(folder))),
      ];
      const cells = [
        formatCount(agent.files, locale),
        formatCount(agent.calls, locale),
        formatCount(agent.sessions, locale),
        folders.join('<br>') || ' ',
      ];
      return `| ${agent.label} | ${cells.join(' | ')} |`;
    }),
    '',
  ];
}

function problems(agent: AgentFindings, t: Translate, locale: string): string[] {
  const lines = [
    ...agent.folders.flatMap(({ unreadable }) =>
      unreadable.map((path) => `- ${t('{0} cannot be listed: give this user leave to read it.', markdownCell(path))}`),
    ),
    ...agent.skipped.map(
      ({ file, reason, count }) => `- ${markdownCell(file)}: ${reasonWords(reason, t)}: ${formatCount(count, locale)}`,
    ),
    ...agent.notes.map((note) => `- ${markdownCell(t(note))}`),
  ];
  return lines.length === 0 ? [] : [`## ${t('{0}: what to know', agent.label)}`, '', ...lines, ''];
}

function notFound(agents: readonly AgentFindings[], t: Translate, locale: string): string[] {
  return [
    `| ${t('Agent')} | ${t('Looked for')} |`,
    '| :-- | :-- |',
    ...agents.map(({ label, folders }) => {
      const all = [...new Set(folders.map(({ folder }) => folder))];
      const shown = all.slice(0, 2).map(markdownCell);
      const others = all.length - shown.length;
      const more = others > 0 ? `<br>${t('Other places: {0}', formatCount(others, locale))}` : '';
      return `| ${label} | ${shown.join('<br>')}${more} |`;
    }),
  ];
}
