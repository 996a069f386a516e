import type { Clock } from '../base/index.ts';
import { ScannedEvent, type ClientHints, type Receipt } from '../event/index.ts';
import { outcomeText } from './answer.ts';
import type { Enrichment } from './enrichment.ts';
import type { EventFeed } from './event-feed.ts';
import type { EventLog } from './event-log.ts';
import { createRecordMaker } from './event-record.ts';
import { keySource } from './remember-newest.ts';
import type { SeenIds } from './ids/seen-ids.ts';
import { askDisk, assertKept, keyOf } from './known-ids.ts';
import type { RecentIds } from './recent-ids.ts';
import { emptySorted, partsOf, refuse, split, type Sorted } from './sorted.ts';
import type { Batch, Taken } from './wire/shape.ts';

/** What an intake is made of. */
export interface IntakeOptions {
  readonly events: EventLog;
  readonly failed: EventLog;
  readonly clock: Clock;
  readonly eventBytesMax: number;
  readonly enrichment: Enrichment;
  readonly feed?: EventFeed;
  /** Ids of stored events. */
  readonly seen: SeenIds;
  /** Keys of the newest failed events. */
  readonly recentFailed: RecentIds;
  /** Requests whose records are being written. An id is remembered before it is durable: who meets it again waits for these. */
  readonly writing: Set<Promise<void>>;
}

/** Who sends. */
export interface Sender {
  /** Whether he may say for which device he sends: a server's key, not a browser's. */
  readonly trusted: boolean;
  /** Whether what is refused is kept; not at a replay, of which it is kept already. Default true. */
  readonly keepsFailed?: boolean;
  /** What his browser says of itself beside its user agent. */
  readonly hints?: ClientHints | undefined;
}

/** Checks, deduplicates and stores the events of a request. */
export interface Intake {
  /** Resolves when everything is durable; on an error nothing is acknowledged, and the same request may be sent again. */
  take(batch: Batch, receipt: Receipt, sender: Sender): Promise<Taken>;
}

/** Makes an intake over two logs. */
export function createIntake(options: IntakeOptions): Intake {
  const { events: log, failed: failedLog, clock, eventBytesMax, seen, recentFailed, feed, writing } = options;
  const { placeOf } = options.enrichment;
  const recordOf = createRecordMaker({ partitions: log.partitions, eventBytesMax, placeOf });
  /** Ids that are durable although their request was not acknowledged: at the next try they count as stored, not as duplicates. */
  const unacknowledged = new Set<string>();

  const sort = (batch: Batch, receipt: Receipt, { trusted, hints, keepsFailed = true }: Sender): Sorted => {
    const source = keySource(receipt.source);
    const sorted = emptySorted(log.partitions);
    const whole = batch.sentAt === undefined ? receipt : { ...receipt, sent_at: batch.sentAt };
    const enriched = options.enrichment.begin(whole, hints);
    const request = { receipt: whole, enriched, trusted, aheadMs: clock.now() + occurredAheadMaxMs };
    const about = { receipt: whole, recentFailed, kept: keepsFailed };
    for (const [place, value] of batch.events.entries()) {
      const made = batch.refused?.get(place) ?? recordOf(value, request);
      if ('rule' in made) {
        const whole = value instanceof ScannedEvent ? value.value() : value;
        refuse(sorted, whole, { ...about, error: made });
        continue;
      }
      const { id, partition } = made;
      const sight = seen.add(source, id);
      const known = sight === 'known';
      if (known && !(unacknowledged.size > 0 && unacknowledged.delete(keyOf(source, id)))) {
        sorted.duplicates.push(id);
        sorted.outcomes.push(outcomeText(id, 'duplicate'));
        continue;
      }
      sorted.outcomes.push(outcomeText(id, 'accepted'));
      sorted.accepted += 1;
      if (known) {
        sorted.durable.push(id);
        continue;
      }
      if (sight === 'ask') sorted.asked.push({ id, partition, outcome: sorted.outcomes.length - 1 });
      sorted.records[partition]?.push(made.bytes);
      sorted.ids[partition]?.push(id);
      sorted.orders[partition]?.push(made.order);
    }
    return sorted;
  };

  /** Writes what was sorted; forgets what could not be written, so that it can be sent again. */
  const write = async (sorted: Sorted, source: string): Promise<void> => {
    if (sorted.asked.length > 0) await askDisk(sorted, source, { seen, recentFailed, unacknowledged });
    const parts = partsOf(sorted);
    const failedParts = split(0, sorted.failedRecords, sorted.failedKeys);
    const settled = await Promise.allSettled([
      ...parts.map((part) => log.append(part.partition, part.records, part.orders)),
      ...failedParts.map((part) => failedLog.append(part.partition, part.records)),
    ]);
    const broken = settled.find((one) => one.status === 'rejected');
    for (const [index, part] of parts.entries()) {
      if (settled[index]?.status === 'fulfilled') sorted.durable.push(...part.keys);
      else for (const id of part.keys) seen.delete(source, id);
    }
    if (broken === undefined) return;
    for (const [index, part] of failedParts.entries()) {
      if (settled[parts.length + index]?.status === 'fulfilled') continue;
      for (const key of part.keys) if (key !== '') recentFailed.delete(source, key);
    }
    throw broken.reason;
  };

  return {
    take: async (batch, receipt, sender) => {
      const source = keySource(receipt.source);
      for (let full = seen.room(); full !== undefined; full = seen.room()) await full;
      const sorted = sort(batch, receipt, sender);
      const repeats = sorted.duplicates.length + sorted.failedAgain.length > 0;
      const earlier = repeats ? [...writing] : [];
      const written = write(sorted, source);
      const settled = written.then(ignore, ignore);
      writing.add(settled);
      try {
        await written;
        if (repeats) {
          await Promise.all(earlier);
          await assertKept(sorted, source, options);
        }
      } catch (error) {
        for (const id of sorted.durable) {
          if (unacknowledged.size < unacknowledgedMax) unacknowledged.add(keyOf(source, id));
        }
        throw error;
      } finally {
        writing.delete(settled);
      }
      feed?.publish(() => ({ stored: sorted.records.flat(), failed: sorted.failedRecords }));
      const { outcomes, accepted, failed } = sorted;
      const duplicates = outcomes.length - accepted - failed;
      return { outcomes, tally: { received: outcomes.length, accepted, duplicates, failed } };
    },
  };
}

/** How far ahead of the collector's clock an event may say it happened. */
export const occurredAheadMaxMs = 24 * 60 * 60 * 1000;
/** Beyond it, an id that is durable but not acknowledged counts as a duplicate at its next try. */
const unacknowledgedMax = 100_000;

function ignore(): void {}
