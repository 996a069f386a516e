// The process in which DuckDB runs. It holds nothing that matters: the platform may kill it at any moment.
import {
  DuckDBInstance,
  StatementType,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBResult,
} from '@duckdb/node-api';
import type { ResultColumn, SqlValue } from '../engine-port.ts';
import type { DuckdbRequest, DuckdbSetup, FromChild, ToChild } from './protocol.ts';
import { parameterType, toColumn, toParameter, toSqlValue } from './values.ts';

const partRowsMax = 16_384;
const valueBytes = 8;

const setup = JSON.parse(process.argv[2] ?? '{}') as DuckdbSetup;
const instance = await DuckDBInstance.create(':memory:', {
  memory_limit: setup.memory,
  threads: String(setup.threads),
  temp_directory: setup.scratch,
  preserve_insertion_order: 'false',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
});
await lockDown();

let connection: DuckDBConnection | undefined;
let running: number | undefined;
let queue = Promise.resolve();

// A terminal's Ctrl-C reaches the whole process group; the platform decides what is to stop.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (message: ToChild) => {
  if ('interrupt' in message) {
    if (running === message.interrupt) connection?.interrupt();
    return;
  }
  queue = queue.then(() => answer(message.id, message.request));
});

async function answer(id: number, request: DuckdbRequest): Promise<void> {
  running = id;
  try {
    await handle(id, request);
  } catch (thrown) {
    send({ id, failed: { message: thrown instanceof Error ? thrown.message : String(thrown) } });
  } finally {
    running = undefined;
  }
}

async function handle(id: number, request: DuckdbRequest): Promise<void> {
  if (request.kind === 'end') {
    await endSession();
    send({ id, done: { columns: [], rowCount: 0, truncated: false } });
    return;
  }
  connection ??= await instance.connect();
  if (request.kind === 'run') {
    const result = await connection.run(request.sql, ...bindings(request.parameters));
    send({ id, done: { columns: [], rowCount: result.rowsChanged, truncated: false } });
  } else if (request.kind === 'statements') {
    send({
      id,
      done: {
        columns: [],
        rowCount: 0,
        truncated: false,
        statements: await statementTypes(connection, request.sql),
      },
    });
  } else {
    await stream(connection, id, request);
  }
}

async function stream(
  open: DuckDBConnection,
  id: number,
  request: Extract<DuckdbRequest, { kind: 'rows' | 'columns' }>,
): Promise<void> {
  const whole = request.kind === 'rows' && request.small === true;
  const given = bindings(request.parameters);
  const result = whole ? await open.run(request.sql, ...given) : await open.stream(request.sql, ...given);
  const columns = columnsOf(result);
  let rowCount = 0;
  let truncated = false;
  let bytesLeft = (request.kind === 'rows' ? request.bytesMax : undefined) ?? Infinity;
  let rows: (readonly SqlValue[])[] = [];
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    const room = request.rowsMax - rowCount;
    let taken = Math.min(room, chunk.rowCount);
    if (request.kind === 'columns') {
      const parts = columns.map((_, index) => toColumn(chunk, index));
      send({
        id,
        part: { columns: taken === chunk.rowCount ? parts : parts.map((part) => part.slice(0, taken)) },
      });
    } else {
      const fetched = chunk.getRows().slice(0, taken);
      for (const [index, values] of fetched.entries()) {
        const row = values.map(toSqlValue);
        if (bytesLeft < Infinity) bytesLeft -= bytesOf(row);
        if (bytesLeft < 0) {
          taken = index;
          break;
        }
        rows.push(row);
      }
      if (rows.length >= partRowsMax) {
        send({ id, part: { rows } });
        rows = [];
      }
    }
    rowCount += taken;
    truncated = taken < chunk.rowCount;
    if (truncated) break;
  }
  if (rows.length > 0) send({ id, part: { rows } });
  send({ id, done: { columns, rowCount, truncated } });
}

/** About what the row takes, in memory and in an answer. */
function bytesOf(row: readonly SqlValue[]): number {
  let bytes = 0;
  for (const value of row) {
    if (typeof value === 'string') bytes += value.length;
    else
      bytes += value !== null && typeof value === 'object' ? JSON.stringify(value, plain).length : valueBytes;
  }
  return bytes;
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function columnsOf(result: DuckDBResult): readonly ResultColumn[] {
  const types = result.columnTypes();
  return result.deduplicatedColumnNames().map((name, index) => ({ name, type: String(types[index]) }));
}

async function statementTypes(open: DuckDBConnection, sql: string): Promise<readonly string[]> {
  const extracted = await open.extractStatements(sql);
  const types: string[] = [];
  for (let index = 0; index < extracted.count; index++) {
    const prepared = await extracted.prepare(index);
    types.push(StatementType[prepared.statementType] ?? 'INVALID');
    prepared.destroySync();
  }
  return types;
}

function bindings(
  parameters: Readonly<Record<string, SqlValue>> | undefined,
): Parameters<DuckDBConnection['run']> extends [string, ...infer Rest] ? Rest : never {
  if (parameters === undefined || Object.keys(parameters).length === 0) return [] as never;
  const values = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, toParameter(value)]),
  );
  const types = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, parameterType(value, VARCHAR)]),
  );
  return [values, types] as never;
}

/** Views and tables of a session live in the instance; temporary ones go with the connection. */
async function endSession(): Promise<void> {
  if (connection === undefined) return;
  const reader = await connection.runAndReadAll(
    "select schema_name from duckdb_schemas() where database_name = 'memory' and not internal",
  );
  for (const [name] of reader.getRows())
    await connection.run(`drop schema "${String(name).replaceAll('"', '""')}" cascade`);
  connection.closeSync();
  connection = undefined;
}

async function lockDown(): Promise<void> {
  const first = await instance.connect();
  await first.run("set global TimeZone = 'UTC'");
  const directories = setup.directories.map((directory) => `'${directory.replaceAll("'", "''")}'`);
  await first.run(`set allowed_directories = [${directories.join(', ')}]`);
  await first.run('set enable_external_access = false');
  await first.run('set lock_configuration = true');
  first.closeSync();
}

function send(message: FromChild): void {
  // A platform that was killed hears nothing any more; the end of the channel ends this process too.
  process.send?.(message, () => undefined);
}
