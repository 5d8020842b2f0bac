// Is a path that changed one of the logs that are read? Editors write files of their own into the folders that hold
// chats, one of them every second. Looks at names only, never at the disk.
import { posix, win32 } from 'node:path';

/** A folder that was looked under (or a single file), and which paths below it are logs: with `/`, as in AgentSource. */
export interface WatchedUnder {
  readonly folder: string;
  readonly owns: (relativePath: string) => boolean;
}

/** What SQLite keeps beside a database: the news of a log may stand there first. */
const companions = /-(?:wal|journal|shm)$/;

/** Absolute paths. A name without a dot may be a folder that came with logs in it: it counts. */
export function concernsLogs(paths: readonly string[], watched: readonly WatchedUnder[]): boolean {
  return paths.some((path) => {
    const file = path.replace(companions, '');
    const name = file.split(/[\\/]/).pop() ?? '';
    if (!name.includes('.')) return true;
    return watched.some(({ folder, owns }) => {
      const part = below(folder, file);
      return part !== undefined && owns(part);
    });
  });
}

/** The part of `path` below `folder`, with `/`; the name where they are the same. */
function below(folder: string, path: string): string | undefined {
  const rules = /^[a-z]:[\\/]|^\\\\/i.test(folder) ? win32 : posix;
  const part = rules.relative(folder, path).replaceAll('\\', '/');
  if (part === '') return rules.basename(path);
  return part === '..' || part.startsWith('../') || /^[a-z]:/i.test(part) ? undefined : part;
}
