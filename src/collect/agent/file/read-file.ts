import { headBytes, printOf } from './fingerprint.ts';
import { isCutShort, isDamage } from './gzip-reader.ts';
import { splitLines, type Split, type SplitRules } from './split-lines.ts';
import { cutShort, placeAfter, type Place, type Stretch, type TrackedFile } from './tracked-file.ts';
import type { Tracker } from './tracker.ts';

/** What was read of a file. */
export interface ReadLines {
  readonly stretch: Stretch;
  /** Where the records' places are counted from. */
  readonly from: number;
  /** The records, and what they were split from. */
  readonly split: Split;
  /** Until the next read. */
  readonly content: Buffer;
  readonly bytes: number;
}

/** How a file is read. */
export interface ReadOptions {
  readonly tracker: Tracker;
  readonly rules: SplitRules;
  /** Most bytes at once; more than twice the longest record. */
  readonly chunkBytes: number;
  /**
   * What is whole at the end of the file: `lines` says that whole lines are a whole record, `all` that even a line without its
   * break is.
   */
  readonly whole: 'none' | 'lines' | 'all';
  readonly nowMs: number;
  readonly memory: ReadMemory;
}

/** Memory of a read, which the next one uses again. */
export class ReadMemory {
  #block = Buffer.alloc(0);

