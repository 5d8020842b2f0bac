// A ledger over an invented Claude Code folder in a temporary place, and rows to put into it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { claudeCode } from '../../../src/agents/claudeCode';
import { type Agent } from '../../../src/agents/agent';
import { Ledger, type LedgerOptions } from '../../../src/ledger/ledger';
import { type TotalsRow } from '../../../src/ledger/totals';

export interface TempLedger {
  readonly folder: string;
  readonly options: LedgerOptions;
  open(more?: Partial<LedgerOptions>): Ledger;
  /** Writes a file below the projects folder. */
  write(name: string, text: string | Buffer): string;
  remove(): void;
}

export function tempLedger(agents: readonly Agent[] = [claudeCode]): TempLedger {
  const folder = mkdtempSync(join(tmpdir(), 'tokenometer-ledger-'));
  const options: LedgerOptions = {
    dataFolder: join(folder, 'data'),
    environment: { home: join(folder, 'home'), platform: 'linux', variables: {}, editorUserFolders: [] },
    now: () => Date.now(),
    agents,
  };
  return {
    folder,
    options,
    open: (more = {}) => Ledger.open({ ...options, ...more }),
    write: (name, text) => {
      const path = join(folder, 'home', '.claude', 'projects', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A line with a call of Claude Code's: `n` sets its id and all its figures. */
export function callLine(
  n: number,
  more: { session?: string; at?: string; text?: string; output?: number } = {},
): string {
  const row = {
    type: 'assistant',
    uuid: `u-${n}`,
    sessionId: more.session ?? 's-1',
    timestamp: more.at ?? '2026-11-02T09:00:00.000Z',
    cwd: '/code/app',
    gitBranch: 'main',
    requestId: `req_${n}`,
    message: {
      id: `msg_${n}`,
      role: 'assistant',
      model: 'claude-opus-4-5',
      stop_reason: 'end_turn',
      content: [{ type: 'text', text: more.text ?? 'grüße 🦜 ' }],
      usage: {
        input_tokens: n,
        cache_creation_input_tokens: 2 * n,
        cache_read_input_tokens: 3 * n,
        output_tokens: more.output ?? 4 * n,
      },
    },
  };
  return `${JSON.stringify(row)}\n`;
}

/** The figures that are counted, without money: floats depend on the order in which they are added. */
export function figures(row: TotalsRow): Record<string, number> {
  const { calls, inputTokens, cacheWrite5mTokens, cacheWrite1hTokens, cacheReadTokens, outputTokens } = row;
  const { unrecordedOutputCalls } = row;
  return {
    calls,
    inputTokens,
    cacheWrite5mTokens,
    cacheWrite1hTokens,
    cacheReadTokens,
    outputTokens,
    unrecordedOutputCalls,
  };
}

/** What `callLine` of these numbers adds up to. */
export function sumOfCalls(numbers: readonly number[]): Record<string, number> {
  const sum = numbers.reduce((total, n) => total + n, 0);
  return {
    calls: numbers.length,
    inputTokens: sum,
    cacheWrite5mTokens: 2 * sum,
    cacheWrite1hTokens: 0,
    cacheReadTokens: 3 * sum,
    outputTokens: 4 * sum,
    unrecordedOutputCalls: 0,
  };
}

export function allFigures(ledger: Ledger): Record<string, number> {
  return figures(ledger.totals({ by: 'day', timeZone: 'UTC' }).totals);
}
