import { hasCode } from '../../base/index.ts';
import type { BytePool } from './deliver/byte-pool.ts';
import type { Sessions } from './event/sessions.ts';
import { readFile, ReadMemory } from './file/read-file.ts';
import type { TrackedFile } from './file/tracked-file.ts';
import type { Tracker } from './file/tracker.ts';
import type { Troubles } from './file/troubles.ts';
import type { Input } from './input.ts';
import { lineBatch } from './line-batch.ts';
import type { AgentTotals, Outbox } from './outbox.ts';

/** What is read, and where it goes. */
export interface ReadRoundsOptions {
  readonly inputs: readonly Input[];
  readonly tracker: Tracker;
  readonly sessions: Sessions | undefined;
  readonly troubles: Troubles;
  readonly outbox: Outbox;
  readonly pool: BytePool;
  readonly totals: AgentTotals;
  /** Reads what there is, files without a newer line to their last letter. */
  readonly once: boolean;
  /** Bytes that were read and are not acknowledged; beyond it nothing is read. */
  readonly queueBytesMax: number;
}

/** Reads the files in turns, and hands over the events of their lines. */
export class ReadRounds {
  readonly #options: ReadRoundsOptions;
  /** What is read lies here until its lines are events. */
  readonly #memory = new ReadMemory();
  #turn = 0;

  constructor(options: ReadRoundsOptions) {
    this.#options = options;
  }

  /** One chunk of every file that has something, beginning with another one each time; with `once` the oldest file first. */
  async read(nowMs: number): Promise<boolean> {
    const { once, queueBytesMax, tracker, outbox } = this.#options;
    const files = tracker.attached;
    this.#turn += 1;
    let moved = false;
    const ordered = once ? files.toSorted(byAge) : files;
    for (let index = 0; index < ordered.length; index++) {
      if (outbox.queuedBytes >= queueBytesMax) break;
      const file = ordered[once ? index : (index + this.#turn) % ordered.length];
      if (file === undefined || !mayHaveMore(file) || !(await this.#readGuarded(file, nowMs))) continue;
      moved = true;
      if (once) break;
    }
    return moved;
  }

  /** A file that cannot be read rests for a while, with `once` for good; the others are read. */
  async #readGuarded(file: TrackedFile, nowMs: number): Promise<boolean> {
    const restMs = nowMs - file.failedMs;
    if (restMs >= 0 && (this.#options.once ? restMs < Infinity : restMs < failedRestMs)) return false;
    try {
      return await this.#readChunk(file, nowMs);
    } catch (error) {
      if (!hasCode(error, 'storage_failed')) throw error;
      file.failedMs = nowMs;
      file.close();
      this.#options.troubles.unreadable(file.path, file.read.offset, error);
      return false;
    }
  }

  async #readChunk(file: TrackedFile, nowMs: number): Promise<boolean> {
    const input = this.#options.inputs[file.input];
    if (input === undefined) return false;
    if (!file.gzip && file.handle === undefined) {
      if (file.read.offset >= (file.info?.sizeBytes ?? 0) || !this.#options.tracker.reopen(file))
        return false;
    }
    const read = await readFile(file, {
      tracker: this.#options.tracker,
      rules: input.split,
      chunkBytes: Math.max(
        Math.min(chunkBytes, this.#options.queueBytesMax / 4),
        input.split.recordBytesMax * 4,
      ),
      whole: this.#wholeness(file, input, nowMs),
      nowMs,
      memory: this.#memory,
    });
    if (file.failedMs > -Infinity) this.#options.troubles.heal(file.path);
    file.failedMs = -Infinity;
    if (read === undefined) return false;
    const batch = lineBatch(read, input, {
      sessions: this.#options.sessions,
      pool: this.#options.pool,
      readMs: nowMs,
    });
    if (batch.newestMs > file.newestMs) file.newestMs = batch.newestMs;
    this.#options.totals.lines += read.split.records.length;
    this.#options.totals.bytes += read.bytes;
    this.#options.outbox.add(batch);
    return true;
  }

  /** What is whole at the end of a file: its writer may be in the middle of a line, or a record may go on. */
  #wholeness(file: TrackedFile, { timeoutMs }: Input, nowMs: number): 'none' | 'lines' | 'all' {
    const idleMs = nowMs - file.grownMs;
    const left = file.info?.links === 0 || file.renamed;
    if (left && idleMs >= leftMs) return 'all';
    if (this.#options.once) return nowMs - (file.info?.modifiedMs ?? nowMs) >= leftMs ? 'all' : 'lines';
    return timeoutMs !== undefined && idleMs >= timeoutMs ? 'lines' : 'none';
  }
}

/** Of a file at once: the larger, the fewer waits for the disk, each of which is for all lines before it. */
const chunkBytes = 1024 * 1024;
/** A file that was left by its writer and has not grown for so long has no line that is still being written. */
const leftMs = 30_000;
/** A file that could not be read is tried again after so long. */
const failedRestMs = 5000;

/** Whether a file may have something that was not read; one that is closed has it when it was seen to be longer. */
function mayHaveMore({ gzip, complete, handle, read, info }: TrackedFile): boolean {
  return gzip ? complete === undefined : handle !== undefined || read.offset < (info?.sizeBytes ?? 0);
}

function byAge(a: TrackedFile, b: TrackedFile): number {
  return (a.info?.modifiedMs ?? 0) - (b.info?.modifiedMs ?? 0) || rotation(b.path) - rotation(a.path);
}

/** The number of a rotated file, 2 of `access.log.2.gz`: of files of one instant the higher is the older. */
function rotation(path: string): number {
  return Number(/\.(\d+)(?:\.[a-z]\w*)?$/.exec(path)?.[1] ?? 0);
}
