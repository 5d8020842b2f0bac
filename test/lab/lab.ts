// The lab from the command line: `npm run lab -- [--ci] [--only claude-code,codex] [--cases one,fork] [--jobs 2] [--json FILE]`.
// Exit 1 where something is unexplained. Tests call `runLab` (runLab.ts), which is handed on here.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { type AgentId } from '../../src/agents/agent';
import { labAgents } from './labAgents';
import { lineOf, tableOf } from './labTable';
import { ciOptions, runLab } from './runLab';
import { cases } from './scripts';

export { lineOf, tableOf } from './labTable';
export { ciOptions, runLab } from './runLab';

function wanted(text: string | undefined, known: readonly string[], what: string): string[] | undefined {
  if (text === undefined) return undefined;
  const names = text.split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`no ${what} "${unknown}": choose of ${known.join(', ')}`);
  return names;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      ci: { type: 'boolean' },
      only: { type: 'string' },
      cases: { type: 'string' },
      jobs: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const only = wanted(
    values.only,
    labAgents.map(({ id }) => id),
    'agent',
  ) as AgentId[] | undefined;
  const chosen = wanted(
    values.cases,
    cases.map(({ name }) => name),
    'case',
  );
  const { passed, failed, results } = await runLab({
    ...(values.ci && ciOptions),
    ...(only && { only }),
    ...(chosen && { cases: chosen }),
    ...(values.jobs !== undefined && { concurrency: Number(values.jobs) || 1 }),
    onCase: (result) => console.log(lineOf(result)),
  });
  console.log(`\n${tableOf(results)}\n\n${passed} cases passed, ${failed} failed`);
  if (values.json !== undefined) {
    mkdirSync(dirname(values.json), { recursive: true });
    writeFileSync(values.json, `${JSON.stringify({ passed, failed, results }, null, 2)}\n`);
  }
  process.exitCode = failed > 0 ? 1 : 0;
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  });
}
