import { count, toOctavoError, type Clock, type Logger } from '../../../base/index.ts';
import type { FailedEvent } from '../../../event/index.ts';
import type { EventLog } from '../../event-log.ts';
import { partsOf, type PackPart } from './pack-part.ts';
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

  const append = async (part: PackPart, partition: number): Promise<unknown> =>
    events.appendPacked === undefined
      ? await events.append(partition, part.records(), part.keys())
      : await events.appendPacked(partition, part);

  const attempt = async (shipment: Shipment): Promise<void> => {
    const receivedAt = new Date(clock.now()).toISOString();
    const ending = `,"received_at":"${receivedAt}","source":${JSON.stringify(source)}}`;
    const parts = partsOf(shipment.events, events.partitions, Buffer.from(ending));
    const refused = shipment.refused.map((line) =>
      Buffer.from(JSON.stringify(failedLine(line, receivedAt, source))),
    );
    const results = await Promise.allSettled([
      ...parts.map((part, partition) => (part.count === 0 ? undefined : append(part, partition))),
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

const pause = { firstMs: 200, longestMs: 30_000 };

/** A line that became no event, in the shape of every failed event. */
function failedLine(line: RefusedLine, receivedAt: string, source: string): FailedEvent {
  return { received_at: receivedAt, source, error: line.error, raw: rawLine(line) };
}

/** What is kept of a refused line. */
export function rawLine({ id, line, file, offset }: RefusedLine): string {
  return JSON.stringify({ id, line: line.toWellFormed(), file, offset });
}
