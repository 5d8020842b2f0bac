// `node out/bench/promptsFirst.js cold|prepared`: prints how many milliseconds the first large prompt of a process takes
// from its text to all figures.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { SectionCounter } from '../../src/prompts/sections';
import { warmUp } from '../../src/prompts/warmUp';
import { createEncoder } from '../../src/tokens/encoder';
import { largePrompt } from './promptsBench';

async function main(isPrepared: boolean): Promise<void> {
  const packed = fs.readFileSync(path.resolve('dist', 'o200k_base.bin'));
  const text = largePrompt();
  const prepared = isPrepared ? createEncoder(packed, 'o200k_base') : undefined;
  if (prepared) await warmUp(prepared, () => new Promise((done) => setTimeout(done, 0)));
  const startMs = performance.now();
  const encoder = prepared ?? createEncoder(packed, 'o200k_base');
  const counter = new SectionCounter(text, (part, features) => encoder.measure(part, features));
  counter.table();
  console.log((performance.now() - startMs).toFixed(2));
}

void main(process.argv[2] === 'prepared');
