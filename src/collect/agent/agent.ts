import { gauge, count, type Clock, type Logger, type Storage } from '../../base/index.ts';
import type { Sink } from './deliver/sink.ts';
import type { EventPack } from './deliver/event-pack.ts';
import { Sessions } from './event/sessions.ts';
import type { LogFiles } from './file/log-files.ts';
import { readFile } from './file/read-file.ts';
import type { TrackedFile } from './file/tracked-file.ts';
import { Tracker } from './file/tracker.ts';
import type { Input } from './input.ts';
import { eventsOf, lineBatch, type LineBatch } from './line-batch.ts';
import { readState, writeState } from './state.ts';

/** What an agent is made of. */
export interface AgentOptions {
  readonly name: string;
  readonly inputs: readonly Input[];
  readonly sink: Sink;
  readonly files: LogFiles;
  /** For the state. */
  readonly storage: Storage;
  /** Folder of the state, absolute. */
  readonly directory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How visits are told apart; not at all when absent. */
  readonly sessions?: { readonly idleMs: number; readonly reorderMs: number } | undefined;
  /** Reads what there is, files without a newer line to their last letter, and ends. */
  readonly once: boolean;
  /** Bytes that were read and are not acknowledged; beyond it nothing is read. */
  readonly queueBytesMax: number;
  readonly idleMs: number;
  readonly forgetMs: number;
  readonly scanMs: number;
}

/** What an agent did since its start. */
export interface AgentTotals {
  lines: number;
  accepted: number;
  duplicates: number;
  failed: number;
  bytes: number;
}

/** A file's place, for people. */
export interface FileLag {
  readonly path: string;
  readonly acknowledgedBytes: number;
  readonly lagBytes: number;
}

/** Follows log files and sends what is in them. Made by `openAgent`. */
export class Agent {
  readonly totals: AgentTotals = { lines: 0, accepted: 0, duplicates: 0, failed: 0, bytes: 0 };
  readonly #options: AgentOptions;
  readonly #tracker: Tracker;
  readonly #sessions: Sessions | undefined;
  /** Read, and not yet on the way: the visits of the newest are not settled. */
  #held: LineBatch[] = [];
  readonly #sending = new Set<Promise<void>>();
  /** Read and not acknowledged. */
  readonly #waiting = new Set<LineBatch>();
  #queuedBytes = 0;
  #failure: unknown;
  #scannedMs = -Infinity;
  #savedMs = 0;
  #saveCostMs = 0;
  #dirty = false;
  #saving: Promise<void> | undefined;
  #turn = 0;
  readonly #stop = new AbortController();

  constructor(options: AgentOptions, tracker: Tracker, sessions: Sessions | undefined) {
    this.#options = options;
    this.#tracker = tracker;
    this.#sessions = sessions;
  }

