// Which files of a folder a person would want counted: all but what .gitignore files and the editor's own exclusions
// leave out. Walks through a source it is handed; opens nothing but .gitignore files; counts nothing.
import ignore, { type Ignore } from 'ignore';

export interface FolderEntry {
  readonly name: string;
  /** A link to a folder is `other`: it is not followed, so no walk goes in circles. */
  readonly kind: 'file' | 'folder' | 'other';
}

/** A tree of files by paths relative to its root, with `/`; the root itself is the empty path. */
export interface FolderSource {
  /** Rejects for a folder that cannot be listed: it is passed over. */
  list(folder: string): Promise<readonly FolderEntry[]>;
  /** Undefined where there is no such file. */
  readText(file: string): Promise<string | undefined>;
}

interface Rules {
  /** The folder whose .gitignore it is. */
  readonly folder: string;
  readonly ignore: Ignore;
}

/**
 * Paths of the files below `start` (a folder of the source), folder by folder. `excluded`: patterns that hold
 * everywhere, as in the editor's `files.exclude`. Ends early when `isCancelled` says so.
 */
export async function* walkFiles(
  source: FolderSource,
  start: string,
  excluded: readonly string[],
  isCancelled: () => boolean = () => false,
): AsyncGenerator<string> {
  const always = ignore().add(['.git', ...excluded.flatMap(withoutBraces)]);
  const rules: Rules[] = [{ folder: '', ignore: always }];
  for (const folder of ancestorsOf(start)) await addRules(source, folder, rules);
  const waiting: { readonly folder: string; readonly rules: readonly Rules[] }[] = [{ folder: start, rules }];
  for (let next = waiting.pop(); next && !isCancelled(); next = waiting.pop()) {
    const here = [...next.rules];
    const entries = await source.list(next.folder).catch(() => []);
    const isRuled = (next.folder !== start || start === '') && entries.some(({ name }) => name === '.gitignore');
    if (isRuled) await addRules(source, next.folder, here);
    const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { name, kind } of sorted) {
      const path = next.folder === '' ? name : `${next.folder}/${name}`;
      if (kind === 'file' && !isIgnored(path, here)) yield path;
    }
    for (const { name, kind } of sorted.reverse()) {
      const path = next.folder === '' ? name : `${next.folder}/${name}`;
      if (kind === 'folder' && !isIgnored(`${path}/`, here)) waiting.push({ folder: path, rules: here });
    }
  }
}

/** The folders above `folder` and itself, but for the root, which is walked with its own rules. */
function ancestorsOf(folder: string): string[] {
  if (folder === '') return [];
  const names = folder.split('/');
  return ['', ...names.map((_, index) => names.slice(0, index + 1).join('/'))];
}

async function addRules(source: FolderSource, folder: string, rules: Rules[]): Promise<void> {
  const text = await source.readText(folder === '' ? '.gitignore' : `${folder}/.gitignore`).catch(() => undefined);
  if (text !== undefined) rules.push({ folder, ignore: ignore().add(text) });
}

/** The rules nearest to the file decide, as in Git. */
function isIgnored(path: string, rules: readonly Rules[]): boolean {
  let ignored = false;
  for (const { folder, ignore: rule } of rules) {
    const relative = folder === '' ? path : path.slice(folder.length + 1);
    const verdict = rule.test(relative);
    if (verdict.ignored) ignored = true;
    else if (verdict.unignored) ignored = false;
  }
  return ignored;
}

/** `a.{b,c}` as `a.b` and `a.c`: the editor's patterns have braces, Git's do not. */
function withoutBraces(pattern: string): string[] {
  const [whole, before, choices, after] = /^([^{]*)\{([^{}]*)\}(.*)$/.exec(pattern) ?? [];
  if (whole === undefined) return [pattern];
  return choices!.split(',').flatMap((choice) => withoutBraces(`${before}${choice}${after}`));
}
