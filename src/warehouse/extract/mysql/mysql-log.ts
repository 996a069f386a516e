import { randomInt } from 'node:crypto';
import {
  ZongJi,
  type BinLogEvent,
  type BinLogQueryEvent,
  type BinLogRotationEvent,
  type BinLogRowEvent,
  type BinLogRowUpdateEvent,
} from '@powersync/mysql-zongji';
import { hasCode, OctavoError, type ServerSourceConfig } from '../../../base/index.ts';
import type { DatabaseColumn, DatabaseLog, DatabaseSnapshot, LogTable, TextRow } from '../database-port.ts';
import { LogKeys } from '../log-keys.ts';
import { mysqlTls } from './mysql-tls.ts';
import { mysqlError } from './mysql-errors.ts';

/** A place in the binary log. */
interface BinlogPlace {
  readonly file: string;
  readonly offset: number;
}

/** Where the binary log stands now: `file:offset`. Errors: `source_log_unusable`. */
export async function binlogStatus(snapshot: DatabaseSnapshot): Promise<string | undefined> {
  const [, major = 0, minor = 0] = /^MySQL (\d+)\.(\d+)/.exec(snapshot.server)?.map(Number) ?? [];
  // Renamed in 8.2; 8.4 does not know the old name.
  const isRenamed = major > 8 || (major === 8 && minor >= 2);
  const [row] = await snapshot
    .rows(isRenamed ? 'show binary log status' : 'show master status')
    .catch((error: unknown) => {
      if (!hasCode(error, 'source_denied')) throw error;
      throw new OctavoError(
        'source_log_unusable',
        `${error.about}: GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* to the account`,
        { cause: error },
      );
    });
  return row === undefined ? undefined : `${row[0]}:${row[1]}`;
}

/** Opens the binary log as of a snapshot. Errors: `source_log_unusable`. */
export async function openMysqlLog(options: {
  readonly snapshot: DatabaseSnapshot;
  readonly name: string;
  readonly source: ServerSourceConfig;
  /** Where the log stood before the snapshot, of servers that do not say where it stood at it. */
  readonly before: string | undefined;
}): Promise<DatabaseLog> {
  const { snapshot, name, source } = options;
  const unusable = (about: string): OctavoError =>
    new OctavoError('source_log_unusable', `sources.${name}: ${about}`);
  for (const [variable, wanted] of settings) {
    const [row] = await snapshot.rows(`show global variables like '${variable}'`);
    if (row !== undefined && row[1] !== wanted)
      throw unusable(`the server has ${variable} = '${row[1]}', the log needs '${wanted}'`);
  }
  const status = new Map(
    (await snapshot.rows(`show status like 'binlog_snapshot_%'`)).map(([key, value]) => [
      (key ?? '').toLowerCase(),
      value ?? '',
    ]),
  );
  const file = status.get('binlog_snapshot_file') ?? '';
  const at = file === '' ? undefined : `${file}:${status.get('binlog_snapshot_position')}`;
  const position = at ?? options.before;
  if (position === undefined) throw unusable('the server does not say where its binary log stands');
  // Where the place is not that of the snapshot, what is around it is looked at twice.
  const [exact, end] = [at !== undefined, placeOf(position)];
  return {
    position: exact ? position : `${position}|${position}`,
    read: async (since, tables, signal) => {
      const [from, last] = since.split('|');
      const keys = new LogKeys(tables);
      for (const { name: table, key } of tables) {
        const strange = key.find((column) => !isReadable(column));
        if (strange !== undefined)
          throw unusable(
            `tables.${table}: keys of type ${strange.declared} are not read from the binary log`,
          );
      }
      await readBinlog({ name, source, from: placeOf(from ?? ''), end, keys, signal });
      return keys.changes(exact ? position : `${last ?? from}|${position}`);
    },
    // The server keeps its log by its own rule.
    release: () => Promise.resolve(),
  };
}

/** What the log must be like for every changed row to be in it as a row that the client reads. */
const settings: readonly (readonly [string, string])[] = [
  ['log_bin', 'ON'],
  ['binlog_format', 'ROW'],
  ['log_bin_compress', 'OFF'],
  ['binlog_transaction_compression', 'OFF'],
  ['binlog_row_value_options', ''],
];

const idleMs = 60_000;

