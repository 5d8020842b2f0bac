// Paths as text: POSIX, Windows drives and UNC, without any Node API, so that the same code runs in a browser.
// Knows no file system: what exists is the caller's question.

/** Whose rules a path follows. On Windows both slashes separate; elsewhere a backslash is an ordinary character. */
export type PathStyle = 'posix' | 'windows';

/** The style a path shows by itself: a drive letter or a leading `\\` is Windows. */
export function styleOf(path: string): PathStyle {
  return /^[A-Za-z]:[\\/]/.test(path) || path.startsWith('\\\\') ? 'windows' : 'posix';
}

/** The path with `/` for every separator of its style. */
export function withSlashes(path: string, style: PathStyle = styleOf(path)): string {
  return style === 'windows' ? path.replaceAll('\\', '/') : path;
}

export function isAbsolute(path: string, style: PathStyle): boolean {
  return path.startsWith('/') || (style === 'windows' && /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path));
}

/** What `..` cannot climb over: `/`, `C:/`, `//server/share`, or nothing for a relative path. Slashed input. */
function rootOf(slashed: string, style: PathStyle): string {
  if (style === 'windows') {
    const root = /^(?:[A-Za-z]:\/|\/\/[^/]+\/[^/]+)/.exec(slashed);
    if (root) return root[0];
  }
  return slashed.startsWith('/') ? '/' : '';
}

/** `.` and `..` worked out, single slashes, no slash at the end. */
export function normalise(path: string, style: PathStyle = styleOf(path)): string {
  const slashed = withSlashes(path, style);
  const root = rootOf(slashed, style);
  const kept: string[] = [];
  for (const part of slashed.slice(root.length).split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (part !== '..' || root === '') kept.push(part);
  }
  const joiner = root !== '' && !root.endsWith('/') && kept.length > 0 ? '/' : '';
  return root + joiner + kept.join('/') || '.';
}

/** `path` as seen from `folder`; an absolute path is only normalised. */
export function resolveFrom(folder: string, path: string, style: PathStyle = styleOf(folder)): string {
  return normalise(isAbsolute(path, style) ? path : `${withSlashes(folder, style)}/${path}`, style);
}

/** The folder that holds the path; a root is its own folder. */
export function folderOf(path: string, style: PathStyle = styleOf(path)): string {
  const normal = normalise(path, style);
  const root = rootOf(normal, style);
  const cut = normal.lastIndexOf('/');
  return cut < root.length ? root || '.' : normal.slice(0, cut);
}

/** The last part of the path. */
export function nameOf(path: string, style: PathStyle = styleOf(path)): string {
  const slashed = withSlashes(path, style);
  return slashed.slice(slashed.lastIndexOf('/') + 1);
}

/** What two spellings of one path share. Windows file names do not tell upper from lower case. */
export function pathKey(path: string, style: PathStyle = styleOf(path)): string {
  const normal = normalise(path, style);
  return style === 'windows' ? normal.toLowerCase() : normal;
}

/** The path below `folder` (`` for the folder itself), or undefined where it lies outside. */
export function below(folder: string, path: string, style: PathStyle = styleOf(folder)): string | undefined {
  const base = normalise(folder, style);
  const normal = normalise(path, style);
  if (pathKey(base, style) === pathKey(normal, style)) return '';
  const prefix = base.endsWith('/') ? base : `${base}/`;
  const start = normal.slice(0, prefix.length);
  const isInside = style === 'windows' ? start.toLowerCase() === prefix.toLowerCase() : start === prefix;
  return isInside ? normal.slice(prefix.length) : undefined;
}

/** The folders from `top` down to `folder`, both included; only `folder` where it does not lie below `top`. */
export function foldersDownTo(folder: string, top: string, style: PathStyle = styleOf(folder)): readonly string[] {
  const rest = below(top, folder, style);
  const first = normalise(top, style);
  if (rest === undefined) return [normalise(folder, style)];
  const folders = [first];
  for (const part of rest === '' ? [] : rest.split('/')) folders.push(resolveFrom(folders.at(-1)!, part, style));
  return folders;
}
