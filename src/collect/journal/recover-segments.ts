import { join } from 'node:path';
import { count } from '../../base/index.ts';
import type { LogOffset } from '../event-log.ts';
import { goneEnding } from './remove-segment.ts';
import { scanSegment } from './scan.ts';
import { segmentName, Segments, unreadSegment, type SegmentPlace } from './segments.ts';

/** What a partition's folder holds. */
export interface Recovered {
  readonly segments: Segments;
  /** The offset after the last whole record. */
  readonly end: LogOffset;
  /** Bytes of the newest segment that hold whole frames. */
  readonly durableBytes: number;
}

/** Reads a partition's folder after a stop or a crash, and removes what was going. A torn tail is told and counted. */
export async function recoverSegments(place: SegmentPlace): Promise<Recovered> {
  const { storage, directory, logger } = place;
  await storage.makeDirectory(directory);
  const found = await storage.list(directory);
  for (const { name } of found.filter((file) => file.name.endsWith(goneEnding)))
    await storage.remove(join(directory, name));
  const names = found.map(({ name }) => name).filter((name) => segmentName.test(name));
  const segments = new Segments(place, names.map(unreadSegment));
  const { newest } = segments;
  if (newest === undefined) return { segments, end: 0, durableBytes: 0 };
  const bytes = await storage.read(segments.path(newest.name));
  const scan = scanSegment(bytes, newest.firstOffset);
  newest.frames = [...scan.frames];
  newest.gaps = scan.gaps.filter((gap) => gap.position < scan.validBytes);
  const last = scan.frames.at(-1);
  const tornBytes = bytes.length - scan.validBytes;
  if (tornBytes > 0) {
    logger.warn('a torn tail of the journal was cut', {
      file: newest.name,
      position: scan.validBytes,
      tornBytes,
    });
    count('octavo_collect_journal_torn_bytes_total', {}, tornBytes);
  }
  return {
    segments,
    end: last === undefined ? newest.firstOffset : last.firstOffset + last.count,
    durableBytes: Math.min(scan.validBytes, bytes.length),
  };
}
