// `doctor`: which agents' folders were looked for and found, what was read, what was stepped over and why, and where
// the store lies.
import { parseArgs } from 'node:util';
import { formatCompact, formatCount } from '../format';
import { type AgentFindings, type DoctorReport } from '../ledger/doctor';
import { hasLogs, reasonWords } from '../report/doctorMarkdown';
import { english } from '../report/english';
import { withLedger } from './machineLedger';
import { harmless, type Io } from './terminal';

const mostFolders = 2;

export async function doctor(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } } });
  const found = await withLedger(io, async (ledger) => {
    await ledger.refresh();
    return ledger.doctor();
  });
  io.write(values.json ? `${JSON.stringify(found)}\n` : asText(found));
  return 0;
}

function asText(found: DoctorReport): string {
  const [seen, unseen] = [found.agents.filter(hasLogs), found.agents.filter((agent) => !hasLogs(agent))];
  const { store, prices } = found;
  return [
    ...seen.flatMap(agentLines),
    ...(seen.length === 0 ? ['No agent logs found yet.', ''] : []),
    `Not found: ${unseen.map(({ label }) => label).join(', ') || 'none'}`,
    ...unseen.flatMap(({ folders }) => lookedFor(folders.map(({ folder }) => folder))),
    '',
    `Store: ${harmless(store.path, 300)}, ${formatCompact(store.sizeBytes)} bytes, ${formatCount(store.calls)} calls in ${formatCount(store.sessions)} sessions`,
    `Prices: as of ${prices.asOf}`,
    ...prices.problems.map((problem) => `  ${harmless(problem, 300)}`),
    '',
  ].join('\n');
}

/** The first places only: most agents may lie in dozens, one an editor. `--json` has them all. */
function lookedFor(folders: readonly string[]): string[] {
  const shown = [...new Set(folders)];
  const more = shown.length - mostFolders;
  const lines = shown.slice(0, mostFolders).map((folder) => `  looked for ${harmless(folder, 300)}`);
  return more > 0 ? [...lines, `  and ${formatCount(more)} more places`] : lines;
}

function agentLines(agent: AgentFindings): string[] {
  const gone = agent.goneFiles > 0 ? ` (${formatCount(agent.goneFiles)} deleted by now, their calls are kept)` : '';
  return [
    `${agent.label}: ${formatCount(agent.files)} files${gone}, ${formatCount(agent.records)} records, ${formatCount(agent.calls)} calls in ${formatCount(agent.sessions)} sessions`,
    ...agent.folders
      .filter(({ exists }) => exists)
      .map(({ folder, files }) => `  read ${harmless(folder, 300)}: ${formatCount(files)} files`),
    ...lookedFor(agent.folders.filter(({ exists }) => !exists).map(({ folder }) => folder)),
    ...agent.folders.flatMap(({ unreadable }) =>
      unreadable.map((path) => `  cannot be listed: ${harmless(path, 300)} (give this user leave to read it)`),
    ),
    ...agent.skipped.map(
      ({ file, reason, count }) => `  ${harmless(file, 300)}: ${reasonWords(reason, english)}: ${formatCount(count)}`,
    ),
    ...agent.notes.map((note) => `  note: ${note}`),
    '',
  ];
}
