import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import { CountClient, type CountClientOptions } from '../../../src/tokens/countClient.js';
import { CountDesk } from '../../../src/tokens/countDesk.js';
import { type FromCounter, type OpenLine, type ToCounter } from '../../../src/tokens/countProtocol.js';
import { countTurnsLine } from '../../../src/tokens/countTurnsLine.js';
import { countWorkerLine } from '../../../src/tokens/countWorkerLine.js';
import { type Change, packChange, unpackChanges } from '../../../src/tokens/packedChanges.js';
import { distFolder, encoderOf, packed } from './material.js';

/** A client whose pushes can be waited for. */
class Watched {
  readonly pushes: { id: string; version: number; tokens: number }[] = [];
  readonly problems: Error[] = [];
  readonly documents = new Map<string, { version: number; text: string }>();
  readonly client: CountClient;
  #waiting: (() => void)[] = [];

  constructor(openLine: OpenLine, changed: Partial<CountClientOptions> = {}) {
    this.client = new CountClient({
      openLine,
      loadVocabulary: (encoding) => Promise.resolve(packed(encoding)),
      textOf: (id) => this.documents.get(id),
      onCounts: (id, version, counts) => {
        this.pushes.push({ id, version, tokens: counts.o200k_base!.tokens });
        this.#wake();
      },
      onProblem: (error) => {
        this.problems.push(error);
        this.#wake();
      },
      ...changed,
    });
    this.client.setEncodings(['o200k_base']);
  }

  open(id: string, text: string, version = 1): void {
    this.documents.set(id, { version, text });
    this.client.open(id, version, text);
  }

  /** Replaces text in the document and tells the client. */
  edit(id: string, offset: number, removed: number, inserted: string): void {
    const { version, text } = this.documents.get(id)!;
    const now = text.slice(0, offset) + inserted + text.slice(offset + removed);
    this.documents.set(id, { version: version + 1, text: now });
    this.client.change(id, version + 1, [{ rangeOffset: offset, rangeLength: removed, text: inserted }]);
  }

  /** Until a push of the document as it is now. */
  async settled(id: string): Promise<number> {
    const { version, text } = this.documents.get(id)!;
    await this.until(() => this.pushes.some((push) => push.id === id && push.version === version));
    const push = this.pushes.findLast((one) => one.id === id)!;
    assert.equal(push.tokens, encoderOf('o200k_base').count(text));
    return push.tokens;
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resume) => this.#waiting.push(resume));
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}

const lines: Readonly<Record<string, OpenLine>> = {
  'a worker': countWorkerLine(path.join(distFolder, 'countWorker.js')),
  'turns on one thread': countTurnsLine,
};

