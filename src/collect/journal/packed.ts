import type { PackedRecords } from '../event-log.ts';

/** Records that lie each in an array. */
export function packedOf(records: readonly Uint8Array[]): PackedRecords {
  return {
    count: records.length,
    byteLength: records.reduce((sum, { byteLength }) => sum + byteLength, 0),
    lengthOf: (index) => records[index]?.byteLength ?? 0,
    copyTo: (target, at) => copyRecords(records, target, at),
  };
}

/** Copies the records one after another; those that lie beside each other in memory at once. */
function copyRecords(records: readonly Uint8Array[], target: Buffer, position: number): void {
  for (let index = 0; index < records.length;) {
    const first = records[index];
    if (first === undefined) return;
    let end = first.byteOffset + first.byteLength;
    for (index++; index < records.length; index++) {
      const next = records[index];
      if (next === undefined || next.buffer !== first.buffer || next.byteOffset !== end) break;
      end += next.byteLength;
    }
    const run = new Uint8Array(first.buffer, first.byteOffset, end - first.byteOffset);
    target.set(run, position);
    position += run.byteLength;
  }
}
