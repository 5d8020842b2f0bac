// Model ids as agents log them, with the price that each must get on Tuesday 2026-11-24 at noon UTC: [input, output,
// cache read, 5-minute cache write] in dollars per million tokens; null = the list has no such rate. The figures are
// those of the makers' pages named beside each group, not of the code under test.

export type KnownPrice = readonly [input: number, output: number, cacheRead: number | null, cacheWrite: number | null];

const opus5: KnownPrice = [5, 25, 0.5, 6.25];
const sonnet4: KnownPrice = [3, 15, 0.3, 3.75];
const gpt51: KnownPrice = [1.25, 10, 0.125, null];
const gpt52: KnownPrice = [1.75, 14, 0.175, null];

/** platform.claude.com/docs/en/about-claude/pricing */
const claudeCode: Readonly<Record<string, KnownPrice>> = {
  'claude-fable-5-1': [10, 50, 0.25, 12.5],
  'claude-fable-5': [10, 50, 1, 12.5],
  'claude-opus-5-5': [4, 20, 0.2, 5],
  'claude-opus-5-5[1m]': [4, 20, 0.2, 5],
  'claude-opus-5': opus5,
  'claude-opus-4-8': opus5,
  'claude-opus-4-7': opus5,
  'claude-opus-4-6': opus5,
  'claude-opus-4-5-20251101': opus5,
  'claude-opus-4-1-20250805': [15, 75, 1.5, 18.75],
  'claude-opus-4-20250514': [15, 75, 1.5, 18.75],
  'claude-sonnet-5-5': [2, 10, 0.1, 2.5],
  'claude-sonnet-5-5[1m]': [2, 10, 0.1, 2.5],
  'claude-sonnet-5': [2, 10, 0.2, 2.5],
  'claude-sonnet-4-6': sonnet4,
  'claude-sonnet-4-5-20250929': sonnet4,
  'claude-sonnet-4-20250514': sonnet4,
  'claude-3-7-sonnet-20250219': sonnet4,
  'claude-haiku-5-5': [0.1, 0.5, 0.01, 0.125],
  'claude-haiku-4-5-20251001': [1, 5, 0.1, 1.25],
  'claude-3-5-haiku-20241022': [0.8, 4, 0.08, 1],
};

/** developers.openai.com/api/docs/pricing */
const codex: Readonly<Record<string, KnownPrice>> = {
  'gpt-6.2-sol': [2, 10, 0.1, 2.5],
  'gpt-6.2-astra': [8, 40, 0.4, 10],
  'gpt-6.1-sol': [2, 10, 0.1, 2.5],
  'gpt-6.1-terra': [1, 5, 0.05, 1.25],
  'gpt-6-sol': [2, 10, 0.2, 2.5],
  'gpt-6-astra': [10, 50, 1, 12.5],
  'gpt-6-luna': [0.1, 0.5, 0.01, 0.125],
  'gpt-5.6-sol': [4, 20, 0.4, 5],
  'gpt-5.6-terra': [2, 12, 0.2, 2.5],
  'gpt-5.6-luna': [0.2, 1.2, 0.02, 0.25],
  'gpt-5.5': [5, 30, 0.5, null],
  'gpt-5.4': [2.5, 15, 0.25, null],
  'gpt-5.4-mini': [0.75, 4.5, 0.075, null],
  'gpt-5.3-codex': gpt52,
  'gpt-5.3-codex-spark': gpt52,
  'gpt-5.2': gpt52,
  'gpt-5.2-codex': gpt52,
  'gpt-5.2-xhigh': gpt52,
  'gpt-5.1-codex-max': gpt51,
  'gpt-5.1-codex': gpt51,
  'gpt-5.1-codex-mini': [0.25, 2, 0.025, null],
  'gpt-5.1': gpt51,
  'gpt-5-codex': gpt51,
  'gpt-5': gpt51,
  'gpt-5-2025-08-07': gpt51,
  'gpt-5-mini': [0.25, 2, 0.025, null],
  'codex-mini-latest': [1.5, 6, 0.375, null],
  'o4-mini': [1.1, 4.4, 0.275, null],
};

/** ai.google.dev/gemini-api/docs/pricing */
const gemini: Readonly<Record<string, KnownPrice>> = {
  'gemini-4-argon': [2, 10, 0.1, null],
  'gemini-3.8-flash': [0.75, 3.75, 0.075, null],
  'gemini-3.1-pro-preview': [2, 12, 0.2, null],
  'gemini-3-flash-preview': [0.5, 3, 0.05, null],
  'models/gemini-2.5-pro': [1.25, 10, 0.125, null],
  'gemini-2.5-flash': [0.3, 2.5, 0.03, null],
  'gemini-2.5-flash-lite': [0.1, 0.4, 0.01, null],
};

