// The hover of a token count: the person's models side by side, each with its count, the share of its window and the
// price of sending the text once; below, where the figures come from and what they leave out.
import * as vscode from 'vscode';
import { formatCompact, formatCount, formatGraded, formatShare, formatUsd, formatUsdEstimate } from '../format';
import { type Estimate } from '../tokens/estimate';
import { type EstimateCorrections } from './estimateCorrections';
import { locale } from './locale';
import { type Models } from './models';

/** Hovers set table columns close together. */
const gap = '\u00a0\u00a0';

/** What the text is for one model. */
export interface CountRow {
  readonly model: string;
  readonly estimate: Estimate;
}
/** `cells`: of the notebook that was summed; 0 where it is none. */
export async function countTooltip(
  rows: readonly CountRow[],
  cells: number,
  models: Models,
  own: EstimateCorrections,
): Promise<vscode.MarkdownString> {
  const { t } = vscode.l10n;
  const text = new vscode.MarkdownString(undefined, true);
  const lines = await Promise.all(
    rows.map(async ({ model, estimate: found }) => {
      const facts = await models.factsOf(model).catch(() => undefined);
      const share = facts?.contextWindow ? formatShare(found.tokens / facts.contextWindow, locale()) : '–';
      const window = facts?.contextWindow ? `${share} (${formatCompact(facts.contextWindow, locale())})` : '–';
      const price =
        facts?.inputPerMillionUsd === undefined
          ? t('unpriced')
          : usdWords((found.tokens * facts.inputPerMillionUsd) / 1e6, found.kind);
      return `| ${escapeCell(model)} | ${formatGraded(found, locale())} | ${window} | ${price} |`;
    }),
  );
  const { kind, basis: source } = rows[0]!.estimate;
  const basis = kind === 'exact' ? t('Exact: {0}.', escapeCell(source)) : t('Estimated by: {0}.', escapeCell(source));
  text.appendMarkdown(
    [
      `| ${t('Model')} | ${gap}${t('Tokens')} | ${gap}${t('Of its window')} | ${gap}${t('One send')} |`,
      '| :-- | --: | --: | --: |',
      ...lines,
    ].join('\n'),
  );
  const remarks = [
    basis,
    own.words(rows[0]!.estimate),
    cells > 0 && t('The sum of the notebook’s {0} cells, without their outputs.', formatCount(cells, locale())),
    t('The text alone, uncached, at list price: no system prompt, tools or images. Click to count for another model.'),
  ];
  text.appendMarkdown(`\n\n${remarks.filter(Boolean).join('  \n')}`);
  return text;
}

/** A price of an exact count is exact; of an estimate, an estimate. */
function usdWords(usd: number, kind: Estimate['kind']): string {
  return kind === 'exact' ? formatUsd(usd, locale()) : formatUsdEstimate(usd, locale());
}

function escapeCell(text: string): string {
  return text.replace(/[\\|`*_{}[\]<>#]/g, '\\$&').replace(/\s+/g, ' ');
}
