// Calls as Claude Code would append them to a log while a test looks on. Knows the row's shape, not what it costs.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Machine } from '../host/machine';

/** The session file that was written to last, of any project in the home. */
export function latestSessionFile(home: string): string {
  const projects = path.join(home, '.claude', 'projects');
  const files = fs
    .readdirSync(projects, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl') && !name.includes('subagents'))
    .map((name) => path.join(projects, name));
  const lastLine = (file: string): string => fs.readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  const timeOf = (file: string): string => (JSON.parse(lastLine(file)) as { timestamp: string }).timestamp;
  return files.reduce((latest, file) => (timeOf(file) > timeOf(latest) ? file : latest));
}

/** A new session file in a project of the home; its folder is made. */
export function newSessionFile(home: string, project: string): string {
  const folder = path.join(home, '.claude', 'projects', `-projects-${project}`);
  fs.mkdirSync(folder, { recursive: true });
  return path.join(folder, '5f0f5a52-0d0e-4c7a-9a55-5d5c9c1d2e3f.jsonl');
}

/** One finished call of now, newline included. At claude-opus-5-5's list price 50,000 output tokens are one dollar. */
export function claudeCall(id: string, outputTokens: number, cwd: string): string {
  const row = {
    type: 'assistant',
    uuid: `uuid-${id}`,
    sessionId: '5f0f5a52-0d0e-4c7a-9a55-5d5c9c1d2e3f',
    requestId: `req_${id}`,
    timestamp: new Date().toISOString(),
    cwd,
    version: '2.1.330',
    isSidechain: false,
    message: {
      id: `msg_${id}`,
      type: 'message',
      role: 'assistant',
      model: 'claude-opus-5-5',
      content: [{ type: 'text', text: 'The lamp at the harbour is lit.' }],
      stop_reason: 'end_turn',
      usage: {
        input_tokens: 0,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens: outputTokens,
      },
    },
  };
  return `${JSON.stringify(row)}\n`;
}

/** Appends a call, made in the machine's open folder, to the session that was written to last. */
export function appendClaudeCall(machine: Machine, id: string, outputTokens: number): void {
  fs.appendFileSync(latestSessionFile(machine.home), claudeCall(id, outputTokens, machine.folder));
}
