// Which project a working folder belongs to: its git repository, worktrees folded into the repository they come from,
// else the folder itself. Looks at the folder's parents for `.git`; runs no git.
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, posix, resolve, win32 } from 'node:path';

/** `undefined` where the folder is not on this machine (any more): only its name is left to go by. */
export function projectOf(cwd: string): { readonly project: string; readonly isCertain: boolean } {
  const folder = withoutWorktree(cwd);
  if (!isFolder(folder)) return { project: folder, isCertain: false };
  for (let at = folder; ; at = dirname(at)) {
    const root = rootAt(at);
    if (root !== undefined) return { project: root, isCertain: true };
    if (dirname(at) === at) return { project: folder, isCertain: true };
  }
}

/** Claude Code keeps its worktrees inside the repository, under names of their own. */
function withoutWorktree(cwd: string): string {
  const path = cwd.replace(/(?<=[^\\/:])[\\/]+$/, '');
  return /^(.+?)[\\/]\.claude[\\/]worktrees[\\/]/.exec(`${path}/`)?.[1] ?? path;
}

function rootAt(folder: string): string | undefined {
  const git = join(folder, '.git');
  try {
    const found = statSync(git, { throwIfNoEntry: false });
    if (!found) return undefined;
    if (found.isDirectory()) return folder;
    const named = /^gitdir:\s*(.+?)\s*$/m.exec(readFileSync(git, 'utf8').slice(0, 4096))?.[1];
    const main =
      named === undefined ? undefined : /^(.*)[\\/]\.git[\\/]worktrees[\\/][^\\/]+$/.exec(resolve(folder, named));
    return main?.[1] ?? folder;
  } catch {
    return folder;
  }
}

function isFolder(path: string): boolean {
  if (!posix.isAbsolute(path) && !win32.isAbsolute(path)) return false;
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false;
  }
}
