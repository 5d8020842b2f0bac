// The marks of log files: how far each has been read and how to tell that it is still the same file. Kept in memory
// between refreshes and read again when another program has written.
import { closeSync, openSync, readSync, type Stats } from 'node:fs';
import { type AgentId, type Carry, type SkipReason } from '../agents/agent';
import { hashOf } from '../agents/record';
import { type Store, type StoreRow, textIn } from './store';

export interface Mark {
  /** 0 before it was first written. */
  readonly id: number;
  readonly agent: AgentId;
  readonly source: string;
  readonly path: string;
  /** Device and file number: a renamed file keeps it. */
  readonly identity: string;
  /** As found when it was last read: unchanged, nothing is new. */
  readonly size: number;
  readonly modifiedMs: number;
  readonly bornMs: number;
  /** Bytes read: the end of the last whole line. */
  readonly offset: number;
  /** Hash of the bytes before `offset`: unequal, the file was rewritten. */
  readonly tail: string;
  readonly carry: Carry | undefined;
  /** The same of the source's later reading. */
  readonly laterOffset: number;
  readonly laterCarry: Carry | undefined;
  /** Lines, documents or rows of interest read so far. */
  readonly records: number;
  readonly state: 'read' | 'unreadable' | 'gone';
  /** Grows with every write: whoever read an older one has lost. */
  readonly version: number;
}

/** What tells a mark from all others, with the age that its calls are compared by. */
export type MarkedFile = Pick<Mark, 'agent' | 'source' | 'path' | 'bornMs'>;

/** Whose file it is. */
export interface MarkOwner {
  readonly agent: AgentId;
  readonly source: string;
}

/** The mark of a file of which nothing has been read. */
export function freshMark({ agent, source }: MarkOwner, path: string, stats: Stats): Mark {
  return {
    id: 0,
    agent,
    source,
    path,
    identity: identityOf(stats),
    size: stats.size,
    modifiedMs: stats.mtimeMs,
    bornMs: Math.floor(stats.birthtimeMs > 0 ? Math.min(stats.birthtimeMs, stats.mtimeMs) : stats.mtimeMs),
    offset: 0,
    tail: '',
    carry: undefined,
    laterOffset: 0,
    laterCarry: undefined,
    records: 0,
    state: 'read',
    version: 0,
  };
}

/** Records stepped over in a file, by reason: all since its beginning. */
export type Skips = ReadonlyMap<SkipReason, number>;

const tailBytes = 1024;

