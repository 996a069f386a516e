import { crc32 } from 'node:zlib';

/*
 * segment = header frame*
 * header  = "OCTAVOJ1" firstOffset:u64 crc32(the 16 bytes before):u32
 * frame   = "OFRM" crc:u32 firstOffset:u64 count:u32 bodyBytes:u32 body
 * body    = length:u32 × count, then the records' bytes one after another
 * crc     = crc32 of everything in the frame after itself; all numbers little-endian
 */
const magic = Buffer.from('OCTAVOJ1', 'latin1');
const frameMagic = Buffer.from('OFRM', 'latin1');

/** Bytes of a segment's header. */
export const headerBytes = 20;
/** Bytes of a frame before its body. */
export const frameHeaderBytes = 24;
/** Most bytes in the body of one frame. */
export const bodyBytesMax = 16 * 1024 * 1024;

/** Where a frame lies and what it holds. */
export interface Frame {
  readonly position: number;
  readonly sizeBytes: number;
  readonly firstOffset: number;
  readonly count: number;
}

/** The header of a segment whose first record has this offset. */
export function encodeHeader(firstOffset: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  magic.copy(header);
  header.writeBigUInt64LE(BigInt(firstOffset), 8);
  header.writeUInt32LE(crc32(header.subarray(0, 16)), 16);
  return header;
}

/** The first offset in a header, or undefined when it is not one. */
export function decodeHeader(bytes: Buffer): number | undefined {
  if (bytes.length < headerBytes || !bytes.subarray(0, 8).equals(magic)) return undefined;
  return crc32(bytes.subarray(0, 16)) === bytes.readUInt32LE(16)
    ? Number(bytes.readBigUInt64LE(8))
    : undefined;
}

/** One frame of the records. */
export function encodeFrame(firstOffset: number, records: readonly Uint8Array[]): Buffer {
  let bodyBytes = records.length * 4;
  for (const record of records) bodyBytes += record.byteLength;
  const frame = Buffer.allocUnsafe(frameHeaderBytes + bodyBytes);
  frameMagic.copy(frame);
  frame.writeBigUInt64LE(BigInt(firstOffset), 8);
  frame.writeUInt32LE(records.length, 16);
  frame.writeUInt32LE(bodyBytes, 20);
  let lengthAt = frameHeaderBytes;
  for (const record of records) lengthAt = frame.writeUInt32LE(record.byteLength, lengthAt);
  copyRecords(records, frame, lengthAt);
  frame.writeUInt32LE(crc32(frame.subarray(8)), 4);
  return frame;
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

/** The frame at a position, or undefined when no whole and true frame begins there. */
export function frameAt(bytes: Buffer, position: number): Frame | undefined {
  if (
    position + frameHeaderBytes > bytes.length ||
    bytes.compare(frameMagic, 0, 4, position, position + 4) !== 0
  )
    return undefined;
  const bodyBytes = bytes.readUInt32LE(position + 20);
  const end = position + frameHeaderBytes + bodyBytes;
  if (bodyBytes > bodyBytesMax || end > bytes.length) return undefined;
  if (crc32(bytes.subarray(position + 8, end)) !== bytes.readUInt32LE(position + 4)) return undefined;
  const firstOffset = Number(bytes.readBigUInt64LE(position + 8));
  return { position, sizeBytes: end - position, firstOffset, count: bytes.readUInt32LE(position + 16) };
}

/** The records of a frame. */
export function decodeFrame(frame: Buffer): readonly Buffer[] {
  const count = frame.readUInt32LE(16);
  let recordAt = frameHeaderBytes + count * 4;
  return Array.from({ length: count }, (_, index) => {
    const start = recordAt;
    recordAt += frame.readUInt32LE(frameHeaderBytes + index * 4);
    return frame.subarray(start, recordAt);
  });
}

/** The position of the next magic at or after a position, or -1. */
export function nextFrameMagic(bytes: Buffer, from: number): number {
  return bytes.indexOf(frameMagic, from);
}
