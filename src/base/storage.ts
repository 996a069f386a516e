/** An open file that is only ever appended to. */
export interface AppendFile {
  /** Bytes in the file, including what was appended and not yet synced. */
  readonly sizeBytes: number;
  /** Appends all the bytes; on an error the file may have grown by a part of them. */
  append(bytes: Uint8Array): Promise<void>;
  /**
   * Resolves when everything appended is on the disk (fdatasync). After a failure the file must be closed, never synced again.
   */
  sync(): Promise<void>;
  /** Cuts the file to this many bytes. */
  truncate(sizeBytes: number): Promise<void>;
  close(): Promise<void>;
}

/** What is known of a file without opening it. */
export interface FileInfo {
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly directory: boolean;
}

/**
 * The file system as the platform uses it. Paths are absolute. Errors: `storage_not_found`,
 * `storage_exists`, `storage_full` (ENOSPC, EDQUOT), `storage_failed` for everything else.
 */
export interface Storage {
  /** The whole file, or `lengthBytes` of it from `offset`; shorter at the end of the file. */
  read(path: string, range?: { readonly offset: number; readonly lengthBytes: number }): Promise<Buffer>;
  /** Replaces the file atomically and durably: temporary file, fsync, rename, fsync of the folder. */
  write(path: string, bytes: Uint8Array | string): Promise<void>;
  /** Makes the file durably, or fails with `storage_exists`; of two callers exactly one succeeds. */
  create(path: string, bytes: Uint8Array | string): Promise<void>;
  /** Opens for appending, creating the file (and its folder) durably when it is missing. */
  append(path: string): Promise<AppendFile>;
  /** Makes files that another program wrote durable: fsync of each, then of their folders. */
  sync(paths: readonly string[]): Promise<void>;
  /** Entries of a folder sorted by name; empty when the folder is missing. */
  list(directory: string): Promise<readonly FileInfo[]>;
  /** Undefined when there is no such file. */
  stat(path: string): Promise<FileInfo | undefined>;
  /** Makes the folder and its parents. */
  makeDirectory(directory: string): Promise<void>;
  /** Moves atomically, replacing the target. Not `durable`: a later `sync` of the target makes it so. Default durable. */
  rename(from: string, to: string, options?: { readonly durable: boolean }): Promise<void>;
  /** Removes the file; no error when it is missing. */
  remove(path: string): Promise<void>;
}
