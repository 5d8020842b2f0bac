// File globs as instruction files and settings use them: `*`, `**`, `?`, `{a,b}`, `[ab]`. Paths with `/`.
// Does not look at any file.

const special = /[.+^$()|\\]/;

/** One pattern as a regular expression over a whole relative path. Case matters. */
function toExpression(glob: string): RegExp {
  let source = '';
  let depth = 0;
  for (let i = 0; i < glob.length; i++) {
    const character = glob[i]!;
    if (character === '*') {
      if (glob[i + 1] === '*') {
        const isWholePart = (i === 0 || glob[i - 1] === '/') && (i + 2 >= glob.length || glob[i + 2] === '/');
        if (isWholePart && glob[i + 2] === '/') {
          source += '(?:[^/]+/)*';
          i += 2;
        } else {
          source += '.*';
          i += 1;
        }
      } else source += '[^/]*';
    } else if (character === '?') source += '[^/]';
    else if (character === '{') {
      source += '(?:';
      depth++;
    } else if (character === '}' && depth > 0) {
      source += ')';
      depth--;
    } else if (character === ',' && depth > 0) source += '|';
    else if (character === '[' && glob.indexOf(']', i + 2) > 0) {
      const end = glob.indexOf(']', i + 2);
      source += `[${glob
        .slice(i + 1, end)
        .replace(/^!/, '^')
        .replaceAll('\\', '\\\\')}]`;
      i = end;
    } else
      source +=
        special.test(character) || character === '{' || character === '[' || character === ']'
          ? `\\${character}`
          : character;
  }
  return new RegExp(`^${source}${')'.repeat(depth)}$`, 'u');
}

const compiled = new Map<string, RegExp | undefined>();

/**
 * Does the pattern match the relative path? A pattern without a slash is held against the file name alone, as in
 * `.gitignore`. A broken pattern matches nothing.
 */
export function matchesGlob(glob: string, relativePath: string): boolean {
  if (!compiled.has(glob)) {
    if (compiled.size > 500) compiled.clear();
    try {
      compiled.set(glob, toExpression(glob.replace(/^\.?\//, '')));
    } catch {
      compiled.set(glob, undefined);
    }
  }
  const expression = compiled.get(glob);
  const subject = glob.includes('/') ? relativePath : relativePath.slice(relativePath.lastIndexOf('/') + 1);
  return expression?.test(subject) ?? false;
}
