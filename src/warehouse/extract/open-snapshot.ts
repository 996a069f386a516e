import type { ServerSourceConfig } from '../../base/index.ts';
import type { DatabaseSnapshot } from './database-port.ts';

/**
 * Opens one consistent read of a shop's database server. The driver is loaded with the first one. Errors: those of
 * `DatabaseSnapshot`.
 */
export async function openSnapshot(
  name: string,
  source: ServerSourceConfig,
  options: { readonly withLog: boolean },
): Promise<DatabaseSnapshot> {
  if (source.type === 'postgres') {
    const { openPostgresSnapshot } = await import('./postgres/postgres-snapshot.ts');
    return openPostgresSnapshot(name, source, options);
  }
  const { openMysqlSnapshot } = await import('./mysql/mysql-snapshot.ts');
  return openMysqlSnapshot(name, source, options);
}