for (const [name, openLine] of Object.entries(lines)) {
  describe(`countClient, by ${name}`, () => {
    let watched: Watched;
    beforeEach(() => (watched = new Watched(openLine)));
    afterEach(() => watched.client.dispose());

    it('counts a document, follows its edits, and closes it', async () => {
      watched.open('a', 'one two three');
      assert.equal(await watched.settled('a'), 3);
      watched.edit('a', 3, 0, ' and a half');
      assert.equal(await watched.settled('a'), 6);
      watched.client.close('a');
      assert.equal(await watched.client.count('a', ['o200k_base']), undefined);
    });

    it('takes a text of several slices, with a pair cut in two, and edits that come while it is being sent', async () => {
      const text = 'x'.repeat(199_999) + '😀 words and more words\n'.repeat(20_000);
      watched.open('large', text);
      watched.edit('large', 0, 1, 'y ');
      watched.edit('large', text.length, 0, ' end');
      await watched.settled('large');
    });

    it('counts an empty document', async () => {
      watched.open('empty', '');
      assert.equal(await watched.settled('empty'), 0);
    });

    it('asks for the text again when length or offsets do not fit, once, and is right afterwards', async () => {
      watched.open('a', 'some text');
      await watched.settled('a');
      // All line ends changed: the editor tells no edits, but version and length are others.
      watched.documents.set('a', { version: 2, text: 'some\r\ntext' });
      watched.client.check('a', 2, 10);
      await watched.settled('a');
      watched.documents.set('a', { version: 3, text: 'short' });
      watched.client.change('a', 3, [{ rangeOffset: 500, rangeLength: 1, text: '' }]);
      await watched.settled('a');
    });

    it('sums selections, each as a text of its own', async () => {
      watched.open('a', 'alpha beta gamma delta');
      const ranges = [
        { start: 0, end: 10 },
        { start: 11, end: 16 },
      ];
      const counts = await watched.client.count('a', ['o200k_base', 'cl100k_base'], ranges);
      for (const encoding of ['o200k_base', 'cl100k_base'] as const) {
        const encoder = encoderOf(encoding);
        assert.equal(counts![encoding]!.tokens, encoder.count('alpha beta') + encoder.count('gamma'));
      }
      const outside = await watched.client.count('a', ['o200k_base'], [{ start: -5, end: 5000 }]);
      assert.equal(outside!.o200k_base!.tokens, encoderOf('o200k_base').count('alpha beta gamma delta'));
    });

    it('does not push more often than every 50 ms', async () => {
      watched.open('a', 'word');
      await watched.settled('a');
      const before = watched.pushes.length;
      const startMs = performance.now();
      for (let turn = 0; turn < 60; turn++) {
        watched.edit('a', 0, 0, 'x ');
        await new Promise((resume) => setTimeout(resume, 2));
      }
      await watched.settled('a');
      const most = (performance.now() - startMs) / 50 + 2;
      const pushes = watched.pushes.length - before;
      assert.ok(pushes <= most, `${pushes} pushes, at most ${most} expected`);
    });

    it('says so when a vocabulary cannot be had, and answers questions that need it with nothing', async () => {
      const broken = new Watched(openLine, { loadVocabulary: () => Promise.reject(new Error('no such file')) });
      broken.open('a', 'text');
      const answer = broken.client.count('a', ['o200k_base']);
      await broken.until(() => broken.problems.length > 0);
      assert.match(broken.problems[0]!.message, /o200k_base: no such file/);
      assert.equal(await answer, undefined);
      assert.equal(await broken.client.count('a', ['o200k_base']), undefined);
      broken.client.dispose();
    });

    it('says so when a vocabulary is damaged', async () => {
      const broken = new Watched(openLine, { loadVocabulary: () => Promise.resolve(Uint8Array.of(1, 65, 9)) });
      broken.open('a', 'text');
      await broken.until(() => broken.problems.length > 0);
      assert.match(broken.problems[0]!.message, /damaged/);
      broken.client.dispose();
    });
  });
}

describe('countClient', () => {
  it('starts the counting side anew when it breaks off, sends what is open, and gives up after three times', async () => {
    const losses: ((reason: Error) => void)[] = [];
    const breakable: OpenLine = (hear, lost) => {
      losses.push(lost);
      return countTurnsLine(hear, lost);
    };
    const watched = new Watched(breakable);
    watched.open('a', 'first text');
    await watched.settled('a');
    for (let loss = 0; loss < 3; loss++) {
      watched.documents.set('a', { version: loss + 2, text: `text after loss ${loss}` });
      losses.at(-1)!(new Error('gone'));
      await watched.settled('a');
    }
    losses.at(-1)!(new Error('gone'));
    assert.equal(losses.length, 4);
    assert.equal(watched.problems.length, 4);
    assert.equal(await watched.client.count('a', ['o200k_base']), undefined);
    watched.client.dispose();
  });

  it('answers what was asked before the break with nothing', async () => {
    let lose: (reason: Error) => void = () => undefined;
    const silent: OpenLine = (_hear, lost) => {
      lose = lost;
      return { post: () => undefined, close: () => undefined };
    };
    const watched = new Watched(silent);
    watched.open('a', 'text');
    const answer = watched.client.count('a', ['o200k_base']);
    lose(new Error('gone'));
    assert.equal(await answer, undefined);
    watched.client.dispose();
  });
});

describe('countClient, of a burst of edits', () => {
  /** A client whose messages are only noted: with the turn they were sent in, and of changes the versions. */
  function noted(changed: Partial<CountClientOptions> = {}) {
    const posted: string[] = [];
    const clock = { turns: 0 };
    const watched = new Watched(
      () => ({
        post: (message) => {
          const versions =
            message.type === 'changes' ? unpackChanges(message.packed).map(({ version }) => version) : [];
          posted.push([clock.turns, message.type, ...versions].join(' '));
        },
        close: () => undefined,
      }),
      changed,
    );
    watched.open('a', 'text');
    watched.open('b', 'more');
    posted.length = 0;
    return { watched, posted, clock };
  }
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise((resume) => setTimeout(resume, 1));
  };

  it('sends nothing in the turn of an edit, all of a burst in one message, and a question only after them', async () => {
    const { watched, posted, clock } = noted();
    for (let edit = 0; edit < 3; edit++) watched.edit('a', 0, 0, 'x');
    watched.edit('b', 0, 0, 'x');
    watched.edit('a', 0, 0, 'x');
    assert.deepEqual(posted, []);
    clock.turns++;
    await until(() => posted.length >= 3);
    watched.edit('a', 0, 0, 'x');
    watched.client.setEncodings(['o200k_base']);
    void watched.client.count('a', ['o200k_base']);
    assert.deepEqual(posted, ['1 changes 2 3 4', '1 changes 2', '1 changes 5', '1 changes 6', '1 count']);
    watched.client.dispose();
  });

  it('holds the length it added up against the document when the editing rests, once', async function () {
    this.timeout(20_000);
    const looked: string[] = [];
    const lengthOf = (id: string) => {
      looked.push(id);
      return { version: 3, length: 6 };
    };
    const { watched, posted } = noted({ lengthOf });
    watched.edit('a', 0, 0, 'x');
    watched.edit('a', 0, 0, 'x');
    await until(() => posted.length >= 2);
    assert.deepEqual(looked, ['a']);
    assert.deepEqual(posted, ['0 changes 2 3', '0 changes 3']);
    watched.client.dispose();
  });
});

