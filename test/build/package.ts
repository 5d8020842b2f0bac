// `npm run package`: makes tokenometer-<version>.vsix twice, holds the two against each other byte by byte, and says what
// is in it. `npm run package -- FILE` writes to that file.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkoutFolder, makeTemporaryFolder } from '../host/folders';
import { HumanError, runScript } from '../host/humanError';
import { packageVsix } from './packageVsix';

runScript(async () => {
  const { name, version } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as { name: string; version: string };
  const target = path.resolve(process.argv[2] ?? path.join(checkoutFolder, `${name}-${version}.vsix`));
  const { files, packedBytes, isPreRelease } = await packageVsix(target);
  const again = makeTemporaryFolder('vsix-again');
  const second = path.join(again.path, 'second.vsix');
  await packageVsix(second);
  const same = fs.readFileSync(target).equals(fs.readFileSync(second));
  again.remove();
  if (!same) throw new HumanError('Two builds of the same checkout differ: the package is not reproducible.');
  for (const { name: file, bytes } of files) console.log(`${String(bytes.length).padStart(9)}  ${file}`);
  console.log(`${String(packedBytes).padStart(9)}  packed: ${target}${isPreRelease ? ' (pre-release)' : ''}`);
  return 0;
});
