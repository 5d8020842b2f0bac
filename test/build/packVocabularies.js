// Packs js-tiktoken's ranks into dist/<encoding>.bin: for every token in rank order one length byte, then its bytes.
const fs = require('node:fs');
const path = require('node:path');

/** js-tiktoken writes ranks as lines of "<ignored> <first rank> <base64 token> <base64 token> …". */
function tokensInRankOrder(bpeRanks) {
  const tokens = [];
  for (const line of bpeRanks.split('\n')) {
    if (!line) continue;
    const [, firstRank, ...words] = line.split(' ');
    words.forEach((word, index) => (tokens[Number(firstRank) + index] = Buffer.from(word, 'base64')));
  }
  return tokens;
}

function packVocabularies(folder) {
  for (const encoding of ['o200k_base', 'cl100k_base']) {
    const { bpe_ranks } = require(`js-tiktoken/ranks/${encoding}`);
    const parts = [];
    for (const token of tokensInRankOrder(bpe_ranks)) {
      if (!token || token.length === 0 || token.length > 255)
        throw new Error(`${encoding}: a rank without a packable token`);
      parts.push(Buffer.from([token.length]), token);
    }
    fs.writeFileSync(path.join(folder, `${encoding}.bin`), Buffer.concat(parts));
  }
}

module.exports = { packVocabularies };
