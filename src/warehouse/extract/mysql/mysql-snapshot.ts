import { setTimeout as delay } from 'node:timers/promises';
import { escape } from 'mysql2';
import { createConnection, type Connection, type ConnectionOptions } from 'mysql2/promise';
import type { ServerSourceConfig } from '../../../base/index.ts';
import type { DatabaseSnapshot, DatabaseTable, LinesOptions, TextRow } from '../database-port.ts';
import type { RowLines } from '../row-lines.ts';
import { mysqlTls } from './mysql-tls.ts';
import { mysqlDialect } from './mysql-dialect.ts';
import { mysqlError } from './mysql-errors.ts';
import { binlogStatus, openMysqlLog } from './mysql-log.ts';
import { mysqlColumn, quoteMysql } from './mysql-types.ts';
import { packetLines, type PacketConnection } from './packet-lines.ts';

const connectTimeoutMs = 15_000;
const closeTimeoutMs = 2_000;
/** The longest that the servers take, a year. */
const waitMaxS = 31_536_000;

/** Opens one consistent, read-only snapshot of a MariaDB or MySQL database. */
export async function openMysqlSnapshot(
  name: string,
  source: ServerSourceConfig,
  options: { readonly withLog: boolean },
): Promise<DatabaseSnapshot> {
  const where = `sources.${name} (${source.socket ?? `${source.host}:${source.port}`})`;
  const failed = (cause: unknown): unknown => mysqlError(where, cause);
  const connection = await createConnection(await connectionOptions(source)).catch((cause: unknown) => {
    throw failed(cause);
  });
  // What happens between two statements is said by the next one.
  connection.on('error', () => undefined);
  const reader = new MysqlSnapshot(connection, name, source, failed);
  try {
    await reader.begin(options.withLog);
    return reader;
  } catch (error) {
    await reader.close();
    throw error;
  }
}

class MysqlSnapshot implements DatabaseSnapshot {
  readonly dialect = mysqlDialect;
  server = '';
  readonly #connection: Connection;
  readonly #name: string;
  readonly #source: ServerSourceConfig;
  readonly #failed: (cause: unknown) => unknown;
  #logBefore: string | undefined;

  constructor(
    connection: Connection,
    name: string,
    source: ServerSourceConfig,
    failed: (cause: unknown) => unknown,
  ) {
    this.#connection = connection;
    this.#name = name;
    this.#source = source;
    this.#failed = failed;
  }

