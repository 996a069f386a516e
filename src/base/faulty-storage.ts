import { dirname, join, basename } from 'node:path';
import { OctavoError } from './errors.ts';
import { seededRandom, type Random } from './random.ts';
import type { AppendFile, Storage } from './storage.ts';

/** One operation that changes the storage. */
export interface StorageOperation {
  readonly name:
    | 'write'
    | 'create'
    | 'open'
    | 'append'
    | 'sync'
    | 'truncate'
    | 'makeDirectory'
    | 'rename'
    | 'remove';
  readonly path: string;
}

/** Which operation goes wrong, and how. */
export interface FaultPlan {
  /** Decides how much of a cut-off operation happened. */
  readonly seed: number | string;
  /** The changing operation, counted from 1 since the start or restart, at which it begins. Absent: never. */
  readonly at?: number;
  /** `crash`: the machine loses power; `full`: no space is left; `fail`: an input/output error. Default `crash`. */
  readonly fault?: 'crash' | 'full' | 'fail';
  /** Operations in a row that are `full` or `fail`. Default 1. */
  readonly times?: number;
  /** `full` and `fail` begin again after so many operations. Default: never. */
  readonly every?: number;
  /** Only these operations are counted. Default all that change something. */
  readonly counts?: (operation: StorageOperation) => boolean;
  /** Called at the instant of a crash, before anything else happens, with what is left of each open file. */
  readonly onCrash?: (left: readonly LeftFile[]) => void;
}

/** How much of a file that was open at a crash the disk still has. */
export interface LeftFile {
  readonly path: string;
  readonly sizeBytes: number;
}

/** A storage whose faults are planned. */
export interface FaultyStorage extends Storage {
  /** Changing operations since the start or restart. */
  readonly operations: number;
  /** True from a crash until `restart`: every call fails with `storage_crashed`. */
  readonly crashed: boolean;
  /** Starts the machine again with another plan; files opened before stay dead. */
  restart(plan: FaultPlan): void;
  /** Pulls the plug now. */
  crash(): Promise<void>;
}

interface OpenFile {
  readonly path: string;
  readonly inner: AppendFile;
  syncedBytes: number;
}

/**
 * A storage that fails as planned, for simulation tests. At a crash every open file loses a random part
 * of what was appended and not synced; the operation itself happened not at all, in part, or whole.
 */
