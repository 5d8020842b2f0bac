// The one build. `node esbuild.js` makes dist/ (the extension, its workers, the command line, vocabularies, prices);
// --tests also makes out/ from test/, --production minifies, leaves source maps out and names what others wrote,
// --outdir=FOLDER builds there instead of dist/, --watch stays.
const esbuild = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');
const { thirdPartyNotices } = require('./test/build/notices.js');
const { writePrices } = require('./test/build/packPrices.js');
const { packVocabularies } = require('./test/build/packVocabularies.js');
const { vscodeByName } = require('./test/build/vscodeByName.js');

const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');
const outdir = [...flags].find((flag) => flag.startsWith('--outdir='))?.slice('--outdir='.length) ?? 'dist';

/** @type {import('esbuild').BuildOptions} */
const node = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  external: ['vscode'],
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'warning',
  legalComments: 'none',
  metafile: production,
};

/** `import('./ui/reportCommands')` is a file of its own beside the one that imports it: see `entryPoints`. */
const parts = {
  name: 'parts',
  setup(build) {
    build.onResolve({ filter: /^\./ }, ({ kind, path: imported }) =>
      kind === 'dynamic-import' ? { path: `./${path.posix.basename(imported)}.js`, external: true } : undefined,
    );
  },
};

const product = {
  ...node,
  plugins: [vscodeByName, parts],
  supported: { 'dynamic-import': false },
  entryPoints: {
    extension: 'src/extension.ts',
    reportCommands: 'src/ui/reportCommands.ts',
    countWorker: 'src/tokens/countWorker.ts',
    ledgerWorker: 'src/ledger/ledgerWorker.ts',
    readingWorker: 'src/ledger/readingWorker.ts',
    estimateCheckWorker: 'src/ledger/estimateCheckWorker.ts',
    cli: 'src/cli.ts',
  },
  outdir,
};

/** The extension in a browser's worker, and its counting thread: no Node module may be in it, or this build fails. */
const browser = {
  ...node,
  plugins: [vscodeByName],
  platform: 'browser',
  target: 'es2023',
  define: { 'process.env': '{}' },
  // What is another file in a browser: bundledPrices.browser.ts.
  resolveExtensions: ['.browser.ts', '.ts', '.js', '.json'],
  entryPoints: { extension: 'src/extension.browser.ts', countWorker: 'src/tokens/countBrowserWorker.ts' },
  outdir: `${outdir}/web`,
};

/** Every file of test/ that something starts by name: suites, the launcher, the bench, the lab. */
function testEntries() {
  const entries = fs
    .readdirSync('test', { recursive: true })
    .map((name) => String(name).split(path.sep).join('/'))
    .filter((name) => name.endsWith('.ts') && !name.startsWith('fixtures/') && !name.endsWith('.d.ts'));
  return Object.fromEntries(entries.map((name) => [name.slice(0, -3), `test/${name}`]));
}

async function main() {
  if (!flags.has('--watch')) fs.rmSync(outdir, { recursive: true, force: true });
  fs.mkdirSync(outdir, { recursive: true });
  packVocabularies(outdir);
  writePrices(outdir);
  if (flags.has('--watch')) {
    for (const build of [product, browser]) {
      const context = await esbuild.context({ ...build, logLevel: 'info' });
      await context.watch();
    }
    return;
  }
  const results = await Promise.all([esbuild.build(product), esbuild.build(browser)]);
  if (production) {
    const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
    fs.writeFileSync(path.join(outdir, 'ThirdPartyNotices.txt'), thirdPartyNotices(inputs));
  }
  if (flags.has('--tests')) {
    fs.rmSync('out', { recursive: true, force: true });
    await esbuild.build({
      ...node,
      entryPoints: testEntries(),
      outdir: 'out',
      sourcemap: 'inline',
      external: [
        'vscode',
        'mocha',
        'playwright-core',
        '@vscode/test-electron',
        '@vscode/vsce',
        'tiktoken',
        'js-tiktoken',
        'gpt-tokenizer',
        'ai-tokenizer',
      ],
    });
  }
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
