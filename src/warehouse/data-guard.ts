import { crc32 } from 'node:zlib';
import { hasCode, OctavoError, type Storage } from '../base/index.ts';
import { statedChecksum } from './iceberg/checksum.ts';
import type { LoadedTable } from './catalog-port.ts';
import { localPath, type DataFile } from './iceberg/data-file.ts';
import type { Snapshot, TableMetadata } from './iceberg/metadata.ts';
import { planScan, type ScanPlan } from './iceberg/scan.ts';
import type { TableFiles } from './iceberg/table-files.ts';
import { tableName } from './table-name.ts';

/** The CRC-32 of a file's contents. */
export async function checksumOf(storage: Storage, path: string): Promise<number> {
  let checksum = 0;
  for (let offset = 0; ; offset += readBytes) {
    const bytes = await storage.read(path, { offset, lengthBytes: readBytes });
    checksum = crc32(bytes, checksum);
    if (bytes.length < readBytes) return checksum;
  }
}

/** What is wrong with a data file, for people; undefined when it is as it was written. Files of other writers have no checksum. */
export async function damageOf(
  storage: Storage,
  file: Pick<DataFile, 'path' | 'sizeBytes'>,
): Promise<string | undefined> {
  const path = localPath(file.path);
  const found = await storage.stat(path);
  if (found === undefined) return 'is missing';
  if (found.sizeBytes !== file.sizeBytes) return `has ${found.sizeBytes} bytes instead of ${file.sizeBytes}`;
  const stated = statedChecksum(path);
  const whole = stated === undefined || (await checksumOf(storage, path)) === stated;
  return whole ? undefined : 'has other contents than were written';
}

/** Reads every data file once before something is computed from it, so that nothing is computed from a damaged one. */
export class DataGuard {
  readonly #context: { readonly storage: Storage; readonly files: TableFiles };
  readonly #whole = new Set<string>();

  constructor(context: { readonly storage: Storage; readonly files: TableFiles }) {
    this.#context = context;
  }

  /**
   * Errors: `data_damaged`, naming the file and the newest snapshot that has no damaged one.
   * @param bytesMax - when more than this is still to be read, nothing is
   */
  async check(table: LoadedTable, files: readonly DataFile[], bytesMax = Infinity): Promise<void> {
    const unread = files.filter((file) => !this.#whole.has(file.path));
    if (unread.reduce((sum, file) => sum + file.sizeBytes, 0) > bytesMax) return;
    for (const file of unread) {
      const about = await this.#damage(file);
      if (about === undefined) continue;
      const [name, path] = [tableName(table.id), localPath(file.path)];
      const good = await this.lastGood(table);
      const lastGood = good?.['snapshot-id'].toString();
      throw new OctavoError('data_damaged', `${path} of ${name} ${about}; ${offerOf(good)}`, {
        details: { table: name, path, ...(lastGood === undefined ? {} : { lastGood }) },
      });
    }
  }

  /** As `planScan`; `metadata_damaged` names the last good snapshot too. */
  async plan(table: LoadedTable, choice: Parameters<typeof planScan>[2]): Promise<ScanPlan> {
    try {
      return await planScan(this.#context.files, table.metadata, choice);
    } catch (cause) {
      if (!hasCode(cause, 'metadata_damaged')) throw cause;
      const [name, good] = [tableName(table.id), await this.lastGood(table)];
      const path = String(cause.details['path']);
      throw new OctavoError('metadata_damaged', `${path} of ${name}; ${offerOf(good)}`, {
        cause,
        details: { table: name, path },
      });
    }
  }

  /** The newest snapshot without a damaged file; undefined when none of the latest is. */
  async lastGood({ metadata }: LoadedTable): Promise<Snapshot | undefined> {
    const newestFirst = metadata.snapshots.toSorted((a, b) => b['sequence-number'] - a['sequence-number']);
    for (const snapshot of newestFirst.slice(0, snapshotsTriedMax))
      if (await this.#isWhole(metadata, snapshot)) return snapshot;
    return undefined;
  }

  async #isWhole(metadata: TableMetadata, snapshot: Snapshot): Promise<boolean> {
    try {
      const choice = { snapshotId: snapshot['snapshot-id'] };
      const { files } = await planScan(this.#context.files, metadata, choice);
      for (const file of files) if ((await this.#damage(file)) !== undefined) return false;
      return true;
    } catch (error) {
      if (!hasCode(error, 'metadata_damaged')) throw error;
      return false;
    }
  }

  async #damage(file: DataFile): Promise<string | undefined> {
    if (this.#whole.has(file.path)) return undefined;
    const about = await damageOf(this.#context.storage, file);
    if (about !== undefined) return about;
    if (this.#whole.size >= wholeKnownMax) this.#whole.clear();
    this.#whole.add(file.path);
    return undefined;
  }
}

/** What can be gone back to, for people. */
export function offerOf(good: Snapshot | undefined): string {
  if (good === undefined) return 'no older snapshot is whole';
  const at = new Date(good['timestamp-ms']).toISOString();
  return `the last good snapshot is ${good['snapshot-id']} of ${at}`;
}

const readBytes = 4 * 1024 * 1024;
const wholeKnownMax = 100_000;
const snapshotsTriedMax = 50;