  /** The files that are followed now. */
  get lags(): readonly FileLag[] {
    return this.#tracker.attached.map((file) => ({
      path: file.path,
      acknowledgedBytes: file.acknowledged.offset,
      lagBytes: file.lagBytes,
    }));
  }

  /** Inodes of the files that are held open. */
  get openInodes(): ReadonlySet<number> {
    return new Set(
      this.#tracker.attached.filter((file) => file.handle !== undefined).map((file) => file.inode),
    );
  }

  /** Works until the signal aborts; with `once` until everything that is there is acknowledged. Rejects when sending fails for good. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        const moved = await this.step();
        if (this.#options.once && !moved && this.idle) break;
        if (!moved) await this.#rest(signal);
      }
      // What was read is sent, but nothing more is read; a collector that is away does not keep the agent from stopping.
      if (!signal.aborted) await this.flush();
    } finally {
      await this.close();
    }
  }

  /** True when nothing is held or on the way. */
  get idle(): boolean {
    return this.#held.length === 0 && this.#sending.size === 0;
  }

  /** Looks for files when it is time, reads one chunk of each that has some, and sends what may go. True when something was read or sent. */
  async step(): Promise<boolean> {
    if (this.#failure !== undefined) throw this.#failure;
    const { clock, scanMs } = this.#options;
    const nowMs = clock.now();
    if (nowMs - this.#scannedMs >= scanMs || nowMs < this.#scannedMs) {
      this.#scannedMs = nowMs;
      this.#tracker.scan(nowMs);
      this.#measure();
    }
    const read = await this.#readRound(nowMs);
    const sent = await this.#release(nowMs, this.#options.once && !read);
    await this.#saveWhenDue();
    return read || sent;
  }

  /** Sends everything that was read and waits until it is acknowledged and saved. */
  async flush(): Promise<void> {
    while (this.#held.length > 0 || this.#sending.size > 0) {
      const [batch] = this.#held;
      if (batch !== undefined && this.#sending.size < this.#options.sink.atOnce) {
        this.#held.shift();
        await this.#send(batch);
      } else await Promise.race(this.#sending);
      if (this.#failure !== undefined) throw this.#failure;
    }
    await this.save();
  }

  /** Writes how far every file is acknowledged. */
  async save(): Promise<void> {
    while (this.#saving !== undefined) await this.#saving;
    this.#saving = this.#write().finally(() => {
      this.#saving = undefined;
    });
    await this.#saving;
  }

  /** Ends what is on the way without waiting for it, and saves what is acknowledged. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#sending);
    try {
      if (this.#dirty) await this.save();
    } finally {
      for (const file of this.#tracker.known) file.close();
      await this.#options.sink.close();
    }
  }

  /** One chunk of every file that has something, beginning with another one each time; with `once` the oldest file first. */
  async #readRound(nowMs: number): Promise<boolean> {
    const { once, queueBytesMax } = this.#options;
    const files = this.#tracker.attached;
    this.#turn += 1;
    let moved = false;
    const ordered = once ? files.toSorted(byAge) : files;
    for (let index = 0; index < ordered.length; index++) {
      if (this.#queuedBytes >= queueBytesMax) break;
      const file = ordered[once ? index : (index + this.#turn) % ordered.length];
      if (file === undefined || !(await this.#readChunk(file, nowMs))) continue;
      moved = true;
      if (once) break;
    }
    return moved;
  }

  async #readChunk(file: TrackedFile, nowMs: number): Promise<boolean> {
    const input = this.#options.inputs[file.input];
    if (input === undefined) return false;
    if (!file.gzip && file.handle === undefined) {
      if (file.read.offset >= (file.info?.sizeBytes ?? 0) || !this.#tracker.reopen(file)) return false;
    }
    const read = await readFile(file, {
      tracker: this.#tracker,
      rules: input.split,
      chunkBytes: Math.max(chunkBytes, input.split.recordBytesMax * 4),
      whole: this.#wholeness(file, input, nowMs),
      nowMs,
      onDamage: (damaged, error) => {
        count('octavo_collect_ship_damaged_files_total');
        this.#options.logger.error('a compressed file is damaged; it is read up to there', {
          file: damaged.path,
          error,
        });
      },
    });
    if (read === undefined) return false;
    const batch = lineBatch(read, input, this.#sessions, nowMs);
    if (batch.newestMs > file.newestMs) file.newestMs = batch.newestMs;
    this.totals.lines += read.split.records.length;
    this.totals.bytes += read.bytes;
    this.#queuedBytes += batch.bytes;
    this.#held.push(batch);
    this.#waiting.add(batch);
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

  /** Sends the batches whose visits are settled: the log is far enough ahead, or so much time has passed, or there is no more room. */
  async #release(nowMs: number, last: boolean): Promise<boolean> {
    const { sessions, sink, queueBytesMax } = this.#options;
    let sent = false;
    while (this.#held.length > 0 && this.#sending.size < sink.atOnce) {
      const full = this.#queuedBytes >= queueBytesMax / 2;
      const index = this.#held.findIndex(
        ({ stretch, newestMs, readMs }) =>
          sessions === undefined ||
          full ||
          last ||
          stretch.file.newestMs >= newestMs + sessions.reorderMs ||
          nowMs - readMs >= sessions.reorderMs,
      );
      const [batch] = index < 0 ? [] : this.#held.splice(index, 1);
      if (batch === undefined) break;
      await this.#send(batch);
      sent = true;
    }
    return sent;
  }

  async #send(batch: LineBatch): Promise<void> {
    const { file } = batch.stretch;
    // Ids and forced ends must be known after a crash, or what is read again would get others.
    if (!file.saved) await this.save();
    const sending = this.#deliver(batch)
      .catch((error: unknown) => {
        if (!this.#stop.signal.aborted) this.#failure ??= error;
      })
      .finally(() => {
        this.#sending.delete(sending);
        this.#queuedBytes -= batch.bytes;
      });
    this.#sending.add(sending);
  }

  async #deliver(batch: LineBatch): Promise<void> {
    const { sink } = this.#options;
    const pack = eventsOf(batch, this.#sessions);
    let refused = batch.refused;
    for (let from = 0; from < pack.count || refused.length > 0;) {
      const to = rangeEnd(pack, from, sink);
      const room = Math.max(0, Math.min(sink.eventsMax - (to - from), refusedMax));
      const shipment = { events: { pack, from, to }, refused: refused.slice(0, room) };
      refused = refused.slice(room);
      from = to;
      const { accepted, duplicates, failed } = await sink.send(shipment, this.#stop.signal);
      this.totals.accepted += accepted;
      this.totals.duplicates += duplicates;
      this.totals.failed += failed;
    }
    batch.stretch.file.acknowledge(batch.stretch);
    this.#waiting.delete(batch);
    this.#dirty = true;
  }

  async #saveWhenDue(): Promise<void> {
    if (!this.#dirty || this.#saving !== undefined) return;
    // Visits make the state large: it is written so seldom that it takes a twentieth of the time.
    const dueMs = this.#savedMs + Math.max(saveMs, this.#saveCostMs * 20);
    if (this.#options.clock.now() < dueMs) return;
    await this.save();
  }

  async #write(): Promise<void> {
    const { storage, directory, clock } = this.#options;
    const startedMs = clock.now();
    const known = [...this.#tracker.known];
    this.#dirty = false;
    const cuts = known.map((file) => file.cuts);
    try {
      const state = { version: 1 as const, savedMs: startedMs, files: known.map((file) => file.save()) };
      await writeState(storage, directory, {
        ...state,
        files: state.files.map((file) => ({ ...file, cuts: [...file.cuts] })),
        sessions: (this.#sessions?.save(this.#floorMs()) ?? []).map((one) => [...one]),
      });
    } catch (error) {
      this.#dirty = true;
      throw error;
    }
    for (const [index, file] of known.entries()) if (file.cuts === cuts[index]) file.saved = true;
    this.#savedMs = clock.now();
    this.#saveCostMs = this.#savedMs - startedMs;
  }

  /** The oldest time that lines can have whose visits are yet asked for: read and not acknowledged, or yet to be read. */
  #floorMs(): number {
    const files = this.#tracker.attached.filter((file) => Number.isFinite(file.newestMs));
    const behind = files.filter((file) => file.read.offset < (file.info?.sizeBytes ?? 0) && !file.gzip);
    const waiting = [...this.#waiting].map((batch) => batch.oldestMs);
    return behind.length + waiting.length > 0
      ? Math.min(...waiting, ...behind.map((file) => file.newestMs))
      : Math.max(...files.map((file) => file.newestMs));
  }

  async #rest(signal: AbortSignal): Promise<void> {
    const waiting = this.#options.clock
      .sleep(this.#held.length > 0 ? shortMs : pollMs, signal)
      .catch(() => undefined);
    await (this.#sending.size === 0 ? waiting : Promise.race([waiting, ...this.#sending]));
  }

  #measure(): void {
    gauge('octavo_collect_ship_queue_bytes', this.#queuedBytes);
    for (const file of this.#tracker.attached)
      gauge('octavo_collect_ship_lag_bytes', file.lagBytes, { file: file.path });
  }
}

const chunkBytes = 256 * 1024;
const saveMs = 1000;
const pollMs = 200;
const shortMs = 50;
/** A file that was left by its writer and has not grown for so long has no line that is still being written. */
const leftMs = 30_000;
/** Most refused lines of a shipment: each may be long. */
const refusedMax = 100;

/** How many events a shipment takes, one at least. */
function rangeEnd({ count: all, places }: EventPack, from: number, { eventsMax, bytesMax }: Sink): number {
  const start = places[from] ?? 0;
  let to = from;
  while (to < all && to - from < eventsMax && (to === from || (places[to + 1] ?? 0) - start <= bytesMax))
    to++;
  return to;
}

function byAge(a: TrackedFile, b: TrackedFile): number {
  return (a.info?.modifiedMs ?? 0) - (b.info?.modifiedMs ?? 0) || rotation(b.path) - rotation(a.path);
}

/** The number of a rotated file, 2 of `access.log.2.gz`: of files of one instant the higher is the older. */
function rotation(path: string): number {
  return Number(/\.(\d+)(?:\.[a-z]\w*)?$/.exec(path)?.[1] ?? 0);
}

/** Makes an agent that goes on where the last one in its folder was acknowledged. Errors: `ship_state_damaged`. */
export async function openAgent(options: AgentOptions): Promise<Agent> {
  const { storage, directory, name, files, inputs, logger, idleMs, forgetMs, once } = options;
  await storage.makeDirectory(directory);
  const saved = await readState(storage, directory);
  const tracker = new Tracker({ name, files, inputs, logger, idleMs, forgetMs, once }, saved?.files ?? []);
  const sessions =
    options.sessions === undefined
      ? undefined
      : new Sessions({ ...options.sessions, salt: name }, saved?.sessions);
  return new Agent(options, tracker, sessions);
}