/** docs.x.ai, api-docs.deepseek.com (off-peak), platform.kimi.ai, docs.z.ai, alibabacloud.com, platform.minimax.io, docs.mistral.ai */
const others: Readonly<Record<string, KnownPrice>> = {
  'grok-4.7': [2, 6, 0.5, null],
  'grok-4.5': [2, 6, 0.3, null],
  'grok-code-fast-1': [0.2, 1.5, 0.02, null],
  'grok-4-1-fast-reasoning': [0.2, 0.5, 0.05, null],
  'deepseek-v4-pro': [0.66, 1.98, 0.022, null],
  'deepseek-flash': [0.15, 0.6, 0.003, null],
  'deepseek-chat': [0.28, 0.42, 0.028, null],
  'kimi-k3': [3, 15, 0.3, null],
  'kimi-k2.6': [0.95, 4, 0.16, null],
  'kimi-k2-thinking': [0.6, 2.5, 0.15, null],
  'glm-5.3': [1.4, 4.4, 0.26, null],
  'glm-4.7': [0.6, 2.2, 0.11, null],
  'glm-4.6': [0.6, 2.2, 0.11, null],
  'qwen3-coder-plus': [1, 5, null, null],
  'minimax-m2.5': [0.3, 1.2, 0.03, 0.375],
  'devstral-2512': [0.4, 2, 0.04, null],
};

/** Copilot's calls, at the maker's list price. */
const copilot: Readonly<Record<string, KnownPrice>> = {
  'copilot/claude-sonnet-4.5': sonnet4,
  'copilot/claude-opus-41': [15, 75, 1.5, 18.75],
  'copilot/gpt-5.6-sol': [4, 20, 0.4, 5],
  'github-copilot/claude-haiku-4.5': [1, 5, 0.1, 1.25],
  'copilot/gemini-3.1-pro-preview': [2, 12, 0.2, null],
};

/** Closed models at the maker's price, open ones at OpenRouter's. */
const router: Readonly<Record<string, KnownPrice>> = {
  'anthropic/claude-sonnet-4.5': sonnet4,
  'anthropic/claude-opus-5.5': [4, 20, 0.2, 5],
  'openrouter/anthropic/claude-opus-4.5': opus5,
  'openai/gpt-5.2-codex': gpt52,
  'google/gemini-2.5-pro': [1.25, 10, 0.125, null],
  'x-ai/grok-code-fast-1': [0.2, 1.5, 0.02, null],
  'qwen/qwen3-coder': [0.22, 1.8, null, null],
  'moonshotai/kimi-k2-thinking': [0.6, 2.5, null, null],
  'z-ai/glm-5.3': [1.4, 4.4, 0.26, null],
};

/** Bedrock (regional endpoints 1.1x from Claude 4.5 on), Vertex, Azure. */
const clouds: Readonly<Record<string, KnownPrice>> = {
  'us.anthropic.claude-sonnet-4-5-20250929-v1:0': [3.3, 16.5, 0.33, 4.125],
  'eu.anthropic.claude-haiku-4-5-20251001-v1:0': [1.1, 5.5, 0.11, 1.375],
  'global.anthropic.claude-opus-4-8-v1:0': opus5,
  'anthropic.claude-3-5-sonnet-20241022-v2:0': sonnet4,
  'us.anthropic.claude-sonnet-5-5-v1:0': [2.2, 11, 0.11, 2.75],
  'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-5-20251101-v1:0': [
    5.5, 27.5, 0.55, 6.875,
  ],
  'claude-sonnet-4-5@20250929': sonnet4,
  'claude-opus-4-8@default': opus5,
  'azure/gpt-5.2': gpt52,
};

/** cursor.com/docs/models-and-pricing */
const cursor: Readonly<Record<string, KnownPrice>> = {
  'composer-1': [1.25, 10, 0.125, null],
  'composer-2.5': [0.5, 2.5, 0.2, null],
  'claude-4.5-opus-high-thinking': opus5,
};

/** 98 ids. */
export const knownIds: Readonly<Record<string, KnownPrice>> = {
  ...claudeCode,
  ...codex,
  ...gemini,
  ...others,
  ...copilot,
  ...router,
  ...clouds,
  ...cursor,
};

/** Ids that nobody may price as exact: no model, not to be told, invented, or run at home. */
export const negativeIds: readonly string[] = [
  '<synthetic>',
  'copilot/auto',
  'default',
  'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcd1234efgh',
  'claude-opus-4-10',
  'claude-sonnet-5-7',
  'claude-opus-9',
  'gpt-9-ultra',
  'gemini-2.5-pro-foo',
  'deepseek-v4-pro-max',
  'llama3.1:8b',
  'ollama/qwen2.5-coder:7b',
  'lmstudio/qwen3-8b',
  'my-company-model-v3',
];

/** Noon on a Tuesday: no list's peak hours. */
export const noonMs = Date.parse('2026-11-24T12:00:00Z');
