import type { Storage } from '../../base/index.ts';
import type { LogFiles } from './file/log-files.ts';
import { machineLogFiles } from './file/log-files.ts';
import { readState } from './state.ts';

/** How far a file is acknowledged. */
export interface FileStatus {
  readonly file: string;
  readonly acknowledgedBytes: number;
  /** Bytes that are not acknowledged; null of a compressed file, and of one that is not there any more. */
  readonly lagBytes: number | null;
  readonly state: 'current' | 'behind' | 'done' | 'damaged' | 'gone';
  /** Why a damaged file is not read beyond its acknowledged bytes. */
  readonly damage?: string;
  /** When it was last there. */
  readonly seen: string;
}

/** What the folder of an agent says, whether it runs or not; empty before its first start. Errors: `ship_state_damaged`. */
export async function shipStatus(
  storage: Storage,
  directory: string,
  files: LogFiles = machineLogFiles(),
): Promise<readonly FileStatus[]> {
  const state = await readState(storage, directory);
  const torn = (state?.torn ?? []).map((file) => ({ ...file, offset: 0, gzip: true, complete: undefined }));
  return [...(state?.files ?? []), ...torn]
    .map(({ path, device, inode, offset, gzip, complete, damage, seenMs }): FileStatus => {
      const info = files.info(path);
      const there = info !== undefined && info.device === device && info.inode === inode;
      const common = { file: path, acknowledgedBytes: offset, seen: new Date(seenMs).toISOString() };
      if (!there) return { ...common, lagBytes: null, state: 'gone' };
      if (damage !== undefined) return { ...common, lagBytes: null, state: 'damaged', damage };
      if (complete !== undefined) return { ...common, lagBytes: 0, state: 'done' };
      // A state of before says it by the name alone.
      if (gzip ?? path.endsWith('.gz')) return { ...common, lagBytes: null, state: 'behind' };
      const lagBytes = Math.max(0, info.sizeBytes - offset);
      return { ...common, lagBytes, state: lagBytes === 0 ? 'current' : 'behind' };
    })
    .toSorted((a, b) => (a.file < b.file ? -1 : 1));
}
