// What the manifest promises, held against itself, its sentences and the code: settings and their examples, commands and
// their names, what a folder that nobody trusts may set.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { agents } from '../../../src/agents/agents';
import { readBudgets } from '../../../src/ledger/budgetSetting';
import { readPlans, readPriceSettings } from '../../../src/pricing/settings';
import { commands } from '../../../src/ui/commands';

interface Setting {
  readonly order: number;
  readonly type: string;
  readonly scope: string;
  readonly default: unknown;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly minimum?: number;
  readonly markdownDescription: string;
}

interface Manifest {
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
    readonly commands: readonly {
      readonly command: string;
      readonly category: string;
      readonly title: string;
      readonly enablement?: string;
    }[];
    readonly menus: { readonly commandPalette: readonly { readonly command: string; readonly when: string }[] };
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly description: string; readonly media: { readonly svg: string } }[];
    }[];
  };
}

const manifestText = fs.readFileSync('package.json', 'utf8');
const manifest = JSON.parse(manifestText) as Manifest;
const sentences = JSON.parse(fs.readFileSync('package.nls.json', 'utf8')) as Readonly<Record<string, string>>;
const { commandPalette } = manifest.contributes.menus;
const settings = Object.entries(manifest.contributes.configuration.properties);
const sentenceOf = (key: string): string => sentences[key.slice(1, -1)] ?? '';

/** The code of a sentence's example: `Example: \`{ … }\`.` */
function exampleIn(sentence: string): unknown {
  const found = /Example: `(.+)`\./s.exec(sentence)?.[1];
  return found === undefined ? undefined : JSON.parse(found);
}