  get #isMariadb(): boolean {
    return this.server.startsWith('MariaDB');
  }

  async begin(withLog: boolean): Promise<void> {
    const { statementTimeoutMs, lockTimeoutMs, snapshotTimeoutMs } = this.#source;
    const [[version]] = (await this.rows('select version()')) as [TextRow];
    const text = version ?? '';
    const number = /\d+(\.\d+)+/.exec(text)?.[0] ?? text;
    this.server = `${/mariadb/i.test(text) ? 'MariaDB' : 'MySQL'} ${number}`;
    // Instants come in UTC; a backslash means the same in every text that is sent.
    await this.rows(`set session time_zone = '+00:00', sql_mode = '', lock_wait_timeout = ${Math.ceil(lockTimeoutMs / 1000)},
      innodb_lock_wait_timeout = ${Math.ceil(lockTimeoutMs / 1000)}`);
    // Who reads may have to wait for room to put the rows, with a statement open or between two: the snapshot's own limit ends that.
    const waitS = Math.min(waitMaxS, Math.ceil(snapshotTimeoutMs / 1000));
    await this.rows(`set session net_write_timeout = cast(greatest(@@session.net_write_timeout, ${waitS}) as unsigned),
      wait_timeout = cast(greatest(@@session.wait_timeout, ${waitS}) as unsigned)`);
    await this.rows(this.#timeout(statementTimeoutMs));
    await this.rows('set session transaction isolation level repeatable read');
    // MariaDB says of the snapshot itself where the log stands; of MySQL the place before it is as near as one gets.
    if (withLog && !this.#isMariadb) this.#logBefore = await binlogStatus(this);
    await this.rows('start transaction with consistent snapshot, read only');
  }

  async tables(): Promise<readonly string[]> {
    const rows = await this.rows(
      'select table_name from information_schema.tables where table_schema = database() order by table_name',
    );
    return rows.map(([name]) => name ?? '');
  }

  async describe(given: string): Promise<DatabaseTable | undefined> {
    const at = given.indexOf('.');
    const schema = at < 0 ? this.#source.database : given.slice(0, at);
    const name = given.slice(at + 1);
    const of = `table_schema = ${escape(schema)} and table_name = ${escape(name)}`;
    const [[engine] = []] = await this.rows(`select engine from information_schema.tables where ${of}`);
    const columns =
      await this.rows(`select column_name, data_type, column_type, coalesce(numeric_precision, 0), coalesce(numeric_scale, 0)
      from information_schema.columns where ${of} order by ordinal_position`);
    if (columns.length === 0) return undefined;
    const key = await this.rows(`select column_name from information_schema.key_column_usage
      where constraint_name = 'PRIMARY' and ${of} order by ordinal_position`);
    const transactional = engine === null || engine === undefined || /^(innodb|rocksdb)$/i.test(engine);
    return {
      sql: `${quoteMysql(schema)}.${quoteMysql(name)}`,
      schema,
      name,
      columns: columns.map(([column, dataType, columnType, precision, scale]) =>
        mysqlColumn({
          name: column ?? '',
          dataType: (dataType ?? '').toLowerCase(),
          columnType: (columnType ?? '').toLowerCase(),
          precision: Number(precision),
          scale: Number(scale),
        }),
      ),
      key: key.map(([column]) => column ?? ''),
      ...(transactional
        ? {}
        : { warning: `its engine ${engine} has no snapshots, so it is read as it changes` }),
    };
  }

  async rows(sql: string, signal?: AbortSignal): Promise<readonly TextRow[]> {
    signal?.throwIfAborted();
    // Of a connection that is destroyed at this side the driver says nothing.
    const { promise: closed, reject } = Promise.withResolvers<never>();
    const onClose = (): void => reject(new Error('the connection is in closed state'));
    this.#raw.stream.once('close', onClose);
    try {
      const [rows] = await Promise.race([this.#connection.query({ sql, rowsAsArray: true }), closed]);
      return Array.isArray(rows) ? (rows as unknown as TextRow[]) : [];
    } catch (cause) {
      throw this.#failed(cause);
    } finally {
      this.#raw.stream.off('close', onClose);
    }
  }

  async *lines(sql: string, { isLong = false, signal }: LinesOptions = {}): AsyncIterable<RowLines> {
    signal?.throwIfAborted();
    if (isLong) await this.rows(this.#timeout(this.#source.snapshotTimeoutMs));
    try {
      yield* packetLines(this.#raw, sql);
    } catch (cause) {
      throw this.#failed(cause);
    }
    if (isLong) await this.rows(this.#timeout(this.#source.statementTimeoutMs));
  }

  /** Only the interface with callbacks gives what a statement says while it runs; it is the same connection. */
  get #raw(): PacketConnection {
    return (this.#connection as unknown as { readonly connection: PacketConnection }).connection;
  }

  #timeout(ms: number): string {
    // MySQL before 5.7.8 knows no limit, and passes over what is written for newer ones.
    return this.#isMariadb
      ? `set session max_statement_time = ${ms / 1000}`
      : `set @octavo_limit = ${ms} /*!50708 , session max_execution_time = ${ms} */`;
  }

  log(): ReturnType<DatabaseSnapshot['log']> {
    return openMysqlLog({
      snapshot: this,
      name: this.#name,
      source: this.#source,
      before: this.#logBefore,
    });
  }

  async close(): Promise<void> {
    // What still runs must not keep the caller waiting; the snapshot ends with the connection.
    await Promise.race([
      this.#connection.end().catch(() => undefined),
      delay(closeTimeoutMs, undefined, { ref: false }),
    ]);
    this.#connection.destroy();
  }

  abort(): void {
    // The driver's own way waits for the server, which answers when it has done what it is at.
    this.#raw.stream.destroy();
  }
}

/** Options of a connection; every value is given as its text. */
async function connectionOptions(source: ServerSourceConfig): Promise<ConnectionOptions> {
  const { host, port, socket, user, password, database } = source;
  const ssl = await mysqlTls(source);
  return {
    ...(socket === undefined ? { host, port } : { socketPath: socket }),
    user,
    ...(password === undefined ? {} : { password: password.reveal() }),
    database,
    charset: 'UTF8MB4_GENERAL_CI',
    connectTimeout: connectTimeoutMs,
    enableKeepAlive: true,
    typeCast: (field) => field.string('utf8'),
    ...(ssl === undefined ? {} : { ssl }),
  };
}
