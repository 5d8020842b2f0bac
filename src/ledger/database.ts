// Reads rows from an agent's SQLite database: in place, read-only, only rows since the last reading, and only with
// queries whose tables and columns are there. Knows no agent.
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { type DatabaseQuery, type DatabaseText } from '../agents/agent';

export type DatabaseRow = Readonly<Record<string, unknown>>;

/** A query's last value seen; text where the column holds text. */
export type Watermark = number | string;

const waitMs = 2000;

/** Opens read-only; what is still in the write-ahead log is seen. Throws where it is no database or cannot be read. */
export function openReadOnly(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    database.exec(`PRAGMA busy_timeout = ${waitMs}`);
    database.prepare('SELECT count(*) FROM sqlite_master').get();
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** Are the table and all the columns there that the query cannot do without? */
export function isAnswerable(database: DatabaseSync, query: DatabaseQuery): boolean {
  const present = columnsOf(database, query.table);
  return present.size > 0 && [...query.columns, query.watermark].every((column) => present.has(column));
}

/** Rows whose watermark is at least `since`, in its order. `onRow` gets the row and its watermark. */
export function readRows(
  database: DatabaseSync,
  query: DatabaseQuery,
  since: Watermark | undefined,
  onRow: (row: DatabaseRow, watermark: Watermark | undefined) => void,
): void {
  const present = columnsOf(database, query.table);
  const wanted = query.columns.map(quoted);
  for (const column of query.optional ?? []) {
    wanted.push(present.has(column) ? quoted(column) : `NULL AS ${quoted(column)}`);
  }
  const conditions = [
    ...(since === undefined ? [] : [`${quoted(query.watermark)} >= ?`]),
    ...(query.where ? [`(${query.where})`] : []),
  ];
  const statement = database.prepare(
    `SELECT ${wanted.join(', ')}, ${quoted(query.watermark)} AS "watermark of the row" FROM ${quoted(query.table)}` +
      (conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '') +
      ` ORDER BY ${quoted(query.watermark)}`,
  );
  statement.setReadBigInts(true);
  const parameters: SQLInputValue[] = since === undefined ? [] : [since];
  for (const raw of statement.iterate(...parameters)) {
    const { 'watermark of the row': mark, ...row } = plain(raw);
    onRow(row, typeof mark === 'number' || typeof mark === 'string' ? mark : undefined);
  }
}

/** The first row that a place leads to, as JSON; bytes as the text that they hold. */
export function textRowAt(
  database: DatabaseSync,
  texts: readonly DatabaseText[],
  place: number | string,
): string | undefined {
  for (const { table, key, column } of texts) {
    const present = columnsOf(database, table);
    if (!present.has(key) || !present.has(column)) continue;
    const sql = `SELECT ${quoted(column)} FROM ${quoted(table)} WHERE ${quoted(key)} = ? LIMIT 1`;
    const value = database.prepare(sql).get(place)?.[column];
    if (value !== undefined && value !== null)
      return JSON.stringify({ [column]: value instanceof Uint8Array ? new TextDecoder().decode(value) : value });
  }
  return undefined;
}

/** Integers come as bigints, so that one beyond 2^53 does not end the reading. */
function plain(row: Record<string, unknown>): Record<string, unknown> {
  for (const name in row) if (typeof row[name] === 'bigint') row[name] = Number(row[name]);
  return row;
}

function columnsOf(database: DatabaseSync, table: string): ReadonlySet<string> {
  const rows = database.prepare(`PRAGMA table_info(${quoted(table)})`).all();
  return new Set(rows.length > 0 ? ['rowid', ...rows.map((row) => String(row['name']))] : []);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
