// The lab's results in words: a line a case, and the table of agents by cases. Pure.
import { type CaseResult } from './runLab';

export function lineOf(result: CaseResult): string {
  const { agent, version, equal, gaps, unexplained, served, seconds, keptFolder } = result;
  const state = unexplained.length > 0 ? 'UNEXPLAINED' : gaps.length > 0 ? 'equal, with gaps' : 'equal';
  const said = [`${equal} of ${served} requests equal`, ...gaps.map((gap) => `in no log: ${gap}`), ...unexplained];
  if (keptFolder !== undefined) said.push(`see ${keptFolder}`);
  return `${state.padEnd(16)} ${`${agent} ${version}`.padEnd(24)} ${result.case.padEnd(12)} ${seconds.toFixed(1).padStart(5)} s  ${said.join('; ')}`;
}

/** In Markdown, for the README: `=` equal, `= (…)` equal but for what is named, `UNEXPLAINED`, `–` not possible without a person. */
export function tableOf(results: readonly CaseResult[]): string {
  const caseNames = [...new Set(results.map((result) => result.case))];
  const agents = [...new Set(results.map(({ agent, version }) => `${agent} ${version}`))];
  const cell = (agent: string, name: string) => {
    const result = results.find(
      (candidate) => `${candidate.agent} ${candidate.version}` === agent && candidate.case === name,
    );
    if (!result) return '–';
    if (result.unexplained.length > 0) return 'UNEXPLAINED';
    return result.gaps.length > 0 ? `= (${result.gaps.join(', ')})` : '=';
  };
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row(['agent', ...caseNames]),
    row(['---', ...caseNames.map(() => '---')]),
    ...agents.map((agent) => row([agent, ...caseNames.map((name) => cell(agent, name))])),
  ].join('\n');
}
