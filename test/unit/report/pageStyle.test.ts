// The page's style sheet, held against what every screen needs: the editor's colours, a ring around the focus, no motion
// unless wanted, a chart that keeps its colours, nothing wider than the narrowest window. How it looks is the e2e tests'.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const css = readFileSync('media/report/report.css', 'utf8').replace(/\/\*[^]*?\*\//g, '');

/** The rules inside of an at-rule whose condition holds `part`. */
function within(part: string): string {
  const start = css.indexOf(`@media (${part})`);
  assert.ok(start >= 0, `no rule for ${part}`);
  return css.slice(start, css.indexOf('\n}', start));
}

describe('the style sheet of the report’s page', () => {
  it('takes every colour from the editor, and has its own only where there is none', () => {
    const own = css.replace(/var\((?:[^()]|\([^()]*\))*\)/g, '').replace(/--[\w-]+:/g, '');
    assert.doesNotMatch(own, /#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(|:\s*(?:black|white|gr[ae]y)\b/i);
  });

  it('draws a ring around what has the focus, and takes it away nowhere', () => {
    assert.match(css, /:focus-visible \{\s*outline: 2px solid var\(--vscode-focusBorder\)/);
    assert.doesNotMatch(css, /outline(?:-style|-width)?:\s*(?:none|0)/);
  });

  it('moves nothing for those who want no motion', () => {
    const still = css.replace(within('prefers-reduced-motion: no-preference'), '');
    assert.doesNotMatch(still, /transition|animation|scroll-behavior/);
  });

  it('keeps the colours of the chart and of its legend where the system forces its own', () => {
    assert.match(within('forced-colors: active'), /\.chart,\s*\.swatch \{\s*forced-color-adjust: none;/);
  });

  it('demands no width that a window of 320 pixels has not', () => {
    for (const [, pixels] of css.matchAll(/(?<!max-)(?:width|flex|minmax\()[^;]*?(\d+)px/g))
      assert.ok(Number(pixels) <= 240, `${pixels}px`);
  });
});
