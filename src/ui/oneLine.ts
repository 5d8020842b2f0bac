// A text from a log as one short line, for a cell or a list: no control characters, no marks that turn a line around.

const mostCharacters = 100;

export function oneLine(text: string): string {
  const line = text
    .slice(0, 4 * mostCharacters)
    .replace(/[\p{Cc}\p{Bidi_Control}\s]+/gu, ' ')
    .trim();
  return line.length > mostCharacters ? `${line.slice(0, mostCharacters)}…` : line;
}
