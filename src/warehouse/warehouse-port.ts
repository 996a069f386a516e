import type { BusinessDay, Calendar } from '../base/index.ts';
import type { LoadedTable, Pins } from './catalog-port.ts';
import type { FullCatalog } from './catalog/full-catalog.ts';
import type { DuckdbEngine } from './duckdb/engine.ts';
import type { DuckdbSession } from './duckdb/session.ts';
import type { ColumnarResult, QueryOptions, QueryResult, SqlValue } from './engine-port.ts';
import type { CommitOptions, TableContext } from './iceberg/commit-options.ts';
import type { DataFileInput } from './iceberg/data-file.ts';
import type { Snapshot } from './iceberg/metadata.ts';
import type { ScanFilter, ScanPlan } from './iceberg/scan.ts';
import type { DeclaredColumn } from './write-columns.ts';

/** A query over tables by name. */
export interface TableQueryOptions extends QueryOptions {
  /** Snapshots to read; tables that are not named are read as they are now. */
  readonly pins?: Pins;
  /** Columns that hold personal data read as null. Default false. */
  readonly hidePersonal?: boolean;
  /**
   * How many bytes of data files that this process has not read yet may be compared with their checksums first; a table with
   * more is not. Default: however many there are.
   */
  readonly verifyBytesMax?: number;
}

/** Rows of a SELECT that are to become a table's contents. */
export interface TableWrite {
  readonly select: string;
  /**
   * The SELECT reads only temporary tables of the session, so its rows need not be stored again to be counted and
   * checked. Default false.
   */
  readonly stored?: boolean;
  readonly parameters?: Readonly<Record<string, SqlValue>>;
  readonly pins?: Pins;
  /**
   * `replace-days`: exactly `days` are replaced, and the rows must be of these days. `replace-files`: the rows take the
   * place of those in `files`, of the snapshot `expectedSnapshotId`.
   */
  readonly mode: 'append' | 'replace-days' | 'replace-files' | 'replace';
  /** Paths of data files, of `replace-files`. */
  readonly files?: readonly string[];
  readonly days?: readonly BusinessDay[];
  readonly columns?: readonly DeclaredColumn[];
  /** A column whose new rows have a wider type (int to long, float to double, more digits before the point) gets it. Default false. */
  readonly widen?: boolean;
  /** Columns that hold personal data in what is read; marked when the SELECT has them and they are not declared otherwise. */
  readonly personalBelow?: readonly string[];
  /** Table properties set in the same commit. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Entries of the snapshot's summary. */
  readonly summary?: Readonly<Record<string, string>>;
  /** The lease's token; refused with `fenced` when a greater one has written under the name `fence`. */
  readonly token?: number;
  readonly fence?: string;
  /** Columns to sort each file by, as SQL. */
  readonly orderBy?: string;
  /** Refused with `commit_conflict` unless the table still has this snapshot (null: it is empty). */
  readonly expectedSnapshotId?: bigint | null;
  /** Looks at every state of the table that the rows are to be added to. */
  readonly agrees?: NonNullable<CommitOptions['agrees']>;
  /** Of `replace-days`: refused with `commit_conflict` when these days were changed since this snapshot (null: it was empty). */
  readonly readSnapshotId?: bigint | null;
  /** Runs on the rows, as the relation `written`, before anything is published; what it throws stops the write. */
  readonly check?: (session: DuckdbSession) => Promise<void>;
  /** Allows sealed days to be replaced; for sealing itself. */
  readonly sealing?: boolean;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** What a commit of files says and asks of the table. */
export type CommitWrite = Pick<
  TableWrite,
  'properties' | 'summary' | 'expectedSnapshotId' | 'agrees' | 'signal'
>;

/** What a write did. */
export interface Written {
  readonly snapshotId: bigint;
  readonly recordCount: number;
  readonly fileCount: number;
  /** Snapshots of the tables that the SELECT read. */
  readonly pins: Pins;
}

/** The tables, and the engine over them. Errors: those of catalogue and engine, `data_damaged`. */
export interface Warehouse {
  readonly calendar: Calendar;
  readonly catalog: FullCatalog;
  readonly engine: DuckdbEngine;
  /** For the verbs of `iceberg/`. */
  readonly context: TableContext;
  readonly root: string;
  /** Current snapshot ids by `namespace.name`; of all tables, or of those named that exist and have one. */
  pin(tables?: readonly string[]): Promise<Pins>;
  query(sql: string, options?: TableQueryOptions): Promise<QueryResult & { readonly pins: Pins }>;
  queryColumns(sql: string, options?: TableQueryOptions): Promise<ColumnarResult & { readonly pins: Pins }>;
  write(table: string, write: TableWrite): Promise<Written>;
  /** As `write`, in a session that has what the SELECT names already. */
  writeIn(session: DuckdbSession, name: string, write: TableWrite): Promise<Omit<Written, 'pins'>>;
  /**
   * Adds data files that `writeFile` made to a table, and gives the snapshot's id; they are removed when the commit fails. Whoever
   * calls it looks after sealed days in `agrees`.
   */
  appendFiles(name: string, files: readonly DataFileInput[], write: CommitWrite): Promise<bigint>;
  table(name: string): Promise<LoadedTable | undefined>;
  tables(): Promise<readonly LoadedTable[]>;
  isSealed(day: BusinessDay): Promise<boolean>;
  sealedDays(): Promise<readonly BusinessDay[]>;
  /** Makes views of the tables that the SQL names, in a session of the engine; for work of several statements. */
  prepare(session: DuckdbSession, sql: string, options?: PrepareOptions): Promise<Pins>;
  /** The files of a table as it is now that can hold matching rows, each one whole. Errors: `data_damaged`, `metadata_damaged`. */
  scan(table: LoadedTable, filters: readonly ScanFilter[]): Promise<ScanPlan>;
  /** The files of a table as it is now. Errors: `metadata_damaged`, naming the last good snapshot. */
  planScan(table: LoadedTable): Promise<ScanPlan>;
  /** The newest snapshot of a table that has no damaged data file. */
  lastGood(table: LoadedTable): Promise<Snapshot | undefined>;
  /** Makes the table when it is missing, and adds the columns it lacks. */
  ensureTable(
    name: string,
    columns: readonly DeclaredColumn[],
    selected?: QueryResult['columns'],
    options?: { readonly widen?: boolean | undefined },
  ): Promise<LoadedTable>;
  close(): Promise<void>;
}

/** What decides which contents the views show. */
export interface PrepareOptions extends Pick<
  TableQueryOptions,
  'parameters' | 'pins' | 'hidePersonal' | 'verifyBytesMax'
> {
  /**
   * Tables that are read again and again: into memory at once, those of which at most so many rows can match. Default
   * none: every statement reads the files.
   */
  readonly keep?: { readonly tables: readonly string[]; readonly rowsMax: number };
}

/** The property of `raw.events` that says a business day is sealed begins with this. */
export const sealedPrefix = 'octavo.sealed.';
