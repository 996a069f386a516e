/** Which transactions a snapshot sees (`txid_current_snapshot()`: `xmin:xmax:running,…`). */
export interface TransactionSnapshot {
  readonly max: bigint;
  /** Began before `max` and had not ended. */
  readonly running: ReadonlySet<bigint>;
}

/** Reads what `txid_current_snapshot()` gives. */
export function parseSnapshot(text: string): TransactionSnapshot {
  const [, max = '0', running = ''] = text.split(':');
  return { max: BigInt(max), running: new Set(running === '' ? [] : running.split(',').map(BigInt)) };
}

const wrap = 2n ** 32n;

/** Whether a committed transaction is in the snapshot; the log gives the low 32 bits of its number. */
export function isVisible({ max, running }: TransactionSnapshot, xid: number): boolean {
  const low = BigInt(xid >>> 0);
  // The number with these low bits that lies nearest to the snapshot's.
  let full = (max / wrap) * wrap + low;
  if (full > max + wrap / 2n) full -= wrap;
  return full < max && !running.has(full);
}
