import { OctavoError, type Clock } from '../base/index.ts';
import {
  isEventError,
  statesReceipt,
  storedText,
  takeStated,
  validateEvent,
  type ClientHints,
  type EventError,
  type Receipt,
} from '../event/index.ts';
import { outcomeText } from './answer.ts';
import { orderKeyOf, partitionOf } from './append-events.ts';
import type { Enrichment } from './enrichment.ts';
import type { EventFeed } from './event-feed.ts';
import type { EventLog } from './event-log.ts';
import { failedEvent, failedKey, idOf } from './failed-event.ts';
import { createRecordBuffer } from './record-buffer.ts';
import { keySource } from './remember-newest.ts';
import type { RecentIds } from './recent-ids.ts';
import type { Batch, Taken } from './wire/shape.ts';

/** What an intake is made of. */
export interface IntakeOptions {
  readonly events: EventLog;
  readonly failed: EventLog;
  readonly clock: Clock;
  readonly eventBytesMax: number;
  readonly enrichment: Enrichment;
  readonly feed?: EventFeed;
  /** Ids of the newest stored events. */
  readonly recent: RecentIds;
  /** Keys of the newest failed events. */
  readonly recentFailed: RecentIds;
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
  const { events: log, failed: failedLog, clock, eventBytesMax, recent, recentFailed, feed } = options;
  const { placeOf } = options.enrichment;
  const buffers = Array.from({ length: log.partitions }, createRecordBuffer);
  const spare = createRecordBuffer();
  /** Requests whose records are being written. An id is remembered before it is durable: who meets it again waits for these. */
  const writing = new Set<Promise<void>>();
  /** Ids that are durable although their request was not acknowledged: at the next try they count as stored, not as duplicates. */
  const unacknowledged = new Set<string>();

  const sort = (batch: Batch, receipt: Receipt, { trusted, hints, keepsFailed = true }: Sender): Sorted => {
    const source = keySource(receipt.source);
    const sorted = emptySorted(log.partitions);
    const whole = batch.sentAt === undefined ? receipt : { ...receipt, sent_at: batch.sentAt };
    const enriched = options.enrichment.begin(whole, hints);
    const aheadMs = clock.now() + occurredAheadMaxMs;
    const about = { receipt: whole, recentFailed, kept: keepsFailed };
    for (const [place, value] of batch.events.entries()) {
      const checked = batch.refused?.get(place) ?? validateEvent(value);
      if (isEventError(checked)) {
        refuse(sorted, value, { ...about, error: checked });
        continue;
      }
      const timed = enriched.timed(checked);
      // What is not after the present in its own zone can't be a day ahead: most need no date made.
      if (timed.occurred_at >= receipt.received_at && Date.parse(timed.occurred_at) > aheadMs) {
        refuse(sorted, value, { ...about, error: tooFarAhead });
        continue;
      }
      const stated = statesReceipt(timed) ? takeStated(timed, whole, { trusted, placeOf }) : undefined;
      const event = stated?.event ?? timed;
      const text = storedText(event, enriched.ending(event, stated?.receipt));
      const partition = partitionOf(event, log.partitions);
      const record = (buffers[partition] ?? spare).encode(text);
      if (record.length > eventBytesMax || text.includes('\\ud')) {
        const error =
          record.length > eventBytesMax ? tooLarge(record.length, eventBytesMax) : brokenLetters(text);
        if (error !== undefined) {
          refuse(sorted, value, { ...about, error });
          continue;
        }
      }
      const known = !recent.add(source, event.id);
      if (known && !(unacknowledged.size > 0 && unacknowledged.delete(keyOf(source, event.id)))) {
        sorted.duplicates.push(event.id);
        sorted.outcomes.push(outcomeText(event.id, 'duplicate'));
        continue;
      }
      sorted.outcomes.push(outcomeText(event.id, 'accepted'));
      sorted.accepted += 1;
      if (known) {
        sorted.durable.push(event.id);
        continue;
      }
      sorted.records[partition]?.push(record);
      sorted.ids[partition]?.push(event.id);
      sorted.orders[partition]?.push(orderKeyOf(event));
    }
    return sorted;
  };

