// Runs another program to its end and shows what it says as it says it. Knows nothing of what the program is for.
import { spawn } from 'node:child_process';
import * as readline from 'node:readline';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Put before each line, so that programs that run side by side can be told apart. */
  readonly prefix?: string;
  /** Keep the output back unless the program fails. */
  readonly quiet?: boolean;
}

/** Resolves with the exit code (127 where the program could not be started), never rejects. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<number> {
  const prefix = options.prefix ?? '';
  const kept: string[] = [];
  const say = (line: string): void => {
    if (options.quiet) kept.push(line);
    else console.log(prefix + line);
  };
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) readline.createInterface({ input: stream }).on('line', say);
    const finish = (code: number): void => {
      if (code !== 0) for (const line of kept) console.log(prefix + line);
      resolve(code);
    };
    child.on('error', (error) => {
      say(error.message);
      finish(127);
    });
    child.on('close', (code) => finish(code ?? 1));
  });
}

/** Runs npm on the Node that runs this script, the way npm itself was started. */
export function runNpm(args: readonly string[], options: CommandOptions = {}): Promise<number> {
  const npm = process.env.npm_execpath;
  const env = withoutNpmVariables(options.env ?? process.env);
  return npm === undefined
    ? runCommand('npm', args, { ...options, env })
    : runCommand(process.execPath, [npm, ...args], { ...options, env });
}

/** What `npm run` sets describes the checkout; an npm started elsewhere, or an editor, must not take it for its own. */
export function withoutNpmVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = /^(npm_(package|lifecycle|command|config_local_prefix|config_prefix)|INIT_CWD$)/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)));
}
