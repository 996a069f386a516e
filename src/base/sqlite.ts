import { DatabaseSync } from 'node:sqlite';
import { isDatabaseDamage } from './database-check.ts';
import { OctavoError } from './errors.ts';
import { count } from './telemetry.ts';

/** Opens a database of ours: write-ahead log, full durability, its schema brought up to date. Errors: `database_damaged`. */
export function openDatabase(options: {
  /** File path, or `:memory:`. */
  readonly path: string;
  /** Statements to run once each, in order; appended to, never edited. `user_version` counts those that ran. */
  readonly migrations: readonly string[];
  readonly readOnly?: boolean;
}): DatabaseSync {
  const database = new DatabaseSync(options.path, {
    readOnly: options.readOnly ?? false,
    timeout: busyTimeoutMs,
  });
  if (options.readOnly === true) return database;
  try {
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
    transaction(database, () => {
      const row = database.prepare('pragma user_version').get() as { user_version: number };
      for (const statement of options.migrations.slice(row.user_version)) database.exec(statement);
      database.exec(`pragma user_version = ${options.migrations.length}`);
    });
    return database;
  } catch (cause) {
    database.close();
    if (!isDatabaseDamage(cause)) throw cause;
    throw new OctavoError('database_damaged', options.path, { cause, details: { path: options.path } });
  }
}

/** Runs the function in one immediate transaction; a thrown error rolls everything back. */
export function transaction<T>(database: DatabaseSync, run: () => T): T {
  database.exec('begin immediate');
  try {
    const result = run();
    database.exec('commit');
    count('octavo_base_transactions_total');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('rollback');
    throw error;
  }
}

const busyTimeoutMs = 10_000;
