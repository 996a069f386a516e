/** A value as an engine gives it back: 64-bit integers as bigint when beyond 2^53, decimals as text, instants as Date. */
export type SqlValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | readonly SqlValue[]
  | { readonly [field: string]: SqlValue };

/** One column of a result. */
export interface ResultColumn {
  readonly name: string;
  /** The engine's type, e.g. `VARCHAR`, `DECIMAL(18,2)`. */
  readonly type: string;
}

/** A result in memory. */
export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly Readonly<Record<string, SqlValue>>[];
  /** True when `rowsMax` cut the result. */
  readonly truncated: boolean;
}

/** A result by columns, for numeric work: a typed array for every numeric column, texts as arrays. */
export interface ColumnarResult {
  readonly rowCount: number;
  readonly columns: Readonly<
    Record<string, Float64Array | BigInt64Array | Int32Array | readonly (string | null)[]>
  >;
}

/** A Parquet file that an engine wrote. */
export interface WrittenFile {
  readonly path: string;
  readonly recordCount: number;
  readonly sizeBytes: number;
}

export interface QueryOptions {
  /** Values for `$name` parameters; never spliced into the text. */
  readonly parameters?: Readonly<Record<string, SqlValue>>;
  /** Rows kept of the result. Default 100,000. */
  readonly rowsMax?: number;
  /** All of the result fits into memory, which saves planning the statement twice. Default false. */
  readonly small?: boolean;
  /** Default 600,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Runs SQL over files, in a process of its own that can be killed without harm to the platform.
 * Errors: `query_invalid` (with the engine's message and position), `query_timeout`,
 * `query_memory`, `engine_died` (retryable), `cancelled`.
 */
export interface Engine {
  readonly dialect: 'duckdb' | 'spark';
  /** Runs the setup statements (views) and then the query on one connection. */
  query(sql: string, options?: QueryOptions & { readonly setup?: readonly string[] }): Promise<QueryResult>;
  queryColumns(
    sql: string,
    options?: QueryOptions & { readonly setup?: readonly string[] },
  ): Promise<ColumnarResult>;
  close(): Promise<void>;
}
