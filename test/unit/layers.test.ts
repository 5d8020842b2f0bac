// The house plan's layers, checked on the sources themselves: who may import whom, and who may touch Node.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** Folder of src/ -> the folders it may import. Files at the top of src/ are listed by name. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  tokens: [],
  pricing: [],
  agents: [],
  ledger: ['tokens', 'pricing', 'agents'],
  prompts: ['tokens', 'pricing'],
  advisor: ['tokens', 'pricing'],
  report: ['tokens', 'pricing', 'agents', 'ledger', 'prompts', 'advisor'],
  cli: ['tokens', 'pricing', 'agents', 'ledger', 'prompts', 'advisor', 'report'],
  ui: ['tokens', 'pricing', 'agents', 'ledger', 'prompts', 'advisor', 'report'],
};
const forAnyone = ['format.ts'];
const fileSystem = /^(node:)?(fs|fs\/promises|sqlite|child_process)$/;
const network = /^(node:)?(net|http|https|http2|dns|tls|dgram)(\/|$)/;

describe('layers', () => {
  const sources = readdirSync('src', { recursive: true })
    .map((name) => String(name).replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts'));

  it('finds the sources', () => assert.ok(sources.length > 20));

  for (const source of sources) {
    const folder = source.includes('/') ? source.split('/')[0]! : '';
    it(source, () => {
      const text = readFileSync(join('src', source), 'utf8');
      for (const [, specifier] of text.matchAll(/(?:from|import|require\()\s*['"]([^'"]+)['"]/g)) {
        const problem = problemOf(source, folder, specifier!);
        assert.equal(problem, undefined, `${source} imports ${specifier}: ${problem}`);
      }
    });
  }

  function problemOf(source: string, folder: string, specifier: string): string | undefined {
    if (network.test(specifier)) return 'nothing here speaks to a network';
    if (specifier === 'vscode')
      return folder === 'ui' || /^extension(\.browser)?\.ts$/.test(source) ? undefined : 'only ui/ may';
    if (fileSystem.test(specifier))
      return folder === 'ledger' || folder === 'cli' || source === 'cli.ts'
        ? undefined
        : 'only ledger/ and the command line may';
    if (!specifier.startsWith('.')) return undefined;
    const target = posix.normalize(posix.join(dirname(source), specifier));
    const targetFolder = target.includes('/') ? target.split('/')[0]! : '';
    if (targetFolder === '') return forAnyone.includes(`${target}.ts`) ? undefined : 'top-level files are no library';
    if (folder === '' || folder === targetFolder) {
      const isAgent = folder === 'agents' && source !== 'agents/agents.ts';
      return isAgent && isAnotherAgent(source, target) ? 'no agent imports another' : undefined;
    }
    return mayImport[folder]?.includes(targetFolder) ? undefined : `${folder}/ may not import ${targetFolder}/`;
  }

  /** An agent is a file that exports an `Agent` object. */
  function isAnotherAgent(source: string, target: string): boolean {
    return (
      source !== `${target}.ts` && /export const \w+: Agent\b/.test(readFileSync(join('src', `${target}.ts`), 'utf8'))
    );
  }
});
