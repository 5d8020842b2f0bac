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
/** A folder changed so shortly before it was listed may change again without a later time to show for it. */
const settledMs = 3000;
/** There are file systems whose folders do not tell that they changed: so often all are listed again. */
const trustedMs = 60_000;

interface Listing {
  readonly modifiedMs: number;
  readonly changedMs: number;
  readonly listedMs: number;
  readonly entries: readonly Dirent[];
}

/** What folders hold, remembered from one look to the next: most have not changed, and a look at each is dear. */
export class Listings {
  readonly #known = new Map<string, Listing>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The entries of a folder by name; `undefined` where it cannot be listed. */
  of(path: string): readonly Dirent[] | undefined {
    const nowMs = this.#now();
    const stats = kindOf(path);
    const known = this.#known.get(path);
    if (stats && known?.modifiedMs === stats.mtimeMs && known.changedMs === stats.ctimeMs) {
      if (Math.abs(nowMs - known.listedMs) < trustedMs) return known.entries;
    }
    const entries = list(path)?.sort((a, b) => (a.name < b.name ? -1 : 1));
    const isSettled = stats !== undefined && nowMs - Math.max(stats.mtimeMs, stats.ctimeMs) > settledMs;
    if (entries && isSettled)
      this.#known.set(path, { modifiedMs: stats.mtimeMs, changedMs: stats.ctimeMs, listedMs: nowMs, entries });
    else this.#known.delete(path);
    return entries;
  }
}

/**
 * All files below `folder` that `owns` takes, in the order of their names. Links to folders are followed once; folders
 * that `skips` names are not walked.
 */
export function findFiles(
  folder: string,
  owns: (relativePath: string) => boolean,
  skips: (relativePath: string) => boolean = () => false,
  listings = new Listings(Date.now),
): Discovery {
  const files: FoundFile[] = [];
  const unreadable: string[] = [];
  const seen = new Set<string>();

  const walk = (path: string, prefix: string, depth: number): void => {
    const entries = listings.of(path);
    if (!entries) {
      unreadable.push(path);
      return;
    }
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