describe('packed changes', () => {
  it('are what they were when unpacked', () => {
    const changes: Change[] = [
      { version: 2, length: 9, edits: [{ offset: 0, removed: 4, inserted: '9' }] },
      { version: 3, length: 9, edits: [] },
      {
        version: 7,
        length: 12,
        edits: [
          { offset: 8, removed: 0, inserted: '\ud800' },
          { offset: 1, removed: 2, inserted: '' },
        ],
      },
    ];
    const packed: (number | string)[] = [];
    for (const change of changes) packChange(packed, change);
    assert.deepEqual(unpackChanges(structuredClone(packed)), changes);
    assert.deepEqual(unpackChanges([]), []);
  });
});

describe('countDesk', () => {
  /** A desk whose clock stands still until told, and which runs what is planned when told. */
  function desk(unitsPerTurn: number) {
    const said: FromCounter[] = [];
    const planned: { run: () => void; ms: number }[] = [];
    const one = new CountDesk((message) => said.push(message), {
      unitsPerTurn,
      nowMs: () => 1000,
      later: (run, ms) => planned.push({ run, ms }),
    });
    const hear = (...messages: ToCounter[]) => messages.forEach((message) => one.hear(message));
    hear({ type: 'encodings', encodings: ['o200k_base'] });
    return { hear, said, planned };
  }
  const vocabulary: ToCounter = { type: 'vocabulary', encoding: 'o200k_base', packed: packed('o200k_base') };

  function changeOf(change: Change): ToCounter {
    const packed: (number | string)[] = [];
    packChange(packed, change);
    return { type: 'changes', documentId: 'a', packed };
  }

  it('asks for a vocabulary once, and for a lost text once', () => {
    const { hear, said } = desk(1000);
    const question: ToCounter = { type: 'count', request: 1, documentId: 'a', encodings: ['o200k_base'] };
    hear({ type: 'begin', documentId: 'a', version: 1, length: 0 }, question, { ...question, request: 2 });
    assert.equal(said.filter(({ type }) => type === 'need').length, 1);
    for (const version of [2, 3, 4]) hear(changeOf({ version, edits: [], length: 7 }));
    assert.equal(said.filter(({ type }) => type === 'mismatch').length, 1);
  });

  it('steps over a change that the text it was sent already holds', () => {
    const { hear, said } = desk(1000);
    hear(
      { type: 'begin', documentId: 'a', version: 5, length: 4 },
      { type: 'slice', documentId: 'a', text: 'word' },
      changeOf({ version: 4, edits: [{ offset: 0, removed: 0, inserted: 'w' }], length: 4 }),
      changeOf({ version: 5, edits: [{ offset: 3, removed: 0, inserted: 'd' }], length: 4 }),
    );
    assert.deepEqual(said, []);
  });

  it('counts a large change in turns and pushes when it is done', () => {
    const { hear, said, planned } = desk(5000);
    hear(vocabulary, { type: 'begin', documentId: 'a', version: 1, length: 0 });
    const text = 'many words here\n'.repeat(2000);
    hear(changeOf({ version: 2, edits: [{ offset: 0, removed: 0, inserted: text }], length: text.length }));
    let turns = 0;
    for (; planned.length > 0; turns++) planned.shift()!.run();
    assert.ok(turns >= 5, `${turns} turns`);
    const push = said.findLast((message) => message.type === 'counts')!;
    assert.equal(push.type === 'counts' && push.counts.o200k_base!.tokens, encoderOf('o200k_base').count(text));
  });
});
