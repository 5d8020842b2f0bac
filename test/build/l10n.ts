// `npm run l10n`: writes the base bundle from the sources, takes sentences that are gone out of the translations, sorts
// them, and says what is left to translate. The translations themselves are people's work.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkoutFolder } from '../host/folders';
import { runScript } from '../host/humanError';
import {
  bundleFile,
  languages,
  manifestFile,
  readTexts,
  sourceTexts,
  translationProblems,
  type Texts,
} from './translations';

runScript(() => {
  const sources: readonly [Texts, (language?: (typeof languages)[number]) => string][] = [
    [sourceTexts(checkoutFolder), bundleFile],
    [readTexts(checkoutFolder, manifestFile()), manifestFile],
  ];
  write(bundleFile(), sources[0]![0]);
  let missing = 0;
  for (const [source, fileOf] of sources)
    for (const language of languages) {
      const file = fileOf(language);
      const known = readTexts(checkoutFolder, file);
      const kept = Object.fromEntries(
        Object.keys(source)
          .filter((key) => key in known)
          .map((key) => [key, known[key]!]),
      );
      write(file, kept);
      const problems = translationProblems(source, kept, file);
      for (const problem of problems) console.log(problem);
      missing += problems.length;
    }
  console.log(missing === 0 ? 'Every sentence is translated.' : `${missing} translations are to be made or mended.`);
  return Promise.resolve(missing === 0 ? 0 : 1);
});

function write(file: string, texts: Texts): void {
  const full = path.join(checkoutFolder, file);
  fs.mkdirSync(path.dirname(full), { recursive: true });
  fs.writeFileSync(full, `${JSON.stringify(texts, undefined, 2)}\n`);
}