export function faultyStorage(inner: Storage, firstPlan: FaultPlan): FaultyStorage {
  let plan = firstPlan;
  let random: Random = seededRandom(plan.seed);
  let operations = 0;
  let crashed = false;
  const openFiles = new Set<OpenFile>();

  const assertAlive = (): void => {
    if (crashed) throw new OctavoError('storage_crashed');
  };
  /** What comes back after a crash comes back to nobody. */
  const living = async <T>(run: () => Promise<T>): Promise<T> => {
    assertAlive();
    const result = await run();
    assertAlive();
    return result;
  };
  const crash = async (): Promise<void> => {
    crashed = true;
    const lost = [...openFiles].map((file) => ({ ...file, sizeBytes: leftOf(file, random) }));
    openFiles.clear();
    plan.onCrash?.(lost.map(({ path, sizeBytes }) => ({ path, sizeBytes })));
    for (const { inner: file, sizeBytes } of lost) await cut(file, sizeBytes);
  };
  /** Runs the operation, or the planned fault with `part`, which does some of it. */
  const act = async <T>(
    operation: StorageOperation,
    whole: () => Promise<T>,
    part: () => Promise<unknown> = async () => undefined,
  ): Promise<T> => {
    assertAlive();
    if (plan.counts?.(operation) ?? true) operations += 1;
    const fault = plan.fault ?? 'crash';
    const times = fault === 'crash' ? 1 : (plan.times ?? 1);
    const since = plan.at === undefined ? -1 : operations - plan.at;
    const hit = since >= 0 && since % (plan.every ?? Infinity) < times;
    if (!hit || !(plan.counts?.(operation) ?? true)) return await living(whole);
    if (fault === 'full') {
      if (operation.name === 'remove' || operation.name === 'sync' || operation.name === 'truncate')
        return await whole();
      await part();
      throw new OctavoError('storage_full', `${operation.path} (planned)`);
    }
    if (fault === 'fail') {
      await part();
      throw new OctavoError('storage_failed', `${operation.path} (planned)`);
    }
    const extent = random.below(3);
    if (extent === 1) await part();
    if (extent === 2) await whole();
    await crash();
    throw new OctavoError(
      'storage_crashed',
      `at operation ${operations}, ${operation.name} ${operation.path}`,
    );
  };
  const leaveTemporary = (path: string, bytes: Uint8Array | string) => async (): Promise<void> => {
    const content = Buffer.from(bytes as Uint8Array);
    const temporary = join(dirname(path), `.${basename(path)}.${random.below(2 ** 32)}.tmp`);
    await inner.write(temporary, content.subarray(0, random.below(content.length + 1)));
  };

  return {
    get operations() {
      return operations;
    },
    get crashed() {
      return crashed;
    },
    restart: (next) => {
      plan = next;
      random = seededRandom(next.seed);
      operations = 0;
      crashed = false;
    },
    crash,
    read: (path, range) => living(() => inner.read(path, range)),
    list: (directory) => living(() => inner.list(directory)),
    stat: (path) => living(() => inner.stat(path)),
    write: (path, bytes) =>
      act({ name: 'write', path }, () => inner.write(path, bytes), leaveTemporary(path, bytes)),
    create: (path, bytes) =>
      act({ name: 'create', path }, () => inner.create(path, bytes), leaveTemporary(path, bytes)),
    append: (path) =>
      act({ name: 'open', path }, async () => {
        const opened = await inner.append(path);
        if (crashed) await opened.close();
        const file: OpenFile = { path, inner: opened, syncedBytes: opened.sizeBytes };
        if (!crashed) openFiles.add(file);
        return appendFile(file, {
          act,
          random: () => random,
          closed: () => !openFiles.delete(file),
          alive: () => openFiles.has(file),
        });
      }),
    sync: (paths) => act({ name: 'sync', path: paths[0] ?? '' }, () => inner.sync(paths)),
    makeDirectory: (path) => act({ name: 'makeDirectory', path }, () => inner.makeDirectory(path)),
    rename: (from, to, options) => act({ name: 'rename', path: from }, () => inner.rename(from, to, options)),
    remove: (path) => act({ name: 'remove', path }, () => inner.remove(path)),
  };
}

interface Machine {
  act<T>(operation: StorageOperation, whole: () => Promise<T>, part?: () => Promise<unknown>): Promise<T>;
  random(): Random;
  /** Forgets the file; true when it was forgotten before. */
  closed(): boolean;
  alive(): boolean;
}

function appendFile(file: OpenFile, machine: Machine): AppendFile {
  const { path, inner } = file;
  let syncFailed = false;
  const assertOpen = (): void => {
    if (!machine.alive())
      throw new OctavoError('storage_crashed', `${path} was open when the machine crashed`);
  };
  return {
    get sizeBytes() {
      return inner.sizeBytes;
    },
    append: async (bytes) => {
      assertOpen();
      const torn = (): Promise<void> =>
        inner.append(bytes.subarray(0, machine.random().below(bytes.byteLength + 1)));
      await machine.act({ name: 'append', path }, () => inner.append(bytes), torn);
    },
    sync: async () => {
      assertOpen();
      if (syncFailed)
        throw new OctavoError('storage_failed', `${path} was not synced before; close it and read it again`);
      try {
        await machine.act({ name: 'sync', path }, async () => {
          const sizeBytes = inner.sizeBytes;
          await inner.sync();
          file.syncedBytes = sizeBytes;
        });
      } catch (error) {
        syncFailed = true;
        throw error;
      }
    },
    truncate: async (sizeBytes) => {
      assertOpen();
      await machine.act({ name: 'truncate', path }, async () => {
        await inner.truncate(sizeBytes);
        file.syncedBytes = Math.min(file.syncedBytes, sizeBytes);
      });
    },
    close: async () => {
      if (machine.closed()) return;
      // After a failed fsync the kernel has dropped what it could not write, whatever a later one says.
      if (syncFailed) await cut(inner, leftOf(file, machine.random()));
      else await inner.close();
    },
  };
}

/** What is synced, and a random part of what is not. */
function leftOf(file: OpenFile, random: Random): number {
  return file.syncedBytes + random.below(Math.max(0, file.inner.sizeBytes - file.syncedBytes) + 1);
}

async function cut(file: AppendFile, sizeBytes: number): Promise<void> {
  await file.truncate(sizeBytes);
  await file.close();
}
