/**
 * Blocks of memory that are used again. Memory that comes and goes by the megabyte makes the garbage collector look at everything
 * that there is, again and again.
 */
export class BytePool {
  readonly #keptBytesMax: number;
  #free: Buffer[] = [];
  #freeBytes = 0;

  /** @param keptBytesMax - more than this is not kept for later */
  constructor(keptBytesMax: number) {
    this.#keptBytesMax = keptBytesMax;
  }

  /** A block of at least so many bytes, with anything in it. */
  take(lengthBytes: number): Buffer {
    // A small one does not take a large one's place.
    const at = this.#free.findIndex(
      ({ length }) => length >= lengthBytes && length <= lengthBytes * largestFactor,
    );
    if (at < 0) return Buffer.allocUnsafeSlow(lengthBytes);
    const [block] = this.#free.splice(at, 1) as [Buffer];
    this.#freeBytes -= block.length;
    return block;
  }

  /** Gives a block back that nobody uses any more. */
  give(block: Buffer): void {
    if (block.length < leastBytes || this.#freeBytes + block.length > this.#keptBytesMax) return;
    this.#free.push(block);
    this.#freeBytes += block.length;
  }
}

const largestFactor = 4;
/** Smaller ones cost nothing to make. */
const leastBytes = 16 * 1024;
