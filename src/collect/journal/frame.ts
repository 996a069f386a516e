import { crc32 } from 'node:zlib';
import type { PackedRecords } from '../event-log.ts';

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

/** Bytes that some records take in the body of a frame. */
export function bodyBytesOf({ count, byteLength }: PackedRecords): number {
  return count * 4 + byteLength;
}

/**
 * One frame of all these records.
 *
 * @param block - gives the memory for it
 */
export function encodeFrame(
  firstOffset: number,
  parts: readonly PackedRecords[],
  block: (lengthBytes: number) => Buffer,
): Buffer {
  let bodyBytes = 0;
  let count = 0;
  for (const part of parts) {
    bodyBytes += bodyBytesOf(part);
    count += part.count;
  }
  const frame = block(frameHeaderBytes + bodyBytes);
  frameMagic.copy(frame);
  frame.writeBigUInt64LE(BigInt(firstOffset), 8);
  frame.writeUInt32LE(count, 16);
  frame.writeUInt32LE(bodyBytes, 20);
  let lengthAt = frameHeaderBytes;
  for (const part of parts)
    for (let index = 0; index < part.count; index++)
      lengthAt = frame.writeUInt32LE(part.lengthOf(index), lengthAt);
  let recordAt = lengthAt;
  for (const part of parts) {
    part.copyTo(frame, recordAt);
    recordAt += part.byteLength;
  }
  frame.writeUInt32LE(crc32(frame.subarray(8)), 4);
  return frame;
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

/** Where the records of the frame at a position begin, and after them where the last one ends. */
export function recordBounds(bytes: Buffer, position: number): Uint32Array {
  const count = bytes.readUInt32LE(position + 16);
  const bounds = new Uint32Array(count + 1);
  let end = position + frameHeaderBytes + count * 4;
  bounds[0] = end;
  for (let index = 0; index < count; index++) {
    end += bytes.readUInt32LE(position + frameHeaderBytes + index * 4);
    bounds[index + 1] = end;
  }
  return bounds;
}

/** The position of the next magic at or after a position, or -1. */
export function nextFrameMagic(bytes: Buffer, from: number): number {
  return bytes.indexOf(frameMagic, from);
}
