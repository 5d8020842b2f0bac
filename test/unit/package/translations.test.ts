// Every sentence stands in every language with what it must keep: placeholders, links, code. A sentence that was changed
// or added fails here until `npm run l10n` and a translator have been at it.
import assert from 'node:assert/strict';
import { extractMessages } from '../../build/extractMessages';
import { pseudo, pseudoTexts } from '../../build/pseudoLanguage';
import {
  bundleFile,
  languages,
  manifestFile,
  readTexts,
  sourceTexts,
  translationProblems,
  type Texts,
} from '../../build/translations';

const root = process.cwd();
let known: Texts | undefined;
const codeTexts = (): Texts => (known ??= sourceTexts(root));
const sources: readonly (readonly [string, () => Texts, (language?: string) => string])[] = [
  ['the code’s sentences', codeTexts, bundleFile],
  ['the manifest’s sentences', () => readTexts(root, manifestFile()), manifestFile],
];

describe('translations', () => {
  it('begin with the sentences of the sources, all of them', () => {
    assert.deepEqual(readTexts(root, bundleFile()), codeTexts());
  });

  for (const language of languages)
    for (const [what, source, fileOf] of sources)
      it(`are whole in ${language}: ${what}`, () => {
        const file = fileOf(language);
        assert.deepEqual(translationProblems(source(), readTexts(root, file), file), []);
      });

  it('are found wanting where a sentence is missing, empty, left over or lost a part', () => {
    const source = { 'Read {0}': 'Read {0}', Delete: 'Delete', 'See [this](command:a.b)': 'See [this](command:a.b)' };
    const good = {
      'Read {0}': '{0} lesen',
      Delete: 'Löschen',
      'See [this](command:a.b)': '[Dies](command:a.b) ansehen',
    };
    assert.deepEqual(translationProblems(source, good, 'de'), []);
    const bad = { 'Read {0}': 'Lesen', Delete: ' ', 'See [this](command:a.b)': '[Dies](command:a.c)', Gone: 'Weg' };
    assert.equal(translationProblems(source, bad, 'de').length, 4);
    assert.equal(translationProblems(source, {}, 'de').length, 3);
  });

  it('are taken from every way in which the code says a sentence', () => {
    const text = `
      const { t } = vscode.l10n;
      vscode.l10n.t('One {0}', x); t('Two'); this.#t('Three'); around.t(isOne ? 'Four' : \`Five\`);
      const tell = (words, ...values) => t(words, ...values);
      const agent = { notes: ['Six'] };`;
    const { messages, problems } = extractMessages([{ file: 'a.ts', text }]);
    assert.deepEqual([...messages].sort(), ['Five', 'Four', 'One {0}', 'Six', 'Three', 'Two']);
    assert.deepEqual(problems, []);
  });

  it('cannot be taken from a sentence that is glued together', () => {
    const text = "const { t } = vscode.l10n;\nt('One ' + two);\nt(`One ${two}`);";
    assert.deepEqual(extractMessages([{ file: 'a.ts', text }]).problems, ['a.ts:2', 'a.ts:3']);
  });

  it('in the language that nobody speaks keep all parts, too', () => {
    for (const [, source] of sources) assert.deepEqual(translationProblems(source(), pseudoTexts(source()), 'qps'), []);
    assert.match(pseudo('Read {0} of `a`'), /^⟦Ŕéåđ \{0\} öƒ `a` ẋ+⟧$/);
  });
});
