import type { DatabaseSourceConfig } from '../../base/index.ts';
import type { DatabaseSnapshot } from './database-port.ts';

/**
 * Opens one consistent read of a shop's database server. The driver is loaded with the first one. Errors: those of
 * `DatabaseSnapshot`.
 */
export async function openSnapshot(
  name: string,
  source: DatabaseSourceConfig,
  options: { readonly withLog: boolean },
): Promise<DatabaseSnapshot> {
  if (source.type === 'postgres') {
    const { openPostgresSnapshot } = await import('./postgres/postgres-snapshot.ts');
    return openPostgresSnapshot(name, source, options);
  }
  if (source.type === 'sqlite') {
    const { openSqliteSnapshot } = await import('./sqlite/sqlite-snapshot.ts');
    return openSqliteSnapshot(name, source);
  }
  const { openMysqlSnapshot } = await import('./mysql/mysql-snapshot.ts');
  return openMysqlSnapshot(name, source, options);
}
