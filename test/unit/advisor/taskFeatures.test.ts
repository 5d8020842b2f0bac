import assert from 'node:assert/strict';
import { readCharacters, readPrompt } from '../../../src/advisor/readPrompt.js';
import {
  featureValues,
  namesPlace,
  phrasesOf,
  taskFeatures,
  type PromptPlace,
} from '../../../src/advisor/taskFeatures.js';

function valueOf(id: string, text: string, place: PromptPlace = {}): number | undefined {
  const at = taskFeatures.findIndex((feature) => feature.id === id);
  assert.notEqual(at, -1, `no feature "${id}"`);
  return featureValues(readPrompt(text), place)[at];
}

describe('taskFeatures', () => {
  it('every feature has an id of its own and says what it sees', () => {
    assert.equal(new Set(taskFeatures.map(({ id }) => id)).size, taskFeatures.length);
    for (const feature of taskFeatures) assert.match(feature.says, /^[a-z]/);
  });

  it('sees how a prompt opens and ends', () => {
    assert.equal(valueOf('ends in a question mark', 'where is the cache kept?'), 1);
    assert.equal(valueOf('ends in a question mark', 'where is it? show me.'), 0);
    assert.equal(valueOf('ends in a question mark', 'is this "done?"  \n'), 1);
    assert.equal(valueOf('opens with question', 'where is the cache kept?'), 1);
    assert.equal(valueOf('opens with question', 'the cache, in this or another folder, what is it'), 0);
    assert.equal(valueOf('opens with can you', 'Can you add a test'), 1);
    assert.equal(valueOf('can you', 'fine, but could we add a test'), 1);
    assert.equal(valueOf('can you', 'the can is yours'), 0);
  });

  it('reads words, not parts of words, and drops apostrophes', () => {
    assert.equal(valueOf('has tests', 'the latest contest'), 0);
    assert.equal(valueOf('has tests', 'run the tests'), 1);
    assert.equal(valueOf('has lets', 'let’s go'), 1);
    assert.equal(valueOf('has lets', "let's go"), 1);
  });

  it('leaves out the words of code blocks, closed or not', () => {
    assert.equal(valueOf('has tests', 'look:\n```\nrun tests\n```\nhere'), 0);
    assert.equal(valueOf('has tests', 'look:\n```\nrun tests'), 0);
    assert.equal(valueOf('has tests', 'look:\n```\nx\n```\nrun tests'), 1);
    assert.equal(valueOf('code fence', 'look:\n```\nx\n```'), 1);
  });

  it('counts lines, lists and figures', () => {
    assert.equal(valueOf('lines', 'one\ntwo\nthree'), Math.log1p(2));
    assert.equal(valueOf('list items', '1. one\n2) two\n- three\n* four\nfive - six'), Math.log1p(4));
    assert.equal(valueOf('digits', 'a1b22'), Math.log1p(3));
  });

  it('knows a named place', () => {
    for (const text of ['src/index', 'see main.go', 'in /etc/hosts.d', 'a.test.ts'])
      assert.equal(namesPlace(text), true, text);
    for (const text of ['it fails', 'e.g. this', 'version 1.2', 'yes / no'])
      assert.equal(namesPlace(text), false, text);
  });

  it('says nothing of what it was not told', () => {
    assert.equal(valueOf('turn', 'hello'), undefined);
    assert.equal(valueOf('first prompt', 'hello', { turn: 0 }), 1);
    assert.equal(valueOf('context size', 'hello'), undefined);
    assert.equal(valueOf('context size', 'hello', { contextTokens: 0 }), undefined);
    assert.equal(valueOf('context size', 'hello', { contextTokens: 60_000 }), 0);
    assert.equal(valueOf('context over 120k', 'hello', { contextTokens: 120_001 }), 1);
  });

  it('gives finite figures for any text', () => {
    for (const text of ['', ' ', '\0', '😀'.repeat(9), '?'.repeat(9000), '```', '"', '\ud800']) {
      for (const value of featureValues(readPrompt(text), { turn: 1e9, contextTokens: 1e12 })) {
        assert.ok(value === undefined || Number.isFinite(value));
      }
    }
  });

  it('lists words, neighbours and the opening, each once', () => {
    assert.deepEqual([...phrasesOf(readPrompt('run it, run it'))].sort(), [
      '^run',
      '^run it',
      'it',
      'it run',
      'run',
      'run it',
    ]);
    assert.equal(phrasesOf(readPrompt('')).size, 0);
  });
});

describe('readPrompt', () => {
  it('looks at the start and the end of a long text and remembers its length', () => {
    const prompt = readPrompt(`first ${'x '.repeat(600_000)} last`);
    assert.equal(prompt.text.length, readCharacters + 1);
    assert.equal(prompt.words[0], 'first');
    assert.equal(prompt.words.at(-1), 'last');
    assert.equal(prompt.characters, 1_200_011);
  });
});
