// Every proposal: what the text becomes, that its saving is what a recount of both whole texts says, and what it must
// leave alone.
import assert from 'node:assert/strict';
import { type PromptFile, recognisePromptFile } from '../../../src/prompts/promptFiles';
import { importGraph } from '../../../src/prompts/imports';
import { moveSection } from '../../../src/prompts/moveSection';
import { sectionsOf } from '../../../src/prompts/sections';
import { type Shrink, type ShrinkKind, allSafe, importToPath, proposals, savingOf } from '../../../src/prompts/shrink';
import { applyEdits, savedTokens } from '../../../src/prompts/textEdits';
import { tidyBlankLines, tidyTrailingSpaces } from '../../../src/prompts/tidy';
import { testEncoder } from './testEncoder';

const count = (text: string) => testEncoder().count(text);

const of = (text: string, kind: ShrinkKind): Shrink[] => proposals(text).filter((shrink) => shrink.kind === kind);

/** The text after the proposal; its saving must equal the recount. */
function after(text: string, shrink: Shrink): string {
  const result = applyEdits(text, shrink.edits);
  assert.equal(savingOf(text, { ...shrink, importedTokens: 0 }, count), count(text) - count(result), shrink.kind);
  return result;
}

function one(text: string, kind: ShrinkKind): string {
  const found = of(text, kind);
  assert.equal(found.length, 1, `${kind}: ${found.length}`);
  return after(text, found[0]!);
}

