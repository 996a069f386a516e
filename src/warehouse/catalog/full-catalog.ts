import type { Catalog, LoadedTable, TableId } from '../catalog-port.ts';
import type { TableRequirement, TableUpdate } from '../iceberg/metadata.ts';

/** A change of one table as part of a transaction. */
export interface TableChange {
  readonly id: TableId;
  readonly requirements: readonly TableRequirement[];
  readonly updates: readonly TableUpdate[];
}

/** The catalogue with what only the REST service and the command line need. */
export interface FullCatalog extends Catalog {
  namespaceProperties(namespace: string): Promise<Readonly<Record<string, string>>>;
  setNamespaceProperties(namespace: string, properties: Readonly<Record<string, string>>): Promise<void>;
  /** `namespace_not_empty` while it has tables. */
  dropNamespace(namespace: string): Promise<void>;
  /** Moves a table to another name; its files stay where they are. */
  rename(from: TableId, to: TableId): Promise<void>;
  /** Makes a table of an existing metadata file; `overwrite` moves an existing table to it. */
  register(
    id: TableId,
    metadataLocation: string,
    options?: { readonly overwrite?: boolean },
  ): Promise<LoadedTable>;
  /** Commits several tables, all or none. */
  commitAll(changes: readonly TableChange[]): Promise<readonly LoadedTable[]>;
  /** What the table would be, without making it (`stage-create`). */
  stage(id: TableId, updates: readonly TableUpdate[]): Promise<LoadedTable>;
  /** Metadata files that can be read, newest first, to go back to with `register(…, { overwrite: true })`. */
  readable(id: TableId): Promise<readonly string[]>;
}
