// Runs one command of an agent's to its end or its limit and leaves no process of it behind. Knows no agent.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface Ended {
  readonly code: number | string;
  readonly seconds: number;
  /** It was ended at its limit. */
  readonly isTimedOut: boolean;
  /** The last of what it printed, for the report of a failure. */
  readonly tail: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly limitSeconds: number;
  /** Given a function that kills the agent at once. */
  readonly onStart?: (kill: () => void) => void;
}

export function runAgent(command: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  const { cwd, env, limitSeconds, onStart } = options;
  const began = Date.now();
  return new Promise((resolve) => {
    // A group of its own, so that what it starts ends with it.
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => (text = (text + String(data)).slice(-4000)));
    }
    const kill = () => endGroup(child.pid);
    let isTimedOut = false;
    const timer = setTimeout(() => {
      isTimedOut = true;
      kill();
    }, limitSeconds * 1000);
    onStart?.(kill);
    const finish = (code: number | string) => {
      clearTimeout(timer);
      kill();
      resolve({ code, isTimedOut, seconds: (Date.now() - began) / 1000, tail: text.trim().slice(-600) });
    };
    child.on('error', (error) => finish(String(error)));
    child.on('exit', (code, signal) => {
      // What it left behind may hold its pipes open: the end of the agent itself is the end.
      setTimeout(() => finish(code ?? signal ?? 'gone'), 150);
    });
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing is left of it.
  }
}

/** Ends what an agent started in a group of its own (Cline's hub): processes whose home is the case's. Linux only. */
export function endLeftovers(home: string): void {
  if (process.platform !== 'linux') return;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    try {
      if (readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(`HOME=${home}`))
        process.kill(Number(name), 'SIGKILL');
    } catch {
      // Another person's process, or gone already.
    }
  }
}