describe('proposals to shrink', () => {
  it('fold repeated lines, also in a fence and with Windows line ends', () => {
    assert.equal(
      one('a\nwait\nwait\nwait\nwait\nb\n', 'fold-lines'),
      'a\nwait\n[… the line above 3 more times …]\nb\n',
    );
    assert.equal(
      one('```\r\n  retry x\r\n  retry x\r\n  retry x\r\n  retry x\r\n```\r\n', 'fold-lines'),
      '```\r\n  retry x\r\n  [… the line above 3 more times …]\r\n```\r\n',
    );
    assert.equal(one('same\n'.repeat(5).trimEnd(), 'fold-lines'), 'same\n[… the line above 4 more times …]');
    assert.deepEqual(of('same\nsame\nsame\n', 'fold-lines'), []);
    assert.deepEqual(of('---\n---\n---\n---\n\n\n\n\n\n', 'fold-lines'), []);
  });

  const log = (lines: number) =>
    Array.from(
      { length: lines },
      (_, i) => `2026-03-04 05:06:${String(i % 60).padStart(2, '0')} INFO worker ${i} took job ${i * 7}\n`,
    ).join('');

  it('trim a pasted log to its first and last thirty lines', () => {
    const text = `Why does this hang?\n\n\`\`\`\n${log(500)}\`\`\`\nThanks.\n`;
    const result = one(text, 'trim-log');
    const lines = log(500).split('\n');
    assert.equal(
      result,
      `Why does this hang?\n\n\`\`\`\n${lines.slice(0, 30).join('\n')}\n[… 440 lines left out …]\n${lines.slice(470, 500).join('\n')}\n\`\`\`\nThanks.\n`,
    );
    assert.deepEqual(of(`\`\`\`\n${log(69)}\`\`\`\n`, 'trim-log'), []);
  });

  it('do not take prose, lists or code for a log', () => {
    const prose =
      'Warning: never push to main. Info is in the handbook.\n'.repeat(1) + '- at 10:30 we meet\n'.repeat(3);
    const list = Array.from({ length: 90 }, (_, i) => `- INFO ${i}: call the service\n`).join('');
    const code = Array.from({ length: 90 }, (_, i) => `const value${i} = await load(${i});\n`).join('');
    for (const text of [prose, list, code]) assert.deepEqual(of(text, 'trim-log'), []);
  });

  it('minify JSON without touching a number, a key or their order', () => {
    const json =
      '{\n    "b": 1.0,\n    "a": [ 1e3,\n        12345678901234567890 ],\n    "text": "two  blanks \\" and \\n",\n    "a": null,\n    "more": {\n        "deep": true\n    }\n}';
    const text = `Answer like this:\n\n\`\`\`json\n${json}\n\`\`\`\n`;
    assert.equal(
      one(text, 'minify-json'),
      'Answer like this:\n\n```json\n{"b":1.0,"a":[1e3,12345678901234567890],"text":"two  blanks \\" and \\n","a":null,"more":{"deep":true}}\n```\n',
    );
    assert.deepEqual(of(text.replace('null', 'null // why'), 'minify-json'), []);
    assert.deepEqual(of(text.replace('```json', '```jsonc'), 'minify-json'), []);
  });

  it('drop comments, but none that a tool acts on and none in code', () => {
    assert.equal(one('a\n<!-- note\nto self -->\n\nb\n', 'drop-comment'), 'a\n\nb\n');
    assert.equal(one('a <!-- note --> b\n', 'drop-comment'), 'a  b\n');
    for (const text of [
      '<!-- prettier-ignore -->\n',
      '<!-- TOC -->\n',
      '<!-- docs:START -->\n',
      '`<!-- x -->`\n',
      '```\n<!-- x -->\n```\n',
      '    <!-- x -->\n',
    ]) {
      assert.deepEqual(of(text, 'drop-comment'), [], text);
    }
    assert.deepEqual(proposals('<!-- note -->\n', { dropsComments: true }), []);
  });

  it('cut data URIs and base64', () => {
    const bytes = Buffer.from(Array.from({ length: 600 }, (_, i) => (i * 7919 + 13) % 256)).toString('base64');
    assert.equal(
      one(`![logo](data:image/png;base64,${bytes})\n`, 'cut-blob'),
      `![logo](data:image/png;base64,[… ${bytes.length} characters left out …])\n`,
    );
    assert.equal(one(`key: ${bytes}\n`, 'cut-blob'), `key: [… ${bytes.length} characters left out …]\n`);
    const wrapped = bytes.replace(/.{76}/g, '$&\n');
    assert.match(one(`x\n${wrapped}\ny\n`, 'cut-blob'), /^x\n\[… \d+ characters left out …\]\ny\n$/);
    for (const text of [
      'a'.repeat(500),
      'deadbeef'.repeat(80),
      'some/long/path/'.repeat(40),
      'data:image/png;base64,AAAA',
      'TheQuickBrownFox'.repeat(30),
    ]) {
      assert.deepEqual(of(text, 'cut-blob'), [], text.slice(0, 20));
    }
  });

  it('remove a paragraph that stands there twice, with its blank line', () => {
    const paragraph =
      'Run the whole suite before you push, and read the first failure to its end before you change anything else in the code.';
    assert.equal(
      one(`# A\n\n${paragraph}\n\n# B\n\n${paragraph.replace(' the', '\nthe')}\n\nend\n`, 'duplicate-paragraph'),
      `# A\n\n${paragraph}\n\n# B\n\nend\n`,
    );
    assert.equal(one(`${paragraph}\n\nx\n\n${paragraph}`, 'duplicate-paragraph'), `${paragraph}\n\nx\n`);
    assert.deepEqual(of(`- ${paragraph}\n\nx\n\n- ${paragraph}\n`, 'duplicate-paragraph'), []);
    assert.deepEqual(of('Short.\n\nShort.\n', 'duplicate-paragraph'), []);
    assert.deepEqual(of(`${paragraph}\n\n\`\`\`\n${paragraph}\n\`\`\`\n`, 'duplicate-paragraph'), []);
  });

  it('write an import as a path, and count what it no longer pulls in', async () => {
    const text = 'See @docs/a.md for more\n';
    const environment = {
      projectRoot: '/r',
      home: undefined,
      count,
      read: () => Promise.resolve({ text: 'word '.repeat(50) }),
    };
    const graph = await importGraph('/r/CLAUDE.md', text, 'claude-code', environment);
    const shrink = importToPath(text, graph.edges[0]!);
    const result = after(text, shrink);
    assert.equal(result, 'See `docs/a.md` for more\n');
    const before = graph.ownTokens + graph.importedTokens;
    const now = await importGraph('/r/CLAUDE.md', result, 'claude-code', environment);
    assert.equal(savingOf(text, shrink, count), before - (now.ownTokens + now.importedTokens));
  });

  it('join the safe ones, and only those', () => {
    const text = '# A   \n\n\n\nx  \ny  \n\n<!-- c -->\n';
    const all = allSafe(text, proposals(text));
    assert.equal(after(text, all!), '# A\n\nx  \ny\n\n<!-- c -->\n');
    assert.equal(allSafe('x  \n\n', proposals('x  \n\n')), undefined);
  });
});

