import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { OctavoError } from './errors.ts';

/** Who holds a folder. */
export interface FolderHolder {
  readonly pid: number;
  /** E.g. `octavo start`. */
  readonly command: string;
}

/** A held lock. */
export interface FolderLock {
  /** Lets others have it. Also happens by itself when the process ends, however it ends. */
  release(): void;
}

/**
 * Takes a data folder for this process, or fails with `locked`, naming the holder. The lock is the
 * write lock of a small SQLite file: the operating system drops it with the process, so a killed
 * process leaves nothing stale behind.
 *
 * @param path - the lock file, e.g. `<data>/lock`; its folder must exist
 * @param holder - who takes it, shown to others: the process id and the command
 */
export function lockFolder(path: string, holder: FolderHolder): FolderLock {
  const database = open(path);
  try {
    database.exec('begin immediate; delete from holder');
    database.prepare('insert into holder (pid, command) values (?, ?)').run(holder.pid, holder.command);
    database.exec('commit; begin immediate');
  } catch (cause) {
    const other = database.prepare('select pid, command from holder').get();
    database.close();
    const who = other === undefined ? '' : ` (${String(other['command'])}, process ${String(other['pid'])})`;
    throw new OctavoError('locked', `${path}${who}`, { cause, details: { path } });
  }
  return { release: () => database.close() };
}

/** Who holds the folder now; undefined when nobody does. Looks only, and makes no file. */
export function folderHolder(path: string): FolderHolder | undefined {
  if (!existsSync(path)) return undefined;
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    const row = database.prepare('select pid, command from holder').get();
    try {
      database.exec('begin immediate; rollback');
      return undefined;
    } catch {
      // The write lock is taken: the row names who has it.
      return { pid: Number(row?.['pid'] ?? 0), command: String(row?.['command'] ?? 'octavo') };
    }
  } catch {
    // Being made at this moment, or no lock file at all.
    return undefined;
  } finally {
    database.close();
  }
}

function open(path: string): DatabaseSync {
  // The table must be there before anyone asks who holds the lock; making it waits for no long holder.
  const missing = 'create table if not exists holder (pid integer not null, command text not null) strict';
  const database = new DatabaseSync(path, { timeout: lockWaitMs });
  const known = database.prepare("select 1 from sqlite_schema where name = 'holder'").get();
  if (known === undefined) database.exec(missing);
  return database;
}

const lockWaitMs = 200;
