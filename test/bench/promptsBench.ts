// How long prompts take: a 2 MB prompt with 2,000 headings from opening to hints, and a keystroke in it; an import graph;
// the search for findings and fixes. Invented text; the encoder is the built one.
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { findOversize } from '../../src/prompts/oversize';
import { recognisePromptFile } from '../../src/prompts/promptFiles';
import { SectionCounter } from '../../src/prompts/sections';
import { proposals } from '../../src/prompts/shrink';
import { importGraph } from '../../src/prompts/imports';
import { createEncoder, type Encoder } from '../../src/tokens/encoder';
import { type BenchRow } from './benchTable';

const headings = 2_000;
const bytes = 2_000_000;

export function largePrompt(): string {
  const words = 'keep each change small and say in one line why it was made before the next one begins'.split(' ');
  let state = 11;
  const pick = () => words[(state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % words.length]!;
  let text = '';
  for (let i = 0; i < headings; i++) {
    text += `## Section ${i}\n\n`;
    while (text.length < ((i + 1) * bytes) / headings - 2) text += `${pick()}${state % 11 === 0 ? '.\n' : ' '}`;
    text += '\n\n';
  }
  return text;
}

function middle(samples: readonly number[], share = 0.5): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function counterOf(text: string, encoder: Encoder): SectionCounter {
  const counter = new SectionCounter(text, (part, features) => encoder.measure(part, features));
  counter.table();
  return counter;
}

export async function promptsBench(): Promise<BenchRow[]> {
  const packed = fs.readFileSync(path.resolve('dist', 'o200k_base.bin'));
  const text = largePrompt();
  const file = recognisePromptFile({ path: '/repo/CLAUDE.md', workspaceFolders: ['/repo'] })!;
  const coldMs = await firstOpening('cold');
  const preparedMs = await firstOpening('prepared');
  const encoder = createEncoder(packed, 'o200k_base');
  const counter = counterOf(text, encoder);
  const openings = Array.from({ length: 5 }, () => timed(() => counterOf(text, encoder)));
  let state = 5;
  const strokes = Array.from({ length: 300 }, () => {
    const offset = (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % text.length;
    const line = (offset * headings * 20) / text.length;
    return timed(() => {
      counter.edit(offset, 0, 'x');
      // A screen's hints are made of them.
      counter.table().sections(line, line + 100);
    });
  });
  const count = (part: string) => encoder.count(part);
  const findings = timed(() =>
    findOversize({ text, file, tokens: counter.table().tokens, windowTokens: 200_000, count }),
  );
  const fixes = timed(() => proposals(text));
  const files = new Map(
    Array.from({ length: 40 }, (_, i) => [
      `/repo/f${i}.md`,
      `# ${i}\n\n@f${i * 3 + 1}.md @f${i * 3 + 2}.md\n\n${text.slice(0, 4_000)}`,
    ]),
  );
  const start = performance.now();
  await importGraph('/repo/CLAUDE.md', '@f0.md', 'claude-code', {
    projectRoot: '/repo',
    home: undefined,
    count,
    read: (wanted) => Promise.resolve(files.has(wanted) ? { text: files.get(wanted)! } : undefined),
  });
  const graphMs = performance.now() - start;
  return [
    row(`${what}: the first of all in a new process, prepared at idle as the extension does, ms`, preparedMs, 150),
    row(`${what}: the same with nothing prepared: vocabulary, sections, all counts, ms`, coldMs, 150),
    row(`${what}: sections and all counts, ms (median of 5)`, middle(openings), 150),
    row(`${what}: a keystroke to new figures, ms (median)`, middle(strokes), 10),
    row(`${what}: a keystroke to new figures, ms (99 %)`, middle(strokes, 0.99), 10),
    row(`${what}: all findings, ms (when typing rests)`, findings, 250),
    row(`${what}: all fixes, ms (when asked for)`, fixes, 250),
    row('import graph of 40 files, ms', graphMs, 50),
  ];
}

/** The first opening in a process of its own, the median of three: nothing is compiled there but what it prepared. */
async function firstOpening(how: 'cold' | 'prepared'): Promise<number> {
  const script = path.resolve('out', 'bench', 'promptsFirst.js');
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const { stdout } = await promisify(execFile)(process.execPath, [script, how]);
    times.push(Number(stdout));
  }
  return middle(times);
}

const what = '2 MB prompt with 2,000 headings';

function row(measured: string, ms: number, targetMs: number): BenchRow {
  return { what: `prompts: ${measured}`, ours: ms.toFixed(2), target: `< ${targetMs}`, holds: ms < targetMs };
}
