// Which files are counted: Git's rules, nearest first, and the editor's exclusions.
import assert from 'node:assert/strict';
import { type FolderSource, walkFiles } from '../../../src/tokens/folderWalk';

/** A tree given as path -> text. */
function treeOf(files: Readonly<Record<string, string>>): FolderSource {
  return {
    list: (folder) => {
      const prefix = folder === '' ? '' : `${folder}/`;
      const names = new Map<string, 'file' | 'folder'>();
      for (const path of Object.keys(files)) {
        if (!path.startsWith(prefix)) continue;
        const [name, ...rest] = path.slice(prefix.length).split('/');
        names.set(name!, rest.length > 0 ? 'folder' : 'file');
      }
      if (names.size === 0) return Promise.reject(new Error('no such folder'));
      return Promise.resolve([...names].map(([name, kind]) => ({ name, kind })));
    },
    readText: (file) => Promise.resolve(files[file]),
  };
}

async function walk(files: Readonly<Record<string, string>>, start = '', excluded: string[] = []): Promise<string[]> {
  const paths: string[] = [];
  for await (const path of walkFiles(treeOf(files), start, excluded)) paths.push(path);
  return paths.filter((path) => !path.endsWith('.gitignore')).sort();
}

describe('walking a folder', () => {
  it('leaves out what .gitignore names, and .git itself', async () => {
    const files = {
      '.gitignore': 'node_modules\n*.log\n',
      'a.md': '',
      'x.log': '',
      'node_modules/p/i.js': '',
      '.git/HEAD': '',
      'src/b.ts': '',
    };
    assert.deepEqual(await walk(files), ['a.md', 'src/b.ts']);
  });

  it('opens nothing but the .gitignore files that are there', async () => {
    const tree = treeOf({ '.gitignore': 'x', 'a/b.ts': '', 'a/c/d.ts': '' });
    const opened: string[] = [];
    const source = { ...tree, readText: (file: string) => (opened.push(file), tree.readText(file)) };
    for await (const path of walkFiles(source, '', [])) assert.ok(path);
    assert.deepEqual(opened, ['.gitignore']);
  });

  it('lets the nearer .gitignore decide', async () => {
    const files = {
      '.gitignore': '*.txt',
      'a.txt': '',
      'keep/.gitignore': '!b.txt',
      'keep/b.txt': '',
      'keep/c.txt': '',
    };
    assert.deepEqual(await walk(files), ['keep/b.txt']);
  });

  it('anchors patterns to the folder of their file', async () => {
    const files = { 'lib/.gitignore': '/out', 'lib/out/a': '', 'lib/src/out/b': '', 'out/c': '' };
    assert.deepEqual(await walk(files), ['lib/src/out/b', 'out/c']);
  });

  it('obeys the rules of the folders above when it starts below', async () => {
    const files = {
      '.gitignore': '*.tmp',
      'a/.gitignore': 'private',
      'a/b/x.tmp': '',
      'a/b/y.md': '',
      'a/b/private/z.md': '',
      'other.md': '',
    };
    assert.deepEqual(await walk(files, 'a/b'), ['a/b/y.md']);
  });

  it("honours the editor's exclusions, braces and all", async () => {
    const files = { 'a.js': '', 'a.js.map': '', 'b.css.map': '', 'deep/.DS_Store': '' };
    assert.deepEqual(await walk(files, '', ['**/*.{js,css}.map', '**/.DS_Store']), ['a.js']);
  });

  it('passes over a folder that cannot be listed, and stops when cancelled', async () => {
    assert.deepEqual(await walk({ 'a/b': '' }, 'gone'), []);
    const seen: string[] = [];
    for await (const path of walkFiles(treeOf({ a: '', 'b/c': '' }), '', [], () => seen.length > 0)) seen.push(path);
    assert.deepEqual(seen, ['a']);
  });
});
