import type { Clock, Random, Storage } from '../../base/index.ts';
import type { Catalog, LoadedTable } from '../catalog-port.ts';
import type { DataFile, DataFileInput } from './data-file.ts';
import type { PartitionSpec, SnapshotId, SnapshotOperation } from './metadata.ts';
import type { TableFiles } from './table-files.ts';

/** What a commit needs of the world. */
export interface TableContext {
  readonly catalog: Catalog;
  readonly storage: Storage;
  readonly files: TableFiles;
  readonly clock: Clock;
  readonly random: Random;
}

/** What every commit may carry beside its files. */
export interface CommitOptions {
  /** Table properties set in the same commit. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Entries of the snapshot's summary beside the required ones. */
  readonly summary?: Readonly<Record<string, string>>;
  /** Refused with `fenced` when the table has seen a greater token under this name; the token is set in the same commit. */
  readonly fence?: { readonly name: string; readonly token: number };
  /** Refused with `commit_conflict` unless `main` still names this snapshot (null: the table is empty). */
  readonly expectedSnapshotId?: SnapshotId | null;
  /**
   * Looks at every state of the table that the snapshot is to be put on, and throws when it may not be: the commit then lands
   * on exactly a state that was looked at.
   */
  readonly agrees?: (base: LoadedTable) => Promise<void>;
  /** Tries before `commit_conflict`. Default 10. */
  readonly attemptsMax?: number;
  readonly signal?: AbortSignal;
}

/** The result of a commit. */
export interface Committed {
  readonly table: LoadedTable;
  readonly snapshotId: SnapshotId;
  readonly added: readonly DataFile[];
  readonly removed: readonly DataFile[];
}

/** A change of a table's contents. */
export interface ContentChange {
  readonly operation: SnapshotOperation;
  readonly files: readonly DataFileInput[];
  /** Which live files the snapshot removes. Default none. */
  readonly removes?: (file: DataFile, spec: PartitionSpec) => boolean;
  /** False: a try on a new base fails when other writers changed the files to be removed. Default true. */
  readonly overOthers?: boolean;
  /** Fails when the files to be removed are others than they were in this snapshot (null: in the empty table). */
  readonly readSnapshotId?: SnapshotId | null;
}
