import type { LogDamage, LogOffset, ReadLimits, RunBatch } from '../event-log.ts';
import { frameAt, type Frame } from './frame.ts';
import { FrameWindow, TakenRuns } from './read-frames.ts';
import { damageOf, type Segment, type Segments } from './segments.ts';

/** A read as it goes on. */
interface Reading {
  readonly from: LogOffset;
  readonly taken: TakenRuns;
  readonly damage: LogDamage[];
  next: LogOffset;
}

/**
 * Reads the records from an offset on, up to `end`. Each part is compared with its checksum. What is damaged is left out and
 * told: the records before it come first, in a batch of their own.
 */
export async function readSegments(
  segments: Segments,
  from: LogOffset,
  { end, ...limits }: ReadLimits & { readonly end: LogOffset },
): Promise<RunBatch> {
  const reading: Reading = { from, taken: new TakenRuns(limits), damage: [], next: from };
  const all = segments.all;
  for (const [index, segment] of all.entries()) {
    if (reading.next >= end) break;
    const limit = Math.min(end, all[index + 1]?.firstOffset ?? end);
    if (reading.next >= limit) continue;
    if ((await readSegment(segments, { segment, limit }, reading)) === 'done') break;
    if (reading.next < limit) {
      if (reading.taken.count > 0) break;
      const known = segments.damageAfter(segment, reading.next, Infinity);
      const hole = {
        position: 0,
        lengthBytes: 0,
        reason: `${limit - reading.next} records after it are in no file`,
      };
      reading.damage.push(...(known.length > 0 ? known : [damageOf(segments.partition, segment.name, hole)]));
      reading.next = limit;
    }
  }
  const { taken, damage, next } = reading;
  const firstOffset = taken.count > 0 ? next - taken.count : from;
  return { partition: segments.partition, firstOffset, nextOffset: next, runs: taken.runs, damage };
}

/** Reads one segment; `done` when the batch ends in it. */
async function readSegment(
  segments: Segments,
  { segment, limit }: { readonly segment: Segment; readonly limit: LogOffset },
  reading: Reading,
): Promise<'done' | 'read'> {
  const { taken, damage } = reading;
  const frames = await segments.framesOf(segment);
  const window = new FrameWindow(segments.storage, segments.path(segment.name), frames);
  for (const [place, frame] of frames.entries()) {
    if (frame.firstOffset + frame.count <= reading.next) continue;
    if (frame.firstOffset >= limit) break;
    if (taken.isFull) return 'done';
    if (frame.firstOffset > reading.next) {
      if (taken.count > 0) return 'done';
      damage.push(...segments.damageAfter(segment, reading.next, frame.position));
      reading.next = frame.firstOffset;
    }
    let { bytes, position } = await window.holding(place, { ...taken.room, limit });
    if (!isFrame(frame, bytes, position)) {
      // What was read wrongly once may be whole on the disk.
      const range = { offset: frame.position, lengthBytes: frame.sizeBytes };
      bytes = await segments.storage.read(segments.path(segment.name), range);
      position = frame.position;
    }
    if (!isFrame(frame, bytes, position)) {
      segments.giveUp(segment, frame);
      if (taken.count > 0) return 'done';
      continue;
    }
    const before = taken.count;
    const whole = taken.add(bytes, frame.position - position, { frame, next: reading.next });
    reading.next += taken.count - before;
    if (!whole) return 'done';
  }
  return 'read';
}

/** Whether these bytes of a segment hold the frame, whole. */
function isFrame(frame: Frame, bytes: Buffer, position: number): boolean {
  return frameAt(bytes, frame.position - position)?.firstOffset === frame.firstOffset;
}
