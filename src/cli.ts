// The same core without an editor: for terminals, CI and the bench. Finds the command, hands it its surroundings and
// turns what it throws into one line and an exit code: 0 done, 1 failed, 2 called wrongly.
import { createInterface } from 'node:readline';
import { advise } from './cli/advise';
import { calibrate } from './cli/calibrate';
import { count } from './cli/count';
import { doctor } from './cli/doctor';
import { explain } from './cli/explain';
import { price } from './cli/price';
import { report } from './cli/report';
import { type Io, UsageError } from './cli/terminal';
import { homeOf } from './ledger/machine';

const commands: Readonly<Record<string, (args: readonly string[], io: Io) => Promise<number>>> = {
  report,
  count,
  doctor,
  price,
  explain,
  calibrate,
  advise,
};

const help = `Usage: tokenometer COMMAND [OPTIONS]

  report     what the coding agents on this machine have used   [--by day|week|month|model|agent|project|branch|session]
             [--since YYYY-MM-DD] [--until YYYY-MM-DD] [--agent ID] [--branch NAME] [--timezone IANA]
             [--json | --csv | --markdown]   or the letter of a week: --weekly [--since DAY-OF-IT]
  count      tokens of files                                    [--model ID] [--json] FILE…   (- for standard input)
  doctor     which logs were looked for and found               [--json]
  price      what a model costs                                 [--at YYYY-MM-DD] [--json] ID…
  explain    where a figure comes from                          [--json] CALL|SESSION|DAY
  calibrate  how far token estimates are off on your own logs   [--json] [FOLDER…]
  advise     judge tasks, one JSON object a line                --jsonl
`;

async function main(words: readonly string[]): Promise<number> {
  const io = surroundings();
  const [name, ...args] = words;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    if (name === undefined) io.error(help);
    else io.write(help);
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  try {
    if (!command) throw new UsageError(`no command "${name}": run "tokenometer help" for the list`);
    return await command(args, io);
  } catch (error) {
    io.error(`tokenometer: ${oneLine(error)}\n`);
    return error instanceof UsageError || isParseArgsError(error) ? 2 : 1;
  }
}

function surroundings(): Io {
  return {
    write: (text) => void process.stdout.write(text),
    error: (text) => void process.stderr.write(text),
    read: () => createInterface({ input: process.stdin, crlfDelay: Infinity }),
    readBytes: async () => {
      const parts: Uint8Array[] = [];
      for await (const part of process.stdin) parts.push(part as Uint8Array);
      return Buffer.concat(parts);
    },
    now: Date.now,
    env: process.env,
    home: homeOf(process.env),
    programFolder: __dirname,
  };
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}

/** node:util's parseArgs throws these for unknown or malformed options. */
function isParseArgsError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

// A closed pipe (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
void main(process.argv.slice(2)).then((code) => (process.exitCode = code));
