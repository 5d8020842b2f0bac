// Installs an agent from npm into the lab's cache, at the versions the lab names, once. Knows no agent.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { type LabAgent } from './labAgent';

const limitMs = 240_000;

function split(spec: string): { name: string; version: string } {
  const at = spec.lastIndexOf('@');
  return { name: spec.slice(0, at), version: spec.slice(at + 1) };
}

function isInstalled(folder: string, spec: string): boolean {
  const { name, version } = split(spec);
  try {
    const about = JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')) as {
      version?: string;
    };
    return about.version === version;
  } catch {
    return false;
  }
}

export const versionOf = (agent: LabAgent) => split(agent.packages[0]!).version;

/** The PATH that makes `node` the one that runs the lab: older ones get older agents from npm. */
export function pathWithNode(): string {
  return [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
}

/** Answers where the agent's command is. Throws with npm's last words where it cannot be had. */
export async function install(agent: LabAgent, cacheFolder: string): Promise<string> {
  const folder = join(cacheFolder, agent.id);
  const bin = join(folder, 'node_modules', '.bin', agent.command);
  if (existsSync(bin) && agent.packages.every((spec) => isInstalled(folder, spec))) return bin;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const flags = [
    '--no-audit',
    '--no-fund',
    '--loglevel',
    'error',
    ...(agent.ignoreScripts ? ['--ignore-scripts'] : []),
  ];
  const { code, text } = await npm(['install', '--prefix', folder, ...flags, ...agent.packages]);
  if (code !== 0 || !existsSync(bin))
    throw new Error(`npm could not install ${agent.packages.join(' ')}: ${text.slice(-300)}`);
  return bin;
}

function npm(args: readonly string[]): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve) => {
    const child = spawn('npm', args, {
      env: { ...process.env, PATH: pathWithNode() },
      shell: process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (text += String(data)));
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
    child.on('error', (error) => resolve({ code: -1, text: String(error) }));
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, text });
    });
  });
}