export class Marks {
  readonly #store: Store;
  #dataVersion = -1;
  /** By source, then by path. */
  #sources = new Map<string, Map<string, Mark>>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Reads all marks, unless nobody but us has written since. */
  load(): void {
    const version = Number(this.#store.get('PRAGMA data_version')?.['data_version']);
    if (version === this.#dataVersion) return;
    this.#dataVersion = version;
    this.#sources = new Map();
    for (const row of this.#store.iterate('SELECT * FROM files')) {
      this.remember(this.#markOf(row));
    }
  }

  get(agent: AgentId, source: string, path: string): Mark | undefined {
    return this.#sources.get(sourceKey(agent, source))?.get(path);
  }

  /** A source's marks by path. */
  of(agent: AgentId, source: string): ReadonlyMap<string, Mark> {
    return this.#sources.get(sourceKey(agent, source)) ?? new Map<string, Mark>();
  }

  *all(): Iterable<Mark> {
    for (const marks of this.#sources.values()) yield* marks.values();
  }

  /**
   * Within a transaction: writes a mark if nobody has written it since it was read. Answers the mark with its number;
   * `undefined` where another program was first.
   */
  write(mark: Mark, skips: Skips): Mark | undefined {
    const found = this.#store.get(
      'SELECT id, version FROM files WHERE agent = ? AND source = ? AND path = ?',
      this.#store.idOf(mark.agent),
      mark.source,
      mark.path,
    );
    if (Number(found?.['version'] ?? 0) !== mark.version) return undefined;
    const id = found ? Number(found['id']) : this.#insert(mark);
    const written = { ...mark, id, version: mark.version + 1 };
    this.#store.run(
      'UPDATE files SET identity = ?, size = ?, modified_ms = ?, born_ms = ?, offset = ?, tail = ?, carry = ?, ' +
        'later_offset = ?, later_carry = ?, records = ?, state = ?, version = ? WHERE id = ?',
      written.identity,
      written.size,
      written.modifiedMs,
      written.bornMs,
      written.offset,
      written.tail,
      written.carry === undefined ? null : JSON.stringify(written.carry),
      written.laterOffset,
      written.laterCarry === undefined ? null : JSON.stringify(written.laterCarry),
      written.records,
      written.state,
      written.version,
      id,
    );
    this.#store.run('DELETE FROM skips WHERE file = ?', id);
    for (const [reason, count] of skips) this.#store.run('INSERT INTO skips VALUES (?, ?, ?)', id, reason, count);
    return written;
  }

  #insert(mark: Mark): number {
    this.#store.run(
      "INSERT INTO files (agent, source, path, identity, size, modified_ms, born_ms, offset, tail, records, state, version) VALUES (?, ?, ?, '', 0, 0, 0, 0, '', 0, '', 0)",
      this.#store.idOf(mark.agent),
      mark.source,
      mark.path,
    );
    return Number(this.#store.get('SELECT last_insert_rowid() AS id')!['id']);
  }

  /** After the transaction that wrote it. */
  remember(mark: Mark): void {
    const key = sourceKey(mark.agent, mark.source);
    let marks = this.#sources.get(key);
    if (!marks) this.#sources.set(key, (marks = new Map<string, Mark>()));
    marks.set(mark.path, mark);
  }

  /** After a transaction that failed, or another program's write: read them again. */
  forget(): void {
    this.#dataVersion = -1;
  }

  /** Within a transaction: the file now lies elsewhere. */
  rename(mark: Mark, path: string): Mark {
    this.#store.run('UPDATE files SET path = ? WHERE id = ? AND version = ?', path, mark.id, mark.version);
    this.#sources.get(sourceKey(mark.agent, mark.source))?.delete(mark.path);
    const renamed = { ...mark, path };
    this.remember(renamed);
    return renamed;
  }

  skipsOf(mark: Mark | undefined): Map<SkipReason, number> {
    const rows = mark ? this.#store.all('SELECT reason, count FROM skips WHERE file = ?', mark.id) : [];
    return new Map(rows.map((row) => [row['reason'] as SkipReason, Number(row['count'])]));
  }

  #markOf(row: StoreRow): Mark {
    const { carry, later_carry: laterCarry } = row;
    return {
      id: Number(row['id']),
      agent: this.#store.nameOf(row['agent']) as AgentId,
      source: textIn(row, 'source'),
      path: textIn(row, 'path'),
      identity: textIn(row, 'identity'),
      size: Number(row['size']),
      modifiedMs: Number(row['modified_ms']),
      bornMs: Number(row['born_ms']),
      offset: Number(row['offset']),
      tail: textIn(row, 'tail'),
      // Parsed when it is needed: most files never change again.
      get carry() {
        return typeof carry === 'string' ? (JSON.parse(carry) as Carry) : undefined;
      },
      laterOffset: Number(row['later_offset']),
      get laterCarry() {
        return typeof laterCarry === 'string' ? (JSON.parse(laterCarry) as Carry) : undefined;
      },
      records: Number(row['records']),
      state: row['state'] as Mark['state'],
      version: Number(row['version']),
    };
  }
}

function sourceKey(agent: AgentId, source: string): string {
  return `${agent}\n${source}`;
}

export function identityOf(stats: Stats): string {
  return `${stats.dev}:${stats.ino}`;
}

/** Hash of the bytes before an offset, of an open file. */
export function tailOf(file: number, offset: number): string {
  const length = Math.min(tailBytes, offset);
  const bytes = Buffer.alloc(length);
  const count = length === 0 ? 0 : readSync(file, bytes, 0, length, offset - length);
  return count === length ? hashOf(bytes.toString('latin1')) : 'short';
}

/** Is the file at this path the one that the mark speaks of, as far as it was read? */
export function isSameFile(mark: Mark, path: string): boolean {
  try {
    const file = openSync(path, 'r');
    try {
      return tailOf(file, mark.offset) === mark.tail;
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}
