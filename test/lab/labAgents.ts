// The real agents that the lab runs: version, configuration and command line of each, and what its log is known not to hold.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type LabAgent } from './labAgent';

const json = (value: unknown) => JSON.stringify(value, null, 2);

/** The id in the name of the newest file below a folder: what a fork is made of. */
function newestSession(folder: string): string {
  const found = readdirSync(folder, { recursive: true })
    .map(String)
    .flatMap((name) => {
      const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=\.jsonl$)/.exec(name)?.[0];
      return id === undefined ? [] : [{ id, ms: statSync(join(folder, name)).mtimeMs }];
    })
    .sort((a, b) => b.ms - a.ms);
  return found[0]?.id ?? '';
}

const claudeCode: LabAgent = {
  id: 'claude-code',
  packages: ['@anthropic-ai/claude-code@2.1.330'],
  command: 'claude',
  agentType: 'general-purpose',
  cacheWrites: 'by-age',
  logsReasoning: false,
  hasRunningTotal: true,
  variables: (url) => ({
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: 'sk-test',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_ERROR_REPORTING: '1',
    DISABLE_TELEMETRY: '1',
  }),
  verbs: {
    run: (prompt) => ['-p', prompt, '--allowedTools', 'Bash,Read,Agent,Task'],
    resume: (prompt) => ['--continue', '-p', prompt],
    fork: (prompt) => ['--continue', '--fork-session', '-p', prompt],
    compact: () => ['--continue', '-p', '/compact'],
  },
  gapOf: ({ script }, during) =>
    during === 'compact' ? 'compaction call' : script === undefined ? 'title call' : undefined,
};

const codexExec = ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox'];
const codex: LabAgent = {
  id: 'codex',
  packages: ['@openai/codex@0.169.0'],
  command: 'codex',
  agentType: 'default',
  cacheWrites: 'sum',
  logsReasoning: true,
  variables: () => ({ LAB_KEY: 'sk-test' }),
  files: (url) => ({
    '.codex/config.toml': [
      'model = "gpt-5-codex"',
      'model_provider = "lab"',
      'check_for_update_on_startup = false',
      '[model_providers.lab]',
      'name = "Lab"',
      `base_url = "${url}/v1"`,
      'wire_api = "responses"',
      'env_key = "LAB_KEY"',
      '[analytics]',
      'enabled = false',
      '',
    ].join('\n'),
  }),
  verbs: {
    run: (prompt) => [...codexExec, prompt],
    resume: (prompt) => [...codexExec, 'resume', '--last', prompt],
    fork: (prompt, home) => [...codexExec, 'fork', newestSession(join(home, '.codex/sessions')), prompt],
    compact: (prompt) => [...codexExec, '-c', 'model_auto_compact_token_limit=5000', prompt],
  },
  gapOf: ({ script }) => (script === 'child' ? 'child running when its parent ended' : undefined),
};

const geminiCli: LabAgent = {
  id: 'gemini-cli',
  packages: ['@google/gemini-cli@0.61.0'],
  command: 'gemini',
  agentType: 'generalist',
  cacheWrites: 'none',
  logsReasoning: true,
  variables: (url) => ({ GEMINI_API_KEY: 'sk-test', GOOGLE_GEMINI_BASE_URL: url, GEMINI_CLI_TRUST_WORKSPACE: 'true' }),
  files: () => ({
    '.gemini/settings.json': json({
      security: { auth: { selectedType: 'gemini-api-key' } },
      general: { disableAutoUpdate: true },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
    }),
  }),
  verbs: {
    run: (prompt) => ['--yolo', '-p', prompt],
    resume: (prompt) => ['--yolo', '--resume', 'latest', '-p', prompt],
  },
  gapOf: ({ script }) => (script === undefined ? 'router call' : undefined),
};

/** OpenCode and Kilo are configured alike. */
function openCodeConfig(url: string): string {
  const limit = { context: 200_000, output: 32_000 };
  const models = {
    'lab-model': { name: 'Lab', limit, cost: { input: 1, output: 2, cache_read: 0.1, cache_write: 1.25 } },
    'lab-small': { name: 'Small', limit },
  };
  const options = { baseURL: `${url}/v1`, apiKey: 'sk-test' };
  return json({
    autoupdate: false,
    share: 'disabled',
    model: 'lab/lab-model',
    small_model: 'lab/lab-small',
    permission: { '*': 'allow' },
    provider: { lab: { npm: '@ai-sdk/openai-compatible', name: 'Lab', options, models } },
  });
}