describe('the manifest', () => {
  it('has a sentence for every key, and no other', () => {
    const used = new Set([...manifestText.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key!));
    assert.deepEqual([...used].sort(), Object.keys(sentences).sort());
  });

  describe('its settings', () => {
    it('are at most twenty, in an order without ties', () => {
      assert.ok(settings.length <= 20, String(settings.length));
      assert.equal(new Set(settings.map(([, { order }]) => order)).size, settings.length);
    });

    it('are each read by the code, and no other is', () => {
      const read = ['settings.ts', 'promptSettings.ts'].flatMap((file) => {
        const text = fs.readFileSync(path.join('src', 'ui', file), 'utf8');
        const names = [...text.matchAll(/(?:read(?:<\w+>)?|get(?:<[^(]+>)?|percent)\('([\w.]+)'/g)].map(
          ([, name]) => name!,
        );
        return names.map((name) => (file === 'settings.ts' ? `tokenometer.${name}` : `tokenometer.prompts.${name}`));
      });
      assert.deepEqual([...new Set(read)].sort(), settings.map(([name]) => name).sort());
    });

    for (const [name, setting] of settings)
      it(`say what they do, with an example: ${name}`, () => {
        const sentence = sentenceOf(setting.markdownDescription);
        assert.match(sentence, /^[A-Z].*[.)]$/s);
        assert.notEqual(setting.default, undefined);
        assert.ok(['application', 'machine', 'machine-overridable', 'window', 'resource'].includes(setting.scope));
        if (setting.enum) {
          assert.ok(setting.enum.includes(setting.default as string));
          assert.equal(setting.enumDescriptions?.filter((key) => sentenceOf(key) !== '').length, setting.enum.length);
        } else if (setting.type === 'object' || setting.type === 'array') {
          assert.equal(Array.isArray(exampleIn(sentence)), setting.type === 'array');
        } else if (setting.type !== 'boolean') assert.match(sentence, /[Ee]xample:? `|`\d+`/);
        for (const [, other] of sentence.matchAll(/#([\w.]+)#/g))
          assert.ok(other!.startsWith('editor.') || settings.some(([known]) => known === other), other);
      });

    it('take their own examples', () => {
      const example = (name: string) => exampleIn(sentences[`setting.${name}`]!);
      assert.deepEqual(readBudgets(example('budgets'), [['/work/harbor', example('budgets')]]).problems, []);
      const prices = readPriceSettings({
        overrides: example('prices.overrides'),
        aliases: example('prices.aliases'),
        flatRate: example('prices.flatRate'),
      });
      assert.deepEqual(prices.problems, []);
      assert.deepEqual([prices.overrides.length, prices.aliases.size, prices.flatRate.length], [1, 1, 1]);
      const { plans, problems } = readPlans(example('prices.plans'));
      assert.deepEqual([plans.length, problems], [1, []]);
      for (const id of Object.keys(example('logs.folders') as object))
        assert.ok(agents.some((agent) => agent.id === id));
    });

    it('that decide what is read and what figures say are nobody’s but the person’s in a folder without trust', () => {
      const byWorkspace = settings.filter(([, { scope }]) => scope !== 'application' && scope !== 'machine');
      const decides = byWorkspace.map(([name]) => name).filter((name) => /\.(prices|budgets|logs)\b/.test(name));
      const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
      for (const name of decides) assert.ok(restrictedConfigurations.includes(name), name);
      for (const name of restrictedConfigurations)
        assert.ok(
          settings.some(([known]) => known === name),
          name,
        );
    });

    it('that use the network or speak up are one person’s, never a folder’s', () => {
      for (const name of ['prices.refresh', 'meter.notices', 'report.weeklyReminder'])
        assert.equal(Object.fromEntries(settings)[`tokenometer.${name}`]?.scope, 'application', name);
    });
  });

  describe('its commands', () => {
    const declared = manifest.contributes.commands;

    it('are those of the code', () => {
      // Only a link in a hover calls it.
      const inCode = Object.values(commands).filter((id) => id !== 'tokenometer.skipWeeklyLetter');
      assert.deepEqual(declared.map(({ command }) => command).sort(), [...inCode].sort());
    });

    for (const { command, category, title, enablement } of declared)
      it(`are named as VS Code names its own, and found in the palette: ${command}`, () => {
        assert.equal(category, 'Tokenometer');
        const name = sentenceOf(title);
        const small = /^(a|an|as|at|for|in|of|the|to|with)$/;
        for (const word of name.replace(/[…?]$/, '').split(' '))
          assert.match(word, small.test(word) ? small : /^[A-Z]/);
        assert.doesNotMatch(name, /Tokenometer|\.\.\.|\.$/);
        const when = commandPalette.find((entry) => entry.command === command)?.when ?? '';
        assert.doesNotMatch(when, /\bfalse\b/);
        // What the palette hides is what a key binding could not run either.
        for (const key of ['editorIsOpen', 'tokenometer.taskRunning', 'config.tokenometer.prices.refresh'])
          if (when.includes(key))
            assert.ok(enablement?.includes(key) || key === 'editorIsOpen', `${key} of ${command}`);
      });

    it('have names that cannot be taken for each other', () => {
      const names = declared.map(({ title }) => sentenceOf(title));
      assert.equal(new Set(names).size, names.length);
    });
  });

  it('has a walkthrough of four steps, each with a picture and something to do', () => {
    const [walkthrough, ...others] = manifest.contributes.walkthroughs;
    assert.deepEqual([walkthrough?.steps.length, others.length], [4, 0]);
    for (const { description, media } of walkthrough!.steps) {
      const [, command] = /\]\(command:([\w.]+)\)/.exec(sentenceOf(description)) ?? [];
      assert.ok(
        command?.startsWith('workbench.') || manifest.contributes.commands.some((known) => known.command === command),
      );
      const svg = fs.readFileSync(media.svg, 'utf8');
      // Drawn in the theme's colours: a colour of its own would be wrong in one of them.
      assert.match(svg, /var\(--vscode-/);
      assert.doesNotMatch(svg.replace(/var\([^)]*\)/g, ''), /(?:fill|stroke)="#/);
    }
  });
});
