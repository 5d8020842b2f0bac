// Rounding is where figures start to pretend: each rule of format.ts has its case here.
import assert from 'node:assert/strict';
import {
  formatCompact,
  formatCost,
  formatCount,
  formatCoverage,
  formatGraded,
  formatGradedShort,
  formatShare,
  formatUsd,
  formatUsdEstimate,
} from '../../src/format';

describe('format', () => {
  it('writes counts with separators of the language', () => {
    assert.equal(formatCount(12431), '12,431');
    assert.equal(formatCount(12431, 'de'), '12.431');
    assert.equal(formatCount(5, 'not a language'), '5');
  });

  it('keeps three digits in compact figures and never writes 1000k', () => {
    const cases: [number, string][] = [
      [0, '0'],
      [950, '950'],
      [999, '999'],
      [1000, '1k'],
      [1234, '1.23k'],
      [45_600, '45.6k'],
      [999_499, '999k'],
      [999_500, '1M'],
      [1_234_567, '1.23M'],
      [2_500_000_000, '2.5B'],
    ];
    for (const [count, words] of cases) assert.equal(formatCompact(count), words);
  });

  it('writes money to the cent, smaller sums to two digits, and never nothing for something', () => {
    const cases: [number, string][] = [
      [0, '$0.00'],
      [0.42, '$0.42'],
      [12.4, '$12.40'],
      [1234.5, '$1,234.50'],
      [123_456.7, '$123,457'],
      [0.0042, '$0.0042'],
      [0.00996, '$0.01'],
      [0.00001, '< $0.0001'],
    ];
    for (const [usd, words] of cases) assert.equal(formatUsd(usd), words);
  });

  it('writes estimated money with two digits', () => {
    const cases: [number, string][] = [
      [1.234, '≈ $1.20'],
      [0.0234, '≈ $0.023'],
      [123.4, '≈ $120'],
      [0, '$0.00'],
    ];
    for (const [usd, words] of cases) assert.equal(formatUsdEstimate(usd), words);
  });

  it('floors coverage and keeps small shares visible', () => {
    assert.equal(formatCoverage(0.9999), '99%');
    assert.equal(formatCoverage(1), '100%');
    assert.equal(formatShare(0.0001), '< 0.1%');
    assert.equal(formatShare(0.052), '5.2%');
    assert.equal(formatShare(0.523), '52%');
  });

  it('shows the grade of a token figure', () => {
    const exact = { tokens: 12431, low: 12431, high: 12431, kind: 'exact' } as const;
    const near = { tokens: 12431, low: 12307, high: 12555, kind: 'near-exact' } as const;
    const estimate = { tokens: 15213, low: 13120, high: 17021, kind: 'estimate' } as const;
    assert.equal(formatGraded(exact), '12,431');
    assert.equal(formatGraded(near), '12,431 ±1 %');
    assert.equal(formatGraded(estimate), '≈ 15.2k (13.1k–17k)');
    assert.equal(formatGradedShort(estimate), '≈ 15.2k');
    assert.equal(formatGraded({ tokens: 0, low: 0, high: 0, kind: 'estimate' }), '0');
  });

  it('never lets an unpriced or incomplete sum look whole', () => {
    assert.equal(formatCost({ costUsd: 4.2, totalTokens: 10, unpricedTokens: 0 }), '$4.20');
    assert.equal(formatCost({ costUsd: 4.2, totalTokens: 10, unpricedTokens: 1 }), '≥ $4.20');
    assert.equal(formatCost({ costUsd: 4.2, totalTokens: 10, unpricedTokens: 0, unrecordedOutputCalls: 2 }), '≥ $4.20');
    assert.equal(formatCost({ totalTokens: 10, unpricedTokens: 10 }), undefined);
    assert.equal(formatCost({ totalTokens: 0, unpricedTokens: 0 }), '$0.00');
  });
});
