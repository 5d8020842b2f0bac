// A store as the first version of the extension left it: version 1, one session whose log is gone, two dollars.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { checkoutFolder } from './folders';

/** Writes it into `folder`, which is made. Its two calls are of `nowMs` (epoch milliseconds). */
export function writeFirstStore(folder: string, nowMs: number): void {
  const sql = fs.readFileSync(path.join(checkoutFolder, 'test', 'fixtures', 'stores', 'version-1.sql'), 'utf8');
  fs.mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(path.join(folder, 'ledger.db'));
  database.exec(sql.replaceAll(':NOW', String(nowMs)));
  database.close();
}
