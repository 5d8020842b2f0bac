// The table of prompt files: one row a pattern, first match wins. A new agent's files are rows here and nothing else.
// Sources: code.claude.com/docs/en/memory, learn.chatgpt.com/docs/agent-configuration/agents-md,
// code.visualstudio.com/docs/agents/reference/custom-instructions-reference, geminicli.com/docs/reference/memport,
// cursor.com/docs/rules, docs.windsurf.com/windsurf/cascade/memories, docs.cline.bot/customization/cline-rules.
import { type Loading, type PromptAgent, type PromptKind, type PromptScope, type SizeLimit } from './promptFiles';

export interface FileRule {
  /** Held against the absolute path with `/`. */
  readonly test: RegExp;
  readonly kind: PromptKind;
  readonly agents: readonly PromptAgent[];
  /** Other readers where the file lies in the user's own folder. */
  readonly userAgents?: readonly PromptAgent[];
  /** Where the path alone tells it. */
  readonly scope?: PromptScope;
  /** A fixed way of loading, or the front-matter key that decides. `by-folder` = always, nested ones in their folder. */
  readonly loads: Loading | 'by-folder' | 'paths' | 'applyTo' | 'alwaysApply' | 'trigger';
  /** Its `description` stands in the context from the start. */
  readonly describes?: boolean;
  readonly limits?: readonly SizeLimit[];
}

/** Codex's `project_doc_max_bytes`: one budget for the chain, root first (codex-rs/core/src/agents_md.rs). */
export const codexBytes = 32 * 1024;
const codexBudget: SizeLimit = { agent: 'codex', amount: codexBytes, unit: 'bytes', effect: 'cut', isShared: true };
/** Claude Code skips a memory file above 4 MiB. */
const claudeCeiling: SizeLimit = { agent: 'claude-code', amount: 4 * 1024 * 1024, unit: 'bytes', effect: 'skipped' };
const windsurfRule: SizeLimit = { agent: 'windsurf', amount: 12_000, unit: 'characters', effect: 'cut' };
const windsurfGlobal: SizeLimit = { agent: 'windsurf', amount: 6_000, unit: 'characters', effect: 'cut' };

const claude = ['claude-code'] as const;
const copilot = ['copilot-chat', 'copilot-cli'] as const;
/** Those that read AGENTS.md without being told. Claude Code does where no CLAUDE.md stands in the way. */
const agentsMdReaders: readonly PromptAgent[] = [
  ...([
    'codex',
    'copilot-chat',
    'copilot-cli',
    'cursor',
    'opencode',
    'qwen-code',
    'cline',
    'roo-code',
    'kilo-code',
  ] as const),
  ...(['windsurf', 'zed', 'amp', 'pi', 'droid', 'goose', 'crush', 'claude-code'] as const),
];

