// The store: one SQLite file that several windows and the command line share. Opens it, brings it up to date, sets a
// damaged one aside, hands out transactions and the lease of the one writer, and knows texts by number. What the tables
// mean is the business of those who write and read them.
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { storeFile } from './dataFiles';
import { migrations as ours } from './schema';

const waitMs = 10_000;
const leaseMs = 15_000;
const mostNames = 100_000;

/** A row as the database gives it. */
export type StoreRow = Record<string, SQLInputValue>;

/** The text in a column; empty where there is none. */
export function textIn(row: StoreRow | undefined, column: string): string {
  const value = row?.[column];
  return typeof value === 'string' ? value : '';
}

/** The store was written by a newer version of this program. */
export class NewerStoreError extends Error {}

const corrupt = 11;
const notADatabase = 26;

/** Is the file behind this error beyond use? */
export function isCorruption(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  return code === corrupt || code === notADatabase;
}

export class Store {
  /** Where a damaged store was moved to when this one was opened. */
  readonly setAside: string | undefined;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #ids = new Map<string, number>();
  readonly #names = new Map<number, string>();
  #isInTransaction = false;

  private constructor(
    readonly path: string,
    database: DatabaseSync,
    setAside: string | undefined,
  ) {
    this.#database = database;
    this.setAside = setAside;
  }

  /**
   * Opens the store in a folder, making both where they are missing. A damaged file is moved aside and a new one begun.
   * Throws where the folder cannot be written, and `NewerStoreError`.
   */
  static open(folder: string, migrations: readonly string[] = ours): Store {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, storeFile);
    try {
      return new Store(path, openDatabase(path, migrations), undefined);
    } catch (error) {
      if (!isCorruption(error)) throw error;
      const aside = moveAside(path);
      return new Store(path, openDatabase(path, migrations), aside);
    }
  }

  /** Moves the store of a folder, found damaged while it was used, out of the way. Answers where to. */
  static setAside(folder: string): string {
    return moveAside(join(folder, storeFile));
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  /** Does what is to be done in one transaction of the one writer; all of it or, where it throws, nothing. */
  write<Result>(action: () => Result): Result {
    if (this.#isInTransaction) return action();
    this.#database.exec('BEGIN IMMEDIATE');
    this.#isInTransaction = true;
    try {
      const result = action();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    } finally {
      this.#isInTransaction = false;
    }
  }

  /** Several questions to one state of the store. */
  read<Result>(action: () => Result): Result {
    if (this.#isInTransaction) return action();
    this.#database.exec('BEGIN');
    this.#isInTransaction = true;
    try {
      return action();
    } finally {
      this.#isInTransaction = false;
      this.#database.exec('COMMIT');
    }
  }

  #rollBack(): void {
    // Numbers given out in the transaction are gone with it.
    this.#ids.clear();
    this.#names.clear();
    try {
      this.#database.exec('ROLLBACK');
    } catch {
      // Some errors have rolled back already.
    }
  }

  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  get(sql: string, ...values: SQLInputValue[]): StoreRow | undefined {
    return this.#statement(sql).get(...values);
  }

  all(sql: string, ...values: SQLInputValue[]): StoreRow[] {
    return this.#statement(sql).all(...values);
  }

  iterate(sql: string, ...values: SQLInputValue[]): Iterable<StoreRow> {
    return this.#statement(sql).iterate(...values) as Iterable<StoreRow>;
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }

  /** The number that stands for a text; given out on first use, within a transaction. */
  idOf(name: string): number {
    let id = this.#ids.get(name);
    if (id !== undefined) return id;
    if (this.#ids.size > mostNames) this.#ids.clear();
    const row = this.get('SELECT id FROM names WHERE name = ?', name);
    id = row ? Number(row['id']) : this.#insertName(name);
    this.#ids.set(name, id);
    return id;
  }

  #insertName(name: string): number {
    return Number(this.#statement('INSERT INTO names (name) VALUES (?)').run(name).lastInsertRowid);
  }

  /** The number of a text that may never have been written down. */
  knownIdOf(name: string): number | undefined {
    const known = this.#ids.get(name) ?? this.get('SELECT id FROM names WHERE name = ?', name)?.['id'];
    return known === undefined ? undefined : Number(known);
  }

  nameOf(id: SQLInputValue | undefined): string | undefined {
    if (typeof id !== 'number') return undefined;
    let name = this.#names.get(id);
    if (name === undefined) {
      if (this.#names.size > mostNames) this.#names.clear();
      name = this.get('SELECT name FROM names WHERE id = ?', id)?.['name'] as string | undefined;
      if (name !== undefined) this.#names.set(id, name);
    }
    return name;
  }

  fact(name: string): SQLInputValue | undefined {
    return this.get('SELECT value FROM facts WHERE name = ?', name)?.['value'];
  }

  setFact(name: string, value: SQLInputValue): void {
    this.run('INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value', name, value);
  }

  /**
   * Becomes the one that ingests, or stays it for a while longer. A holder that is gone loses the lease at once, one
   * that hangs when the lease runs out.
   */
  takeLease(name: string, holder: string, nowMs: number): boolean {
    return this.write(() => {
      const row = this.get('SELECT holder, process, expires_ms FROM lease WHERE name = ?', name);
      const isFree = !row || row['holder'] === holder || Number(row['expires_ms']) < nowMs;
      if (!isFree && isRunning(Number(row['process']))) return false;
      this.run('INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?)', name, holder, process.pid, nowMs + leaseMs);
      return true;
    });
  }

  dropLease(name: string, holder: string): void {
    this.run('DELETE FROM lease WHERE name = ? AND holder = ?', name, holder);
  }

  /** Bytes on disk, the write-ahead log included. */
  sizeBytes(): number {
    return ['', '-wal'].reduce((sum, suffix) => {
      const found = statSync(this.path + suffix, { throwIfNoEntry: false });
      return sum + (found?.size ?? 0);
    }, 0);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not ours to signal is running all the same.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function openDatabase(path: string, migrations: readonly string[]): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${waitMs}`);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8000');
    migrate(database, path, migrations);
    // Reads a page of every table, so that a file cut short is found now.
    for (const { name } of database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all())
      database.prepare(`SELECT 1 FROM "${String(name)}" LIMIT 1`).get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}

/** An older store is copied before it is changed; two programs that start at once change it once. */
function migrate(database: DatabaseSync, path: string, migrations: readonly string[]): void {
  const found = versionOf(database);
  if (found > migrations.length)
    throw new NewerStoreError(`the store ${path} was written by a newer version of Tokenometer: update this one`);
  if (found === migrations.length) return;
  if (found > 0) backUp(database, `${path}.version-${found}.backup`);
  database.exec('BEGIN IMMEDIATE');
  try {
    for (let version = versionOf(database); version < migrations.length; version += 1) {
      database.exec(migrations[version]!);
      database.exec(`PRAGMA user_version = ${version + 1}`);
    }
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function backUp(database: DatabaseSync, to: string): void {
  if (existsSync(to)) return;
  database.prepare('VACUUM INTO ?').run(to);
}

/** Moves the file and its companions; the first free name is taken, so that no older one is lost. */
function moveAside(path: string): string {
  let aside = `${path}.damaged`;
  for (let count = 2; existsSync(aside); count += 1) aside = `${path}.damaged-${count}`;
  renameSync(path, aside);
  for (const suffix of ['-wal', '-shm']) {
    try {
      renameSync(path + suffix, aside + suffix);
    } catch {
      rmSync(path + suffix, { force: true });
    }
  }
  return aside;
}
