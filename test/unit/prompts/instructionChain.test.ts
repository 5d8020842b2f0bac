// What an agent that is started in a folder loads. Codex: codex-rs/core/src/agents_md.rs and
// learn.chatgpt.com/docs/agent-configuration/agents-md (one file a folder, root first, 32 KiB together); Claude Code:
// code.claude.com/docs/en/memory and anthropics/claude-code mods/agents-md (AGENTS.md where no CLAUDE.md stands in the
// way); OpenCode, Gemini CLI and Qwen Code as seen in their requests.
import assert from 'node:assert/strict';
import { offsetAtByte, utf8Length } from '../../../src/prompts/bytes';
import { type ChainAgent, type ChainEnvironment, instructionChain } from '../../../src/prompts/instructionChain';

function on(files: Readonly<Record<string, string>>, more: Partial<ChainEnvironment> = {}): ChainEnvironment {
  return { root: '/repo', home: '/home/ann', read: (path) => Promise.resolve(files[path]), ...more };
}

const loaded = async (agent: ChainAgent, folder: string, environment: ChainEnvironment) =>
  (await instructionChain(agent, folder, environment)).files.map((file) => file.path);

describe('the chain of instruction files', () => {
  const files = {
    '/home/ann/.codex/AGENTS.md': 'mine',
    '/home/ann/.claude/CLAUDE.md': 'mine',
    '/AGENTS.md': 'above the repository',
    '/CLAUDE.md': 'above the repository',
    '/repo/AGENTS.md': 'root',
    '/repo/GEMINI.md': 'root',
    '/repo/a/AGENTS.override.md': 'override',
    '/repo/a/AGENTS.md': 'hidden',
    '/repo/a/b/AGENTS.md': 'deep',
    '/repo/c/AGENTS.md': 'elsewhere',
  };

  it('runs from the repository’s root down for Codex, one file a folder', async () => {
    assert.deepEqual(await loaded('codex', '/repo/a/b', on(files)), [
      '/home/ann/.codex/AGENTS.md',
      '/repo/AGENTS.md',
      '/repo/a/AGENTS.override.md',
      '/repo/a/b/AGENTS.md',
    ]);
    assert.deepEqual(await loaded('codex', '/repo/a', on(files, { root: undefined })), [
      '/home/ann/.codex/AGENTS.md',
      '/repo/a/AGENTS.override.md',
    ]);
  });

  it('lets an empty override hide the file beside it in a project, but not in the home folder', async () => {
    const empty = {
      '/home/ann/.codex/AGENTS.override.md': ' ',
      '/home/ann/.codex/AGENTS.md': 'x',
      '/repo/AGENTS.override.md': '',
      '/repo/AGENTS.md': 'y',
    };
    assert.deepEqual(await loaded('codex', '/repo', on(empty)), ['/home/ann/.codex/AGENTS.md']);
  });

  it('cuts Codex’s chain where 32 KiB are spent, root first', async () => {
    const chain = await instructionChain(
      'codex',
      '/repo/a/b',
      on({
        '/home/ann/.codex/AGENTS.md': 'u'.repeat(50_000),
        '/repo/AGENTS.md': 'é'.repeat(15_000),
        '/repo/a/AGENTS.md': 'x'.repeat(3_000),
        '/repo/a/b/AGENTS.md': 'never read',
      }),
    );
    assert.deepEqual(
      chain.files.map((file) => file.loadedCharacters),
      [50_000, 15_000, 2_768, 0],
    );
    assert.deepEqual([chain.budgetBytes, chain.projectBytes], [32_768, 33_010]);
  });

  it('reaches above the repository for Claude Code, and prefers CLAUDE.md to AGENTS.md', async () => {
    assert.deepEqual(await loaded('claude-code', '/repo/a', on(files)), ['/home/ann/.claude/CLAUDE.md', '/CLAUDE.md']);
    const { '/CLAUDE.md': _, ...without } = files;
    assert.deepEqual(await loaded('claude-code', '/repo/a', on(without)), [
      '/home/ann/.claude/CLAUDE.md',
      '/AGENTS.md',
      '/repo/AGENTS.md',
      '/repo/a/AGENTS.md',
    ]);
  });

  it('knows Gemini CLI, Qwen Code, OpenCode and Copilot', async () => {
    assert.deepEqual(await loaded('gemini-cli', '/repo/a', on(files)), ['/repo/GEMINI.md']);
    assert.deepEqual(await loaded('qwen-code', '/repo/a/b', on({ ...files, '/repo/QWEN.md': 'q' })), [
      '/repo/QWEN.md',
      '/repo/AGENTS.md',
      '/repo/a/AGENTS.md',
      '/repo/a/b/AGENTS.md',
    ]);
    assert.deepEqual(await loaded('opencode', '/repo/c', on({ ...files, '/repo/c/CLAUDE.md': 'c' })), [
      '/home/ann/.claude/CLAUDE.md',
      '/repo/AGENTS.md',
      '/repo/c/AGENTS.md',
    ]);
    assert.deepEqual(
      await loaded('copilot-chat', '/repo/a', on({ ...files, '/repo/.github/copilot-instructions.md': 'x' })),
      ['/repo/.github/copilot-instructions.md', '/repo/AGENTS.md'],
    );
  });

  it('walks Windows folders', async () => {
    const windows = { 'C:/repo/AGENTS.md': 'root', 'C:/repo/a/AGENTS.md': 'a' };
    assert.deepEqual(await loaded('codex', 'C:\\repo\\a', on(windows, { root: 'C:\\repo' })), [
      'C:/repo/AGENTS.md',
      'C:/repo/a/AGENTS.md',
    ]);
    assert.deepEqual(await loaded('claude-code', 'C:\\repo\\a', on(windows, { root: 'C:\\repo' })), [
      'C:/repo/AGENTS.md',
      'C:/repo/a/AGENTS.md',
    ]);
  });
});

describe('sizes in bytes', () => {
  it('are those of UTF-8', () => {
    for (const text of ['', 'plain', 'é€', '𝒳y', '\ud800x', 'x\udc00', '日本語']) {
      assert.equal(utf8Length(text), new TextEncoder().encode(text).length, JSON.stringify(text));
    }
  });

  it('cut between characters, never inside one', () => {
    assert.equal(offsetAtByte('aé𝒳', 1), 1);
    assert.equal(offsetAtByte('aé𝒳', 2), 1);
    assert.equal(offsetAtByte('aé𝒳', 3), 2);
    assert.equal(offsetAtByte('aé𝒳', 6), 2);
    assert.equal(offsetAtByte('aé𝒳', 7), 4);
  });
});
