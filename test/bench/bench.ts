// `npm run bench`: one table of measured figures, each beside its target; ratios are taken within one run.
// `npm run bench -- tokens ledger` runs only the parts named. Needs the build of `node esbuild.js --tests`.
import { cpus, totalmem } from 'node:os';
import { advisorBench } from './advisorBench';
import { type BenchRow } from './benchTable';
import { editorBench } from './editorBench';
import { ledgerBench } from './ledgerBench';
import { meterBench } from './meterBench';
import { pricingBench } from './pricingBench';
import { promptsBench } from './promptsBench';
import { reportBench } from './reportBench';
import { restBench } from './restBench';
import { tokensBench } from './tokensBench';

const parts: Readonly<Record<string, () => Promise<BenchRow[]>>> = {
  tokens: tokensBench,
  pricing: pricingBench,
  ledger: ledgerBench,
  report: reportBench,
  prompts: promptsBench,
  advisor: () => advisorBench(),
  editor: editorBench,
  meter: () => Promise.resolve(meterBench()),
  rest: restBench,
};

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => !Object.hasOwn(parts, name));
  if (unknown !== undefined) {
    console.error(`There is no part ${unknown}. The parts: ${Object.keys(parts).join(', ')}.`);
    return 2;
  }
  const [cpu] = cpus();
  console.log(
    `${cpu?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`,
  );
  let missed = 0;
  for (const [name, bench] of Object.entries(parts)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const rows = await bench();
    console.log(`\n### ${name}\n\n${markdownTable(rows)}`);
    missed += rows.filter((row) => !row.holds).length;
  }
  console.log(`\n${missed === 0 ? 'Every target holds.' : `${missed} targets do not hold.`}`);
  return missed === 0 ? 0 : 1;
}

/** Markdown, so that it can go into the README as it is. */
function markdownTable(rows: readonly BenchRow[]): string {
  return [
    '| What | Tokenometer | Others | Ratio | Target | Holds |',
    '| :-- | --: | :-- | --: | :-- | :-: |',
    ...rows.map(({ what, ours, others = {}, ratio = '', target, holds }) => {
      const peers = Object.entries(others).map(([name, figure]) => `${name} ${figure}`);
      return `| ${what} | ${ours} | ${peers.join('; ')} | ${ratio} | ${target} | ${holds ? 'yes' : '**no**'} |`;
    }),
  ].join('\n');
}

void main(process.argv.slice(2)).then((code) => {
  process.exit(code);
});
