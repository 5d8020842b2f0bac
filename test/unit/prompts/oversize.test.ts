// What is told about a prompt and what is not: each finding's place and facts, and silence where there is nothing to say.
import assert from 'node:assert/strict';
import { importGraph } from '../../../src/prompts/imports';
import { instructionChain } from '../../../src/prompts/instructionChain';
import { type OversizeInput, findOversize, mostImportant } from '../../../src/prompts/oversize';
import { recognisePromptFile } from '../../../src/prompts/promptFiles';
import { findSecrets } from '../../../src/prompts/secrets';

/** One token a word: figures that can be checked by hand. */
const count = (text: string) => text.split(/\s+/).filter(Boolean).length;

const file = (path: string, opening = '') =>
  recognisePromptFile({ path, opening, workspaceFolders: ['/r'], home: '/h' })!;

function find(text: string, more: Partial<OversizeInput> = {}) {
  return findOversize({ text, file: file('/r/CLAUDE.md'), tokens: count(text), windowTokens: 10_000, count, ...more });
}

const told = (text: string, more: Partial<OversizeInput> = {}) =>
  find(text, more).map(({ severity, facts, start, end }) => [
    severity,
    facts.code,
    text.slice(start, end).slice(0, 40),
  ]);

const code = (text: string, more: Partial<OversizeInput> = {}) => find(text, more).map((finding) => finding.facts.code);

describe('findings about size', () => {
  it('hang on the window and on how often the file is sent', () => {
    const text = `# Rules\n${'word '.repeat(600)}\n`;
    assert.deepEqual(told(text), [['information', 'size', '# Rules']]);
    assert.deepEqual(code(text, { windowTokens: 20_000 }), []);
    assert.deepEqual(code(text, { windowTokens: undefined as unknown as number }), []);
    assert.deepEqual(code(text, { file: file('/r/x/SKILL.md') }), []);
    assert.deepEqual(code(text, { file: file('/r/a.prompt.md') }), []);
    assert.deepEqual(code(text, { thresholds: { alwaysShare: 0.2, onDemandShare: 1, promptShare: 1 } }), []);
  });

  it('mark where Codex stops reading a single file', () => {
    const text = `${'x'.repeat(32_760)}\nlast line\nmore\n`;
    const found = find(text, { file: file('/r/AGENTS.md'), windowTokens: 1e9 });
    assert.deepEqual(
      found.map(({ severity, facts }) => [severity, facts.code]),
      [['warning', 'cut-off']],
    );
    assert.equal(found[0]!.start, 32_768);
    assert.equal(text.slice(found[0]!.start, found[0]!.end), 'ne');
  });

  it('mark where the chain’s budget is spent, in the file in which it is', async () => {
    const files: Record<string, string> = {
      '/r/AGENTS.md': 'r'.repeat(30_000),
      '/r/a/AGENTS.md': `${'a'.repeat(2_767)}\nlost\n`,
    };
    const chain = await instructionChain('codex', '/r/a', {
      root: '/r',
      home: undefined,
      read: (path) => Promise.resolve(files[path]),
    });
    const of = (path: string) =>
      find(files[path]!, { file: file(path), windowTokens: 1e9, chain: { chain, path } }).map(({ facts, start }) => [
        facts.code,
        start,
      ]);
    assert.deepEqual(of('/r/AGENTS.md'), []);
    assert.deepEqual(of('/r/a/AGENTS.md'), [['cut-off', 2_768]]);
  });

  it('know limits in lines and characters', () => {
    const memory = find('- a\n'.repeat(205), {
      file: file('/h/.claude/projects/x/memory/MEMORY.md'),
      windowTokens: 1e9,
    });
    assert.deepEqual(
      memory.filter(({ facts }) => facts.code === 'cut-off').map(({ start }) => start),
      [800],
    );
    const rule = find('y'.repeat(12_010), { file: file('/r/.windsurf/rules/a.md'), windowTokens: 1e9 });
    assert.deepEqual(
      rule.map(({ facts, start }) => [facts.code, start]),
      [['cut-off', 12_000]],
    );
  });

  it('tell of imports that are too deep, missing or out of reach', async () => {
    const text = '@a.md\n@gone.md\n@octocat\n';
    const files: Record<string, string> = {
      '/r/a.md': '@b.md',
      '/r/b.md': '@c.md',
      '/r/c.md': '@d.md',
      '/r/d.md': '@e.md',
      '/r/e.md': 'deep',
    };
    const read = (path: string) => Promise.resolve(files[path] === undefined ? undefined : { text: files[path] });
    const imports = [
      await importGraph('/r/CLAUDE.md', text, 'claude-code', { projectRoot: '/r', home: undefined, count, read }),
    ];
    assert.deepEqual(told(text, { imports }), [
      ['warning', 'import-too-deep', '@a.md'],
      ['information', 'import-missing', '@gone.md'],
    ]);
    const outside = [
      await importGraph('/r/GEMINI.md', '@../x.md', 'gemini-cli', { projectRoot: '/r', home: undefined, count, read }),
    ];
    assert.deepEqual(told('@../x.md', { imports: outside }), [['information', 'import-outside', '@../x.md']]);
  });

  it('tell of logs, blobs, repeated lines and paragraphs, with their tokens', () => {
    const log = Array.from(
      { length: 90 },
      (_, i) => `12:00:${i % 60 < 10 ? '0' : ''}${i % 60} worker ${i} did one more of its many small and dull things\n`,
    ).join('');
    assert.deepEqual(
      find(log, { windowTokens: 1e9 }).map(({ facts }) => facts),
      [{ code: 'pasted-log', tokens: 1_170, lines: 90 }],
    );
    const lines = 'please wait for the next free worker\n'.repeat(60);
    assert.deepEqual(
      find(lines, { windowTokens: 1e9 }).map(({ facts }) => facts),
      [{ code: 'repeated-lines', tokens: 413, count: 60 }],
    );
    const paragraph = `${'Always check the result of a call before the next one is made. '.repeat(4)}`.trim();
    const twice = `${paragraph}\n\nOther.\n\n${paragraph}\n`;
    assert.deepEqual(
      find(twice, { windowTokens: 1e9 }).map(({ facts }) => facts),
      [{ code: 'duplicate-paragraph', tokens: 52, line: 1 }],
    );
  });

  it('tell once of what stands in another file that loads along', () => {
    const rules = Array.from(
      { length: 12 },
      (_, i) => `- Rule ${i}: ${'keep functions small and name things for what they do, '.repeat(2)}\n`,
    ).join('');
    const companions = [{ path: '/r/AGENTS.md', text: `# Agents\n\n${rules}`, agent: 'copilot-chat' as const }];
    const found = find(`# Claude\n\n${rules}`, { windowTokens: 1e9, companions });
    assert.deepEqual(
      found.map(({ facts }) => facts),
      [{ code: 'same-rules', tokens: 276, passages: 12, path: '/r/AGENTS.md', agent: 'copilot-chat' }],
    );
    assert.deepEqual(code('- Rule: x\n', { companions }), []);
  });

  it('are shown sparingly: warnings first, the heavier first, one for a place', () => {
    const finding = (weight: number, severity: 'warning' | 'information', start: number) =>
      ({ start, end: start + 5, severity, weight, facts: { code: 'blob', tokens: weight, mediaType: '' } }) as const;
    const all = [
      finding(10, 'information', 0),
      finding(90, 'information', 20),
      finding(1, 'warning', 40),
      finding(80, 'information', 22),
    ];
    assert.deepEqual(
      mostImportant(all, 2).map(({ start }) => start),
      [20, 40],
    );
    assert.deepEqual(
      mostImportant(all, 9).map(({ start }) => start),
      [0, 20, 40],
    );
    assert.deepEqual(mostImportant(all, 0), []);
  });
});

