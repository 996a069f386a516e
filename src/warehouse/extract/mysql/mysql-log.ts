import { OctavoError, type ServerSourceConfig } from '../../../base/index.ts';
import type { DatabaseLog, DatabaseSnapshot } from '../database-port.ts';

/** Where the binary log stands now: `file:position`. */
export async function binlogStatus(snapshot: DatabaseSnapshot): Promise<string | undefined> {
  const [row] = await snapshot.rows('show master status');
  return row === undefined ? undefined : `${row[0]}:${row[1]}`;
}

/** Opens the binary log as of a snapshot. */
export async function openMysqlLog(options: {
  readonly snapshot: DatabaseSnapshot;
  readonly name: string;
  readonly source: ServerSourceConfig;
  readonly before: string | undefined;
}): Promise<DatabaseLog> {
  await Promise.resolve();
  throw new OctavoError('source_log_unusable', options.name);
}
