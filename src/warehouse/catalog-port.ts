import type { SnapshotId, TableMetadata, TableRequirement, TableUpdate } from './iceberg/metadata.ts';

/** A table's name: namespace and table, written `raw.events`. */
export interface TableId {
  readonly namespace: string;
  readonly name: string;
}

/** A table as the catalogue knows it at one moment. */
export interface LoadedTable {
  readonly id: TableId;
  /** Absolute path of the metadata JSON file. */
  readonly metadataLocation: string;
  readonly metadata: TableMetadata;
}

/**
 * Knows each table's current metadata and moves it by compare-and-swap, in the words of the
 * Iceberg REST protocol. One instance serves ours and every other engine.
 * Errors: `table_not_found`, `table_exists`, `namespace_not_found`, `commit_conflict` (a
 * requirement failed or another writer was first: reload and try again), `metadata_damaged`.
 */
export interface Catalog {
  namespaces(): Promise<readonly string[]>;
  createNamespace(namespace: string, properties?: Readonly<Record<string, string>>): Promise<void>;
  tables(namespace: string): Promise<readonly TableId[]>;
  load(id: TableId): Promise<LoadedTable>;
  /** Applies the updates to the table as it is now, if every requirement holds; creates it with `assert-create`. */
  commit(
    id: TableId,
    requirements: readonly TableRequirement[],
    updates: readonly TableUpdate[],
  ): Promise<LoadedTable>;
  /** Forgets the table; its files stay unless `purge`. */
  drop(id: TableId, options?: { readonly purge?: boolean }): Promise<void>;
  close(): Promise<void>;
}

/** Snapshots of tables by `namespace.name`: exactly which contents a computation read. */
export type Pins = Readonly<Record<string, SnapshotId>>;
