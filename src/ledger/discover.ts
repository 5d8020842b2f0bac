// Finds the files below a folder, whatever the folder is like: missing, unreadable, linked in circles. Reads no file.
import { type Dirent, readdirSync, realpathSync, statSync, type Stats } from 'node:fs';
import { normalize, sep } from 'node:path';

export interface FoundFile {
  /** Absolute, with the system's separators. */
  readonly path: string;
  /** Below the folder asked for, with `/`; the file's name where the folder itself was a file. */
  readonly relativePath: string;
}

export interface Discovery {
  readonly files: readonly FoundFile[];
  /** Folders that are there and could not be listed. */
  readonly unreadable: readonly string[];
  readonly exists: boolean;
}

const deepest = 32;

/**
 * All files below `folder` that `owns` takes, in the order of their names. Links to folders are followed once; folders
 * that `skips` names are not walked.
 */
export function findFiles(
  folder: string,
  owns: (relativePath: string) => boolean,
  skips: (relativePath: string) => boolean = () => false,
): Discovery {
  const files: FoundFile[] = [];
  const unreadable: string[] = [];
  const seen = new Set<string>();

  const walk = (path: string, prefix: string, depth: number): void => {
    const entries = list(path);
    if (!entries) {
      unreadable.push(path);
      return;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const full = path + sep + entry.name;
      const relativePath = prefix + entry.name;
      const kind = entry.isSymbolicLink() ? kindOf(full) : entry;
      if (kind?.isDirectory() && depth < deepest) {
        if (skips(relativePath)) continue;
        if (!entry.isSymbolicLink() || isNew(full, seen)) walk(full, `${relativePath}/`, depth + 1);
      } else if (kind?.isFile() && owns(relativePath)) files.push({ path: full, relativePath });
    }
  };

  const kind = kindOf(folder);
  if (kind?.isFile()) {
    const name = folder.split(/[\\/]/).pop() ?? folder;
    if (owns(name)) files.push({ path: folder, relativePath: name });
  } else if (kind?.isDirectory()) {
    isNew(folder, seen);
    walk(normalize(folder).replace(/(?<=.)[\\/]+$/, ''), '', 0);
  }
  return { files, unreadable, exists: kind !== undefined };
}

function list(path: string): Dirent[] | undefined {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return undefined;
  }
}

function kindOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** A linked folder is walked unless its target, or a folder that holds it, was walked already. */
function isNew(path: string, seen: Set<string>): boolean {
  try {
    const real = realpathSync(path);
    for (const walked of seen)
      if (real === walked || real.startsWith(`${walked}/`) || walked.startsWith(`${real}/`)) return false;
    seen.add(real);
    return true;
  } catch {
    return false;
  }
}
