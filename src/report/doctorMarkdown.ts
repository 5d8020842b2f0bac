// What was looked for and found, in words a person can act on: the editor's counterpart of `doctor`.
import { type SkipReason } from '../agents/agent';
import { formatCompact, formatCount } from '../format';
import { type AgentFindings, type DoctorReport } from '../ledger/doctor';
import { markdownCell } from './markdown';

/** After a number: "3 lines that are not valid JSON". */
export const reasonWords: Readonly<Record<SkipReason, string>> = {
  'broken-json': 'lines not understood (not valid JSON)',
  'broken-record': 'records not understood (a part is missing)',
  'broken-number': 'records not understood (a figure is no sensible number)',
  'line-too-long': 'lines too long to be read',
  'unknown-format': 'records in a format not known to this version',
  unreadable: 'files or folders that may not be read',
  'no-tokens-logged': 'records without token figures',
};

/** A folder alone is no sign of an agent: an editor's storage lies where several may write. */
export function hasLogs({ folders, files }: AgentFindings): boolean {
  return files > 0 || folders.some(({ unreadable }) => unreadable.length > 0);
}

export function doctorMarkdown(found: DoctorReport, machine: string): string {
  const seen = found.agents.filter(hasLogs);
  const unseen = found.agents.filter((agent) => !seen.includes(agent));
  const { store, prices } = found;
  return [
    '# Tokenometer: agent logs',
    '',
    seen.length === 0
      ? `No agent logs found yet on ${markdownCell(machine)}. As soon as one of the agents below has run here, its use appears in the status bar.`
      : `Read on ${markdownCell(machine)}, and nothing changed there: logs are opened for reading only.`,
    '',
    ...(seen.length > 0 ? foundTable(seen) : []),
    ...seen.flatMap(problems),
    '## Looked for, not there',
    '',
    ...(unseen.length === 0 ? ['Every agent known to Tokenometer has a folder here.'] : notFound(unseen)),
    '',
    'Logs on another path? Name it in the setting `tokenometer.logs.folders`.',
    '',
    '## Store and prices',
    '',
    `${formatCount(store.calls)} calls in ${formatCount(store.sessions)} sessions are kept in ${markdownCell(store.path)} (${formatCompact(store.sizeBytes)} bytes): numbers and ids only, and they stay when an agent deletes its logs. Prices as of ${prices.asOf}.`,
    '',
    ...prices.problems.map((problem) => `- ${markdownCell(problem)}`),
    '',
  ].join('\n');
}

function foundTable(agents: readonly AgentFindings[]): string[] {
  return [
    '| Agent | Files | Calls | Sessions | Folder |',
    '| :-- | --: | --: | --: | :-- |',
    ...agents.map((agent) => {
      const folders = [
        ...new Set(agent.folders.filter(({ files }) => files > 0).map(({ folder }) => markdownCell(folder))),
      ];
      const cells = [
        formatCount(agent.files),
        formatCount(agent.calls),
        formatCount(agent.sessions),
        folders.join('<br>') || ' ',
      ];
      return `| ${agent.label} | ${cells.join(' | ')} |`;
    }),
    '',
  ];
}

function problems(agent: AgentFindings): string[] {
  const lines = [
    ...agent.folders.flatMap(({ unreadable }) =>
      unreadable.map((path) => `- ${markdownCell(path)} cannot be listed: give this user leave to read it.`),
    ),
    ...agent.skipped.map(
      ({ file, reason, count }) => `- ${formatCount(count)} ${reasonWords[reason]} in ${markdownCell(file)}`,
    ),
    ...agent.notes.map((note) => `- ${markdownCell(note)}`),
  ];
  return lines.length === 0 ? [] : [`## ${agent.label}: what to know`, '', ...lines, ''];
}

function notFound(agents: readonly AgentFindings[]): string[] {
  return [
    '| Agent | Looked for |',
    '| :-- | :-- |',
    ...agents.map(({ label, folders }) => {
      const all = [...new Set(folders.map(({ folder }) => folder))];
      const shown = all.slice(0, 2).map(markdownCell);
      const more = all.length > shown.length ? `<br>and ${all.length - shown.length} more places` : '';
      return `| ${label} | ${shown.join('<br>')}${more} |`;
    }),
  ];
}
