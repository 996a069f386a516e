import { toOctavoError, type Clock, type Logger, type Storage } from '../../base/index.ts';
import type { Sessions } from './event/sessions.ts';
import type { Tracker } from './file/tracker.ts';
import type { Outbox } from './outbox.ts';
import { writeState } from './state.ts';

/** What a checkpoint is made of. */
export interface CheckpointOptions {
  readonly storage: Storage;
  /** Folder of the state, absolute. */
  readonly directory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracker: Tracker;
  readonly sessions: Sessions | undefined;
  readonly outbox: () => Outbox;
  /** Whether a state that cannot be written ends the work; else it is tried again. */
  readonly failFast: boolean;
}

/** Writes how far every file is acknowledged. */
export class Checkpoint {
  readonly #options: CheckpointOptions;
  #savedMs = 0;
  #saveCostMs = 0;
  #saving: Promise<void> | undefined;
  #failed = false;

  constructor(options: CheckpointOptions) {
    this.#options = options;
  }

  /** Writes it, after what is being written. Errors: `storage_full`, `storage_failed`. */
  async save(): Promise<void> {
    while (this.#saving !== undefined) await this.#saving.catch(() => undefined);
    this.#saving = this.#write().finally(() => {
      this.#saving = undefined;
    });
    await this.#saving;
  }

  /** Writes it when something was acknowledged and it is time; a disk that is full for now is told of, and tried again. */
  async saveWhenDue(): Promise<void> {
    const { clock, outbox, failFast, logger } = this.#options;
    if (!outbox().moved || this.#saving !== undefined) return;
    const sinceMs = clock.now() - this.#savedMs;
    // Visits make the state large: it is written so seldom that it takes a twentieth of the time. A clock may be set back.
    if (sinceMs >= 0 && sinceMs < Math.max(saveMs, this.#saveCostMs * 20)) return;
    try {
      await this.save();
      this.#failed = false;
    } catch (thrown) {
      const error = toOctavoError(thrown);
      if (failFast || !error.retryable) throw error;
      if (!this.#failed)
        logger.error('the state cannot be written; what is sent meanwhile is sent again after a restart', {
          error,
        });
      this.#failed = true;
      this.#savedMs = clock.now();
    }
  }

  async #write(): Promise<void> {
    const { storage, directory, clock, tracker, sessions, outbox } = this.#options;
    const startedMs = clock.now();
    const known = [...tracker.known];
    outbox().moved = false;
    const cuts = known.map((file) => file.cuts);
    try {
      const state = { version: 1 as const, savedMs: startedMs, files: known.map((file) => file.save()) };
      await writeState(storage, directory, {
        ...state,
        files: state.files.map((file) => ({ ...file, cuts: [...file.cuts] })),
        torn: [...tracker.gzip.torn],
        sessions: (sessions?.save(this.#floorMs()) ?? []).map((one) => [...one]),
      });
    } catch (error) {
      outbox().moved = true;
      throw error;
    }
    for (const [index, file] of known.entries()) if (file.cuts === cuts[index]) file.saved = true;
    this.#savedMs = clock.now();
    this.#saveCostMs = Math.max(0, this.#savedMs - startedMs);
  }

  /** The oldest time that lines can have whose visits are yet asked for: read and not acknowledged, or yet to be read. */
  #floorMs(): number {
    const { tracker, outbox } = this.#options;
    const files = tracker.attached.filter((file) => Number.isFinite(file.newestMs));
    const behind = files.filter((file) => file.read.offset < (file.info?.sizeBytes ?? 0) && !file.gzip);
    const waiting = [...outbox().waiting].map((batch) => batch.oldestMs);
    return behind.length + waiting.length > 0
      ? Math.min(...waiting, ...behind.map((file) => file.newestMs))
      : Math.max(...files.map((file) => file.newestMs));
  }
}

const saveMs = 1000;
