// The import graph of each agent, over invented files held in memory. The hops, the cycles and what a file named twice
// costs were seen in the requests of the agents themselves (see importSyntax.test.ts).
import assert from 'node:assert/strict';
import { type ImportAgent } from '../../../src/prompts/importSyntax';
import { type ImportEdge, type ImportEnvironment, allEdges, importGraph } from '../../../src/prompts/imports';

/** A small disk: a text, or `-> path` for a link. Tokens are characters. */
function disk(files: Readonly<Record<string, string>>, more: Partial<ImportEnvironment> = {}): ImportEnvironment {
  return {
    projectRoot: '/repo',
    home: '/home/ann',
    count: (text) => text.length,
    read: (path) => {
      let real = path;
      for (let hops = 0; files[real]?.startsWith('-> '); hops++) {
        if (hops > 8) return Promise.resolve(undefined);
        real = files[real]!.slice(3);
      }
      const text = files[real];
      if (text === undefined) return Promise.resolve(undefined);
      return Promise.resolve(real === path ? { text } : { text, realPath: real });
    },
    ...more,
  };
}

const graph = (
  files: Readonly<Record<string, string>>,
  agent: ImportAgent,
  root: string,
  more?: Partial<ImportEnvironment>,
) => importGraph(root, files[root]!, agent, disk(files, more));

const told = (edges: readonly ImportEdge[]) =>
  allEdges(edges).map((edge) => `${edge.hop} ${edge.mention.path} ${edge.status} ${edge.tokens}`);

