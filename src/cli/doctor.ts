// `doctor`: which agents' folders were looked for and found, what was read, what was stepped over and why, and where
// the store lies.
import { parseArgs } from 'node:util';
import { formatCompact, formatCount } from '../format';
import { type AgentFindings, type DoctorReport } from '../ledger/doctor';
import { reasonWords } from '../report/doctorMarkdown';
import { withLedger } from './machineLedger';
import { harmless, type Io } from './terminal';

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
  const [seen, unseen] = [found.agents.filter(isSeen), found.agents.filter((agent) => !isSeen(agent))];
  const { store, prices } = found;
  return [
    ...seen.flatMap(agentLines),
    ...(seen.length === 0 ? ['No agent logs found yet.', ''] : []),
    `Not found: ${unseen.map(({ label }) => label).join(', ') || 'none'}`,
    ...unseen.flatMap(({ folders }) => folders.map(({ folder }) => `  looked for ${harmless(folder, 300)}`)),
    '',
    `Store: ${harmless(store.path, 300)}, ${formatCompact(store.sizeBytes)} bytes, ${formatCount(store.calls)} calls in ${formatCount(store.sessions)} sessions`,
    `Prices: as of ${prices.asOf}`,
    ...prices.problems.map((problem) => `  ${harmless(problem, 300)}`),
    '',
  ].join('\n');
}

export function isSeen({ folders, files }: AgentFindings): boolean {
  return files > 0 || folders.some((folder) => folder.exists);
}

function agentLines(agent: AgentFindings): string[] {
  const gone = agent.goneFiles > 0 ? ` (${formatCount(agent.goneFiles)} deleted by now, their calls are kept)` : '';
  return [
    `${agent.label}: ${formatCount(agent.files)} files${gone}, ${formatCount(agent.records)} records, ${formatCount(agent.calls)} calls in ${formatCount(agent.sessions)} sessions`,
    ...agent.folders.map(
      ({ folder, exists, files }) =>
        `  ${exists ? 'read' : 'looked for'} ${harmless(folder, 300)}${exists ? `: ${formatCount(files)} files` : ''}`,
    ),
    ...agent.folders.flatMap(({ unreadable }) =>
      unreadable.map((path) => `  cannot be listed: ${harmless(path, 300)} (give this user leave to read it)`),
    ),
    ...agent.skipped.map(
      ({ file, reason, count }) => `  ${formatCount(count)} ${reasonWords[reason]} in ${harmless(file, 300)}`,
    ),
    ...agent.notes.map((note) => `  note: ${note}`),
    '',
  ];
}
