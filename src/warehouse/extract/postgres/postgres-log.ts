import type { Client } from 'pg';
import { OctavoError, type ServerSourceConfig } from '../../../base/index.ts';
import type { DatabaseLog, DatabaseSnapshot, TextRow } from '../database-port.ts';

/** Opens the replication slot as of a snapshot. */
export async function openPostgresLog(options: {
  readonly snapshot: DatabaseSnapshot;
  readonly name: string;
  readonly source: ServerSourceConfig;
  readonly seen: TextRow;
  readonly connect: () => Promise<Client>;
  readonly failed: (cause: unknown) => unknown;
}): Promise<DatabaseLog> {
  await Promise.resolve();
  throw new OctavoError('source_log_unusable', options.name);
}
