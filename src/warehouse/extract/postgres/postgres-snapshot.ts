import { Client, escapeLiteral, type ClientConfig } from 'pg';
import type { ServerSourceConfig } from '../../../base/index.ts';
import { quoteName } from '../../duckdb/types.ts';
import type { DatabaseSnapshot, DatabaseTable, LinesOptions, TextRow } from '../database-port.ts';
import type { RowLines } from '../row-lines.ts';
import { readTlsFiles, tlsMode } from '../tls-mode.ts';
import { copyLines } from './copy-lines.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { postgresError } from './postgres-errors.ts';
import { ensureSlot, openPostgresLog } from './postgres-log.ts';
import { queryTexts } from './query-texts.ts';
import { postgresColumn } from './postgres-types.ts';

const connectTimeoutMs = 15_000;

/** Opens one consistent, read-only snapshot of a PostgreSQL database. */
export async function openPostgresSnapshot(
  name: string,
  source: ServerSourceConfig,
  options: { readonly withLog: boolean },
): Promise<DatabaseSnapshot> {
  const where = `sources.${name} (${source.socket ?? `${source.host}:${source.port}`})`;
  const failed = (cause: unknown): unknown => postgresError(where, cause);
  const client = await connectPostgres(source, failed);
  const snapshot = new PostgresSnapshot(client, name, source, failed);
  try {
    await snapshot.begin(options.withLog);
    return snapshot;
  } catch (error) {
    await snapshot.close();
    throw error;
  }
}

/** Connects an account with everything set that decides how values are written. */
export async function connectPostgres(
  source: ServerSourceConfig,
  failed: (cause: unknown) => unknown,
): Promise<Client> {
  const client = new Client(await clientConfig(source));
  // What happens between two statements is said by the next one.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'iso_8601'; set bytea_output = 'hex';
      set extra_float_digits = 1; set statement_timeout = ${source.statementTimeoutMs}; set lock_timeout = ${source.lockTimeoutMs};
      set idle_in_transaction_session_timeout = ${source.snapshotTimeoutMs}`);
    return client;
  } catch (cause) {
    await client.end().catch(() => undefined);
    throw failed(cause);
  }
}

class PostgresSnapshot implements DatabaseSnapshot {
  readonly dialect = postgresDialect;
  server = 'PostgreSQL';
  readonly #client: Client;
  readonly #name: string;
  readonly #source: ServerSourceConfig;
  readonly #failed: (cause: unknown) => unknown;
  /** Which transactions the snapshot sees, and where the log stood. */
  #seen: TextRow = [];

  constructor(client: Client, name: string, source: ServerSourceConfig, failed: (cause: unknown) => unknown) {
    this.#client = client;
    this.#name = name;
    this.#source = source;
    this.#failed = failed;
  }

  async begin(withLog: boolean): Promise<void> {
    const [[version] = []] = await this.rows('show server_version');
    this.server = `PostgreSQL ${(version ?? '').split(' ')[0]}`;
    if (withLog) await ensureSlot(this.#logOptions());
    await this.rows('begin isolation level repeatable read read only');
    // The first statement decides which moment it is.
    const [seen] = await this.rows(
      withLog ? 'select pg_current_wal_insert_lsn()::text, txid_current_snapshot()::text' : `select '', ''`,
    );
    this.#seen = seen ?? [];
  }

  async tables(): Promise<readonly string[]> {
    const rows =
      await this.rows(`select case when pg_table_is_visible(c.oid) then c.relname else n.nspname || '.' || c.relname end
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%'
      order by 1`);
    return rows.map(([name]) => name ?? '');
  }

  async describe(given: string): Promise<DatabaseTable | undefined> {
    const at = given.indexOf('.');
    const name = given.slice(at + 1);
    const place = at < 0 ? 'pg_table_is_visible(c.oid)' : `n.nspname = ${escapeLiteral(given.slice(0, at))}`;
    const [[oid, schema] = []] = await this.rows(`select c.oid::text, n.nspname from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      where c.relname = ${escapeLiteral(name)} and ${place} and c.relkind in ('r', 'p', 'v', 'm', 'f')`);
    if (oid === undefined || oid === null || schema === undefined || schema === null) return undefined;
    const columns =
      await this.rows(`select a.attname, coalesce(b.typname, t.typname), format_type(a.atttypid, a.atttypmod),
        case when b.typname is null then a.atttypmod else t.typtypmod end
      from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_type b on t.typtype = 'd' and b.oid = t.typbasetype
      where a.attrelid = ${oid} and a.attnum > 0 and not a.attisdropped order by a.attnum`);
    const key = await this.rows(`select a.attname from pg_index i
      join lateral unnest(i.indkey) with ordinality k(attnum, at) on true
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
      where i.indrelid = ${oid} and i.indisprimary order by k.at`);
    return {
      sql: `${quoteName(schema)}.${quoteName(name)}`,
      schema,
      name,
      columns: columns.map(([column, type, declared, modifier]) =>
        postgresColumn({
          name: column ?? '',
          type: type ?? '',
          declared: declared ?? '',
          modifier: Number(modifier),
        }),
      ),
      key: key.map(([column]) => column ?? ''),
    };
  }

  async rows(sql: string, signal?: AbortSignal): Promise<readonly TextRow[]> {
    signal?.throwIfAborted();
    return queryTexts(this.#client, sql).catch((cause: unknown) => {
      throw this.#failed(cause);
    });
  }

  async *lines(sql: string, { isLong = false, signal }: LinesOptions = {}): AsyncIterable<RowLines> {
    signal?.throwIfAborted();
    if (isLong) await this.rows(`set local statement_timeout = ${this.#source.snapshotTimeoutMs}`);
    try {
      yield* copyLines(this.#client, sql);
    } catch (cause) {
      throw this.#failed(cause);
    }
    if (isLong) await this.rows(`set local statement_timeout = ${this.#source.statementTimeoutMs}`);
  }

  log(): ReturnType<DatabaseSnapshot['log']> {
    return openPostgresLog({ ...this.#logOptions(), snapshot: this, seen: this.#seen });
  }

  #logOptions(): Parameters<typeof ensureSlot>[0] {
    return {
      name: this.#name,
      source: this.#source,
      connect: () => connectPostgres(this.#source, this.#failed),
      failed: this.#failed,
    };
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }

  abort(): void {
    void this.#client.end().catch(() => undefined);
  }
}

async function clientConfig(source: ServerSourceConfig): Promise<ClientConfig> {
  const { host, port, socket, user, password, database, tls } = source;
  const mode = tlsMode(source);
  return {
    host: socket ?? host,
    port,
    user,
    ...(password === undefined ? {} : { password: password.reveal() }),
    database,
    application_name: 'octavo',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    ssl:
      mode === 'off'
        ? false
        : {
            rejectUnauthorized: mode === 'verify',
            ...(await readTlsFiles(tls)),
          },
  };
}
