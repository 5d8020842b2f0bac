// Which `@` an agent takes for an import. Every row was seen in the agents' own requests: a memory file with all of
// these lines was loaded by Claude Code 2.1.330, Gemini CLI and Qwen Code against a scripted server, and what they
// sent was searched for each imported file's marker. The documented rules: code.claude.com/docs/en/memory ("Import
// parsing skips Markdown code spans and fenced code blocks"; relative to the importing file; four hops),
// geminicli.com/docs/reference/memport and google-gemini/gemini-cli packages/core/src/utils/memoryImportProcessor.ts.
import assert from 'node:assert/strict';
import { type ImportAgent, importRules, looksLikeFile } from '../../../src/prompts/importSyntax';

interface Row {
  readonly text: string;
  readonly claude: string;
  readonly gemini: string;
  readonly qwen?: string;
}

/** '' = no import. Qwen as Gemini where it is not named. */
const rows: readonly Row[] = [
  { text: 'Plain @docs/a.md here', claude: 'docs/a.md', gemini: 'docs/a.md' },
  { text: 'A dot @docs/a.md.', claude: '', gemini: 'docs/a.md.' },
  { text: 'A comma @docs/a.md, and', claude: '', gemini: 'docs/a.md,' },
  { text: 'Brackets (@docs/a.md) x', claude: '', gemini: '' },
  { text: 'Bold **@docs/a.md** x', claude: 'docs/a.md', gemini: '' },
  { text: 'Bold **see @docs/a.md** x', claude: 'docs/a.md', gemini: 'docs/a.md**' },
  { text: '_@t/a.md_', claude: 't/a.md', gemini: '' },
  { text: '*@t/a.md*', claude: 't/a.md', gemini: '' },
  { text: '@t/a.md*', claude: '', gemini: 't/a.md*' },
  { text: '~~@t/a.md~~', claude: '', gemini: '' },
  { text: 'A link [x](@docs/a.md) x', claude: '', gemini: '' },
  { text: 'A link [@t/a.md](y) x', claude: 't/a.md', gemini: '' },
  { text: 'A link [see @t/a.md x](y)', claude: 't/a.md', gemini: 't/a.md' },
  { text: 'Fragment @docs/a.md#part x', claude: 'docs/a.md', gemini: 'docs/a.md#part' },
  { text: 'Escaped @docs/my\\ file.md x', claude: 'docs/my file.md', gemini: 'docs/my\\' },
  { text: 'Quoted @"docs/a.md" x', claude: '', gemini: '' },
  { text: 'In quotes "@t/a.md"', claude: '', gemini: '' },
  { text: 'After a colon:@t/a.md', claude: '', gemini: '' },
  { text: 'Code `@docs/a.md` x', claude: '', gemini: '' },
  { text: 'Code ``a ` @docs/a.md `` x', claude: '', gemini: '' },
  { text: 'Not closed ` @t/a.md', claude: 't/a.md', gemini: 't/a.md' },
  { text: 'Mail me@docs/a.md x', claude: '', gemini: '' },
  { text: '- @docs/a.md', claude: 'docs/a.md', gemini: 'docs/a.md' },
  { text: '> @docs/a.md', claude: 'docs/a.md', gemini: 'docs/a.md' },
  { text: '# Heading @docs/a.md', claude: 'docs/a.md', gemini: 'docs/a.md' },
  { text: '| a | @docs/a.md |\n|---|---|\n| b | c |', claude: 'docs/a.md', gemini: 'docs/a.md' },
  { text: 'x\n\n    indented @docs/a.md', claude: '', gemini: 'docs/a.md', qwen: '' },
  { text: 'para\n    @t/a.md', claude: 't/a.md', gemini: 't/a.md' },
  { text: '- item\n\n  @t/a.md', claude: 't/a.md', gemini: 't/a.md' },
  { text: 'x\n\n```md\n@docs/a.md\n```', claude: '', gemini: '' },
  { text: '~~~\n@docs/a.md\n~~~', claude: '', gemini: 'docs/a.md', qwen: '' },
  { text: '- x\n\n  ```\n  @t/a.md\n  ```', claude: '', gemini: '' },
  { text: '```\n@t/a.md', claude: '', gemini: 't/a.md', qwen: '' },
  { text: '<!-- @docs/a.md x -->', claude: '', gemini: 'docs/a.md' },
  { text: 'Inline <!-- @docs/a.md x --> x', claude: '', gemini: 'docs/a.md' },
  { text: '<!--\nx @docs/a.md\n-->', claude: '', gemini: 'docs/a.md' },
  { text: '<!-- a --> @t/a.md', claude: 't/a.md', gemini: 't/a.md' },
  { text: '<div>@t/a.md</div>', claude: '', gemini: '' },
  { text: '<div>\n@t/a.md x\n</div>', claude: '', gemini: 't/a.md' },
  { text: 'text <b> @t/a.md </b> x', claude: 't/a.md', gemini: 't/a.md' },
  { text: 'x @t/a.md</b>', claude: 't/a.md', gemini: 't/a.md</b>' },
  { text: '<@t/a.md>', claude: '', gemini: '' },
  { text: 'x @t/a.md\\', claude: 't/a.md', gemini: 't/a.md\\' },
  { text: '\\@t/a.md', claude: '', gemini: '' },
  { text: 'Tab\t@t/a.md', claude: 't/a.md', gemini: 't/a.md' },
  { text: 'Home @~/a.md x', claude: '~/a.md', gemini: '' },
  { text: 'Absolute @/srv/a.md x', claude: '/srv/a.md', gemini: '/srv/a.md' },
  { text: 'No ending @LICENSE x', claude: 'LICENSE', gemini: 'LICENSE' },
  { text: 'Json @docs/a.json x', claude: 'docs/a.json', gemini: 'docs/a.json' },
  { text: 'Picture @docs/a.png x', claude: '', gemini: 'docs/a.png' },
  { text: 'Rule @docs/a.mdc x', claude: '', gemini: 'docs/a.mdc' },
  { text: 'Under @_a.md x', claude: '_a.md', gemini: '' },
  { text: 'Dash @-a.md x', claude: '-a.md', gemini: '' },
  { text: 'Digit @1.md x', claude: '1.md', gemini: '' },
  { text: 'Hidden @.a.md x', claude: '.a.md', gemini: '.a.md' },
  { text: 'Upwards @../a.md x', claude: '../a.md', gemini: '../a.md' },
];

