// How a suite inside an extension host talks to the launcher outside: a folder, named in its environment, with the lines
// it prints and its counts. Works alike in a desktop VS Code and behind a web server.
import * as fs from 'node:fs';
import * as path from 'node:path';

export const transcriptVariable = 'TOKENOMETER_TEST_TRANSCRIPT';

export function countsFileIn(folder: string): string {
  return path.join(folder, 'counts.json');
}

/** Appends text and a newline to the transcript. */
export function say(folder: string, text: string): void {
  fs.appendFileSync(linesFileIn(folder), `${text}\n`);
}

/** Shows the transcript's lines as they are written. Call the returned function at the end: it shows the rest. */
export function follow(folder: string, show: (line: string) => void): () => void {
  fs.writeFileSync(linesFileIn(folder), '');
  let offset = 0;
  const showNew = (isEnd: boolean): void => {
    const text = fs.readFileSync(linesFileIn(folder), 'utf8').slice(offset);
    const whole = isEnd ? text : text.slice(0, text.lastIndexOf('\n') + 1);
    offset += whole.length;
    if (whole !== '') for (const line of whole.replace(/\n$/, '').split('\n')) show(line);
  };
  const timer = setInterval(() => showNew(false), 200);
  return () => {
    clearInterval(timer);
    showNew(true);
  };
}

function linesFileIn(folder: string): string {
  return path.join(folder, 'lines.txt');
}
