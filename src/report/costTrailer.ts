// One line for a commit message: what agents used in the repository since the commit before. A trailer as git reads it
// (`Key: value`), in English like other trailers, with no name and no prompt in it.
import { formatCompact, formatCost, formatCount } from '../format';
import { type TotalsRow } from '../ledger/totals';

export function costTrailer(spend: TotalsRow, sessions: number): string {
  const cost = formatCost(spend) ?? 'unpriced';
  const of = sessions === 1 ? '1 session' : `${formatCount(sessions)} sessions`;
  return `Agent-cost: ${cost} (${formatCompact(spend.totalTokens)} tokens, ${of}; list prices)`;
}
