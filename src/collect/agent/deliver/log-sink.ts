import { count, toOctavoError, type Clock, type Logger } from '../../../base/index.ts';
import type { FailedEvent } from '../../../event/index.ts';
import { partitionOfKey } from '../../append-events.ts';
import type { EventLog } from '../../event-log.ts';
import type { EventPack, EventRange } from './event-pack.ts';
import { waitMs } from './backoff.ts';
import type { RefusedLine, Shipment, Sink } from './sink.ts';

/** What a sink into event logs is made of. */
export interface LogSinkOptions {
  readonly events: EventLog;
  /** The log of failed events; its partition 0 is used. */
  readonly failed: EventLog;
  /** The source that the events carry. */
  readonly source: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

/** Writes straight into the event log, whichever it is: the journal of this machine, or Kafka. */
export function createLogSink(options: LogSinkOptions): Sink {
  const { events, failed, source, clock, random, logger } = options;

  const attempt = async (shipment: Shipment): Promise<void> => {
    const receivedAt = new Date(clock.now()).toISOString();
    const ending = `,"received_at":"${receivedAt}","source":${JSON.stringify(source)}}`;
    const parts = recordsOf(shipment.events, events, Buffer.from(ending));
    const refused = shipment.refused.map((line) =>
      Buffer.from(JSON.stringify(failedLine(line, receivedAt, source))),
    );
    const results = await Promise.allSettled([
      ...parts.map(({ records, keys }, partition) =>
        records.length === 0 ? undefined : events.append(partition, records, keys),
      ),
      refused.length === 0 ? undefined : failed.append(0, refused),
    ]);
    const broken = results.find((result) => result.status === 'rejected');
    if (broken !== undefined) throw broken.reason;
  };

  return {
    eventsMax: 20_000,
    bytesMax: 8 * 1024 * 1024,
    atOnce: 4,
    wholeIp: false,
    send: async (shipment, signal) => {
      for (let tries = 0; ; tries++) {
        try {
          await attempt(shipment);
          return {
            accepted: shipment.events.to - shipment.events.from,
            duplicates: 0,
            failed: shipment.refused.length,
          };
        } catch (thrown) {
          const error = toOctavoError(thrown);
          if (!error.retryable) throw error;
          count('octavo_collect_ship_retries_total', { code: error.code });
          logger.warn('events could not be written, it is tried again', { error, tries });
        }
        await clock.sleep(waitMs(pause, tries, random), signal);
      }
    },
    close: async () => undefined,
  };
}

/** The events as records with an ending, those of a partition beside each other in memory. */
function recordsOf(
  { pack, from, to }: EventRange,
  { partitions, identity }: EventLog,
  ending: Uint8Array,
): readonly { readonly records: readonly Uint8Array[]; readonly keys: readonly string[] | undefined }[] {
  const { bytes, places } = pack;
  const sizes = new Float64Array(partitions);
  for (let index = from; index < to; index++) {
    const partition = placeOf(pack, index, partitions);
    sizes[partition] =
      (sizes[partition] ?? 0) + (places[index + 1] ?? 0) - (places[index] ?? 0) - 2 + ending.length;
  }
  const parts = Array.from(sizes, (size) => ({
    block: Buffer.allocUnsafeSlow(size),
    at: 0,
    records: [] as Uint8Array[],
    keys: [] as string[],
  }));
  for (let index = from; index < to; index++) {
    const part = parts[placeOf(pack, index, partitions)];
    if (part === undefined) continue;
    const start = part.at;
    // Its closing brace and the comma are left out.
    part.at += bytes.copy(part.block, start, places[index], (places[index + 1] ?? 0) - 2);
    part.block.set(ending, part.at);
    part.at += ending.length;
    part.records.push(part.block.subarray(start, part.at));
    // The journal keeps none.
    if (identity !== undefined) part.keys.push(pack.readers.get(index) ?? String(pack.keys[index] ?? 0));
  }
  return parts.map((part) => ({
    records: part.records,
    keys: identity === undefined ? undefined : part.keys,
  }));
}

/** The partition of an event: its reader's, wherever else the reader's events come from, or the visitor's. */
function placeOf({ readers, keys }: EventPack, index: number, partitions: number): number {
  if (partitions === 1) return 0;
  const reader = readers.size === 0 ? undefined : readers.get(index);
  return reader === undefined ? (keys[index] ?? 0) % partitions : partitionOfKey(reader, partitions);
}

const pause = { firstMs: 200, longestMs: 30_000 };

/** A line that became no event, in the shape of every failed event. */
function failedLine(line: RefusedLine, receivedAt: string, source: string): FailedEvent {
  return { received_at: receivedAt, source, error: line.error, raw: rawLine(line) };
}

/** What is kept of a refused line. */
export function rawLine({ id, line, file, offset }: RefusedLine): string {
  return JSON.stringify({ id, line: line.toWellFormed(), file, offset });
}
