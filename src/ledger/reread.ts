// Reads a log again on demand: for the words that a person wants to see (the store holds none), and for the rows that a
// figure was made from. Keeps nothing.
import { closeSync, openSync, readSync } from 'node:fs';
import {
  type AgentSource,
  type Carry,
  type DatabaseSource,
  type LogEvent,
  type ParseContext,
  type Place,
} from '../agents/agent';
import { openReadOnly, textRowAt } from './database';
import { documentText } from './documentText';
import { isOfInterest, parseAt } from './lineFiles';
import { LineBuffer, LineReader, longestLineBytes } from './lineReader';

export interface PlacedEvent {
  readonly event: LogEvent;
  readonly place: Place | undefined;
}

const noTexts: Omit<ParseContext, 'path'> = { companions: {}, estimateTokens: () => 0 };

/** All events of a file, with places; none of a database or of a file that is gone. */
export function eventsOf(source: AgentSource, path: string): PlacedEvent[] {
  try {
    if (source.kind === 'lines') return lineEvents(source, path);
    if (source.kind === 'database') return [];
    const { events } = source.parseDocument(documentText(path), { ...noTexts, path });
    return events.map((event) => ({ event, place: undefined }));
  } catch {
    return [];
  }
}

function lineEvents(source: AgentSource & { kind: 'lines' }, path: string): PlacedEvent[] {
  const needles = source.needles.map((needle) => Buffer.from(needle));
  const events: PlacedEvent[] = [];
  const file = openSync(path, 'r');
  try {
    const reader = new LineReader(
      new LineBuffer(),
      (into, at, length, from) => readSync(file, into, at, length, from),
      0,
    );
    let carry: Carry | undefined;
    for (;;) {
      const found = reader.next();
      if (found !== 'too-long' && isOfInterest(source, reader, needles)) {
        const parsed = parseAt(source, reader, carry, { ...noTexts, path });
        carry = parsed.carry ?? carry;
        for (const event of parsed.events) events.push({ event, place: reader.offset });
      }
      if (found === 'rest') return events;
    }
  } finally {
    closeSync(file);
  }
}

/** The line of a log that begins at an offset, the whole document for a place inside one, or a database's row. */
export function recordAt(source: AgentSource, path: string, place: Place): string | undefined {
  try {
    if (source.kind === 'document') return documentText(path);
    if (source.kind === 'database') return rowAt(source, path, place);
    if (typeof place !== 'number') return undefined;
    const file = openSync(path, 'r');
    try {
      const reader = new LineReader(
        new LineBuffer(64 * 1024),
        (into, at, length, from) => readSync(file, into, at, length, from),
        place,
        longestLineBytes,
      );
      if (reader.next() === 'too-long') return undefined;
      return reader.bytes.toString('utf8', reader.start, reader.end);
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function rowAt({ texts = [] }: DatabaseSource, path: string, place: Place): string | undefined {
  const database = openReadOnly(path);
  try {
    return textRowAt(database, texts, place);
  } finally {
    database.close();
  }
}

/** Does the file hold these bytes anywhere? */
export function fileHolds(path: string, text: string): boolean {
  const needle = Buffer.from(text);
  const bytes = Buffer.allocUnsafe(1024 * 1024);
  try {
    const file = openSync(path, 'r');
    try {
      let kept = 0;
      for (let position = 0; ;) {
        const count = readSync(file, bytes, kept, bytes.length - kept, position);
        if (count === 0) return false;
        position += count;
        const held = bytes.subarray(0, kept + count);
        if (held.includes(needle)) return true;
        // A match may lie across two pieces.
        kept = Math.min(needle.length - 1, held.length);
        bytes.copyWithin(0, held.length - kept, held.length);
      }
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}
