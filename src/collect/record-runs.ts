import type { LogOffset, RecordRun } from './event-log.ts';

/** The records of a run, each as its own bytes. */
export function recordsOf({ bytes, bounds }: RecordRun): readonly Buffer[] {
  return Array.from({ length: bounds.length - 1 }, (_, index) =>
    bytes.subarray(bounds[index], bounds[index + 1]),
  );
}

/** Records that lie anywhere as one run. */
export function runOf(firstOffset: LogOffset, records: readonly Buffer[]): RecordRun {
  const bounds = new Uint32Array(records.length + 1);
  let end = 0;
  for (const [index, record] of records.entries()) bounds[index + 1] = end += record.length;
  return { firstOffset, bytes: Buffer.concat(records, end), bounds };
}
