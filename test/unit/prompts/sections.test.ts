// Headings and their spans; and that a counter kept current from edits says the same as one made afresh.
import assert from 'node:assert/strict';
import { SectionCounter, sectionsOf, type SectionTable } from '../../../src/prompts/sections';

/** Additive over any cut, so that a wrong span shows in the number. */
const characters = (text: string) => text.length;

const plain = ({ sections, ...sums }: SectionTable) => ({ ...sums, sections: sections() });

const titles = (text: string) =>
  sectionsOf(text, characters)
    .sections()
    .map((s) => `${s.level} ${s.title} @${s.line}`);

describe('sections of markdown', () => {
  it('finds headings with # and underlines, with line and level', () => {
    const text = 'intro\n\n# One\ntext\n\n## Two ##\n\nThree\n=====\n\nFour\n---\nend';
    assert.deepEqual(titles(text), ['1 One @2', '2 Two @5', '1 Three @7', '2 Four @10']);
  });

  it('takes no heading from fences, indented code, front matter, lists, quotes and tables', () => {
    const text = [
      '---',
      'title: x',
      '# not a heading',
      '---',
      '# Real',
      '```sh',
      '# comment',
      '~~~',
      '# still code',
      '```',
      '~~~',
      '# code too',
      '~~~~',
      '',
      '    # indented',
      '',
      '- item',
      '---',
      '> quote',
      '===',
      '| a |',
      '|---|',
      '#hashtag',
      '####### seven',
      '- ```',
      '  # in a list fence',
      '  ```',
      '## Last',
    ].join('\n');
    assert.deepEqual(titles(text), ['1 Real @4', '2 Last @27']);
  });

  it('reads a line of dashes under a paragraph as its underline, and alone as a rule', () => {
    assert.deepEqual(titles('a\nb\n---\n\n---\n\n***\n---\n'), ['2 a b @0']);
  });

  it('gives each section its own part and the part with its subsections', () => {
    const text = '# A\naaaa\n## B\nbb\n### C\nc\n## D\nd\n# E\n';
    const table = sectionsOf(text, characters);
    const slices = table.sections().map((s) => [text.slice(s.startOffset, s.endOffset), s.tokens, s.ownTokens]);
    assert.deepEqual(slices, [
      ['# A\naaaa\n## B\nbb\n### C\nc\n## D\nd\n', 32, 9],
      ['## B\nbb\n### C\nc\n', 16, 8],
      ['### C\nc\n', 8, 8],
      ['## D\nd\n', 7, 7],
      ['# E\n', 4, 4],
    ]);
    assert.equal(table.heaviestLine, 0);
    assert.equal(table.sectionCount, 5);
    assert.equal(table.tokens, text.length);
  });

  it('gives those of some lines as it gives them among all', () => {
    const table = sectionsOf('# A\na\n## B\nb\n### C\nc\n## D\n\nE\n=\ne\n## F', characters);
    const all = table.sections();
    for (let first = 0; first <= table.lines; first++)
      for (let last = first; last <= table.lines; last++)
        assert.deepEqual(
          table.sections(first, last),
          all.filter(({ line }) => line >= first && line <= last),
        );
  });

  it('marks the section that weighs most without its subsections, the first of several', () => {
    const heaviest = (text: string) => sectionsOf(text, characters).heaviestLine;
    assert.equal(heaviest('no heading'), -1);
    assert.equal(heaviest('# A\n## B\nbbbbb\n## C\nc\n'), 1);
    assert.equal(heaviest('# A\n\n# B\n\n'), 0);
  });

  it('is what it was when the text has changed since', () => {
    const counter = new SectionCounter('# A\na\n# B\nb\n', characters);
    const before = counter.table();
    counter.edit(0, 6, '');
    assert.deepEqual(
      [before, counter.table()].map((table) => table.sections().map(({ title, line }) => [title, line])),
      [
        [
          ['A', 0],
          ['B', 2],
        ],
        [['B', 0]],
      ],
    );
  });

  it('knows lines and offsets with Windows line ends', () => {
    const table = sectionsOf('x\r\n# A\r\ny\r\nB\r\n-\r\n', characters);
    assert.deepEqual(
      table.sections().map((s) => [s.title, s.line, s.startOffset]),
      [
        ['A', 1, 3],
        ['y B', 2, 8],
      ],
    );
    assert.equal(table.lines, 6);
  });

  it('is empty for an empty text and survives typing into it', () => {
    const counter = new SectionCounter('', characters);
    assert.deepEqual(counter.table().sections(), []);
    counter.edit(0, 0, '# A');
    assert.equal(counter.table().sections()[0]?.title, 'A');
  });

  it('counts in slices when asked to', () => {
    const counter = new SectionCounter('# A\nx\n'.repeat(100), characters);
    let slices = 1;
    while (!counter.countSome(60)) slices++;
    assert.ok(slices >= 9 && slices <= 11, `${slices} slices`);
  });
});

/** A small repeatable generator, so that a failure can be run again. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('a section counter kept current from edits', () => {
  const scraps = [
    '# H\n',
    '## H two\n',
    '```\n',
    '~~~\n',
    '---\n',
    '===\n',
    '\n',
    '\r\n',
    'word ',
    'para\n',
    '- item\n',
    '> q\n',
    '    code\n',
    'x',
    '#',
    ' ',
    '\t',
    '|a|\n',
    '<p>\n',
    'é',
    '/x\n',
    '* * *\n',
  ];

  it('equals a fresh one after each of 4,000 random edits', () => {
    for (let seed = 1; seed <= 8; seed++) {
      const pick = random(seed);
      let text = seed % 2 ? '---\na: b\n---\n' : '';
      while (text.length < 400 * seed) text += scraps[pick(scraps.length)]!;
      if (seed > 5) text += 'long line of text\n\n'.repeat(1500);
      const counter = new SectionCounter(text, characters);
      counter.table();
      for (let step = 0; step < 500; step++) {
        const offset = pick(4) === 0 ? pick(Math.min(30, text.length + 1)) : pick(text.length + 1);
        const removed = Math.min(text.length - offset, pick(3) === 0 ? pick(200) : pick(3));
        let inserted = '';
        for (let n = pick(4); n > 0; n--) inserted += scraps[pick(scraps.length)]!;
        counter.edit(offset, removed, inserted);
        text = text.slice(0, offset) + inserted + text.slice(offset + removed);
        assert.deepEqual(plain(counter.table()), plain(sectionsOf(text, characters)), `seed ${seed}, step ${step}`);
      }
      assert.equal(counter.text, text);
    }
  });

  it('counts again only what an edit touches', () => {
    const text = Array.from({ length: 300 }, (_, i) => `## Section ${i}\n\n${'some words here\n'.repeat(20)}\n`).join(
      '',
    );
    let counted = 0;
    const counter = new SectionCounter(text, (part) => {
      counted += part.length;
      return part.length;
    });
    counter.table();
    counted = 0;
    counter.edit(text.length >> 1, 0, 'x');
    counter.table();
    assert.ok(counted < 1000, `${counted} characters were counted for one letter`);
  });
});