  /** So many bytes, with anything in them. */
  of(lengthBytes: number): Buffer {
    if (this.#block.length < lengthBytes) this.#block = Buffer.allocUnsafeSlow(lengthBytes);
    return this.#block;
  }
}

/** Reads the next lines of a file; undefined when there is nothing (yet), or when it does not have its content any more. */
export async function readFile(file: TrackedFile, options: ReadOptions): Promise<ReadLines | undefined> {
  return file.gzip ? await readGzip(file, options) : readPlain(file, options);
}

function readPlain(file: TrackedFile, options: ReadOptions): ReadLines | undefined {
  const { tracker, chunkBytes, whole, nowMs, memory } = options;
  const { handle } = file;
  if (handle === undefined) return undefined;
  const before = file.info;
  const info = handle.info();
  file.info = info;
  const { offset, tail } = file.read;
  const changed = before?.sizeBytes !== info.sizeBytes || before.modifiedMs !== info.modifiedMs;
  if (changed) file.grownMs = nowMs;
  const waits = info.sizeBytes === file.stuckBytes && whole === 'none';
  if (!changed && (info.sizeBytes === offset || waits)) return undefined;
  if (!file.holds(handle, info)) {
    tracker.replaced(file);
    return undefined;
  }
  if (info.sizeBytes === offset) return undefined;
  const lengthBytes = tail.lengthBytes + chunkBytes;
  const bytes = handle.read(offset - tail.lengthBytes, lengthBytes, memory.of(lengthBytes));
  const kept = bytes.subarray(0, tail.lengthBytes);
  // It was truncated since.
  if (kept.length < tail.lengthBytes || printOf(kept).hash !== tail.hash) {
    tracker.replaced(file);
    return undefined;
  }
  const atEnd = bytes.length < lengthBytes;
  const read = take(file, bytes, tail.lengthBytes, { ...options, whole: atEnd ? whole : 'none' });
  file.stuckBytes = read === undefined && atEnd ? info.sizeBytes : -1;
  return read;
}

/** Splits what lies behind the tail, and moves the file's place on. */
function take(
  file: TrackedFile,
  bytes: Buffer,
  skip: number,
  { rules, whole }: Pick<ReadOptions, 'rules' | 'whole'>,
): ReadLines | undefined {
  const from = file.read.offset;
  const fresh = bytes.subarray(skip);
  const split = splitLines(fresh, rules, {
    inside: file.read.inside,
    last: whole === 'all',
    settled: whole !== 'none',
    cuts: file.cuts.map((cut) => cut - from).filter((cut) => cut > 0),
  });
  if (split.consumed === 0) return undefined;
  const end: Place = placeAfter(
    from + split.consumed,
    bytes.subarray(0, skip + split.consumed),
    split.inside,
  );
  const forced =
    whole === 'all' ? bytes.at(-1) !== lineFeed : whole === 'lines' && rules.begins !== undefined;
  if (forced && !file.cuts.includes(end.offset) && split.consumed === fresh.length) {
    file.cuts = [...file.cuts, end.offset];
    file.saved = false;
  }
  return { stretch: file.advance(end), from, split, content: fresh, bytes: split.consumed };
}

const lineFeed = 10;

async function readGzip(file: TrackedFile, options: ReadOptions): Promise<ReadLines | undefined> {
  if (file.complete !== undefined) return undefined;
  if (file.reader === undefined) {
    const found = await seek(file, options);
    if (Buffer.isBuffer(found)) options.tracker.gzip.renew(file, found, options.nowMs);
    if (found !== 'there') return undefined;
  }
  const parts = [file.inflated];
  let length = file.inflated.length;
  let ended: End | undefined;
  while (length < options.chunkBytes && ended === undefined) {
    const chunk = await nextChunk(file);
    if (Buffer.isBuffer(chunk)) {
      parts.push(chunk);
      length += chunk.length;
    } else ended = chunk;
  }
  const bytes = Buffer.concat(parts, length);
  const before = file.read.tail.lengthBytes;
  // The last bytes before the place are kept in front of what was inflated.
  const read = take(file, bytes, before, { ...options, whole: ended === 'whole' ? 'all' : 'none' });
  file.inflated = bytes.subarray(before + (read?.bytes ?? 0) - file.read.tail.lengthBytes);
  // Of a file that is still being written the rest comes later: it is looked at again when it has changed.
  if (ended !== undefined) finish(file, ended);
  return read;
}

/** How a compressed file ends. */
type End = 'whole' | { readonly damage: string };

async function nextChunk({ reader }: TrackedFile): Promise<Buffer | End> {
  try {
    return (await reader?.next()) ?? 'whole';
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { damage: isCutShort(error) ? cutShort : (error as Error).message };
  }
}

function finish(file: TrackedFile, end: End): void {
  file.reader?.close();
  file.reader = undefined;
  file.inflated = Buffer.alloc(0);
  file.damage = end === 'whole' ? undefined : end.damage;
  const { info } = file;
  if (info !== undefined) file.complete = { sizeBytes: info.sizeBytes, modifiedMs: info.modifiedMs };
}

/**
 * Inflates up to the file's place. When the bytes before it are others, gives the first bytes; undefined when it ends before, or its
 * name is another file's by now.
 */
async function seek(file: TrackedFile, { tracker }: ReadOptions): Promise<'there' | Buffer | undefined> {
  file.reader = tracker.gzip.openReader(file);
  if (file.reader === undefined) return undefined;
  const { offset, tail } = file.read;
  let head = Buffer.alloc(0);
  let kept = Buffer.alloc(0);
  let position = 0;
  while (position < offset) {
    const chunk = await nextChunk(file);
    // A copy that was never finished, or is being made.
    if (!Buffer.isBuffer(chunk)) {
      finish(file, chunk);
      return undefined;
    }
    if (head.length < headBytes) head = Buffer.concat([head, chunk.subarray(0, headBytes)]);
    position += chunk.length;
    kept = Buffer.concat([kept.subarray(Math.max(0, kept.length - tail.lengthBytes)), chunk]);
  }
  const end = kept.length - (position - offset);
  const before = kept.subarray(Math.max(0, end - tail.lengthBytes), end);
  if (before.length === tail.lengthBytes && printOf(before).hash === tail.hash) {
    file.inflated = kept.subarray(end - tail.lengthBytes);
    return 'there';
  }
  file.reader.close();
  file.reader = undefined;
  return head.subarray(0, headBytes);
}
