import type { RowLines } from './row-lines.ts';

/** A column of a shop's table, with how its values come over exactly. */
export interface DatabaseColumn {
  readonly name: string;
  /** As the database writes its type: `decimal(10,2) unsigned`. */
  readonly declared: string;
  /** Type in the warehouse, as DuckDB spells it. */
  readonly type: string;
  /** The column as text, in the database's SQL. */
  readonly select: string;
  /** DuckDB expression that makes the type of the text that `select` gave. */
  readonly load: (text: string) => string;
  /** DuckDB condition of texts that stand for no value here (a date of zeros, infinity): they become null, and are counted. */
  readonly unfit?: (text: string) => string;
  /** How values compare and are written in SQL; `none`: neither, so it is no cursor and no key. */
  readonly order: 'number' | 'time' | 'text' | 'binary' | 'none';
  /** Of a time: whether it says its instant (`instant`), a wall clock's (`local`), or is a text in ISO 8601, without an offset in UTC (`text`). */
  readonly clock?: 'instant' | 'local' | 'text';
}

/** A table of the shop. */
export interface DatabaseTable {
  /** Quoted, with its schema. */
  readonly sql: string;
  /** `sales.Invoice`: for the change log. */
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly DatabaseColumn[];
  /** Columns of the primary key; empty when there is none. */
  readonly key: readonly string[];
  /** What keeps it from being read consistently, for people. */
  readonly warning?: string;
}

/** A row as texts, by the order of the columns that were asked for. */
export type TextRow = readonly (string | null)[];

/** How one database writes what every query needs. */
export interface DatabaseDialect {
  quote(name: string): string;
  /** A value of a column, as its `select` gave it, for a comparison. */
  literal(column: DatabaseColumn, text: string): string;
  /** A cursor value that lies `amount` seconds (of a time) or units (of a number) lower. */
  lower(column: DatabaseColumn, text: string, amount: number): string;
  /** Rows whose columns together are beyond the values, or at them too. */
  beyond(columns: readonly DatabaseColumn[], texts: readonly string[], orEqual: boolean): string;
  /** Count of rows, as text. */
  readonly count: string;
  /** Sum of a column with four places, as text. */
  sum(column: DatabaseColumn): string;
  /** A column of times as `timeLiteral` compares with. Default: as it is. */
  time?(column: DatabaseColumn): string;
  /** A wall clock's time or an instant as a literal for a column of times. */
  timeLiteral(column: DatabaseColumn, iso: string): string;
}

/** Where the change log stands; only the database that gave it understands it. */
export type LogPosition = string;

/** What the change log says of the tables since a position. */
export interface LogChanges {
  /** Keys of the rows that were written or deleted, by table, each once, as texts in the order of the table's key. */
  readonly keys: ReadonlyMap<string, readonly TextRow[]>;
  /** Tables about which the log cannot say which rows changed (emptied, altered, too much): they are to be read whole. */
  readonly whole: ReadonlySet<string>;
  /** From where the next read goes on. */
  readonly position: LogPosition;
}

/** One table of a read of the log. */
export interface LogTable {
  /** How the caller names it. */
  readonly name: string;
  readonly table: DatabaseTable;
  readonly key: readonly DatabaseColumn[];
}

/** The change log of a database. */
export interface DatabaseLog {
  /** Where the log stands in this snapshot: what comes after is not in it. */
  readonly position: LogPosition;
  /** What changed between a position and the snapshot. Errors: `source_log_unusable`, `source_log_gone`. */
  read(since: LogPosition, tables: readonly LogTable[], signal?: AbortSignal): Promise<LogChanges>;
  /** Tells the database that nothing before the position will be asked for again. */
  release(position: LogPosition): Promise<void>;
}

/** How a statement is read whose rows are many. */
export interface LinesOptions {
  /** It reads a table in one go, and may take as long as the snapshot. Default false. */
  readonly isLong?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One consistent read of a shop's database: everything that is asked of it is as of one moment. It takes no locks
 * that keep the shop from writing rows. Errors: `source_denied`, `source_invalid`, `source_timeout`, `source_unreachable`.
 */
export interface DatabaseSnapshot {
  /** `MariaDB 10.11.14`. */
  readonly server: string;
  readonly dialect: DatabaseDialect;
  /** Names of the tables and views that the account sees. */
  tables(): Promise<readonly string[]>;
  /** @param name - `Invoice` or `sales.Invoice` */
  describe(name: string): Promise<DatabaseTable | undefined>;
  /** All rows of a statement that gives few. */
  rows(sql: string, signal?: AbortSignal): Promise<readonly TextRow[]>;
  /** The rows of a statement as lines, without holding them all. Who leaves before their end ends the snapshot. */
  lines(sql: string, options?: LinesOptions): AsyncIterable<RowLines>;
  /** Opens the change log as of this snapshot. Errors: `source_log_unusable`. */
  log(): Promise<DatabaseLog>;
  /** Ends the snapshot; when it returns nothing is held in the shop any more. */
  close(): Promise<void>;
  /** Cuts the connection, whatever runs on it. */
  abort(): void;
}
