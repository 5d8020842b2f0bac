// The package's rules, each broken once; the package itself is made and judged by the test of the installed extension.
import assert from 'node:assert/strict';
import { packageProblems, type PackageFile, type PackageManifest } from '../../build/packageRules';
import { isPreReleaseVersion } from '../../build/packageVsix';

const icon = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(17)]);
icon.writeUInt32BE(128, 16);
icon.writeUInt32BE(128, 20);

const file = (name: string, text: string | Buffer = 'x'): PackageFile => ({ name, bytes: Buffer.from(text) });

const manifest: PackageManifest = {
  name: 'gauge',
  publisher: 'harbor',
  version: '1.2.3',
  displayName: 'Gauge',
  description: 'Reads a gauge.',
  license: 'MIT',
  icon: 'media/icon.png',
  main: './dist/extension.js',
  browser: './dist/web/extension',
  categories: ['Other'],
  engines: { vscode: '^1.103.0' },
};
const files: readonly PackageFile[] = [
  ...['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'dist/ThirdPartyNotices.txt'].map((name) => file(name)),
  ...[
    'dist/extension.js',
    'dist/web/extension.js',
    'dist/o200k_base.bin',
    'dist/prices.json',
    'package.nls.zh-cn.json',
  ].map((name) => file(name)),
  ...['l10n/bundle.l10n.json', 'l10n/bundle.l10n.ja.json', 'media/report/report.css'].map((name) => file(name)),
  file('media/icon.png', icon),
];

/** The problems of the sound package with some fields and files changed. */
function problems(fields: PackageManifest, changed: readonly PackageFile[] = [], packedBytes = 1): readonly string[] {
  const names = changed.map(({ name }) => name);
  return packageProblems(
    { ...manifest, ...fields },
    [...files.filter(({ name }) => !names.includes(name)), ...changed],
    packedBytes,
  );
}

describe('package rules', () => {
  it('find nothing wrong with a sound package', () => assert.deepEqual(problems({}), []));

  for (const name of [
    'dist/extension.js.map',
    'dist/native.node',
    'test/fixtures/home/claude-code.json',
    'src/extension.ts',
    'node_modules/ignore/index.js',
    'media/readme/meter.png',
    '.env',
    'l10n/notes.txt',
  ])
    it(`let no ${name} in`, () =>
      assert.deepEqual(problems({}, [file(name)]), [`${name} does not belong into the package`]));

  it('let no source map in, not even inside a file', () => {
    const inline = file('dist/cli.js', 'run();\n//# sourceMappingURL=data:application/json;base64,e30=');
    assert.deepEqual(problems({}, [inline]), ['dist/cli.js names a source map']);
  });

  it('demand licence, readme and change log', () => {
    const without = files.filter(({ name }) => !/^(LICENSE|README|CHANGELOG)/.test(name));
    assert.equal(packageProblems(manifest, without, 1).length, 3);
  });

  it('keep the sizes', () => {
    assert.match(problems({}, [], 6_000_000).join(), /has 6000000 bytes/);
    for (const entry of ['dist/extension.js', 'dist/web/extension.js']) {
      assert.match(problems({}, [file(entry, 'x'.repeat(300_000))]).join(), /loaded at activation, has 300000 bytes/);
      assert.deepEqual(problems({}, [file(entry, 'x'.repeat(299_999))]), []);
    }
  });

  const broken: readonly [string, PackageManifest][] = [
    ['a name with a space', { name: 'the gauge' }],
    ['no publisher', { publisher: '' }],
    ['a pre-release suffix', { version: '1.2.3-beta' }],
    ['no licence', { license: 'UNLICENSED' }],
    ['no category', { categories: [] }],
    ['31 keywords', { keywords: Array.from({ length: 31 }, (_, index) => `word ${index}`) }],
    ['an invisible character', { description: 'Reads a\u200bgauge.' }],
    ['a script that runs at installing', { scripts: { postinstall: 'node setup.js' } }],
    ['a description beyond the limit', { description: 'x'.repeat(2049) }],
    ['an engine that names no version', { engines: { vscode: '*' } }],
    ['an icon that is none', { icon: 'LICENSE' }],
    ['an entry point that is not there', { main: './dist/main.js' }],
  ];
  for (const [what, fields] of broken)
    it(`refuse ${what}`, () => assert.equal(problems(fields).length, 1, problems(fields).join('\n')));

  it('make pre-releases of odd minor versions', () => {
    assert.deepEqual(['0.1.0', '1.2.3', '2.11.0'].map(isPreReleaseVersion), [true, false, true]);
  });
});
