import { decodeHeader, frameAt, headerBytes, nextFrameMagic, type Frame } from './frame.ts';

/** A stretch of a segment that holds no true frame. */
export interface Gap {
  readonly position: number;
  readonly lengthBytes: number;
  readonly reason: string;
}

/** What a segment holds. */
export interface Scan {
  readonly frames: readonly Frame[];
  readonly gaps: readonly Gap[];
  /** The byte after the last true frame (or the header). */
  readonly validBytes: number;
}

/** Reads a whole segment; goes on at the next true frame after a damaged stretch. Offsets never go back. */
export function scanSegment(bytes: Buffer, firstOffset: number): Scan {
  const frames: Frame[] = [];
  const gaps: Gap[] = [];
  let position = headerBytes;
  let validBytes = headerBytes;
  let expected = firstOffset;
  if (decodeHeader(bytes) !== firstOffset) {
    gaps.push({
      position: 0,
      lengthBytes: Math.min(headerBytes, bytes.length),
      reason: 'the header is damaged',
    });
  }
  while (position < bytes.length) {
    const start = position;
    let frame = frameAt(bytes, position);
    while (frame === undefined || frame.firstOffset < expected) {
      position = nextFrameMagic(bytes, position + 1);
      if (position < 0) break;
      frame = frameAt(bytes, position);
    }
    const end = position < 0 ? bytes.length : position;
    if (end > start)
      gaps.push({ position: start, lengthBytes: end - start, reason: 'a checksum does not match' });
    if (frame === undefined || position < 0) break;
    frames.push(frame);
    expected = frame.firstOffset + frame.count;
    position += frame.sizeBytes;
    validBytes = position;
  }
  return { frames, gaps, validBytes };
}
