import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** What is wrong with a database file, for people; undefined when it is whole, or not there. Nothing is written. */
export function databaseDamage(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: checkTimeoutMs });
    const rows = database.prepare('pragma quick_check(1)').all();
    const said = String(rows[0]?.['quick_check'] ?? 'no answer');
    return said === 'ok' ? undefined : said.trim();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    database?.close();
  }
}

/** Whether SQLite threw because the file is damaged or no database at all. */
export function isDatabaseDamage(thrown: unknown): boolean {
  const code = (thrown as { readonly errcode?: unknown } | null)?.errcode;
  // SQLITE_CORRUPT and SQLITE_NOTADB; the higher bits say more.
  return typeof code === 'number' && [11, 26].includes(code & 0xff);
}

const checkTimeoutMs = 2_000;