const openCode: LabAgent = {
  id: 'opencode',
  packages: ['opencode-ai@1.18.33'],
  command: 'opencode',
  agentType: 'general',
  needsRegistry: true,
  cacheWrites: 'none',
  logsReasoning: true,
  variables: () => ({ OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' }),
  files: (url) => ({ '.config/opencode/opencode.json': openCodeConfig(url) }),
  verbs: {
    run: (prompt) => ['run', prompt],
    resume: (prompt) => ['run', '--continue', prompt],
    fork: (prompt) => ['run', '--continue', '--fork', prompt],
  },
  gapOf: ({ script }) => (script === undefined ? 'title call' : undefined),
};

const kiloCode: LabAgent = {
  ...openCode,
  id: 'kilo-code',
  packages: ['@kilocode/cli@7.7.7', '@kilocode/cli-linux-x64@7.7.7'],
  ignoreScripts: true,
  command: 'kilo',
  variables: () => ({ KILO_TELEMETRY_LEVEL: 'off', KILO_DISABLE_AUTOUPDATE: '1', KILO_DISABLE_MODELS_FETCH: '1' }),
  files: (url) => ({ '.config/kilo/kilo.json': openCodeConfig(url) }),
  verbs: {
    run: (prompt) => ['run', '--auto', prompt],
    resume: (prompt) => ['run', '--auto', '--continue', prompt],
    fork: (prompt) => ['run', '--auto', '--continue', '--fork', prompt],
  },
};

const qwenCode: LabAgent = {
  id: 'qwen-code',
  packages: ['@qwen-code/qwen-code@0.24.4'],
  command: 'qwen',
  agentType: 'general-purpose',
  cacheWrites: 'none',
  logsReasoning: true,
  variables: (url) => ({ OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: `${url}/v1`, OPENAI_MODEL: 'lab-model' }),
  files: () => ({
    '.qwen/settings.json': json({
      general: { disableAutoUpdate: true },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
    }),
  }),
  verbs: {
    run: (prompt) => ['--auth-type', 'openai', '--yolo', '-p', prompt],
    resume: (prompt) => ['--auth-type', 'openai', '--yolo', '--continue', '-p', prompt],
  },
};

const piArguments = ['--provider', 'lab', '--model', 'lab-model'];
const pi: LabAgent = {
  id: 'pi',
  packages: ['@mariozechner/pi-coding-agent@0.73.1'],
  command: 'pi',
  cacheWrites: 'sum',
  logsReasoning: false,
  variables: () => ({ PI_OFFLINE: '1', PI_TELEMETRY: '0', PI_SKIP_VERSION_CHECK: '1' }),
  files: (url) => ({
    '.pi/agent/models.json': json({
      providers: {
        lab: {
          baseUrl: url,
          api: 'anthropic-messages',
          apiKey: 'sk-test',
          models: [
            {
              id: 'lab-model',
              name: 'Lab',
              reasoning: true,
              input: ['text'],
              cost: { input: 1, output: 2, cacheRead: 0.1, cacheWrite: 1.25 },
              contextWindow: 200_000,
              maxTokens: 32_000,
            },
          ],
        },
      },
    }),
  }),
  verbs: {
    run: (prompt) => [...piArguments, '-p', prompt],
    resume: (prompt) => [...piArguments, '--continue', '-p', prompt],
  },
};

const copilotCli: LabAgent = {
  id: 'copilot-cli',
  packages: ['@github/copilot@1.0.102'],
  command: 'copilot',
  agentType: 'general-purpose',
  cacheWrites: 'sum',
  logsReasoning: false,
  variables: (url) => ({
    COPILOT_PROVIDER_BASE_URL: url,
    COPILOT_PROVIDER_TYPE: 'anthropic',
    COPILOT_PROVIDER_API_KEY: 'sk-test',
    COPILOT_MODEL: 'claude-sonnet-4.5',
    COPILOT_AUTO_UPDATE: 'false',
    COPILOT_OFFLINE: 'true',
  }),
  verbs: {
    run: (prompt) => ['--allow-all-tools', '-p', prompt],
    resume: (prompt) => ['--allow-all-tools', '--continue', '-p', prompt],
  },
};

const cline: LabAgent = {
  id: 'cline',
  packages: ['cline@3.0.65'],
  command: 'cline',
  agentType: 'general',
  cacheWrites: 'none',
  logsReasoning: false,
  variables: () => ({ CLINE_TELEMETRY_DISABLED: '1', CLINE_NO_AUTO_UPDATE: '1' }),
  files: (url) => ({
    '.cline/data/settings/providers.json': json({
      version: 1,
      lastUsedProvider: 'openai-compatible',
      modes: {},
      providers: {
        'openai-compatible': {
          settings: { provider: 'openai-compatible', apiKey: 'sk-test', model: 'lab-model', baseUrl: `${url}/v1` },
          updatedAt: '2026-01-01T00:00:00.000Z',
          tokenSource: 'manual',
        },
      },
    }),
  }),
  verbs: { run: (prompt) => ['-P', 'openai-compatible', '-m', 'lab-model', prompt] },
};

export const labAgents: readonly LabAgent[] = [
  claudeCode,
  codex,
  geminiCli,
  copilotCli,
  openCode,
  kiloCode,
  qwenCode,
  pi,
  cline,
];