export const fileRules: readonly FileRule[] = [
  // Claude Code
  {
    test: /^(?:\/etc\/claude-code|.*\/ClaudeCode)\/CLAUDE\.md$/,
    kind: 'memory',
    agents: claude,
    scope: 'managed',
    loads: 'always',
    limits: [claudeCeiling],
  },
  {
    test: /\/\.claude\/projects\/[^/]+\/memory\/MEMORY\.md$/,
    kind: 'auto-memory',
    agents: claude,
    scope: 'user',
    loads: 'always',
    limits: [
      { agent: 'claude-code', amount: 200, unit: 'lines', effect: 'cut' },
      { agent: 'claude-code', amount: 25_000, unit: 'bytes', effect: 'cut' },
    ],
  },
  {
    test: /\/CLAUDE\.local\.md$/,
    kind: 'memory',
    agents: claude,
    scope: 'local',
    loads: 'by-folder',
    limits: [claudeCeiling],
  },
  {
    test: /\/CLAUDE\.md$/,
    kind: 'memory',
    agents: [...claude, 'copilot-chat', 'copilot-cli'],
    userAgents: claude,
    loads: 'by-folder',
    limits: [claudeCeiling],
  },
  {
    test: /\/\.claude\/rules\/.+\.md$/,
    kind: 'rule',
    agents: [...claude, 'copilot-chat'],
    userAgents: claude,
    loads: 'paths',
  },
  {
    test: /\/\.(?:claude|agents|github|codex|gemini|qwen|opencode|copilot)\/skills\/.+\/SKILL\.md$/,
    kind: 'skill',
    agents: [...claude, 'copilot-chat', 'copilot-cli', 'codex', 'gemini-cli', 'qwen-code', 'opencode'],
    loads: 'on-demand',
    describes: true,
  },
  { test: /\/SKILL\.md$/, kind: 'skill', agents: claude, scope: 'project', loads: 'on-demand', describes: true },
  {
    test: /\/\.claude\/agents\/.+\.md$/,
    kind: 'agent',
    agents: [...claude, 'copilot-chat'],
    userAgents: claude,
    loads: 'on-demand',
    describes: true,
  },
  { test: /\/\.claude\/commands\/.+\.md$/, kind: 'command', agents: claude, loads: 'when-named', describes: true },
  // The shared format
  {
    test: /\/\.codex\/AGENTS(?:\.override)?\.md$/,
    kind: 'agents-md',
    agents: ['codex'],
    scope: 'user',
    loads: 'always',
  },
  {
    test: /\/\.config\/opencode\/AGENTS\.md$/,
    kind: 'agents-md',
    agents: ['opencode'],
    scope: 'user',
    loads: 'always',
  },
  { test: /\/AGENTS\.override\.md$/, kind: 'agents-md', agents: ['codex'], loads: 'by-folder', limits: [codexBudget] },
  { test: /\/AGENTS\.md$/, kind: 'agents-md', agents: agentsMdReaders, loads: 'by-folder', limits: [codexBudget] },
  { test: /\/\.codex\/prompts\/.+\.md$/, kind: 'command', agents: ['codex'], loads: 'when-named' },
  // Gemini and Qwen
  { test: /\/GEMINI\.md$/, kind: 'memory', agents: ['gemini-cli'], loads: 'by-folder' },
  { test: /\/QWEN\.md$/, kind: 'memory', agents: ['qwen-code'], loads: 'by-folder' },
  // Copilot
  {
    test: /\/\.(?:github|copilot)\/copilot-instructions\.md$/,
    kind: 'instructions',
    agents: copilot,
    userAgents: ['copilot-cli'],
    loads: 'always',
  },
  { test: /\.instructions\.md$/, kind: 'instructions', agents: copilot, loads: 'applyTo' },
  { test: /\.prompt\.md$/, kind: 'prompt', agents: ['copilot-chat'], loads: 'when-named' },
  { test: /\.(?:agent|chatmode)\.md$/, kind: 'agent', agents: copilot, loads: 'when-named', describes: true },
  { test: /\/\.github\/agents\/.+\.md$/, kind: 'agent', agents: copilot, loads: 'when-named', describes: true },
  // Cursor, Windsurf, Cline and kin
  { test: /\/\.cursorrules$/, kind: 'rule', agents: ['cursor', 'cline'], loads: 'always' },
  { test: /\/\.cursor\/rules\/.+\.mdc$/, kind: 'rule', agents: ['cursor'], loads: 'alwaysApply', describes: true },
  { test: /\/\.cursor\/commands\/.+\.md$/, kind: 'command', agents: ['cursor'], loads: 'when-named' },
  { test: /\/\.windsurfrules$/, kind: 'rule', agents: ['windsurf', 'cline'], loads: 'always', limits: [windsurfRule] },
  {
    test: /\/\.codeium\/windsurf\/memories\/global_rules\.md$/,
    kind: 'rule',
    agents: ['windsurf'],
    scope: 'user',
    loads: 'always',
    limits: [windsurfGlobal],
  },
  {
    test: /\/\.windsurf\/rules\/.+\.md$/,
    kind: 'rule',
    agents: ['windsurf'],
    loads: 'trigger',
    limits: [windsurfRule],
  },
  {
    test: /\/\.windsurf\/workflows\/.+\.md$/,
    kind: 'command',
    agents: ['windsurf'],
    loads: 'when-named',
    limits: [windsurfRule],
  },
  { test: /\/\.clinerules\/workflows\/.+\.md$/, kind: 'command', agents: ['cline'], loads: 'when-named' },
  { test: /\/(?:\.clinerules|\.cline\/rules)\/.+\.(?:md|txt)$/, kind: 'rule', agents: ['cline'], loads: 'paths' },
  { test: /\/\.clinerules$/, kind: 'rule', agents: ['cline'], loads: 'always' },
  {
    test: /\/\.(?:roorules(?:-[\w-]+)?|roo\/rules(?:-[\w-]+)?\/.+\.(?:md|txt))$/,
    kind: 'rule',
    agents: ['roo-code'],
    loads: 'always',
  },
  {
    test: /\/\.(?:kilocoderules(?:-[\w-]+)?|kilocode\/rules(?:-[\w-]+)?\/.+\.(?:md|txt))$/,
    kind: 'rule',
    agents: ['kilo-code'],
    loads: 'always',
  },
  { test: /\/\.continue\/rules\/.+\.md$/, kind: 'rule', agents: ['continue'], loads: 'alwaysApply' },
  { test: /\/\.goosehints$/, kind: 'rule', agents: ['goose'], loads: 'always' },
  { test: /\/CRUSH\.md$/, kind: 'memory', agents: ['crush'], loads: 'by-folder' },
  { test: /\/\.rules$/, kind: 'rule', agents: ['zed'], loads: 'always' },
  { test: /\/\.opencode\/agents?\/.+\.md$/, kind: 'agent', agents: ['opencode'], loads: 'on-demand', describes: true },
  { test: /\/\.opencode\/commands?\/.+\.md$/, kind: 'command', agents: ['opencode'], loads: 'when-named' },
];
