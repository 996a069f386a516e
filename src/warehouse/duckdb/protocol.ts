import type { ResultColumn, SqlValue } from '../engine-port.ts';

/** How a DuckDB process is set up; locked once it has started. */
export interface DuckdbSetup {
  /** DuckDB's memory limit, e.g. `2GB`; beyond it, it spills to `scratch`. */
  readonly memory: string;
  readonly threads: number;
  /** Folder for spilled data and intermediate files. */
  readonly scratch: string;
  /** Folders whose files SQL may read and write; everything else is refused by DuckDB itself. */
  readonly directories: readonly string[];
}

/** What is asked of the process. A session is everything between two `end`s: one connection, one set of views. */
export type DuckdbRequest =
  | { readonly kind: 'run'; readonly sql: string; readonly parameters?: Readonly<Record<string, SqlValue>> }
  | {
      readonly kind: 'rows';
      readonly sql: string;
      readonly parameters?: Readonly<Record<string, SqlValue>>;
      readonly rowsMax: number;
      /** Bytes of texts and values at most; a number counts eight. */
      readonly bytesMax?: number;
      /** As in `StatementOptions`. */
      readonly small?: boolean;
    }
  | {
      readonly kind: 'columns';
      readonly sql: string;
      readonly parameters?: Readonly<Record<string, SqlValue>>;
      readonly rowsMax: number;
    }
  | { readonly kind: 'statements'; readonly sql: string }
  | { readonly kind: 'end' };

/** A request under its number, or the wish to stop what is running. */
export type ToChild =
  | { readonly id: number; readonly request: DuckdbRequest }
  | { readonly interrupt: number };

/** A failure as DuckDB worded it: `Binder Error: …`. */
export interface DuckdbFailure {
  readonly message: string;
}

/** The numeric and text columns of some rows, in order of the result's columns. */
export type ColumnChunk = readonly (Float64Array | BigInt64Array | Int32Array | readonly (string | null)[])[];

/** What comes back; `part`s precede their request's `done` or `failed`. */
export type FromChild =
  | {
      readonly id: number;
      readonly part: { readonly rows?: readonly (readonly SqlValue[])[]; readonly columns?: ColumnChunk };
    }
  | {
      readonly id: number;
      readonly done: {
        readonly columns: readonly ResultColumn[];
        readonly rowCount: number;
        readonly truncated: boolean;
        /** Statement types, for `statements`. */
        readonly statements?: readonly string[];
      };
    }
  | { readonly id: number; readonly failed: DuckdbFailure };