describe('white space in markdown', () => {
  const tidy = (text: string) => applyEdits(text, tidyTrailingSpaces(text));

  it('keeps the two blanks that break a line, and only there', () => {
    assert.equal(
      tidy('one  \ntwo    \nthree  \n\nfour  \n# H  \nfive \t\nsix\t\n'),
      'one  \ntwo  \nthree\n\nfour  \n# H\nfive\nsix\n',
    );
    assert.equal(tidy('last  '), 'last');
    assert.equal(tidy('a \r\n\t\r\nb'), 'a\r\n\r\nb');
  });

  it('leaves code and front matter alone', () => {
    const text = '---\na: |  \n---\n```\ncode  \n```\n\n    code  \n';
    assert.equal(tidy(text), text);
  });

  it('drops blank lines beyond one, but not in code or beside indented code', () => {
    const blanks = (text: string) => applyEdits(text, tidyBlankLines(text));
    assert.equal(blanks('a\n\n\n\nb\n\nc\n\n\n'), 'a\n\nb\n\nc\n\n');
    for (const text of ['```\na\n\n\nb\n```\n', '    a\n\n\n    b\n', 'x\n\n    a\n\n\nb\n'])
      assert.equal(blanks(text), text);
  });
});

describe('a saving', () => {
  it('equals the recount of the whole text for random edits', () => {
    let state = 7;
    const pick = (below: number) => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) % below;
    const scraps = ['word ', '\n', '/', "'t", '12', ' ', '\r\n', 'é', '# h\n', '日本', '\t', 'x'];
    const scrap = (n: number) => Array.from({ length: n }, () => scraps[pick(scraps.length)]!).join('');
    for (let round = 0; round < 300; round++) {
      const text = scrap(120);
      const edits = Array.from({ length: 1 + pick(4) }, () => {
        const start = pick(text.length);
        return { start, end: Math.min(text.length, start + pick(20)), newText: scrap(pick(4)) };
      });
      assert.equal(
        savedTokens(text, edits, count),
        count(text) - count(applyEdits(text, edits)),
        JSON.stringify({ text, edits }),
      );
    }
  });
});

describe('moving a section', () => {
  const always = recognisePromptFile({ path: '/r/CLAUDE.md', workspaceFolders: ['/r'] })!;
  const body = 'Deploy with care, in this order, and never on a Friday. '.repeat(12);
  const text = `# Top\n\nIntro.\n\n## Release: how?\n\n${body}\n\n### Detail\n\nMore.\n\n## Next\n\nEnd.\n`;
  const request = (source: string, title: string, more: { path?: string; file?: PromptFile; taken?: string[] } = {}) =>
    moveSection({
      text: source,
      path: more.path ?? '/r/CLAUDE.md',
      file: more.file ?? always,
      section: sectionsOf(source, count)
        .sections()
        .find((section) => section.title === title)!,
      isTaken: (path) => more.taken?.includes(path) ?? false,
    });

  it('leaves the heading and a link, and takes the rest with its subsections along', () => {
    const move = request(text, 'Release: how?')!;
    assert.equal(
      after(text, move),
      '# Top\n\nIntro.\n\n## Release: how?\n\nRead [CLAUDE.release-how.md](CLAUDE.release-how.md) before work on this.\n\n## Next\n\nEnd.\n',
    );
    assert.deepEqual(move.newFile, {
      path: '/r/CLAUDE.release-how.md',
      text: `## Release: how?\n\n${body}\n\n### Detail\n\nMore.\n`,
    });
  });

  it('takes a free name', () => {
    assert.equal(
      request(text, 'Release: how?', { taken: ['/r/CLAUDE.release-how.md'] })!.newFile!.path,
      '/r/CLAUDE.release-how-2.md',
    );
  });

  it('is not offered where it would not help or could break a link', () => {
    assert.equal(request(text, 'Next'), undefined);
    assert.equal(request(text, 'Top'), undefined);
    const skill = recognisePromptFile({ path: '/r/x/SKILL.md' })!;
    assert.equal(request(text, 'Release: how?', { file: skill }), undefined);
    const rules = recognisePromptFile({ path: '/r/.claude/rules/a.md' })!;
    assert.equal(request(text, 'Release: how?', { file: rules, path: '/r/.claude/rules/a.md' }), undefined);
    const linked = text.replace('Deploy', '[Deploy][ops]').concat('\n[ops]: https://example.org\n');
    assert.equal(request(linked, 'Release: how?'), undefined);
  });
});
