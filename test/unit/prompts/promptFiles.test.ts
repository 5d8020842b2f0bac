// Which files are prompts, for whom, and when they load: one row a case.
import assert from 'node:assert/strict';
import {
  type PromptFile,
  type PromptFileQuery,
  isLoadedFolder,
  recognisePromptFile,
} from '../../../src/prompts/promptFiles';

const at = (path: string, more: Partial<PromptFileQuery> = {}) =>
  recognisePromptFile({ path, workspaceFolders: ['/repo'], home: '/home/ann', ...more });

const told = (file: PromptFile | undefined) =>
  file &&
  `${file.kind} ${file.scope} ${file.loading} ${file.everyTurn}${file.globs.length ? ` ${file.globs.join(';')}` : ''}`;

const front = (...lines: string[]) => ['---', ...lines, '---', 'body'].join('\n');

describe('prompt files', () => {
  const rows: readonly (readonly [path: string, opening: string, expected: string | undefined, reader?: string])[] = [
    ['/repo/CLAUDE.md', '', 'memory project always whole', 'claude-code'],
    ['/repo/.claude/CLAUDE.md', '', 'memory project always whole', 'claude-code'],
    ['/repo/pkg/CLAUDE.md', '', 'memory nested in-folder nothing', 'claude-code'],
    ['/repo/CLAUDE.local.md', '', 'memory local always whole', 'claude-code'],
    ['/home/ann/.claude/CLAUDE.md', '', 'memory user always whole', 'claude-code'],
    ['/etc/claude-code/CLAUDE.md', '', 'memory managed always whole', 'claude-code'],
    [
      '/repo/.claude/rules/go.md',
      front('paths:', '  - "**/*.go"'),
      'rule project by-glob nothing **/*.go',
      'claude-code',
    ],
    ['/repo/.claude/rules/go.md', 'no front matter', 'rule project always whole', 'claude-code'],
    [
      '/repo/.claude/agents/review.md',
      front('description: reviews'),
      'agent project on-demand description',
      'claude-code',
    ],
    ['/repo/.claude/commands/x/ship.md', '', 'command project when-named nothing', 'claude-code'],
    [
      '/repo/.claude/skills/x/SKILL.md',
      front('name: x', 'description: does x'),
      'skill project on-demand description',
      'claude-code',
    ],
    ['/repo/plugin/skills/x/SKILL.md', '', 'skill project on-demand nothing', 'claude-code'],
    ['/home/ann/.claude/projects/-repo/memory/MEMORY.md', '', 'auto-memory user always whole', 'claude-code'],
    ['/repo/AGENTS.md', '', 'agents-md project always whole', 'codex'],
    ['/repo/pkg/a/AGENTS.md', '', 'agents-md nested in-folder nothing', 'cursor'],
    ['/repo/AGENTS.override.md', '', 'agents-md project always whole', 'codex'],
    ['/home/ann/.codex/AGENTS.md', '', 'agents-md user always whole', 'codex'],
    ['/repo/GEMINI.md', '', 'memory project always whole', 'gemini-cli'],
    ['/repo/QWEN.md', '', 'memory project always whole', 'qwen-code'],
    ['/repo/.github/copilot-instructions.md', '', 'instructions project always whole', 'copilot-chat'],
    [
      '/repo/.github/instructions/a.instructions.md',
      front('applyTo: "**/*.ts,**/*.tsx"'),
      'instructions project by-glob nothing **/*.ts;**/*.tsx',
      'copilot-chat',
    ],
    [
      '/repo/.github/instructions/a.instructions.md',
      front("applyTo: '**'"),
      'instructions project always whole **',
      'copilot-chat',
    ],
    [
      '/repo/.github/instructions/a.instructions.md',
      front('description: when x'),
      'instructions project on-demand nothing',
      'copilot-chat',
    ],
    ['/repo/.github/instructions/a.instructions.md', '', 'instructions project when-named nothing', 'copilot-chat'],
    ['/repo/.github/prompts/a.prompt.md', '', 'prompt project when-named nothing', 'copilot-chat'],
    [
      '/repo/.github/agents/a.agent.md',
      front('description: x'),
      'agent project when-named description',
      'copilot-chat',
    ],
    ['/repo/.github/chatmodes/a.chatmode.md', '', 'agent project when-named nothing', 'copilot-chat'],
    ['/repo/.cursorrules', '', 'rule project always whole', 'cursor'],
    [
      '/repo/.cursor/rules/a.mdc',
      front('alwaysApply: true', 'globs: "*.ts"'),
      'rule project always whole *.ts',
      'cursor',
    ],
    [
      '/repo/.cursor/rules/a.mdc',
      front('globs: src/**/*.{ts,tsx}, test/**'),
      'rule project by-glob nothing src/**/*.{ts,tsx};test/**',
      'cursor',
    ],
    [
      '/repo/.cursor/rules/a.mdc',
      front('description: x', 'globs:', 'alwaysApply: false'),
      'rule project on-demand description',
      'cursor',
    ],
    ['/repo/.cursor/rules/a.mdc', front('description:', 'globs:'), 'rule project when-named nothing', 'cursor'],
    ['/repo/.windsurfrules', '', 'rule project always whole', 'windsurf'],
    [
      '/repo/.windsurf/rules/a.md',
      front('trigger: glob', 'globs: "*.py"'),
      'rule project by-glob nothing *.py',
      'windsurf',
    ],
    ['/repo/.windsurf/rules/a.md', front('trigger: model_decision'), 'rule project on-demand nothing', 'windsurf'],
    ['/repo/.windsurf/rules/a.md', '', 'rule project always whole', 'windsurf'],
    ['/repo/.clinerules', '', 'rule project always whole', 'cline'],
    ['/repo/.clinerules/01-style.md', '', 'rule project always whole', 'cline'],
    ['/repo/.clinerules/ui.md', front('paths: ["src/ui/**"]'), 'rule project by-glob nothing src/ui/**', 'cline'],
    ['/repo/.clinerules/workflows/ship.md', '', 'command project when-named nothing', 'cline'],
    ['/repo/.roo/rules-code/a.md', '', 'rule project always whole', 'roo-code'],
    ['/repo/README.md', '', undefined],
    ['/repo/docs/agents.md', '', undefined],
    ['/repo/docs/claude.md', '', undefined],
    ['/repo/src/prompt.md', '', undefined],
    ['/repo/MYCLAUDE.md', '', undefined],
  ];
  for (const [path, opening, expected, reader] of rows) {
    it(`${path} ${opening.includes('---') ? JSON.stringify(opening.split('\n').slice(1, -2).join(' ')) : ''}`, () => {
      const file = at(path, { opening });
      assert.equal(told(file), expected);
      if (reader) assert.ok((file!.agents as readonly string[]).includes(reader), `read by ${file!.agents.join(', ')}`);
    });
  }

  it('knows Windows paths', () => {
    const windows = { workspaceFolders: ['C:\\work\\repo'], home: 'C:\\Users\\ann' };
    const on = (path: string) => told(recognisePromptFile({ path, ...windows }));
    assert.equal(on('C:\\work\\repo\\CLAUDE.md'), 'memory project always whole');
    assert.equal(on('c:\\Work\\repo\\pkg\\AGENTS.md'), 'agents-md nested in-folder nothing');
    assert.equal(on('C:\\Users\\ann\\.claude\\CLAUDE.md'), 'memory user always whole');
    assert.equal(on('C:\\work\\repo\\.cursor\\rules\\a.mdc'), 'rule project when-named nothing');
  });

  it('takes VS Code’s own prompt languages at their word, untitled documents too', () => {
    assert.equal(told(at('/repo/x.txt', { languageId: 'prompt' })), 'prompt project when-named nothing');
    assert.equal(told(at('', { languageId: 'prompt', isUntitled: true })), 'prompt none when-named nothing');
    assert.equal(told(at('', { languageId: 'chatagent', isUntitled: true })), 'agent none when-named nothing');
    assert.equal(at('', { languageId: 'markdown', isUntitled: true }), undefined);
    assert.equal(at('/repo/x.txt', { languageId: 'plaintext' }), undefined);
  });

  it('adds the user’s own globs, within the workspace', () => {
    const userGlobs = ['prompts/**/*.{txt,md}', '*.tmpl'];
    assert.equal(told(at('/repo/prompts/a/b.txt', { userGlobs })), 'custom project when-named nothing');
    assert.equal(told(at('/repo/deep/x.tmpl', { userGlobs })), 'custom project when-named nothing');
    assert.equal(at('/repo/prompts/a.yaml', { userGlobs }), undefined);
    assert.equal(at('/other/prompts/a.txt', { userGlobs }), undefined);
    assert.equal(at('/repo/a', { userGlobs: ['[', '{'] }), undefined);
  });

  it('knows each hard limit', () => {
    const limits = (path: string) =>
      at(path)!.limits.map((limit) => `${limit.agent} ${limit.amount} ${limit.unit} ${limit.effect}`);
    assert.deepEqual(limits('/repo/AGENTS.md'), ['codex 32768 bytes cut']);
    assert.deepEqual(limits('/repo/CLAUDE.md'), ['claude-code 4194304 bytes skipped']);
    assert.deepEqual(limits('/repo/.windsurf/rules/a.md'), ['windsurf 12000 characters cut']);
    assert.deepEqual(limits('/home/ann/.claude/projects/x/memory/MEMORY.md'), [
      'claude-code 200 lines cut',
      'claude-code 25000 bytes cut',
    ]);
    assert.deepEqual(limits('/repo/GEMINI.md'), []);
  });

  it('knows folders whose every file is loaded', () => {
    assert.ok(isLoadedFolder('/repo/.claude/rules'));
    assert.ok(isLoadedFolder('/repo/.clinerules'));
    assert.ok(!isLoadedFolder('/repo'));
    assert.ok(!isLoadedFolder('/repo/.github'));
  });
});