function found(agent: ImportAgent, text: string): string {
  return importRules[agent]
    .find(text)
    .map((mention) => mention.path)
    .join(' ');
}

describe('import mentions', () => {
  for (const row of rows) {
    it(`are read as the agents do: ${JSON.stringify(row.text)}`, () => {
      assert.equal(found('claude-code', row.text), row.claude, 'Claude Code');
      assert.equal(found('gemini-cli', row.text), row.gemini, 'Gemini CLI');
      assert.equal(found('qwen-code', row.text), row.qwen ?? row.gemini, 'Qwen Code');
    });
  }

  it('stand where they are said to stand', () => {
    const text = '\r\nSee **@docs/a.md** and @b.md#x\r\n';
    const [first, second] = importRules['claude-code'].find(text);
    assert.equal(text.slice(first!.start, first!.end), '@docs/a.md');
    assert.equal(text.slice(second!.start, second!.end), '@b.md#x');
  });

  it('are told from handles, packages and decorators', () => {
    for (const path of ['docs/a.md', './x', '../x.ts', '~/x', 'config.yaml', '/etc/x'])
      assert.ok(looksLikeFile(path), path);
    for (const path of ['types/node', 'octocat', 'Injectable()', 'scope/pkg.js', 'param', 'media']) {
      assert.ok(!looksLikeFile(path), path);
    }
    assert.ok(looksLikeFile('C:\\x', 'windows'));
  });
});

describe('where an import leads', () => {
  const rules = importRules;
  const place = { file: '/repo/sub/CLAUDE.md', projectRoot: '/repo', home: '/home/ann', style: 'posix' as const };
  const lead = (agent: ImportAgent, path: string, at = place) => {
    const target = rules[agent].resolve({ path, start: 0, end: 0 }, at);
    return target && `${target.path}${target.isOutside ? ' outside' : ''}`;
  };

  it('is relative to the importing file, and may climb', () => {
    assert.equal(lead('claude-code', 'a.md'), '/repo/sub/a.md');
    assert.equal(lead('claude-code', '../x/./y/../a.md'), '/repo/x/a.md');
    assert.equal(lead('claude-code', '../../a.md'), '/a.md outside');
    assert.equal(lead('gemini-cli', '../a.md'), '/repo/a.md');
    assert.equal(lead('gemini-cli', '../../a.md'), '/a.md outside');
  });

  it('knows the home folder only for Claude Code', () => {
    assert.equal(lead('claude-code', '~/a.md'), '/home/ann/a.md outside');
    assert.equal(lead('claude-code', '~/a.md', { ...place, home: undefined as unknown as string }), undefined);
  });

  it('follows Windows paths on Windows', () => {
    const windows = {
      file: 'C:\\repo\\sub\\CLAUDE.md',
      projectRoot: 'c:\\repo',
      home: 'C:\\Users\\ann',
      style: 'windows' as const,
    };
    const leadWindows = (agent: ImportAgent, path: string) => {
      const target = rules[agent].resolve({ path, start: 0, end: 0 }, windows);
      return target && `${target.path}${target.isOutside ? ' outside' : ''}`;
    };
    assert.equal(leadWindows('claude-code', '../docs/a.md'), 'C:/repo/docs/a.md');
    assert.equal(leadWindows('claude-code', '~/a.md'), 'C:/Users/ann/a.md outside');
    assert.equal(leadWindows('gemini-cli', 'docs\\a.md'), 'C:/repo/sub/docs/a.md');
    assert.equal(leadWindows('gemini-cli', 'D:\\a.md'), 'D:/a.md outside');
    assert.equal(lead('gemini-cli', 'docs\\a.md'), '/repo/sub/docs\\a.md');
  });
});
