// An esbuild plugin that hands out `vscode` as named exports: those that src/ names. As it is, esbuild copies all of the
// module's 700 members for every file that imports it, which was three quarters of the time the extension took to load.
const fs = require('node:fs');
const path = require('node:path');

/** Every member of `vscode` that a file of src/ mentions; types among them are undefined when it runs, which is no harm. */
function membersNamed(folder) {
  const names = new Set();
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const text = fs.readFileSync(path.join(folder, name), 'utf8');
    for (const [, member] of text.matchAll(/\bvscode\s*\.\s*(\w+)/g)) names.add(member);
  }
  return [...names].sort();
}

const vscodeByName = {
  name: 'vscode by name',
  setup(build) {
    build.initialOptions.logOverride = { ...build.initialOptions.logOverride, 'import-is-undefined': 'error' };
    build.onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === 'vscode' ? { path: 'vscode', external: true } : { path: 'vscode', namespace: 'vscode' },
    );
    build.onLoad({ filter: /.*/, namespace: 'vscode' }, () => ({
      contents: `export const { ${membersNamed('src').join(', ')} } = require('vscode');`,
    }));
  },
};

module.exports = { vscodeByName };
