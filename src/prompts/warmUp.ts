// Prepares the counting of prompts before the first one is opened: the same code as later, run on an invented text in
// small slices, so that a large prompt does not wait for the engine to compile it. Keeps nothing.
import { type Encoder } from '../tokens/encoder';
import { SectionCounter } from './sections';

const sections = 240;
/** About 2 ms of counting where nothing is compiled yet. */
const sliceCharacters = 6_000;

/** `pause` lets others have the thread. */
export async function warmUp(encoder: Encoder, pause: () => Promise<void>): Promise<void> {
  let text = '';
  for (let i = 0; i < sections; i++) text += sampleSection(i);
  await pause();
  const counter = new SectionCounter(text, (part, features) => encoder.measure(part, features));
  await pause();
  while (!counter.countSome(sliceCharacters)) await pause();
  for (let i = 0; i < 20; i++) {
    counter.edit((i * 7_919) % text.length, 0, 'x');
    counter.table();
    await pause();
  }
}

function sampleSection(i: number): string {
  const lines = [
    `${'#'.repeat(2 + (i % 3))} Section ${i}`,
    '',
    `Keep change ${i * 37} small, and say in one line why it was made before the next one begins.`,
    'Names tell what a thing is; a comment tells why. `run --quick` first, then everything:',
    '',
    '```sh',
    `npm test -- --grep "case ${i}" && git commit -m 'Part ${i * 11}'`,
    '```',
    '',
    `- Never edit \`dist/file${i}.js\`; it is built. Größe, naïve, 試験 and 🎉 are counted, too.`,
    `- See [the notes](docs/notes-${i}.md), table ${i}:`,
    '',
    '| Step | Time |',
    '| :-- | --: |',
    `| Build | ${i * 3} ms |`,
    '',
    '',
  ];
  return lines.join('\n');
}
