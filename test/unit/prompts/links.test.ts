// Import graphs over real files with real links: a file is itself by whichever name it is reached, and links that run in
// circles or lead nowhere end there. Claude Code reads a file once by its real path; Gemini CLI goes by the path as
// written (google-gemini/gemini-cli packages/core/src/utils/memoryImportProcessor.ts: `processedFiles` holds paths).
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { realPathOf } from '../../../src/ledger/realPath';
import { type ImportAgent } from '../../../src/prompts/importSyntax';
import { allEdges, importGraph } from '../../../src/prompts/imports';

describe('imports through links on a disk', function () {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'links-')));
  const at = (name: string) => path.join(folder, name);
  const link = (name: string, target: string) => fs.symlinkSync(target, at(name));

  before(function () {
    fs.mkdirSync(at('docs'));
    fs.writeFileSync(at('docs/real.md'), 'real');
    fs.writeFileSync(
      at('CLAUDE.md'),
      '@link.md @docs/real.md @same/real.md @ring.md @gone.md @self.md @docs/loop/docs/real.md x',
    );
    try {
      link('link.md', at('docs/real.md'));
    } catch {
      // Windows lets only some people make links.
      this.skip();
    }
    link('same', at('docs'));
    link('ring.md', at('ring2.md'));
    link('ring2.md', at('ring.md'));
    link('gone.md', at('nowhere.md'));
    link('self.md', at('CLAUDE.md'));
    link('docs/loop', folder);
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  async function told(agent: ImportAgent): Promise<readonly string[]> {
    const { edges } = await importGraph(at('CLAUDE.md'), fs.readFileSync(at('CLAUDE.md'), 'utf8'), agent, {
      projectRoot: folder,
      home: undefined,
      count: (text) => text.length,
      read: async (wanted) => {
        const realPath = await realPathOf(wanted);
        return realPath === undefined ? undefined : { text: fs.readFileSync(wanted, 'utf8'), realPath };
      },
    });
    return allEdges(edges)
      .filter((edge) => edge.hop === 1)
      .map((edge) => `${edge.mention.path} ${edge.status}`);
  }

  it('count a file once for Claude Code, whichever way leads to it', async () => {
    assert.deepEqual(await told('claude-code'), [
      'link.md loaded',
      'docs/real.md again',
      'same/real.md again',
      'ring.md missing',
      'gone.md missing',
      'self.md cycle',
      'docs/loop/docs/real.md again',
    ]);
  });

  it('count it by each of its names for Gemini CLI, and end all the same', async () => {
    const found = await told('gemini-cli');
    assert.deepEqual(found.slice(0, 5), [
      'link.md loaded',
      'docs/real.md loaded',
      'same/real.md loaded',
      'ring.md missing',
      'gone.md missing',
    ]);
    assert.equal(found.at(-1), 'docs/loop/docs/real.md loaded');
  });

  it('have no real path where links run in circles', async () => {
    assert.equal(await realPathOf(at('ring.md')), undefined);
    assert.equal(await realPathOf(at('same/real.md')), at('docs/real.md'));
  });
});
