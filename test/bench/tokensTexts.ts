// The texts that the token bench counts: real files of packages that are installed anyway, and the worst inputs there
// are for a byte pair encoder. Read or made up when needed, never copied into the project.
import { readFileSync } from 'node:fs';
import * as path from 'node:path';

function read(...parts: readonly string[]): string {
  return readFileSync(path.join(process.cwd(), 'node_modules', ...parts), 'utf8');
}

/** Characters of each text: enough to mean something, little enough that the slowest peer is done in seconds. */
const LENGTH = 300_000;

/** The kinds of text that whole-file throughput is measured on. */
export function everydayTexts(): Readonly<Record<string, string>> {
  const chinese = read('typescript', 'lib', 'zh-cn', 'diagnosticMessages.generated.json');
  const markdown = [
    'prettier',
    'esbuild',
    'mocha',
    'eslint',
    'typescript-eslint',
    'js-tiktoken',
    'gpt-tokenizer',
    'ai-tokenizer',
  ];
  return {
    TypeScript: read('@types', 'vscode', 'index.d.ts').slice(0, LENGTH),
    'minified JavaScript': read('prettier', 'plugins', 'typescript.mjs').slice(0, LENGTH),
    JSON: readFileSync(path.join(process.cwd(), 'package-lock.json'), 'utf8').slice(0, LENGTH),
    Markdown: markdown
      .map((name) => read(name, 'README.md'))
      .join('\n')
      .slice(0, LENGTH),
    Chinese: Object.values(JSON.parse(chinese) as Record<string, string>)
      .join('\n')
      .slice(0, LENGTH / 3),
  };
}

/** Texts in many scripts to take slices from. */
export function manyScripts(): readonly string[] {
  const languages = ['zh-cn', 'zh-tw', 'ja', 'ko', 'ru', 'de', 'fr', 'pl', 'pt-br', 'tr', 'cs', 'es', 'it'];
  return [
    ...languages.map((one) => read('typescript', 'lib', one, 'diagnosticMessages.generated.json')),
    ...Object.values(everydayTexts()),
    'مرحبا بالعالم، هذا نص قصير للاختبار. שלום עולם, זה טקסט קצר. नमस्ते दुनिया, यह एक छोटा पाठ है। สวัสดีชาวโลก '.repeat(
      200,
    ),
  ];
}

const MEGABYTE = 1_000_000;

/** One megabyte each of what makes other encoders hang. */
export function worstTexts(): Readonly<Record<string, string>> {
  let state = 7;
  const roll = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
  const made = (length: number, one: () => number) => {
    let text = '';
    while (text.length < length) text += String.fromCharCode(one());
    return text;
  };
  return {
    'one letter': 'a'.repeat(MEGABYTE),
    spaces: ' '.repeat(MEGABYTE),
    newlines: '\n'.repeat(MEGABYTE),
    'equals signs': '='.repeat(MEGABYTE),
    'random letters': made(MEGABYTE, () => 97 + roll(26)),
    base64: Buffer.from(
      made((MEGABYTE * 3) / 4, () => roll(256)),
      'latin1',
    ).toString('base64'),
    'CJK without punctuation': made(MEGABYTE / 3, () => 0x4e00 + roll(20_000)),
    'emoji joiners': '👨‍👩‍👧‍👦'.repeat(MEGABYTE / 25),
    'combining marks': made(MEGABYTE / 2, () => 0x300 + roll(0x6f)),
    'random code units': made(MEGABYTE / 2, () => roll(0x10000)),
  };
}
