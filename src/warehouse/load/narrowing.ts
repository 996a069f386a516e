import { isOwner, stillBefore, type LogShare, type Taken } from './log-share.ts';

/** A batch that was cut into smaller ones. */
interface Cut {
  readonly recordsMax: number;
  readonly taken: Taken;
}

/** Records of a batch that is read one by one at most; a larger one is cut first. */
const oneByOneMax = 4_096;
const parts = 8;

/**
 * Cuts a batch with a record that is no event into smaller ones, each a commit of its own, again and again until only a few
 * records around it are read one by one; the others are written in bulk.
 */
export class Narrowing {
  #cuts: readonly Cut[] = [];

  /** Whether a batch that was cut is not loaded to its end. */
  get isActive(): boolean {
    return this.#cuts.length > 0;
  }

  /** Records of the next batch at most. */
  get recordsMax(): number {
    return this.#cuts.at(-1)?.recordsMax ?? Infinity;
  }

  /** Notes where the table is. */
  reached(share: LogShare, properties: Readonly<Record<string, string>>): void {
    // What another loader has now is cut by that one.
    this.#cuts = this.#cuts.filter(
      ({ taken }) => isOwner(share, taken) && stillBefore(share, taken, properties),
    );
  }

  /** Cuts a batch; false when it is small enough to be read one by one. */
  cut({ log }: LogShare, taken: Taken): boolean {
    if (taken.recordCount <= oneByOneMax) return false;
    // A batch takes an equal part of each partition of the log, and these records may lie in few of them.
    const ofEach = Math.ceil(taken.recordCount / taken.spans.length / parts);
    this.#cuts = [...this.#cuts, { recordsMax: ofEach * log.partitions, taken }];
    return true;
  }
}