/** Random-looking, made here and valid nowhere. */
function noise(length: number, alphabet: string, seed = 3): string {
  let state = seed;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return alphabet[(state >>> 8) % alphabet.length];
  }).join('');
}

describe('strings that look like credentials', () => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  const vendors: readonly (readonly [string, string])[] = [
    ['GitHub', `ghp_${noise(36, letters)}`],
    ['GitHub', `github_pat_${noise(22, letters)}_${noise(59, letters)}`],
    ['Anthropic', `sk-ant-${'api03'}-${noise(93, letters)}AA`],
    ['OpenAI', `sk-proj-${noise(100, letters)}`],
    ['AWS', `AKIA${noise(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`],
    ['Google', `AIza${noise(35, letters)}`],
    ['Slack', `xoxb-${noise(12, '0123456789')}-${noise(12, '0123456789')}-${noise(24, letters)}`],
    ['Stripe', `sk_live_${noise(24, letters)}`],
    ['npm', `npm_${noise(36, letters)}`],
    ['GitLab', `glpat-${noise(20, letters)}`],
    ['Hugging Face', `hf_${noise(34, letters.slice(0, 52))}`],
    ['DigitalOcean', `dop_v1_${noise(64, '0123456789abcdef')}`],
    ['Azure', `AccountKey=${noise(86, letters)}==`],
    [
      'Private key',
      `-----BEGIN PRIVATE KEY-----\n${noise(64, letters)}\n${noise(64, letters)}\n-----END PRIVATE KEY-----`,
    ],
  ];
  for (const [vendor, secret] of vendors) {
    it(`are found: ${vendor}`, () => {
      const text = `Use the key ${secret} for it.`;
      const found = findSecrets(text);
      assert.deepEqual(
        found.map((secret) => secret.vendor),
        [vendor],
      );
      assert.ok(text.slice(found[0]!.start, found[0]!.end).startsWith(secret.slice(0, 20)));
      assert.ok(!JSON.stringify(found).includes(secret.slice(8, 20)), 'the finding must not hold the secret');
    });
  }

  it('are not seen in examples, hashes, ids and names', () => {
    const harmless = [
      'AKIAIOSFODNN7EXAMPLE',
      `ghp_${'x'.repeat(36)}`,
      'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
      'sk-ant-api03-your-key-here',
      'sk-proj-...',
      'sk-1234567890abcdef',
      'OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
      '3f786850e387550fdab836ed7e6dc881de23001b',
      '550e8400-e29b-41d4-a716-446655440000',
      'hf_transformersTokenizerFastForSequences',
      'npm_config_registry npm_package_version npm_lifecycle_event',
      '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
      'sk_test_4eC39HqLyjWDarjtT1zdp7dc',
      'xoxb-your-token',
      `AIza${'0'.repeat(35)}`,
    ];
    for (const text of harmless) assert.deepEqual(findSecrets(`key: ${text} end`), [], text);
  });

  it('make the first of all findings, as a warning', () => {
    const text = `# A\nghp_${noise(36, letters)}\n${'word '.repeat(900)}`;
    const [first, second] = find(text);
    assert.deepEqual([first!.facts, first!.severity], [{ code: 'secret', vendor: 'GitHub' }, 'warning']);
    assert.equal(second!.facts.code, 'size');
  });
});
