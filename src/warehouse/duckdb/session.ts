import type { ColumnarResult, QueryResult, SqlValue } from '../engine-port.ts';
import type { ColumnChunk } from './protocol.ts';
import type { DuckdbProcess, DuckdbReply, RequestLimits } from './process.ts';

/** Options of one statement in a session. */
export interface StatementOptions {
  readonly parameters?: Readonly<Record<string, SqlValue>>;
  readonly rowsMax?: number;
  /** Bytes of texts and values at most, of `query` alone. Default: without limit. */
  readonly bytesMax?: number;
  /**
   * All of the result fits into memory: it is made at once, and each statement planned once. A result that is read as it is
   * made is planned twice, for its columns and for its rows, which is most of the time of small work.
   */
  readonly small?: boolean;
}

/** A connection of one's own: views and temporary tables made on it live until the session ends. */
export interface DuckdbSession {
  /** Runs statements, separated by `;`, whose results do not matter; parameters are for the last one. */
  run(sql: string, options?: Pick<StatementOptions, 'parameters'>): Promise<void>;
  /** Runs statements, separated by `;`, and gives the rows of the last one, which alone may have parameters. */
  query(sql: string, options?: StatementOptions): Promise<QueryResult>;
  queryColumns(sql: string, options?: StatementOptions): Promise<ColumnarResult>;
  /** Types of the statements in the text (`SELECT`, `INSERT`, …) without running them. */
  statements(sql: string): Promise<readonly string[]>;
}

/** Rows kept of a result unless more are asked for. */
export const rowsMaxDefault = 100_000;
/** Rows kept of a columnar result unless more are asked for. */
export const columnRowsMaxDefault = 50_000_000;

/** A session on the process, under one deadline for all of its statements. */
export function openSession(process: DuckdbProcess, limits: () => RequestLimits): DuckdbSession {
  return {
    run: async (sql, options = {}) => {
      await process.request({ kind: 'run', sql, ...parametersOf(options) }, limits());
    },
    query: async (sql, options = {}) => {
      const rowsMax = options.rowsMax ?? rowsMaxDefault;
      const about = {
        ...(options.bytesMax === undefined ? {} : { bytesMax: options.bytesMax }),
        ...(options.small === true ? { small: true } : {}),
      };
      return toQueryResult(
        await process.request({ kind: 'rows', sql, ...parametersOf(options), rowsMax, ...about }, limits()),
      );
    },
    queryColumns: async (sql, options = {}) => {
      const rowsMax = options.rowsMax ?? columnRowsMaxDefault;
      return toColumnarResult(
        await process.request({ kind: 'columns', sql, ...parametersOf(options), rowsMax }, limits()),
      );
    },
    statements: async (sql) => (await process.request({ kind: 'statements', sql }, limits())).statements,
  };
}

/** Callers pass what they have; nothing else of it belongs into the other process. */
function parametersOf({ parameters }: StatementOptions): Pick<StatementOptions, 'parameters'> {
  return parameters === undefined ? {} : { parameters };
}

function toQueryResult(reply: DuckdbReply): QueryResult {
  const names = reply.columns.map((column) => column.name);
  const rows = reply.rows.map((row) => {
    const object: Record<string, SqlValue> = {};
    for (let index = 0; index < names.length; index++) object[names[index] as string] = row[index] ?? null;
    return object;
  });
  return { columns: reply.columns, rows, truncated: reply.truncated };
}

function toColumnarResult(reply: DuckdbReply): ColumnarResult {
  const columns = Object.fromEntries(
    reply.columns.map(({ name, type }, index) => [
      name,
      joinColumn(reply.chunks, index, type, reply.rowCount),
    ]),
  );
  return { rowCount: reply.rowCount, columns };
}

type Column = ColumnChunk[number];

function joinColumn(chunks: readonly ColumnChunk[], index: number, type: string, rowCount: number): Column {
  const parts = chunks.map((chunk) => chunk[index] as Column);
  if (parts.length === 0) return emptyColumn(type);
  if (Array.isArray(parts[0])) return (parts as (readonly (string | null)[])[]).flat();
  const same = parts.every((part) => part.constructor === parts[0]?.constructor);
  const Target = same ? (parts[0]?.constructor as new (length: number) => Float64Array) : Float64Array;
  const joined = new Target(rowCount);
  let offset = 0;
  for (const part of parts as readonly (Float64Array | BigInt64Array | Int32Array)[]) {
    joined.set(
      (same || !(part instanceof BigInt64Array) ? part : Float64Array.from(part, Number)) as Float64Array,
      offset,
    );
    offset += part.length;
  }
  return joined;
}

function emptyColumn(type: string): Column {
  if (type === 'BIGINT') return new BigInt64Array(0);
  if (['INTEGER', 'SMALLINT', 'TINYINT', 'BOOLEAN'].includes(type)) return new Int32Array(0);
  return /^(DOUBLE|FLOAT|U?HUGEINT|U[A-Z]*INT.*|DECIMAL|TIMESTAMP)/.test(type) ? new Float64Array(0) : [];
}
