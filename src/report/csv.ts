// Sums as comma-separated values (RFC 4180) that a spreadsheet opens as text and numbers only: a cell whose text could
// be taken for a formula gets an apostrophe before it. Rounds nothing and knows nothing of where rows came from.
import { type TotalsRow } from '../ledger/totals';

/** A text is made harmless and quoted where needed; a number is written in full; nothing known is an empty cell. */
export type CsvValue = string | number | undefined;

/** Records end with CRLF; the first one names the columns. */
export function csv(columns: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

/**
 * A text loses control characters and marks that change the direction of the whole line; its letters, quotes, commas
 * and line breaks stay. Longer than a spreadsheet's cell can be, it is cut.
 */
export function csvCell(value: CsvValue): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? plainNumber(value) : '';
  const text = safeFromFormulas(cleaned(value));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** LibreOffice and Excel both stop at this many characters. */
const longestCell = 32_767;

function cleaned(text: string): string {
  const short = text.length > longestCell - 1 ? `${text.slice(0, longestCell - 2)}…` : text;
  let out = '';
  for (const character of short.replace(/\r\n?/g, '\n')) {
    const code = character.codePointAt(0)!;
    if (isDirectionMark(code)) continue;
    const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029;
    const isHalf = code >= 0xd800 && code <= 0xdfff;
    if (isHalf) out += '\uFFFD';
    else out += isControl && character !== '\n' ? ' ' : character;
  }
  return out;
}

function isDirectionMark(code: number): boolean {
  return (
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069) ||
    code === 0x200e ||
    code === 0x200f ||
    code === 0xfeff
  );
}

/** Spreadsheets skip blanks before a formula's sign, and some take the full-width signs too. */
function safeFromFormulas(text: string): string {
  return /^\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
}

/** Without an exponent, which a spreadsheet's reader may take for text. */
function plainNumber(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(12) : text;
}

/** The columns of a sum, in the order of `totalsCsv`. */
const figureColumns = [
  'calls',
  'inputTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
  'cacheReadTokens',
  'outputTokens',
  'reasoningTokens',
  'totalTokens',
  'costUsd',
  'estimatedCostUsd',
  'unpricedTokens',
  'estimatedTokens',
  'unrecordedOutputCalls',
  'unrecordedOutputTokens',
  'reportedCostUsd',
  'reportedCredits',
] as const satisfies readonly (keyof TotalsRow)[];

/** One record a row, by one dimension; `by` names the first column. Dollars are empty where nothing could be priced. */
export function totalsCsv(by: string, rows: readonly TotalsRow[]): string {
  return csv(
    [by, ...figureColumns],
    rows.map((row) => [row.key, ...figureColumns.map((column) => row[column])]),
  );
}

/** The same for several dimensions in one file: the first column says which. */
export function groupsCsv(groups: readonly { readonly by: string; readonly rows: readonly TotalsRow[] }[]): string {
  return csv(
    ['by', 'key', ...figureColumns],
    groups.flatMap(({ by, rows }) => rows.map((row) => [by, row.key, ...figureColumns.map((column) => row[column])])),
  );
}
