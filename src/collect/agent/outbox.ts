import { toOctavoError, type Logger } from '../../base/index.ts';
import type { BytePool } from './deliver/byte-pool.ts';
import { joinPacks, type EventPack } from './deliver/event-pack.ts';
import type { Sink } from './deliver/sink.ts';
import type { Sessions } from './event/sessions.ts';
import { eventsOf, type LineBatch } from './line-batch.ts';

/** What an agent did since its start. */
export interface AgentTotals {
  lines: number;
  accepted: number;
  duplicates: number;
  failed: number;
  bytes: number;
}

/** What an outbox is made of. */
export interface OutboxOptions {
  readonly sink: Sink;
  readonly sessions: Sessions | undefined;
  /** Gets the bytes of delivered events. */
  readonly pool: BytePool;
  /** How much older than the newest line a line may be: a batch waits so long for others. */
  readonly reorderMs: number;
  readonly queueBytesMax: number;
  readonly totals: AgentTotals;
  readonly logger: Logger;
  /** Writes the state: nothing of a file is sent before its ids are in there. */
  readonly save: () => Promise<void>;
  /** Whether a state that cannot be written ends the work; else it is tried again. */
  readonly failFast: boolean;
}

/** What was read and is not acknowledged: held until its visits are settled, then sent. */
export class Outbox {
  readonly #options: OutboxOptions;
  /** Read, and not yet on the way: the visits of the newest are not settled. */
  #held: LineBatch[] = [];
  readonly #sending = new Set<Promise<void>>();
  /** Read and not acknowledged. */
  readonly #waiting = new Set<LineBatch>();
  #queuedBytes = 0;
  #failure: unknown;
  #refusedSave = false;
  /** Whether something was acknowledged since it was last set to false. */
  moved = false;
  readonly #stop = new AbortController();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Batches that are not acknowledged. */
  get waiting(): ReadonlySet<LineBatch> {
    return this.#waiting;
  }

  get holds(): boolean {
    return this.#held.length > 0;
  }

  /** Deliveries that are under way. */
  get sending(): ReadonlySet<Promise<void>> {
    return this.#sending;
  }

  /** True when nothing is held or on the way. */
  get idle(): boolean {
    return this.#held.length === 0 && this.#sending.size === 0;
  }

  /** Takes what was read. */
  add(batch: LineBatch): void {
    this.#queuedBytes += batch.bytes;
    this.#held.push(batch);
    this.#waiting.add(batch);
  }

  /** Throws what ended a delivery for good. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Sends the batches whose visits are settled: the log is far enough ahead, or so much time has passed, or there is no more room. */
  async release(nowMs: number, last: boolean): Promise<boolean> {
    const { sessions, sink, queueBytesMax, reorderMs } = this.#options;
    if (this.#held.length === 0 || this.#sending.size >= sink.atOnce) return false;
    const full = this.#queuedBytes >= queueBytesMax / 2;
    const ready = this.#held.filter(
      ({ stretch: { file }, newestMs, readMs }) =>
        sessions === undefined ||
        full ||
        last ||
        file.newestMs >= newestMs + reorderMs ||
        nowMs - readMs >= reorderMs ||
        // The clock was set back.
        nowMs < readMs,
    );
    const unsaved = ready.find((batch) => !batch.stretch.file.saved);
    if (unsaved !== undefined) await this.#known();
    // Others go meanwhile when a file's ids cannot be written now.
    return this.#sendGroups(ready.filter((batch) => batch.stretch.file.saved));
  }

  /** Sends everything that was read and waits until it is acknowledged. */
  async flush(): Promise<void> {
    while (!this.idle) {
      if (this.#held.some((batch) => !batch.stretch.file.saved)) await this.#options.save();
      this.#sendGroups(this.#held);
      await Promise.race(this.#sending);
      this.check();
    }
  }

  /** Sends what may go, as much at once as may be; small batches of many files go together. True when something was sent. */
  #sendGroups(batches: readonly LineBatch[]): boolean {
    const { atOnce } = this.#options.sink;
    const sent = new Set<LineBatch>();
    let group: LineBatch[] = [];
    let groupBytes = 0;
    const send = (): void => {
      for (const batch of group) sent.add(batch);
      if (group.length > 0) this.#send(group);
      group = [];
      groupBytes = 0;
    };
    for (const batch of batches) {
      if (groupBytes > 0 && groupBytes + batch.bytes > groupBytesMax) send();
      if (this.#sending.size >= atOnce) break;
      group.push(batch);
      groupBytes += batch.bytes;
    }
    if (this.#sending.size < atOnce) send();
    if (sent.size > 0) this.#held = this.#held.filter((batch) => !sent.has(batch));
    return sent.size > 0;
  }

  /** Ends what is on the way without waiting for it. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#sending);
    await this.#options.sink.close();
  }

  /** Ids and forced ends must be known after a crash, or what is read again would get others. */
  async #known(): Promise<void> {
    const { save, failFast, logger } = this.#options;
    try {
      await save();
      this.#refusedSave = false;
    } catch (thrown) {
      const error = toOctavoError(thrown);
      if (failFast || !error.retryable) throw error;
      if (!this.#refusedSave)
        logger.error('the state cannot be written; new files wait until it can', { error });
      this.#refusedSave = true;
    }
  }

  #send(batches: readonly LineBatch[]): void {
    const sending = this.#deliver(batches)
      .catch((error: unknown) => {
        if (!this.#stop.signal.aborted) this.#failure ??= error;
      })
      .finally(() => {
        this.#sending.delete(sending);
        for (const batch of batches) this.#queuedBytes -= batch.bytes;
      });
    this.#sending.add(sending);
  }

  async #deliver(batches: readonly LineBatch[]): Promise<void> {
    const { sink, totals, sessions, pool } = this.#options;
    const pack = joinPacks(batches.map((batch) => eventsOf(batch, sessions)));
    let refused = batches.flatMap((batch) => batch.refused);
    for (let from = 0; from < pack.count || refused.length > 0;) {
      const to = rangeEnd(pack, from, sink);
      const room = Math.max(0, Math.min(sink.eventsMax - (to - from), refusedMax));
      const shipment = { events: { pack, from, to }, refused: refused.slice(0, room) };
      refused = refused.slice(room);
      from = to;
      const { accepted, duplicates, failed } = await sink.send(shipment, this.#stop.signal);
      totals.accepted += accepted;
      totals.duplicates += duplicates;
      totals.failed += failed;
    }
    for (const batch of batches) {
      pool.give(batch.events.bytes);
      batch.stretch.file.acknowledge(batch.stretch);
      this.#waiting.delete(batch);
    }
    this.moved = true;
  }
}

/** Bytes of lines that are sent together, unless one file has more at once. */
const groupBytesMax = 256 * 1024;

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