/** Reads every event between two places. */
async function readBinlog(options: {
  readonly name: string;
  readonly source: ServerSourceConfig;
  readonly from: BinlogPlace;
  readonly end: BinlogPlace;
  readonly keys: LogKeys;
  readonly signal: AbortSignal | undefined;
}): Promise<void> {
  const { name, source, from, end, keys, signal } = options;
  const about = `sources.${name}: binary log at ${from.file}:${from.offset}`;
  if (isBefore(end, from))
    throw new OctavoError('source_log_gone', `${about}: the log ends before, at ${end.file}:${end.offset}`);
  if (!isBefore(from, end)) return;
  const client = new ZongJi(await connectionOf(source));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let idle = setTimeout(() => undefined, 0);
  const wait = (): void => {
    clearTimeout(idle);
    idle = setTimeout(
      () => reject(new OctavoError('source_timeout', `${about}: nothing came for ${idleMs / 1000} s`)),
      idleMs,
    );
  };
  let { file } = from;
  client.on('binlog', (event: BinLogEvent) => {
    wait();
    if (event.getEventName() === 'rotate') file = (event as BinLogRotationEvent).binlogName;
    else if (isBefore({ file, offset: event.nextPosition - 1 }, end)) addEvent(keys, event);
    if (!isBefore({ file, offset: event.nextPosition }, end) && event.nextPosition > 0) resolve();
  });
  client.on('error', (cause: unknown) => reject(logError(about, cause)));
  const stop = (): void => reject(signal?.reason as Error);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    wait();
    client.start({ filename: from.file, position: from.offset, serverId: randomInt(2 ** 20, 2 ** 31) });
    await promise;
  } finally {
    clearTimeout(idle);
    signal?.removeEventListener('abort', stop);
    const ended = Promise.withResolvers<void>();
    client.once('stopped', () => ended.resolve());
    setTimeout(() => ended.resolve(), closeMs).unref();
    client.stop();
    await ended.promise;
  }
}

const closeMs = 2_000;

function logError(about: string, cause: unknown): unknown {
  const { errno, message } = cause as { readonly errno?: number; readonly message: string };
  // ER_MASTER_FATAL_ERROR_READING_BINLOG: the file is purged, or the server began a new log.
  if (errno === 1236) return new OctavoError('source_log_gone', `${about}: ${message}`, { cause });
  if (errno === 1227 || errno === 1045)
    return new OctavoError(
      'source_log_unusable',
      `${about}: ${message}: GRANT REPLICATION SLAVE ON *.* to the account`,
      { cause },
    );
  // The rows of a table whose columns changed meanwhile are written by columns that it has no longer.
  if (/does not match its current schema|has been dropped/.test(message))
    return new OctavoError('source_log_gone', `${about}: ${message}`, { cause });
  return mysqlError(about, cause);
}

function addEvent(keys: LogKeys, event: BinLogEvent): void {
  switch (event.getEventName()) {
    case 'query': {
      const { query, schema } = event as BinLogQueryEvent;
      if (!/\b(truncate|alter|drop|rename|create|replace)\b/i.test(query)) return;
      for (const { name, table } of keys.tables)
        if (query.includes(table.name) && (table.schema === schema || query.includes(table.schema)))
          keys.addWhole(name);
      return;
    }
    case 'writerows':
    case 'deleterows':
    case 'updaterows': {
      const { rows, tableMap, tableId } = event as BinLogRowEvent | BinLogRowUpdateEvent;
      const map = tableMap[tableId];
      if (map === undefined) return;
      for (const table of keys.named(map.parentSchema, map.tableName))
        for (const row of rows)
          for (const image of 'before' in row && 'after' in row ? [row['before'], row['after']] : [row])
            keys.add(table, keyOf(table, image as Readonly<Record<string, unknown>>));
      return;
    }
    default:
  }
}

/** Types whose values the client of the log gives without a loss. */
function isReadable({ order, type }: DatabaseColumn): boolean {
  return (order === 'number' || order === 'text' || order === 'binary') && type !== 'UUID';
}

function keyOf({ key }: LogTable, image: Readonly<Record<string, unknown>>): TextRow {
  return key.map(({ name, order }) => {
    const value = image[name];
    if (value === null || value === undefined) return null;
    if (Buffer.isBuffer(value)) return order === 'binary' ? value.toString('hex') : value.toString('utf8');
    return String(value);
  });
}

function placeOf(text: string): BinlogPlace {
  const at = text.lastIndexOf(':');
  return { file: text.slice(0, at), offset: Number(text.slice(at + 1)) };
}

/** Files are numbered: `binlog.000009` comes before `binlog.000010`. */
function isBefore(left: BinlogPlace, right: BinlogPlace): boolean {
  if (left.file === right.file) return left.offset < right.offset;
  const [one, other] = [left.file, right.file].map((file) => Number(/\d+$/.exec(file)?.[0] ?? 0));
  return (one ?? 0) < (other ?? 0);
}

async function connectionOf(source: ServerSourceConfig): Promise<ConstructorParameters<typeof ZongJi>[0]> {
  const { host, port, socket, user, password } = source;
  const ssl = await mysqlTls(source);
  const options = {
    host,
    port,
    ...(socket === undefined ? {} : { socketPath: socket }),
    user,
    password: password?.reveal() ?? '',
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    charset: 'utf8mb4',
    // This driver checks the authority and no name; the connection of the snapshot, made before, checks both.
    ...(ssl === undefined ? {} : { ssl }),
  };
  return options;
}