  /** Writes what was sorted; forgets what could not be written, so that it can be sent again. */
  const write = async (sorted: Sorted, source: string): Promise<void> => {
    const parts = partsOf(sorted);
    const failedParts = split(0, sorted.failedRecords, sorted.failedKeys);
    const settled = await Promise.allSettled([
      ...parts.map((part) => log.append(part.partition, part.records, part.orders)),
      ...failedParts.map((part) => failedLog.append(part.partition, part.records)),
    ]);
    const broken = settled.find((one) => one.status === 'rejected');
    for (const [index, part] of parts.entries()) {
      if (settled[index]?.status === 'fulfilled') sorted.durable.push(...part.keys);
      else for (const id of part.keys) recent.delete(source, id);
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
          assertKept(sorted, source, options);
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
const partBytesMax = 4 * 1024 * 1024;

interface Sorted {
  readonly outcomes: string[];
  accepted: number;
  failed: number;
  /** New records and their ids, by partition. */
  readonly records: readonly Buffer[][];
  readonly ids: readonly string[][];
  /** What the order of the records is kept by. */
  readonly orders: readonly string[][];
  readonly duplicates: string[];
  /** Ids of this request that are durable without being acknowledged. */
  readonly durable: string[];
  readonly failedRecords: Buffer[];
  /** Beside the records; '' for one without an id. */
  readonly failedKeys: string[];
  readonly failedAgain: string[];
}

function emptySorted(partitions: number): Sorted {
  return {
    outcomes: [],
    accepted: 0,
    failed: 0,
    records: Array.from({ length: partitions }, () => []),
    ids: Array.from({ length: partitions }, () => []),
    orders: Array.from({ length: partitions }, () => []),
    duplicates: [],
    durable: [],
    failedRecords: [],
    failedKeys: [],
    failedAgain: [],
  };
}

/** Keeps an event as failed, once for each reason. */
function refuse(
  sorted: Sorted,
  value: unknown,
  about: {
    readonly error: EventError;
    readonly receipt: Receipt;
    readonly recentFailed: RecentIds;
    readonly kept: boolean;
  },
): void {
  const { error, receipt, recentFailed } = about;
  sorted.outcomes.push(JSON.stringify({ id: idOf(value), status: 'failed', error }));
  sorted.failed += 1;
  if (!about.kept) return;
  const key = failedKey(value, error);
  if (key !== undefined && !recentFailed.add(keySource(receipt.source), key)) {
    sorted.failedAgain.push(key);
    return;
  }
  sorted.failedKeys.push(key ?? '');
  sorted.failedRecords.push(Buffer.from(JSON.stringify(failedEvent(value, error, receipt))));
}

/** Fails when an earlier request, which has one of the ids, could not write it. */
function assertKept(
  sorted: Sorted,
  source: string,
  { recent, recentFailed }: Pick<IntakeOptions, 'recent' | 'recentFailed'>,
): void {
  const lost =
    sorted.duplicates.some((id) => !recent.has(source, id)) ||
    sorted.failedAgain.some((key) => !recentFailed.has(source, key));
  if (lost)
    throw new OctavoError('storage_failed', 'another request with the same event could not be stored');
}

/** Records that are appended together, and what they are known by. */
interface Part {
  readonly partition: number;
  readonly records: readonly Buffer[];
  readonly keys: readonly string[];
  /** What their order is kept by. */
  readonly orders: readonly string[] | undefined;
}

function partsOf({ records, ids, orders }: Sorted): readonly Part[] {
  return records.flatMap((list, partition) =>
    split(partition, list, ids[partition] ?? [], orders[partition]),
  );
}

function split(
  partition: number,
  records: readonly Buffer[],
  keys: readonly string[],
  orders?: readonly string[],
): readonly Part[] {
  const parts: Part[] = [];
  for (let start = 0; start < records.length;) {
    let end = start;
    for (let bytes = 0; end < records.length && bytes < partBytesMax; end++)
      bytes += records[end]?.length ?? 0;
    parts.push({
      partition,
      records: records.slice(start, end),
      keys: keys.slice(start, end),
      orders: orders?.slice(start, end),
    });
    start = end;
  }
  return parts;
}

function keyOf(source: string, id: string): string {
  return `${source} ${id.toLowerCase()}`;
}

function ignore(): void {}

const tooFarAhead: EventError = {
  code: 'event_in_future',
  path: '/occurred_at',
  rule: 'maximum: one day ahead',
  message: 'occurred_at is over a day ahead',
};

function tooLarge(bytes: number, bytesMax: number): EventError {
  const message = `the event has ${bytes} bytes`;
  return { code: 'event_too_large', path: '', rule: `maximum: ${bytesMax} bytes`, message };
}

/** Half of a surrogate pair is no letter: other readers of JSON refuse the whole document. */
function brokenLetters(text: string): EventError | undefined {
  if (!/(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(text)) return undefined;
  const message = 'a text has half of a surrogate pair, which is no letter';
  return { code: 'event_invalid', path: '', rule: 'unicode', message };
}
