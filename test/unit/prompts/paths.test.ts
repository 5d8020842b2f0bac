// Paths, globs and front matter as text: the small tools under the recognition of prompt files.
import assert from 'node:assert/strict';
import { below, folderOf, foldersDownTo, normalise, resolveFrom, styleOf } from '../../../src/prompts/filePath';
import { globsIn, readFrontMatter } from '../../../src/prompts/frontMatter';
import { matchesGlob } from '../../../src/prompts/globs';

describe('paths as text', () => {
  it('are normalised without climbing over their root', () => {
    const rows: readonly (readonly [string, string])[] = [
      ['/a/./b/../c/', '/a/c'],
      ['/../a', '/a'],
      ['/', '/'],
      ['a/../../b', '../b'],
      ['C:\\a\\..\\..\\b', 'C:/b'],
      ['C:\\', 'C:/'],
      ['\\\\server\\share\\..\\a', '//server/share/a'],
      ['/a\\b', '/a\\b'],
    ];
    for (const [path, expected] of rows) assert.equal(normalise(path), expected, path);
  });

  it('know their folder', () => {
    assert.equal(folderOf('/a/b.md'), '/a');
    assert.equal(folderOf('/b.md'), '/');
    assert.equal(folderOf('/'), '/');
    assert.equal(folderOf('C:\\b.md'), 'C:/');
    assert.equal(folderOf('C:\\a\\b.md'), 'C:/a');
  });

  it('lie below a folder or not, in Windows whatever the case', () => {
    assert.equal(below('/a', '/a/b/c'), 'b/c');
    assert.equal(below('/a', '/a'), '');
    assert.equal(below('/a', '/ab'), undefined);
    assert.equal(below('/', '/a'), 'a');
    assert.equal(below('C:\\Repo', 'c:\\repo\\X'), 'X');
    assert.equal(below('/Repo', '/repo/x'), undefined);
  });

  it('lead from the top to a folder', () => {
    assert.deepEqual(foldersDownTo('/a/b', '/a'), ['/a', '/a/b']);
    assert.deepEqual(foldersDownTo('/a/b', '/'), ['/', '/a', '/a/b']);
    assert.deepEqual(foldersDownTo('/a', '/x'), ['/a']);
  });

  it('resolve by their style', () => {
    assert.equal(resolveFrom('C:\\a', '..\\b', 'windows'), 'C:/b');
    assert.equal(resolveFrom('/a', '..\\b', 'posix'), '/a/..\\b');
    assert.equal(styleOf('C:/x'), 'windows');
    assert.equal(styleOf('/c:/x'), 'posix');
  });
});

describe('globs', () => {
  const rows: readonly (readonly [glob: string, path: string, matches: boolean])[] = [
    ['*.md', 'deep/a.md', true],
    ['*.md', 'a.mdx', false],
    ['docs/*.md', 'docs/a.md', true],
    ['docs/*.md', 'docs/x/a.md', false],
    ['docs/**', 'docs/x/a.md', true],
    ['docs/**/*.md', 'docs/a.md', true],
    ['**/a.md', 'a.md', true],
    ['./docs/a.md', 'docs/a.md', true],
    ['src/*.{ts,tsx}', 'src/a.tsx', true],
    ['src/[ab].ts', 'src/b.ts', true],
    ['src/[!ab].ts', 'src/b.ts', false],
    ['src/a?.ts', 'src/ab.ts', true],
    ['a+b(c).md', 'a+b(c).md', true],
    ['{a', '{a', false],
  ];
  for (const [glob, path, matches] of rows) {
    it(`${glob} ${matches ? 'takes' : 'leaves'} ${path}`, () => assert.equal(matchesGlob(glob, path), matches));
  }
});

describe('front matter', () => {
  it('is read only at the very start and only when it ends', () => {
    assert.equal(readFrontMatter('---\na: 1\n---\nx').endOffset, 13);
    assert.equal(readFrontMatter('\n---\na: 1\n---\n').endOffset, 0);
    assert.equal(readFrontMatter('---\na: 1\n').endOffset, 0);
    assert.equal(readFrontMatter('\uFEFF---\r\na: 1\r\n---').values.get('a'), '1');
  });

  it('holds text, lists and globs', () => {
    const { values } = readFrontMatter(
      '---\nname: "x: y" # note\nlist:\n  - a\n  - "b"\ninline: [c, "d"]\nempty:\n---\n',
    );
    assert.deepEqual(
      [...values],
      [
        ['name', 'x: y'],
        ['list', ['a', 'b']],
        ['inline', ['c', 'd']],
        ['empty', ''],
      ],
    );
    assert.deepEqual(globsIn('*.{ts,tsx}, docs/**'), ['*.{ts,tsx}', 'docs/**']);
    assert.deepEqual(globsIn(undefined), []);
  });
});
