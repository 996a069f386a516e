import { gauge, type Clock, type Logger, type Storage } from '../../base/index.ts';
import { Checkpoint } from './checkpoint.ts';
import { BytePool } from './deliver/byte-pool.ts';
import type { Sink } from './deliver/sink.ts';
import { Sessions } from './event/sessions.ts';
import type { LogFiles } from './file/log-files.ts';
import { Tracker } from './file/tracker.ts';
import { Troubles, type Trouble } from './file/troubles.ts';
import type { Input } from './input.ts';
import { Outbox, type AgentTotals } from './outbox.ts';
import { ReadRounds } from './read-rounds.ts';
import { readState } from './state.ts';

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

/** A file's place, for people. */
export interface FileLag {
  readonly path: string;
  readonly acknowledgedBytes: number;
  readonly lagBytes: number;
}

/** Follows log files and sends what is in them. Made by `openAgent`. */
export class Agent {
  readonly totals: AgentTotals;
  readonly #options: AgentOptions;
  readonly #tracker: Tracker;
  readonly #troubles: Troubles;
  readonly #rounds: ReadRounds;
  readonly #outbox: Outbox;
  readonly #checkpoint: Checkpoint;
  #scannedMs = -Infinity;
  #scanCostMs = 0;
  #measured: ReadonlySet<string> = new Set();
  #toldTurn = 0;

  constructor(
    options: AgentOptions,
    tracker: Tracker,
    parts: { readonly sessions: Sessions | undefined; readonly troubles: Troubles },
  ) {
    const { sink, logger, queueBytesMax, once: failFast } = options;
    this.#options = options;
    this.#tracker = tracker;
    this.#troubles = parts.troubles;
    this.totals = { lines: 0, accepted: 0, duplicates: 0, failed: 0, bytes: 0 };
    const { totals } = this;
    const pool = new BytePool(poolBytesMax);
    const common = { sessions: parts.sessions, logger, failFast, pool };
    this.#checkpoint = new Checkpoint({ ...options, ...common, tracker, outbox: () => this.#outbox });
    const save = async (): Promise<void> => await this.#checkpoint.save();
    const reorderMs = options.sessions?.reorderMs ?? 0;
    this.#outbox = new Outbox({ ...common, sink, reorderMs, queueBytesMax, totals, save });
    this.#rounds = new ReadRounds({ ...options, ...parts, tracker, pool, totals, outbox: this.#outbox });
  }

  /** The files that are followed now. */
  get lags(): readonly FileLag[] {
    return this.#tracker.attached.map((file) => ({
      path: file.path,
      acknowledgedBytes: file.acknowledged.offset,
      lagBytes: file.lagBytes,
    }));
  }

  /** Files that cannot be read, or not to their end. */
  get troubles(): readonly Trouble[] {
    return this.#troubles.all;
  }

  /** Deliveries that are not acknowledged. */
  get underWay(): number {
    return this.#outbox.sending.size;
  }

  /** Inodes of the files that are held open. */
  get openInodes(): ReadonlySet<number> {
    return this.#tracker.openInodes;
  }

  /** Works until the signal aborts; with `once` until everything that is there is acknowledged. Rejects when sending fails for good. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        const moved = await this.step();
        if (this.#options.once && !moved && this.#outbox.idle) break;
        if (!moved) await this.#rest(signal);
      }
      // What was read is sent, but nothing more is read; a collector that is away does not keep the agent from stopping.
      if (!signal.aborted) await this.flush();
      this.#tracker.gzip.tellDamaged(this.#options.clock.now(), this.#options.once);
    } finally {
      await this.close();
    }
  }

  /** Looks for files when it is time, reads one chunk of each that has some, and sends what may go. True when something was read or sent. */
  async step(): Promise<boolean> {
    this.#outbox.check();
    const { clock, scanMs } = this.#options;
    const nowMs = clock.now();
    // Very many files are looked at so seldom that it takes a tenth of the time.
    const waitMs = Math.max(scanMs, this.#scanCostMs * 10);
    const isDue = nowMs - this.#scannedMs >= waitMs || nowMs < this.#scannedMs;
    if (isDue || this.#tracker.isPending) {
      this.#scannedMs = nowMs;
      this.#tracker.scan(nowMs);
      this.#measure();
      this.#scanCostMs = Math.max(0, clock.now() - nowMs);
    }
    const read = await this.#rounds.read(nowMs);
    const sent = await this.#outbox.release(nowMs, this.#options.once && !read);
    await this.#checkpoint.saveWhenDue();
    return read || sent || this.#tracker.isPending;
  }

  /** Sends everything that was read and waits until it is acknowledged and saved. */
  async flush(): Promise<void> {
    await this.#outbox.flush();
    await this.#checkpoint.save();
  }

  /** Ends what is on the way without waiting for it, and saves what is acknowledged. */
  async close(): Promise<void> {
    await this.#outbox.close();
    try {
      if (this.#outbox.moved) await this.#checkpoint.save();
    } finally {
      this.#tracker.close();
    }
  }

  async #rest(signal: AbortSignal): Promise<void> {
    const waiting = this.#options.clock
      .sleep(this.#outbox.holds ? shortMs : pollMs, signal)
      .catch(() => undefined);
    const { sending } = this.#outbox;
    await (sending.size === 0 ? waiting : Promise.race([waiting, ...sending]));
  }

  #measure(): void {
    gauge('octavo_collect_ship_queue_bytes', this.#outbox.queuedBytes);
    gauge('octavo_collect_ship_troubled_files', this.#troubles.all.length);
    const files = this.#tracker.attached;
    for (const file of files) gauge('octavo_collect_ship_lag_bytes', file.lagBytes, { file: file.path });
    const now = new Set(files.map((file) => file.path));
    for (const path of this.#measured)
      if (!now.has(path)) gauge('octavo_collect_ship_lag_bytes', undefined, { file: path });
    this.#measured = now;
    // The state says it too.
    if (this.#troubles.turn !== this.#toldTurn) this.#outbox.moved = true;
    this.#toldTurn = this.#troubles.turn;
  }
}

/** Of events that were delivered, for those that come. */
const poolBytesMax = 32 * 1024 * 1024;
const pollMs = 200;
const shortMs = 50;
/** Makes an agent that goes on where the last one in its folder was acknowledged. Errors: `ship_state_damaged`. */
export async function openAgent(options: AgentOptions): Promise<Agent> {
  const { storage, directory, name, files, inputs, logger, idleMs, forgetMs, once } = options;
  await storage.makeDirectory(directory);
  const saved = await readState(storage, directory);
  const troubles = new Troubles(logger);
  const parts = { name, files, inputs, logger, idleMs, forgetMs, once, troubles };
  const tracker = new Tracker(parts, saved?.files ?? []);
  const sessions =
    options.sessions === undefined
      ? undefined
      : new Sessions({ ...options.sessions, salt: name }, saved?.sessions);
  return new Agent(options, tracker, { sessions, troubles });
}
