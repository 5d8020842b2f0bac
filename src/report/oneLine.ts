// A text from a log as one short line, for a cell or a list: no control characters, no marks that turn a line around.

/** At most so many UTF-16 code units, and an ellipsis where there was more. */
export function oneLine(text: string, most = 100): string {
  const line = text
    .slice(0, 4 * most)
    .replace(/[\p{Cc}\p{Bidi_Control}\s]+/gu, ' ')
    .trim();
  if (line.length <= most && text.length <= 4 * most) return line;
  return `${line.slice(0, most).replace(/[\ud800-\udbff]$/, '')}…`;
}
