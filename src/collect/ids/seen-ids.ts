import { OctavoError, toOctavoError, type Clock, type Logger, type Storage } from '../../base/index.ts';
import type { EventLog } from '../event-log.ts';
import { IdFiles } from './id-files.ts';
import { bucketOf, createKeyReader, minuteOf, type IdKey } from './id-key.ts';
import { IdTable } from './id-table.ts';

/** What is known of an id at once: `ask` means that only the disk can say. */
export type Sight = 'new' | 'known' | 'ask';

/**
 * The ids of the stored events of 30 days, by source. The newest lie in memory, all others in files by the minute that an
 * id of version 7 tells, so that only the files of that minute are looked at. An id of another version is looked for in all.
 */
export interface SeenIds {
  /** Remembers an id of 32 hexadecimal digits, with or without dashes, unless it is known. */
  add(source: string, id: string): Sight;
  /** Whether the disk has it. */
  onDisk(source: string, id: string): Promise<boolean>;
  /** Whether it is remembered, anywhere. */
  has(source: string, id: string): Promise<boolean>;
  /** Forgets an id that could not be stored. */
  delete(source: string, id: string): void;
  /** Waits while the memory is full and is being written out; undefined when there is room. */
  room(): Promise<void> | undefined;
  /** Writes what is in memory to the disk. */
  save(): Promise<void>;
  /** Writes now and then from now on, until it is closed. */
  start(): void;
  close(): Promise<void>;
}

export interface SeenIdsOptions {
  readonly storage: Storage;
  readonly directory: string;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ids that lie in memory before they are written out; it takes 56 bytes each, twice. Default 500,000. */
  readonly inMemory?: number;
  /** Bytes of filters that are kept in memory, for the ids of some million events. Default 16 MiB. */
  readonly filterBytesMax?: number;
  /** Resolves when every id that was added so far is either stored or deleted again. */
  readonly settled: () => Promise<void>;
  /** Offsets of the partitions up to which earlier records were added so far; undefined once all are. Default: all are. */
  readonly reached?: () => readonly number[] | undefined;
}

const dayMs = 24 * 3_600_000;
/** An id may tell a time so far back, and a day ahead; others tell none that is believed. */
const believedDays = 400;
const saveEveryMs = 60_000;
/** More ids than are written at once may come while that is done, up to this share. */
const fullShare = 1.8;

/** Opens the ids of a folder. What was stored after they were last written is to be added from the log, from `covered` on. */
export async function openSeenIds(
  options: SeenIdsOptions,
): Promise<{ readonly seen: SeenIds; readonly covered: readonly number[] }> {
  const { storage, directory, log, clock, logger, inMemory = 500_000 } = options;
  const filterBytesMax = options.filterBytesMax ?? 16 * 1024 * 1024;
  const files = await IdFiles.open({ storage, directory, logger, mergeMax: inMemory, filterBytesMax });
  const { covered } = files;
  let [young, old] = [new IdTable(inMemory * 2), new IdTable(inMemory * 2)];
  const readKey = createKeyReader();
  const key: IdKey = new Uint32Array(4);
  const minuteAt = (madeMs: number, nowMs: number): number =>
    minuteOf(madeMs, nowMs - believedDays * dayMs, nowMs + dayMs);
  const onDisk = async (source: string, id: string): Promise<boolean> => {
    const own: IdKey = new Uint32Array(4);
    const madeMs = readKey(source, id, own);
    return await files.has(minuteAt(madeMs, clock.now()), own);
  };
  /** What is not in the files yet stays in the log, also when it is loaded. */
  const hold = async (): Promise<void> => {
    for (let partition = 0; partition < log.partitions; partition++)
      await log.hold?.(partition, files.covered[partition] ?? 0);
  };

  /** What `old` has and no file: its write failed. */
  let unsaved: readonly number[] | undefined;
  const saveOld = async (ends: readonly number[]): Promise<void> => {
    unsaved = ends;
    await files.write(old, ends, clock.now());
    unsaved = undefined;
    await hold();
  };
  const save = async (): Promise<void> => {
    if (unsaved !== undefined) await saveOld(unsaved);
    // Records before these are durable, so their ids are in the tables already.
    const ends =
      options.reached?.() ??
      (await Promise.all(Array.from({ length: log.partitions }, (_, index) => log.end(index))));
    if (young.used === 0) return;
    [young, old] = [old, young];
    young.clear();
    await options.settled();
    await saveOld(ends);
  };
  let saving: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    saving ??= save()
      .catch((error: unknown) => {
        // What could not be written stays known as long as it lies in memory, and is read from the log at the next start.
        logger.error('the ids of stored events could not be written', { error: toOctavoError(error) });
      })
      .finally(() => {
        saving = undefined;
      });
    return saving;
  };
  const makeRoom = async (): Promise<void> => {
    const full = (): boolean => young.used >= inMemory * fullShare;
    await begin();
    // That may have been one that was under way, and what came since fills the room.
    if (full()) await begin();
    if (full()) throw new OctavoError('storage_failed', 'the ids of stored events could not be written');
  };

  await hold();
  const closing = new AbortController();
  const saveNowAndThen = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await clock.sleep(saveEveryMs, closing.signal).catch(() => undefined);
      if (!closing.signal.aborted) await begin();
    }
  };

  const seen: SeenIds = {
    add: (source, id) => {
      const nowMs = clock.now();
      const minute = minuteAt(readKey(source, id, key), nowMs);
      if (old.has(key) || !young.add(key, bucketOf(minute, nowMs))) return 'known';
      if (young.used >= inMemory && saving === undefined) void begin();
      return files.mayHave(minute, key) ? 'ask' : 'new';
    },
    onDisk,
    has: async (source, id) => {
      readKey(source, id, key);
      return young.has(key) || old.has(key) || (await onDisk(source, id));
    },
    delete: (source, id) => {
      readKey(source, id, key);
      young.delete(key);
      old.delete(key);
    },
    room: () => (young.used < inMemory * fullShare ? undefined : makeRoom()),
    save: begin,
    start: () => void saveNowAndThen(),
    close: async () => {
      closing.abort();
      await saving;
      await begin();
    },
  };
  return { seen, covered };
}
