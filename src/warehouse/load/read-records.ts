import { join } from 'node:path';
import { OctavoError, uuidv7 } from '../../base/index.ts';
import type { DuckdbSession } from '../duckdb/session.ts';
import { quoteText } from '../duckdb/types.ts';
import type { Warehouse } from '../warehouse-port.ts';

/** A record of the event log. */
export interface LogRecord {
  readonly partition: number;
  readonly offset: number;
  readonly bytes: Buffer;
}

/** How records become rows. */
export interface RecordTarget {
  /** The temporary table that is made of them. */
  readonly table: string;
  readonly columns: string;
  /** A SELECT list over `p` (partition), `o` (offset) and `e` (the record). */
  readonly select: string;
  readonly recordType: string;
}

/** Reads records into the target; those that the JSON reader refuses are returned. */
export async function readRecords(
  session: DuckdbSession,
  warehouse: Warehouse,
  records: readonly LogRecord[],
  target: RecordTarget,
): Promise<readonly LogRecord[]> {
  const { storage, clock, random } = warehouse.context;
  await session.run(`create temp table ${target.table} (${target.columns})`);
  const broken: LogRecord[] = [];
  const read = async (part: readonly LogRecord[]): Promise<void> => {
    if (part.length === 0) return;
    const path = join(
      warehouse.engine.scratch,
      `${uuidv7({ nowMs: clock.now(), next: () => random.next() })}.ndjson`,
    );
    try {
      const file = await storage.append(path);
      try {
        for (const bytes of linesOf(part)) await file.append(bytes);
      } finally {
        await file.close();
      }
      await session.run(`insert into ${target.table} select ${target.select} from read_json(${quoteText(path)}, format = 'newline_delimited',
        columns = {p: 'INTEGER', o: 'BIGINT', e: ${quoteText(target.recordType)}}, maximum_object_size = 16777216)`);
    } catch (error) {
      if (
        !(error instanceof OctavoError) ||
        (error.code !== 'query_invalid' && error.code !== 'query_failed')
      )
        throw error;
      if (part.length === 1) {
        broken.push(part[0] as LogRecord);
        return;
      }
      const middle = part.length >> 1;
      await read(part.slice(0, middle));
      await read(part.slice(middle));
    } finally {
      await storage.remove(path).catch(() => undefined);
    }
  };
  await read(records);
  return broken;
}

/** The records as lines `{"p":partition,"o":offset,"e":record}`, in pieces of bounded size; a piece is overwritten by the next. */
function* linesOf(records: readonly LogRecord[]): Generator<Buffer> {
  let buffer = Buffer.allocUnsafe(pieceBytes);
  let used = 0;
  for (const { partition, offset, bytes } of records) {
    const needed = bytes.length + lineOverheadBytes;
    if (used + needed > buffer.length && used > 0) {
      yield buffer.subarray(0, used);
      used = 0;
    }
    if (needed > buffer.length) buffer = Buffer.allocUnsafe(needed);
    used += buffer.write(`{"p":${partition},"o":${offset},"e":`, used, 'latin1');
    buffer.set(bytes, used);
    used += bytes.length;
    buffer[used++] = 0x7d;
    buffer[used++] = 0x0a;
  }
  if (used > 0) yield buffer.subarray(0, used);
}

const pieceBytes = 1024 * 1024;
/** Room for the two numbers and what stands around them. */
const lineOverheadBytes = 64;
