// Reads one fixture case with an agent's parsers alone (no store): the shared way from files to events for the tests.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdCompressSync } from 'node:zlib';
import {
  type Agent,
  type AgentEnvironment,
  type Carry,
  type LineParser,
  type LogEvent,
  type ParseContext,
  type SkipReason,
  type UsageEvent,
} from '../../../src/agents/agent';
import { isAnswerable, openReadOnly, readRows } from '../../../src/ledger/database';
import { findFiles, type FoundFile } from '../../../src/ledger/discover';
import { documentText } from '../../../src/ledger/documentText';
import { isOfInterest, parseAt } from '../../../src/ledger/lineFiles';
import { LineBuffer, LineReader } from '../../../src/ledger/lineReader';
import { type CallCopy, countedCalls, mergeCalls } from '../../../src/ledger/merge';

export const fixturesFolder = join(process.cwd(), 'test', 'fixtures', 'agents');

export interface Reading {
  readonly events: LogEvent[];
  readonly skipped: SkipReason[];
}

/** A copy of a case's home in a temporary folder: every `x.sql` made the database `x`, every `x.zst.txt` packed. */
export function makeHome(caseFolder: string): string {
  const home = mkdtempSync(join(tmpdir(), 'tokenometer-case-'));
  cpSync(join(caseFolder, 'home'), home, { recursive: true });
  for (const name of readdirSync(home, { recursive: true })) {
    const path = join(home, String(name));
    if (path.endsWith('.zst.txt')) {
      writeFileSync(path.slice(0, -4), zstdCompressSync(readFileSync(path)));
      rmSync(path);
    }
    if (!path.endsWith('.sql')) continue;
    const database = new DatabaseSync(path.slice(0, -4));
    database.exec(readFileSync(path, 'utf8'));
    database.close();
    rmSync(path);
  }
  return home;
}

export function environmentOf(home: string, platform: AgentEnvironment['platform'] = 'linux'): AgentEnvironment {
  return { home, platform, variables: {}, editorUserFolders: [join(home, '.config', 'Code', 'User')] };
}

export function contextOf(path: string, companions: ParseContext['companions'] = {}): ParseContext {
  return { path, companions, estimateTokens: (text) => Math.ceil(text.length / 4) };
}

/** A file of a source's with what its parser may know. */
export interface SourceFile {
  readonly file: FoundFile;
  readonly context: ParseContext;
}

export function sourceFiles(agent: Agent, environment: AgentEnvironment): [Agent['sources'][number], SourceFile][] {
  return agent.sources.flatMap((source) =>
    [...new Set(source.folders(environment))].flatMap((folder) =>
      findFiles(
        folder,
        (path) => source.owns(path),
        (path) => source.skipsFolder?.(path) ?? false,
      ).files.map((file): [Agent['sources'][number], SourceFile] => {
        const companions: Record<string, string> = {};
        for (const name of source.companions?.(file.relativePath) ?? []) {
          if (existsSync(join(folder, name))) companions[name] = readFileSync(join(folder, name), 'utf8');
        }
        return [source, { file, context: contextOf(file.path, companions) }];
      }),
    ),
  );
}

/** All that an agent reads in a home. */
export function readHome(agent: Agent, environment: AgentEnvironment): Reading {
  const reading: Reading = { events: [], skipped: [] };
  for (const [source, { file, context }] of sourceFiles(agent, environment)) {
    if (source.kind === 'lines') {
      for (const parser of parsersOf(source)) add(reading, readLinesOf(parser, readFileSync(file.path), context));
    } else if (source.kind === 'document') {
      const { events, skipped } = source.parseDocument(documentText(file.path), context);
      add(reading, { events: [...events], skipped: skipped ? [skipped] : [] });
    } else {
      const database = openReadOnly(file.path);
      for (const query of source.queries.filter((candidate) => isAnswerable(database, candidate))) {
        readRows(database, query, undefined, (row) => {
          const { events, skipped } = query.parseRow(row, context);
          add(reading, { events: [...events], skipped: skipped ? [skipped] : [] });
        });
      }
      database.close();
    }
  }
  return reading;
}

/** A source's first reading and, where it has one, its later one. */
export function parsersOf(source: LineParser & { readonly later?: LineParser }): LineParser[] {
  return source.later ? [source, source.later] : [source];
}

function add(reading: Reading, more: Reading): void {
  reading.events.push(...more.events);
  reading.skipped.push(...more.skipped);
}

export interface LinesReading extends Reading {
  /** Where the next reading begins, and with what. */
  readonly offset: number;
  readonly carry: Carry | undefined;
}

/**
 * Reads bytes as the ledger does: whole lines only, with a small buffer so that lines are cut by it; what stands after
 * the last newline is read too, but does not move the offset.
 */
export function readLinesOf(
  source: LineParser,
  bytes: Buffer,
  context: ParseContext,
  from: { readonly offset: number; readonly carry: Carry | undefined } = { offset: 0, carry: undefined },
): LinesReading {
  const needles = source.needles.map((needle) => Buffer.from(needle));
  const reader = new LineReader(
    new LineBuffer(512),
    (into, at, length, position) => bytes.copy(into, at, position, Math.min(bytes.length, position + length)),
    from.offset,
  );
  const events: LogEvent[] = [];
  const skipped: SkipReason[] = [];
  let carry = from.carry;
  for (;;) {
    const isRest = reader.next() === 'rest';
    if (isOfInterest(source, reader, needles)) {
      const parsed = parseAt(source, reader, carry, context);
      events.push(...parsed.events);
      if (parsed.skipped && !isRest) skipped.push(parsed.skipped);
      if (!isRest) carry = parsed.carry ?? carry;
    }
    if (isRest) return { events, skipped, offset: reader.offset, carry };
  }
}

/** The calls that count, merged as the ledger merges them, in the order of their keys. */
export function callsOf(events: readonly LogEvent[]): UsageEvent[] {
  const byKey = new Map<string, CallCopy>();
  const parents = new Map<string, string>();
  for (const event of events) {
    if (event.kind === 'session' && event.parentSessionId) parents.set(event.sessionId, event.parentSessionId);
    if (event.kind !== 'call') continue;
    const copy = { call: event, bornMs: 0, ownerBornMs: 0 };
    const before = byKey.get(event.key);
    byKey.set(event.key, before ? mergeCalls(before, copy) : copy);
  }
  const calls = [...byKey.values()].map((copy) => JSON.parse(JSON.stringify(copy.call)) as UsageEvent);
  return countedCalls(calls, (id) => parents.get(id)).toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
