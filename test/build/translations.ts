// The translations beside the sentences they translate: what is missing, left over, or lost a placeholder. Reads files
// only; which sentences there are, extractMessages says.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { extractMessages } from './extractMessages';

/** As VS Code names its display languages. */
export const languages = ['de', 'es', 'fr', 'ja', 'sv', 'zh-cn'] as const;

export type Language = (typeof languages)[number];
export type Texts = Readonly<Record<string, string>>;

/** The sentences of the sources by themselves, as the base bundle holds them. Throws where one is not written out. */
export function sourceTexts(root: string): Texts {
  const folder = path.join(root, 'src');
  const sources = fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ file: `src/${name}`, text: fs.readFileSync(path.join(folder, name), 'utf8') }));
  const { messages, problems } = extractMessages(sources);
  if (problems.length > 0)
    throw new Error(`Sentences that are not written out cannot be translated: ${problems.join(', ')}`);
  return Object.fromEntries([...messages].sort().map((key) => [key, key]));
}

export const bundleFile = (language?: string): string =>
  path.join('l10n', language === undefined ? 'bundle.l10n.json' : `bundle.l10n.${language}.json`);
export const manifestFile = (language?: string): string =>
  language === undefined ? 'package.nls.json' : `package.nls.${language}.json`;

/** An empty one where there is no such file. */
export function readTexts(root: string, file: string): Texts {
  const full = path.join(root, file);
  return fs.existsSync(full) ? (JSON.parse(fs.readFileSync(full, 'utf8')) as Texts) : {};
}

/** What is wrong with one language's texts, one sentence each. */
export function translationProblems(source: Texts, translated: Texts, file: string): readonly string[] {
  const problems: string[] = [];
  for (const [key, text] of Object.entries(source)) {
    const other = translated[key];
    if (other === undefined || other.trim() === '') problems.push(`${file} lacks: ${key}`);
    else if (partsOf(other) !== partsOf(text))
      problems.push(`${file}: not the same placeholders, links or code in: ${key}`);
  }
  for (const key of Object.keys(translated))
    if (!(key in source)) problems.push(`${file} has, and nothing uses: ${key}`);
  return problems;
}

/** What a translation must keep, in the order of the text: placeholders, commands in links, code, theme icons. */
export function keptParts(text: string): readonly string[] {
  return text.match(/\{\d+\}|\]\([^)]*\)|`[^`]*`|\$\([\w~-]+\)|#[\w.]+#|https?:\/\/\S+/g) ?? [];
}

/** Languages have orders of their own. */
function partsOf(text: string): string {
  return [...keptParts(text)].sort().join('\n');
}