describe('the import graph', () => {
  const chain = {
    '/repo/CLAUDE.md': '@h1.md',
    '/repo/h1.md': '@h2.md',
    '/repo/h2.md': '@h3.md',
    '/repo/h3.md': '@h4.md',
    '/repo/h4.md': '@h5.md',
    '/repo/h5.md': '@h6.md',
    '/repo/h6.md': '@h7.md',
    '/repo/h7.md': 'end',
  };

  it('ends after four hops for Claude Code and after five for Gemini CLI and Qwen Code', async () => {
    assert.deepEqual(told((await graph(chain, 'claude-code', '/repo/CLAUDE.md')).edges), [
      '1 h1.md loaded 24',
      '2 h2.md loaded 18',
      '3 h3.md loaded 12',
      '4 h4.md loaded 6',
      '5 h5.md too-deep 0',
    ]);
    for (const agent of ['gemini-cli', 'qwen-code'] as const) {
      const { edges } = await graph(chain, agent, '/repo/CLAUDE.md');
      assert.equal(told(edges).at(-2), '5 h5.md loaded 6');
      assert.equal(told(edges).at(-1), '6 h6.md too-deep 0');
    }
  });

  it('breaks cycles, and counts a file named twice once for Claude Code and twice for Gemini CLI', async () => {
    const files = { '/repo/M.md': '@a.md @b.md', '/repo/a.md': 'aaaa @b.md', '/repo/b.md': '@a.md' };
    const claude = await graph(files, 'claude-code', '/repo/M.md');
    assert.deepEqual(told(claude.edges), ['1 a.md loaded 15', '2 b.md loaded 5', '3 a.md cycle 0', '1 b.md again 0']);
    assert.equal(claude.importedTokens, 15);
    const gemini = await graph(files, 'gemini-cli', '/repo/M.md');
    assert.deepEqual(told(gemini.edges), [
      '1 a.md loaded 15',
      '2 b.md loaded 5',
      '3 a.md cycle 0',
      '1 b.md loaded 15',
      '2 a.md loaded 10',
      '3 b.md cycle 0',
    ]);
    assert.equal(gemini.importedTokens, 30);
  });

  it('sees that a file imports itself', async () => {
    const files = { '/repo/M.md': 'x @M.md' };
    assert.deepEqual(told((await graph(files, 'claude-code', '/repo/M.md')).edges), ['1 M.md cycle 0']);
  });

  it('follows links, and ends where they run in circles', async () => {
    const files = {
      '/repo/M.md': '@link.md @real.md @ring.md @up.md',
      '/repo/link.md': '-> /repo/real.md',
      '/repo/real.md': 'real',
      '/repo/ring.md': '-> /repo/ring2.md',
      '/repo/ring2.md': '-> /repo/ring.md',
      '/repo/up.md': '-> /repo/M.md',
    };
    assert.deepEqual(told((await graph(files, 'claude-code', '/repo/M.md')).edges), [
      '1 link.md loaded 4',
      '1 real.md again 0',
      '1 ring.md missing 0',
      '1 up.md cycle 0',
    ]);
  });

  it('says what is missing, and what reads like a file', async () => {
    const files = { '/repo/M.md': 'Ask @octocat, see @docs/gone.md x @types/node' };
    const { edges } = await graph(files, 'claude-code', '/repo/M.md');
    assert.deepEqual(
      edges.map((edge) => [edge.mention.path, edge.status, edge.looksLikeFile]),
      [
        ['octocat,', 'missing', false],
        ['docs/gone.md', 'missing', true],
        ['types/node', 'missing', false],
      ],
    );
  });

  it('asks for consent outside of the project, but not in the user’s own file', async () => {
    const files = { '/repo/CLAUDE.md': '@~/mine.md @../other.md', '/home/ann/mine.md': 'mine', '/other.md': 'other' };
    const project = await graph(files, 'claude-code', '/repo/CLAUDE.md');
    assert.deepEqual(told(project.edges), ['1 ~/mine.md needs-consent 4', '1 ../other.md needs-consent 5']);
    assert.deepEqual([project.importedTokens, project.consentTokens], [0, 9]);
    const own = await graph(files, 'claude-code', '/repo/CLAUDE.md', { isUserFile: true });
    assert.deepEqual([own.importedTokens, own.consentTokens], [9, 0]);
    const gemini = await graph(files, 'gemini-cli', '/repo/CLAUDE.md');
    assert.deepEqual(told(gemini.edges), ['1 ../other.md outside 0']);
  });

  it('weighs texts as they are sent: Claude Code leaves block comments out', async () => {
    const files = {
      '/repo/M.md': '<!-- note -->\nroot\n@a.md\n',
      '/repo/a.md': '<!--\nlong note\n-->\nkept <!-- kept too -->\n',
    };
    const claude = await graph(files, 'claude-code', '/repo/M.md');
    assert.deepEqual(
      [claude.ownTokens, claude.importedTokens],
      ['\nroot\n@a.md\n'.length, '\nkept <!-- kept too -->\n'.length],
    );
    const gemini = await graph(files, 'gemini-cli', '/repo/M.md');
    assert.deepEqual(
      [gemini.ownTokens, gemini.importedTokens],
      [files['/repo/M.md'].length, files['/repo/a.md'].length],
    );
  });

  it('names the line of each import and every path to watch', async () => {
    const files = { '/repo/M.md': 'x\n\n- @a.md\n\n- @gone.md\n', '/repo/a.md': '@b.md', '/repo/b.md': '' };
    const found = await graph(files, 'claude-code', '/repo/M.md');
    assert.deepEqual(
      found.edges.map((edge) => edge.line),
      [2, 4],
    );
    assert.deepEqual(found.paths, ['/repo/a.md', '/repo/b.md', '/repo/gone.md']);
  });

  it('gives up on a graph that explodes, and says so', async () => {
    const all = Array.from({ length: 12 }, (_, i) => `@${'abcdefghijkl'[i]}.md`).join(' ');
    const files: Record<string, string> = { '/repo/M.md': all };
    for (const name of 'abcdefghijkl') files[`/repo/${name}.md`] = all;
    const found = await graph(files, 'gemini-cli', '/repo/M.md');
    assert.equal(found.isIncomplete, true);
    assert.ok(allEdges(found.edges).length <= 2_100);
  });

  it('passes over binary files', async () => {
    const files = { '/repo/M.md': '@a.md', '/repo/a.md': 'a\0b' };
    assert.deepEqual(told((await graph(files, 'claude-code', '/repo/M.md')).edges), ['1 a.md missing 0']);
  });
});
