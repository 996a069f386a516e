import {
  isEventError,
  ScannedEvent,
  statesReceipt,
  storedText,
  takeStated,
  validateEvent,
  type EventError,
  type EventFacts,
  type Receipt,
} from '../event/index.ts';
import { orderKeyOf, partitionOf } from './append-events.ts';
import type { Enrichment, RequestEnrichment } from './enrichment.ts';
import { brokenLetters, tooFarAhead, tooLarge } from './event-faults.ts';
import { createRecordBuffer } from './record-buffer.ts';

/** An event as it goes into the log. */
export interface EventRecord {
  readonly id: string;
  readonly partition: number;
  /** What its order is kept by. */
  readonly order: string;
  readonly bytes: Buffer;
}

/** The request that brings an event. */
export interface RecordRequest {
  /** With the time at which it was sent. */
  readonly receipt: Receipt;
  readonly enriched: RequestEnrichment;
  /** Whether what it says of other devices is taken. */
  readonly trusted: boolean;
  /** Epoch milliseconds after which nothing can have happened. */
  readonly aheadMs: number;
}

/** Makes records of what requests bring: each its record, or why it is refused. */
export function createRecordMaker(options: {
  readonly partitions: number;
  readonly eventBytesMax: number;
  readonly placeOf: Enrichment['placeOf'];
}): (value: unknown, request: RecordRequest) => EventRecord | EventError {
  const { partitions, eventBytesMax, placeOf } = options;
  const buffers = Array.from({ length: partitions }, createRecordBuffer);
  const spare = createRecordBuffer();

  const scannedRecord = (event: ScannedEvent, request: RecordRequest): EventRecord | EventError => {
    const { facts } = event;
    const { enriched } = request;
    const corrected = enriched.corrected(facts.occurred_at);
    if (isTooFarAhead(corrected ?? facts.occurred_at, request)) return tooFarAhead;
    const partition = partitionOf(facts, partitions);
    const bytes = (buffers[partition] ?? spare).splice(event, corrected, enriched.ending(facts));
    if (bytes.length > eventBytesMax) return tooLarge(bytes.length, eventBytesMax);
    return recordOf(facts, partition, bytes);
  };

  return (value, request) => {
    if (value instanceof ScannedEvent) return scannedRecord(value, request);
    const checked = validateEvent(value);
    if (isEventError(checked)) return checked;
    const { enriched, receipt, trusted } = request;
    const timed = enriched.timed(checked);
    if (isTooFarAhead(timed.occurred_at, request)) return tooFarAhead;
    const stated = statesReceipt(timed) ? takeStated(timed, receipt, { trusted, placeOf }) : undefined;
    const event = stated?.event ?? timed;
    const text = storedText(event, enriched.ending(event, stated));
    const partition = partitionOf(event, partitions);
    const bytes = (buffers[partition] ?? spare).encode(text);
    if (bytes.length > eventBytesMax) return tooLarge(bytes.length, eventBytesMax);
    const broken = text.includes('\\ud') ? brokenLetters(text) : undefined;
    return broken ?? recordOf(event, partition, bytes);
  };
}

function recordOf(event: EventFacts, partition: number, bytes: Buffer): EventRecord {
  return { id: event.id, partition, order: orderKeyOf(event), bytes };
}

/** What is not after the present in its own zone can't be a day ahead: most need no date made. */
function isTooFarAhead(occurredAt: string, { receipt, aheadMs }: RecordRequest): boolean {
  return occurredAt >= receipt.received_at && Date.parse(occurredAt) > aheadMs;
}
